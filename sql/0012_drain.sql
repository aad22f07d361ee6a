-- The drain: one call books a batch. It takes the ledger lock, joins the batch's facts with what is known, stores what
-- the views say of the payments they touch, notes what must be asked of Stripe, and lets the tickets go.

-- Whether two rows of one object were told differently in what may change there: then only Stripe knows which is the newer.
-- A null says "not known from here"; only where an event always tells a value (cancel_at) is none a value, too.
create function stripe_charge_unlike(a stripe_charge, b stripe_charge) returns boolean language sql immutable parallel safe as $$
  select a.metadata <> b.metadata or a.billing <> b.billing or a.receipt_email <> b.receipt_email or a.description <> b.description
$$;

create function stripe_payment_intent_unlike(a stripe_payment_intent, b stripe_payment_intent) returns boolean
language sql immutable parallel safe as $$
  select a.metadata <> b.metadata
$$;

create function stripe_checkout_session_unlike(a stripe_checkout_session, b stripe_checkout_session) returns boolean
language sql immutable parallel safe as $$
  select a.metadata <> b.metadata or a.customer_details <> b.customer_details
$$;

create function stripe_refund_unlike(a stripe_refund, b stripe_refund) returns boolean language sql immutable parallel safe as $$
  select a.metadata <> b.metadata
$$;

create function stripe_customer_unlike(a stripe_customer, b stripe_customer) returns boolean language sql immutable parallel safe as $$
  select a.details <> b.details
$$;

-- When an instalment is tried again matters while it is open.
create function stripe_invoice_unlike(a stripe_invoice, b stripe_invoice) returns boolean language sql immutable parallel safe as $$
  select a.metadata <> b.metadata or a.customer_email <> b.customer_email or a.total_minor <> b.total_minor
    or (a.status = 'open' and b.status = 'open' and a.next_attempt_at is distinct from b.next_attempt_at)
$$;

-- Of a subscription's two statuses the one that goes further is the newer, so Stripe need not say.
create function stripe_subscription_unlike(a stripe_subscription, b stripe_subscription) returns boolean
language sql immutable parallel safe as $$
  select (a.status <> b.status and subscription_rank(a.status) = subscription_rank(b.status)) or a.metadata <> b.metadata
    or a.amount_minor <> b.amount_minor or a.every <> b.every or a.cancel_at is distinct from b.cancel_at
$$;

create function stripe_dispute_unlike(a stripe_dispute, b stripe_dispute) returns boolean language sql immutable parallel safe as $$
  select a.status <> b.status
$$;

-- Joins facts of one Stripe object type into its table (named stripe_<kind>), through that type's join and fold. Answers the
-- objects of which an event told otherwise than what stood, or than another event of the batch, and those that contradict
-- themselves since now: whichever came first, it answers the same. What a fetch brings is never told otherwise, and lines
-- and balance transactions are not asked for anew: Stripe never changes them.
-- The last select still sees the rows as they were before the batch; the ledger lock keeps others from writing them.
create function join_facts(p_kind text, p_facts jsonb) returns table (account_id bigint, id text) language plpgsql as $$
declare
  v_table text := 'stripe_' || p_kind;
  v_columns text;
  v_told_otherwise text := case
    when p_kind in ('line_item', 'balance_transaction') then 'false'
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

