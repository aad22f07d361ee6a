-- squawk-ignore-file require-concurrent-index-creation
-- What the pages of the books ask: the trial balance, a fund's statement, payouts and what is in them, entries, and the proofs.
-- The cost of the sums is that of days and months, of a page that of what it shows.

-- Entries of an organisation as they were posted, for what came after Stripe was asked; openings, of which there are few.
create index journal_entry_by_posting on journal_entry (account_id, posted_at) where account_id is not null;
create index journal_entry_opening on journal_entry (organisation_id) where source = 'opening';
create index stripe_payout_by_created on stripe_payout (account_id, created desc, id desc);

-- What moved at Stripe, by account, currency and day at the account's organisation: every balance transaction folded, so that the
-- proofs need not add them up. `unequal` are those of which net is not amount less fee.
create table stripe_moved (
  account_id bigint not null references account,
  currency text collate "C" not null,
  day date not null,
  transactions bigint not null,
  amount_minor bigint not null,
  fee_minor bigint not null,
  net_minor bigint not null,
  unequal bigint not null,
  primary key (account_id, currency, day)
);

create view stripe_moved_view as
select
  bt.account_id, bt.currency, organisation_day(a.organisation_id, bt.created) as day, count(*) as transactions,
  sum(bt.amount_minor)::bigint as amount_minor, sum(bt.fee_minor)::bigint as fee_minor, sum(bt.net_minor)::bigint as net_minor,
  count(*) filter (where bt.net_minor <> bt.amount_minor - bt.fee_minor) as unequal
from stripe_balance_transaction bt
join account a on a.id = bt.account_id
group by 1, 2, 3;

create function change_stripe_moved(p_rows stripe_balance_transaction[], p_sign bigint) returns void language sql as $$
  insert into stripe_moved as known (account_id, currency, day, transactions, amount_minor, fee_minor, net_minor, unequal)
  select
    bt.account_id, bt.currency, organisation_day(a.organisation_id, bt.created), p_sign * count(*),
    p_sign * sum(bt.amount_minor), p_sign * sum(bt.fee_minor), p_sign * sum(bt.net_minor),
    p_sign * count(*) filter (where bt.net_minor <> bt.amount_minor - bt.fee_minor)
  from unnest(p_rows) bt
  join account a on a.id = bt.account_id
  group by 1, 2, 3
  on conflict (account_id, currency, day) do update set
    transactions = known.transactions + excluded.transactions,
    amount_minor = known.amount_minor + excluded.amount_minor,
    fee_minor = known.fee_minor + excluded.fee_minor,
    net_minor = known.net_minor + excluded.net_minor,
    unequal = known.unequal + excluded.unequal
$$;

create function stripe_moved_changed() returns trigger language plpgsql as $$
declare
  v_old stripe_balance_transaction[];
  v_new stripe_balance_transaction[];
begin
  if tg_op in ('UPDATE', 'DELETE') then
    v_old := (select array_agg(o) from old_rows o);
    perform change_stripe_moved(v_old, -1);
  end if;
  if tg_op in ('INSERT', 'UPDATE') then
    v_new := (select array_agg(n) from new_rows n);
    perform change_stripe_moved(v_new, 1);
  end if;
  return null;
end $$;

create trigger stripe_moved_inserted after insert on stripe_balance_transaction referencing new table as new_rows
  for each statement execute function stripe_moved_changed();
create trigger stripe_moved_updated after update on stripe_balance_transaction referencing old table as old_rows new table as new_rows
  for each statement execute function stripe_moved_changed();
create trigger stripe_moved_deleted after delete on stripe_balance_transaction referencing old table as old_rows
  for each statement execute function stripe_moved_changed();

create function fold_stripe_moved(p_account_id bigint) returns void language plpgsql as $$
begin
  perform take_ledger_lock();
  delete from stripe_moved where account_id = p_account_id;
  insert into stripe_moved select * from stripe_moved_view v where v.account_id = p_account_id;
end $$;

-- The day of a movement is its organisation's: when that changes, its days are others.
create function account_is_elsewhere() returns trigger language plpgsql as $$
begin
  perform fold_stripe_moved(new.id);
  return null;
end $$;

