-- Closed months. Money of a closed month never changes: what is learned of it later moves the first open month.

-- The time zones that an organisation took later than its first one (organisation.time_zone), each from a day on.
create table organisation_time_zone (
  organisation_id bigint not null references organisation,
  since date not null,
  time_zone text not null,
  primary key (organisation_id, since)
);

create trigger time_zone_must_exist before insert or update on organisation_time_zone
  for each row execute function time_zone_must_exist();
create trigger hold_ledger_lock before insert or update or delete on organisation_time_zone
  for each statement execute function hold_ledger_lock();

-- The time zone in force at an organisation at a moment; UTC for nobody's. A later zone takes over as soon as its first day
-- has come both in the zone before it and in itself: so no moment of an earlier day becomes another day's, and none of that
-- day or a later one goes back before it.
create function time_zone_at(p_organisation_id bigint, p_at timestamptz) returns text language plpgsql stable parallel safe as $$
declare
  v_zone text;
  v_has_later boolean;
  v_later organisation_time_zone;
begin
  -- Almost nobody has a later one, and this is asked of every movement: one look is enough then.
  select o.time_zone, exists (select from organisation_time_zone z where z.organisation_id = o.id) into v_zone, v_has_later
  from organisation o where o.id = p_organisation_id;
  if v_has_later then
    for v_later in
      select z.* from organisation_time_zone z where z.organisation_id = p_organisation_id order by z.since
    loop
      if v_later.since <= least(local_day(p_at, v_zone), local_day(p_at, v_later.time_zone)) then
        v_zone := v_later.time_zone;
      end if;
    end loop;
  end if;
  return coalesce(v_zone, 'UTC');
end $$;

-- The local day of a moment at an organisation.
create function organisation_day(p_organisation_id bigint, p_at timestamptz) returns date language sql stable parallel safe as $$
  select local_day(p_at, time_zone_at(p_organisation_id, p_at))
$$;

-- The months that an organisation has closed. A month without a row is open, unless a later one is closed: what came
-- before a closed month is part of its opening balance, and so is as closed as it.
create table period (
  organisation_id bigint not null references organisation,
  month date not null constraint a_period_is_a_month check (month = month_of(month)),
  status text not null constraint a_period_is_open_closed_or_final check (status in ('open', 'closed', 'final')),
  closed_at timestamptz,
  closed_by text,
  primary key (organisation_id, month),
  constraint a_closed_period_was_closed_by_somebody check (status = 'open' or (closed_at is not null and closed_by is not null))
);

-- What a month came to when it was closed, by fund (null: waiting for one) and currency. The audit compares it with what
-- the totals say ever after.
create table period_sum (
  organisation_id bigint not null references organisation,
  month date not null,
  fund_id bigint references fund,
  currency text not null,
  given_minor bigint not null,
  returned_minor bigint not null,
  sold_minor bigint not null,
  shipping_minor bigint not null,
  constraint a_period_has_one_sum_a_fund_and_currency unique nulls not distinct (organisation_id, month, fund_id, currency)
);

-- The first day that is open, of each organisation that has closed a month.
create view books_open as
select m.organisation_id, (max(m.month) + interval '1 month')::date as from_day
from period m
where m.status <> 'open'
group by m.organisation_id;

-- Whether a day lies in a closed month of an organisation; without an organisation nothing is closed.
create function is_closed(p_organisation_id bigint, p_day date) returns boolean language sql stable parallel safe as $$
  select exists (select from books_open b where b.organisation_id = p_organisation_id and p_day < b.from_day)
$$;

-- The day itself if its month is open, else the first day of the first open month after it.
create function first_open_day(p_organisation_id bigint, p_day date) returns date language sql stable parallel safe as $$
  select greatest(p_day, (select b.from_day from books_open b where b.organisation_id = p_organisation_id))
$$;

-- The day on which something counts, from its own day, the day it was counted on so far (null: never yet) and the first
-- open day (null: nothing is closed). Once counted in a closed month it stays there; in an open one it follows its own day
-- while that is open, too. What is learned of after its month was closed counts on the first open day, once and for all.
create function counted_day(p_day date, p_stored date, p_open_from date) returns date language sql immutable parallel safe as $$
  select case
    when p_stored < p_open_from then p_stored
    when p_day >= coalesce(p_open_from, '-infinity') then p_day
    else coalesce(p_stored, p_open_from)
  end
$$;

