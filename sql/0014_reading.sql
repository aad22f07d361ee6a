-- What pages and the API ask. The cost of each is that of days and months, never of gifts, but for the edge months of a
-- cut range.

-- The pieces of a range: whole months by their first day, and single days at cut edges. Null is no limit.
create function range_pieces(p_from date, p_to date) returns table (grain text, first_on date, last_on date)
language sql immutable parallel safe as $$
  with month as (
    select
      case when p_from is null then '-infinity'::date
        when p_from = month_of(p_from) then p_from
        else (month_of(p_from) + interval '1 month')::date end as first_on,
      case when p_to is null then 'infinity'::date
        when p_to + 1 = month_of(p_to + 1) then month_of(p_to)
        else (month_of(p_to) - interval '1 month')::date end as last_on
  ), piece (grain, first_on, last_on) as (
    select 'month', m.first_on, m.last_on from month m where m.first_on <= m.last_on
    union all
    select 'day', p_from, least(p_to, m.first_on - 1) from month m where p_from < m.first_on
    union all
    select 'day', greatest(p_from, month_of(p_to)), p_to
    from month m
    where p_to + 1 <> month_of(p_to + 1)
      and (p_from is null or month_of(p_to) >= m.first_on)
  )
  select piece.grain, piece.first_on, piece.last_on from piece where piece.first_on <= piece.last_on
$$;

-- How many distinct people gave (kind 'donor') or gave or bought ('supporter') in a scope from one day to another.
create function people_between(p_scope_id bigint, p_kind text, p_from date, p_to date) returns bigint
language sql stable parallel safe as $$
  with piece as (
    select r.grain, r.first_on, r.last_on, month_of(p_from) as from_month,
      p_from is not null and p_from <> month_of(p_from) as is_cut
    from range_pieces(p_from, p_to) r
  )
  select (
    coalesce((
      select sum(m.people)
      from piece
      join giving_month m on m.scope_id = p_scope_id and m.kind = p_kind and m.month between piece.first_on and piece.last_on
      where piece.grain = 'month' and (m.previous_month is null or m.previous_month < coalesce(piece.from_month, '-infinity'))
    ), 0)
    + coalesce((
      select count(*)
      from piece
      join giving_day d on d.scope_id = p_scope_id and d.kind = p_kind and d.previous >= piece.from_month and d.previous < p_from
        and d.day between piece.first_on and (piece.last_on + interval '1 month')::date - 1
      where piece.grain = 'month' and piece.is_cut
    ), 0)
    + coalesce((
      select count(*)
      from piece
      join giving_day d on d.scope_id = p_scope_id and d.kind = p_kind and d.day between piece.first_on and piece.last_on
      where piece.grain = 'day' and (d.previous is null or d.previous < coalesce(p_from, '-infinity'))
    ), 0)
  )::bigint
$$;

-- Whether a fund is one of an organisation's: it is given to through its account, or is its general fund. A joint fund is one
-- of each, and each sees the whole of it.
create function is_fund_of(p_fund_id bigint, p_organisation_id bigint) returns boolean language sql stable as $$
  select exists (
    select from fund_account fa join account a on a.id = fa.account_id
    where fa.fund_id = p_fund_id and a.organisation_id = p_organisation_id
  ) or exists (select from fund f where f.id = p_fund_id and f.general_of = p_organisation_id)
$$;