create function organisation_keeps_other_time() returns trigger language plpgsql as $$
begin
  perform fold_stripe_moved(a.id) from account a where a.organisation_id = new.id;
  return null;
end $$;

create trigger account_is_elsewhere after update of organisation_id on account
  for each row when (old.organisation_id is distinct from new.organisation_id) execute function account_is_elsewhere();
create trigger organisation_keeps_other_time after update of time_zone on organisation
  for each row when (old.time_zone <> new.time_zone) execute function organisation_keeps_other_time();

insert into stripe_moved select * from stripe_moved_view;

-- Of an organisation's books by account: what stood before the first day, and what moved from it to the last (null: no limit).
-- Of one fund, of what waits for one, or of all.
create function trial_balance(
  p_organisation_id bigint, p_fund_id bigint, p_without_fund boolean, p_from date, p_to date
) returns table (currency text, code text, name text, kind text, before_minor bigint, moved_minor bigint)
language sql stable as $$
  with asked as materialized (
    select true as is_before, r.* from range_pieces(null, p_from - 1) r where p_from is not null
    union all
    select false, r.* from range_pieces(p_from, p_to) r
  )
  select
    t.currency, t.code, a.name, a.kind,
    coalesce(sum(t.amount_minor) filter (where asked.is_before), 0)::bigint,
    coalesce(sum(t.amount_minor) filter (where not asked.is_before), 0)::bigint
  from asked
  join book_total t on t.grain = asked.grain and t.starts_on between asked.first_on and asked.last_on
  join book_account a on a.code = t.code
  where t.organisation_id = p_organisation_id
    and (p_fund_id is null or t.fund_id = p_fund_id) and (not p_without_fund or t.fund_id is null)
  group by 1, 2, 3, 4
  having coalesce(sum(t.amount_minor) filter (where asked.is_before), 0) <> 0
    or coalesce(sum(t.amount_minor) filter (where not asked.is_before), 0) <> 0
  order by 1, 2
$$;

-- The same of one fund in the books of every organisation: a joint fund's statement is the sum of all.
create function fund_statement(p_fund_id bigint, p_from date, p_to date)
returns table (organisation_id bigint, currency text, code text, before_minor bigint, moved_minor bigint) language sql stable as $$
  select o.id, t.currency, t.code, t.before_minor, t.moved_minor
  from organisation o
  cross join lateral trial_balance(o.id, p_fund_id, false, p_from, p_to) t
  where exists (select from book_total b where b.fund_id = p_fund_id and b.organisation_id = o.id)
  order by o.position, o.id, 2, 3
$$;

-- Where every fund of an organisation stands: what it has, and what it owes, disputed money left out.
create function fund_balances(p_organisation_id bigint)
returns table (fund_id bigint, currency text, balance_minor bigint) language sql stable as $$
  select t.fund_id, t.currency, sum(t.amount_minor)::bigint
  from book_total t
  join book_account a on a.code = t.code
  where t.organisation_id = p_organisation_id and t.grain = 'month' and a.kind in ('asset', 'liability') and t.code not in ('1110', '1115')
  group by 1, 2
$$;