-- A closed month opens again only where a function of the desk says so (set almonry.reopens = 'yes').
create function closed_months_stay() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and (new.organisation_id, new.month) = (old.organisation_id, old.month)
    and (
      old.status = 'open' or (old.status = 'closed' and new.status = 'final')
      or (old.status = 'closed' and current_setting('almonry.reopens', true) = 'yes')
    )
  then
    return new;
  end if;
  raise exception '% stays %', to_char(old.month, 'FMMonth YYYY'), old.status using errcode = 'check_violation';
end $$;

create trigger closed_months_stay before update or delete on period for each row execute function closed_months_stay();
create trigger hold_ledger_lock before insert or update or delete on period for each statement execute function hold_ledger_lock();

-- Sums are written before their month is closed, and never after.
create function sums_of_closed_months_stay() returns trigger language plpgsql as $$
declare
  v_sum period_sum := case when tg_op = 'INSERT' then new else old end;
begin
  if exists (
    select from period m where m.organisation_id = v_sum.organisation_id and m.month = v_sum.month and m.status <> 'open'
  ) then
    raise exception 'the sums of % stay as they were when it was closed', to_char(v_sum.month, 'FMMonth YYYY')
      using errcode = 'check_violation';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$;

create trigger sums_of_closed_months_stay before insert or update or delete on period_sum
  for each row execute function sums_of_closed_months_stay();

-- What each month of an organisation comes to, by fund and currency, as the totals have it.
create view month_sum_view as
select
  place.organisation_id, t.starts_on as month, place.fund_id, t.currency, t.given_minor, t.returned_minor, t.sold_minor, t.shipping_minor
from (
  select o.id as organisation_id, f.id as fund_id, 'fund/' || f.id || '/organisation/' || o.id as key
  from organisation o cross join fund f
  union all
  select o.id, null, 'unassigned/organisation/' || o.id from organisation o
) place
join scope on scope.key = place.key
join total t on t.scope_id = scope.id and t.grain = 'month'
where (t.given_minor, t.returned_minor, t.sold_minor, t.shipping_minor) <> (0, 0, 0, 0);

-- Other income is in no total, and yet keeps a month from being empty.
alter table payment add column counted_on date;
update payment set counted_on = occurred_on where state = 'succeeded';
create index payment_in_no_total on payment (organisation_id, counted_on) where kind in ('other income', 'not ours');

-- The earliest open month before this one in which anything counts; null when there is none. What moved from fund to fund
-- adds up to nothing for the organisation, so its funds are asked, too.
create function open_month_before(p_organisation_id bigint, p_month date) returns date language sql stable as $$
  select min(earlier.month)
  from (
    select s.month from month_sum_view s where s.organisation_id = p_organisation_id and s.month < p_month
    union all
    select t.starts_on
    from scope
    join total t on t.scope_id = scope.id and t.grain = 'month' and t.starts_on < p_month
    where scope.key = 'organisation/' || p_organisation_id and (t.gifts, t.awaiting_conversion, t.units) <> (0, 0, 0)
    union all
    select month_of(p.counted_on)
    from payment p
    where p.organisation_id = p_organisation_id and p.counted_on < p_month and p.kind in ('other income', 'not ours')
  ) earlier
  where not is_closed(p_organisation_id, earlier.month)
$$;

-- Closes a month of an organisation: its sums are kept, and nothing moves its money any more.
create function close_month(p_organisation_id bigint, p_month date, p_by text) returns void language plpgsql as $$
declare
  v_organisation organisation;
  v_month date := month_of(p_month);
  v_name text := to_char(p_month, 'FMMonth YYYY');
  v_earlier date;
