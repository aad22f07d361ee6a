-- What the board shows, in one answer and so in one snapshot: board() of the end of this file. Amounts are text inside, days
-- local, and every piece is about one place: everything, an organisation, a fund or a campaign. The cost is that of days, months and
-- amounts that people give, never of gifts, but for the edge months of a cut range.

-- Sums over a range look up each of its pieces (lateral, offset 0). A join with them, planned for any range and kept, would read
-- whole tables: 0.4 s instead of 0.03 for the totals of 300,000 gifts.

-- Who gave for the first time: of all time these rows are all that is asked.
create index giving_month_first on giving_month (scope_id, kind, month) include (people) where previous_month is null;

-- As in 0014.
create or replace function people_between(p_scope_id bigint, p_kind text, p_from date, p_to date) returns bigint
language sql stable parallel safe as $$
  with piece as materialized (
    select r.grain, r.first_on, r.last_on, month_of(p_from) as from_month,
      p_from is not null and p_from <> month_of(p_from) as is_cut
    from range_pieces(p_from, p_to) r
  )
  select (
    coalesce((
      select sum(m.people)
      from piece
      cross join lateral (
        select m.people from giving_month m
        where m.scope_id = p_scope_id and m.kind = p_kind and m.month between piece.first_on and piece.last_on
          and m.previous_month is null
        union all
        select m.people from giving_month m
        where m.scope_id = p_scope_id and m.kind = p_kind and m.month between piece.first_on and piece.last_on
          and m.previous_month < piece.from_month
        offset 0
      ) m
      where piece.grain = 'month'
    ), 0)
    + coalesce((
      select sum(cut.people)
      from piece
      cross join lateral (
        select count(*) as people from giving_day d
        where d.scope_id = p_scope_id and d.kind = p_kind and d.previous >= piece.from_month and d.previous < p_from
          and d.day between piece.first_on and (piece.last_on + interval '1 month')::date - 1
      ) cut
      where piece.grain = 'month' and piece.is_cut
    ), 0)
    + coalesce((
      select sum(edge.people)
      from piece
      cross join lateral (
        select count(*) as people from giving_day d
        where d.scope_id = p_scope_id and d.kind = p_kind and d.day between piece.first_on and piece.last_on
          and (d.previous is null or d.previous < coalesce(p_from, '-infinity'))
      ) edge
      where piece.grain = 'day'
    ), 0)
  )::bigint
$$;

