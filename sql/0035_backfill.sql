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
