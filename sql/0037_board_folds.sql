-- What the board asks beside the totals, folded as they are: kept by triggers in the transaction that writes, for everything, each
-- organisation, fund and campaign. Each fold has a view that says what it should be, and a function that makes it anew from that.

-- The scopes of the board. `calendar_id` is the organisation whose fiscal years are a scope's: its own, else the first one's, and 0
-- while there is none.
create function first_organisation() returns bigint language sql stable as $$
  select o.id from organisation o where o.archived_on is null order by o.position, o.id limit 1
$$;

create view board_scope as
select s.id, s.key, coalesce(substring(s.key from '^organisation/([0-9]+)$')::bigint, first_organisation(), 0) as calendar_id
from scope s
where s.key = 'all' or s.key ~ '^(organisation|fund|campaign)/[0-9]+$';

create function board_scope_keys(p_fund_id bigint, p_campaign_id bigint, p_organisation_id bigint) returns text[]
language sql immutable parallel safe as $$
  select array_remove(array['all', 'fund/' || p_fund_id, 'campaign/' || p_campaign_id, 'organisation/' || p_organisation_id], null)
$$;

-- The first day of the fiscal year in which a month lies: of the last month up to it that began a year by the calendar in force
-- then. So each day has one year, also where the calendar changes, which makes one year shorter or longer.
create function fiscal_year_of(p_organisation_id bigint, p_month date) returns date language plpgsql stable as $$
declare
  v_month date := month_of(p_month);
begin
  if not exists (select from organisation_calendar c where c.organisation_id = p_organisation_id) then
    return date_trunc('year', v_month::timestamp)::date;
  end if;
  while fiscal_year_start(p_organisation_id, v_month) <> extract(month from v_month) loop
    v_month := (v_month - interval '1 month')::date;
  end loop;
  return v_month;
end $$;

-- How many gifts of which amount: gifts not wholly returned whose amount is known. A band holds all amounts with the same first two
-- digits: there are few of them however many amounts people give, and each bar of the histogram is made of whole ones.
create table gift_size (
  scope_id bigint not null references scope,
  currency text collate "C" not null,
  amount_minor bigint not null,
  month date not null,
  gifts bigint not null constraint there_are_gifts_of_a_size check (gifts > 0),
  primary key (scope_id, currency, amount_minor, month)
);

create table gift_band (
  scope_id bigint not null references scope,
  currency text collate "C" not null,
  month date not null,
  band_minor bigint not null,
  gifts bigint not null constraint there_are_gifts_in_a_band check (gifts > 0),
  given_minor bigint not null,
  primary key (scope_id, currency, month, band_minor)
);

create function band_of(p_amount_minor bigint) returns bigint language sql immutable parallel safe as $$
  select case when p_amount_minor < 100 then p_amount_minor
    else (substr(p_amount_minor::text, 1, 2) || repeat('0', length(p_amount_minor::text) - 2))::bigint end
$$;

-- The least amount that is above a band.
create function band_end(p_band_minor bigint) returns bigint language sql immutable parallel safe as $$
  select case when p_band_minor < 100 then p_band_minor + 1
    else p_band_minor + ('1' || repeat('0', length(p_band_minor::text) - 2))::bigint end
$$;

create function has_size(g gift) returns boolean language sql immutable parallel safe as $$
  select not g.wholly_returned and g.amount_minor is not null
$$;

-- Each place once, and a join by equality, so that no gift asks for its scopes.
create view gift_size_view as
with given as materialized (
  select coalesce(g.fund_id, 0) as fund_id, coalesce(g.campaign_id, 0) as campaign_id, coalesce(g.organisation_id, 0) as organisation_id,
    g.currency collate "C" as currency, g.amount_minor, month_of(g.counted_on) as month, count(*) as gifts
  from gift g
  where has_size(g)
  group by 1, 2, 3, 4, 5, 6
), place as materialized (
  select p.*, b.id as scope_id
  from (select distinct fund_id, campaign_id, organisation_id from given) p
  cross join lateral unnest(board_scope_keys(nullif(p.fund_id, 0), nullif(p.campaign_id, 0), nullif(p.organisation_id, 0))) k (key)
  join board_scope b on b.key = k.key
)
select place.scope_id, given.currency, given.amount_minor, given.month, sum(given.gifts)::bigint as gifts
from given
join place using (fund_id, campaign_id, organisation_id)
group by 1, 2, 3, 4;

create view gift_band_view as
select scope_id, currency, month, band_of(amount_minor) as band_minor, sum(gifts)::bigint as gifts,
  sum(gifts * amount_minor)::bigint as given_minor
from gift_size_view
group by 1, 2, 3, 4;

create function fold_gift_sizes() returns void language plpgsql set work_mem = '64MB' as $$
begin
  perform take_ledger_lock();
  delete from gift_size;
  delete from gift_band;
  insert into gift_size (scope_id, currency, amount_minor, month, gifts)
  select scope_id, currency, amount_minor, month, gifts from gift_size_view;
  insert into gift_band (scope_id, currency, month, band_minor, gifts, given_minor)
  select scope_id, currency, month, band_of(amount_minor), sum(gifts), sum(gifts * amount_minor)
  from gift_size
  group by 1, 2, 3, 4;
end $$;

-- Takes the sizes of the old rows away and adds those of the new ones. What comes to nothing goes first; then what stands is
-- written whole. Everything is looked up by key (enable_seqscan off), as in rechain.
create function change_sizes(p_old gift[], p_new gift[]) returns void language plpgsql set enable_seqscan = off as $$
declare
  v_changes gift_size[];
