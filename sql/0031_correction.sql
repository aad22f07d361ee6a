-- squawk-ignore-file adding-foreign-key-constraint, constraint-missing-not-valid, disallowed-unique-constraint, ban-drop-not-null
-- The column that refers to sales by hand is new and so empty; the constraint is looked at once, in this transaction. A sale
-- without an account is one by hand: nothing before this version reads it.

-- What people decide about single payments: sales by hand, what is voided, corrections of gifts, and what unknown money is.

-- Sales by hand, at a table or a door. A row is never changed.
create table cash_sale (
  id bigint generated always as identity primary key,
  request text not null constraint a_cash_sale_is_recorded_once unique,
  campaign_id bigint not null references campaign,
  variant_id bigint not null references variant,
  organisation_id bigint not null references organisation,
  identity_key text collate "C",
  occurred_on date not null,
  quantity bigint not null constraint a_cash_sale_is_of_something check (quantity > 0),
  amount_minor bigint not null constraint a_cash_sale_is_above_zero check (amount_minor > 0),
  currency currency_code not null,
  note text,
  recorded_at timestamptz not null default now()
);
create index cash_sale_by_campaign on cash_sale (campaign_id);
create index cash_sale_by_variant on cash_sale (variant_id);
create index cash_sale_by_organisation on cash_sale (organisation_id);

create function a_cash_sale_is_never_changed() returns trigger language plpgsql as $$
begin
  raise exception 'a cash sale is never changed; it is voided and recorded anew' using errcode = 'check_violation';
end $$;

create trigger a_cash_sale_is_never_changed before update or delete on cash_sale
  for each row execute function a_cash_sale_is_never_changed();
create trigger hold_ledger_lock before insert on cash_sale for each statement execute function hold_ledger_lock();

alter table payment
  add column cash_sale_id bigint references cash_sale constraint a_cash_sale_is_one_payment unique,
  drop constraint a_payment_comes_from_an_account_or_by_hand,
  add constraint a_payment_comes_from_an_account_or_by_hand
    check (num_nonnulls(account_id, cash_gift_id, cash_sale_id) = 1);
alter table sale alter column account_id drop not null;

-- What somebody decided that a gift is: of this part of a payment, or of all of a plan from a day on. What is null, or not said
-- to be had, is as the facts have it. A later decision goes before an earlier one, field by field.
create table correction (
  id bigint generated always as identity primary key,
  request text not null,
  account_id bigint references account,
  payment_key text collate "C",
  part text collate "C",
  subscription text collate "C",
  since date,
  fund_id bigint references fund,
  has_campaign boolean not null default false,
  campaign_id bigint references campaign,
  has_person boolean not null default false,
  identity_key text collate "C",
  kind text constraint a_payment_is_corrected_to_a_known_kind check (kind in ('gift', 'other income', 'not ours')),
  reason text not null constraint a_correction_says_why check (reason <> ''),
  made_by text not null,
  made_at timestamptz not null default now(),
  constraint a_correction_is_recorded_once unique nulls not distinct (request, payment_key, part, subscription, account_id),
  constraint a_correction_is_of_a_part_or_a_plan check (
    (payment_key is null) = (part is null) and (subscription is null) = (since is null) and (payment_key is null) = (subscription is not null)
  ),
  constraint only_what_is_said_is_corrected check ((has_campaign or campaign_id is null) and (has_person or identity_key is null)),
  constraint a_correction_says_something check (fund_id is not null or has_campaign or has_person or kind is not null)
);
create index correction_of_part on correction (payment_key, part) where payment_key is not null;
create index correction_of_plan on correction (subscription) where subscription is not null;
create index correction_by_account on correction (account_id);
create index correction_by_fund on correction (fund_id);
create index correction_by_campaign on correction (campaign_id);

create function a_decision_is_never_changed() returns trigger language plpgsql as $$
begin
  raise exception 'a decision is never changed; a later one goes before it' using errcode = 'check_violation';
end $$;

create trigger a_decision_is_never_changed before update or delete on correction
  for each row execute function a_decision_is_never_changed();
create trigger a_decision_is_never_changed before update or delete on suspense_assignment
  for each row execute function a_decision_is_never_changed();
create trigger hold_ledger_lock before insert on correction for each statement execute function hold_ledger_lock();

