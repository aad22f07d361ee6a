import type { Sql } from "../src/db/connect.ts";

/** People whose chain is made at once: so many that their days fit into memory. */
const peopleAtOnce = 25_000;

/** The totals, from gifts, sales and returns added up by place and day, through the function that keeps them. */
export async function foldTotals(sql: Sql): Promise<void> {
  await sql`
    select change_totals(array_agg(c)) from (
      select row(fund_id, null, organisation_id, counted_on, currency, sum(amount_minor), 0,
        count(*) filter (where not wholly_returned), count(*) filter (where not wholly_returned and identity_id is null),
        0, 0, 0, 0)::total_change as c
      from gift group by fund_id, organisation_id, counted_on, currency
      union all
      select row(fund_id, null, organisation_id, counted_on, currency, 0, sum(amount_minor), 0, 0, 0, 0, 0, 0)::total_change
      from return_part group by fund_id, organisation_id, counted_on, currency
      union all
      select row(fund_id, campaign_id, organisation_id, counted_on, currency, 0, 0, 0, 0, 0, sum(amount_minor), 0, sum(quantity))::total_change
      from sale group by fund_id, campaign_id, organisation_id, counted_on, currency
    ) change`;
}

/** The giving chain and its months, so many people at once, two of these at a time. */
export async function foldChain(sql: Sql, gifts: number): Promise<void> {
  await sql`
    create unlogged table bench_place as
    select place.fund_id, place.campaign_id, place.organisation_id, array_agg(scope.id) as scopes
    from (
      select distinct fund_id, campaign_id, organisation_id from gift
      union
      select distinct fund_id, campaign_id, organisation_id from sale
    ) place
    cross join lateral unnest(scope_keys(place.fund_id, place.campaign_id, place.organisation_id)) k (key)
    join scope on scope.key = k.key
    group by 1, 2, 3`;
  await sql`
    create unlogged table bench_giving as
    select person as person_id, fund as fund_id, null::bigint as campaign_id, account as organisation_id, day, true as is_gift
    from bench_gift where person is not null and halves_back < 2
    union all
    select identity_id, fund_id, campaign_id, organisation_id, counted_on, false from sale where identity_id is not null`;
  await sql`create index on bench_giving (person_id)`;
  await sql`analyze bench_giving`;
  const people = Math.max(1, Math.floor(gifts / 10));
  const chunks = Array.from({ length: Math.ceil(people / peopleAtOnce) }, (_, chunk) => chunk * peopleAtOnce).values();
  const next = async (): Promise<void> => {
    for (const first of chunks) await chainOf(sql, first + 1, first + peopleAtOnce);
  };
  await Promise.all([next(), next()]);
  await sql`drop table bench_giving`;
  await sql`
    insert into giving_month (scope_id, kind, month, previous_month, people)
    select scope_id, kind, date_trunc('month', day)::date, date_trunc('month', previous)::date, count(*)
    from giving_day group by 1, 2, 3, 4`;
}

async function chainOf(sql: Sql, first: number, last: number): Promise<void> {
  await sql`
    insert into giving_day (scope_id, kind, person_id, day, previous)
    with own as materialized (
      select s.scope_id, g.person_id, g.day, bool_or(g.is_gift) as gave
      from bench_giving g
      join bench_place p on (p.fund_id, p.organisation_id) = (g.fund_id, g.organisation_id) and p.campaign_id is not distinct from g.campaign_id
      cross join lateral unnest(p.scopes) s (scope_id)
      where g.person_id between ${first}::bigint and ${last}::bigint
      group by 1, 2, 3
    )
    select scope_id, 'donor', person_id, day, lag(day) over (partition by person_id, scope_id order by day) from own where gave
    union all
    select scope_id, 'supporter', person_id, day, lag(day) over (partition by person_id, scope_id order by day) from own`;
}