-- Entries, newest first, after a place: those that have a line of these accounts (null: any) and fund, each with these lines. Of a
-- payment: all of the sources that say something of it.
create function entries_of(
  p_organisation_id bigint, p_codes jsonb, p_fund_id bigint, p_without_fund boolean, p_currency text, p_from date, p_to date,
  p_source text, p_payment_id bigint, p_before_day date, p_before_number bigint, p_limit bigint
) returns table (
  id bigint, number bigint, entered_on date, source text, account_slug text, source_id text, source_number bigint,
  corrects bigint, corrects_number bigint, lines jsonb
) language sql stable as $$
  with line_is_asked as (
    select p_codes is null and p_fund_id is null and not p_without_fund and p_currency is null as any_line
  ), page as (
    select e.*
    from journal_entry e
    where e.organisation_id = p_organisation_id
      and (p_from is null or e.entered_on >= p_from) and (p_to is null or e.entered_on <= p_to)
      and (p_source is null or e.source = p_source)
      and (p_before_day is null or (e.entered_on, e.number) < (p_before_day, p_before_number))
      and (p_payment_id is null or e.id in (
        select own.id
        from sources_touched_by('[]', array[p_payment_id]) s
        join journal_entry own on own.source_id = s.source_id and own.source = s.source and own.account_id is not distinct from s.account_id
      ))
      and ((select any_line from line_is_asked) or exists (
        select from journal_line l
        where l.entry_id = e.id and (p_codes is null or p_codes ? l.code) and (p_fund_id is null or l.fund_id = p_fund_id)
          and (not p_without_fund or l.fund_id is null) and (p_currency is null or l.currency = p_currency)
      ))
    order by e.entered_on desc, e.number desc
    limit p_limit
  )
  select
    page.id, page.number, page.entered_on, page.source, a.slug, page.source_id, page.source_number, page.corrects, corrected.number,
    (
      select jsonb_agg(jsonb_build_object(
        'code', l.code, 'name', named.name, 'fund', f.name, 'fundSlug', f.slug, 'campaign', c.name, 'currency', l.currency,
        'amountMinor', l.amount_minor::text
      ) order by l.line_number)
      from journal_line l
      join book_account named on named.code = l.code
      left join fund f on f.id = l.fund_id
      left join campaign c on c.id = l.campaign_id
      where l.entry_id = page.id and (p_codes is null or p_codes ? l.code) and (p_fund_id is null or l.fund_id = p_fund_id)
        and (not p_without_fund or l.fund_id is null) and (p_currency is null or l.currency = p_currency)
    )
  from page
  left join account a on a.id = page.account_id
  left join journal_entry corrected on corrected.id = page.corrects
  order by page.entered_on desc, page.number desc
$$;

-- What a balance transaction is to a reader, by what it becomes and the accounts that it stands in; null codes: not posted yet.
create function kind_of_movement(p_becomes text, p_codes text[], p_amount_minor bigint) returns text language sql immutable as $$
  select case
    when p_codes is null then 'waiting'
    when '2900' = any (p_codes) then 'unknown'
    when p_becomes is null then 'assigned'
    when p_becomes in ('payout', 'fee', 'reserve', 'top-up') then p_becomes
    when '4400' = any (p_codes) then 'other income'
    when '2300' = any (p_codes) then 'not ours'
    when p_becomes = 'payment' and p_codes @> array['4000', '4100'] then 'gift and sale'
    when p_becomes = 'payment' and '4000' = any (p_codes) then 'gift'
    when p_becomes = 'payment' and '4100' = any (p_codes) then 'sale'
    when p_becomes in ('payment', 'payment undone') or '2310' = any (p_codes) then 'not completed'
    when p_becomes = 'return' then case when p_amount_minor < 0 then 'refund' else 'refund failed' end
    else case when p_amount_minor < 0 then 'dispute' else 'dispute won' end
  end
$$;

-- What stands in the books of a balance transaction, over all its entries.
create function posted_of(p_account_id bigint, p_id text) returns table (code text, fund_id bigint, amount_minor bigint)
language sql stable as $$
  select l.code, l.fund_id, sum(l.amount_minor)::bigint
  from journal_entry e
  join journal_line l on l.entry_id = e.id
  where e.source_id = p_id and e.source = 'balance transaction' and e.account_id = p_account_id
  group by 1, 2
  having sum(l.amount_minor) <> 0
$$;

-- Whether Stripe has said what was in a payout.
create function members_known(p_account_id bigint, p_payout text) returns boolean language sql stable as $$
  select exists (
    select from stripe_fetched f where f.account_id = p_account_id and f.what = 'payout_members' and f.id = p_payout and f.found > 0
  )
$$;