-- What was decided of a part of a payment, in one row.
create function corrections_of(p_account_id bigint, p_key text, p_part text, p_subscription text, p_day date)
returns table (fund_id bigint, has_campaign boolean, campaign_id bigint, has_person boolean, identity_key text, kind text)
language sql stable rows 1 as $$
  with said as materialized (
    select c.* from correction c
    where c.payment_key = p_key and c.part = p_part and c.account_id is not distinct from p_account_id
    union all
    select c.* from correction c
    where c.subscription = p_subscription and c.account_id is not distinct from p_account_id and c.since <= p_day
  )
  select
    (select s.fund_id from said s where s.fund_id is not null order by s.id desc limit 1),
    exists (select from said s where s.has_campaign),
    (select s.campaign_id from said s where s.has_campaign order by s.id desc limit 1),
    exists (select from said s where s.has_person),
    (select s.identity_key from said s where s.has_person order by s.id desc limit 1),
    (select s.kind from said s where s.kind is not null order by s.id desc limit 1)
  where exists (select from said)
$$;

-- The views of 0026 with sales by hand, with what was voided, and with what was corrected.
create or replace view payment_view as
select
  p.id as payment_id,
  p.account_id,
  p.key,
  outcome.state,
  case
    when charge.status is distinct from 'succeeded' or not charge.captured or o.arriving then null
    when o.has_lines then 'order'
    when corrected.kind is not null then corrected.kind
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
left join lateral corrections_of(p.account_id, p.key, 'whole', invoice.subscription, day.occurred_on) corrected on true
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
  p.id, null, p.key, case when voided.is_so then 'failed' else 'succeeded' end,
  case when not voided.is_so then coalesce(corrected.kind, 'gift') end, null, g.organisation_id, organisation.time_zone, g.occurred_on,
  g.currency, g.amount_minor, null, g.amount_minor, null, null, null, null, null, g.fund_id, 'nothing', null, null, g.identity_key,
  false, 0, false,
  case when not voided.is_so or p.counted_on < b.from_day then counted_day(g.occurred_on, p.counted_on, b.from_day) end, b.from_day
from payment p
join cash_gift g on g.id = p.cash_gift_id
left join organisation on organisation.id = g.organisation_id
left join books_open b on b.organisation_id = g.organisation_id
cross join lateral (select exists (select from money_move m where m.voids_payment = p.key) as is_so) voided
left join lateral corrections_of(null, p.key, 'whole', null, g.occurred_on) corrected on true
union all
select
  p.id, null, p.key, case when voided.is_so then 'failed' else 'succeeded' end, case when not voided.is_so then 'order' end, null,
  s.organisation_id, organisation.time_zone, s.occurred_on, s.currency, s.amount_minor, null, s.amount_minor, null, null, null, null,
  campaign.slug, null, 'nothing', null, null, s.identity_key, false, 0, false,
  case when not voided.is_so or p.counted_on < b.from_day then counted_day(s.occurred_on, p.counted_on, b.from_day) end, b.from_day
from payment p
join cash_sale s on s.id = p.cash_sale_id
join campaign on campaign.id = s.campaign_id
join organisation on organisation.id = s.organisation_id
left join books_open b on b.organisation_id = s.organisation_id
cross join lateral (select exists (select from money_move m where m.voids_payment = p.key) as is_so) voided;

create or replace view part_view as
select
  weighed.payment_id, weighed.account_id, weighed.key, weighed.organisation_id, weighed.time_zone,
  weighed.part, weighed.is_sale, weighed.is_shipping, weighed.quantity, weighed.description,
  case when corrected.has_campaign then corrected.campaign_id else campaign.id end as campaign_id,
  case when weighed.is_sale then campaign.fund_id when corrected.fund_id is not null then corrected.fund_id
    when weighed.part = 'whole' then weighed.whole_fund_id
    else fund_meant(weighed.metadata ->> 'fund', weighed.account_id, weighed.occurred_on) end as fund_id,
  case when corrected.has_campaign then (select c.fund_id from campaign c where c.id = corrected.campaign_id) else campaign.fund_id end
    as campaign_fund_id,
  item.id as item_id,
  variant.id as variant_id,
  -- A name is shown because its owner wished so: another person's gift shows none.
  case when corrected.has_person and weighed.show = 'name' then 'gift' else weighed.show end as show,
  weighed.public_name, weighed.note,
  case when corrected.has_person then corrected.identity_key else weighed.identity_key end as identity_key,
  weighed.subscription, weighed.every,
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
      union all
      select 'whole', 0, s.quantity, null,
        jsonb_build_object('campaign', c.slug, 'item', i.slug, 'variant', va.slug), false, true, 1
      from payment p
      join cash_sale s on s.id = p.cash_sale_id
      join campaign c on c.id = s.campaign_id
      join variant va on va.id = s.variant_id
      join item i on i.id = va.item_id
      where v.kind = 'order' and v.account_id is null and p.id = v.payment_id
    ) l
  ) shared
) weighed
left join campaign
  on campaign.slug = coalesce(weighed.metadata ->> 'campaign', weighed.campaign_slug)
  and campaign.account_id = coalesce(weighed.account_id, campaign.account_id)