begin
  with change as materialized (
    select g.fund_id, g.campaign_id, g.organisation_id, g.currency, g.amount_minor, g.month, sum(g.gifts)::bigint as gifts
    from (
      select o.fund_id, o.campaign_id, o.organisation_id, o.currency, o.amount_minor, month_of(o.counted_on) as month, -1 as gifts
      from unnest(p_old) o where has_size(o)
      union all
      select n.fund_id, n.campaign_id, n.organisation_id, n.currency, n.amount_minor, month_of(n.counted_on), 1
      from unnest(p_new) n where has_size(n)
    ) g
    group by 1, 2, 3, 4, 5, 6
    having sum(g.gifts) <> 0
  ), place as materialized (
    select place.fund_id, place.campaign_id, place.organisation_id, scope.id as scope_id
    from (select distinct fund_id, campaign_id, organisation_id from change) place
    cross join lateral unnest(board_scope_keys(place.fund_id, place.campaign_id, place.organisation_id)) k (key)
    join scope on scope.key = k.key
  )
  select array_agg(row(c.scope_id, c.currency, c.amount_minor, c.month, c.gifts)::gift_size) into v_changes
  from (
    select place.scope_id, change.currency, change.amount_minor, change.month, sum(change.gifts)::bigint as gifts
    from change
    join place on (place.fund_id, place.campaign_id, place.organisation_id)
      is not distinct from (change.fund_id, change.campaign_id, change.organisation_id)
    group by 1, 2, 3, 4
    having sum(change.gifts) <> 0
  ) c;
  if v_changes is null then
    return;
  end if;

  if exists (select from unnest(v_changes) c where c.gifts < 0) then
    delete from gift_size t
    using unnest(v_changes) c
    where (t.scope_id, t.currency, t.amount_minor, t.month) = (c.scope_id, c.currency, c.amount_minor, c.month) and t.gifts + c.gifts = 0;
    delete from gift_band t
    using (
      select c.scope_id, c.currency, c.month, band_of(c.amount_minor) as band_minor, sum(c.gifts)::bigint as gifts
      from unnest(v_changes) c group by 1, 2, 3, 4
    ) c
    where (t.scope_id, t.currency, t.month, t.band_minor) = (c.scope_id, c.currency, c.month, c.band_minor) and t.gifts + c.gifts = 0;
  end if;
  insert into gift_size as t (scope_id, currency, amount_minor, month, gifts)
  select c.scope_id, c.currency, c.amount_minor, c.month, coalesce(was.gifts, 0) + c.gifts
  from unnest(v_changes) c
  left join lateral (
    select s.gifts from gift_size s
    where (s.scope_id, s.currency, s.amount_minor, s.month) = (c.scope_id, c.currency, c.amount_minor, c.month) offset 0
  ) was on true
  where coalesce(was.gifts, 0) + c.gifts > 0
  on conflict (scope_id, currency, amount_minor, month) do update set gifts = excluded.gifts;
  insert into gift_band as t (scope_id, currency, month, band_minor, gifts, given_minor)
  select c.scope_id, c.currency, c.month, c.band_minor, coalesce(was.gifts, 0) + c.gifts, coalesce(was.given_minor, 0) + c.given_minor
  from (
    select c.scope_id, c.currency, c.month, band_of(c.amount_minor) as band_minor, sum(c.gifts)::bigint as gifts,
      sum(c.gifts * c.amount_minor)::bigint as given_minor
    from unnest(v_changes) c
    group by 1, 2, 3, 4
    having sum(c.gifts) <> 0 or sum(c.gifts * c.amount_minor) <> 0
  ) c
  left join lateral (
    select b.gifts, b.given_minor from gift_band b
    where (b.scope_id, b.currency, b.month, b.band_minor) = (c.scope_id, c.currency, c.month, c.band_minor) offset 0
  ) was on true
  where coalesce(was.gifts, 0) + c.gifts > 0
  on conflict (scope_id, currency, month, band_minor) do update set gifts = excluded.gifts, given_minor = excluded.given_minor;
end $$;

-- The gifts of edge months, whose days alone are not folded.
create index gift_in_days on gift (counted_on) include (fund_id, campaign_id, organisation_id, currency, amount_minor)
  where not wholly_returned and amount_minor is not null;

-- What stayed of what each person gave, by fiscal year of the day on which it counts, and of all time ('-infinity'). Beside it the
-- same of all gifts, those from nobody known among them, and of how many people something stayed. Six rows a gift, so without foreign
-- keys, as the chain.
create table giver_year (
  scope_id bigint not null,
  currency text collate "C" not null,
  year date not null,
  person_id bigint not null,
  stayed_minor bigint not null constraint something_stayed_of_a_person check (stayed_minor > 0),
  primary key (person_id, scope_id, currency, year)
);
create index giver_year_most_first on giver_year (scope_id, currency, year, stayed_minor desc);

create table giver_year_sum (
  scope_id bigint not null references scope,
  currency text collate "C" not null,
  year date not null,
  stayed_minor bigint not null,
  people bigint not null constraint there_are_no_negative_givers check (people >= 0),
  primary key (scope_id, currency, year)
);

create function stayed_of(g gift) returns bigint language sql immutable parallel safe as $$
  select case when g.wholly_returned then 0 else greatest(coalesce(g.amount_minor, 0) - g.returned_minor, 0) end
$$;