-- As in 0014.
create or replace function totals_by_month(
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
  cross join lateral (
    select t.* from total t
    where t.scope_id = scope.id and t.grain = piece.grain and t.starts_on between piece.first_on and piece.last_on
    offset 0
  ) t
  where t.currency = p_currency
  group by month_of(t.starts_on), f.slug
  having sum(t.given_minor) <> 0 or sum(t.returned_minor) <> 0
  order by 1, 2 nulls last
$$;

-- As in 0029; of the few payments whose fee is awaited each is looked up, however many gifts the range has.
create or replace function gifts_awaiting_fees(p_from date, p_to date)
returns table (fund_id bigint, organisation_id bigint, gifts bigint) language sql stable as $$
  select g.fund_id, g.organisation_id, count(*)
  from awaiting_fee a
  cross join lateral (select * from gift g where g.payment_id = a.payment_id offset 0) g
  where g.counted_on between coalesce(p_from, '-infinity') and coalesce(p_to, 'infinity')
  group by 1, 2
$$;

-- As in 0029.
create or replace function totals(
  p_from date, p_to date, p_currency text, p_organisation_id bigint default null, p_fund_id bigint default null
) returns table (
  scope text, fund_slug text, fund_name text, fund_public boolean,
  given_minor bigint, returned_minor bigint, raised_minor bigint,
  gifts bigint, donors bigint, unnamed_gifts bigint, supporters bigint,
  arriving_payments bigint, arriving_minor bigint, awaiting_conversion bigint, other_currencies jsonb,
  proceeds_minor bigint, fees_minor bigint, fees_unknown bigint
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
    cross join lateral (
      select t.* from total t
      where t.scope_id = scope.id and t.grain = piece.grain and t.starts_on between piece.first_on and piece.last_on
      offset 0
    ) t
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
  ), books as materialized (
    select f.*, coalesce(fund.is_public, true) as is_public
    from figures_of_books(p_from, p_to, p_currency) f left join fund on fund.id = f.fund_id
  ), waiting_for_fees as materialized (
    select w.*, coalesce(fund.is_public, true) as is_public
    from gifts_awaiting_fees(p_from, p_to) w left join fund on fund.id = w.fund_id
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
    coalesce(b.other_currencies, '[]'),
    coalesce(of_books.proceeds_minor, 0), coalesce(of_books.fees_minor, 0), coalesce(waiting.gifts, 0)
  from line
  cross join arriving
  left join scope on scope.key = line.key
  left join by_scope b on b.scope_id = scope.id
  left join lateral (
    select sum(f.proceeds_minor)::bigint as proceeds_minor, sum(f.fees_minor)::bigint as fees_minor
    from books f
    where is_of_line(line.scope, line.id, p_organisation_id, p_fund_id, f.fund_id, f.organisation_id, f.is_public)
  ) of_books on true
  left join lateral (
    select sum(w.gifts)::bigint as gifts
    from waiting_for_fees w
    where is_of_line(line.scope, line.id, p_organisation_id, p_fund_id, w.fund_id, w.organisation_id, w.is_public)
  ) waiting on true
  order by line.position nulls last, line.id nulls last, line.scope
$$;

-- As in 0032; whether anything was posted since is one look at the last entry, and not at all of them.
create or replace function stripe_proof(p_organisation_id bigint) returns table (
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
    coalesce((
      select e.posted_at from journal_entry e where e.account_id = line.account_id order by e.posted_at desc limit 1
    ) > told.asked_at, false),
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

-- As in 0029; of what waits for its fee, which is little, the sales are looked up, and not the other way round.
create or replace function campaign_totals(p_slug text, p_from date, p_to date) returns table (
  units_sold bigint, gross_minor bigint, shipping_minor bigint, fees_minor bigint, promised_minor bigint, actual_minor bigint
) language sql stable as $$
  with own as (
    select c.id, c.currency,
      exists (select from promise p where p.campaign_id = c.id and p.worded_minor is not null) as names_amounts,
      exists (select from promise p where p.campaign_id = c.id and p.worded_minor is null) as names_none
    from campaign c where c.slug = p_slug
  ), piece as (
    select * from range_pieces(p_from, p_to)
  ), sold as (
    select coalesce(sum(t.units), 0)::bigint as units, coalesce(sum(t.sold_minor), 0)::bigint as gross,
      coalesce(sum(t.shipping_minor), 0)::bigint as shipping
    from own
    join scope on scope.key = 'campaign/' || own.id
    cross join piece
    join total t
      on t.scope_id = scope.id and t.grain = piece.grain and t.starts_on between piece.first_on and piece.last_on
      and t.currency = own.currency
  ), booked as (
    select
      coalesce(sum(t.amount_minor) filter (where t.code = '5020'), 0)::bigint as fees,
      coalesce(-sum(t.amount_minor) filter (where t.code = '3920'), 0)::bigint as actual
    from own
    cross join piece
    join book_total t
      on t.campaign_id = own.id and t.grain = piece.grain and t.starts_on between piece.first_on and piece.last_on
      and t.currency = own.currency and t.code in ('5020', '3920')
  ), promised as (
    select coalesce(sum(t.promised_minor), 0)::bigint as minor
    from own
    cross join piece
    join promise_total t
      on t.campaign_id = own.id and t.grain = piece.grain and t.starts_on between piece.first_on and piece.last_on
      and t.currency = own.currency
  )
  select
    sold.units, sold.gross, sold.shipping, known.fees,
    case when own.names_amounts and own.names_none then null when own.names_amounts then promised.minor else known.actual end,
    known.actual
  from own cross join sold cross join booked cross join promised
  cross join lateral (
    select exists (
      select
      from awaiting_fee a
      cross join lateral (select from sale s where s.payment_id = a.payment_id and s.campaign_id = own.id offset 0) s
    ) as awaits
  ) fees
  cross join lateral (
    select case when not fees.awaits then booked.fees end as fees, case when not fees.awaits then booked.actual end as actual
  ) known
$$;

-- The place that an organisation, a fund and a campaign name together; null where nothing was ever counted in it.
create function board_scope_id(p_organisation_id bigint, p_fund_id bigint, p_campaign_id bigint) returns bigint language sql stable as $$
  select scope_id(coalesce('campaign/' || p_campaign_id, 'fund/' || p_fund_id, 'organisation/' || p_organisation_id, 'all'))
$$;

-- The organisation whose fiscal years are a place's, as board_scope has it.
create function board_calendar(p_organisation_id bigint, p_fund_id bigint, p_campaign_id bigint) returns bigint language sql stable as $$
  select case when p_fund_id is null and p_campaign_id is null and p_organisation_id is not null then p_organisation_id
    else coalesce(first_organisation(), 0) end
$$;

-- The organisations whose books say something of a place.
create function organisations_of_place(p_organisation_id bigint, p_fund_id bigint, p_campaign_id bigint) returns setof organisation
language sql stable as $$
  select o.*
  from organisation o
  where o.archived_on is null and case
    when p_organisation_id is not null then o.id = p_organisation_id
    when p_campaign_id is not null
      then o.id = (select a.organisation_id from campaign c join account a on a.id = c.account_id where c.id = p_campaign_id)
    else p_fund_id is null or is_fund_of(p_fund_id, o.id)
  end
$$;

-- The figures of a campaign as a line of totals(). Its gifts' fees are the fund's, so that it bears none; what its sales brought is
-- in the books.
create function totals_of_campaign(p_campaign_id bigint, p_from date, p_to date, p_currency text) returns table (
  scope text, fund_slug text, fund_name text, fund_public boolean,
  given_minor bigint, returned_minor bigint, raised_minor bigint,
  gifts bigint, donors bigint, unnamed_gifts bigint, supporters bigint,
  arriving_payments bigint, arriving_minor bigint, awaiting_conversion bigint, other_currencies jsonb,
  proceeds_minor bigint, fees_minor bigint, fees_unknown bigint
) language sql stable as $$
  with piece as (
    select r.* from range_pieces(p_from, p_to) r
  ), own as (
    select scope_id('campaign/' || p_campaign_id) as scope_id
  ), summed as (
    select
      t.currency, sum(t.given_minor)::bigint as given_minor, sum(t.returned_minor)::bigint as returned_minor, sum(t.gifts)::bigint as gifts,
      sum(t.unnamed_gifts)::bigint as unnamed_gifts, sum(t.awaiting_conversion)::bigint as awaiting_conversion
    from own
    cross join piece
    join total t on t.scope_id = own.scope_id and t.grain = piece.grain and t.starts_on between piece.first_on and piece.last_on
    group by t.currency
  ), sums as (
    select
      coalesce(sum(given_minor) filter (where currency = p_currency), 0)::bigint as given_minor,
      coalesce(sum(returned_minor) filter (where currency = p_currency), 0)::bigint as returned_minor,
      coalesce(sum(gifts), 0)::bigint as gifts, coalesce(sum(unnamed_gifts), 0)::bigint as unnamed_gifts,
      coalesce(sum(awaiting_conversion), 0)::bigint as awaiting_conversion,
      coalesce(
        jsonb_agg(jsonb_build_object('currency', currency, 'given_minor', given_minor::text, 'returned_minor', returned_minor::text)
          order by currency) filter (where currency <> p_currency and (given_minor, returned_minor) <> (0, 0)),
        '[]'
      ) as other_currencies
    from summed
  ), booked as (
    select coalesce(-sum(t.amount_minor), 0)::bigint as proceeds_minor
    from piece
    join book_total t
      on t.campaign_id = p_campaign_id and t.code = '3920' and t.grain = piece.grain and t.starts_on between piece.first_on and piece.last_on
    where t.currency = p_currency
  )
  select
    'all', null, null, null::boolean, s.given_minor, s.returned_minor, s.given_minor - s.returned_minor, s.gifts,
    people_between(own.scope_id, 'donor', p_from, p_to), s.unnamed_gifts, people_between(own.scope_id, 'supporter', p_from, p_to),
    0, 0, s.awaiting_conversion, s.other_currencies, booked.proceeds_minor, 0, (
      select count(*)
      from awaiting_fee a cross join lateral (select * from gift g where g.payment_id = a.payment_id offset 0) g
      where g.campaign_id = p_campaign_id and g.counted_on between coalesce(p_from, '-infinity') and coalesce(p_to, 'infinity')
    )
  from own cross join sums s cross join booked
$$;

create function totals_answer(
  p_organisation_id bigint, p_fund_id bigint, p_campaign_id bigint, p_from date, p_to date, p_currency text
) returns jsonb language sql stable as $$
  select jsonb_agg(jsonb_build_object(
    'scope', t.scope, 'slug', t.fund_slug, 'name', t.fund_name, 'public', t.fund_public,
    'given', t.given_minor::text, 'returned', t.returned_minor::text, 'raised', t.raised_minor::text, 'gifts', t.gifts, 'donors', t.donors,
    'unnamedGifts', t.unnamed_gifts, 'supporters', t.supporters, 'arrivingPayments', t.arriving_payments,
    'arriving', t.arriving_minor::text, 'awaitingConversion', t.awaiting_conversion, 'proceeds', t.proceeds_minor::text,
    'fees', t.fees_minor::text, 'feesUnknown', t.fees_unknown, 'otherCurrencies', t.other_currencies
  ) order by t.place)
  from (
    select *, row_number() over () as place from totals(p_from, p_to, p_currency, p_organisation_id, p_fund_id) where p_campaign_id is null
    union all
    select *, 1 from totals_of_campaign(p_campaign_id, p_from, p_to, p_currency) where p_campaign_id is not null
  ) t
$$;

create function months_answer(
  p_organisation_id bigint, p_fund_id bigint, p_campaign_id bigint, p_from date, p_to date, p_currency text
) returns jsonb language sql stable as $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'month', m.month, 'fund', m.fund_slug, 'given', m.given_minor::text, 'returned', m.returned_minor::text
  ) order by m.month, m.fund_slug), '[]')
  from (
    select * from totals_by_month(p_from, p_to, p_currency, p_organisation_id, p_fund_id) where p_campaign_id is null
    union all
    select to_char(month_of(t.starts_on), 'YYYY-MM'), f.slug::text, sum(t.given_minor)::bigint, sum(t.returned_minor)::bigint
    from campaign c
    join fund f on f.id = c.fund_id
    cross join range_pieces(p_from, p_to) piece
    join total t
      on t.scope_id = scope_id('campaign/' || c.id) and t.grain = piece.grain and t.starts_on between piece.first_on and piece.last_on
    where c.id = p_campaign_id and t.currency = p_currency
    group by 1, 2
    having sum(t.given_minor) <> 0 or sum(t.returned_minor) <> 0
  ) m