left join item on weighed.is_sale and item.campaign_id = campaign.id and item.slug = weighed.metadata ->> 'item'
left join variant on variant.item_id = item.id and variant.slug = weighed.metadata ->> 'variant'
left join lateral corrections_of(weighed.account_id, weighed.key, weighed.part, weighed.subscription, weighed.occurred_on) corrected
  on not weighed.is_sale
window whole_payment as (
  partition by weighed.payment_id order by weighed.place, weighed.part rows between unbounded preceding and unbounded following
);

-- As in 0028; a sale by hand brings what its campaign promises, and what was voided stands at nothing.
create or replace view command_posting as
select
  p.organisation_id, 'command'::text as source, null::bigint as account_id, p.key::text as source_id, p.counted_on as day,
  line.code, line.fund_id, line.campaign_id, p.currency collate "default" as currency, line.amount_minor
from payment p
join organisation o on o.id = p.organisation_id
cross join lateral (
  with own as materialized (
    select booked.code, booked.fund_id, own_part.campaign_id, booked.amount_minor
    from book_parts(p) own_part
    cross join lateral (values
      (case when own_part.is_sale then '4100' else '4000' end, own_part.fund_id, -own_part.amount_minor),
      ('3910', case when own_part.destination_id is not null then own_part.fund_id end, promised_of(own_part, 0, 0)),
      ('3920', own_part.destination_id, -promised_of(own_part, 0, 0))
    ) booked (code, fund_id, amount_minor)
    where booked.amount_minor <> 0 and booked.fund_id is not null
    union all
    select case p.kind when 'other income' then '4400' else '2300' end, general_fund(o.id), null::bigint, -p.amount_minor
    where p.kind in ('other income', 'not ours')
  )
  select own.code, own.fund_id, own.campaign_id, own.amount_minor from own
  union all
  select '1050', own.fund_id, null, -sum(own.amount_minor)::bigint from own group by own.fund_id having sum(own.amount_minor) <> 0
) line
where p.account_id is null and p.state = 'succeeded' and (o.books_begin_on is null or p.occurred_on >= o.books_begin_on);

-- As in 0023; a gift that was said to be another person's is not called by the payer's name.
create or replace function payer_name(p_payment_id bigint, p_identity_id bigint) returns text language sql stable as $$
  select coalesce(
    (select person.name from identity i join person on person.id = i.person_id where i.id = p_identity_id),
    (select s.customer_details ->> 'name' from stripe_checkout_session s
      where s.account_id = p.account_id and s.payment_intent = p.key and s.customer_details ->> 'name' is not null and not other.is_so
      order by s.id limit 1),
    (select c.billing ->> 'name' from stripe_charge c
      where c.account_id = p.account_id and coalesce(c.payment_intent, c.id) = p.key and c.billing ->> 'name' is not null
        and not other.is_so
      order by charge_rank(c.status) desc, c.created, c.id limit 1)
  )
  from payment p
  cross join lateral (
    select exists (
      select from correction c where c.payment_key = p.key and c.account_id is not distinct from p.account_id and c.has_person
    ) or exists (
      select from gift g join correction c on c.subscription = g.subscription and c.account_id = g.account_id
      where g.payment_id = p.id and c.has_person and c.since <= g.occurred_on
    ) as is_so
  ) other
  where p.id = p_payment_id
$$;

-- The identity of whom a form names: { email? | person? | name? }, an e-mail normalised, a person's number, or the name of a
-- new person; null for nobody known.
create function named_identity(p_who jsonb) returns text language plpgsql as $$
declare
  v_key text;
  v_person bigint;
