-- Totals and the giving chain, kept by triggers in the transaction that writes a gift, sale or return. Their cost is
-- that of the rows touched, and no page counts gifts.

-- What figures can be asked for: everything, everything public, what waits for a fund, a fund, a campaign, an
-- organisation, a fund at an organisation, what waits for a fund at an organisation.
create table scope (
  id bigint generated always as identity primary key,
  key text collate "C" not null constraint a_scope_is_known_once unique
);

create function scope_keys(p_fund_id bigint, p_campaign_id bigint, p_organisation_id bigint) returns text[]
language sql stable parallel safe as $$
  select array_remove(array[
    'all',
    case when p_fund_id is null or (select f.is_public from fund f where f.id = p_fund_id) then 'public' end,
    case when p_fund_id is null then 'unassigned' else 'fund/' || p_fund_id end,
    'campaign/' || p_campaign_id,
    'organisation/' || p_organisation_id,
    case when p_fund_id is null then 'unassigned' else 'fund/' || p_fund_id end || '/organisation/' || p_organisation_id
  ], null)
$$;

create function scope_id(p_key text) returns bigint language sql stable parallel safe as $$
  select id from scope where key = p_key
$$;

-- Sums by scope, month and day. Sold is goods without shipping; unassigned sales have no fund.
create table total (
  scope_id bigint not null references scope,
  grain text not null constraint totals_are_kept_by_day_and_month check (grain in ('day', 'month')),
  starts_on date not null,
  currency text not null,
  given_minor bigint not null default 0,
  returned_minor bigint not null default 0,
  gifts bigint not null default 0,
  unnamed_gifts bigint not null default 0,
  awaiting_conversion bigint not null default 0,
  sold_minor bigint not null default 0,
  shipping_minor bigint not null default 0,
  units bigint not null default 0,
  primary key (scope_id, grain, starts_on, currency),
  constraint a_month_starts_on_its_first check (grain = 'day' or starts_on = month_of(starts_on))
);

-- What a row adds to the totals; the same shape whether it came from a gift, a sale or a return.
create type total_change as (
  fund_id bigint, campaign_id bigint, organisation_id bigint, day date, currency text,
  given_minor bigint, returned_minor bigint, gifts bigint, unnamed_gifts bigint, awaiting_conversion bigint,
  sold_minor bigint, shipping_minor bigint, units bigint
);

create function change_totals(p_changes total_change[]) returns void language plpgsql as $$
begin
  insert into scope (key)
  select distinct k.key
  from (select distinct c.fund_id, c.campaign_id, c.organisation_id from unnest(p_changes) c) c
  cross join lateral unnest(scope_keys(c.fund_id, c.campaign_id, c.organisation_id)) k (key)
  where not exists (select from scope where scope.key = k.key)
  on conflict do nothing;

  insert into total as t (
    scope_id, grain, starts_on, currency, given_minor, returned_minor, gifts, unnamed_gifts, awaiting_conversion,
    sold_minor, shipping_minor, units
  )
  select
    scope.id, grain.name, case grain.name when 'day' then c.day else month_of(c.day) end, c.currency,
    sum(c.given_minor), sum(c.returned_minor), sum(c.gifts), sum(c.unnamed_gifts), sum(c.awaiting_conversion),
    sum(c.sold_minor), sum(c.shipping_minor), sum(c.units)
  from (
    select
      u.fund_id, u.campaign_id, u.organisation_id, u.day, u.currency,
      sum(u.given_minor)::bigint as given_minor, sum(u.returned_minor)::bigint as returned_minor, sum(u.gifts)::bigint as gifts,
      sum(u.unnamed_gifts)::bigint as unnamed_gifts, sum(u.awaiting_conversion)::bigint as awaiting_conversion,
      sum(u.sold_minor)::bigint as sold_minor, sum(u.shipping_minor)::bigint as shipping_minor, sum(u.units)::bigint as units
    from unnest(p_changes) u
    group by 1, 2, 3, 4, 5
  ) c
  cross join lateral unnest(scope_keys(c.fund_id, c.campaign_id, c.organisation_id)) k (key)
  join scope on scope.key = k.key
  cross join (values ('day'), ('month')) grain (name)
  where (c.given_minor, c.returned_minor, c.gifts, c.unnamed_gifts, c.awaiting_conversion, c.sold_minor, c.shipping_minor, c.units)
    <> (0, 0, 0, 0, 0, 0, 0, 0)
  group by 1, 2, 3, 4
  on conflict (scope_id, grain, starts_on, currency) do update set
    given_minor = t.given_minor + excluded.given_minor,
    returned_minor = t.returned_minor + excluded.returned_minor,
    gifts = t.gifts + excluded.gifts,
    unnamed_gifts = t.unnamed_gifts + excluded.unnamed_gifts,
    awaiting_conversion = t.awaiting_conversion + excluded.awaiting_conversion,
    sold_minor = t.sold_minor + excluded.sold_minor,
    shipping_minor = t.shipping_minor + excluded.shipping_minor,
    units = t.units + excluded.units;
