-- The audit recomputes everything from the facts and names each difference. One statement, so one snapshot; it works
-- beside a running service. What waits for the next drain is listed as pending and not compared.
create function audit() returns table (finding text, subject text, stored text, expected text) language sql stable as $$
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
    row(p.state, p.kind, p.order_id, p.organisation_id, p.occurred_on, p.currency, p.amount_minor, p.contradicts)::text,
    row(v.state, v.kind, v.order_id, v.organisation_id, v.occurred_on, v.currency, v.amount_minor, v.contradicts)::text
  from payment p
  left join payment_view v on v.payment_id = p.id
  where p.id not in (select payment_id from pending)
    and (p.state, p.kind, p.order_id, p.organisation_id, p.occurred_on, p.currency, p.amount_minor, p.contradicts)
      is distinct from (v.state, v.kind, v.order_id, v.organisation_id, v.occurred_on, v.currency, v.amount_minor, v.contradicts)
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
  select 'pending', 'payment ' || p.key, 'waits for the next drain', null
  from pending join payment p on p.id = pending.payment_id
$$;