begin
  if p_who ->> 'email' is not null then
    v_key := 'email:' || (p_who ->> 'email');
    perform know_identities(array[v_key]);
  elsif p_who ->> 'person' is not null then
    select i.key into v_key from identity i where i.person_id = (p_who ->> 'person')::bigint order by i.id limit 1;
    if v_key is null then
      raise exception 'there is no person %', p_who ->> 'person' using errcode = 'no_data_found';
    end if;
  elsif p_who ->> 'name' is not null then
    insert into person (name) values (p_who ->> 'name') returning id into v_person;
    v_key := 'person:' || v_person;
    insert into identity (key, person_id) values (v_key, v_person);
  end if;
  return v_key;
end $$;

-- A sale by hand, in one call: { request, campaign, item, variant?, quantity, amount_minor?, day, email? | person? | name?, note? }.
-- Without an amount, the price. What was sold leaves the shelf.
create function record_cash_sale(p_sale jsonb, p_staff jsonb) returns table (cash_sale_id bigint, payment_id bigint, recorded boolean)
language plpgsql set jit = off as $$
declare
  v_campaign campaign;
  v_organisation organisation;
  v_variants variant[];
  v_quantity bigint := (p_sale ->> 'quantity')::bigint;
  v_day date := (p_sale ->> 'day')::date;
begin
  perform take_ledger_lock();
  select s.id, p.id, false into cash_sale_id, payment_id, recorded
  from cash_sale s join payment p on p.cash_sale_id = s.id
  where s.request = p_sale ->> 'request';
  if found then
    return next;
    return;
  end if;

  select c.* into v_campaign from campaign c where c.slug = p_sale ->> 'campaign';
  if v_campaign.id is null then
    raise exception 'there is no campaign %', p_sale ->> 'campaign' using errcode = 'no_data_found';
  end if;
  select o.* into v_organisation from account a join organisation o on o.id = a.organisation_id where a.id = v_campaign.account_id;
  if v_organisation.id is null then
    raise exception 'campaign % is not of an organisation yet', v_campaign.slug using errcode = 'check_violation';
  end if;
  v_variants := array(
    select v from item i join variant v on v.item_id = i.id
    where i.campaign_id = v_campaign.id and i.slug = p_sale ->> 'item' and (p_sale ->> 'variant' is null or v.slug = p_sale ->> 'variant')
    order by v.position, v.id
  );
  if cardinality(v_variants) = 0 then
    raise exception 'campaign % sells no %', v_campaign.slug, concat_ws(' ', p_sale ->> 'item', p_sale ->> 'variant')
      using errcode = 'no_data_found';
  end if;
  if cardinality(v_variants) > 1 then
    raise exception 'there are several kinds of %: say which one was sold', p_sale ->> 'item' using errcode = 'check_violation';
  end if;
  if coalesce(v_quantity, 0) <= 0 then
    raise exception 'a sale is of one piece or more' using errcode = 'check_violation';
  end if;
  if v_day is null or v_day > organisation_day(v_organisation.id, now()) then
    raise exception 'the day % is still to come', coalesce(v_day::text, 'that was not named') using errcode = 'check_violation';
  end if;

  insert into cash_sale (request, campaign_id, variant_id, organisation_id, identity_key, occurred_on, quantity, amount_minor, currency, note)
  values (
    p_sale ->> 'request', v_campaign.id, (v_variants[1]).id, v_organisation.id, named_identity(p_sale), v_day, v_quantity,
    case when p_sale ->> 'amount_minor' is null then (v_variants[1]).price_minor * v_quantity else above_zero(p_sale ->> 'amount_minor') end,
    v_campaign.currency, p_sale ->> 'note'
  )
  returning id into cash_sale_id;
  insert into payment (key, cash_sale_id) values ('sale_' || cash_sale_id, cash_sale_id) returning id into payment_id;
  -- What was handed over is gone, whatever the shelf was thought to hold.
  update variant v set stock = greatest(v.stock - v_quantity, 0) where v.id = (v_variants[1]).id and v.stock > 0;
  perform store_payments(array[payment_id]);
  perform post_sources(array[row('command', null, 'sale_' || cash_sale_id)::book_source]);
  perform record_change(p_staff, 'recorded', 'cash sale', 'sale_' || s.id, null, jsonb_build_object(
    'campaign', v_campaign.slug, 'item', p_sale ->> 'item', 'quantity', v_quantity, 'day', v_day, 'currency', s.currency,
    'amountMinor', s.amount_minor, 'organisations', jsonb_build_array(v_organisation.slug)
  ))
  from cash_sale s where s.id = cash_sale_id;
  perform pg_notify('almonry', jsonb_build_object('asOf', now())::text);
  recorded := true;
  return next;