end $$;

create function gift_change(g gift, p_sign bigint) returns total_change language sql immutable parallel safe as $$
  select row(
    g.fund_id, g.campaign_id, g.organisation_id, g.counted_on, g.currency,
    p_sign * coalesce(g.amount_minor, 0), 0,
    p_sign * (not g.wholly_returned)::int,
    p_sign * (not g.wholly_returned and g.identity_id is null)::int,
    p_sign * (g.amount_minor is null)::int,
    0, 0, 0
  )::total_change
$$;

create function sale_change(s sale, p_sign bigint) returns total_change language sql immutable parallel safe as $$
  select row(
    s.fund_id, s.campaign_id, s.organisation_id, s.counted_on, s.currency,
    0, 0, 0, 0, 0,
    p_sign * case when s.is_shipping then 0 else coalesce(s.amount_minor, 0) end,
    p_sign * case when s.is_shipping then coalesce(s.amount_minor, 0) else 0 end,
    p_sign * s.quantity
  )::total_change
$$;

create function return_change(r return_part, p_sign bigint) returns total_change language sql immutable parallel safe as $$
  select row(
    r.fund_id, r.campaign_id, r.organisation_id, r.counted_on, r.currency,
    0, p_sign * case when r.is_sale then 0 else coalesce(r.amount_minor, 0) end, 0, 0, 0, 0, 0, 0
  )::total_change
$$;

-- The giving chain: one row per scope, person and day with a gift (or, as supporter, a gift or purchase), and the same
-- person's previous such day in that scope. The people of any window are the rows in it whose previous day lies before
-- it: each person is counted once, at the first gift in the window.
-- Ten rows a gift, so it carries no foreign keys: gifts and sales do, and only rechain() writes here.
create table giving_day (
  scope_id bigint not null,
  kind text collate "C" not null constraint people_are_donors_or_supporters check (kind in ('donor', 'supporter')),
  person_id bigint not null,
  day date not null,
  previous date,
  primary key (person_id, day, scope_id, kind),
  constraint the_previous_day_is_earlier check (previous < day)
);
create index giving_day_in_window on giving_day (scope_id, kind, day, previous);
create index giving_day_by_previous on giving_day (scope_id, kind, previous, day) where previous is not null;

-- The chain folded: how many rows of a month have their previous day in which month.
create table giving_month (
  scope_id bigint not null references scope,
  kind text collate "C" not null,
  month date not null,
  previous_month date,
  people bigint not null constraint there_are_no_negative_people check (people >= 0),
  constraint a_month_and_its_previous_are_counted_once unique nulls not distinct (scope_id, kind, month, previous_month)
);

create type person_day as (person_id bigint, day date);

-- Who gave (or bought) what day in which scope, from the stored rows of these people and days. Each step is a lookup of
-- its own (offset 0): left to itself, a planner that has no statistics yet reads whole tables.
create function giving_of(p_days person_day[]) returns table (scope_id bigint, kind text, person_id bigint, day date)
language sql stable as $$
  with given as materialized (
    select distinct d.person_id, d.day, given.fund_id, given.campaign_id, given.organisation_id, given.is_gift
    from unnest(p_days) d
    cross join lateral (select i.id from identity i where i.person_id = d.person_id offset 0) i
    cross join lateral (
      select g.fund_id, g.campaign_id, g.organisation_id, true as is_gift
      from gift g
      where g.identity_id = i.id and g.counted_on = d.day and not g.wholly_returned
      union all
      select s.fund_id, s.campaign_id, s.organisation_id, false
      from sale s
      where s.identity_id = i.id and s.counted_on = d.day and not s.wholly_returned
      offset 0
    ) given
  ), place as materialized (
    select place.fund_id, place.campaign_id, place.organisation_id, scope.id as scope_id
    from (select distinct fund_id, campaign_id, organisation_id from given) place
    cross join lateral unnest(scope_keys(place.fund_id, place.campaign_id, place.organisation_id)) k (key)
    join scope on scope.key = k.key
  )
  select distinct place.scope_id, kind.name, given.person_id, given.day
  from given
  join place on (place.fund_id, place.campaign_id, place.organisation_id)
    is not distinct from (given.fund_id, given.campaign_id, given.organisation_id)
  join (values ('supporter', false), ('donor', true)) kind (name, needs_gift) on given.is_gift or not kind.needs_gift
