-- squawk-ignore-file constraint-missing-not-valid
-- What the sweep reads of Stripe beside the payments: what really moved (every balance transaction, also those that no event
-- announces), what was paid out and what was in it, what is there now; and how far it has come.

-- The type of the balance it moved ('payments' unless money was set aside), what it says of itself, and how much of its fee is
-- tax. Rows from before know none of these; the sweep tells them.
alter table stripe_balance_transaction
  add column balance_type text collate "C",
  add column description text collate "C",
  add column fee_tax_minor bigint;
create index stripe_balance_transaction_by_created on stripe_balance_transaction (created, account_id);

-- Money on its way between the balance and the bank; below nothing, the bank is debited.
create table stripe_payout (
  account_id bigint not null references account,
  id text collate "C" not null,
  fetched_at timestamptz,
  contradicts boolean,
  status text collate "C" not null,
  amount_minor bigint not null,
  currency text collate "C" not null,
  automatic boolean not null,
  method text collate "C",
  arrival_date date not null,
  created timestamptz not null,
  balance_transaction text collate "C",
  failure_balance_transaction text collate "C",
  original_payout text collate "C",
  reversed_by text collate "C",
  reconciliation_status text collate "C",
  trace_id text collate "C",
  primary key (id, account_id)
);
create index stripe_payout_by_balance_transaction on stripe_payout (balance_transaction, account_id)
  where balance_transaction is not null;
create index stripe_payout_by_failure on stripe_payout (failure_balance_transaction, account_id)
  where failure_balance_transaction is not null;

-- What was in an automatic payout, one row a balance transaction (its id); the payout's own is none of them. All of a payout's
-- are known once stripe_fetched has ('payout_members', payout). A balance transaction itself does not name its payout.
create table stripe_payout_member (
  account_id bigint not null references account,
  id text collate "C" not null,
  fetched_at timestamptz,
  contradicts boolean,
  payout text collate "C" not null,
  primary key (id, account_id)
);
create index stripe_payout_member_by_payout on stripe_payout_member (payout, account_id);

-- What an account has at Stripe of a currency, one row a type of balance; the latest answer stands. The id names both.
create table stripe_balance (
  account_id bigint not null references account,
  id text collate "C" not null,
  fetched_at timestamptz,
  contradicts boolean,
  currency text collate "C" not null,
  balance_type text collate "C" not null default 'payments',
  available_minor bigint not null,
  pending_minor bigint not null,
  -- Null where Stripe does not say it beside the others.
  reserved_minor bigint,
  primary key (id, account_id)
);

-- How far an account's history at Stripe was compared with ours. Moments of Stripe's clock are those of what it lists.
create table sweep_state (
  account_id bigint primary key references account,
  -- Stripe's clock: what was before is not ours to know.
  begins_at timestamptz,
  -- Stripe's clock: up to here all that Stripe lists is booked and all that we hold is listed.
  swept_to timestamptz,
  last_started_at timestamptz,
  -- Everything was listed, with a difference or without.
  last_finished_at timestamptz,
  -- When everything was found to agree for the last time.
  last_closed_at timestamptz,
  -- Why the last one did not close: the name of Stripe's error, or 'differences'.
  last_error text,
  -- What the last one found that was not known.
  found bigint not null default 0,
  -- What the last one left that Stripe lists and is not booked, or that we hold and Stripe does not list.
  differences bigint not null default 0,
  -- When to begin again, and when to look through the last 35 days again; a person who asks sets both to now.
  next_at timestamptz not null default now(),
  look_back_at timestamptz not null default now()
);

-- A payout may fail after it was told as paid.
create function payout_rank(p_status text) returns bigint language sql immutable parallel safe as $$
  select case p_status
    when 'failed' then 4 when 'canceled' then 4 when 'paid' then 3 when 'in_transit' then 2 when 'pending' then 1
    else 0
  end
$$;

create function reconciliation_rank(p_status text) returns bigint language sql immutable parallel safe as $$
  select case p_status when 'completed' then 2 when 'in_progress' then 1 when 'not_applicable' then 1 else 0 end
$$;