end $$;

-- A gift by hand as record_cash takes it, for a fund of the organisation that it names, with its trace in the trail: who gave is
-- not in it.
create function record_cash_gift(p_gift jsonb, p_staff jsonb) returns table (cash_gift_id bigint, payment_id bigint, recorded boolean)
language plpgsql set jit = off as $$
begin
  perform take_ledger_lock();
  perform named_fund(p_gift ->> 'fund', named_organisation(p_gift ->> 'organisation'));
  select r.cash_gift_id, r.payment_id, r.recorded into cash_gift_id, payment_id, recorded from record_cash(p_gift) r;
  if recorded then
    perform record_change(p_staff, 'recorded', 'cash gift', 'cash_' || g.id, null, jsonb_build_object(
      'fund', f.slug, 'day', g.occurred_on, 'currency', g.currency, 'amountMinor', g.amount_minor,
      'organisations', jsonb_build_array(o.slug)
    ))
    from cash_gift g join fund f on f.id = g.fund_id left join organisation o on o.id = g.organisation_id
    where g.id = record_cash_gift.cash_gift_id;
  end if;
  return next;
end $$;

-- What sources have put where it can be spent, as posted, and since when.
create function spendable_of(p_sources book_source[])
returns table (organisation_id bigint, fund_id bigint, currency text, amount_minor bigint, since date) language sql stable as $$
  select e.organisation_id, l.fund_id, l.currency, sum(l.amount_minor)::bigint, min(e.entered_on)
  from unnest(p_sources) s
  join journal_entry e on e.source_id = s.source_id and e.source = s.source and e.account_id is not distinct from s.account_id
  join journal_line l on l.entry_id = e.id
  where l.fund_id is not null and is_spendable(l.code)
  group by 1, 2, 3
$$;

create type spendable as (organisation_id bigint, fund_id bigint, currency text, amount_minor bigint, since date);

-- Posts sources anew after a decision, which takes out of no restricted fund what is not there any more.
create function post_decided(p_sources book_source[]) returns void language plpgsql as $$
declare
  v_before spendable[] := array(select row(s.*)::spendable from spendable_of(p_sources) s);
  v_less record;
begin
  perform post_sources(p_sources);
  for v_less in
    select organisation_id, fund_id, currency, least(a.since, b.since) as since
    from unnest(v_before) b
    full join spendable_of(p_sources) a using (organisation_id, fund_id, currency)
    where coalesce(a.amount_minor, 0) < coalesce(b.amount_minor, 0)
    order by 1, 2, 3
  loop
    perform refuse_overdrawn(v_less.organisation_id, v_less.fund_id, v_less.currency, v_less.since);
  end loop;
end $$;

-- Takes back what was recorded by hand: { request, move? | payment? (its key, such as cash_12), note (why) }. A payment to a
-- partner is taken back on both sides.
create function record_void(p_void jsonb, p_staff jsonb) returns table (move_id bigint, recorded boolean) language plpgsql as $$
declare
  v_move money_move;
  v_payment payment;
  v_organisation organisation;
  v_sources book_source[];
