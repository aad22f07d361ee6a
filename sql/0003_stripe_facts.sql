-- Facts: what we keep of a Stripe object, one row an object. Two rows of the same object are joined by a function that
-- is commutative, associative and idempotent, so order, duplicates and replays of events cannot matter.
--
--   known once       amounts, currency, ids, created: the least amount or greatest text stands, and a row that has seen
--                    two different values says so in `contradicts`
--   only grows       status by its rank, captured, amount captured
--   may change       metadata, names, addresses: the later fetch (fetched_at) stands; among values that only events
--                    brought, the greatest, so that this too is a join
--
-- Keys and indexes begin with the id, not with the account: a planner that has no statistics yet takes the account for as
-- good as unique and would read all that is its.
--
-- greatest and least ignore null, so unknown < known; text compares bytewise (collate "C") wherever the database runs.

create table stripe_charge (
  account_id bigint not null references account,
  id text collate "C" not null,
  fetched_at timestamptz,
  contradicts boolean,
  status text collate "C" not null,
  captured boolean not null,
  amount_minor bigint not null,
  amount_captured_minor bigint,
  currency text collate "C" not null,
  created timestamptz not null,
  payment_intent text collate "C",
  customer text collate "C",
  balance_transaction text collate "C",
  billing jsonb,
  receipt_email text collate "C",
  description text collate "C",
  metadata jsonb,
  primary key (id, account_id)
);
create index stripe_charge_by_payment on stripe_charge ((coalesce(payment_intent, id)), account_id);
create index stripe_charge_by_customer on stripe_charge (customer, account_id) where customer is not null;
create index stripe_charge_by_balance_transaction on stripe_charge (balance_transaction, account_id)
  where balance_transaction is not null;

create table stripe_payment_intent (
  account_id bigint not null references account,
  id text collate "C" not null,
  fetched_at timestamptz,
  contradicts boolean,
  status text collate "C" not null,
  amount_minor bigint not null,
  currency text collate "C" not null,
  created timestamptz not null,
  latest_charge text collate "C",
  customer text collate "C",
  metadata jsonb,
  primary key (id, account_id)
);

create table stripe_checkout_session (
  account_id bigint not null references account,
  id text collate "C" not null,
  fetched_at timestamptz,
  contradicts boolean,
  status text collate "C",
  payment_status text collate "C" not null,
  mode text collate "C" not null,
  payment_intent text collate "C",
  customer text collate "C",
  amount_total_minor bigint,
  shipping_minor bigint,
  currency text collate "C",
  created timestamptz not null,
  customer_details jsonb,
  metadata jsonb,
  subscription text collate "C",
  invoice text collate "C",
  primary key (id, account_id)
);
create index stripe_checkout_session_by_subscription on stripe_checkout_session (subscription, account_id)
  where subscription is not null;
create index stripe_checkout_session_by_repeating_order on stripe_checkout_session ((metadata ->> 'order'))
  where subscription is not null;
create index stripe_checkout_session_by_payment on stripe_checkout_session (payment_intent, account_id)
  where payment_intent is not null;
create index stripe_checkout_session_by_customer on stripe_checkout_session (customer, account_id)
  where customer is not null;

create table stripe_line_item (
  account_id bigint not null references account,
  id text collate "C" not null,
  fetched_at timestamptz,
  contradicts boolean,
  session text collate "C" not null,
  position bigint not null,
  description text collate "C",
  quantity bigint not null,
  amount_total_minor bigint not null,
  currency text collate "C" not null,
  price text collate "C",
  product text collate "C",
  metadata jsonb not null,
  primary key (id, account_id)
);
create index stripe_line_item_by_session on stripe_line_item (session, account_id);

create table stripe_refund (
  account_id bigint not null references account,
  id text collate "C" not null,
  fetched_at timestamptz,
  contradicts boolean,
  status text collate "C" not null,
  charge text collate "C",
  payment_intent text collate "C",
  amount_minor bigint not null,
  currency text collate "C" not null,
  created timestamptz not null,
  balance_transaction text collate "C",
  metadata jsonb,
  failure_balance_transaction text collate "C",
  primary key (id, account_id)
);
create index stripe_refund_by_failure on stripe_refund (failure_balance_transaction, account_id)
  where failure_balance_transaction is not null;
create index stripe_refund_by_charge on stripe_refund (charge, account_id);
create index stripe_refund_by_payment on stripe_refund (payment_intent, account_id);

create table stripe_balance_transaction (
  account_id bigint not null references account,
  id text collate "C" not null,
  fetched_at timestamptz,
  contradicts boolean,
  source text collate "C",
  type text collate "C" not null,
  amount_minor bigint not null,
  fee_minor bigint not null,
  net_minor bigint not null,
  currency text collate "C" not null,
  exchange_rate text collate "C",
  created timestamptz not null,
  reporting_category text collate "C",
  primary key (id, account_id),
  constraint net_is_amount_less_fee check (net_minor = amount_minor - fee_minor)
);
create index stripe_balance_transaction_by_source on stripe_balance_transaction (source, account_id);

create table stripe_customer (
  account_id bigint not null references account,
  id text collate "C" not null,
  fetched_at timestamptz,
  contradicts boolean,
  details jsonb,
  primary key (id, account_id)
);