begin
  perform take_ledger_lock();
  select o.* into v_organisation from organisation o where o.id = p_organisation_id;
  if v_organisation.id is null then
    raise exception 'there is no such organisation' using errcode = 'no_data_found';
  end if;
  if is_closed(p_organisation_id, v_month) then
    raise exception '% of % is closed already', v_name, v_organisation.slug using errcode = 'check_violation';
  end if;
  if organisation_day(p_organisation_id, now()) < v_month + interval '1 month' then
    raise exception '% is not over yet for %', v_name, v_organisation.slug using errcode = 'check_violation';
  end if;
  v_earlier := open_month_before(p_organisation_id, v_month);
  if v_earlier is not null then
    raise exception '% of % is still open: close it before %', to_char(v_earlier, 'FMMonth YYYY'), v_organisation.slug, v_name
      using errcode = 'check_violation';
  end if;

  delete from period_sum s where s.organisation_id = p_organisation_id and s.month = v_month;
  insert into period_sum (organisation_id, month, fund_id, currency, given_minor, returned_minor, sold_minor, shipping_minor)
  select s.organisation_id, s.month, s.fund_id, s.currency, s.given_minor, s.returned_minor, s.sold_minor, s.shipping_minor
  from month_sum_view s
  where s.organisation_id = p_organisation_id and s.month = v_month;
  insert into period as m (organisation_id, month, status, closed_at, closed_by)
  values (p_organisation_id, v_month, 'closed', now(), p_by)
  on conflict (organisation_id, month) do update set
    status = excluded.status, closed_at = excluded.closed_at, closed_by = excluded.closed_by;
end $$;

-- The views of 0007 with the day on which a payment is counted. What stands in a closed month keeps its days as they were
-- stored: neither another time zone nor another fact moves them.
create or replace view payment_view as
select
  p.id as payment_id,
  p.account_id,
  p.key,
  outcome.state,
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
    or exists (select from stripe_dispute d where d.account_id = p.account_id and d.charge = charge.id) as has_returns,
  case when outcome.state = 'succeeded' or books.is_kept then counted_day(day.occurred_on, books.stored_on, books.open_from) end
    as counted_on,
  books.open_from
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
cross join lateral (
  select b.from_day as open_from, own.counted_on as stored_on, coalesce(own.counted_on < b.from_day, false) as is_kept
  from (select case when p.organisation_id = account.organisation_id then p.counted_on end as counted_on) own
  left join books_open b on b.organisation_id = account.organisation_id
  offset 0
) books
cross join lateral (
  select case when books.is_kept then p.occurred_on else organisation_day(account.organisation_id, charge.created) end
    as occurred_on
) day
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
cross join lateral (
  select case
    when charge.status = 'succeeded' and charge.captured then case when o.arriving then 'arriving' else 'succeeded' end
    when charge.status = 'failed' or intent.status = 'canceled' then 'failed'
    else 'pending'
  end as state
) outcome
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
  false, 0, false, counted_day(g.occurred_on, p.counted_on, b.from_day), b.from_day
from payment p
join cash_gift g on g.id = p.cash_gift_id
left join organisation on organisation.id = g.organisation_id
left join books_open b on b.organisation_id = g.organisation_id;

create or replace view part_view as
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
  row_number() over (partition by weighed.payment_id order by weighed.place, weighed.part) as part_number,
  weighed.counted_on, weighed.open_from
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
      v.campaign_slug, v.counted_on, v.open_from,
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

-- A return keeps its days as the payment keeps its own.
create or replace view return_view as
select
  part.payment_id, part.part, returned.return_id, returned.kind, part.is_sale, part.organisation_id, part.fund_id, part.campaign_id,
  day.occurred_on,
  counted_day(greatest(day.occurred_on, part.counted_on), stored.counted_on, part.open_from) as counted_on,
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
left join lateral (
  select r.occurred_on, r.counted_on
  from return_part r
  where (r.payment_id, r.part, r.return_id) = (part.payment_id, part.part, returned.return_id)
    and r.organisation_id = part.organisation_id
  limit 1
) stored on true
cross join lateral (
  select case when stored.counted_on < part.open_from then stored.occurred_on
    else organisation_day(part.organisation_id, returned.created) end as occurred_on
) day
where part.has_returns and part.amount_minor is not null;

create or replace view booked_part_view as
select
  part.payment_id, part.part, part.is_sale,
  case when part.account_id is null then 'cash' else 'stripe' end as source,
  part.account_id, part.organisation_id, part.fund_id,
  case when part.is_sale or part.campaign_fund_id = part.fund_id then part.campaign_id end as campaign_id,
  part.item_id, part.variant_id, part.identity_key,
  part.occurred_on, part.counted_on, part.currency, part.amount_minor,
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

