-- What has to be asked of Stripe, kept at a cost of the facts of a batch and not of all that is still open.

-- Forgets what these facts answer: what was fetched after it was needed, and what came by itself. Looked up by key: every fact
-- beside every need would cost facts times needs.
create function forget_fetch_needs(p_facts jsonb) returns void language sql as $$
  with fact as materialized (
    select
      f ->> 'kind' as kind, (f ->> 'account_id')::bigint as account_id, f ->> 'id' as id, f ->> 'what' as what,
      f ->> 'payment_intent' as payment_intent, f ->> 'invoice' as invoice, (f ->> 'fetched_at')::timestamptz as fetched_at
    from jsonb_array_elements(p_facts) f
    where f ->> 'kind' in ('fetched', 'checkout_session', 'charge', 'balance_transaction', 'invoice', 'invoice_payment')
  ), answer as materialized (
    select account_id, what as kind, id as object_id, fetched_at, false as came from fact where kind = 'fetched'
    union
    select account_id, 'session_of_payment', payment_intent, null, true from fact where kind = 'checkout_session'
    union
    select account_id, 'payment_intent', payment_intent, null, true from fact where kind = 'charge'
    union
    select account_id, kind, id, null, true from fact where kind in ('charge', 'balance_transaction')
    union
    select account_id, 'invoice', named.id, null, true
    from fact cross join lateral (values (fact.id), (fact.invoice)) named (id)
    where kind in ('invoice', 'invoice_payment')
  )
  delete from fetch_need n
  using answer a
  where n.object_id = a.object_id and n.kind = a.kind and n.account_id = a.account_id
    and (n.since <= a.fetched_at or (a.came and n.may_come))
    and (not a.came or n.kind <> 'invoice' or (
      exists (select from stripe_invoice i where i.account_id = n.account_id and i.id = n.object_id)
      and exists (select from stripe_invoice_payment ip where ip.account_id = n.account_id and ip.invoice = n.object_id)
    ))
    and not (n.kind = 'charge' and lacks_balance_transaction(n.account_id, n.object_id))
$$;

-- Notes what has to be asked of Stripe for these facts and payments, and forgets what was answered:
--   at once: a session's lines when it is paid or was free; the balance transaction of a payment awaiting conversion, of a
--   refund that failed, and of one that may only have let an authorisation go
--   after 5 minutes, and again less and less often until it has one: a charge awaiting conversion without balance transaction
--   after 15 minutes, should they not come by themselves: the session or invoice of an arriving payment, the charge of a
--   paid session, refund or dispute, what paid an invoice
create or replace function note_fetch_needs(p_facts jsonb, p_payments bigint[]) returns void language plpgsql as $$
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

  perform forget_fetch_needs(p_facts);
end $$;