$$;

-- What stands in no total and somebody may have to look after; of one fund or campaign it is not known.
create function outstanding_answer(p_organisation_id bigint, p_currency text) returns jsonb language sql stable as $$
  select jsonb_build_object(
    'payments', p.payments, 'amount', p.amount_minor::text, 'retried', r.retried, 'nextAttempt', r.next_attempt_at, 'givenUp', r.given_up
  )
  from pending_payments(p_currency, p_organisation_id) p
  cross join failed_renewals(p_organisation_id) r
$$;

-- Those who gave in one period and in the one right after it: counted in each, less counted in both together.
create function came_back(p_scope_id bigint, p_from date, p_next_from date, p_to date) returns bigint language sql stable as $$
  select people_between(p_scope_id, 'donor', p_from, p_next_from - 1) + people_between(p_scope_id, 'donor', p_next_from, p_to)
    - people_between(p_scope_id, 'donor', p_from, p_to)
$$;

-- Who gave, beside the period before, which ends on the day before this one begins. p_same_point: the same two, one period earlier,
-- up to the same point.
create function people_answer(p_scope_id bigint, p_from date, p_to date, p_before jsonb, p_same_point jsonb) returns jsonb
language sql stable as $$
  with own as materialized (
    select
      people_between(p_scope_id, 'donor', p_from, p_to) as donors,
      case when p_from is null then 0 else people_between(p_scope_id, 'donor', null, p_from - 1) end as earlier,
      people_between(p_scope_id, 'donor', null, p_to) as ever,
      case when p_before is not null then people_between(p_scope_id, 'donor', (p_before ->> 'from')::date, p_from - 1) end as before,
      case when p_before is not null then people_between(p_scope_id, 'donor', (p_before ->> 'from')::date, p_to) end as both_periods
  ), same as materialized (
    select
      case when people_between(p_scope_id, 'donor', null, (p_before ->> 'from')::date - 1) > 0 then jsonb_build_object(
        'donors', people_between(p_scope_id, 'donor', (p_same_point #>> '{before,from}')::date, (p_same_point #>> '{before,to}')::date),
        'returning', came_back(
          p_scope_id, (p_same_point #>> '{before,from}')::date, (p_same_point #>> '{period,from}')::date,
          (p_same_point #>> '{period,to}')::date
        )
      ) end as answer
    where p_before is not null and p_same_point is not null
  )
  select jsonb_build_object(
    'donors', own.donors, 'newDonors', own.ever - own.earlier,
    'before', case when p_before is not null then jsonb_build_object(
      'from', p_before ->> 'from', 'to', p_before ->> 'to', 'donors', own.before,
      'returning', own.before + own.donors - own.both_periods,
      'lapsed', own.both_periods - own.donors,
      'regained', own.both_periods - own.before - (own.ever - own.earlier),
      'samePoint', (select same.answer from same)
    ) end
  )
  from own
$$;

-- The gifts that a cut range has in its edge months, of a place.
create function gifts_at_edges(
  p_organisation_id bigint, p_fund_id bigint, p_campaign_id bigint, p_from date, p_to date, p_currency text
) returns table (amount_minor bigint, gifts bigint) language sql stable as $$
  select g.amount_minor, count(*)
  from range_pieces(p_from, p_to) piece
  join gift g on g.counted_on between piece.first_on and piece.last_on
  where piece.grain = 'day' and not g.wholly_returned and g.amount_minor is not null and g.currency = p_currency and case
    when p_campaign_id is not null then g.campaign_id = p_campaign_id
    when p_fund_id is not null then g.fund_id = p_fund_id
    else p_organisation_id is null or g.organisation_id = p_organisation_id
  end
  group by 1
$$;

-- What a usual gift is. p_bounds are the least amounts of the histogram's bars, as text, the first one 0; each is one of a band, so
-- that a bar holds whole bands. Of an even number of gifts the median is the mean of the two in the middle, half up.
create function size_answer(
  p_organisation_id bigint, p_fund_id bigint, p_campaign_id bigint, p_from date, p_to date, p_currency text, p_bounds jsonb
) returns jsonb language sql stable as $$
  with own as materialized (
    select board_scope_id(p_organisation_id, p_fund_id, p_campaign_id) as scope_id,
      array(select b::bigint from jsonb_array_elements_text(p_bounds) with ordinality e (b, place) order by place) as bounds
  ), edge as materialized (
    select e.* from gifts_at_edges(p_organisation_id, p_fund_id, p_campaign_id, p_from, p_to, p_currency) e
  ), piece as materialized (
    select r.first_on, r.last_on from range_pieces(p_from, p_to) r where r.grain = 'month'
  ), band as materialized (
    select b.band_minor, sum(b.gifts)::bigint as gifts, sum(b.given_minor)::bigint as given_minor
    from (
      select t.band_minor, t.gifts, t.given_minor
      from own
      cross join piece
      join gift_band t on t.scope_id = own.scope_id and t.currency = p_currency and t.month between piece.first_on and piece.last_on
      union all
      select band_of(e.amount_minor), e.gifts, e.gifts * e.amount_minor from edge e
    ) b
    group by 1
  ), counted as materialized (
    select coalesce(sum(gifts), 0)::bigint as gifts, coalesce(sum(given_minor), 0)::bigint as given_minor from band
  ), wanted as materialized (
    select b.band_minor, b.upto - b.gifts as before
    from (select band_minor, gifts, sum(gifts) over (order by band_minor)::bigint as upto from band) b
    cross join counted c
    where b.upto >= (c.gifts + 1) / 2 and b.upto - b.gifts < c.gifts / 2 + 1
  ), exact as (
    select s.amount_minor, (select min(before) from wanted) + sum(sum(s.gifts)) over (order by s.amount_minor) as upto, sum(s.gifts) as gifts
    from (
      select t.amount_minor, t.gifts
      from own
      cross join wanted
      cross join piece
      cross join lateral (
        select t.amount_minor, t.gifts, t.month from gift_size t
        where t.scope_id = own.scope_id and t.currency = p_currency and t.amount_minor >= wanted.band_minor
          and t.amount_minor < band_end(wanted.band_minor)
        offset 0
      ) t
      where t.month between piece.first_on and piece.last_on
      union all
      select e.amount_minor, e.gifts from edge e join wanted on wanted.band_minor = band_of(e.amount_minor)
    ) s
    group by 1
  ), median as (
    select (
      min(e.amount_minor) filter (where e.upto >= (c.gifts + 1) / 2) + min(e.amount_minor) filter (where e.upto >= c.gifts / 2 + 1) + 1
    ) / 2 as minor
    from exact e cross join counted c
  ), bar as (
    select width_bucket(b.band_minor, own.bounds) as place, sum(b.gifts)::bigint as gifts from band b cross join own group by 1
  )
  select jsonb_build_object(
    'gifts', c.gifts, 'medianMinor', (select m.minor::text from median m), 'averageMinor', round(c.given_minor::numeric / nullif(c.gifts, 0))::bigint::text,
    'histogram', coalesce((
      select jsonb_agg(jsonb_build_object(
        'fromMinor', own.bounds[place]::text, 'toMinor', own.bounds[place + 1]::text, 'gifts', coalesce(bar.gifts, 0)
      ) order by place)
      from own
      cross join lateral generate_series((select min(bar.place) from bar), (select max(bar.place) from bar)) place
      left join bar using (place)
    ), '[]')
  )
  from counted c
$$;

-- The first days of fiscal years, of those that begin from one day to another.
create function fiscal_years(p_organisation_id bigint, p_from date, p_to date) returns setof date language sql stable as $$
  select m.month::date
  from generate_series(month_of(p_from)::timestamp, p_to::timestamp, interval '1 month') m (month)
  where m.month::date >= p_from and extract(month from m.month) = fiscal_year_start(p_organisation_id, m.month::date)
  order by 1
$$;

-- How much came from the few who gave most, of a whole fiscal year or of all time; null for any other period.
create function concentration_answer(
  p_scope_id bigint, p_calendar_id bigint, p_from date, p_to date, p_currency text, p_today date
) returns jsonb language sql stable as $$
  with asked as materialized (
    select case
      when p_from is null and (p_to is null or p_to >= p_today) then '-infinity'::date
      when p_from = month_of(p_from) and fiscal_year_of(p_calendar_id, p_from) = p_from and p_to < year_end.next
        and p_to >= least(p_today, year_end.next - 1) then p_from
    end as year
    from (select min(y.day) as next from fiscal_years(p_calendar_id, p_from + 1, (p_from + interval '3 years')::date) y (day)) year_end
  ), top as materialized (
    select g.stayed_minor, row_number() over (order by g.stayed_minor desc) as place
    from asked
    cross join lateral (
      select t.stayed_minor from giver_year t
      where t.scope_id = p_scope_id and t.currency = p_currency and t.year = asked.year
      order by t.stayed_minor desc
      limit 10
    ) g
  )
  select jsonb_build_object(
    'stayedMinor', coalesce(s.stayed_minor, 0)::text, 'people', coalesce(s.people, 0),
    'top', (
      select jsonb_agg(jsonb_build_object(
        'people', n.people, 'minor', coalesce((select sum(top.stayed_minor)::bigint from top where top.place <= n.people), 0)::text
      ) order by n.people)
      from (values (1), (5), (10)) n (people)
    )
  )
  from asked
  left join giver_year_sum s on s.scope_id = p_scope_id and s.currency = p_currency and s.year = asked.year
  where asked.year is not null
$$;

-- Those who first gave in each fiscal year, and how many of them gave in each year from it on, up to this one.
create function cohorts_answer(p_scope_id bigint, p_calendar_id bigint, p_today date) returns jsonb language sql stable as $$
  with first as materialized (
    select c.first_year, c.people from cohort c where c.scope_id = p_scope_id and c.year = c.first_year
  ), year as materialized (
    select y.day from fiscal_years(p_calendar_id, (select min(first_year) from first), greatest(p_today, (select max(first_year) from first))) y (day)
  )
  select coalesce(jsonb_agg(jsonb_build_object(
    'from', f.first_year, 'people', f.people, 'active', (
      select jsonb_agg(coalesce(c.people, 0) order by y.day)
      from year y
      left join cohort c on c.scope_id = p_scope_id and c.first_year = f.first_year and c.year = y.day
      where y.day >= f.first_year
    )
  ) order by f.first_year), '[]')
  from first f
$$;

-- Gifts that repeat, in the currency asked for. Running at the end of a day: begun by then and not ended.
create function plans_answer(
  p_organisation_id bigint, p_fund_id bigint, p_campaign_id bigint, p_from date, p_to date, p_currency text, p_today date
) returns jsonb language sql stable as $$
  with own as materialized (
    select board_scope_id(p_organisation_id, p_fund_id, p_campaign_id) as scope_id, least(coalesce(p_to, p_today), p_today) as last_day
  ), piece as materialized (
    select 'end' as asked, r.* from own cross join lateral range_pieces(null, own.last_day) r
    union all
    select 'start', r.* from range_pieces(null, p_from - 1) r where p_from is not null
    union all
    select 'period', r.* from own cross join lateral range_pieces(p_from, own.last_day) r
  ), summed as (
    select
      coalesce(sum(t.began - t.ended) filter (where piece.asked = 'end'), 0)::bigint as active,
      coalesce(sum(t.began_minor - t.ended_minor) filter (where piece.asked = 'end'), 0)::bigint as base_minor,
      coalesce(sum(t.began) filter (where piece.asked = 'period'), 0)::bigint as began,
      coalesce(sum(t.ended) filter (where piece.asked = 'period'), 0)::bigint as ended,
      coalesce(sum(t.began - t.ended) filter (where piece.asked = 'start'), 0)::bigint as at_start
    from own
    cross join piece
    join plan_total t
      on t.scope_id = own.scope_id and t.currency = p_currency and t.grain = piece.grain and t.starts_on between piece.first_on and piece.last_on
  )
  select jsonb_build_object(
    'active', s.active, 'baseMinor', s.base_minor::text, 'began', s.began, 'ended', s.ended,
    'activeAtStart', case when p_from is not null then s.at_start end,
    'failing', (
      select count(distinct (p.account_id, p.subscription))
      from stripe_invoice i
      join plan p on p.subscription = i.subscription and p.account_id = i.account_id
      where i.status = 'open' and i.attempt_count > 0 and i.billing_reason is distinct from 'subscription_create'
        and p.ended_on is null and p.currency = p_currency and case
          when p_campaign_id is not null then p.campaign_id = p_campaign_id
          when p_fund_id is not null then p.fund_id = p_fund_id
          else p_organisation_id is null or p.organisation_id = p_organisation_id
        end
    )
  )
  from summed s
$$;

-- Whether several organisations raise for a fund.
create function is_joint(p_fund_id bigint) returns boolean language sql stable as $$
  select count(*) > 1 from organisation o where is_fund_of(p_fund_id, o.id)
$$;

-- What it cost to raise what was raised, from the books: fees, goods and fundraising, against gifts and sales less what was
-- returned of them. Null of a joint fund and of a campaign.
create function cost_answer(
  p_organisation_id bigint, p_fund_id bigint, p_campaign_id bigint, p_from date, p_to date, p_currency text
) returns jsonb language sql stable as $$
  with piece as materialized (
    select r.* from range_pieces(p_from, p_to) r
  ), booked as materialized (
    select t.code, sum(t.amount_minor)::bigint as minor
    from piece
    join book_total t on t.grain = piece.grain and t.starts_on between piece.first_on and piece.last_on
    where t.code in ('4100', '4190', '1115', '5000', '5010', '5020', '5100', '6910') and t.currency = p_currency
      and case when p_fund_id is null then p_organisation_id is null or t.organisation_id = p_organisation_id else t.fund_id = p_fund_id end
    group by 1
  ), raised as (
    select coalesce(sum(t.given_minor - t.returned_minor), 0)::bigint as minor
    from piece
    join total t
      on t.scope_id = board_scope_id(p_organisation_id, p_fund_id, null) and t.grain = piece.grain
      and t.starts_on between piece.first_on and piece.last_on and t.currency = p_currency
  )
  select jsonb_build_object(
    'revenueMinor', (raised.minor - coalesce((select sum(b.minor) from booked b where b.code in ('4100', '4190', '1115')), 0))::bigint::text,
    'costMinor', coalesce((select sum(b.minor) from booked b where b.code >= '5000'), 0)::bigint::text,
    'costs', coalesce((
      select jsonb_agg(jsonb_build_object('code', b.code, 'name', a.name, 'minor', b.minor::text) order by b.code)
      from booked b join book_account a on a.code = b.code
      where b.code >= '5000' and b.minor <> 0
    ), '[]')
  )
  from raised
  where p_campaign_id is null and (p_fund_id is null or not is_joint(p_fund_id))
$$;

-- Where the funds of a place stood in the books at the end of a day, as fund_balances says of now; a fund in the books of all its
-- organisations, as its statement. Null within a campaign.
create function spendable_answer(
  p_organisation_id bigint, p_fund_id bigint, p_campaign_id bigint, p_to date, p_currency text, p_today date
) returns jsonb language sql stable as $$
  with day as materialized (
    select least(coalesce(p_to, p_today), p_today) as last
  ), stood as materialized (
    select t.fund_id, sum(t.amount_minor)::bigint as minor
    from day
    cross join lateral range_pieces(null, day.last) piece
    cross join (
      select code from book_account where kind in ('asset', 'liability') and code not in ('1110', '1115')
    ) a
    cross join lateral (
      select t.* from book_total t
      where t.grain = piece.grain and t.code = a.code and t.starts_on between piece.first_on and piece.last_on
      offset 0
    ) t
    where t.currency = p_currency
      and case when p_fund_id is null then p_organisation_id is null or t.organisation_id = p_organisation_id else t.fund_id = p_fund_id end
    group by 1
    having sum(t.amount_minor) <> 0
  ), line as (
    select f.id, f.slug, f.name, f.position, f.id is not null and f.restriction <> '' as restricted, s.minor
    from stood s left join fund f on f.id = s.fund_id
  )
  select jsonb_build_object(
    'asOf', day.last,
    'freeMinor', coalesce((select sum(l.minor) from line l where l.id is not null and not l.restricted), 0)::bigint::text,
    'restrictedMinor', coalesce((select sum(l.minor) from line l where l.restricted), 0)::bigint::text,
    'waitingMinor', coalesce((select sum(l.minor) from line l where l.id is null), 0)::bigint::text,
    'funds', coalesce((
      select jsonb_agg(jsonb_build_object('slug', l.slug, 'name', l.name, 'restricted', l.restricted, 'minor', l.minor::text)
        order by l.position nulls last, l.id nulls last)
      from line l
    ), '[]')
  )
  from day
  where p_campaign_id is null
$$;

-- What campaigns sold, in their own currency where it is the one asked for, and what of it by item and variant. What was learned of
-- after a month was closed is in the campaign's sums by the day on which it counts, and in its items' by the day of the sale.
create function merchandise_answer(
  p_organisation_id bigint, p_fund_id bigint, p_campaign_id bigint, p_from date, p_to date, p_currency text
) returns jsonb language sql stable as $$
  with own as materialized (
    select c.id, c.slug, c.name, c.position, f.slug as fund, t.*
    from campaign c
    join fund f on f.id = c.fund_id
    join account a on a.id = c.account_id
    cross join lateral campaign_totals(c.slug, p_from, p_to) t
    where c.currency = p_currency and case
      when p_campaign_id is not null then c.id = p_campaign_id
      when p_fund_id is not null then c.fund_id = p_fund_id
      else p_organisation_id is null or a.organisation_id = p_organisation_id
    end and (t.units_sold, t.gross_minor, t.shipping_minor) <> (0, 0, 0)
  ), sold as materialized (
    select own.id as campaign_id, t.item_id, t.variant_id, sum(t.units)::bigint as units, sum(t.sold_minor)::bigint as minor
    from own
    cross join range_pieces(p_from, p_to) piece
    join item_total t
      on t.campaign_id = own.id and t.grain = piece.grain and t.starts_on between piece.first_on and piece.last_on and t.currency = p_currency
    group by 1, 2, 3
    having sum(t.units) <> 0 or sum(t.sold_minor) <> 0
  )
  select coalesce(jsonb_agg(jsonb_build_object(
    'slug', own.slug, 'name', own.name, 'fund', own.fund, 'unitsSold', own.units_sold, 'grossMinor', own.gross_minor::text,
    'shippingMinor', own.shipping_minor::text, 'feesMinor', own.fees_minor::text, 'promisedMinor', own.promised_minor::text,
    'actualMinor', own.actual_minor::text, 'differenceMinor', (own.actual_minor - own.promised_minor)::text,
    'items', coalesce((
      select jsonb_agg(jsonb_build_object(
        'item', coalesce(i.name, ''), 'variant', coalesce(v.name, ''), 'units', s.units, 'soldMinor', s.minor::text
      ) order by s.units desc, s.minor desc, i.position, v.position, i.id, v.id)
      from sold s
      left join item i on i.id = s.item_id
      left join variant v on v.id = s.variant_id
      where s.campaign_id = own.id
    ), '[]')
  ) order by own.position, own.id), '[]')
  from own
$$;

-- What each organisation raised for a joint fund, and what one holds of it for another. Null of any other place.
create function joint_answer(p_fund_id bigint, p_campaign_id bigint, p_from date, p_to date, p_currency text) returns jsonb
language sql stable as $$
  select jsonb_build_object(
    'organisations', (
      select jsonb_agg(jsonb_build_object(
        'slug', o.slug, 'name', o.name, 'givenMinor', own.given::text, 'returnedMinor', own.returned::text,
        'raisedMinor', (own.given - own.returned)::text
      ) order by o.position, o.id)
      from organisation o
      cross join lateral (
        select coalesce(sum(t.given_minor), 0)::bigint as given, coalesce(sum(t.returned_minor), 0)::bigint as returned
        from range_pieces(p_from, p_to) piece
        join total t
          on t.scope_id = scope_id('fund/' || p_fund_id || '/organisation/' || o.id) and t.grain = piece.grain
          and t.starts_on between piece.first_on and piece.last_on and t.currency = p_currency
      ) own
      where is_fund_of(p_fund_id, o.id) or (own.given, own.returned) <> (0, 0)
    ),
    'owed', coalesce((
      select jsonb_agg(jsonb_build_object('from', owing.slug, 'to', owed.slug, 'minor', b.amount_minor::text) order by owing.position, owing.id)
      from owed_between b
      join organisation owing on owing.id = b.owing_organisation_id
      join organisation owed on owed.id = b.owed_organisation_id
      where b.fund_id = p_fund_id and b.currency = p_currency
    ), '[]')
  )
  where p_fund_id is not null and p_campaign_id is null and is_joint(p_fund_id)
$$;

-- How far the numbers of a place can be trusted. What its organisations' books prove is answered by row; src/core/proof.ts says what
-- that comes to.
create function trust_answer(p_organisation_id bigint, p_fund_id bigint, p_campaign_id bigint, p_currency text) returns jsonb
language sql stable as $$
  with own as materialized (
    select o.id, o.slug, o.name, o.position from organisations_of_place(p_organisation_id, p_fund_id, p_campaign_id) o
  ), dispute as (
    select count(*) as open, coalesce(sum(d.amount_minor) filter (where d.currency = p_currency), 0)::bigint as minor
    from own
    join account a on a.organisation_id = own.id
    join stripe_dispute d on d.account_id = a.id
    where d.status in ('warning_needs_response', 'warning_under_review', 'needs_response', 'under_review')
      and (p_fund_id is null and p_campaign_id is null or exists (
        select
        from stripe_charge c
        join payment p on p.account_id = c.account_id and p.key = coalesce(c.payment_intent, c.id)
        cross join lateral (
          select g.fund_id, g.campaign_id from gift g where g.payment_id = p.id
          union all
          select s.fund_id, s.campaign_id from sale s where s.payment_id = p.id
        ) part
        where c.id = d.charge and c.account_id = d.account_id
          and (p_fund_id is null or part.fund_id = p_fund_id) and (p_campaign_id is null or part.campaign_id = p_campaign_id)
      ))
  ), unassigned as (
    select coalesce(sum(t.gifts), 0)::bigint as gifts,
      coalesce(sum(t.given_minor - t.returned_minor) filter (where t.currency = p_currency), 0)::bigint as minor
    from total t
    where t.scope_id = scope_id('unassigned' || coalesce('/organisation/' || p_organisation_id, '')) and t.grain = 'month'
      and p_fund_id is null and p_campaign_id is null
  ), suspense as (
    select coalesce(-sum(t.amount_minor), 0)::bigint as minor
    from book_total t
    join own on own.id = t.organisation_id
    where t.code = '2900' and t.grain = 'month' and t.currency = p_currency and p_campaign_id is null
      and (p_fund_id is null or t.fund_id = p_fund_id)
  )
  select jsonb_build_object(
    'organisations', coalesce((
      select jsonb_agg(jsonb_build_object(
        'slug', own.slug, 'name', own.name,
        'closed', (
          select jsonb_build_object('month', to_char(m.month, 'YYYY-MM'), 'at', m.closed_at, 'by', m.closed_by)
          from period m where m.organisation_id = own.id and m.status <> 'open'
          order by m.month desc limit 1
        ),
        'proofs', coalesce((
          select jsonb_agg(jsonb_build_object(
            'proof', p.proof, 'subject', p.subject, 'currency', p.currency, 'expected', p.expected_minor::text, 'found', p.found_minor::text
          ))
          from proofs(own.id) p
        ), '[]'),
        'lines', coalesce((
          select jsonb_agg(jsonb_build_object(
            'account', l.account_slug, 'currency', l.currency, 'booked', l.booked_minor::text, 'atStripe', l.at_stripe_minor::text,
            'askedAt', l.asked_at, 'movedSince', l.moved_since
          ))
          from stripe_proof(own.id) l
        ), '[]')
      ) order by own.position, own.id)
      from own
    ), '[]'),
    'disputes', (select jsonb_build_object('open', d.open, 'minor', d.minor::text) from dispute d),
    'unassigned', (select jsonb_build_object('gifts', u.gifts, 'minor', u.minor::text) from unassigned u),
    'feesUnknown', (
      select count(*)
      from awaiting_fee a cross join lateral (select * from gift g where g.payment_id = a.payment_id offset 0) g
      where case
        when p_campaign_id is not null then g.campaign_id = p_campaign_id
        when p_fund_id is not null then g.fund_id = p_fund_id
        else p_organisation_id is null or g.organisation_id = p_organisation_id
      end
    ),
    'suspenseMinor', (select s.minor::text from suspense s)
  )
$$;

-- Donors by month of the period, new ones apart; a cut month counts its days within the period.
create function donor_months_answer(p_scope_id bigint, p_from date, p_to date) returns jsonb language sql stable as $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'month', to_char(m.month, 'YYYY-MM'), 'newDonors', m.new_donors, 'returningDonors', m.returning
  ) order by m.month), '[]')
  from (
    select m.month, coalesce(sum(m.people) filter (where m.previous_month is null), 0)::bigint as new_donors,
      coalesce(sum(m.people) filter (where m.previous_month < m.month), 0)::bigint as returning
    from range_pieces(p_from, p_to) piece
    join giving_month m on m.scope_id = p_scope_id and m.kind = 'donor' and m.month between piece.first_on and piece.last_on
    where piece.grain = 'month' and m.people > 0
    group by 1
    union all
    select month_of(piece.first_on), count(*) filter (where d.previous is null), count(*) filter (where d.previous < piece.first_on)
    from range_pieces(p_from, p_to) piece
    join giving_day d on d.scope_id = p_scope_id and d.kind = 'donor' and d.day between piece.first_on and piece.last_on
    where piece.grain = 'day' and (d.previous is null or d.previous < piece.first_on)
    group by 1
  ) m
$$;

-- What was given and returned by day, of the last 400 days of the period.
create function days_answer(p_scope_id bigint, p_from date, p_to date, p_currency text, p_today date) returns jsonb
language sql stable as $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'day', t.starts_on, 'givenMinor', t.given_minor::text, 'returnedMinor', t.returned_minor::text
  ) order by t.starts_on), '[]')
  from (select least(coalesce(p_to, p_today), p_today) as last_day) day
  join total t
    on t.scope_id = p_scope_id and t.grain = 'day' and t.currency = p_currency
    and t.starts_on between greatest(p_from, day.last_day - 399) and day.last_day
  where (t.given_minor, t.returned_minor) <> (0, 0)
