import type { Sql } from "./connect.ts";

/** One thing the audit found: what, of which row, as it is stored and as it should be. */
export type Finding = { finding: string; subject: string; stored: string | null; expected: string | null };

/** The finding that is no difference: a payment that waits for the next drain and so was not compared. */
export const pending = "pending";

/**
 * Recomputes everything from the facts, and the chain of changes from its rows, in one statement and so in one snapshot,
 * and answers what is not as it should be.
 */
export async function runAudit(sql: Sql): Promise<Finding[]> {
  return await sql<Finding[]>`
    select finding, subject, stored, expected from audit()
    union all
    select 'the trail of changes is broken', 'change ' || number || ': ' || broken, stored, expected from change_chain_breaks()
    order by finding, subject`;
}