-- Payouts of an organisation's accounts, newest first, after a place. `unexplained_minor` is what its members do not add up to.
create function payout_list(p_organisation_id bigint, p_before timestamptz, p_before_id text, p_limit bigint) returns table (
  id text, account_slug text, status text, amount_minor bigint, currency text, automatic boolean, method text, created timestamptz,
  created_on date, arrival_date date, original_payout text, members_known boolean, members bigint, is_estimated boolean,
  is_posted boolean, unexplained_minor bigint
) language sql stable as $$
  with page as (
    select p.*, a.slug as account_slug, organisation_day(o.id, p.created) as created_on
    from account a
    join organisation o on o.id = a.organisation_id
    cross join lateral (
      select p.* from stripe_payout p
      where p.account_id = a.id and (p_before is null or (p.created, p.id) < (p_before, p_before_id))
      order by p.created desc, p.id desc
      limit p_limit
    ) p
    where o.id = p_organisation_id
    order by p.created desc, p.id desc
    limit p_limit
  )
  select
    page.id, page.account_slug, page.status, page.amount_minor, page.currency, page.automatic, page.method, page.created, page.created_on,
    page.arrival_date, page.original_payout, known.members,
    (select count(*) from stripe_payout_member m where m.payout = page.id and m.account_id = page.account_id),
    not known.members and exists (select from payout_estimate s where s.payout = page.id and s.account_id = page.account_id),
    own.is_posted, coalesce(own.unexplained_minor, 0)::bigint
  from page
  cross join lateral (select members_known(page.account_id, page.id) as members) known
  cross join lateral (
    select count(*) > 0 as is_posted, sum(abs(posted.amount_minor)) filter (where posted.code = '2900') as unexplained_minor
    from stripe_balance_transaction bt
    cross join lateral posted_of(bt.account_id, bt.id) posted
    where bt.source = page.id and bt.account_id = page.account_id and bt.type = 'payout'
  ) own
  order by page.created desc, page.id desc
$$;

-- A payout opened, in one call: itself, what is in it by kind, whose it is, and the entries of its own movements.
create function payout_opened(p_organisation_id bigint, p_payout text) returns jsonb language sql stable as $$
  with payout as materialized (
    select p.*, a.slug as account_slug, o.id as organisation_id, members_known(p.account_id, p.id) as members_known
    from stripe_payout p
    join account a on a.id = p.account_id
    join organisation o on o.id = a.organisation_id
    where p.id = p_payout and o.id = p_organisation_id
    limit 1
  ), member as materialized (
    select bt.*, organisation_day(payout.organisation_id, bt.created) as day, m.id as member_id,
      kind_of_movement(becomes(bt), posted.codes, bt.amount_minor) as kind
    from payout
    join stripe_payout_member m on m.payout = payout.id and m.account_id = payout.account_id
    left join stripe_balance_transaction bt on bt.id = m.id and bt.account_id = m.account_id
    cross join lateral (select array_agg(distinct p.code) as codes from posted_of(m.account_id, m.id) p) posted
  ), own as materialized (
    select bt.*, organisation_day(payout.organisation_id, bt.created) as day
    from payout join stripe_balance_transaction bt on bt.source = payout.id and bt.account_id = payout.account_id
  )
  select jsonb_build_object(
    'id', payout.id, 'account', payout.account_slug, 'status', payout.status, 'amountMinor', payout.amount_minor::text,
    'currency', payout.currency, 'automatic', payout.automatic, 'method', payout.method,
    'createdOn', organisation_day(payout.organisation_id, payout.created), 'arrivalDate', payout.arrival_date,
    'originalPayout', payout.original_payout, 'reversedBy', payout.reversed_by, 'traceId', payout.trace_id,
    'membersKnown', payout.members_known,
    'unknownMembers', (select count(*) from member where member.id is null),
    'firstOn', (select min(member.day) from member), 'lastOn', (select max(member.day) from member),
    'kinds', coalesce((
      select jsonb_agg(jsonb_build_object(
        'kind', k.kind, 'count', k.count, 'amountMinor', k.amount_minor::text, 'feeMinor', k.fee_minor::text, 'netMinor', k.net_minor::text
      ) order by k.kind)
      from (
        select member.kind, count(*) as count, sum(member.amount_minor) as amount_minor, sum(member.fee_minor) as fee_minor,
          sum(member.net_minor) as net_minor
        from member where member.id is not null group by 1
      ) k
    ), '[]'),
    'shares', coalesce((
      select jsonb_agg(jsonb_build_object('fund', f.name, 'slug', f.slug, 'isGeneral', f.general_of is not null, 'amountMinor', s.amount_minor::text)
        order by s.amount_minor desc, f.position, f.id)
      from (
        select s.fund_id, sum(s.amount_minor)::bigint as amount_minor
        from payout_shares(payout.account_id, payout.id) s group by 1
      ) s
      left join fund f on f.id = s.fund_id
    ), '[]'),
    'movements', coalesce((
      select jsonb_agg(jsonb_build_object(
        'id', own.id, 'type', own.type, 'day', own.day, 'amountMinor', own.amount_minor::text, 'feeMinor', own.fee_minor::text,
        'entries', (
          select coalesce(jsonb_agg(jsonb_build_object('id', e.id::text, 'number', e.number::text, 'day', e.entered_on) order by e.number), '[]')
          from journal_entry e where e.source_id = own.id and e.source = 'balance transaction' and e.account_id = own.account_id
        )
      ) order by own.created, own.id)
      from own
    ), '[]')
  )
  from payout