$$;

-- The figures of one side of a comparison.
create function side_answer(
  p_organisation_id bigint, p_fund_id bigint, p_campaign_id bigint, p_from date, p_to date, p_currency text
) returns jsonb language sql stable as $$
  with piece as materialized (
    select r.* from range_pieces(p_from, p_to) r
  ), own as materialized (
    select board_scope_id(p_organisation_id, p_fund_id, p_campaign_id) as scope_id
  ), summed as (
    select coalesce(sum(t.given_minor) filter (where t.currency = p_currency), 0)::bigint as given,
      coalesce(sum(t.returned_minor) filter (where t.currency = p_currency), 0)::bigint as returned, coalesce(sum(t.gifts), 0)::bigint as gifts
    from own
    cross join piece
    join total t on t.scope_id = own.scope_id and t.grain = piece.grain and t.starts_on between piece.first_on and piece.last_on
  ), booked as (
    select coalesce(-sum(t.amount_minor), 0)::bigint as net
    from piece
    join book_total t on t.grain = piece.grain and t.starts_on between piece.first_on and piece.last_on
    where t.code = any (case when p_campaign_id is null then array['3920', '5000', '5010'] else array['3920'] end)
      and t.currency = p_currency and case
        when p_campaign_id is not null then t.campaign_id = p_campaign_id
        when p_fund_id is not null then t.fund_id = p_fund_id
        else p_organisation_id is null or t.organisation_id = p_organisation_id
      end
  )
  select jsonb_build_object(
    'from', p_from, 'to', p_to, 'raisedMinor', (s.given - s.returned)::text, 'reachedMinor', (s.given - s.returned + b.net)::text,
    'givenMinor', s.given::text, 'gifts', s.gifts, 'donors', people_between(own.scope_id, 'donor', p_from, p_to)
  )
  from own cross join summed s cross join booked b