-- What became different in a closed month, and when it counts instead: one row on the closed day, which keeps that day's
-- money as it was, and the opposite on the first open day. While that day is open its row follows; once it is closed, it
-- stays, too. A payment that has nothing in a closed month has no row here.
create table late_movement (
  payment_id bigint not null references payment,
  part text collate "C" not null,
  what text not null
    constraint a_late_movement_is_given_returned_sold_or_shipping check (what in ('given', 'returned', 'sold', 'shipping')),
  organisation_id bigint not null references organisation,
  fund_id bigint references fund,
  campaign_id bigint references campaign,
  currency text not null,
  counted_on date not null,
  amount_minor bigint not null constraint a_late_movement_moves_something check (amount_minor <> 0),
  constraint a_late_movement_is_kept_once
    unique nulls not distinct (payment_id, part, what, organisation_id, fund_id, campaign_id, currency, counted_on)
);
create index late_movement_by_organisation on late_movement (organisation_id, counted_on);
create index late_movement_by_fund on late_movement (fund_id);
create index late_movement_by_campaign on late_movement (campaign_id);

create trigger hold_ledger_lock before insert or update or delete on late_movement
  for each statement execute function hold_ledger_lock();

create function late_change(l late_movement, p_sign bigint) returns total_change language sql immutable parallel safe as $$
  select row(
    l.fund_id, l.campaign_id, l.organisation_id, l.counted_on, l.currency,
    case when l.what = 'given' then p_sign * l.amount_minor else 0 end,
    case when l.what = 'returned' then p_sign * l.amount_minor else 0 end,
    0, 0, 0,
    case when l.what = 'sold' then p_sign * l.amount_minor else 0 end,
    case when l.what = 'shipping' then p_sign * l.amount_minor else 0 end,
    0
  )::total_change
$$;

create function late_movement_written() returns trigger language plpgsql as $$
declare
  v_old late_movement[];
  v_new late_movement[];
begin
  if tg_op in ('UPDATE', 'DELETE') then
    v_old := (select array_agg(o) from old_rows o);
  end if;
  if tg_op in ('INSERT', 'UPDATE') then
    v_new := (select array_agg(n) from new_rows n);
  end if;
  if v_old is null and v_new is null then
    return null;
  end if;
  perform change_totals(array(
    select late_change(l, -1) from unnest(v_old) l
    union all
    select late_change(l, 1) from unnest(v_new) l
  ));
  return null;
end $$;

create trigger late_movement_inserted after insert on late_movement referencing new table as new_rows
  for each statement execute function late_movement_written();
create trigger late_movement_updated after update on late_movement referencing old table as old_rows new table as new_rows
  for each statement execute function late_movement_written();
create trigger late_movement_deleted after delete on late_movement referencing old table as old_rows
  for each statement execute function late_movement_written();

-- What the rows of a payment add to the sums, in the shape of a late movement.
create view movement_view as
select payment_id, part, 'given' as what, organisation_id, fund_id, campaign_id, currency, counted_on, amount_minor
from gift
where amount_minor <> 0
union all
select payment_id, part, case when is_shipping then 'shipping' else 'sold' end, organisation_id, fund_id, campaign_id, currency,
  counted_on, amount_minor
from sale
where amount_minor <> 0
union all
select payment_id, part, 'returned', organisation_id, fund_id, campaign_id, currency, counted_on, amount_minor
from return_part
where amount_minor <> 0 and not is_sale;

-- What of these payments stands in closed months: their rows there, and what keeps those months as they were.
create function stands_in_closed_months(p_payments bigint[]) returns setof late_movement language sql stable as $$
  select m.payment_id, m.part, m.what, m.organisation_id, m.fund_id, m.campaign_id, m.currency, m.counted_on, m.amount_minor
  from movement_view m
  join books_open b on b.organisation_id = m.organisation_id and m.counted_on < b.from_day
  where m.payment_id = any (p_payments)
  union all
  select l.*
  from late_movement l
  join books_open b on b.organisation_id = l.organisation_id and l.counted_on < b.from_day
  where l.payment_id = any (p_payments)
$$;

-- Brings the late movements of these payments to what keeps their closed months as they stood, now that their rows have
-- been written anew. Writes only what differs.
create function hold_closed_months(p_payments bigint[], p_stood late_movement[]) returns void language plpgsql as $$
declare
  v_wanted late_movement[];