create view giver_year_all_view as
with given as materialized (
  select coalesce(g.fund_id, 0) as fund_id, coalesce(g.campaign_id, 0) as campaign_id, coalesce(g.organisation_id, 0) as organisation_id,
    g.currency collate "C" as currency, month_of(g.counted_on) as month, i.person_id, sum(stayed_of(g))::bigint as stayed_minor
  from gift g
  left join identity i on i.id = g.identity_id
  group by 1, 2, 3, 4, 5, 6
), place as materialized (
  select p.*, b.id as scope_id, b.calendar_id
  from (select distinct fund_id, campaign_id, organisation_id from given) p
  cross join lateral unnest(board_scope_keys(nullif(p.fund_id, 0), nullif(p.campaign_id, 0), nullif(p.organisation_id, 0))) k (key)
  join board_scope b on b.key = k.key
), dated as materialized (
  select calendar.id as calendar_id, m.month, fiscal_year_of(calendar.id, m.month) as year
  from (select distinct month from given) m
  cross join (select distinct calendar_id as id from place) calendar
), yearly as materialized (
  select place.scope_id, given.currency, dated.year, given.person_id, sum(given.stayed_minor)::bigint as stayed_minor
  from given
  join place using (fund_id, campaign_id, organisation_id)
  join dated on dated.month = given.month and dated.calendar_id = place.calendar_id
  where given.stayed_minor <> 0
  group by 1, 2, 3, 4
)
select scope_id, currency, year, person_id, stayed_minor from yearly
union all
select scope_id, currency, '-infinity', person_id, sum(stayed_minor)::bigint from yearly group by 1, 2, 4;

create view giver_year_view as
select scope_id, currency, year, person_id, stayed_minor from giver_year_all_view where person_id is not null;

create view giver_year_sum_view as
select scope_id, currency, year, sum(stayed_minor)::bigint as stayed_minor, count(person_id) as people
from giver_year_all_view
group by 1, 2, 3;

create function fold_giver_years() returns void language plpgsql set work_mem = '64MB' as $$
begin
  perform take_ledger_lock();
  delete from giver_year;
  delete from giver_year_sum;
  with should as materialized (
    select scope_id, currency, year, person_id, stayed_minor from giver_year_all_view
  ), person as (
    insert into giver_year (scope_id, currency, year, person_id, stayed_minor)
    select scope_id, currency, year, person_id, stayed_minor from should where person_id is not null
  )
  insert into giver_year_sum (scope_id, currency, year, stayed_minor, people)
  select scope_id, currency, year, sum(stayed_minor), count(person_id) from should group by 1, 2, 3;
end $$;

create type giver_change as (
  fund_id bigint, campaign_id bigint, organisation_id bigint, currency text, month date, person_id bigint, minor bigint
);

create function giver_change(g gift, p_person_id bigint, p_sign bigint) returns giver_change language sql immutable parallel safe as $$
  select row(g.fund_id, g.campaign_id, g.organisation_id, g.currency, month_of(g.counted_on), p_person_id, p_sign * stayed_of(g))::giver_change
$$;

create function change_givers(p_changes giver_change[]) returns void language plpgsql set enable_seqscan = off as $$
declare
  v_all giver_year[];
  v_people giver_year[];
  v_now giver_year_sum[];
begin
  with change as materialized (
    select c.fund_id, c.campaign_id, c.organisation_id, c.currency, c.month, c.person_id, sum(c.minor)::bigint as minor
    from unnest(p_changes) c
    group by 1, 2, 3, 4, 5, 6
    having sum(c.minor) <> 0
  ), place as materialized (
    select place.fund_id, place.campaign_id, place.organisation_id, b.id as scope_id, b.calendar_id
    from (select distinct fund_id, campaign_id, organisation_id from change) place
    cross join lateral unnest(board_scope_keys(place.fund_id, place.campaign_id, place.organisation_id)) k (key)
    join board_scope b on b.key = k.key
  ), dated as materialized (
    select calendar.id as calendar_id, given.month, fiscal_year_of(calendar.id, given.month) as year
    from (select distinct month from change) given
    cross join (select distinct calendar_id as id from place) calendar
  )
  select array_agg(row(c.scope_id, c.currency, c.year, c.person_id, c.minor)::giver_year) into v_all
  from (
    select place.scope_id, change.currency, span.year, change.person_id, sum(change.minor)::bigint as minor
    from change
    join place on (place.fund_id, place.campaign_id, place.organisation_id)
      is not distinct from (change.fund_id, change.campaign_id, change.organisation_id)
    join dated on dated.month = change.month and dated.calendar_id = place.calendar_id
    cross join lateral (values (dated.year), ('-infinity'::date)) span (year)
    group by 1, 2, 3, 4
    having sum(change.minor) <> 0
  ) c;
  if v_all is null then
    return;
  end if;

  -- What stands of each person afterwards, and how each sum and its number of people change by it.
  with person as materialized (
    select c.scope_id, c.currency, c.year, c.person_id, coalesce(was.minor, 0) as was_minor, coalesce(was.minor, 0) + c.stayed_minor as minor
    from unnest(v_all) c
    left join lateral (
      select g.stayed_minor as minor from giver_year g
      where (g.person_id, g.scope_id, g.currency, g.year) = (c.person_id, c.scope_id, c.currency, c.year) offset 0
    ) was on true
    where c.person_id is not null
  ), change as (
    select scope_id, currency, year, sum(minor)::bigint as minor, sum(people)::bigint as people
    from (
      select c.scope_id, c.currency, c.year, c.stayed_minor as minor, 0 as people from unnest(v_all) c
      union all
      select p.scope_id, p.currency, p.year, 0, (p.minor > 0)::int - (p.was_minor > 0)::int from person p
    ) c
    group by 1, 2, 3
  )
  select
    (select array_agg(row(p.scope_id, p.currency, p.year, p.person_id, p.minor)::giver_year) from person p),
    (
      select array_agg(row(c.scope_id, c.currency, c.year, coalesce(was.stayed_minor, 0) + c.minor, coalesce(was.people, 0) + c.people)::giver_year_sum)
      from change c
      left join lateral (
        select s.stayed_minor, s.people from giver_year_sum s
        where (s.scope_id, s.currency, s.year) = (c.scope_id, c.currency, c.year) offset 0
      ) was on true
    )
  into v_people, v_now;

  delete from giver_year g
  using unnest(v_people) p
  where (g.person_id, g.scope_id, g.currency, g.year) = (p.person_id, p.scope_id, p.currency, p.year) and p.stayed_minor = 0;
  insert into giver_year as g (scope_id, currency, year, person_id, stayed_minor)
  select p.scope_id, p.currency, p.year, p.person_id, p.stayed_minor from unnest(v_people) p where p.stayed_minor <> 0
  on conflict (person_id, scope_id, currency, year) do update set stayed_minor = excluded.stayed_minor;
  insert into giver_year_sum as s (scope_id, currency, year, stayed_minor, people)
  select n.scope_id, n.currency, n.year, n.stayed_minor, n.people from unnest(v_now) n
  on conflict (scope_id, currency, year) do update set stayed_minor = excluded.stayed_minor, people = excluded.people;
