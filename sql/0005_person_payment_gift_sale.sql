-- What the views of 0007 say, stored: payments, gifts, sales, returns, and the people behind them.

-- Every write to the ledger takes this lock first and keeps it to its commit, so that each later statement sees what
-- others committed. One lock for all: two drains that each gave one person a first gift, or a refund beside its charge,
-- would otherwise miss each other. 4171 is a number of our own.
create function take_ledger_lock() returns void language plpgsql as $$
begin
  perform pg_advisory_xact_lock(4171);
end $$;

create function hold_ledger_lock() returns trigger language plpgsql as $$
begin
  perform take_ledger_lock();
  return null;
end $$;

create table person (
  id bigint generated always as identity primary key,
  name text,
  created_at timestamptz not null default now()
);

-- `email:...`, or `person:...` for somebody whom the desk knows by name only. Merging people moves their identities.
create table identity (
  id bigint generated always as identity primary key,
  key text collate "C" not null constraint an_identity_is_known_once unique,
  person_id bigint not null references person,
  constraint an_identity_is_an_email_or_a_person check (key ~ '^(email|person):.')
);
create index identity_by_person on identity (person_id);

-- Gifts by hand: cash, cheque, e-Transfer. A row is never changed.
create table cash_gift (
  id bigint generated always as identity primary key,
  request text not null constraint a_cash_gift_is_recorded_once unique,
  fund_id bigint not null references fund,
  organisation_id bigint references organisation,
  identity_key text collate "C",
  occurred_on date not null,
  amount_minor bigint not null constraint a_cash_gift_is_above_zero check (amount_minor > 0),
  currency currency_code not null,
  note text,
  recorded_at timestamptz not null default now()
);
create index cash_gift_by_fund on cash_gift (fund_id);
create index cash_gift_by_organisation on cash_gift (organisation_id);

-- A payment: all charges of one payment intent, or one charge without, or one cash gift. `key` names it in its account.
create table payment (
  id bigint generated always as identity primary key,
  account_id bigint references account,
  key text collate "C" not null,
  cash_gift_id bigint references cash_gift constraint a_cash_gift_is_one_payment unique,
  state text not null default 'pending'
    constraint a_payment_is_pending_failed_arriving_or_succeeded check (state in ('pending', 'failed', 'arriving', 'succeeded')),
  kind text constraint a_payment_has_a_known_kind check (kind in ('order', 'gift', 'other income', 'not ours')),
  order_id text,
  organisation_id bigint references organisation,
  occurred_on date,
  currency text,
  amount_minor bigint,
  contradicts boolean not null default false,
  constraint a_payment_is_known_once_in_its_account unique nulls not distinct (key, account_id),
  constraint a_payment_comes_from_an_account_or_by_hand check ((account_id is null) = (cash_gift_id is not null))
);
create index payment_arriving on payment (id) where state = 'arriving';
create index payment_by_organisation on payment (organisation_id);
create index payment_by_order on payment (order_id) where order_id is not null;

create table gift (
  payment_id bigint not null references payment,
  part text collate "C" not null,
  source text not null constraint a_gift_comes_through_stripe_or_by_hand check (source in ('stripe', 'cash')),
  account_id bigint references account,
  organisation_id bigint references organisation,
  fund_id bigint references fund,
  campaign_id bigint references campaign,
  identity_id bigint references identity,
  occurred_on date not null,
  counted_on date not null,
  currency text not null,
  amount_minor bigint constraint a_gift_is_not_negative check (amount_minor >= 0),
  returned_minor bigint not null default 0,
  wholly_returned boolean not null default false,
  show text not null default 'nothing'
    constraint a_gift_shows_its_name_itself_or_nothing check (show in ('name', 'gift', 'nothing')),
  shown_name text,
  note text,
  subscription text collate "C",
  every text,
  primary key (payment_id, part),
  constraint only_a_subscription_repeats check (every is null or subscription is not null),
  constraint only_a_shown_name_is_kept check (shown_name is null or show = 'name'),
  constraint a_gift_is_not_counted_before_it_occurred check (counted_on >= occurred_on)
);
create index gift_by_identity on gift (identity_id, counted_on);
create index gift_shown on gift (fund_id, occurred_on desc, payment_id desc) where show <> 'nothing' and not wholly_returned;
create index gift_by_campaign on gift (campaign_id) where campaign_id is not null;
create index gift_unassigned on gift (account_id) where fund_id is null;
create index gift_by_organisation on gift (organisation_id);

