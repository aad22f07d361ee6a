import type { Sql } from "./connect.ts";

/** An account whose events may be looked through now; `sweptTo` is null before the first time. */
export type SweepNeed = { accountId: bigint; sweptTo: Date | null };

/** Accounts last looked through before `before`, or never; none that rests. */
export async function listSweeps(sql: Sql, before: Date): Promise<SweepNeed[]> {
  return await sql<SweepNeed[]>`
    select a.id as "accountId", s.swept_to as "sweptTo"
    from account a
    left join undelivered_sweep s on s.account_id = a.id
    where (s.swept_to is null or s.swept_to <= ${before})
      and not exists (select from stripe_pause p where p.account_id = a.id and p.until > now())
    order by a.position, a.id`;
}

/** Notes until when an account's events were looked through. */
export async function noteSweep(sql: Sql, accountId: bigint, sweptTo: Date): Promise<void> {
  await sql`
    insert into undelivered_sweep as known (account_id, swept_to) values (${accountId}, ${sweptTo})
    on conflict (account_id) do update set swept_to = greatest(known.swept_to, excluded.swept_to)`;
}