$$;

-- What is in a payout, in the order in which it moved, after a place: each with its payment, whose it is, and its last entry.
create function payout_members(p_organisation_id bigint, p_payout text, p_after timestamptz, p_after_id text, p_limit bigint)
returns table (
  id text, created timestamptz, day date, kind text, payment_id bigint, entry_id bigint, entry_number bigint, currency text,
  amount_minor bigint, fee_minor bigint, net_minor bigint, description text, shares jsonb
) language sql stable as $$
  with page as materialized (
    select bt as moved, organisation_day(o.id, bt.created) as day
    from stripe_payout p
    join account a on a.id = p.account_id
    join organisation o on o.id = a.organisation_id
    join stripe_payout_member m on m.payout = p.id and m.account_id = p.account_id
    join stripe_balance_transaction bt on bt.id = m.id and bt.account_id = m.account_id
    where p.id = p_payout and o.id = p_organisation_id and (p_after is null or (bt.created, bt.id) > (p_after, p_after_id))
    order by bt.created, bt.id
    limit p_limit
  )
  select
    (moved).id, (moved).created, page.day, kind_of_movement(becomes(moved), posted.codes, (moved).amount_minor), paid.id, last.id,
    last.number, (moved).currency, (moved).amount_minor, (moved).fee_minor, (moved).net_minor, (moved).description, posted.shares
  from page
  cross join lateral (
    select
      array_agg(distinct p.code) as codes,
      coalesce(jsonb_agg(jsonb_build_object('fund', f.name, 'slug', f.slug, 'amountMinor', p.amount_minor::text)
        order by p.amount_minor desc, f.id) filter (where p.code = '1100'), '[]') as shares
    from posted_of((moved).account_id, (moved).id) p
    left join fund f on f.id = p.fund_id
  ) posted
  left join lateral (
    select e.id, e.number from journal_entry e
    where e.source_id = (moved).id and e.source = 'balance transaction' and e.account_id = (moved).account_id
    order by e.source_number desc limit 1
  ) last on true
  left join lateral charge_behind(moved) charge on true
  left join payment paid on paid.account_id = (moved).account_id and paid.key = coalesce(charge.payment_intent, charge.id)
  order by (moved).created, (moved).id
$$;