/** The journal, entry by entry in one chain an organisation, with the sums of the books and of promises. */
export async function foldBooks(sql: Sql): Promise<void> {
  // What each source stands at, as `postings_of` and `command_posting` say of such gifts, refunds and sales.
  await sql`
    create unlogged table bench_entry as
    select account as organisation_id, 'balance transaction' as source, account as account_id, 'txn_3L' || n as source_id, day,
      jsonb_build_array(
        jsonb_build_array('1100', fund, null, currency, amount - fee), jsonb_build_array('4000', fund, null, currency, -amount),
        jsonb_build_array('5000', fund, null, currency, fee)
      ) as lines
    from bench_gift cross join lateral (select (amount * 29 + 500) / 1000 + 30 as fee) taken
    union all
    select account, 'balance transaction', account, 'txn_r3L' || n, (back_at at time zone 'America/Toronto')::date, jsonb_build_array(
      jsonb_build_array('1100', fund, null, currency, -back), jsonb_build_array('4090', fund, null, currency, back))
    from bench_refund
    union all
    select 1, 'command', null, 'sale_' || id, occurred_on, jsonb_build_array(
      jsonb_build_array('1050', 1, null, currency, amount_minor), jsonb_build_array('3910', 2, 1, currency, amount_minor),
      jsonb_build_array('3920', 1, 1, currency, -amount_minor), jsonb_build_array('4100', 2, 1, currency, -amount_minor))
    from cash_sale`;
  await sql`analyze bench_entry`;
  await Promise.all([chainEntries(sql, 1), chainEntries(sql, 2)]);
  await sql`select setval('journal_entry_id_seq', (select max(id) from journal_entry))`;
  await sql`
    insert into book_total (organisation_id, account_id, fund_id, campaign_id, code, currency, grain, starts_on, amount_minor)
    with by_day as (
      select e.organisation_id, e.account_id, l.fund_id, l.campaign_id, l.code, l.currency, e.entered_on as day, sum(l.amount_minor)::bigint as minor
      from journal_entry e join journal_line l on l.entry_id = e.id
      group by 1, 2, 3, 4, 5, 6, 7
    )
    select organisation_id, account_id, fund_id, campaign_id, code, currency, 'day', day, minor from by_day
    union all
    select organisation_id, account_id, fund_id, campaign_id, code, currency, 'month', month_of(day), sum(minor) from by_day
    group by 1, 2, 3, 4, 5, 6, 8`;
  await sql`
    insert into promise_total (campaign_id, currency, grain, starts_on, promised_minor)
    select campaign_id, currency, grain, starts_on, promised_minor from promise_total_view`;
}

/** Ids by organisation, so that two can be written at once. */
async function chainEntries(sql: Sql, organisationId: number): Promise<void> {
  await sql`
    with last as (
      select coalesce((select count(*) from bench_entry where organisation_id < ${organisationId}), 0) as id
    ), numbered as (
      select b.lines, row(
        last.id + row_number() over in_order, b.organisation_id, row_number() over in_order, b.source, b.account_id, b.source_id, 1, null,
        b.day, b.day + interval '20 hours', jsonb_array_length(b.lines), null, null
      )::journal_entry as entry
      from bench_entry b cross join last
      where b.organisation_id = ${organisationId}
      window in_order as (order by b.day, b.source_id)
    ), chained as (
      select entry, lines, journal_chain(null::bytea, journal_text(entry, lines))
        over (order by (entry).number rows between unbounded preceding and current row) as hash
      from numbered
    ), written as (
      insert into journal_entry overriding system value
      select (entry).id, (entry).organisation_id, (entry).number, (entry).source, (entry).account_id, (entry).source_id,
        (entry).source_number, null, (entry).entered_on, (entry).posted_at, (entry).line_count,
        lag(hash) over (order by (entry).number), hash
      from chained
    )
    insert into journal_line (entry_id, line_number, code, fund_id, campaign_id, currency, amount_minor)
    select (n.entry).id, l.number, l.line ->> 0, (l.line ->> 1)::bigint, (l.line ->> 2)::bigint, l.line ->> 3, (l.line ->> 4)::bigint
    from numbered n cross join lateral jsonb_array_elements(n.lines) with ordinality l (line, number)`;
}

/** The folds that have a function to make them from the rows. */
export async function foldRest(sql: Sql): Promise<void> {
  await sql`select fold_giving_days(), fold_gift_sizes(), fold_cohorts(), fold_item_totals(), fold_plans()`;
}
