-- squawk-ignore-file adding-not-nullable-field, constraint-missing-not-valid
-- How many gave in old and new blocks together is counted from how many had given in the old ones when they were stored: who came late
-- into those months would else show as more donors than gifts.

-- How many they were exactly, from which the next runs are counted; shown nowhere. Of those that stand already at least as many.
alter table shared_donors disable trigger shared_blocks_stay;
alter table shared_donors add column people bigint;
update shared_donors set people = donors;
alter table shared_donors enable trigger shared_blocks_stay;
alter table shared_donors
  alter column people set not null,
  add constraint donors_are_people_rounded_down check (donors = people / 5 * 5);

-- As in 0039. A run that begins with an old block is as many as were in its old ones then, and those of the new ones who are new to
-- it; no run is less than one within it.
create or replace function store_shared_donors(p_fund_id bigint, p_scope_id bigint, p_after date) returns void language sql
set enable_nestloop = off as $$
  with block as materialized (
    select b.from_month, b.to_month, row_number() over (order by b.from_month) as number, b.to_month > coalesce(p_after, '-infinity') as is_new
    from shared_block b
    where b.fund_id = p_fund_id
  ), month as materialized (
    select block.number, m::date as month from block cross join generate_series(block.from_month, block.to_month, '1 month') m
  ), came as materialized (
    select month.number, coalesce(earlier.number, 0) as number_before, sum(m.people)::bigint as people
    from giving_month m
    join month on month.month = m.month
    left join month earlier on earlier.month = m.previous_month
    where m.scope_id = p_scope_id and m.kind = 'donor'
    group by 1, 2
  ), newcomer as (
    select last.number, first.number as first_number,
      sum(coalesce(came.people, 0)) over (partition by last.number order by first.number) as people
    from block last
    join block first on first.number <= last.number
    left join came on came.number = last.number and came.number_before = first.number - 1
    where last.is_new
  ), counted as (
    select n.first_number, n.number, sum(n.people) over (partition by n.first_number order by n.number) + coalesce(was.people, 0) as people
    from newcomer n
    join block first on first.number = n.first_number
    left join shared_donors was on (was.fund_id, was.from_month, was.to_month) = (p_fund_id, first.from_month, p_after)
  ), run as (
    select c.first_number, c.number, max(c.people) over (partition by c.number order by c.first_number desc)::bigint as people from counted c
  )
  insert into shared_donors (fund_id, from_month, to_month, people, donors)
  select p_fund_id, first.from_month, last.to_month, run.people, run.people / 5 * 5
  from run
  join block first on first.number = run.first_number
  join block last on last.number = run.number
$$;