-- The payments that a batch of facts can change.
create function payments_touched_by(p_facts jsonb) returns table (payment_id bigint) language sql stable as $$
  with fact as materialized (
    select
      f ->> 'kind' as kind, (f ->> 'account_id')::bigint as account_id, f ->> 'id' as id, f ->> 'payment_intent' as payment_intent,
      f ->> 'charge' as charge, f ->> 'session' as session, f ->> 'source' as source, f ->> 'what' as what,
      f ->> 'invoice' as invoice, f ->> 'subscription' as subscription
    from jsonb_array_elements(p_facts) f
  ), invoice_of_fact as (
    -- The payments of an invoice, of a subscription's invoices, or of the invoices of a session's subscription.
    select ip.account_id, ip.payment_intent, ip.charge
    from fact
    join stripe_invoice i on i.account_id = fact.account_id
      and i.subscription = case fact.kind when 'subscription' then fact.id when 'checkout_session' then fact.subscription end
    join stripe_invoice_payment ip on ip.account_id = i.account_id and ip.invoice = i.id
    where fact.kind in ('subscription', 'checkout_session')
    union
    select ip.account_id, ip.payment_intent, ip.charge
    from fact
    join stripe_invoice_payment ip on ip.account_id = fact.account_id and ip.invoice = fact.id
    where fact.kind = 'invoice'
  ), key as (
    select account_id, id as key from fact where kind in ('charge', 'payment_intent') or what in ('session_of_payment', 'payment_intent')
    union
    select account_id, payment_intent from fact where kind in ('charge', 'checkout_session', 'refund', 'dispute', 'invoice_payment')
    union
    select account_id, charge from fact where kind in ('refund', 'dispute', 'invoice_payment')
    union
    select c.account_id, coalesce(c.payment_intent, c.id)
    from fact
    join stripe_charge c on c.account_id = fact.account_id and c.id = fact.charge
    where fact.kind in ('refund', 'dispute', 'invoice_payment')
    union
    select account_id, payment_intent from invoice_of_fact
    union
    select c.account_id, coalesce(c.payment_intent, c.id)
    from invoice_of_fact i
    join stripe_charge c on c.account_id = i.account_id and c.id = i.charge
    union
    -- The balance transaction of a dispute, of a refund, or of a refund that failed.
    select c.account_id, coalesce(c.payment_intent, c.id)
    from fact
    join stripe_dispute d on d.account_id = fact.account_id and d.id = fact.source
    join stripe_charge c on c.account_id = d.account_id and c.id = d.charge
    where fact.kind = 'balance_transaction'
    union
    select c.account_id, coalesce(c.payment_intent, c.id)
    from fact
    join stripe_refund r on r.account_id = fact.account_id and r.failure_balance_transaction = fact.id
    join stripe_charge c on c.account_id = r.account_id and c.id = r.charge
    where fact.kind = 'balance_transaction'
    union
    select c.account_id, coalesce(c.payment_intent, c.id)
    from fact
    join stripe_refund r on r.account_id = fact.account_id and r.id = fact.source
    join stripe_charge c on c.account_id = r.account_id and c.id = r.charge
    where fact.kind = 'balance_transaction'
    union
    select s.account_id, s.payment_intent
    from fact
    join stripe_checkout_session s
      on s.account_id = fact.account_id and s.id = case when fact.kind = 'fetched' then fact.id else fact.session end
    where fact.kind = 'line_item' or fact.what = 'line_items'
    union
    select c.account_id, coalesce(c.payment_intent, c.id)
    from fact
    join stripe_charge c on c.account_id = fact.account_id and c.balance_transaction = fact.id
    where fact.kind = 'balance_transaction'
    union
    select c.account_id, coalesce(c.payment_intent, c.id)
    from fact
    join stripe_charge c on c.account_id = fact.account_id and c.customer = fact.id
    where fact.kind = 'customer'
    union
    select s.account_id, s.payment_intent
    from fact
    join stripe_checkout_session s on s.account_id = fact.account_id and s.customer = fact.id
    where fact.kind = 'customer'
  )
  select distinct p.id
  from key
  join payment p on p.account_id = key.account_id and p.key = key.key
$$;

-- Stores what the views say of these payments; what they no longer say goes. Writes only what differs. Everything here is
-- looked up by key, so whole tables are never read (enable_seqscan off): a plan made while they were small would be kept
-- when they have grown.
create function store_payments(p_payments bigint[]) returns table (payments bigint, gifts bigint, sales bigint, returns bigint)
language plpgsql set jit = off set enable_seqscan = off as $$
declare
  v_parts booked_part_view[];
  v_returns return_view[] := '{}';
