-- The back-fill: what an account has at Stripe from before our sweep of it begins.

-- How far each account was filled. Moments are those of Stripe's clock. It stands apart from sweep_state, so that the hourly sweep,
-- its mark and what is said of it go on as if nobody had asked for more.
create table backfill (
  account_id bigint primary key references account,
  -- The earliest moment that was ever asked for.
  begins_at timestamptz not null,
  -- Up to here what Stripe lists is booked and what we hold is listed; at the beginning of the sweep all of it is.
  done_to timestamptz not null,
  -- The run that goes on now: one that was begun later takes over from an earlier one.
  run uuid not null,
  last_started_at timestamptz not null default now(),
  -- When all of it was found to agree for the last time; null while a part is still to come.
  finished_at timestamptz,
  -- What all runs together found that was not known.
  found bigint not null default 0,
  -- Why the last run ended before its end: the name of Stripe's error, or 'differences'.
  last_error text,
  constraint a_backfill_is_done_from_its_beginning_on check (done_to >= begins_at)
);

-- Where an account's sweep begins; if it was never swept, where it would: at the first payment that is known, else p_days before p_at.
create function sweep_beginning(p_account_id bigint, p_at timestamptz, p_days bigint) returns timestamptz language sql stable as $$
  select date_trunc('second', coalesce(
    (select s.begins_at from sweep_state s where s.account_id = p_account_id),
    least(
      (select min(c.created) from stripe_charge c where c.account_id = p_account_id),
      (select min(bt.created) from stripe_balance_transaction bt where bt.account_id = p_account_id)
    ),
    p_at - make_interval(days => p_days::int)
  ))
$$;

-- Begins or goes on with a back-fill, up to where the sweep begins, which is said now if nobody said it before. One that was
-- interrupted goes on where it was; one that asks for an earlier moment, or that was finished, looks through everything from the
-- moment that was asked for.
create function begin_backfill(p_account_id bigint, p_from timestamptz, p_at timestamptz, p_days bigint, p_run uuid)
returns table (goes_on_at timestamptz, ends_at timestamptz) language plpgsql as $$
begin
  insert into sweep_state as s (account_id, begins_at)
  values (p_account_id, sweep_beginning(p_account_id, p_at, p_days))
  on conflict (account_id) do update set begins_at = coalesce(s.begins_at, excluded.begins_at)
  returning date_trunc('second', s.begins_at) into ends_at;
  if p_from >= ends_at then
    goes_on_at := ends_at;
    return next;
    return;
  end if;
  insert into backfill as b (account_id, begins_at, done_to, run) values (p_account_id, p_from, p_from, p_run)
  on conflict (account_id) do update set
    begins_at = least(b.begins_at, p_from),
    done_to = case when p_from < b.begins_at or b.finished_at is not null then p_from else b.done_to end,
    run = p_run, last_started_at = now(), finished_at = null, last_error = null
  returning b.done_to into goes_on_at;
  return next;
end $$;

-- What the balance transactions of an account come to by year of its organisation: [stripe_balance_transaction], as facts have them.
-- `late`: of days in a closed month, which count on the first open day. `early`: of days before the organisation's books begin.
create function backfill_money(p_account_id bigint, p_rows jsonb)
returns table (year bigint, currency text, what text, many bigint, amount_minor bigint, late bigint, early bigint)
language sql stable as $$
  with place as materialized (
    select o.id as organisation_id, o.books_begin_on, b.from_day
    from account a
    left join organisation o on o.id = a.organisation_id
    left join books_open b on b.organisation_id = o.id
    where a.id = p_account_id
  ), told as materialized (
    select bt as row, organisation_day(place.organisation_id, bt.created) as day, coalesce(becomes(bt), 'unknown') as becomes, place.*
    from jsonb_populate_recordset(null::stripe_balance_transaction, p_rows) bt cross join place
  ), line as (
    select day, becomes as what, (row).currency, (row).amount_minor as minor, books_begin_on, from_day from told
    union all
    -- What Stripe kept of a movement for itself.
    select day, 'fee', (row).currency, -(row).fee_minor, books_begin_on, from_day from told where (row).fee_minor <> 0
  )
  select
    extract(year from day)::bigint, line.currency, line.what, count(*), sum(minor)::bigint,
    count(*) filter (where day < from_day), count(*) filter (where day < books_begin_on)
  from line
  group by 1, 2, 3
$$;

