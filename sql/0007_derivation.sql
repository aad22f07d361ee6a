-- What a payment is, said once: views over facts. The drain stores what they say of the payments it touched; the audit
-- compares all of them with what is stored.
--
-- The drain looks up a few payments in it, with plans that may be older than the tables have grown: so each table is read
-- by one key, in a subquery that can only be read so (limit 1, offset 0; a union instead of an "or").
--
--   payment_view ─▶ part_view ─▶ booked_part_view ─▶ gift_view, sale_view
--                            └─▶ return_view

-- The fund that a slug means for a payment of a day through an account: null when there is none, it takes no gifts through
-- this account, or it was archived by then.
create function fund_meant(p_slug text, p_account_id bigint, p_day date) returns bigint language sql stable parallel safe as $$
  select f.id
  from fund f
  where f.id = coalesce(
      (select a.fund_id from fund_alias a where a.slug = p_slug and a.since <= p_day order by a.since desc limit 1),
      (select named.id from fund named where named.slug = p_slug)
    )
    and (f.archived_on is null or p_day < f.archived_on)
    and exists (select from fund_account fa where fa.fund_id = f.id and fa.account_id = p_account_id)
$$;

-- Whether a refund only let go what was authorised and never captured, as payments made through API versions before
-- 2025-03-31.basil have it (https://docs.stripe.com/changelog/basil/2025-03-31/remove-refund-from-partial-capture-and-payment-cancellation-flow):
-- nobody had given that, so nothing of a gift came back.
create function lets_authorisation_go(r stripe_refund) returns boolean language sql stable as $$
  select exists (
    select from stripe_balance_transaction bt
    where bt.account_id = r.account_id and bt.id = r.balance_transaction and bt.reporting_category = 'partial_capture_reversal'
  )
$$;

-- The refunds of a charge, also those that name only its payment.
create function refunds_of(p_account_id bigint, p_charge text, p_key text) returns setof stripe_refund
language sql stable as $$
  select r.*
  from (
    select * from stripe_refund r where r.account_id = p_account_id and r.charge = p_charge
    union all
    select * from stripe_refund r where r.account_id = p_account_id and r.payment_intent = p_key and r.charge is null
  ) r
  where not lets_authorisation_go(r)
$$;

-- What came back of a payment, and what of that was undone, in order, in the settlement currency. A refund counts at the
-- charge's own rate, so that what was refunded in full comes back in full; one that failed after the money had left is
-- undone by a row of its own, on the day of the balance transaction that says so. A dispute is what its balance
-- transactions say, nothing while there is none.
create function returns_of(p_account_id bigint, p_charge text, p_key text, p_charge_minor bigint, p_settled_minor bigint)
returns table (number bigint, return_id text, kind text, created timestamptz, amount_minor bigint)
language sql stable as $$
  with refund as (
    select r.id, r.created, r.failure_balance_transaction,
      round(sum(r.amount_minor) over in_order * p_settled_minor / nullif(p_charge_minor, 0)) as settled,
      round((sum(r.amount_minor) over in_order - r.amount_minor) * p_settled_minor / nullif(p_charge_minor, 0)) as settled_before
    from refunds_of(p_account_id, p_charge, p_key) r
    where r.status = 'succeeded' or r.failure_balance_transaction is not null
    window in_order as (order by r.created, r.id)
  ), returned as (
    select id, 'refund' as kind, created, (settled - settled_before)::bigint as amount_minor from refund
    union all
    select bt.id, 'failed refund', bt.created, (settled_before - settled)::bigint
    from refund
    join stripe_balance_transaction bt on bt.account_id = p_account_id and bt.id = refund.failure_balance_transaction
    union all
    select bt.id, case when bt.amount_minor <= 0 then 'dispute' else 'dispute undone' end, bt.created, -bt.amount_minor
    from stripe_dispute d
    join stripe_balance_transaction bt on bt.account_id = d.account_id and bt.source = d.id
    where d.account_id = p_account_id and d.charge = p_charge
  )
  select row_number() over (order by created, id), id, kind, created, amount_minor from returned
$$;

-- One row a payment. Its outcome is its charges'; a succeeded payment of our own Checkout is arriving until its session
-- and all lines of it are known, or Stripe said that there is no session; one of an invoice until that is known.
create view payment_view as
select
  p.id as payment_id,
  p.account_id,
  p.key,
  case
    when charge.status = 'succeeded' and charge.captured then case when o.arriving then 'arriving' else 'succeeded' end
    when charge.status = 'failed' or intent.status = 'canceled' then 'failed'
    else 'pending'
  end as state,
  case
    when charge.status is distinct from 'succeeded' or not charge.captured or o.arriving then null
    when o.has_lines then 'order'
    when meant.fund_id is not null then 'gift'
    else coalesce(rule.becomes, 'gift')
  end as kind,
  o.order_id,
  account.organisation_id,
  organisation.time_zone,
  day.occurred_on,
  settled.currency,
  settled.amount_minor,
  charge.id as charge,
  charge.taken_minor as charge_minor,
  session.id as session,
  invoice.subscription,
  subscription.every,
  case when o.has_lines then session.shipping_minor end as shipping_minor,
  session.metadata ->> 'campaign' as campaign_slug,
  coalesce(meant.fund_id, rule.fund_id) as fund_id,
  case when o.order_id is null and not known.is_ours_by_invoice then 'nothing'
    when session.metadata ->> 'show' in ('name', 'gift') then session.metadata ->> 'show' else 'nothing' end as show,
  case when session.metadata ->> 'show' = 'name' then public_name(session.customer_details ->> 'name') end as public_name,
  left(session.metadata ->> 'note', 140) as note,
  'email:' || coalesce(
    session.customer_details ->> 'email', invoice.customer_email, charge.billing ->> 'email', charge.receipt_email,
    customer.details ->> 'email'
  ) as identity_key,
  coalesce(charge.contradicts, false) or coalesce(intent.contradicts, false) or coalesce(session.contradicts, false) as contradicts,
  coalesce(returned.charge_minor, 0) as returned_charge_minor,
  returned.refunds > 0
    or exists (select from stripe_dispute d where d.account_id = p.account_id and d.charge = charge.id) as has_returns
from payment p
join account on account.id = p.account_id
left join organisation on organisation.id = account.organisation_id
left join lateral (
  -- A charge that does not say how much of it was captured was captured whole.
  select c.*, coalesce(c.amount_captured_minor, c.amount_minor) as taken_minor
  from stripe_charge c
  where c.account_id = p.account_id and coalesce(c.payment_intent, c.id) = p.key
  order by charge_rank(c.status) desc, c.captured desc, c.created, c.id
  limit 1
) charge on true
left join lateral (
  select * from stripe_payment_intent i where i.account_id = p.account_id and i.id = p.key limit 1
) intent on true
left join lateral (
  select i.invoice
  from (
    select * from stripe_invoice_payment i where i.account_id = p.account_id and i.payment_intent = p.key
    union all
    select * from stripe_invoice_payment i where i.account_id = p.account_id and i.charge = charge.id
  ) i
  order by invoice_payment_rank(i.status) desc, i.id
  limit 1
) invoiced on true
left join lateral (
  select * from stripe_invoice i where i.account_id = p.account_id and i.id = invoiced.invoice limit 1
) invoice on true
left join lateral (
  select * from stripe_subscription s where s.account_id = p.account_id and s.id = invoice.subscription limit 1
) subscription on true
left join lateral (
  -- The session of the payment itself; of a renewal, the session in which its subscription began.
  select s.*
  from (
    select * from stripe_checkout_session s where s.account_id = p.account_id and s.payment_intent = p.key
    union all
    select * from stripe_checkout_session s where s.account_id = p.account_id and s.subscription = invoice.subscription
  ) s
  order by s.payment_intent = p.key desc nulls last, session_payment_rank(s.payment_status) desc, s.created, s.id
  limit 1
) session on true
left join lateral (
  select *
  from stripe_customer c
  where c.account_id = p.account_id and c.id = coalesce(session.customer, charge.customer, invoice.customer)
  limit 1
) customer on true
left join lateral (
  select * from stripe_balance_transaction b where b.account_id = p.account_id and b.id = charge.balance_transaction limit 1
) bt on true
cross join lateral (select local_day(charge.created, coalesce(organisation.time_zone, 'UTC')) as occurred_on) day
cross join lateral (
  select
    coalesce(charge.metadata ->> 'order', intent.metadata ->> 'order') as named_order,
    coalesce(
      charge.metadata ->> 'fund', intent.metadata ->> 'fund', invoice.metadata ->> 'fund', subscription.metadata ->> 'fund',
      session.metadata ->> 'fund'
    ) as fund_slug,
    invoiced.invoice is not null and invoice.id is null as waits_for_invoice,
    invoice.id is not null and order_is_ours(coalesce(invoice.metadata ->> 'order', subscription.metadata ->> 'order'))
      as is_ours_by_invoice,
    session.payment_status = 'paid' and exists (
      select from stripe_fetched f where f.account_id = p.account_id and f.what = 'line_items' and f.id = session.id limit 1
    ) as lines_known,
    session.id is null and exists (
      select from stripe_fetched f
      where f.account_id = p.account_id and f.what = 'session_of_payment' and f.id = p.key and f.found = 0 limit 1
    ) as no_session
  offset 0
) known
cross join lateral (
  select
    case when order_is_ours(known.named_order) then known.named_order end as order_id,
    known.waits_for_invoice
      or (order_is_ours(known.named_order) and not coalesce(known.lines_known, false) and not known.no_session) as arriving,
    order_is_ours(known.named_order) and coalesce(known.lines_known, false) and exists (
      select from stripe_line_item l where l.account_id = p.account_id and l.session = session.id limit 1
    ) as has_lines
  offset 0
) o
cross join lateral (select fund_meant(known.fund_slug, p.account_id, day.occurred_on) as fund_id offset 0) meant
left join lateral (
  select r.becomes, r.fund_id
  from sorting_rule r
  where r.account_id = p.account_id and r.description = charge.description
  order by r.position, r.id
  limit 1
) rule on meant.fund_id is null
cross join lateral (
  select
    case when bt.id is not null then bt.currency else charge.currency end as currency,
    case
      when bt.id is not null and bt.currency <> charge.currency then bt.amount_minor
      when bt.id is not null
        or charge.currency = any (case when account.settles_in = '{}' then array[coalesce(organisation.currency, 'CAD')] else account.settles_in end)
      then charge.taken_minor
    end as amount_minor
) settled
left join lateral (
  select sum(r.amount_minor) filter (where r.status = 'succeeded')::bigint as charge_minor, count(*) as refunds
  from refunds_of(p.account_id, charge.id, p.key) r
) returned on true
union all
select
  p.id, null, p.key, 'succeeded', 'gift', null, g.organisation_id, organisation.time_zone, g.occurred_on,
  g.currency, g.amount_minor, null, g.amount_minor, null, null, null, null, null, g.fund_id, 'nothing', null, null, g.identity_key,
  false, 0, false
from payment p
join cash_gift g on g.id = p.cash_gift_id
left join organisation on organisation.id = g.organisation_id;

-- The parts of a succeeded gift or order: its lines and shipping, or the whole. The settled amount is split over them in
-- proportion to what Stripe's lines say; where the lines add up to the payment, each part is its line.
create view part_view as
select
  weighed.payment_id, weighed.account_id, weighed.key, weighed.organisation_id, weighed.time_zone,
  weighed.part, weighed.is_sale, weighed.is_shipping, weighed.quantity, weighed.description,
  campaign.id as campaign_id,
  case when weighed.is_sale then campaign.fund_id when weighed.part = 'whole' then weighed.whole_fund_id
    else fund_meant(weighed.metadata ->> 'fund', weighed.account_id, weighed.occurred_on) end as fund_id,
  campaign.fund_id as campaign_fund_id,
  item.id as item_id,
  variant.id as variant_id,
  weighed.show, weighed.public_name, weighed.note, weighed.identity_key, weighed.subscription, weighed.every,
  weighed.occurred_on, weighed.currency, weighed.charge, weighed.charge_minor, weighed.settled_minor, weighed.returned_charge_minor,
  weighed.has_returns,
  weighed.amount_minor,
  array_agg(weighed.amount_minor) over whole_payment as amounts_minor,
  row_number() over (partition by weighed.payment_id order by weighed.place, weighed.part) as part_number
from (
  select
    shared.*,
    shared.floor_minor + case
      when row_number() over (partition by shared.payment_id order by shared.remainder desc, shared.place, shared.part)
        <= shared.settled_minor - sum(shared.floor_minor) over (partition by shared.payment_id)
      then 1 else 0
    end as amount_minor
  from (
    select
      v.payment_id, v.account_id, v.key, v.organisation_id, v.time_zone, v.show, v.public_name, v.note, v.identity_key,
      v.subscription, v.every, v.occurred_on, v.currency, v.charge, v.charge_minor, v.returned_charge_minor, v.has_returns,
      v.campaign_slug,
      v.fund_id as whole_fund_id,
      v.amount_minor as settled_minor,
      l.part, l.place, l.is_sale, l.is_shipping, l.quantity, l.description, l.metadata,
      div(v.amount_minor::numeric * l.weight, nullif(sum(l.weight) over (partition by v.payment_id), 0))::bigint as floor_minor,
      mod(v.amount_minor::numeric * l.weight, nullif(sum(l.weight) over (partition by v.payment_id), 0)) as remainder
    from payment_view v
    cross join lateral (
      select
        i.id as part, i.position as place, i.quantity, i.description, i.metadata, false as is_shipping,
        coalesce(i.metadata ->> 'kind', 'gift') = 'sale' as is_sale,
        greatest(i.amount_total_minor, 0) as weight
      from stripe_line_item i
      where v.kind = 'order' and i.account_id = v.account_id and i.session = v.session
      union all
      select 'shipping', 1000000, 0, 'Shipping', '{}', true, true, v.shipping_minor
      where v.kind = 'order' and v.shipping_minor > 0
      union all
      select 'whole', 0, 1, null, '{}', false, false, 1
      where v.kind = 'gift'
    ) l
  ) shared
) weighed
left join campaign
  on campaign.slug = coalesce(weighed.metadata ->> 'campaign', weighed.campaign_slug) and campaign.account_id = weighed.account_id
left join item on weighed.is_sale and item.campaign_id = campaign.id and item.slug = weighed.metadata ->> 'item'
left join variant on variant.item_id = item.id and variant.slug = weighed.metadata ->> 'variant'
window whole_payment as (
  partition by weighed.payment_id order by weighed.place, weighed.part rows between unbounded preceding and unbounded following
);

create view return_view as
select
  part.payment_id, part.part, returned.return_id, returned.kind, part.is_sale, part.organisation_id, part.fund_id, part.campaign_id,
  local_day(returned.created, coalesce(part.time_zone, 'UTC')) as occurred_on,
  greatest(local_day(returned.created, coalesce(part.time_zone, 'UTC')), part.occurred_on) as counted_on,
  part.currency,
  returned.amount_minor
from part_view part
cross join lateral (
  select r.return_id, r.kind, r.created, s.amount_minor
  from (
    select array_agg(o.amount_minor order by o.number) as amounts
    from returns_of(part.account_id, part.charge, part.key, part.charge_minor, part.settled_minor) o
  ) every
  cross join lateral split_returns(part.amounts_minor, every.amounts) s
  join returns_of(part.account_id, part.charge, part.key, part.charge_minor, part.settled_minor) r on r.number = s.return_number
  where s.part_number = part.part_number
) returned
where part.has_returns and part.amount_minor is not null;

-- A part with what of it was returned, ready to be stored as a gift or a sale. A part whose amount is not known yet is
-- wholly returned when its payment is.
create view booked_part_view as
select
  part.payment_id, part.part, part.is_sale,
  case when part.account_id is null then 'cash' else 'stripe' end as source,
  part.account_id, part.organisation_id, part.fund_id,
  case when part.is_sale or part.campaign_fund_id = part.fund_id then part.campaign_id end as campaign_id,
  part.item_id, part.variant_id, part.identity_key,
  part.occurred_on, part.occurred_on as counted_on, part.currency, part.amount_minor,
  coalesce(returned.amount_minor, 0) as returned_minor,
  case
    when part.amount_minor is null then part.returned_charge_minor >= part.charge_minor
    else part.amount_minor > 0 and coalesce(returned.amount_minor, 0) >= part.amount_minor
  end as wholly_returned,
  part.quantity, part.is_shipping, part.description, part.show,
  case when part.show = 'name' then part.public_name end as shown_name,
  case when part.show <> 'nothing' then nullif(part.note, '') end as note,
  part.subscription, part.every,
  part.has_returns
from part_view part
left join lateral (
  select sum(s.amount_minor)::bigint as amount_minor
  from (
    select array_agg(o.amount_minor order by o.number) as amounts
    from returns_of(part.account_id, part.charge, part.key, part.charge_minor, part.settled_minor) o
  ) every
  cross join lateral split_returns(part.amounts_minor, every.amounts) s
  where s.part_number = part.part_number
) returned on part.has_returns and part.amount_minor is not null;

create view gift_view as
select
  payment_id, part, source, account_id, organisation_id, fund_id, campaign_id, identity_key, occurred_on, counted_on, currency,
  amount_minor, returned_minor, wholly_returned, show, shown_name, note, subscription, every
from booked_part_view
where not is_sale;

create view sale_view as
select
  payment_id, part, account_id, organisation_id, fund_id, campaign_id, item_id, variant_id, identity_key, occurred_on, counted_on,
  currency, amount_minor, returned_minor, wholly_returned, quantity, is_shipping, description
from booked_part_view
where is_sale;