begin
  perform take_ledger_lock();
  v_parts := array(select v from booked_part_view v where v.payment_id = any (p_payments));
  if exists (select from unnest(v_parts) v where v.has_returns) then
    v_returns := array(select v from return_view v where v.payment_id = any (p_payments));
  end if;

  update payment p set
    state = v.state, kind = v.kind, order_id = v.order_id, organisation_id = v.organisation_id, occurred_on = v.occurred_on,
    currency = v.currency, amount_minor = v.amount_minor, contradicts = v.contradicts
  from payment_view v
  where v.payment_id = any (p_payments) and p.id = v.payment_id
    and (p.state, p.kind, p.order_id, p.organisation_id, p.occurred_on, p.currency, p.amount_minor, p.contradicts)
      is distinct from (v.state, v.kind, v.order_id, v.organisation_id, v.occurred_on, v.currency, v.amount_minor, v.contradicts);
  get diagnostics payments = row_count;

  perform know_identities(array(select distinct identity_key from unnest(v_parts)));

  delete from return_part r
  where r.payment_id = any (p_payments)
    and not exists (
      select from unnest(v_returns) v where (v.payment_id, v.part, v.return_id) = (r.payment_id, r.part, r.return_id)
    );
  delete from gift g
  where g.payment_id = any (p_payments)
    and not exists (select from unnest(v_parts) v where (v.payment_id, v.part) = (g.payment_id, g.part) and not v.is_sale);
  delete from sale s
  where s.payment_id = any (p_payments)
    and not exists (select from unnest(v_parts) v where (v.payment_id, v.part) = (s.payment_id, s.part) and v.is_sale);

  insert into gift as g (
    payment_id, part, source, account_id, organisation_id, fund_id, campaign_id, identity_id, occurred_on, counted_on,
    currency, amount_minor, returned_minor, wholly_returned, show, shown_name, note, subscription, every
  )
  select
    v.payment_id, v.part, v.source, v.account_id, v.organisation_id, v.fund_id, v.campaign_id, i.id, v.occurred_on, v.counted_on,
    v.currency, v.amount_minor, v.returned_minor, v.wholly_returned, v.show, v.shown_name, v.note, v.subscription, v.every
  from unnest(v_parts) v
  left join identity i on i.key = v.identity_key
  where not v.is_sale
  on conflict (payment_id, part) do update set
    source = excluded.source, account_id = excluded.account_id, organisation_id = excluded.organisation_id,
    fund_id = excluded.fund_id, campaign_id = excluded.campaign_id, identity_id = excluded.identity_id,
    occurred_on = excluded.occurred_on, counted_on = excluded.counted_on, currency = excluded.currency,
    amount_minor = excluded.amount_minor, returned_minor = excluded.returned_minor, wholly_returned = excluded.wholly_returned,
    show = excluded.show, shown_name = excluded.shown_name, note = excluded.note, subscription = excluded.subscription,
    every = excluded.every
  where g is distinct from excluded;
  get diagnostics gifts = row_count;

  insert into sale as s (
    payment_id, part, account_id, organisation_id, fund_id, campaign_id, item_id, variant_id, identity_id, occurred_on, counted_on,
    currency, amount_minor, returned_minor, wholly_returned, quantity, is_shipping, description
  )
  select
    v.payment_id, v.part, v.account_id, v.organisation_id, v.fund_id, v.campaign_id, v.item_id, v.variant_id, i.id, v.occurred_on,
    v.counted_on, v.currency, v.amount_minor, v.returned_minor, v.wholly_returned, v.quantity, v.is_shipping, v.description
  from unnest(v_parts) v
  left join identity i on i.key = v.identity_key
  where v.is_sale
  on conflict (payment_id, part) do update set
    account_id = excluded.account_id, organisation_id = excluded.organisation_id, fund_id = excluded.fund_id,
    campaign_id = excluded.campaign_id, item_id = excluded.item_id, variant_id = excluded.variant_id,
    identity_id = excluded.identity_id, occurred_on = excluded.occurred_on, counted_on = excluded.counted_on,
    currency = excluded.currency, amount_minor = excluded.amount_minor, returned_minor = excluded.returned_minor,
    wholly_returned = excluded.wholly_returned, quantity = excluded.quantity, is_shipping = excluded.is_shipping,
    description = excluded.description
  where s is distinct from excluded;
  get diagnostics sales = row_count;

  insert into return_part as r (
    payment_id, part, return_id, kind, is_sale, organisation_id, fund_id, campaign_id, occurred_on, counted_on, currency, amount_minor
  )
  select payment_id, part, return_id, kind, is_sale, organisation_id, fund_id, campaign_id, occurred_on, counted_on, currency, amount_minor
  from unnest(v_returns)
  on conflict (payment_id, part, return_id) do update set
    kind = excluded.kind, is_sale = excluded.is_sale, organisation_id = excluded.organisation_id, fund_id = excluded.fund_id,
    campaign_id = excluded.campaign_id, occurred_on = excluded.occurred_on, counted_on = excluded.counted_on,
    currency = excluded.currency, amount_minor = excluded.amount_minor
  where r is distinct from excluded;
  get diagnostics returns = row_count;
  return next;
end $$;

-- Makes an identity, and a person for it, of every key not known yet. People are made one a key; the desk merges them.
create function know_identities(p_keys text[]) returns void language plpgsql as $$
declare
  v_new text[] := array(
    select k from unnest(p_keys) k where k is not null and not exists (select from identity i where i.key = k) order by k
  );
