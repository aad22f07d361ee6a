-- What the books add to the totals: what sales bring to a fund, what fees it bears, what reached the cause; and what a campaign
-- promised and gave. Like all figures they are sums of days and months, never of gifts.

-- What a campaign's wording promised for what was sold and not returned, by day and month.
create table promise_total (
  campaign_id bigint not null references campaign,
  currency text collate "C" not null,
  grain text collate "C" not null constraint promises_are_summed_by_day_and_month check (grain in ('day', 'month')),
  starts_on date not null,
  promised_minor bigint not null,
  primary key (campaign_id, grain, starts_on, currency)
);

-- What the wording in force when this was sold names for it, less what was returned of it; null where it names no amount.
create function promised_for(s sale) returns bigint language sql stable as $$
  select case when p.worded_minor is not null and not s.is_shipping and s.amount_minor is not null then
    round(p.worded_minor * s.quantity * (s.amount_minor - least(s.returned_minor, s.amount_minor)) / greatest(s.amount_minor, 1)::numeric)::bigint
  end
  from promise p
  where p.campaign_id = s.campaign_id and p.in_force_from <= s.occurred_on
  order by p.in_force_from desc, p.version desc
  limit 1
$$;

create view promise_total_view as
select
  s.campaign_id, s.currency, grain.name as grain, case grain.name when 'day' then s.counted_on else month_of(s.counted_on) end as starts_on,
  sum(promised_for(s))::bigint as promised_minor
from sale s
cross join (values ('day'), ('month')) grain (name)
where s.campaign_id is not null and promised_for(s) is not null
group by 1, 2, 3, 4;

create function change_promised(p_sales sale[], p_sign bigint) returns void language sql as $$
  insert into promise_total as t (campaign_id, currency, grain, starts_on, promised_minor)
  select
    s.campaign_id, s.currency, grain.name, case grain.name when 'day' then s.counted_on else month_of(s.counted_on) end,
    p_sign * sum(promised_for(s))
  from unnest(p_sales) s
  cross join (values ('day'), ('month')) grain (name)
  where s.campaign_id is not null and promised_for(s) is not null
  group by 1, 2, 3, 4
  on conflict (campaign_id, grain, starts_on, currency) do update set promised_minor = t.promised_minor + excluded.promised_minor
$$;

create function sale_promised() returns trigger language plpgsql as $$
declare
  v_old sale[];
  v_new sale[];
begin
  if tg_op in ('UPDATE', 'DELETE') then
    v_old := (select array_agg(o) from old_rows o);
    perform change_promised(v_old, -1);
  end if;
  if tg_op in ('INSERT', 'UPDATE') then
    v_new := (select array_agg(n) from new_rows n);
    perform change_promised(v_new, 1);
  end if;
  return null;
end $$;

create trigger sale_promised_inserted after insert on sale referencing new table as new_rows
  for each statement execute function sale_promised();
create trigger sale_promised_updated after update on sale referencing old table as old_rows new table as new_rows
  for each statement execute function sale_promised();
create trigger sale_promised_deleted after delete on sale referencing old table as old_rows
  for each statement execute function sale_promised();

insert into promise_total (campaign_id, currency, grain, starts_on, promised_minor)
select campaign_id, currency, grain, starts_on, promised_minor from promise_total_view;

-- A new version of a promise is that of what is sold from its day on; what was sold by then is looked at again.
create function promise_written() returns trigger language plpgsql as $$
begin
  perform take_ledger_lock();
  delete from promise_total where campaign_id = new.campaign_id;
  insert into promise_total (campaign_id, currency, grain, starts_on, promised_minor)
  select campaign_id, currency, grain, starts_on, promised_minor from promise_total_view where campaign_id = new.campaign_id;
  insert into dirty_payment (payment_id)
  select distinct s.payment_id from sale s where s.campaign_id = new.campaign_id and s.occurred_on >= new.in_force_from
  on conflict do nothing;
  return null;
end $$;

create trigger promise_written after insert or update on promise for each row execute function promise_written();