-- What would sort the payments of an account by year of its organisation: [{ created, currency, order, fund, description }], of which order
-- and fund are what our own Checkout wrote. As payment_view says it.
create function backfill_sorting(p_account_id bigint, p_payments jsonb)
returns table (year bigint, currency text, sorted_by text, many bigint) language sql stable as $$
  select
    extract(year from day)::bigint, told.currency,
    case
      when order_is_ours(told."order") then 'order'
      when fund_meant(told.fund, p_account_id, day) is not null then 'fund'
      when exists (select from sorting_rule r where r.account_id = p_account_id and r.description = told.description) then 'rule'
      else 'nothing'
    end,
    count(*)
  from account a
  cross join jsonb_to_recordset(p_payments) told (created timestamptz, currency text, "order" text, fund text, description text)
  cross join lateral (select organisation_day(a.organisation_id, told.created) as day offset 0) own
  where a.id = p_account_id
  group by 1, 2, 3
$$;

-- What of an account is older than its organisation's books: counted, and in no entry but the opening one.
create function older_than_books(p_account_id bigint) returns table (books_begin_on date, payments bigint) language sql stable as $$
  select o.books_begin_on, count(p.id)
  from account a
  join organisation o on o.id = a.organisation_id
  left join payment p on p.account_id = a.id and p.state = 'succeeded' and p.occurred_on < o.books_begin_on
  where a.id = p_account_id and o.books_begin_on is not null
  group by 1
$$;

-- As in 0028, with books that begin in the middle: of a payout after that day, movements from before it stand in no entry, or in
-- one that was taken back, and are part of the opening balances; so it is split as one whose members are not known.
create or replace function payout_shares(p_account_id bigint, p_payout text) returns table (fund_id bigint, amount_minor bigint)
language sql stable as $$
  with member as (
    select l.fund_id, sum(l.amount_minor)::bigint as amount_minor
    from stripe_payout_member m
    join journal_entry e
      on e.source_id = m.id and e.source = 'balance transaction' and e.account_id = m.account_id
    join journal_line l on l.entry_id = e.id and l.code = '1100'
    where m.payout = p_payout and m.account_id = p_account_id
    group by 1
  ), begun as materialized (
    select o.books_begin_on as day, o.id as organisation_id
    from account a join organisation o on o.id = a.organisation_id
    where a.id = p_account_id and o.books_begin_on is not null
  ), complete as (
    select exists (
      select from stripe_fetched f where f.account_id = p_account_id and f.what = 'payout_members' and f.id = p_payout and f.found > 0
    ) and not exists (
      select from stripe_payout_member m
      where m.payout = p_payout and m.account_id = p_account_id
        and (
          not exists (
            select from journal_entry e where e.source_id = m.id and e.source = 'balance transaction' and e.account_id = m.account_id
          )
          or exists (
            select from begun cross join lateral (
              select bt.created from stripe_balance_transaction bt where bt.id = m.id and bt.account_id = m.account_id limit 1
            ) bt
            where organisation_day(begun.organisation_id, bt.created) < begun.day
          )
        )
    ) as is_known
  )
  select member.fund_id, member.amount_minor from member cross join complete where complete.is_known and member.amount_minor <> 0
  union all
  select s.fund_id, s.share_minor
  from payout_estimate s
  cross join complete
  where s.account_id = p_account_id and s.payout = p_payout and not complete.is_known
$$;

-- What was learned of after its month was closed: few.
create index gift_counted_late on gift (organisation_id) where counted_on > occurred_on;
create index return_part_counted_late on return_part (organisation_id) where counted_on > occurred_on;

-- Whether the money of a payment through Stripe came on a day of its organisation's books.
create function is_of_the_books(p_payment_id bigint) returns boolean language sql stable as $$
  select exists (
    select
    from payment p
    join stripe_charge c on coalesce(c.payment_intent, c.id) = p.key and c.account_id = p.account_id
    join stripe_balance_transaction bt on bt.source = c.id and bt.account_id = c.account_id
    join account a on a.id = bt.account_id
    join organisation o on o.id = a.organisation_id
    where p.id = p_payment_id and (o.books_begin_on is null or organisation_day(o.id, bt.created) >= o.books_begin_on)
  )
$$;