begin
  move_id := known_move(p_void ->> 'request');
  recorded := move_id is null;
  if not recorded then
    return next;
    return;
  end if;
  if words_of(p_void, 'note') = '' then
    raise exception 'say why it is voided' using errcode = 'check_violation';
  end if;
  select m.* into v_move from money_move m where m.id = (p_void ->> 'move')::bigint;
  select m.* into v_move from money_move m where m.id = coalesce(v_move.counterpart_of, v_move.id);
  select p.* into v_payment from payment p where p.account_id is null and p.key = p_void ->> 'payment';
  if num_nonnulls(v_move.id, v_payment.id) <> 1 then
    raise exception 'there is nothing of that number to void' using errcode = 'no_data_found';
  end if;
  if v_move.kind = 'void' then
    raise exception 'a void is not voided: record anew what it took back' using errcode = 'check_violation';
  end if;
  if exists (select from money_move m where m.voids = v_move.id or m.voids_payment = v_payment.key) then
    raise exception '% is voided already', coalesce(v_move.key, v_payment.key) using errcode = 'check_violation';
  end if;
  select o.* into v_organisation from organisation o where o.id = coalesce(v_move.organisation_id, v_payment.organisation_id);
  if v_organisation.id is null then
    raise exception '% is not of an organisation yet', v_payment.key using errcode = 'check_violation';
  end if;

  insert into money_move (request, organisation_id, kind, day, note, partner_id, voids, voids_payment, line_count, made_by)
  values (
    p_void ->> 'request', v_organisation.id, 'void', organisation_day(v_organisation.id, now()), words_of(p_void, 'note'),
    v_move.partner_id, v_move.id, v_payment.key, 0, p_staff ->> 'id'
  )
  returning id into move_id;
  if v_payment.id is not null then
    update variant v set stock = v.stock + s.quantity from cash_sale s where s.id = v_payment.cash_sale_id and v.id = s.variant_id;
    perform store_payments(array[v_payment.id]);
  end if;
  v_sources := array(
    select row('command', null, m.key)::book_source from money_move m where v_move.id in (m.id, m.counterpart_of)
    union all
    select row('command', null, v_payment.key)::book_source where v_payment.id is not null
  );
  perform post_decided(v_sources);
  perform record_move_change(move_id, 'voided', p_staff);
  perform pg_notify('almonry', jsonb_build_object('asOf', now())::text);
  return next;
end $$;

-- Corrects gifts: { request, gifts: [{ payment (its number), part }], plan? (all of its plan from this gift on), reason, and any of
-- fund, campaign ("" for none), person ({ email | person | name }, {} for nobody known), kind }. Unlike a transfer this moves the
-- donor, too. Answers how many payments it concerned; the same request again answers 0.
create function correct_gifts(p_correction jsonb, p_staff jsonb) returns bigint language plpgsql set jit = off as $$
declare
  v_each record;
  v_fund fund;
  v_campaign campaign;
  v_kind text := p_correction ->> 'kind';
  v_has_campaign boolean := p_correction ? 'campaign';
  v_has_person boolean := p_correction ? 'person';
  v_identity text;
  v_plan boolean := coalesce((p_correction ->> 'plan')::boolean, false);
  v_payments bigint[] := '{}';