end $$;

-- Of the people who first gave in a fiscal year, how many gave in it and in each later one. By year and not by month: months cannot
-- be added up to how many gave in a year.
create table cohort (
  scope_id bigint not null references scope,
  first_year date not null,
  year date not null,
  people bigint not null constraint there_are_people_in_a_cohort check (people > 0),
  primary key (scope_id, first_year, year),
  constraint a_cohort_gives_from_its_first_year_on check (year >= first_year)
);

create view cohort_view as
with dated as materialized (
  select b.id as scope_id, given.month, fiscal_year_of(b.calendar_id, given.month) as year
  from (select distinct month from giving_month) given cross join board_scope b
), active as (
  select d.scope_id, d.person_id, dated.year
  from giving_day d
  join dated on dated.scope_id = d.scope_id and dated.month = month_of(d.day)
  where d.kind = 'donor'
  group by 1, 2, 3
)
select a.scope_id, a.first_year, a.year, count(*) as people
from (select scope_id, year, min(year) over (partition by scope_id, person_id) as first_year from active) a
group by 1, 2, 3;

create function fold_cohorts() returns void language plpgsql set work_mem = '64MB' as $$
begin
  perform take_ledger_lock();
  delete from cohort;
  insert into cohort (scope_id, first_year, year, people) select scope_id, first_year, year, people from cohort_view;
end $$;

-- Brings the cohorts up to date after these days came to the chain or went from it. A day with another one before it in its year
-- changes nothing; of the other people all days are looked at.
create function change_cohorts(p_came giving_day[], p_went giving_day[]) returns void language plpgsql set enable_seqscan = off as $$
declare
  v_chains giving_day[];
  v_changes cohort[];
begin
  with turned as materialized (
    select b.calendar_id, t.*
    from (
      select t.scope_id, t.person_id, t.day, t.previous
      from (select * from unnest(p_came) union all select * from unnest(p_went)) t
      where t.kind = 'donor'
      offset 0
    ) t
    join board_scope b on b.id = t.scope_id
  ), dated as materialized (
    select m.calendar_id, m.month, fiscal_year_of(m.calendar_id, m.month) as year
    from (
      select calendar_id, month_of(day) as month from turned
      union
      select calendar_id, month_of(previous) from turned where previous is not null
    ) m
  )
  select array_agg(row(c.scope_id, 'donor', c.person_id, '-infinity', null)::giving_day) into v_chains
  from (
    select distinct t.scope_id, t.person_id
    from turned t
    join dated d on d.month = month_of(t.day) and d.calendar_id = t.calendar_id
    left join dated p on p.month = month_of(t.previous) and p.calendar_id = t.calendar_id
    where t.previous is null or p.year < d.year
  ) c;
  if v_chains is null then
    return;
  end if;

  with stands as materialized (
    select c.scope_id, c.person_id, d.day
    from unnest(v_chains) c
    join giving_day d on d.person_id = c.person_id and d.scope_id = c.scope_id and d.kind = 'donor'
  ), stood as materialized (
    select scope_id, person_id, day from stands
    except
    select scope_id, person_id, day from unnest(p_came) where kind = 'donor'
    union
    select w.scope_id, w.person_id, w.day
    from unnest(p_went) w
    join unnest(v_chains) c on (c.scope_id, c.person_id) = (w.scope_id, w.person_id)
    where w.kind = 'donor'
  ), chain_month as materialized (
    select scope_id, person_id, month_of(day) as month, true as is_now from stands
    union
    select scope_id, person_id, month_of(day), false from stood
  ), calendar as materialized (
    select b.id as scope_id, b.calendar_id
    from (select distinct scope_id from chain_month) s
    join board_scope b on b.id = s.scope_id
  ), dated as materialized (
    select m.calendar_id, m.month, fiscal_year_of(m.calendar_id, m.month) as year
    from (select distinct c.calendar_id, m.month from chain_month m join calendar c using (scope_id)) m
  ), active as (
    select distinct m.scope_id, m.person_id, m.is_now, d.year
    from chain_month m
    join calendar c using (scope_id)
    join dated d on d.month = m.month and d.calendar_id = c.calendar_id
  ), first as (
    select a.*, min(a.year) over (partition by a.scope_id, a.person_id, a.is_now) as first_year from active a
  )
  select array_agg(row(c.scope_id, c.first_year, c.year, c.people)::cohort) into v_changes
  from (
    select scope_id, first_year, year, sum(case when is_now then 1 else -1 end)::bigint as people
    from first
    group by 1, 2, 3
    having sum(case when is_now then 1 else -1 end) <> 0
  ) c;

  delete from cohort t
  using unnest(v_changes) c
  where (t.scope_id, t.first_year, t.year) = (c.scope_id, c.first_year, c.year) and t.people + c.people = 0;
  insert into cohort as t (scope_id, first_year, year, people)
  select c.scope_id, c.first_year, c.year, coalesce(was.people, 0) + c.people
  from unnest(v_changes) c
  left join lateral (
    select s.people from cohort s where (s.scope_id, s.first_year, s.year) = (c.scope_id, c.first_year, c.year) offset 0
  ) was on true
  where coalesce(was.people, 0) + c.people > 0
  on conflict (scope_id, first_year, year) do update set people = excluded.people;
