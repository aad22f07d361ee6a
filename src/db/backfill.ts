import type { MoneyLine, Payment, SortedLine } from "../core/backfill.ts";
import type { Fact } from "../core/fact.ts";
import type { Sql } from "./connect.ts";

/** What a back-fill of an account from a day on would be. Moments are those of Stripe's clock. */
export type BackfillPlan = {
  /** When that day begins at the account's organisation. */
  from: Date;
  /** Where the sweep begins. */
  to: Date;
  /** The first day of its organisation's books, and of its first open month; null where there is none. */
  booksBeginOn: string | null;
  openFrom: string | null;
};

/** Reads what a back-fill from `day` on would be, and changes nothing. `at` is the time at Stripe. */
export async function planBackfill(
  sql: Sql,
  accountId: bigint,
  { day, at, sweepDays }: { day: string; at: Date; sweepDays: number },
): Promise<BackfillPlan | null> {
  const [row] = await sql<BackfillPlan[]>`
    select ${day}::date::timestamp at time zone time_zone_at(o.id, ${day}::date::timestamptz) as from, sweep_beginning(a.id, ${at}, ${sweepDays}) as to,
      o.books_begin_on as "booksBeginOn", b.from_day as "openFrom"
    from account a
    left join organisation o on o.id = a.organisation_id
    left join books_open b on b.organisation_id = o.id
    where a.id = ${accountId}`;
  return row ?? null;
}

/** Begins a back-fill or goes on with it: where it goes on, and where it ends. */
export async function beginBackfill(
  sql: Sql,
  accountId: bigint,
  { from, at, sweepDays, run }: { from: Date; at: Date; sweepDays: number; run: string },
): Promise<{ goesOnAt: Date; endsAt: Date }> {
  const [row] = await sql<{ goesOnAt: Date; endsAt: Date }[]>`
    select goes_on_at as "goesOnAt", ends_at as "endsAt"
    from begin_backfill(${accountId}, ${from}, ${at}, ${sweepDays}, ${run})`;
  if (row === undefined) throw new Error("a back-fill was not begun");
  return row;
}

/** Notes that everything before `doneTo` agrees; false when another run has taken over. */
export async function noteFilled(sql: Sql, accountId: bigint, run: string, doneTo: Date): Promise<boolean> {
  const rows = await sql`
    update backfill set done_to = greatest(done_to, ${doneTo}) where account_id = ${accountId} and run = ${run}
    returning account_id`;
  return rows.length > 0;
}

/** Notes how a run ended; `error` is null when all of it agrees. */
export async function endBackfill(
  sql: Sql,
  accountId: bigint,
  run: string,
  { found, error }: { found: number; error: string | null },
): Promise<void> {
  await sql`
    update backfill set found = found + ${found}, last_error = ${error},
      finished_at = case when ${error === null} then now() end
    where account_id = ${accountId} and run = ${run}`;
}

/** Since when an organisation's books begin, and how many payments through this account are older; null when they always were. */
export async function readOlderThanBooks(
  sql: Sql,
  accountId: bigint,
): Promise<{ booksBeginOn: string; payments: number } | null> {
  const [row] = await sql<{ booksBeginOn: string; payments: number }[]>`
    select books_begin_on as "booksBeginOn", payments::int as payments from older_than_books(${accountId})`;
  return row ?? null;
}

/** What balance transactions come to, by year and currency. Nothing is kept. */
export async function sumMoney(sql: Sql, accountId: bigint, facts: Fact[]): Promise<MoneyLine[]> {
  return await sql<MoneyLine[]>`
    select year::int as year, currency, what, many::int as many, amount_minor as "amountMinor", late::int as late, early::int as early
    from backfill_money(${accountId}, ${sql.json(facts)})`;
}

/** What would sort payments, by year and currency. Nothing is kept. */
export async function countSorting(sql: Sql, accountId: bigint, payments: Payment[]): Promise<SortedLine[]> {
  return await sql<SortedLine[]>`
    select year::int as year, currency, sorted_by as "sortedBy", many::int as many
    from backfill_sorting(${accountId}, ${sql.json(payments)})`;
}