begin
  perform take_ledger_lock();
  if exists (select from correction c where c.request = p_correction ->> 'request') then
    return 0;
  end if;
  if words_of(p_correction, 'reason') = '' then
    raise exception 'say why this is corrected' using errcode = 'check_violation';
  end if;
  if not (p_correction ? 'fund' or v_has_campaign or v_has_person or v_kind is not null) then
    raise exception 'nothing was said to be otherwise' using errcode = 'check_violation';
  end if;
  if jsonb_array_length(p_correction -> 'gifts') not between 1 and 500 then
    raise exception 'choose at least one gift, and at most 500' using errcode = 'check_violation';
  end if;
  if p_correction ? 'fund' then
    select * into v_fund from fund where slug = p_correction ->> 'fund';
    if v_fund.id is null then
      raise exception 'there is no fund %', p_correction ->> 'fund' using errcode = 'no_data_found';
    end if;
  end if;
  if v_has_campaign and p_correction ->> 'campaign' <> '' then
    select * into v_campaign from campaign where slug = p_correction ->> 'campaign';
    if v_campaign.id is null then
      raise exception 'there is no campaign %', p_correction ->> 'campaign' using errcode = 'no_data_found';
    end if;
  end if;
  if v_has_person then
    v_identity := named_identity(p_correction -> 'person');
  end if;

  for v_each in
    select
      asked.payment as asked_id, asked.part as asked_part, p as payment, g as gift,
      o.slug as organisation, f.slug as fund, c.slug as campaign
    from jsonb_to_recordset(p_correction -> 'gifts') asked (payment bigint, part text)
    left join payment p on p.id = asked.payment and p.state = 'succeeded'
    left join gift g on g.payment_id = p.id and g.part = asked.part
    left join organisation o on o.id = p.organisation_id
    left join fund f on f.id = g.fund_id
    left join campaign c on c.id = g.campaign_id
    order by asked.payment, asked.part
  loop
    if (v_each.payment).id is null
      or ((v_each.gift).payment_id is null and ((v_each.payment).kind = 'order' or v_each.asked_part <> 'whole')) then
      raise exception 'there is no gift % %', v_each.asked_id, v_each.asked_part using errcode = 'no_data_found';
    end if;
    if (v_each.gift).payment_id is null and v_kind is distinct from 'gift' then
      raise exception 'payment % is no gift: say that it is one', (v_each.payment).key using errcode = 'check_violation';
    end if;
    if v_kind is not null and (v_each.payment).kind = 'order' then
      raise exception 'payment % is an order of ours: what was given in it stays a gift', (v_each.payment).key using errcode = 'check_violation';
    end if;
    if v_kind in ('other income', 'not ours') and (v_fund.id is not null or v_campaign.id is not null) then
      raise exception 'only a gift is for a fund or a campaign' using errcode = 'check_violation';
    end if;
    if v_fund.id is not null and not is_fund_of(v_fund.id, (v_each.payment).organisation_id) then
      raise exception 'payment % came to %, and fund % is not one of its funds', (v_each.payment).key, coalesce(v_each.organisation, 'nobody yet'),
        v_fund.slug using errcode = 'check_violation';
    end if;
    if v_fund.archived_on <= (v_each.payment).occurred_on then
      raise exception 'fund % was closed on %', v_fund.slug, v_fund.archived_on using errcode = 'check_violation';
    end if;
    if v_campaign.id is not null and v_campaign.fund_id is distinct from coalesce(v_fund.id, (v_each.gift).fund_id) then
      raise exception 'campaign % is for another fund', v_campaign.slug using errcode = 'check_violation';
    end if;
    if v_plan and (v_each.gift).subscription is null then
      raise exception 'payment % is of no plan', (v_each.payment).key using errcode = 'check_violation';
    end if;

    insert into correction (
      request, account_id, payment_key, part, subscription, since, fund_id, has_campaign, campaign_id, has_person, identity_key, kind,
      reason, made_by
    )
    values (
      p_correction ->> 'request', (v_each.payment).account_id,
      case when not v_plan then (v_each.payment).key end, case when not v_plan then v_each.asked_part end,
      case when v_plan then (v_each.gift).subscription end, case when v_plan then (v_each.gift).occurred_on end,
      v_fund.id, v_has_campaign, v_campaign.id, v_has_person, v_identity, v_kind, words_of(p_correction, 'reason'), p_staff ->> 'id'
    )
    on conflict do nothing;
    v_payments := v_payments || (v_each.payment).id;
    if v_plan then
      v_payments := v_payments || array(
        select distinct g.payment_id from gift g
        where g.subscription = (v_each.gift).subscription and g.account_id = (v_each.payment).account_id
          and g.occurred_on >= (v_each.gift).occurred_on
      );
    end if;
    perform record_change(p_staff, 'corrected', 'gift', (v_each.payment).key || ' ' || v_each.asked_part,
      jsonb_build_object(
        'fund', v_each.fund, 'campaign', v_each.campaign, 'kind', (v_each.payment).kind, 'organisations', jsonb_build_array(v_each.organisation)
      ),
      jsonb_strip_nulls(jsonb_build_object(
        'fund', v_fund.slug, 'campaign', case when v_has_campaign then coalesce(v_campaign.slug, '') end, 'kind', v_kind,
        'person', case when v_has_person then 'another' end, 'plan', case when v_plan then (v_each.gift).subscription end
      )) || jsonb_build_object('organisations', jsonb_build_array(v_each.organisation))
    );
  end loop;

  v_payments := array(select distinct p from unnest(v_payments) p order by p);
  perform store_payments(v_payments);
  perform post_decided(array(select s from sources_touched_by('[]', v_payments) s));
  perform pg_notify('almonry', jsonb_build_object('asOf', now())::text);
  return cardinality(v_payments);
end $$;

-- Gifts that wait for a fund, with the one that they would probably go to: where the same person's last gift through that
-- account went, else where somebody last sent one of the same description, else the general fund.
create view unassigned_gift as
select
  g.payment_id, g.part, g.account_id, g.organisation_id, g.occurred_on, g.counted_on, g.identity_id, g.currency, g.amount_minor,
  g.returned_minor, g.subscription, p.key, charge.description,
  coalesce(theirs.fund_id, alike.fund_id, general_fund(g.organisation_id)) as likely_fund_id,
  case when theirs.fund_id is not null then 'person' when alike.fund_id is not null then 'description' else 'general' end as because