end $$;

-- As in 0024; and the cohorts follow the chain.
create or replace function rechain(p_days person_day[]) returns void language plpgsql set enable_seqscan = off as $$
declare
  v_people bigint[] := array(select distinct person_id from unnest(p_days));
  v_came giving_day[];
  v_went giving_day[];
  v_before giving_day[];
  v_after giving_day[];
  v_added giving_day[];
  v_moved giving_day[];
  v_gone giving_day[];
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

  -- All the people's days are read, by person alone, and compared as a whole: a join with the scopes at hand, planned while the
  -- tables are young, would compare every day with every other (1.3 s for 500 people with eight gifts each).
  with before as materialized (
    select scope_id, kind, person_id, day, previous from giving_day where person_id = any (v_people)
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
    (select array_agg(is_now) from change where stands and stood),
    (select array_agg(was) from change where stood and not stands)
  into v_before, v_after, v_added, v_moved, v_gone;

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

  perform change_cohorts(v_added, v_gone);
end $$;

-- Another calendar makes other years of everything that was given.
create function fold_fiscal_years() returns void language plpgsql as $$
begin
  perform fold_giver_years();
  perform fold_cohorts();
end $$;

create function calendar_written() returns trigger language plpgsql as $$
begin
  if exists (select from changed_rows) then
    perform fold_fiscal_years();
  end if;
  return null;
end $$;

create trigger calendar_inserted after insert on organisation_calendar referencing new table as changed_rows
  for each statement execute function calendar_written();
create trigger calendar_updated after update on organisation_calendar referencing new table as changed_rows
  for each statement execute function calendar_written();
create trigger calendar_deleted after delete on organisation_calendar referencing old table as changed_rows
  for each statement execute function calendar_written();

-- Whether two organisations begin their fiscal years alike, as nobody (null) does in January.
create function calendars_agree(p_one bigint, p_other bigint) returns boolean language sql stable as $$
  select not exists (
    select c.since, c.fiscal_year_start from organisation_calendar c where c.organisation_id in (p_one, p_other)
    group by 1, 2 having count(*) < case when p_one is distinct from p_other then 2 else 1 end
  )
$$;

-- The first organisation's calendar is that of all: it may become another one's.
create function organisations_written() returns trigger language plpgsql as $$
declare
  v_before bigint;
begin
  if tg_op = 'UPDATE' then
    v_before := (
      select o.id
      from (
        select id, position, archived_on from organisation where id not in (select id from new_rows)
        union all
        select id, position, archived_on from old_rows
      ) o
      where o.archived_on is null
      order by o.position, o.id limit 1
    );
  else
    v_before := (
      select o.id from organisation o
      where o.archived_on is null and o.id not in (select id from new_rows)
      order by o.position, o.id limit 1
    );
  end if;
  if not calendars_agree(v_before, first_organisation()) then
    perform fold_fiscal_years();
  end if;
  return null;
end $$;

create trigger organisations_inserted after insert on organisation referencing new table as new_rows
  for each statement execute function organisations_written();
create trigger organisations_updated after update on organisation referencing old table as old_rows new table as new_rows
  for each statement execute function organisations_written();

-- Goods sold by item and variant, by day and month, without shipping.
create table item_total (
  campaign_id bigint not null references campaign,
  item_id bigint references item,
  variant_id bigint references variant,
  currency text collate "C" not null,
  grain text collate "C" not null constraint items_are_summed_by_day_and_month check (grain in ('day', 'month')),
  starts_on date not null,
  units bigint not null,
  sold_minor bigint not null,
  constraint items_are_summed_once unique nulls not distinct (campaign_id, grain, starts_on, item_id, variant_id, currency)
);
create index item_total_by_item on item_total (item_id);
create index item_total_by_variant on item_total (variant_id);

create view item_total_view as
select
  s.campaign_id, s.item_id, s.variant_id, s.currency, grain.name as grain,
  case grain.name when 'day' then s.counted_on else month_of(s.counted_on) end as starts_on,
  sum(s.quantity)::bigint as units, coalesce(sum(s.amount_minor), 0)::bigint as sold_minor
from sale s
cross join (values ('day'), ('month')) grain (name)
where s.campaign_id is not null and not s.is_shipping
group by 1, 2, 3, 4, 5, 6;

create function fold_item_totals() returns void language plpgsql as $$
begin
  perform take_ledger_lock();
  delete from item_total;
  insert into item_total (campaign_id, item_id, variant_id, currency, grain, starts_on, units, sold_minor)
  select campaign_id, item_id, variant_id, currency, grain, starts_on, units, sold_minor from item_total_view;
end $$;

create function change_items(p_old sale[], p_new sale[]) returns void language sql as $$
  insert into item_total as t (campaign_id, item_id, variant_id, currency, grain, starts_on, units, sold_minor)
  select
    s.campaign_id, s.item_id, s.variant_id, s.currency, grain.name,
    case grain.name when 'day' then s.counted_on else month_of(s.counted_on) end, sum(s.sign * s.quantity), sum(s.sign * s.minor)
  from (
    select o.campaign_id, o.item_id, o.variant_id, o.currency, o.counted_on, -1 as sign, o.quantity, coalesce(o.amount_minor, 0) as minor
    from unnest(p_old) o where not o.is_shipping
    union all
    select n.campaign_id, n.item_id, n.variant_id, n.currency, n.counted_on, 1, n.quantity, coalesce(n.amount_minor, 0)
    from unnest(p_new) n where not n.is_shipping
  ) s
  cross join (values ('day'), ('month')) grain (name)
  where s.campaign_id is not null
  group by 1, 2, 3, 4, 5, 6
  having sum(s.sign * s.quantity) <> 0 or sum(s.sign * s.minor) <> 0
  on conflict (campaign_id, grain, starts_on, item_id, variant_id, currency) do update set
    units = t.units + excluded.units, sold_minor = t.sold_minor + excluded.sold_minor
$$;

-- Gifts that repeat: a subscription that began and brought a gift, where its latest gift went, and what it brings a month.
create table plan (
  account_id bigint not null references account,
  subscription text collate "C" not null,
  organisation_id bigint references organisation,
  fund_id bigint references fund,
  campaign_id bigint references campaign,
  currency text collate "C" not null,
  -- Null while it is not known.
  monthly_minor bigint,
  began_on date not null,
  ended_on date,
  primary key (subscription, account_id),
  constraint a_plan_ends_after_it_began check (ended_on >= began_on)
);
create index plan_by_account on plan (account_id);
create index plan_by_organisation on plan (organisation_id);
create index plan_by_fund on plan (fund_id);
create index plan_by_campaign on plan (campaign_id);

create table plan_total (
  scope_id bigint not null references scope,
  currency text collate "C" not null,
  grain text collate "C" not null constraint plans_are_summed_by_day_and_month check (grain in ('day', 'month')),
  starts_on date not null,
  began bigint not null,
  ended bigint not null,
  began_minor bigint not null,
  ended_minor bigint not null,
  primary key (scope_id, currency, grain, starts_on)
);

-- What an amount every so often is a month, half a cent up: `month`, `3 month`, `year`, `week`, `day`. Null for anything else.
create function monthly_of(p_amount_minor bigint, p_every text) returns bigint language sql immutable parallel safe as $$
  select round(p_amount_minor * a_month.times / nullif(a_month.count, 0))::bigint
  from (
    select
      coalesce(substring(p_every from '^([0-9]{1,4}) ')::numeric, 1) * case when p_every ~ 'month$' then 1 else 12 end as count,
      case substring(p_every from '^(?:[0-9]{1,4} )?(day|week|month|year)$') when 'day' then 365 when 'week' then 52 when 'month' then 1
        when 'year' then 1 end as times
  ) a_month
$$;

create view plan_view as
select
  s.account_id, s.id as subscription, latest.organisation_id, latest.fund_id, latest.campaign_id,
  coalesce(s.currency, latest.currency) as currency, monthly_of(s.amount_minor, s.every) as monthly_minor, began.day as began_on,
  case when s.ended_at is not null or s.status = 'canceled' then greatest(began.day, coalesce(
    organisation_day(latest.organisation_id, coalesce(s.ended_at, s.cancel_at)), latest.occurred_on
  )) end as ended_on
from stripe_subscription s
cross join lateral (
  select g.organisation_id, g.fund_id, g.campaign_id, g.currency, g.occurred_on
  from gift g
  where g.subscription = s.id and g.account_id = s.account_id
  order by g.occurred_on desc, g.payment_id desc, g.part
  limit 1
) latest
cross join lateral (select organisation_day(latest.organisation_id, s.created) as day) began
where s.status not in ('incomplete', 'incomplete_expired');

create view plan_total_view as
select
  b.id as scope_id, p.currency, grain.name as grain, case grain.name when 'day' then p.day else month_of(p.day) end as starts_on,
  sum(p.began)::bigint as began, sum(p.ended)::bigint as ended, sum(p.began * p.minor)::bigint as began_minor,
  sum(p.ended * p.minor)::bigint as ended_minor
from (
  select fund_id, campaign_id, organisation_id, currency, began_on as day, 1 as began, 0 as ended, coalesce(monthly_minor, 0) as minor
  from plan
  union all
  select fund_id, campaign_id, organisation_id, currency, ended_on, 0, 1, coalesce(monthly_minor, 0) from plan where ended_on is not null
) p
cross join lateral unnest(board_scope_keys(p.fund_id, p.campaign_id, p.organisation_id)) k (key)
join board_scope b on b.key = k.key
cross join (values ('day'), ('month')) grain (name)
group by 1, 2, 3, 4;

create function fold_plans() returns void language plpgsql as $$
begin
  perform take_ledger_lock();
  delete from plan;
  delete from plan_total;
  insert into plan (account_id, subscription, organisation_id, fund_id, campaign_id, currency, monthly_minor, began_on, ended_on)
  select account_id, subscription, organisation_id, fund_id, campaign_id, currency, monthly_minor, began_on, ended_on from plan_view;
  insert into plan_total (scope_id, currency, grain, starts_on, began, ended, began_minor, ended_minor)
  select scope_id, currency, grain, starts_on, began, ended, began_minor, ended_minor from plan_total_view;
end $$;

create type plan_key as (account_id bigint, subscription text);

-- Brings these plans to what their subscriptions and gifts say, and the sums with them. Writes only what differs.
create function store_plans(p_keys plan_key[]) returns void language plpgsql set enable_seqscan = off as $$
declare
  v_stood plan[];
  v_stands plan[];
begin
  with key as materialized (
    select distinct k.account_id, k.subscription collate "C" as subscription from unnest(p_keys) k
  ), was as materialized (
    select p from key
    cross join lateral (
      select p.* from plan p where p.subscription = key.subscription and p.account_id = key.account_id offset 0
    ) p
  ), should as materialized (
    select row(v.account_id, v.subscription, v.organisation_id, v.fund_id, v.campaign_id, v.currency, v.monthly_minor, v.began_on, v.ended_on)::plan as p
    from key
    cross join lateral (
      select v.* from plan_view v where v.subscription = key.subscription and v.account_id = key.account_id offset 0
    ) v
  )
  select
    (select array_agg(w.p::text::plan) from was w where w.p::text not in (select s.p::text from should s)),
    (select array_agg(s.p) from should s where s.p::text not in (select w.p::text from was w))
  into v_stood, v_stands;
  if v_stood is null and v_stands is null then
    return;
  end if;

  delete from plan p using unnest(v_stood) s where p.subscription = s.subscription and p.account_id = s.account_id;
  insert into plan (account_id, subscription, organisation_id, fund_id, campaign_id, currency, monthly_minor, began_on, ended_on)
  select account_id, subscription, organisation_id, fund_id, campaign_id, currency, monthly_minor, began_on, ended_on from unnest(v_stands);

  insert into plan_total as t (scope_id, currency, grain, starts_on, began, ended, began_minor, ended_minor)
  select
    b.id, p.currency, grain.name, case grain.name when 'day' then p.day else month_of(p.day) end,
    sum(p.began), sum(p.ended), sum(p.began * p.minor), sum(p.ended * p.minor)
  from (
    select p.fund_id, p.campaign_id, p.organisation_id, p.currency, moved.day, p.sign * moved.began as began,
      p.sign * moved.ended as ended, coalesce(p.monthly_minor, 0) as minor
    from (select -1 as sign, s.* from unnest(v_stood) s union all select 1, s.* from unnest(v_stands) s) p
    cross join lateral (values (p.began_on, 1, 0), (p.ended_on, 0, 1)) moved (day, began, ended)
    where moved.day is not null
  ) p
  cross join lateral unnest(board_scope_keys(p.fund_id, p.campaign_id, p.organisation_id)) k (key)
  join board_scope b on b.key = k.key
  cross join (values ('day'), ('month')) grain (name)
  group by 1, 2, 3, 4
  having (sum(p.began), sum(p.ended), sum(p.began * p.minor), sum(p.ended * p.minor)) <> (0, 0, 0, 0)
  on conflict (scope_id, currency, grain, starts_on) do update set
    began = t.began + excluded.began, ended = t.ended + excluded.ended, began_minor = t.began_minor + excluded.began_minor,
    ended_minor = t.ended_minor + excluded.ended_minor;
end $$;

create function subscription_written() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    perform store_plans(array(select row(o.account_id, o.id)::plan_key from old_rows o));
  else
    perform store_plans(array(select row(n.account_id, n.id)::plan_key from new_rows n));
  end if;
  return null;
end $$;

create trigger subscription_inserted after insert on stripe_subscription referencing new table as new_rows
  for each statement execute function subscription_written();
create trigger subscription_updated after update on stripe_subscription referencing new table as new_rows
  for each statement execute function subscription_written();
create trigger subscription_deleted after delete on stripe_subscription referencing old table as old_rows
  for each statement execute function subscription_written();

-- The days of a plan are its organisation's.
create function plans_keep_other_time() returns trigger language plpgsql as $$
begin
  perform fold_plans();
  return null;
end $$;

create trigger plans_keep_other_time after update of time_zone on organisation
  for each row when (old.time_zone <> new.time_zone) execute function plans_keep_other_time();
create trigger plans_keep_other_time after insert or update or delete on organisation_time_zone
  for each statement execute function plans_keep_other_time();

-- As in 0009; and the folds of the board.
create or replace function gift_written() returns trigger language plpgsql as $$
declare
  v_old gift[];
  v_new gift[];
  v_plans plan_key[];
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
    select gift_change(g, -1) from unnest(v_old) g
    union all
    select gift_change(g, 1) from unnest(v_new) g
  ));
  perform rechain(array(
    select distinct row(i.person_id, g.counted_on)::person_day
    from (select identity_id, counted_on from unnest(v_old) union select identity_id, counted_on from unnest(v_new)) g
    join identity i on i.id = g.identity_id
  ));
  perform change_sizes(v_old, v_new);
  perform change_givers(array(
    select giver_change(g, (select i.person_id from identity i where i.id = (g).identity_id), -1) from unnest(v_old) g
    union all
    select giver_change(g, (select i.person_id from identity i where i.id = (g).identity_id), 1) from unnest(v_new) g
  ));
  v_plans := array(
    select row(g.account_id, g.subscription)::plan_key from unnest(v_old) g where g.subscription is not null and g.account_id is not null
    union
    select row(g.account_id, g.subscription)::plan_key from unnest(v_new) g where g.subscription is not null and g.account_id is not null
  );
  if v_plans <> '{}' then
    perform store_plans(v_plans);
  end if;
  return null;