-- The figures of every fund, of what waits for a fund, of everything, and of everything public, from one day to another
-- (both included, null is no limit). Amounts are those in p_currency; counts are over all currencies. Within an organisation:
-- its funds, each whole; what waits for a fund there; and, as everything, what came to the organisation. Within a fund of it:
-- that fund, also as everything. Nothing of what is public is said there.
create function totals(
  p_from date, p_to date, p_currency text, p_organisation_id bigint default null, p_fund_id bigint default null
) returns table (
  scope text, fund_slug text, fund_name text, fund_public boolean,
  given_minor bigint, returned_minor bigint, raised_minor bigint,
  gifts bigint, donors bigint, unnamed_gifts bigint, supporters bigint,
  arriving_payments bigint, arriving_minor bigint, awaiting_conversion bigint, other_currencies jsonb
) language sql stable as $$
  with piece as (
    select r.grain, r.first_on, r.last_on from range_pieces(p_from, p_to) r
  ), line as (
    select 'fund' as scope, f.slug as fund_slug, f.name as fund_name, f.is_public as fund_public, 'fund/' || f.id as key, f.position, f.id
    from fund f
    where (p_fund_id is null or f.id = p_fund_id) and (p_organisation_id is null or is_fund_of(f.id, p_organisation_id))
    union all
    select k.scope, null, null, null, k.key, null, null
    from (values
      ('unassigned', case when p_fund_id is null then 'unassigned' || coalesce('/organisation/' || p_organisation_id, '') end),
      ('all', coalesce('fund/' || p_fund_id, 'organisation/' || p_organisation_id, 'all')),
      ('public', case when p_fund_id is null and p_organisation_id is null then 'public' end)
    ) k (scope, key)
    where k.key is not null
  ), summed as (
    select
      t.scope_id, t.currency, sum(t.given_minor)::bigint as given_minor, sum(t.returned_minor)::bigint as returned_minor,
      sum(t.gifts)::bigint as gifts, sum(t.unnamed_gifts)::bigint as unnamed_gifts,
      sum(t.awaiting_conversion)::bigint as awaiting_conversion
    -- Within a fund, that fund's line and everything's are of one scope.
    from (select distinct line.key from line) asked
    join scope on scope.key = asked.key
    cross join piece
    join total t on t.scope_id = scope.id and t.grain = piece.grain and t.starts_on between piece.first_on and piece.last_on
    group by t.scope_id, t.currency
  ), by_scope as (
    select
      scope_id,
      sum(given_minor) filter (where currency = p_currency)::bigint as given_minor,
      sum(returned_minor) filter (where currency = p_currency)::bigint as returned_minor,
      sum(gifts)::bigint as gifts,
      sum(unnamed_gifts)::bigint as unnamed_gifts,
      sum(awaiting_conversion)::bigint as awaiting_conversion,
      jsonb_agg(jsonb_build_object('currency', currency, 'given_minor', given_minor::text, 'returned_minor', returned_minor::text)
        order by currency) filter (where currency <> p_currency and (given_minor, returned_minor) <> (0, 0)) as other_currencies
    from summed
    group by scope_id
  ), arriving as (
    select count(*) as payments, coalesce(sum(coalesce(c.amount_captured_minor, c.amount_minor)), 0)::bigint as amount_minor
    from payment p
    join stripe_charge c
      on c.account_id = p.account_id and coalesce(c.payment_intent, c.id) = p.key and c.status = 'succeeded' and c.captured
    where p.state = 'arriving' and c.currency = p_currency and p_fund_id is null
      and (p_organisation_id is null or p.account_id in (select a.id from account a where a.organisation_id = p_organisation_id))
      and p.occurred_on between coalesce(p_from, '-infinity') and coalesce(p_to, 'infinity')
  )
  select
    line.scope, line.fund_slug, line.fund_name, line.fund_public,
    coalesce(b.given_minor, 0), coalesce(b.returned_minor, 0), coalesce(b.given_minor, 0) - coalesce(b.returned_minor, 0),
    coalesce(b.gifts, 0),
    people_between(scope.id, 'donor', p_from, p_to),
    coalesce(b.unnamed_gifts, 0),
    people_between(scope.id, 'supporter', p_from, p_to),
    case when line.scope in ('all', 'public') then arriving.payments else 0 end,
    case when line.scope in ('all', 'public') then arriving.amount_minor else 0 end,
    coalesce(b.awaiting_conversion, 0),
    coalesce(b.other_currencies, '[]')
  from line
  cross join arriving
  left join scope on scope.key = line.key
  left join by_scope b on b.scope_id = scope.id
  order by line.position nulls last, line.id nulls last, line.scope
$$;