-- By fund and organisation, from one day to another: what sales brought, what fees were borne (those of payments, of disputes
-- and of Stripe's own services; those of sales belong to the sale).
create function figures_of_books(p_from date, p_to date, p_currency text)
returns table (fund_id bigint, organisation_id bigint, proceeds_minor bigint, fees_minor bigint) language sql stable as $$
  select
    t.fund_id, t.organisation_id,
    coalesce(-sum(t.amount_minor) filter (where t.code = '3920'), 0)::bigint,
    coalesce(sum(t.amount_minor) filter (where t.code in ('5000', '5010')), 0)::bigint
  from range_pieces(p_from, p_to) piece
  join book_total t on t.grain = piece.grain and t.starts_on between piece.first_on and piece.last_on
  where t.code in ('3920', '5000', '5010') and t.currency = p_currency
  group by 1, 2
$$;

-- Gifts whose fee is not known yet, by fund and organisation.
create function gifts_awaiting_fees(p_from date, p_to date)
returns table (fund_id bigint, organisation_id bigint, gifts bigint) language sql stable as $$
  select g.fund_id, g.organisation_id, count(*)
  from awaiting_fee a
  join gift g on g.payment_id = a.payment_id
  where g.counted_on between coalesce(p_from, '-infinity') and coalesce(p_to, 'infinity')
  group by 1, 2
$$;

drop function totals(date, date, text, bigint, bigint);

-- Whether what stands in the books under a fund and an organisation belongs to a line of totals().
create function is_of_line(
  p_scope text, p_line_fund_id bigint, p_organisation_id bigint, p_fund_id bigint, p_of_fund_id bigint, p_of_organisation_id bigint,
  p_is_public boolean
) returns boolean language sql immutable as $$
  select case p_scope
    when 'fund' then p_of_fund_id = p_line_fund_id
    when 'unassigned' then p_of_fund_id is null and (p_organisation_id is null or p_of_organisation_id = p_organisation_id)
    when 'public' then p_is_public
    else case
      when p_fund_id is not null then p_of_fund_id = p_fund_id
      else p_organisation_id is null or p_of_organisation_id = p_organisation_id
    end
  end
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

-- What a campaign sold from one day to another, in its own currency; what Stripe took for it, what was promised, and what its
-- fund was given: these are null while the fee of a sale is not known. Promised is null where some wordings named an amount and
-- others did not, and the same as actual where none did.
drop function campaign_totals(text, date, date);
create function campaign_totals(p_slug text, p_from date, p_to date) returns table (
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
      select from awaiting_fee a join sale s on s.payment_id = a.payment_id where s.campaign_id = own.id
    ) as awaits
  ) fees
  cross join lateral (
    select case when not fees.awaits then booked.fees end as fees, case when not fees.awaits then booked.actual end as actual
  ) known
$$;
create index book_total_by_campaign on book_total (campaign_id, code, grain, starts_on) where campaign_id is not null;