end $$;

-- As in 0009; and what was sold by item.
create or replace function sale_written() returns trigger language plpgsql as $$
declare
  v_old sale[];
  v_new sale[];
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
    select sale_change(s, -1) from unnest(v_old) s
    union all
    select sale_change(s, 1) from unnest(v_new) s
  ));
  perform rechain(array(
    select distinct row(i.person_id, s.counted_on)::person_day
    from (select identity_id, counted_on from unnest(v_old) union select identity_id, counted_on from unnest(v_new)) s
    join identity i on i.id = s.identity_id
  ));
  perform change_items(v_old, v_new);
  return null;
end $$;

-- As in 0009; and what stayed of these people's gifts goes with them.
create or replace function identity_moved() returns trigger language plpgsql as $$
begin
  perform rechain(array(
    select distinct row(moved.person_id, given.day)::person_day
    from (
      select id, person_id from old_rows
      union
      select id, person_id from new_rows
    ) moved
    cross join lateral (
      select g.counted_on as day from gift g where g.identity_id = moved.id
      union
      select s.counted_on from sale s where s.identity_id = moved.id
    ) given
  ));
  perform change_givers(array(
    select giver_change(g, moved.person_id, moved.sign)
    from (
      select id, person_id, -1 as sign from old_rows
      union all
      select id, person_id, 1 from new_rows
    ) moved
    join gift g on g.identity_id = moved.id
  ));
  return null;