$$;

-- Brings the chain of these people up to date for these days, in scopes that change_totals has made. It compares what is with what should be, so calling it
-- twice, or for a day on which nothing changed, does nothing.
create function rechain(p_days person_day[]) returns void language plpgsql set enable_seqscan = off as $$
declare
  v_people bigint[] := array(select distinct person_id from unnest(p_days));
  v_came giving_day[];
  v_went giving_day[];
  v_before giving_day[];
  v_after giving_day[];
  v_added giving_day[];
  v_moved giving_day[];
begin
  with should as materialized (
    select g.scope_id, g.kind collate "C" as kind, g.person_id, g.day from giving_of(p_days) g
  ), have as materialized (
    select distinct h.scope_id, h.kind, h.person_id, h.day
    from unnest(p_days) d
    join giving_day h on h.person_id = d.person_id and h.day = d.day
  )
  select
    (select array_agg(row(c.scope_id, c.kind, c.person_id, c.day, null)::giving_day) from (table should except table have) c),
    (select array_agg(row(w.scope_id, w.kind, w.person_id, w.day, null)::giving_day) from (table have except table should) w)
  into v_came, v_went;
  if v_came is null and v_went is null then
    return;
  end if;

  -- The people's days are read by person alone: asked by scope too, a planner that has no statistics yet reads the scope.
  with chain as materialized (
    select scope_id, kind, person_id from unnest(v_came)
    union
    select scope_id, kind, person_id from unnest(v_went)
  ), of_people as materialized (
    select scope_id, kind, person_id, day, previous from giving_day where person_id = any (v_people)
  ), before as materialized (
    select d.scope_id, d.kind, d.person_id, d.day, d.previous
    from chain
    join of_people d using (scope_id, kind, person_id)
  ), days as (
    select scope_id, kind, person_id, day from before
    union
    select scope_id, kind, person_id, day from unnest(v_came)
    except
    select scope_id, kind, person_id, day from unnest(v_went)
  ), after as materialized (
    select scope_id, kind, person_id, day, lag(day) over (partition by scope_id, kind, person_id order by day) as previous
    from days
  ), change as materialized (
    select
      row(b.scope_id, b.kind, b.person_id, b.day, b.previous)::giving_day as was,
      row(a.scope_id, a.kind, a.person_id, a.day, a.previous)::giving_day as is_now,
      b.day is not null as stood,
      a.day is not null as stands
    from before b
    full join after a using (scope_id, kind, person_id, day)
    where b.day is null or a.day is null or b.previous is distinct from a.previous
  )
  select
    (select array_agg(was) from change where stood),
    (select array_agg(is_now) from change where stands),
    (select array_agg(is_now) from change where stands and not stood),
    (select array_agg(is_now) from change where stands and stood)
  into v_before, v_after, v_added, v_moved;

  delete from giving_day d
  using unnest(v_went) w
  where (d.person_id, d.day, d.scope_id, d.kind) = (w.person_id, w.day, w.scope_id, w.kind);
  update giving_day d set previous = m.previous
  from unnest(v_moved) m
  where (d.person_id, d.day, d.scope_id, d.kind) = (m.person_id, m.day, m.scope_id, m.kind);
  insert into giving_day (scope_id, kind, person_id, day, previous)
  select scope_id, kind, person_id, day, previous from unnest(v_added);

  insert into giving_month as m (scope_id, kind, month, previous_month, people)
  select scope_id, kind, month_of(day), month_of(previous), count(*)
  from unnest(v_after)
  group by 1, 2, 3, 4
  on conflict (scope_id, kind, month, previous_month) do update set people = m.people + excluded.people;

  update giving_month m
  set people = m.people - b.people
  from (
    select scope_id, kind, month_of(day) as month, month_of(previous) as previous_month, count(*) as people
    from unnest(v_before)
    group by 1, 2, 3, 4
  ) b
  where (m.scope_id, m.kind, m.month) = (b.scope_id, b.kind, b.month) and m.previous_month is not distinct from b.previous_month;

  delete from giving_month m
  using (select distinct scope_id, kind, month_of(day) as month from unnest(v_before)) b
  where (m.scope_id, m.kind, m.month) = (b.scope_id, b.kind, b.month) and m.people = 0;
end $$;