$$;

-- Raised, added up from a day on, day by day or month by month.
create function cumulative_answer(p_scope_id bigint, p_from date, p_to date, p_currency text, p_grain text) returns jsonb
language sql stable as $$
  with raised as materialized (
    select case p_grain when 'day' then t.starts_on else month_of(t.starts_on) end as starts_on, sum(t.given_minor - t.returned_minor) as minor
    from (
      select 'day' as grain, p_from as first_on, p_to as last_on where p_grain = 'day'
      union all
      select r.* from range_pieces(p_from, p_to) r where p_grain = 'month'
    ) piece
    join total t
      on t.scope_id = p_scope_id and t.grain = piece.grain and t.starts_on between piece.first_on and piece.last_on and t.currency = p_currency
    group by 1
  )
  select coalesce(jsonb_agg(sum.minor::text order by sum.starts_on), '[]')
  from (
    select step.starts_on, sum(coalesce(r.minor, 0)) over (order by step.starts_on)::bigint as minor
    from generate_series(
      case p_grain when 'day' then p_from else month_of(p_from) end::timestamp, p_to::timestamp, ('1 ' || p_grain)::interval
    ) step (starts_on)
    left join raised r on r.starts_on = step.starts_on::date
  ) sum
$$;

-- { place, from, to, own: { from, to } } beside the board's own place. Over 400 days it is added up by month.
create function compared_answer(
  p_organisation_id bigint, p_fund_id bigint, p_campaign_id bigint, p_compared jsonb, p_currency text
) returns jsonb language sql stable as $$
  with asked as materialized (
    select
      (p_compared ->> 'from')::date as first_on, (p_compared ->> 'to')::date as last_on,
      (p_compared #>> '{own,from}')::date as own_first_on, (p_compared #>> '{own,to}')::date as own_last_on,
      (p_compared #>> '{place,organisationId}')::bigint as organisation_id, (p_compared #>> '{place,fundId}')::bigint as fund_id,
      (p_compared #>> '{place,campaignId}')::bigint as campaign_id
  ), drawn as materialized (
    select case when greatest(a.last_on - a.first_on, a.own_last_on - a.own_first_on) < 400 then 'day' else 'month' end as grain from asked a
  )
  select
    side_answer(a.organisation_id, a.fund_id, a.campaign_id, a.first_on, a.last_on, p_currency)
    || jsonb_build_object(
      'own', side_answer(p_organisation_id, p_fund_id, p_campaign_id, a.own_first_on, a.own_last_on, p_currency),
      'cumulative', jsonb_build_object(
        'grain', d.grain,
        'own', cumulative_answer(
          board_scope_id(p_organisation_id, p_fund_id, p_campaign_id), a.own_first_on, a.own_last_on, p_currency, d.grain
        ),
        'compared', cumulative_answer(
          board_scope_id(a.organisation_id, a.fund_id, a.campaign_id), a.first_on, a.last_on, p_currency, d.grain
        )
      )
    )
  from asked a cross join drawn d
$$;

-- Everything that a board shows: { place: { organisationId, fundId, campaignId }, from, to, currency, today, before, samePoint,
-- compared, bounds }. One call is one statement, and so one snapshot.
create function board(p jsonb) returns jsonb language plpgsql stable set jit = off as $$
declare
  v_organisation_id bigint := (p #>> '{place,organisationId}')::bigint;
  v_fund_id bigint := (p #>> '{place,fundId}')::bigint;
  v_campaign_id bigint := (p #>> '{place,campaignId}')::bigint;
  v_scope_id bigint := board_scope_id(v_organisation_id, v_fund_id, v_campaign_id);
  v_calendar_id bigint := board_calendar(v_organisation_id, v_fund_id, v_campaign_id);
  v_from date := (p ->> 'from')::date;
  v_to date := (p ->> 'to')::date;
  v_currency text := p ->> 'currency';
  v_today date := (p ->> 'today')::date;
begin
  return jsonb_build_object(
    'asOf', now(),
    'totals', totals_answer(v_organisation_id, v_fund_id, v_campaign_id, v_from, v_to, v_currency),
    'months', months_answer(v_organisation_id, v_fund_id, v_campaign_id, v_from, v_to, v_currency),
    'outstanding', case when v_fund_id is null and v_campaign_id is null then outstanding_answer(v_organisation_id, v_currency) end,
    'answers', jsonb_build_object(
      'people', people_answer(v_scope_id, v_from, v_to, nullif(p -> 'before', 'null'), nullif(p -> 'samePoint', 'null')),
      'size', size_answer(v_organisation_id, v_fund_id, v_campaign_id, v_from, v_to, v_currency, p -> 'bounds'),
      'concentration', concentration_answer(v_scope_id, v_calendar_id, v_from, v_to, v_currency, v_today),
      'cohorts', cohorts_answer(v_scope_id, v_calendar_id, v_today),
      'plans', plans_answer(v_organisation_id, v_fund_id, v_campaign_id, v_from, v_to, v_currency, v_today),
      'cost', cost_answer(v_organisation_id, v_fund_id, v_campaign_id, v_from, v_to, v_currency),
      'spendable', spendable_answer(v_organisation_id, v_fund_id, v_campaign_id, v_to, v_currency, v_today),
      'merchandise', merchandise_answer(v_organisation_id, v_fund_id, v_campaign_id, v_from, v_to, v_currency),
      'joint', joint_answer(v_fund_id, v_campaign_id, v_from, v_to, v_currency),
      'trust', trust_answer(v_organisation_id, v_fund_id, v_campaign_id, v_currency),
      'donorMonths', donor_months_answer(v_scope_id, v_from, v_to),
      'days', days_answer(v_scope_id, v_from, v_to, v_currency, v_today)
    ),
    'compared', case when jsonb_typeof(p -> 'compared') = 'object'
      then compared_answer(v_organisation_id, v_fund_id, v_campaign_id, p -> 'compared', v_currency) end
  );
end $$;