-- What Stripe says that an account has, beside what the books say of it. What is set aside (1120) counts where Stripe names it.
-- `moved_since`: entries were posted after Stripe was asked, so that the two are of different moments.
create function stripe_proof(p_organisation_id bigint) returns table (
  account_slug text, currency text, booked_minor bigint, at_stripe_minor bigint, reserved_minor bigint, asked_at timestamptz, moved_since boolean,
  listed_minor bigint, posted_minor bigint, unequal bigint
) language sql stable as $$
  with own as materialized (
    select a.id, a.slug, a.position, coalesce(o.books_begin_on, '-infinity') as begins_on
    from account a join organisation o on o.id = a.organisation_id
    where o.id = p_organisation_id
  ), booked as materialized (
    select t.account_id, t.currency,
      sum(t.amount_minor) filter (where t.code = '1100') as clearing_minor, sum(t.amount_minor) filter (where t.code = '1120') as held_minor
    from own join book_total t on t.account_id = own.id and t.grain = 'month' and t.code in ('1100', '1120')
    where t.organisation_id = p_organisation_id
    group by 1, 2
  ), opened as materialized (
    select e.account_id, l.currency, sum(l.amount_minor) as clearing_minor
    from journal_entry e join journal_line l on l.entry_id = e.id and l.code = '1100'
    where e.organisation_id = p_organisation_id and e.source = 'opening'
    group by 1, 2
  ), moved as materialized (
    select m.account_id, m.currency, sum(m.net_minor) as net_minor, sum(m.unequal) as unequal
    from own join stripe_moved m on m.account_id = own.id and m.day >= own.begins_on
    group by 1, 2
  ), told as materialized (
    select b.account_id, b.currency, sum(b.available_minor + b.pending_minor) as minor, sum(coalesce(b.reserved_minor, 0)) as reserved_minor,
      min(b.fetched_at) as asked_at
    from own join stripe_balance b on b.account_id = own.id
    group by 1, 2
  ), line as (
    select account_id, currency from booked union select account_id, currency from moved union select account_id, currency from told
  )
  select
    own.slug, line.currency,
    (coalesce(booked.clearing_minor, 0) + case when told.reserved_minor <> 0 then coalesce(booked.held_minor, 0) else 0 end)::bigint,
    (told.minor + told.reserved_minor)::bigint, told.reserved_minor::bigint, told.asked_at,
    exists (select from journal_entry e where e.account_id = line.account_id and e.posted_at > told.asked_at),
    coalesce(moved.net_minor, 0)::bigint, (coalesce(booked.clearing_minor, 0) - coalesce(opened.clearing_minor, 0))::bigint,
    coalesce(moved.unequal, 0)::bigint
  from line
  join own on own.id = line.account_id
  left join booked on (booked.account_id, booked.currency) = (line.account_id, line.currency)
  left join opened on (opened.account_id, opened.currency) = (line.account_id, line.currency)
  left join moved on (moved.account_id, moved.currency) = (line.account_id, line.currency)
  left join told on (told.account_id, told.currency) = (line.account_id, line.currency)
  order by own.position, own.id, line.currency
$$;