begin
  with made as (
    insert into person (name) select null from unnest(v_new) returning id
  ), numbered as (
    select id, row_number() over (order by id) as n from made
  )
  insert into identity (key, person_id)
  select v_new[n], id from numbered;
end $$;

-- Joins the facts of a batch, and has Stripe asked at once for the objects that an event only named (a fact `wanted`) or
-- told otherwise. What is asked for already is asked for again, unless that begins only now: the answer may be older.
create function join_batch(p_facts jsonb) returns void language plpgsql as $$
begin
  insert into fetch_need as need (account_id, kind, object_id, due_at)
  select told.account_id, by_kind.kind, told.id, now()
  from (
    select f ->> 'kind' as kind, jsonb_agg(f) as facts
    from jsonb_array_elements(p_facts) f
    where f ->> 'kind' not in ('fetched', 'wanted')
    group by 1
  ) by_kind
  cross join lateral join_facts(by_kind.kind, by_kind.facts) told
  union
  select (f ->> 'account_id')::bigint, f ->> 'what', f ->> 'id', now()
  from jsonb_array_elements(p_facts) f
  where f ->> 'kind' = 'wanted'
  order by 1, 2, 3
  on conflict (account_id, kind, object_id) do update set
    since = excluded.since, may_come = false, tries = case when need.error is null then 0 else need.tries end,
    due_at = case when need.error is null then least(need.due_at, excluded.due_at) else need.due_at end;
end $$;

-- Whether a charge awaits conversion and Stripe has not yet named the balance transaction that will tell it.
create function lacks_balance_transaction(p_account_id bigint, p_charge text) returns boolean language sql stable as $$
  select exists (
    select from stripe_charge c
    join payment p on p.account_id = c.account_id and p.key = coalesce(c.payment_intent, c.id)
    where c.account_id = p_account_id and c.id = p_charge and c.status = 'succeeded' and c.captured
      and c.balance_transaction is null and p.state = 'succeeded' and p.amount_minor is null
  )
$$;