create table sale (
  payment_id bigint not null references payment,
  part text collate "C" not null,
  account_id bigint not null references account,
  organisation_id bigint references organisation,
  fund_id bigint references fund,
  campaign_id bigint references campaign,
  item_id bigint references item,
  variant_id bigint references variant,
  identity_id bigint references identity,
  occurred_on date not null,
  counted_on date not null,
  currency text not null,
  amount_minor bigint constraint a_sale_is_not_negative check (amount_minor >= 0),
  returned_minor bigint not null default 0,
  wholly_returned boolean not null default false,
  quantity bigint not null constraint a_quantity_is_not_negative check (quantity >= 0),
  is_shipping boolean not null default false,
  description text,
  primary key (payment_id, part),
  constraint shipping_is_no_item check (not is_shipping or (item_id is null and quantity = 0)),
  constraint a_sale_is_not_counted_before_it_occurred check (counted_on >= occurred_on)
);
create index sale_by_identity on sale (identity_id, counted_on);
create index sale_by_campaign on sale (campaign_id);
create index sale_by_fund on sale (fund_id);
create index sale_by_organisation on sale (organisation_id);
create index sale_by_item on sale (item_id);
create index sale_by_variant on sale (variant_id);
create index sale_by_account on sale (account_id) where campaign_id is null;

-- What of a return falls on one part of its payment. Returns of a sale do not lower what was given.
create table return_part (
  payment_id bigint not null references payment,
  part text collate "C" not null,
  return_id text collate "C" not null,
  kind text not null
    constraint a_return_is_a_refund_or_a_dispute_or_undoes_one
      check (kind in ('refund', 'failed refund', 'dispute', 'dispute undone')),
  is_sale boolean not null,
  organisation_id bigint references organisation,
  fund_id bigint references fund,
  campaign_id bigint references campaign,
  occurred_on date not null,
  counted_on date not null,
  currency text not null,
  amount_minor bigint,
  primary key (payment_id, part, return_id),
  constraint a_return_is_not_counted_before_it_occurred check (counted_on >= occurred_on)
);
create index return_part_by_fund on return_part (fund_id);
create index return_part_by_campaign on return_part (campaign_id);
create index return_part_by_organisation on return_part (organisation_id);

-- Payments that the next drain derives anew because something beside their facts changed (funds, rules, zones).
create table dirty_payment (
  payment_id bigint primary key references payment,
  since timestamptz not null default now()
);

-- What has to be asked of Stripe before a payment can be booked.
create table fetch_need (
  account_id bigint not null references account,
  kind text collate "C" not null
    constraint a_fetch_asks_for_an_object_or_a_list_of_it check (kind in (
      'line_items', 'session_of_payment', 'charge', 'payment_intent', 'checkout_session', 'refund', 'balance_transaction',
      'customer', 'invoice', 'invoice_payment', 'subscription', 'dispute'
    )),
  object_id text collate "C" not null,
  due_at timestamptz not null,
  -- When this was last found to be needed: only an answer that was asked for later tells it.
  since timestamptz not null default now(),
  -- Whether an event may still bring it, which then need not be asked for.
  may_come boolean not null default false,
  tries bigint not null default 0,
  lease_owner uuid,
  lease_until timestamptz,
  error text,
  primary key (object_id, kind, account_id)
);
create index fetch_need_due on fetch_need (due_at);

-- Accounts of which nothing is asked for a while: Stripe said that it was too much, or takes our key no more.
create table stripe_pause (
  account_id bigint primary key references account,
  until timestamptz not null,
  reason text not null
);

create trigger hold_ledger_lock before insert or update or delete on gift for each statement execute function hold_ledger_lock();
create trigger hold_ledger_lock before insert or update or delete on sale for each statement execute function hold_ledger_lock();
create trigger hold_ledger_lock before insert or update or delete on return_part for each statement execute function hold_ledger_lock();
create trigger hold_ledger_lock before insert or update or delete on identity for each statement execute function hold_ledger_lock();
create trigger hold_ledger_lock before insert or update or delete on cash_gift for each statement execute function hold_ledger_lock();

create function a_cash_gift_is_never_changed() returns trigger language plpgsql as $$
begin
  raise exception 'a cash gift is never changed; it is corrected by an entry of its own' using errcode = 'check_violation';
end $$;

create trigger a_cash_gift_is_never_changed before update or delete on cash_gift
  for each row execute function a_cash_gift_is_never_changed();