-- What was returned of a fund's gifts and stands in no entry yet, because Stripe has not told its movement.
create function returns_awaiting(p_organisation_id bigint, p_fund_id bigint, p_currency text, p_since date) returns bigint
language sql stable as $$
  select coalesce(sum(r.amount_minor), 0)::bigint
  from return_part r
  join payment p on p.id = r.payment_id
  where r.organisation_id = p_organisation_id and r.fund_id is not distinct from p_fund_id and r.currency = p_currency
    and not r.is_sale and r.amount_minor is not null and r.counted_on >= p_since
    and p.account_id is not null and not exists (
      select from stripe_balance_transaction bt
      join journal_entry e on e.source_id = bt.id and e.account_id = bt.account_id
      where bt.account_id = p.account_id and r.return_id in (bt.id, bt.source) and becomes(bt) in ('return', 'dispute')
        and (r.return_id = bt.id or not exists (
          select from return_part own where own.payment_id = r.payment_id and own.return_id = bt.id
        ))
    )
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
-- balance transaction; all else is the books'. What is older than the books and was learned of after its month was closed is
-- counted on a day of theirs, and is part of their opening balances all the same. Disputed money (1110, 1115) stands outside: it
-- has already lowered raised or sales.
create function fund_proof(p_organisation_id bigint) returns table (
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

-- The identities of an organisation's books, one row a subject: what it should come to and what it comes to. The cost is that of
-- accounts, funds, months and payouts, never of gifts.
create function proofs(p_organisation_id bigint)
returns table (proof text, subject text, currency text, expected_minor bigint, found_minor bigint) language sql stable as $$
  with stripe as materialized (select * from stripe_proof(p_organisation_id))
  select 'net', s.account_slug, s.currency, 0::bigint, s.unequal from stripe s
  union all
  select 'posted', s.account_slug, s.currency, s.listed_minor, s.posted_minor from stripe s
  union all
  select 'balance', s.account_slug, s.currency, s.at_stripe_minor, s.booked_minor from stripe s where s.at_stripe_minor is not null
  union all
  select 'payout', p.id, p.currency, p.amount_minor, p.amount_minor + coalesce(own.unexplained_minor, 0)::bigint
  from account a
  join stripe_payout p on p.account_id = a.id
  cross join lateral (
    select sum(abs(posted.amount_minor)) as unexplained_minor
    from stripe_balance_transaction bt
    cross join lateral posted_of(bt.account_id, bt.id) posted
    where bt.source = p.id and bt.account_id = p.account_id and bt.type = 'payout' and posted.code = '2900'
  ) own
  where a.organisation_id = p_organisation_id and p.automatic and members_known(p.account_id, p.id)
  union all
  select 'suspense', coalesce(f.slug, '-'), t.currency, 0, -sum(t.amount_minor)::bigint
  from book_total t left join fund f on f.id = t.fund_id
  where t.organisation_id = p_organisation_id and t.grain = 'month' and t.code = '2900'
  group by f.slug, t.currency
  union all
  select 'fund', coalesce(f.slug, '-'), p.currency, p.expected_minor, p.stands_minor
  from fund_proof(p_organisation_id) p left join fund f on f.id = p.fund_id
$$;

-- Rows of a file from Stripe beside what is known here: [{ place, id, currency, gross, fee, net, payout }], amounts in minor units as
-- text. One row each, with ours, null where there is none.
create function rows_of_file(p_organisation_id bigint, p_rows jsonb) returns table (
  place bigint, amount_minor bigint, fee_minor bigint, net_minor bigint, currency text, payout text, entry_id bigint, entry_number bigint
) language sql stable as $$
  select r.place, bt.amount_minor, bt.fee_minor, bt.net_minor, bt.currency, m.payout, last.id, last.number
  from jsonb_to_recordset(p_rows) r (place bigint, id text)
  cross join lateral (
    select bt.* from account a
    join stripe_balance_transaction bt on bt.id = r.id and bt.account_id = a.id
    where a.organisation_id = p_organisation_id
    limit 1
  ) bt
  left join stripe_payout_member m on m.id = bt.id and m.account_id = bt.account_id
  left join lateral (
    select e.id, e.number from journal_entry e
    where e.source_id = bt.id and e.source = 'balance transaction' and e.account_id = bt.account_id
    order by e.source_number desc limit 1
  ) last on true
$$;

-- What is in these payouts and not among these rows: [id] each.
create function rows_not_in_file(p_organisation_id bigint, p_payouts jsonb, p_ids jsonb) returns table (
  id text, payout text, amount_minor bigint, fee_minor bigint, net_minor bigint, currency text
) language sql stable as $$
  select bt.id, m.payout, bt.amount_minor, bt.fee_minor, bt.net_minor, bt.currency
  from jsonb_array_elements_text(p_payouts) asked (payout)
  join stripe_payout_member m on m.payout = asked.payout
  join account a on a.id = m.account_id and a.organisation_id = p_organisation_id
  join stripe_balance_transaction bt on bt.id = m.id and bt.account_id = m.account_id
  where not p_ids ? bt.id
  order by bt.created, bt.id
$$;

-- Every movement at Stripe is in the sums of the proofs.
create function audit_of_proofs() returns table (finding text, subject text, stored text, expected text) language sql stable as $$
  select 'sum of movements differs from Stripe''s list', concat_ws(' ', 'account', t.account_id, t.currency, t.day),
    concat_ws(' ', sum(t.stored), sum(t.stored_net)), concat_ws(' ', sum(t.expected), sum(t.expected_net))
  from (
    select account_id, currency, day, transactions as stored, net_minor as stored_net, amount_minor, fee_minor, unequal,
      0 as expected, 0 as expected_net
    from stripe_moved
    union all
    select account_id, currency, day, 0, 0, -amount_minor, -fee_minor, -unequal, transactions, net_minor from stripe_moved_view
  ) t
  group by t.account_id, t.currency, t.day
  having (sum(t.stored), sum(t.stored_net), sum(t.amount_minor), sum(t.fee_minor), sum(t.unequal))
    <> (sum(t.expected), sum(t.expected_net), 0, 0, 0)
$$;

create or replace function audit() returns table (finding text, subject text, stored text, expected text) language sql stable as $$
  select * from audit_of_facts()
  union all
  select * from audit_of_books()
  union all
  select * from audit_of_proofs()
$$;