-- Notes what has to be asked of Stripe for these facts and payments, and forgets what was answered:
--   at once: a session's lines when it is paid or was free; the balance transaction of a payment awaiting conversion, of a
--   refund that failed, and of one that may only have let an authorisation go
--   after 5 minutes, and again less and less often until it has one: a charge awaiting conversion without balance transaction
--   after 15 minutes, should they not come by themselves: the session or invoice of an arriving payment, the charge of a
--   paid session, refund or dispute, what paid an invoice
create function note_fetch_needs(p_facts jsonb, p_payments bigint[]) returns void language plpgsql as $$
begin
  insert into fetch_need (account_id, kind, object_id, due_at, may_come)
  select need.account_id, need.kind, need.object_id, min(need.due_at), need.kind <> 'line_items'
  from (
    select s.account_id, 'line_items' as kind, s.id as object_id, now() as due_at
    from jsonb_array_elements(p_facts) f
    cross join lateral (
      select * from stripe_checkout_session s where s.account_id = (f ->> 'account_id')::bigint and s.id = f ->> 'id' limit 1
    ) s
    where f ->> 'kind' = 'checkout_session' and s.payment_status in ('paid', 'no_payment_required') and s.mode = 'payment'
      and order_is_ours(s.metadata ->> 'order')
      and not exists (select from stripe_fetched d where (d.account_id, d.what, d.id) = (s.account_id, 'line_items', s.id))
    union all
    select s.account_id, 'payment_intent', s.payment_intent, now() + interval '15 minutes'
    from jsonb_array_elements(p_facts) f
    cross join lateral (
      select * from stripe_checkout_session s where s.account_id = (f ->> 'account_id')::bigint and s.id = f ->> 'id' limit 1
    ) s
    where f ->> 'kind' = 'checkout_session' and s.payment_status = 'paid' and s.payment_intent is not null
      and not exists (select from payment p where p.account_id = s.account_id and p.key = s.payment_intent)
    union all
    select r.account_id, 'balance_transaction', r.failure_balance_transaction, now()
    from jsonb_array_elements(p_facts) f
    cross join lateral (
      select * from stripe_refund r where r.account_id = (f ->> 'account_id')::bigint and r.id = f ->> 'id' limit 1
    ) r
    where f ->> 'kind' = 'refund' and r.failure_balance_transaction is not null
      and not exists (
        select from stripe_balance_transaction bt where bt.account_id = r.account_id and bt.id = r.failure_balance_transaction
      )
    union all
    select r.account_id, 'balance_transaction', r.balance_transaction, now()
    from payment p
    join stripe_charge c on c.account_id = p.account_id and coalesce(c.payment_intent, c.id) = p.key
    join stripe_refund r on r.account_id = c.account_id and r.charge = c.id
    where p.id = any (p_payments) and c.captured and c.amount_captured_minor < c.amount_minor and r.balance_transaction is not null
      and not exists (
        select from stripe_balance_transaction bt where bt.account_id = r.account_id and bt.id = r.balance_transaction
      )
    union all
    select (f ->> 'account_id')::bigint, 'charge', f ->> 'charge', now() + interval '15 minutes'
    from jsonb_array_elements(p_facts) f
    where f ->> 'kind' in ('refund', 'dispute') and f ->> 'charge' is not null
      and not exists (
        select from stripe_charge c where c.account_id = (f ->> 'account_id')::bigint and c.id = f ->> 'charge'
      )
    union all
    select p.account_id, 'session_of_payment', p.key, now() + interval '15 minutes'
    from payment p
    where p.id = any (p_payments) and p.state = 'arriving' and p.order_id is not null
      and not exists (select from stripe_checkout_session s where s.account_id = p.account_id and s.payment_intent = p.key)
    union all
    select ip.account_id, 'invoice', ip.invoice, now() + interval '15 minutes'
    from payment p
    join stripe_invoice_payment ip on ip.account_id = p.account_id and ip.payment_intent = p.key
    where p.id = any (p_payments) and p.state = 'arriving'
      and not exists (select from stripe_invoice i where i.account_id = ip.account_id and i.id = ip.invoice)
    union all
    select i.account_id, 'invoice', i.id, now() + interval '15 minutes'
    from jsonb_array_elements(p_facts) f
    cross join lateral (
      select * from stripe_invoice i where i.account_id = (f ->> 'account_id')::bigint and i.id = f ->> 'id' limit 1
    ) i
    where f ->> 'kind' = 'invoice' and i.status = 'paid' and i.total_minor > 0
      and not exists (select from stripe_invoice_payment ip where ip.account_id = i.account_id and ip.invoice = i.id)
      and not exists (select from stripe_fetched d where (d.account_id, d.what, d.id) = (i.account_id, 'invoice', i.id))
    union all
    select c.account_id, 'balance_transaction', c.balance_transaction, now()
    from payment p
    join stripe_charge c on c.account_id = p.account_id and coalesce(c.payment_intent, c.id) = p.key
    where p.id = any (p_payments) and p.state = 'succeeded' and p.amount_minor is null and c.balance_transaction is not null
      and not exists (
        select from stripe_balance_transaction bt where bt.account_id = c.account_id and bt.id = c.balance_transaction
      )
    union all
    select c.account_id, 'charge', c.id, now() + interval '5 minutes'
    from payment p
    join stripe_charge c on c.account_id = p.account_id and coalesce(c.payment_intent, c.id) = p.key
    where p.id = any (p_payments) and p.state = 'succeeded' and p.amount_minor is null
      and lacks_balance_transaction(c.account_id, c.id)
  ) need
  group by 1, 2, 3
  -- What was asked for and answered waits as long as it was put off.
  on conflict (account_id, kind, object_id) do update set due_at = least(fetch_need.due_at, excluded.due_at)
  where fetch_need.due_at > excluded.due_at and fetch_need.error is null and fetch_need.tries = 0;

  delete from fetch_need n
  using jsonb_array_elements(p_facts) f
  where n.account_id = (f ->> 'account_id')::bigint
    and (
      (
        f ->> 'kind' = 'fetched' and n.kind = f ->> 'what' and n.object_id = f ->> 'id'
        and n.since <= (f ->> 'fetched_at')::timestamptz
      )
      or n.may_come and (
        (f ->> 'kind' = 'checkout_session' and n.kind = 'session_of_payment' and n.object_id = f ->> 'payment_intent')
        or (f ->> 'kind' = 'charge' and n.kind = 'payment_intent' and n.object_id = f ->> 'payment_intent')
        or (f ->> 'kind' = 'charge' and n.kind = 'charge' and n.object_id = f ->> 'id')
        or (f ->> 'kind' = 'balance_transaction' and n.kind = 'balance_transaction' and n.object_id = f ->> 'id')
        or (
          f ->> 'kind' in ('invoice', 'invoice_payment') and n.kind = 'invoice'
          and n.object_id in (f ->> 'id', f ->> 'invoice')
          and exists (select from stripe_invoice i where i.account_id = n.account_id and i.id = n.object_id)
          and exists (select from stripe_invoice_payment ip where ip.account_id = n.account_id and ip.invoice = n.object_id)
        )
      )
    )
    and not (n.kind = 'charge' and lacks_balance_transaction(n.account_id, n.object_id));