-- Amount, fee, net and the fee's tax belong together: the row with the least amount stands whole; one that does not know the
-- tax gives way to one that does.
create or replace function stripe_balance_transaction_join(a stripe_balance_transaction, b stripe_balance_transaction)
returns stripe_balance_transaction language sql immutable strict parallel safe as $$
  select row(
    a.account_id, a.id,
    greatest(a.fetched_at, b.fetched_at),
    contradiction(a.contradicts, b.contradicts,
      a.amount_minor <> b.amount_minor or a.fee_minor <> b.fee_minor or a.currency <> b.currency or a.source <> b.source),
    greatest(a.source, b.source),
    greatest(a.type, b.type),
    m.amount_minor, m.fee_minor, m.net_minor,
    greatest(a.currency, b.currency),
    greatest(a.exchange_rate, b.exchange_rate),
    least(a.created, b.created),
    greatest(a.reporting_category, b.reporting_category),
    greatest(a.balance_type, b.balance_type),
    greatest(a.description, b.description),
    m.fee_tax_minor
  )::stripe_balance_transaction
  from (
    values (a.amount_minor, a.fee_minor, a.net_minor, a.fee_tax_minor), (b.amount_minor, b.fee_minor, b.net_minor, b.fee_tax_minor)
    order by 1, 2, 3, 4 nulls last limit 1
  ) m (amount_minor, fee_minor, net_minor, fee_tax_minor)
$$;

create function stripe_payout_join(a stripe_payout, b stripe_payout) returns stripe_payout
language plpgsql immutable strict parallel safe as $$
begin
  return row(
    a.account_id, a.id,
    greatest(a.fetched_at, b.fetched_at),
    contradiction(a.contradicts, b.contradicts,
      a.amount_minor <> b.amount_minor or a.currency <> b.currency or a.automatic <> b.automatic or a.created <> b.created
      or a.balance_transaction <> b.balance_transaction or a.failure_balance_transaction <> b.failure_balance_transaction),
    further(a.status, payout_rank(a.status), b.status, payout_rank(b.status)),
    least(a.amount_minor, b.amount_minor),
    greatest(a.currency, b.currency),
    a.automatic or b.automatic,
    greatest(a.method, b.method),
    standing(a.fetched_at, a.arrival_date, b.fetched_at, b.arrival_date),
    least(a.created, b.created),
    greatest(a.balance_transaction, b.balance_transaction),
    greatest(a.failure_balance_transaction, b.failure_balance_transaction),
    greatest(a.original_payout, b.original_payout),
    greatest(a.reversed_by, b.reversed_by),
    further(
      a.reconciliation_status, reconciliation_rank(a.reconciliation_status),
      b.reconciliation_status, reconciliation_rank(b.reconciliation_status)
    ),
    greatest(a.trace_id, b.trace_id)
  )::stripe_payout;
end $$;

create function stripe_payout_member_join(a stripe_payout_member, b stripe_payout_member) returns stripe_payout_member
language plpgsql immutable strict parallel safe as $$
begin
  return row(
    a.account_id, a.id,
    greatest(a.fetched_at, b.fetched_at),
    contradiction(a.contradicts, b.contradicts, a.payout <> b.payout),
    greatest(a.payout, b.payout)
  )::stripe_payout_member;
end $$;

-- What is available, pending and reserved belongs together: the later answer's, whole.
create function stripe_balance_join(a stripe_balance, b stripe_balance) returns stripe_balance
language sql immutable strict parallel safe as $$
  select row(
    a.account_id, a.id,
    m.fetched_at,
    null::boolean,
    greatest(a.currency, b.currency),
    greatest(a.balance_type, b.balance_type),
    m.available_minor, m.pending_minor, m.reserved_minor
  )::stripe_balance
  from (
    values (a.fetched_at, a.available_minor, a.pending_minor, a.reserved_minor),
      (b.fetched_at, b.available_minor, b.pending_minor, b.reserved_minor)
    order by 1 desc nulls last, 2 desc, 3 desc, 4 desc nulls last limit 1
  ) m (fetched_at, available_minor, pending_minor, reserved_minor)
$$;

create aggregate stripe_payout_fold(stripe_payout) (sfunc = stripe_payout_join, stype = stripe_payout);
create aggregate stripe_payout_member_fold(stripe_payout_member)
  (sfunc = stripe_payout_member_join, stype = stripe_payout_member);
