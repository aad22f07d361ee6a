import type { Fact } from "../core/fact.ts";
import type { Sql } from "./connect.ts";

/** The events to book with one call, and what they say. */
export type Batch = { mode: "sandbox" | "test" | "live"; tickets: bigint[]; facts: Fact[] };

/** Books a batch: joins its facts, stores what follows from them, and lets its tickets go, all or nothing. */
export async function drainBatch(sql: Sql, { mode, tickets, facts }: Batch): Promise<void> {
  await sql`select from drain(${sql.json({ mode, tickets: tickets.map(String), facts })})`;
}

/** Whether payments or postings wait to be derived anew because something beside their facts changed; any drain takes them along. */
export async function hasDirtyPayments(sql: Sql): Promise<boolean> {
  const [row] = await sql<
    { has: boolean }[]
  >`select exists (select from dirty_payment) or exists (select from dirty_source) as has`;
  return row?.has ?? false;
}