end $$;

-- Fixes the mode of this database at the first payment, or refuses a batch of another mode.
create function hold_mode(p_mode text) returns void language plpgsql as $$
declare
  v_mode text;
begin
  insert into database_mode (mode) values (p_mode) on conflict do nothing;
  select mode into v_mode from database_mode;
  if v_mode <> p_mode then
    raise exception 'this database holds % payments and takes no % ones', v_mode, p_mode using errcode = 'check_violation';
  end if;
end $$;

-- Books a batch: { mode, tickets: [inbox id], facts: [fact] } (core/fact.ts). Up to 500 payments marked dirty go along.
create function drain(p_batch jsonb) returns table (payments bigint, gifts bigint, sales bigint, returns bigint)
language plpgsql set jit = off set enable_seqscan = off as $$
declare
  v_facts jsonb := p_batch -> 'facts';
  v_dirty bigint[];
  v_touched bigint[];
begin
  perform take_ledger_lock();
  if jsonb_array_length(v_facts) > 0 then
    perform hold_mode(p_batch ->> 'mode');
  end if;

  perform join_batch(v_facts);
  insert into stripe_fetched as known (account_id, what, id, fetched_at, found)
  select (f ->> 'account_id')::bigint, f ->> 'what', f ->> 'id', max((f ->> 'fetched_at')::timestamptz), max((f ->> 'found')::bigint)
  from jsonb_array_elements(v_facts) f
  where f ->> 'kind' = 'fetched'
  group by 1, 2, 3
  on conflict (account_id, what, id) do update set
    fetched_at = greatest(known.fetched_at, excluded.fetched_at), found = greatest(known.found, excluded.found)
  where (excluded.fetched_at, excluded.found) is distinct from (known.fetched_at, known.found);

  insert into payment (account_id, key)
  select distinct c.account_id, coalesce(c.payment_intent, c.id)
  from jsonb_array_elements(v_facts) f
  cross join lateral (
    select * from stripe_charge c where c.account_id = (f ->> 'account_id')::bigint and c.id = f ->> 'id' limit 1
  ) c
  where f ->> 'kind' = 'charge'
  order by 1, 2
  on conflict (account_id, key) do nothing;

  v_dirty := array(select payment_id from dirty_payment order by since, payment_id limit 500);
  v_touched := array(select payment_id from payments_touched_by(v_facts) union select unnest(v_dirty));
  select s.payments, s.gifts, s.sales, s.returns into payments, gifts, sales, returns from store_payments(v_touched) s;
  perform note_fetch_needs(v_facts, v_touched);

  delete from dirty_payment where payment_id = any (v_dirty);
  delete from ticket where inbox_id in (select t::bigint from jsonb_array_elements_text(p_batch -> 'tickets') t);
  -- Of a renewal that failed again only its invoice tells.
  if payments + gifts + sales + returns > 0
    or exists (select from jsonb_array_elements(v_facts) f where f ->> 'kind' in ('invoice', 'subscription')) then
    perform pg_notify('almonry', jsonb_build_object('asOf', now())::text);
  end if;
  return next;
end $$;

-- Has what waits for a fund, an item or a rule derived anew by the next drain, after a command changed one of these.
create function mark_dirty(p_account_id bigint) returns bigint language plpgsql as $$
declare
  v_marked bigint;
begin
  perform take_ledger_lock();
  insert into dirty_payment (payment_id)
  select g.payment_id from gift g where g.account_id = p_account_id and g.fund_id is null
  union
  select s.payment_id from sale s
  where s.account_id = p_account_id and (s.campaign_id is null or (s.item_id is null and not s.is_shipping))
  on conflict do nothing;
  get diagnostics v_marked = row_count;
  return v_marked;
end $$;

-- Has every payment of an account derived anew: its organisation, and so its days, became known.
create function mark_account_dirty(p_account_id bigint) returns bigint language plpgsql as $$
declare
  v_marked bigint;
begin
  perform take_ledger_lock();
  insert into dirty_payment (payment_id)
  select p.id from payment p where p.account_id = p_account_id
  on conflict do nothing;
  get diagnostics v_marked = row_count;
  return v_marked;
end $$;
