import type { Sql } from "../src/db/connect.ts";
import type { Period } from "../src/core/period.ts";

/** What the plain query finds of everything in Canadian dollars, to be compared with what the board says. */
export type PlainFigures = { givenMinor: number; returnedMinor: number; gifts: number; donors: number };

type PlainRow = { line: string; given: bigint; returned: bigint; gifts: number; donors: number };

/**
 * The board's first screen and its chart as one would ask for them without folds, in one statement: given, returned, gifts
 * and donors by fund and of everything, supporters, and given and returned by month and fund, straight from the rows.
 */
export async function askPlainly(sql: Sql, { from, to }: Period): Promise<PlainFigures> {
  const rows = await sql<PlainRow[]>`
    with span as (
      select coalesce(${from}::date, '-infinity') as first, coalesce(${to}::date, 'infinity') as last
    ), given as (
      select g.fund_id, sum(g.amount_minor) filter (where g.currency = 'CAD') as minor,
        count(*) filter (where not g.wholly_returned) as gifts,
        count(distinct i.person_id) filter (where not g.wholly_returned) as people
      from gift g left join identity i on i.id = g.identity_id cross join span
      where g.counted_on between span.first and span.last
      group by grouping sets ((g.fund_id), ())
    ), returned as (
      select r.fund_id, sum(r.amount_minor) as minor
      from return_part r cross join span
      where r.counted_on between span.first and span.last and r.currency = 'CAD' and not r.is_sale
      group by grouping sets ((r.fund_id), ())
    ), supporters as (
      select count(distinct i.person_id) as people
      from (
        select identity_id, counted_on from gift where not wholly_returned
        union all
        select identity_id, counted_on from sale where not wholly_returned
      ) given
      join identity i on i.id = given.identity_id cross join span
      where given.counted_on between span.first and span.last
    ), by_month as (
      select month_of(g.counted_on) as month, g.fund_id, sum(g.amount_minor) as minor
      from gift g cross join span
      where g.counted_on between span.first and span.last and g.currency = 'CAD'
      group by 1, 2
    )
    select coalesce('fund ' || g.fund_id, 'all') as line, coalesce(g.minor, 0)::bigint as given, coalesce(r.minor, 0)::bigint as returned,
      g.gifts::int as gifts, g.people::int as donors
    from given g left join returned r on r.fund_id is not distinct from g.fund_id
    union all
    select 'supporters', 0, 0, 0, people::int from supporters
    union all
    select 'month ' || month || ' fund ' || fund_id, minor::bigint, 0, 0, 0 from by_month`;
  const all = rows.find(({ line }) => line === "all");
  if (all === undefined) throw new Error("the plain query has a line for everything");
  return { givenMinor: Number(all.given), returnedMinor: Number(all.returned), gifts: all.gifts, donors: all.donors };
}
