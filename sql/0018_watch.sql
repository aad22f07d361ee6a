-- What a person has to hear of, though no book is touched by it: a clock that is wrong, payments that stay arriving, accounts
-- whose lost events cannot be listed. Kept here and not in a process, so that each is said once, whoever looks.

-- How far our clock was ahead of Stripe's, below zero behind it, when Stripe last said the time.
create table stripe_clock (
  only_row boolean primary key default true constraint there_is_one_clock check (only_row),
  ahead_ms bigint not null,
  measured_at timestamptz not null default now()
);

-- The payments that are arriving, since when we have seen them so, and when that was last told as too long.
create table arriving_watch (
  -- No foreign key: a row whose payment is not arriving any more goes with the next look.
  payment_id bigint primary key,
  since timestamptz not null default now(),
  told_at timestamptz
);

-- The payments that have been arriving for longer than a day, by account.
create view arriving_too_long as
select w.payment_id, p.account_id, w.since, w.told_at
from arriving_watch w
join payment p on p.id = w.payment_id
where p.state = 'arriving' and w.since < now() - interval '1 day';

-- Looks at what is arriving now. Answers the accounts of which it is to be said that payments stay arriving: each once a day.
create function watch_arriving() returns table (account_id bigint, payments bigint) language plpgsql as $$
begin
  delete from arriving_watch w
  where not exists (select from payment p where p.id = w.payment_id and p.state = 'arriving');
  insert into arriving_watch (payment_id)
  select p.id from payment p where p.state = 'arriving' order by p.id
  on conflict (payment_id) do nothing;

  return query with told as (
    update arriving_watch w set told_at = now()
    from arriving_too_long late
    where late.payment_id = w.payment_id
      and not exists (
        select from arriving_too_long before
        where before.account_id = late.account_id and before.told_at > now() - interval '1 day'
      )
    returning late.account_id
  )
  select told.account_id, count(*) from told group by told.account_id order by told.account_id;
end $$;

-- Accounts whose undelivered events could not be listed the last time, since when and why; tried again after a while.
create table undelivered_pause (
  account_id bigint primary key references account,
  since timestamptz not null,
  until timestamptz not null,
  reason text not null
);