create aggregate stripe_balance_fold(stripe_balance) (sfunc = stripe_balance_join, stype = stripe_balance);

-- Of two statuses the one that goes further is the newer, so Stripe need not say.
create function stripe_payout_unlike(a stripe_payout, b stripe_payout) returns boolean language sql immutable parallel safe as $$
  select a.arrival_date <> b.arrival_date
$$;

-- Like 0012's, for what was added since: members of a payout and balances are only ever fetched.
create or replace function join_facts(p_kind text, p_facts jsonb) returns table (account_id bigint, id text) language plpgsql as $$
declare
  v_table text := 'stripe_' || p_kind;
  v_columns text;
  v_told_otherwise text := case
    when p_kind in ('line_item', 'balance_transaction', 'payout_member', 'balance') then 'false'
    when p_kind = 'invoice_payment' then 'j.contradicts and (known.fact).contradicts is null'
    else format(
      '%1$I(i.fact, d.fact) or ((known.fact).id is not null and %1$I(i.fact, known.fact))
       or (j.contradicts and (known.fact).contradicts is null)',
      v_table || '_unlike'
    )
  end;
begin
  select string_agg(quote_ident(attname), ', ' order by attnum) into v_columns
  from pg_attribute
  where attrelid = v_table::regclass and attnum > 0 and not attisdropped;
  return query execute format(
    'with incoming as materialized (
       select f.account_id, f.id, f as fact from jsonb_populate_recordset(null::%1$I, $1) f
     ), folded as materialized (
       select account_id, id, %2$I(fact) as fact from incoming group by account_id, id
     ), joined as (
       insert into %1$I as known
       select (fact).* from folded
       on conflict (account_id, id) do update set (%4$s) = (select j.* from %3$I(known, excluded) j)
       where known is distinct from %3$I(known, excluded)
       returning account_id, id, contradicts
     )
     select distinct i.account_id, i.id::text
     from incoming i
     join folded d on (d.account_id, d.id) = (i.account_id, i.id)
     left join lateral (
       select k as fact from %1$I k where (k.account_id, k.id) = (i.account_id, i.id) limit 1
     ) known on true
     left join joined j on (j.account_id, j.id) = (i.account_id, i.id)
     where (i.fact).fetched_at is null and (%5$s)',
    v_table, v_table || '_fold', v_table || '_join', v_columns, v_told_otherwise
  ) using p_facts;
end $$;

alter table fetch_need
  drop constraint a_fetch_asks_for_an_object_or_a_list_of_it,
  add constraint a_fetch_asks_for_an_object_or_a_list_of_it check (kind in (
    'line_items', 'session_of_payment', 'payout_members', 'charge', 'payment_intent', 'checkout_session', 'refund',
    'balance_transaction', 'customer', 'invoice', 'invoice_payment', 'subscription', 'dispute', 'payout'
  ));

-- The places (from 0) of those facts of which something is not known yet. When Stripe was asked is no news.
create function news_of(p_facts jsonb) returns table (place bigint) language plpgsql stable as $$
declare
  v_kind text;
begin
  for v_kind in select distinct f ->> 'kind' from jsonb_array_elements(p_facts) f order by 1 loop
    return query execute format(
      'select told.place - 1
       from jsonb_array_elements($1) with ordinality told (f, place)
       cross join lateral jsonb_populate_record(null::%1$I, told.f) fact
       left join lateral (
         select k as row from %1$I k where (k.id, k.account_id) = (fact.id, fact.account_id) limit 1
       ) known on true
       where told.f ->> ''kind'' = $2 and (
         (known.row).id is null
         or to_jsonb(%2$I(known.row, fact)) - ''{fetched_at,status_fetched_at}''::text[]
           <> to_jsonb(known.row) - ''{fetched_at,status_fetched_at}''::text[]
       )',
      'stripe_' || v_kind, 'stripe_' || v_kind || '_join'
    ) using p_facts, v_kind;
  end loop;
end $$;

-- Balance transactions that we hold from a time and that Stripe did not list of it.
create function unlisted_balance_transactions(p_account_id bigint, p_from timestamptz, p_to timestamptz, p_listed jsonb)
returns table (id text) language sql stable as $$
  select bt.id::text
  from stripe_balance_transaction bt
  where bt.account_id = p_account_id and bt.created >= p_from and bt.created < p_to
    and bt.id not in (select jsonb_array_elements_text(p_listed))