-- The audit of the books: every source stands at what its facts say, the sums at what their lines say, the chain of entries is
-- whole, and the books say of gifts and returns what the totals say.
create function audit_of_books() returns table (finding text, subject text, stored text, expected text) language sql stable as $$
  with pending as materialized (
    select source, account_id, source_id from dirty_source
  ), posted as materialized (
    select e.organisation_id, e.source, e.account_id, e.source_id, l.code, l.fund_id, l.campaign_id, l.currency, sum(l.amount_minor)::bigint as amount_minor
    from journal_entry e join journal_line l on l.entry_id = e.id
    group by 1, 2, 3, 4, 5, 6, 7, 8
  ), expected as materialized (
    select v.organisation_id, v.source, v.account_id, v.source_id, v.code, v.fund_id, v.campaign_id, v.currency, sum(v.amount_minor)::bigint as amount_minor
    from posting_view v
    group by 1, 2, 3, 4, 5, 6, 7, 8
  ), difference as (
    select d.organisation_id, d.source, d.account_id, d.source_id, d.code, d.fund_id, d.campaign_id, d.currency,
      sum(d.stored) as stored, sum(d.expected) as expected
    from (
      select organisation_id, source, account_id, source_id, code, fund_id, campaign_id, currency, amount_minor as stored, 0 as expected from posted
      union all
      select organisation_id, source, account_id, source_id, code, fund_id, campaign_id, currency, 0, amount_minor from expected
    ) d
    group by 1, 2, 3, 4, 5, 6, 7, 8
    having sum(d.stored) <> sum(d.expected)
  ), chain as (
    select e.*, lag(e.number) over (partition by e.organisation_id order by e.number) as number_before,
      lag(e.hash) over (partition by e.organisation_id order by e.number) as hash_before
    from journal_entry e
  ), summed as (
    select e.organisation_id, e.account_id, l.fund_id, l.campaign_id, l.code, l.currency, grain.name as grain,
      case grain.name when 'day' then e.entered_on else month_of(e.entered_on) end as starts_on, sum(l.amount_minor)::bigint as amount_minor
    from journal_line l
    join journal_entry e on e.id = l.entry_id
    cross join (values ('day'), ('month')) grain (name)
    group by 1, 2, 3, 4, 5, 6, 7, 8
  ), of_totals as (
    select o.id as organisation_id, g.fund_id, g.currency, g.amount_minor as given, 0::bigint as returned
    from gift g
    join organisation o on o.id = g.organisation_id
    where g.amount_minor is not null and exists (
      select from journal_entry e join journal_line l on l.entry_id = e.id and l.code = '4000'
      where e.source = 'command' and e.source_id = (select p.key from payment p where p.id = g.payment_id)
        and (o.books_begin_on is null or g.occurred_on >= o.books_begin_on)
      union all
      select
      from payment p
      join stripe_charge c on coalesce(c.payment_intent, c.id) = p.key and c.account_id = p.account_id
      join stripe_balance_transaction bt on bt.source = c.id and bt.account_id = c.account_id
      join journal_entry e on e.source_id = bt.id and e.account_id = bt.account_id
      where p.id = g.payment_id and becomes(bt) = 'payment'
        and (o.books_begin_on is null or organisation_day(o.id, bt.created) >= o.books_begin_on)
    )
    union all
    select r.organisation_id, r.fund_id, r.currency, 0, r.amount_minor
    from return_part r
    join payment p on p.id = r.payment_id
    join organisation o on o.id = r.organisation_id
    where not r.is_sale and r.amount_minor is not null and exists (
      select from stripe_balance_transaction bt
      join journal_entry e on e.source_id = bt.id and e.account_id = bt.account_id
      where bt.account_id = p.account_id and r.return_id in (bt.id, bt.source) and becomes(bt) in ('return', 'dispute')
        and (o.books_begin_on is null or organisation_day(o.id, bt.created) >= o.books_begin_on)
        and (r.return_id = bt.id or not exists (
          select from return_part own where own.payment_id = r.payment_id and own.return_id = bt.id
        ))
    )
  ), told_twice as (
    select d.organisation_id, d.fund_id, d.currency, sum(d.given) as given, sum(d.booked_given) as booked_given,
      sum(d.returned) as returned, sum(d.booked_returned) as booked_returned
    from (
      select organisation_id, fund_id, currency, given, returned, 0::bigint as booked_given, 0::bigint as booked_returned from of_totals
      union all
      select organisation_id, fund_id, currency, 0, 0,
        case when code = '4000' then -amount_minor else 0 end, case when code in ('4090', '1110') then amount_minor else 0 end
      from book_total where grain = 'month' and code in ('4000', '4090', '1110')
    ) d
    group by 1, 2, 3
  ), at_stripe as (
    select d.account_id, d.currency, sum(d.net) as net, sum(d.booked) as booked
    from (
      select bt.account_id, bt.currency, bt.net_minor as net, 0::bigint as booked
      from stripe_balance_transaction bt
      join account a on a.id = bt.account_id
      join organisation o on o.id = a.organisation_id
      where (o.books_begin_on is null or organisation_day(o.id, bt.created) >= o.books_begin_on)
        and not exists (select from pending p where p.source_id = bt.id and p.account_id = bt.account_id)
      union all
      select l.account_id, l.currency, 0, l.amount_minor from posted l where l.code = '1100' and l.source = 'balance transaction'
        and not exists (select from pending p where p.source_id = l.source_id and p.account_id = l.account_id)
    ) d
    group by 1, 2
  )
  select 'posting differs from its source', concat_ws(' ', d.source, d.source_id, d.code, 'fund', coalesce(d.fund_id::text, 'none'), d.currency),
    d.stored::text, d.expected::text
  from difference d
  where not exists (
    select from pending p
    where p.source_id = d.source_id and p.source = d.source and p.account_id is not distinct from d.account_id
  )
  union all
  select 'entry is not what was posted', 'organisation ' || e.organisation_id || ' entry ' || e.number, encode(e.hash, 'hex'),
    encode(journal_digest(e, journal_lines(e.id)), 'hex')
  from journal_entry e
  where e.hash <> journal_digest(e, journal_lines(e.id))
  union all
  select 'entry does not follow the last', 'organisation ' || c.organisation_id || ' entry ' || c.number, c.number::text,
    (coalesce(c.number_before, 0) + 1)::text
  from chain c
  where c.number <> coalesce(c.number_before, 0) + 1 or c.previous_hash is distinct from c.hash_before
  union all
  select 'sum of the books differs from its lines', concat_ws(' ', t.grain, t.starts_on, t.code, 'fund', coalesce(t.fund_id::text, 'none')),
    sum(t.stored)::text, sum(t.expected)::text
  from (
    select organisation_id, account_id, fund_id, campaign_id, code, currency, grain, starts_on, amount_minor as stored, 0 as expected from book_total
    union all
    select organisation_id, account_id, fund_id, campaign_id, code, currency, grain, starts_on, 0, amount_minor from summed
  ) t
  group by t.organisation_id, t.account_id, t.fund_id, t.campaign_id, t.code, t.currency, t.grain, t.starts_on
  having sum(t.stored) <> sum(t.expected)
  union all
  select 'given differs from the books', concat_ws(' ', 'organisation', t.organisation_id, 'fund', coalesce(t.fund_id::text, 'none'), t.currency),
    t.booked_given::text, t.given::text
  from told_twice t where t.given <> t.booked_given
  union all
  select 'returned differs from the books', concat_ws(' ', 'organisation', t.organisation_id, 'fund', coalesce(t.fund_id::text, 'none'), t.currency),
    t.booked_returned::text, t.returned::text
  from told_twice t where t.returned <> t.booked_returned
  union all
  select 'Stripe''s balance differs from the books', concat_ws(' ', 'account', a.account_id, a.currency), a.booked::text, a.net::text
  from at_stripe a where a.net <> a.booked
  union all
  select 'fee is awaited that is known, or the other way round', 'payment ' || coalesce(s.payment_id, v.payment_id), s.payment_id::text, v.payment_id::text
  from awaiting_fee s
  full join awaiting_fee_view v on v.payment_id = s.payment_id
  where s.payment_id is null or v.payment_id is null
  union all
  select 'promised differs from its sales', concat_ws(' ', 'campaign', t.campaign_id, t.grain, t.starts_on, t.currency),
    sum(t.stored)::text, sum(t.expected)::text
  from (
    select campaign_id, currency, grain, starts_on, promised_minor as stored, 0 as expected from promise_total
    union all
    select campaign_id, currency, grain, starts_on, 0, promised_minor from promise_total_view
  ) t
  group by t.campaign_id, t.currency, t.grain, t.starts_on
  having sum(t.stored) <> sum(t.expected)
  union all
  select 'pending', concat_ws(' ', p.source, p.source_id), 'waits to be posted', null
  from pending p
$$;

alter function audit() rename to audit_of_facts;

-- Everything recomputed, in one statement and so one snapshot: the facts and what follows from them, and the books.
create function audit() returns table (finding text, subject text, stored text, expected text) language sql stable as $$
  select * from audit_of_facts()
  union all
  select * from audit_of_books()
$$;