begin
  with difference as (
    select
      d.payment_id, d.part, d.what, d.organisation_id, d.fund_id, d.campaign_id, d.currency, d.counted_on,
      sum(d.amount_minor)::bigint as amount_minor
    from (
      select s.* from unnest(p_stood) s
      union all
      select m.payment_id, m.part, m.what, m.organisation_id, m.fund_id, m.campaign_id, m.currency, m.counted_on, -m.amount_minor
      from movement_view m
      join books_open b on b.organisation_id = m.organisation_id and m.counted_on < b.from_day
      where m.payment_id = any (p_payments)
    ) d
    group by 1, 2, 3, 4, 5, 6, 7, 8
    having sum(d.amount_minor) <> 0
  ), wanted as (
    select * from difference
    union all
    select
      d.payment_id, d.part, d.what, d.organisation_id, d.fund_id, d.campaign_id, d.currency, b.from_day,
      -sum(d.amount_minor)::bigint
    from difference d
    join books_open b on b.organisation_id = d.organisation_id
    group by 1, 2, 3, 4, 5, 6, 7, 8
    having sum(d.amount_minor) <> 0
  )
  select array_agg(w::late_movement) into v_wanted from wanted w;

  delete from late_movement l
  where l.payment_id = any (p_payments)
    and not exists (
      select from unnest(v_wanted) w
      where (w.payment_id, w.part, w.what, w.organisation_id, w.fund_id, w.campaign_id, w.currency, w.counted_on)
        is not distinct from (l.payment_id, l.part, l.what, l.organisation_id, l.fund_id, l.campaign_id, l.currency, l.counted_on)
    );
  if v_wanted is null then
    return;
  end if;
  insert into late_movement as l (
    payment_id, part, what, organisation_id, fund_id, campaign_id, currency, counted_on, amount_minor
  )
  select w.* from unnest(v_wanted) w
  on conflict (payment_id, part, what, organisation_id, fund_id, campaign_id, currency, counted_on) do update set
    amount_minor = excluded.amount_minor
  where l.amount_minor <> excluded.amount_minor;
end $$;

-- As in 0012; and what stood in closed months goes on standing there.
create or replace function store_payments(p_payments bigint[]) returns table (payments bigint, gifts bigint, sales bigint, returns bigint)
language plpgsql set jit = off set enable_seqscan = off as $$
declare
  v_parts booked_part_view[];
  v_returns return_view[] := '{}';
  v_has_closed boolean := exists (select from books_open);
  v_stood late_movement[];
begin
  perform take_ledger_lock();
  if v_has_closed then
    v_stood := array(select s from stands_in_closed_months(p_payments) s);
  end if;
  v_parts := array(select v from booked_part_view v where v.payment_id = any (p_payments));
  if exists (select from unnest(v_parts) v where v.has_returns) then
    v_returns := array(select v from return_view v where v.payment_id = any (p_payments));
  end if;

  -- The view is read once, and not for every payment of the batch: with a table that was empty a moment ago that is what the
  -- planner would take (45 s for a first batch of 500).
  with v as materialized (
    select payment_id, state, kind, order_id, organisation_id, occurred_on, counted_on, currency, amount_minor, contradicts
    from payment_view
    where payment_id = any (p_payments)
  )
  update payment p set
    state = v.state, kind = v.kind, order_id = v.order_id, organisation_id = v.organisation_id, occurred_on = v.occurred_on,
    counted_on = v.counted_on, currency = v.currency, amount_minor = v.amount_minor, contradicts = v.contradicts
  from v
  where p.id = v.payment_id
    and (p.state, p.kind, p.order_id, p.organisation_id, p.occurred_on, p.counted_on, p.currency, p.amount_minor, p.contradicts)
      is distinct from (v.state, v.kind, v.order_id, v.organisation_id, v.occurred_on, v.counted_on, v.currency, v.amount_minor, v.contradicts);
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
  if v_has_closed then
    perform hold_closed_months(p_payments, v_stood);
  end if;
  return next;
end $$;

