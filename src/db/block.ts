import type { Period } from "../core/period.ts";
import type { Sql } from "./connect.ts";

/** Consecutive months, YYYY-MM, both included, that a public page shows as one line. */
export type Block = { from: string; to: string; raisedMinor: bigint };

/** What may be said without sign-in of a fund from `from` to `to`, local days, both included. All null: nothing may be said. */
export type RangeTotal = {
  slug: string;
  name: string;
  from: string | null;
  to: string | null;
  /** Null also where the fund's months are counted in another currency. */
  raisedMinor: bigint | null;
  gifts: number | null;
  /** Rounded down to a whole five. */
  donors: number | null;
};

/**
 * How long finished months have to look the same before they are stored for good: as long as that, history may still be
 * coming in, account by account, or a payment that was made just before midnight.
 */
const quietHours = 24;

/**
 * Stores of each fund what may be said of its finished months without sign-in, and never changes it; answers how many blocks
 * are new. `complete` says that all history is in, and nothing has to be waited for.
 */
export async function storeBlocks(sql: Sql, now: Date, history: "complete" | "may come" = "may come"): Promise<number> {
  const [row] = await sql<{ blocks: number }[]>`
    select store_shared_blocks(${now}, make_interval(hours => ${history === "complete" ? 0 : quietHours}))::int as blocks`;
  return row?.blocks ?? 0;
}

/** The months of a public fund as a public page shows them, the oldest first. */
export async function listBlocks(sql: Sql, { slug, currency }: { slug: string; currency: string }): Promise<Block[]> {
  return await sql<Block[]>`
    select to_char(b.from_month, 'YYYY-MM') as from, to_char(b.to_month, 'YYYY-MM') as to, b.raised_minor as "raisedMinor"
    from shared_block b
    join fund f on f.id = b.fund_id
    where f.slug = ${slug} and f.is_public and b.currency = ${currency}
    order by b.from_month`;
}

/** Each public fund in a period, widened to whole blocks of its months. */
export async function readRange(
  sql: Sql,
  { from, to, currency }: Period & { currency: string },
): Promise<RangeTotal[]> {
  return await sql<RangeTotal[]>`
    select
      f.slug::text, f.name, r.from_day as from, r.to_day as to, r.raised_minor as "raisedMinor",
      r.gifts::int, r.donors::int
    from fund f cross join shared_range(f.id, ${from}::date, ${to}::date, ${currency}) r
    where f.is_public
    order by f.position, f.id`;
}