end $$;

select fold_gift_sizes();
select fold_fiscal_years();
select fold_item_totals();
select fold_plans();

-- Each fold is what its rows say.
create function audit_of_folds() returns table (finding text, subject text, stored text, expected text) language sql stable as $$
  select 'gift sizes differ from the gifts', concat_ws(' ', s.key, t.month, t.currency, t.minor), sum(t.stored)::text, sum(t.expected)::text
  from (
    select scope_id, month, currency, amount_minor as minor, gifts as stored, 0 as expected from gift_size
    union all
    select scope_id, month, currency, amount_minor, 0, gifts from gift_size_view
  ) t
  join scope s on s.id = t.scope_id
  group by s.key, t.month, t.currency, t.minor
  having sum(t.stored) <> sum(t.expected)
  union all
  select 'band of gift sizes differs from the gifts', concat_ws(' ', s.key, t.month, t.currency, t.band_minor),
    concat_ws(' ', sum(t.stored), sum(t.stored_minor)), concat_ws(' ', sum(t.expected), sum(t.expected_minor))
  from (
    select scope_id, month, currency, band_minor, gifts as stored, given_minor as stored_minor, 0 as expected, 0 as expected_minor from gift_band
    union all
    select scope_id, month, currency, band_minor, 0, 0, gifts, given_minor from gift_band_view
  ) t
  join scope s on s.id = t.scope_id
  group by s.key, t.month, t.currency, t.band_minor
  having (sum(t.stored), sum(t.stored_minor)) <> (sum(t.expected), sum(t.expected_minor))
  union all
  select 'what stayed of a person differs from the gifts', concat_ws(' ', s.key, t.year, t.currency, 'person', t.person_id),
    sum(t.stored)::text, sum(t.expected)::text
  from (
    select scope_id, year, currency, person_id, stayed_minor as stored, 0 as expected from giver_year
    union all
    select scope_id, year, currency, person_id, 0, stayed_minor from giver_year_view
  ) t
  join scope s on s.id = t.scope_id
  group by s.key, t.year, t.currency, t.person_id
  having sum(t.stored) <> sum(t.expected)
  union all
  select 'what stayed of a year differs from the gifts', concat_ws(' ', s.key, t.year, t.currency),
    concat_ws(' ', sum(t.stored), sum(t.people)), concat_ws(' ', sum(t.expected), sum(t.expected_people))
  from (
    select scope_id, year, currency, stayed_minor as stored, people, 0 as expected, 0 as expected_people from giver_year_sum
    union all
    select scope_id, year, currency, 0, 0, stayed_minor, people from giver_year_sum_view
  ) t
  join scope s on s.id = t.scope_id
  group by s.key, t.year, t.currency
  having (sum(t.stored), sum(t.people)) <> (sum(t.expected), sum(t.expected_people))
  union all
  select 'cohort differs from the giving chain', concat_ws(' ', s.key, t.first_year, t.year), sum(t.stored)::text, sum(t.expected)::text
  from (
    select scope_id, first_year, year, people as stored, 0 as expected from cohort
    union all
    select scope_id, first_year, year, 0, people from cohort_view
  ) t
  join scope s on s.id = t.scope_id
  group by s.key, t.first_year, t.year
  having sum(t.stored) <> sum(t.expected)
  union all
  select 'items sold differ from the sales', concat_ws(' ', 'campaign', t.campaign_id, 'item', t.item_id, 'variant', t.variant_id, t.grain, t.starts_on, t.currency),
    concat_ws(' ', sum(t.stored), sum(t.stored_minor)), concat_ws(' ', sum(t.expected), sum(t.expected_minor))
  from (
    select campaign_id, item_id, variant_id, grain, starts_on, currency, units as stored, sold_minor as stored_minor, 0 as expected, 0 as expected_minor
    from item_total
    union all
    select campaign_id, item_id, variant_id, grain, starts_on, currency, 0, 0, units, sold_minor from item_total_view
  ) t
  group by t.campaign_id, t.item_id, t.variant_id, t.grain, t.starts_on, t.currency
  having (sum(t.stored), sum(t.stored_minor)) <> (sum(t.expected), sum(t.expected_minor))
  union all
  select 'plan differs from its subscription', 'subscription ' || coalesce(p.subscription, v.subscription), p::text, v::text
  from plan p
  full join plan_view v on v.subscription = p.subscription and v.account_id = p.account_id
  where p::text is distinct from v::text
  union all
  select 'sum of plans differs from the plans', concat_ws(' ', s.key, t.grain, t.starts_on, t.currency),
    concat_ws(' ', sum(t.began), sum(t.ended), sum(t.began_minor), sum(t.ended_minor)),
    concat_ws(' ', sum(t.expected_began), sum(t.expected_ended), sum(t.expected_began_minor), sum(t.expected_ended_minor))
  from (
    select scope_id, grain, starts_on, currency, began, ended, began_minor, ended_minor,
      0 as expected_began, 0 as expected_ended, 0 as expected_began_minor, 0 as expected_ended_minor
    from plan_total
    union all
    select scope_id, grain, starts_on, currency, 0, 0, 0, 0, began, ended, began_minor, ended_minor from plan_total_view
  ) t
  join scope s on s.id = t.scope_id
  group by s.key, t.grain, t.starts_on, t.currency
  having (sum(t.began), sum(t.ended), sum(t.began_minor), sum(t.ended_minor))
    <> (sum(t.expected_began), sum(t.expected_ended), sum(t.expected_began_minor), sum(t.expected_ended_minor))
$$;

create or replace function audit() returns table (finding text, subject text, stored text, expected text) language sql stable as $$
  select * from audit_of_facts()
  union all
  select * from audit_of_books()
  union all
  select * from audit_of_proofs()
  union all
  select * from audit_of_folds()
$$;