-- Given and returned by month and fund; months with whole or cut ranges alike. fund_slug null is what waits for a fund.
-- Within an organisation: what came to it. Within a fund: the whole of that fund.
create function totals_by_month(
  p_from date, p_to date, p_currency text, p_organisation_id bigint default null, p_fund_id bigint default null
) returns table (month text, fund_slug text, given_minor bigint, returned_minor bigint) language sql stable as $$
  select to_char(month_of(t.starts_on), 'YYYY-MM'), f.slug::text, sum(t.given_minor)::bigint, sum(t.returned_minor)::bigint
  from (
    select id, 'fund/' || id || coalesce('/organisation/' || p_organisation_id, '') as key, slug from fund where p_fund_id is null
    union all
    select id, 'fund/' || id, slug from fund where id = p_fund_id
    union all
    select null, 'unassigned' || coalesce('/organisation/' || p_organisation_id, ''), null where p_fund_id is null
  ) f
  join scope on scope.key = f.key
  cross join range_pieces(p_from, p_to) piece
  join total t on t.scope_id = scope.id and t.grain = piece.grain and t.starts_on between piece.first_on and piece.last_on
  where t.currency = p_currency
  group by month_of(t.starts_on), f.slug
  having sum(t.given_minor) <> 0 or sum(t.returned_minor) <> 0
  order by 1, 2 nulls last
$$;

-- What a campaign sold from one day to another, in its own currency.
create function campaign_totals(p_slug text, p_from date, p_to date)
returns table (units_sold bigint, gross_minor bigint, shipping_minor bigint) language sql stable as $$
  select
    coalesce(sum(t.units), 0)::bigint, coalesce(sum(t.sold_minor), 0)::bigint, coalesce(sum(t.shipping_minor), 0)::bigint
  from campaign c
  join scope on scope.key = 'campaign/' || c.id
  cross join range_pieces(p_from, p_to) piece
  join total t
    on t.scope_id = scope.id and t.grain = piece.grain and t.starts_on between piece.first_on and piece.last_on
    and t.currency = c.currency
  where c.slug = p_slug
$$;

-- The first day on which a fund was given to.
create function first_gift_on(p_fund_id bigint) returns date language sql stable as $$
  select min(t.starts_on)
  from total t
  join scope on scope.id = t.scope_id
  where scope.key = 'fund/' || p_fund_id and t.grain = 'day' and t.given_minor > 0
$$;

-- Payments that a bank has not decided yet, as with delayed debits: they are in no total.
create index stripe_charge_pending on stripe_charge (account_id) where status = 'pending';

create function pending_payments(p_currency text, p_organisation_id bigint default null) returns table (payments bigint, amount_minor bigint)
language sql stable as $$
  select count(*), coalesce(sum(c.amount_minor) filter (where c.currency = p_currency), 0)::bigint
  from stripe_charge c
  join payment p on p.account_id = c.account_id and p.key = coalesce(c.payment_intent, c.id) and p.state = 'pending'
  where c.status = 'pending'
    and (p_organisation_id is null or c.account_id in (select a.id from account a where a.organisation_id = p_organisation_id))
$$;

-- Gifts that repeat and whose last payment failed: how many are tried again and when next, and how many are not although
-- nobody has ended them. An attempt that is a day overdue is not coming.
create index stripe_invoice_open on stripe_invoice (account_id) where status = 'open';

create function failed_renewals(p_organisation_id bigint default null)
returns table (retried bigint, next_attempt_at timestamptz, given_up bigint)
language sql stable as $$
  select
    count(distinct (i.account_id, i.subscription)) filter (where attempt.is_coming),
    min(i.next_attempt_at) filter (where attempt.is_coming),
    count(distinct (i.account_id, i.subscription)) filter (where not attempt.is_coming and s.ended_at is null)
  from stripe_invoice i
  cross join lateral (
    select coalesce(i.next_attempt_at > now() - interval '1 day', false) as is_coming
  ) attempt
  left join stripe_subscription s on s.account_id = i.account_id and s.id = i.subscription
  where i.status = 'open' and i.attempt_count > 0 and i.subscription is not null
    and i.billing_reason is distinct from 'subscription_create'
    and (p_organisation_id is null or i.account_id in (select a.id from account a where a.organisation_id = p_organisation_id))
$$;