-- By fund and currency: opening + raised + proceeds + what sales keep + other income - fees - paid out - expenses ± the rest
-- (expected) = what the fund has less what it owes (stands). Raised is the totals', which come from the facts, less what waits for a
-- balance transaction; all else is the books'. As in 0032, but for what is older than the books: learned of after its month was
-- closed it is counted on a day of theirs, and is part of their opening balances all the same. Disputed money (1110, 1115) stands
-- outside: it has already lowered raised or sales.
create or replace function fund_proof(p_organisation_id bigint) returns table (
  fund_id bigint, currency text, raised_minor bigint, waiting_minor bigint, expected_minor bigint, stands_minor bigint
) language sql stable as $$
  with begun as materialized (
    select coalesce(o.books_begin_on, '-infinity') as day from organisation o where o.id = p_organisation_id
  ), booked as materialized (
    select t.fund_id, t.currency,
      sum(t.amount_minor) filter (where b.kind in ('asset', 'liability') and t.code not in ('1110', '1115')) as stands_minor,
      sum(t.amount_minor) filter (where t.code in ('4090', '1110')) as returned_minor,
      -sum(t.amount_minor) filter (
        where (b.kind not in ('asset', 'liability') or t.code = '1115') and t.code not in ('4000', '4090')
      ) as other_minor
    from book_total t join book_account b on b.code = t.code
    where t.organisation_id = p_organisation_id and t.grain = 'month'
    group by 1, 2
  ), told as materialized (
    select f.id as fund_id, t.currency, sum(t.given_minor) as given_minor, sum(t.returned_minor) as returned_minor
    from (select id, 'fund/' || id as key from fund union all select null, 'unassigned') f
    join scope s on s.key = f.key || '/organisation/' || p_organisation_id
    cross join begun
    cross join lateral range_pieces(nullif(begun.day, '-infinity'), null) piece
    join total t on t.scope_id = s.id and t.grain = piece.grain and t.starts_on between piece.first_on and piece.last_on
    group by 1, 2
  ), waiting as materialized (
    select g.fund_id, g.currency, sum(g.amount_minor) as minor
    from awaiting_fee w
    join gift g on g.payment_id = w.payment_id
    cross join begun
    where g.organisation_id = p_organisation_id and g.amount_minor is not null and g.counted_on >= begun.day
      and g.occurred_on >= begun.day
    group by 1, 2
  ), older as materialized (
    select late.fund_id, late.currency, sum(late.given_minor) as given_minor, sum(late.returned_minor) as returned_minor
    from (
      select g.fund_id, g.currency, g.amount_minor as given_minor, 0 as returned_minor
      from gift g cross join begun
      where g.organisation_id = p_organisation_id and g.counted_on > g.occurred_on
        and g.occurred_on < begun.day and g.counted_on >= begun.day and g.amount_minor is not null and not is_of_the_books(g.payment_id)
      union all
      select r.fund_id, r.currency, 0, r.amount_minor
      from return_part r cross join begun
      where r.organisation_id = p_organisation_id and r.counted_on > r.occurred_on and not r.is_sale
        and r.occurred_on < begun.day and r.counted_on >= begun.day and r.amount_minor is not null
    ) late
    group by 1, 2
  ), line as (
    select fund_id, currency from booked union select fund_id, currency from told
  )
  select
    line.fund_id, line.currency, (given.minor - returned.minor)::bigint, (coalesce(waiting.minor, 0) - unposted.minor)::bigint,
    (given.minor - coalesce(waiting.minor, 0) - returned.minor + unposted.minor + coalesce(booked.other_minor, 0))::bigint,
    coalesce(booked.stands_minor, 0)::bigint
  from line
  left join booked on booked.currency = line.currency and booked.fund_id is not distinct from line.fund_id
  left join told on told.currency = line.currency and told.fund_id is not distinct from line.fund_id
  left join waiting on waiting.currency = line.currency and waiting.fund_id is not distinct from line.fund_id
  left join older on older.currency = line.currency and older.fund_id is not distinct from line.fund_id
  cross join lateral (select coalesce(told.given_minor, 0) - coalesce(older.given_minor, 0) as minor) given
  cross join lateral (select coalesce(told.returned_minor, 0) - coalesce(older.returned_minor, 0) as minor) returned
  -- Only where returns and books differ is it worth looking for what waits.
  cross join lateral (
    select case when returned.minor = coalesce(booked.returned_minor, 0) then 0
      else returns_awaiting(p_organisation_id, line.fund_id, line.currency, (select day from begun)) - coalesce(older.returned_minor, 0)
    end as minor
  ) unposted
  order by line.currency, line.fund_id nulls first
$$;