from gift g
join payment p on p.id = g.payment_id
left join lateral (
  select c.description from stripe_charge c
  where c.account_id = p.account_id and coalesce(c.payment_intent, c.id) = p.key
  order by charge_rank(c.status) desc, c.created, c.id limit 1
) charge on true
left join lateral (
  select other.fund_id
  from gift other
  where other.identity_id = g.identity_id and other.account_id = g.account_id and other.fund_id is not null
  order by other.counted_on desc, other.payment_id desc limit 1
) theirs on true
left join lateral (
  select c.fund_id
  from correction c
  join stripe_charge said on said.account_id = c.account_id and coalesce(said.payment_intent, said.id) = c.payment_key
  where c.account_id = g.account_id and c.fund_id is not null and said.description = charge.description
  order by c.id desc limit 1
) alike on true
where g.fund_id is null;

-- Money at Stripe that the journal holds in suspense, and whether a person may say what it is.
create view suspense_line as
select
  e.organisation_id, e.account_id, e.source_id as balance_transaction, min(e.entered_on) as entered_on, l.currency,
  -sum(l.amount_minor)::bigint as amount_minor, bt.type, bt.description, bt.created,
  becomes(bt) is distinct from 'payout' as can_be_assigned
from journal_line l
join journal_entry e on e.id = l.entry_id and e.source = 'balance transaction'
join stripe_balance_transaction bt on bt.account_id = e.account_id and bt.id = e.source_id
where l.code = '2900'
group by e.organisation_id, e.account_id, e.source_id, l.currency, bt.account_id, bt.id
having sum(l.amount_minor) <> 0;

-- Says what money in suspense is: { lines: [{ account, id }], code, fund, reason }. Gifts, sales and what Stripe itself explains
-- are not said by hand. Answers how many were assigned.
create function assign_suspense(p_assignment jsonb, p_staff jsonb) returns bigint language plpgsql as $$
declare
  v_line record;
  v_fund fund;
  v_code text := p_assignment ->> 'code';
  v_sources book_source[] := '{}';
begin
  perform take_ledger_lock();
  if words_of(p_assignment, 'reason') = '' then
    raise exception 'say how you know' using errcode = 'check_violation';
  end if;
  if v_code is null or v_code not in ('1105', '1120', '2000', '2300', '4400', '5000', '5010', '5300', '5320', '6900', '6910', '7000') then
    raise exception 'account % is not for unknown money', coalesce(v_code, 'without a number') using errcode = 'check_violation';
  end if;
  if coalesce(jsonb_array_length(p_assignment -> 'lines'), 0) not between 1 and 500 then
    raise exception 'choose at least one line, and at most 500' using errcode = 'check_violation';
  end if;
  for v_line in
    select asked.account as asked_account, asked.id as asked_id, s.*, o as organisation
    from jsonb_to_recordset(p_assignment -> 'lines') asked (account text, id text)
    left join account a on a.slug = asked.account
    left join suspense_line s on s.account_id = a.id and s.balance_transaction = asked.id
    left join organisation o on o.id = s.organisation_id
  loop
    if v_line.balance_transaction is null then
      raise exception '% is not in suspense', v_line.asked_id using errcode = 'no_data_found';
    end if;
    if not v_line.can_be_assigned then
      raise exception '% explains itself as soon as its payout is known', v_line.asked_id using errcode = 'check_violation';
    end if;
    v_fund := named_fund(p_assignment ->> 'fund', v_line.organisation);
    insert into suspense_assignment (account_id, balance_transaction, code, fund_id, reason, made_by)
    values (v_line.account_id, v_line.balance_transaction, v_code, v_fund.id, words_of(p_assignment, 'reason'), p_staff ->> 'id');
    v_sources := v_sources || row('balance transaction', v_line.account_id, v_line.balance_transaction)::book_source;
    perform record_change(p_staff, 'assigned', 'suspense', v_line.balance_transaction, null, jsonb_build_object(
      'account', v_code, 'fund', v_fund.slug, 'currency', v_line.currency, 'amountMinor', v_line.amount_minor,
      'organisations', jsonb_build_array((v_line.organisation).slug)
    ));
  end loop;
  perform post_decided(v_sources);
  perform pg_notify('almonry', jsonb_build_object('asOf', now())::text);
  return cardinality(v_sources);
end $$;