-- As in 0015; totals hold late movements, too, which add up to nothing; and each closed month is what it was at its close.
create or replace function audit() returns table (finding text, subject text, stored text, expected text) language sql stable as $$
  with pending as materialized (
    select payment_id from dirty_payment
  ), stored_gift as (
    select
      g.payment_id, g.part, g.source, g.account_id, g.organisation_id, g.fund_id, g.campaign_id, i.key as identity_key, g.occurred_on,
      g.counted_on, g.currency, g.amount_minor, g.returned_minor, g.wholly_returned, g.show, g.shown_name, g.note,
      g.subscription, g.every
    from gift g left join identity i on i.id = g.identity_id
  ), stored_sale as (
    select
      s.payment_id, s.part, s.account_id, s.organisation_id, s.fund_id, s.campaign_id, s.item_id, s.variant_id, i.key as identity_key,
      s.occurred_on, s.counted_on, s.currency, s.amount_minor, s.returned_minor, s.wholly_returned, s.quantity, s.is_shipping,
      s.description
    from sale s left join identity i on i.id = s.identity_id
  ), expected_total as (
    select
      k.key, grain.name as grain, case grain.name when 'day' then c.day else month_of(c.day) end as starts_on, c.currency,
      sum(c.given_minor) as given_minor, sum(c.returned_minor) as returned_minor, sum(c.gifts) as gifts,
      sum(c.unnamed_gifts) as unnamed_gifts, sum(c.awaiting_conversion) as awaiting_conversion, sum(c.sold_minor) as sold_minor,
      sum(c.shipping_minor) as shipping_minor, sum(c.units) as units
    from (
      select (gift_change(g, 1)).* from gift g
      union all
      select (sale_change(s, 1)).* from sale s
      union all
      select (return_change(r, 1)).* from return_part r
      union all
      select (late_change(l, 1)).* from late_movement l
    ) c
    cross join lateral unnest(scope_keys(c.fund_id, c.campaign_id, c.organisation_id)) k (key)
    cross join (values ('day'), ('month')) grain (name)
    group by 1, 2, 3, 4
  ), stored_total as (
    select
      scope.key, t.grain, t.starts_on, t.currency, t.given_minor, t.returned_minor, t.gifts, t.unnamed_gifts, t.awaiting_conversion,
      t.sold_minor, t.shipping_minor, t.units
    from total t join scope on scope.id = t.scope_id
  ), giving as (
    select kind.name as kind, g.identity_id, g.counted_on, g.fund_id, g.campaign_id, g.organisation_id
    from gift g cross join (values ('donor'), ('supporter')) kind (name)
    where not g.wholly_returned
    union all
    select 'supporter', s.identity_id, s.counted_on, s.fund_id, s.campaign_id, s.organisation_id
    from sale s
    where not s.wholly_returned
  ), expected_day as (
    select
      day.key, day.kind, day.person_id, day.day,
      lag(day.day) over (partition by day.key, day.kind, day.person_id order by day.day) as previous
    from (
      select distinct k.key, giving.kind, i.person_id, giving.counted_on as day
      from giving
      join identity i on i.id = giving.identity_id
      cross join lateral unnest(scope_keys(giving.fund_id, giving.campaign_id, giving.organisation_id)) k (key)
    ) day
  ), stored_day as (
    select scope.key, d.kind, d.person_id, d.day, d.previous from giving_day d join scope on scope.id = d.scope_id
  ), expected_month as (
    select key, kind, month_of(day) as month, month_of(previous) as previous_month, count(*) as people
    from expected_day
    group by 1, 2, 3, 4
  ), stored_month as (
    select scope.key, m.kind, m.month, m.previous_month, m.people from giving_month m join scope on scope.id = m.scope_id
    where m.people > 0
  )
  select 'payment differs from its facts', 'payment ' || p.key,
    row(p.state, p.kind, p.order_id, p.organisation_id, p.occurred_on, p.counted_on, p.currency, p.amount_minor, p.contradicts)::text,
    row(v.state, v.kind, v.order_id, v.organisation_id, v.occurred_on, v.counted_on, v.currency, v.amount_minor, v.contradicts)::text
  from payment p
  left join payment_view v on v.payment_id = p.id
  where p.id not in (select payment_id from pending)
    and (p.state, p.kind, p.order_id, p.organisation_id, p.occurred_on, p.counted_on, p.currency, p.amount_minor, p.contradicts)
      is distinct from (v.state, v.kind, v.order_id, v.organisation_id, v.occurred_on, v.counted_on, v.currency, v.amount_minor, v.contradicts)
  union all
  select 'gift differs from its facts', 'payment ' || coalesce(s.payment_id, v.payment_id) || ' part ' || coalesce(s.part, v.part),
    s::text, v::text
  from stored_gift s
  full join gift_view v on v.payment_id = s.payment_id and v.part = s.part
  where coalesce(s.payment_id, v.payment_id) not in (select payment_id from pending) and s::text is distinct from v::text
  union all
  select 'sale differs from its facts', 'payment ' || coalesce(s.payment_id, v.payment_id) || ' part ' || coalesce(s.part, v.part),
    s::text, v::text
  from stored_sale s
  full join sale_view v on v.payment_id = s.payment_id and v.part = s.part
  where coalesce(s.payment_id, v.payment_id) not in (select payment_id from pending) and s::text is distinct from v::text
  union all
  select 'return differs from its facts', coalesce(s.return_id, v.return_id) || ' part ' || coalesce(s.part, v.part), s::text, v::text
  from return_part s
  full join return_view v on v.payment_id = s.payment_id and v.part = s.part and v.return_id = s.return_id
  where coalesce(s.payment_id, v.payment_id) not in (select payment_id from pending)
    and (s.kind, s.is_sale, s.organisation_id, s.fund_id, s.campaign_id, s.occurred_on, s.counted_on, s.currency, s.amount_minor)
      is distinct from (v.kind, v.is_sale, v.organisation_id, v.fund_id, v.campaign_id, v.occurred_on, v.counted_on, v.currency, v.amount_minor)
  union all
  select 'total differs from its rows', coalesce(s.key, e.key) || ' ' || coalesce(s.grain, e.grain) || ' '
      || coalesce(s.starts_on, e.starts_on) || ' ' || coalesce(s.currency, e.currency), s::text, e::text
  from stored_total s
  full join expected_total e using (key, grain, starts_on, currency)
  where (coalesce(s.given_minor, 0), coalesce(s.returned_minor, 0), coalesce(s.gifts, 0), coalesce(s.unnamed_gifts, 0),
      coalesce(s.awaiting_conversion, 0), coalesce(s.sold_minor, 0), coalesce(s.shipping_minor, 0), coalesce(s.units, 0))
    <> (coalesce(e.given_minor, 0), coalesce(e.returned_minor, 0), coalesce(e.gifts, 0), coalesce(e.unnamed_gifts, 0),
      coalesce(e.awaiting_conversion, 0), coalesce(e.sold_minor, 0), coalesce(e.shipping_minor, 0), coalesce(e.units, 0))
  union all
  select 'giving chain differs from its rows', coalesce(s.key, e.key) || ' ' || coalesce(s.kind, e.kind) || ' person '
      || coalesce(s.person_id, e.person_id) || ' ' || coalesce(s.day, e.day), s::text, e::text
  from stored_day s
  full join expected_day e on e.key = s.key and e.kind = s.kind and e.person_id = s.person_id and e.day = s.day
  where s.day is null or e.day is null or s.previous is distinct from e.previous
  union all
  select 'count by month differs from the giving chain', coalesce(s.key, e.key) || ' ' || coalesce(s.kind, e.kind) || ' '
      || coalesce(s.month, e.month), s::text, e::text
  from stored_month s
  full join expected_month e
    on e.key = s.key and e.kind = s.kind and e.month = s.month
    and coalesce(e.previous_month, '-infinity') = coalesce(s.previous_month, '-infinity')
  where s.people is distinct from e.people
  union all
  select 'late movements do not add up to nothing', 'payment ' || l.payment_id || ' part ' || l.part, sum(l.amount_minor)::text, '0'
  from late_movement l
  group by l.payment_id, l.part, l.what, l.organisation_id, l.fund_id, l.campaign_id, l.currency
  having sum(l.amount_minor) <> 0
  union all
  select 'closed month differs from what it was', 'organisation ' || coalesce(c.organisation_id, s.organisation_id) || ' '
      || to_char(coalesce(c.month, s.month), 'YYYY-MM') || coalesce(' fund ' || coalesce(c.fund_id, s.fund_id), ' unassigned')
      || ' ' || coalesce(c.currency, s.currency), s::text, c::text
  from (
    select sums.* from month_sum_view sums join books_open b on b.organisation_id = sums.organisation_id and sums.month < b.from_day
  ) s
  full join (
    select sums.* from period_sum sums join books_open b on b.organisation_id = sums.organisation_id and sums.month < b.from_day
  ) c on c.organisation_id = s.organisation_id and c.month = s.month and coalesce(c.fund_id, 0) = coalesce(s.fund_id, 0)
    and c.currency = s.currency
  where (s.given_minor, s.returned_minor, s.sold_minor, s.shipping_minor)
    is distinct from (c.given_minor, c.returned_minor, c.sold_minor, c.shipping_minor)
  union all
  select 'pending', 'payment ' || p.key, 'waits for the next drain', null
  from pending join payment p on p.id = pending.payment_id
$$;
