-- What may be said of a fund's months without sign-in: blocks of finished months in which at least five people gave, each
-- stored once with its sums. Whatever becomes of a gift later, a block stays as it was, so that two looks at it, or two ranges
-- beside each other, never differ by one person's gift. What comes into such months later is in the sums of all time only.
-- Every fund has its blocks, also one that is not public: so none has to be made when a fund is shown, or shown again.

-- Money is that in the fund's currency, of at least five people who gave in it; `gifts` are those in all currencies.
create table shared_block (
  fund_id bigint not null references fund,
  from_month date not null,
  to_month date not null,
  currency text not null,
  raised_minor bigint not null,
  gifts bigint not null constraint five_people_gave_five_gifts check (gifts >= 5),
  stored_at timestamptz not null,
  primary key (fund_id, from_month),
  constraint a_block_is_of_whole_months check (from_month = month_of(from_month) and to_month = month_of(to_month)),
  constraint a_block_ends_after_it_begins check (to_month >= from_month)
);

-- How many people gave in one block, or in several that follow each other, rounded down to a whole five and stored with the
-- last of them. Exact counts would tell of fewer than five: 5 in one block, 9 in the next and 9 in both are four newcomers.
create table shared_donors (
  fund_id bigint not null,
  from_month date not null,
  to_month date not null,
  donors bigint not null constraint donors_are_shared_in_whole_fives check (donors >= 5 and donors % 5 = 0),
  primary key (fund_id, from_month, to_month),
  constraint donors_are_of_blocks foreign key (fund_id, from_month) references shared_block (fund_id, from_month)
);

-- Since when the months after a fund's last block look as they do: history may still be coming in, account by account.
create table block_wait (
  fund_id bigint primary key references fund,
  looks text not null,
  since timestamptz not null
);

create function shared_blocks_stay() returns trigger language plpgsql as $$
begin
  raise exception 'what was once shared of a month stays as it is' using errcode = 'check_violation';
end $$;

create trigger shared_blocks_stay before update or delete or truncate on shared_block
  for each statement execute function shared_blocks_stay();
create trigger shared_blocks_stay before update or delete or truncate on shared_donors
  for each statement execute function shared_blocks_stay();

create function a_block_follows_the_one_before() returns trigger language plpgsql as $$
declare
  v_next date := (select max(b.to_month) + interval '1 month' from shared_block b where b.fund_id = new.fund_id);
begin
  if new.from_month <> v_next then
    raise exception 'the next block begins on %', v_next using errcode = 'check_violation';
  end if;
  return new;
end $$;

create trigger a_block_follows_the_one_before before insert on shared_block
  for each row execute function a_block_follows_the_one_before();
create trigger hold_ledger_lock before insert on shared_block for each statement execute function hold_ledger_lock();

-- The first month that is not over yet, everywhere where an organisation is.
create function first_unfinished_month(p_at timestamptz) returns date language sql stable as $$
  select month_of(coalesce(min(organisation_day(o.id, p_at)), local_day(p_at, 'UTC'))) from organisation o
$$;

-- How many people stand behind the money of a fund's months: all its donors, or where gifts in another currency or not yet
-- converted are among them, those whose money is in the sum.
create function people_behind(p_fund fund, p_scope_id bigint, p_from_month date, p_to_month date) returns bigint
language plpgsql stable as $$
begin
  if not exists (
    select from total t
    where t.scope_id = p_scope_id and t.grain = 'month' and t.starts_on between p_from_month and p_to_month
      and (t.awaiting_conversion <> 0 or (t.currency <> p_fund.currency and t.gifts <> 0))
  ) then
    return (
      select coalesce(sum(m.people), 0)
      from giving_month m
      where m.scope_id = p_scope_id and m.kind = 'donor' and m.month between p_from_month and p_to_month
        and (m.previous_month is null or m.previous_month < p_from_month)
    );
  end if;
  return (
    select count(distinct d.person_id)
    from giving_day d
    where d.scope_id = p_scope_id and d.kind = 'donor' and d.day >= p_from_month and d.day < p_to_month + interval '1 month'
      and exists (
        select from identity i join gift g on g.identity_id = i.id and g.counted_on = d.day
        where i.person_id = d.person_id and g.fund_id = p_fund.id and g.currency = p_fund.currency and g.amount_minor > 0
          and not g.wholly_returned
      )
  );
end $$;

-- Stores how many gave in each run of blocks that ends with one of the fund's new blocks, p_after being the last month of the old
-- ones. The people of a block who are new to a run are those whose month before lies before the run. A merge of people may have
-- made a run smaller than it was when its last block was not there yet: it is then said to be as great. Left to itself, a planner
-- that knows nothing of the rows yet compares each with each.
create function store_shared_donors(p_fund_id bigint, p_scope_id bigint, p_after date) returns void language sql
set enable_nestloop = off as $$
  with block as materialized (
    select b.from_month, b.to_month, row_number() over (order by b.from_month) as number from shared_block b where b.fund_id = p_fund_id
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
  ), run as (
    select n.first_number, n.number, sum(n.people) over (partition by n.first_number order by n.number) as people from newcomer n
  )
  insert into shared_donors (fund_id, from_month, to_month, donors)
  select p_fund_id, first.from_month, last.to_month, greatest(run.people::bigint / 5 * 5, was.donors)
  from run
  join block first on first.number = run.first_number
  join block last on last.number = run.number
  left join shared_donors was on (was.fund_id, was.from_month, was.to_month) = (p_fund_id, first.from_month, p_after)
  where last.to_month > coalesce(p_after, '-infinity')