-- Since the 2025 API versions neither charge nor payment intent names its invoice: the invoice payment links them.
create table stripe_invoice (
  account_id bigint not null references account,
  id text collate "C" not null,
  fetched_at timestamptz,
  contradicts boolean,
  status text collate "C",
  billing_reason text collate "C",
  subscription text collate "C",
  customer text collate "C",
  customer_email text collate "C",
  currency text collate "C" not null,
  total_minor bigint,
  attempt_count bigint,
  next_attempt_at timestamptz,
  created timestamptz not null,
  metadata jsonb,
  primary key (id, account_id)
);
create index stripe_invoice_by_subscription on stripe_invoice (subscription, account_id) where subscription is not null;

create table stripe_invoice_payment (
  account_id bigint not null references account,
  id text collate "C" not null,
  fetched_at timestamptz,
  contradicts boolean,
  invoice text collate "C" not null,
  status text collate "C" not null,
  payment_intent text collate "C",
  charge text collate "C",
  amount_paid_minor bigint,
  primary key (id, account_id)
);
create index stripe_invoice_payment_by_payment on stripe_invoice_payment (payment_intent, account_id)
  where payment_intent is not null;
create index stripe_invoice_payment_by_charge on stripe_invoice_payment (charge, account_id) where charge is not null;
create index stripe_invoice_payment_by_invoice on stripe_invoice_payment (invoice, account_id);

create table stripe_subscription (
  account_id bigint not null references account,
  id text collate "C" not null,
  fetched_at timestamptz,
  contradicts boolean,
  status text collate "C" not null,
  customer text collate "C",
  currency text collate "C",
  amount_minor bigint,
  every text collate "C",
  created timestamptz not null,
  cancel_at timestamptz,
  ended_at timestamptz,
  metadata jsonb,
  -- Of the fetch that brought the status that stands: one which goes further may come from an event after any fetch.
  status_fetched_at timestamptz,
  primary key (id, account_id)
);

create table stripe_dispute (
  account_id bigint not null references account,
  id text collate "C" not null,
  fetched_at timestamptz,
  contradicts boolean,
  charge text collate "C",
  payment_intent text collate "C",
  status text collate "C" not null,
  reason text collate "C",
  amount_minor bigint not null,
  currency text collate "C" not null,
  created timestamptz not null,
  primary key (id, account_id)
);
create index stripe_dispute_by_charge on stripe_dispute (charge, account_id);

-- What Stripe answered in full: all lines of a session, the session of a payment (found 0: there is none).
create table stripe_fetched (
  account_id bigint not null references account,
  what text collate "C" not null,
  id text collate "C" not null,
  fetched_at timestamptz not null,
  found bigint not null,
  primary key (id, what, account_id)
);

-- The value that stands of one which may change: the later fetch's, else the greater.
create function standing(p_a_at timestamptz, p_a anyelement, p_b_at timestamptz, p_b anyelement) returns anyelement
language sql immutable parallel safe as $$
  select case
    when coalesce(p_a_at, '-infinity') > coalesce(p_b_at, '-infinity') then p_a
    when coalesce(p_a_at, '-infinity') < coalesce(p_b_at, '-infinity') then p_b
    else greatest(p_a, p_b)
  end
$$;

-- The status that stands: the one of higher rank; among equals the greater text.
create function further(p_a text, p_a_rank bigint, p_b text, p_b_rank bigint) returns text
language sql immutable parallel safe as $$
  select case
    when p_a_rank > p_b_rank then p_a
    when p_a_rank < p_b_rank then p_b
    else greatest(p_a collate "C", p_b collate "C")
  end
$$;

-- An unknown status is kept as text and ranks lowest, so a known one replaces it.
create function charge_rank(p_status text) returns bigint language sql immutable parallel safe as $$
  select case p_status when 'succeeded' then 3 when 'failed' then 2 when 'pending' then 1 else 0 end
$$;

create function payment_intent_rank(p_status text) returns bigint language sql immutable parallel safe as $$
  select case p_status when 'succeeded' then 2 when 'canceled' then 1 else 0 end
$$;

create function session_rank(p_status text) returns bigint language sql immutable parallel safe as $$
  select case p_status when 'complete' then 3 when 'expired' then 2 when 'open' then 1 else 0 end
$$;

create function session_payment_rank(p_status text) returns bigint language sql immutable parallel safe as $$
  select case p_status when 'paid' then 3 when 'no_payment_required' then 2 when 'unpaid' then 1 else 0 end
$$;

create function invoice_rank(p_status text) returns bigint language sql immutable parallel safe as $$
  select case p_status
    when 'paid' then 5 when 'void' then 4 when 'uncollectible' then 3 when 'open' then 2 when 'draft' then 1
    else 0
  end
$$;

create function invoice_payment_rank(p_status text) returns bigint language sql immutable parallel safe as $$
  select case p_status when 'paid' then 3 when 'canceled' then 2 when 'open' then 1 else 0 end
$$;

-- A subscription is incomplete only at first, and stays as it ended
-- (https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses); between these it goes to and fro, so there
-- the later fetch stands, for an unknown status too.
create function subscription_rank(p_status text) returns bigint language sql immutable parallel safe as $$
  select case p_status when 'canceled' then 3 when 'incomplete_expired' then 3 when 'incomplete' then 1 else 2 end
$$;

create function refund_rank(p_status text) returns bigint language sql immutable parallel safe as $$
  select case p_status
    when 'canceled' then 5 when 'failed' then 4 when 'succeeded' then 3 when 'requires_action' then 2 when 'pending' then 1
    else 0
  end
$$;