$$;

-- Has Stripe asked what was in the payouts of which it knows that and we do not. Answers how many these are.
create function want_payout_members(p_account_id bigint) returns bigint language plpgsql as $$
declare
  v_wanted bigint;
begin
  insert into fetch_need (account_id, kind, object_id, due_at)
  select p.account_id, 'payout_members', p.id, now()
  from stripe_payout p
  where p.account_id = p_account_id and p.automatic and p.reconciliation_status = 'completed'
    and not exists (select from stripe_fetched d where (d.account_id, d.what, d.id) = (p.account_id, 'payout_members', p.id))
  order by p.id
  on conflict (account_id, kind, object_id) do nothing;
  get diagnostics v_wanted = row_count;
  return v_wanted;
end $$;

alter table alert
  drop constraint an_alert_is_of_a_known_kind,
  add constraint an_alert_is_of_a_known_kind check (kind in (
    'clock', 'endpoint disabled', 'key refused', 'sweep late', 'disk low', 'dead letters', 'books differ', 'arriving', 'mail stuck'
  ));

-- Like 0023's, and what the sweep found: that Stripe does not take our key, or has what the books have not.
create or replace view alert_finding as
with key_refused as (
  select account.id as account_id, coalesce(
    (select p.reason from undelivered_pause p where p.account_id = account.id and p.reason in ('StripeAuthenticationError', 'StripePermissionError')),
    (select p.reason from stripe_pause p
      where p.account_id = account.id and p.until > now() and p.reason in ('StripeAuthenticationError', 'StripePermissionError')),
    (select s.last_error from sweep_state s
      where s.account_id = account.id and s.last_error in ('StripeAuthenticationError', 'StripePermissionError')),
    (select n.error from fetch_need n where n.account_id = account.id and n.error in ('StripeAuthenticationError', 'StripePermissionError') limit 1)
  ) as reason
  from account
), dead as (
  select account_id, sum(letters)::bigint as letters
  from (
    select t.account_id, count(*) as letters from ticket t where t.dead_at is not null group by t.account_id
    union all
    select n.account_id, count(*) from fetch_need n where n.due_at = 'infinity' group by n.account_id
  ) one
  group by account_id
), of_account as (
  select account_id, 'key refused' as kind, jsonb_build_object('reason', reason) as about, interval '1 day' as within
  from key_refused where reason is not null
  union all
  select account_id, 'endpoint disabled', '{}', interval '1 day' from endpoint_watch where status = 'disabled'
  union all
  -- Not looked through for six hours, though our key would be taken.
  select account.id, 'sweep late', jsonb_build_object('since', coalesce(s.swept_to, p.since)), interval '1 day'
  from account
  left join undelivered_sweep s on s.account_id = account.id
  left join undelivered_pause p on p.account_id = account.id
  where coalesce(s.swept_to, p.since) < now() - interval '6 hours'
    and exists (select from key_refused k where k.account_id = account.id and k.reason is null)
  union all
  -- Not for a moment, as long as what was found is being booked.
  select account_id, 'books differ', jsonb_build_object('differences', differences, 'since', last_closed_at), interval '1 day'
  from sweep_state
  where differences > 0 and coalesce(last_closed_at, '-infinity') < now() - interval '3 hours'
  union all
  select account_id, 'dead letters', jsonb_build_object('letters', letters), interval '3 days' from dead
  union all
  select late.account_id, 'arriving', jsonb_build_object('payments', count(*), 'since', min(late.since)), interval '2 days'
  from arriving_too_long late group by late.account_id
)
select o.kind, account.slug::text as subject, account.organisation_id, o.about, o.within
from of_account o join account on account.id = o.account_id
union all
-- From a minute on, as core/clock.ts isClockOff has it.
select 'clock', '', null, jsonb_build_object('aheadMs', ahead_ms, 'measuredAt', measured_at), interval '4 hours'
from stripe_clock where abs(ahead_ms) > 60000
union all
select 'mail stuck', '', null, jsonb_build_object('mails', count(*)), interval '3 days'
from mail where given_up_at is not null having count(*) > 0;
