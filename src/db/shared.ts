import type { Period } from "../core/period.ts";
import type { Sql } from "./connect.ts";

/** What a link without sign-in may show of a fund in a period, or why nothing. */
export type SharedFund = { slug: string; name: string } & (
  | { figures: { raisedMinor: bigint; gifts: number; donors: number }; reason: null }
  | { figures: null; reason: "no block" | "another currency" }
);

/** The funds of a place in a period, and the sum of those shown; people of several funds cannot be added up. */
export type Shared = Period & {
  currency: string;
  funds: SharedFund[];
  sum: { raisedMinor: bigint; gifts: number } | null;
};

type Row = {
  slug: string;
  name: string;
  isWhole: boolean;
  raisedMinor: bigint | null;
  gifts: number | null;
  donors: number | null;
};

/**
 * Reads what a link without sign-in may show: of each fund the figures of its stored blocks, where a block begins with the
 * period (or the first one after it) and one ends with the period. Else ("no block") fewer than five people gave in some of
 * the months, or they are not finished. It never changes: `donors` are rounded down to a whole five, and gifts that come into
 * such months later are not in it.
 */
export async function readShared(
  sql: Sql,
  { fundIds, from, to, currency }: Period & { fundIds: "public" | readonly bigint[]; currency: string },
): Promise<Shared> {
  const ids = fundIds === "public" ? null : fundIds.map(String);
  const rows = await sql<Row[]>`
    select
      f.slug::text, f.name, r.raised_minor as "raisedMinor", r.gifts::int, r.donors::int,
      coalesce(
        r.to_day = ${to}::date and (r.from_day = ${from}::date or not exists (
          select from shared_block b where b.fund_id = f.id and b.from_month < coalesce(${from}::date, '-infinity')
        )),
        false
      ) as "isWhole"
    from fund f
    cross join shared_range(f.id, ${from}::date, ${to}::date, ${currency}) r
    where ${ids === null ? sql`f.is_public` : sql`f.id in (select chosen.id::bigint from jsonb_array_elements_text(${sql.json(ids)}) chosen (id))`}
    order by f.position, f.id`;
  const funds = rows.map((row) => sharedFund(row));
  const shown = funds.flatMap(({ figures }) => (figures === null ? [] : [figures]));
  const sum = shown.length === 0 ? null : { raisedMinor: 0n, gifts: 0 };
  for (const { raisedMinor, gifts } of shown) {
    if (sum === null) continue;
    sum.raisedMinor += raisedMinor;
    sum.gifts += gifts;
  }
  return { from, to, currency, funds, sum };
}

function sharedFund({ slug, name, isWhole, raisedMinor, gifts, donors }: Row): SharedFund {
  if (!isWhole || gifts === null || donors === null) return { slug, name, figures: null, reason: "no block" };
  if (raisedMinor === null) return { slug, name, figures: null, reason: "another currency" };
  return { slug, name, figures: { raisedMinor, gifts, donors }, reason: null };
}