$$;

-- Stores a fund's blocks up to a month, not included; answers how many are new.
create function store_blocks_of(p_fund fund, p_before date, p_at timestamptz) returns bigint language plpgsql as $$
declare
  v_scope_id bigint := scope_id('fund/' || p_fund.id);
  v_after date := (select max(b.to_month) from shared_block b where b.fund_id = p_fund.id);
  v_from date;
  v_month date;
  v_stored bigint := 0;
begin
  v_from := coalesce(
    v_after + interval '1 month',
    (select min(t.starts_on) from total t where t.scope_id = v_scope_id and t.grain = 'month')
  );
  for v_month in
    select distinct m.month from giving_month m
    where m.scope_id = v_scope_id and m.kind = 'donor' and m.month >= v_from and m.month < p_before
    order by 1
  loop
    if people_behind(p_fund, v_scope_id, v_from, v_month) >= 5 then
      insert into shared_block (fund_id, from_month, to_month, currency, raised_minor, gifts, stored_at)
      select p_fund.id, v_from, v_month, p_fund.currency,
        coalesce(sum(t.given_minor - t.returned_minor) filter (where t.currency = p_fund.currency), 0), sum(t.gifts), p_at
      from total t
      where t.scope_id = v_scope_id and t.grain = 'month' and t.starts_on between v_from and v_month;
      v_from := v_month + interval '1 month';
      v_stored := v_stored + 1;
    end if;
  end loop;
  if v_stored > 0 then
    perform store_shared_donors(p_fund.id, v_scope_id, v_after);
  end if;
  return v_stored;
end $$;

-- How the finished months after each fund's last block look.
create function block_looks(p_before date) returns table (fund_id bigint, looks text) language sql stable as $$
  select f.id, coalesce(md5(string_agg(t::text, ' ' order by t.starts_on, t.currency)), 'nothing')
  from fund f
  left join scope on scope.key = 'fund/' || f.id
  left join total t on t.scope_id = scope.id and t.grain = 'month' and t.starts_on < p_before
    and t.starts_on > coalesce((select max(b.to_month) from shared_block b where b.fund_id = f.id), '-infinity')
  group by f.id
$$;

-- What a house shows already is not waited for once more.
insert into block_wait (fund_id, looks, since)
select l.fund_id, l.looks, now() - interval '1 day' from block_looks(first_unfinished_month(now())) l;

-- Stores the blocks of every fund whose finished months have stood still for so long; answers how many are new.
create function store_shared_blocks(p_at timestamptz, p_quiet interval) returns bigint language plpgsql as $$
declare
  v_before date;
  v_fund fund;
  v_stored bigint := 0;
begin
  perform take_ledger_lock();
  v_before := first_unfinished_month(p_at);
  insert into block_wait as w (fund_id, looks, since)
  select l.fund_id, l.looks, p_at from block_looks(v_before) l
  on conflict (fund_id) do update set looks = excluded.looks, since = excluded.since where w.looks <> excluded.looks;

  for v_fund in select f.* from fund f join block_wait w on w.fund_id = f.id and w.since + p_quiet <= p_at order by f.id loop
    v_stored := v_stored + store_blocks_of(v_fund, v_before, p_at);
  end loop;
  return v_stored;
end $$;

-- What may be said without sign-in of each fund from one day to another, null being no limit: the blocks that the range
-- touches, whole. Money is null where a block of it is in another currency; all is null where no block is touched.
create function shared_range(p_fund_id bigint, p_from date, p_to date, p_currency text) returns table (
  from_day date, to_day date, raised_minor bigint, gifts bigint, donors bigint
) language sql stable as $$
  select run.from_month, (run.to_month + interval '1 month')::date - 1, run.raised_minor, run.gifts, d.donors
  from (
    select min(b.from_month) as from_month, max(b.to_month) as to_month, sum(b.gifts)::bigint as gifts,
      case when bool_and(b.currency = p_currency) then sum(b.raised_minor)::bigint end as raised_minor
    from shared_block b
    where b.fund_id = p_fund_id and b.from_month <= coalesce(p_to, 'infinity')
      and b.to_month + interval '1 month' > coalesce(p_from, '-infinity')
  ) run
  left join shared_donors d on (d.fund_id, d.from_month, d.to_month) = (p_fund_id, run.from_month, run.to_month)
$$;

-- Blocks follow each other without a gap, and each run of them has its donors: of n blocks n (n + 1) / 2 runs.
create function audit_of_blocks() returns table (finding text, subject text, stored text, expected text) language sql stable as $$
  select 'block does not follow the one before', 'fund ' || b.fund_id, b.from_month::text, b.follows::text
  from (
    select fund_id, from_month, (lag(to_month) over (partition by fund_id order by from_month) + interval '1 month')::date as follows
    from shared_block
  ) b
  where b.from_month <> b.follows
  union all
  select 'runs of blocks with donors', 'fund ' || b.fund_id, coalesce(d.runs, 0)::text, b.runs::text
  from (select fund_id, count(*) * (count(*) + 1) / 2 as runs from shared_block group by fund_id) b
  left join (select fund_id, count(*) as runs from shared_donors group by fund_id) d on d.fund_id = b.fund_id
  where b.runs is distinct from d.runs
$$;

alter function audit() rename to audit_of_facts_and_books;

-- Everything recomputed, in one statement and so one snapshot: the facts and what follows from them, the books, and the blocks.
create function audit() returns table (finding text, subject text, stored text, expected text) language sql stable as $$
  select * from audit_of_facts_and_books()
  union all
  select * from audit_of_blocks()
$$;
