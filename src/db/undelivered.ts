import type { UnlistedEvents } from "../core/watch.ts";
import type { Sql } from "./connect.ts";
import { isTheirs, type Organisations } from "./theirs.ts";

/**
 * An account whose events may be looked through now; `sweptTo` is null before the first time, `secretSince` while the
 * database keeps no webhook secret of it.
 */
export type SweepNeed = { accountId: bigint; sweptTo: Date | null; secretSince: Date | null };

/** Every account that does not rest. */
export async function listSweeps(sql: Sql): Promise<SweepNeed[]> {
  return await sql<SweepNeed[]>`
    select a.id as "accountId", s.swept_to as "sweptTo", (
      select min(k.since) from account_key k
      where k.account_id = a.id and k.kind = 'webhook secret' and k.revoked_at is null
    ) as "secretSince"
    from account a
    left join undelivered_sweep s on s.account_id = a.id
    where not exists (select from stripe_pause p where p.account_id = a.id and p.until > now())
    order by a.position, a.id`;
}

/** Those of them that were last looked through before `before`, or never, and may be tried again at `at`. */
export async function listDueSweeps(sql: Sql, before: Date, at: Date): Promise<SweepNeed[]> {
  return await sql<SweepNeed[]>`
    select a.id as "accountId", s.swept_to as "sweptTo", (
      select min(k.since) from account_key k
      where k.account_id = a.id and k.kind = 'webhook secret' and k.revoked_at is null
    ) as "secretSince"
    from account a
    left join undelivered_sweep s on s.account_id = a.id
    where (s.swept_to is null or s.swept_to <= ${before})
      and not exists (select from stripe_pause p where p.account_id = a.id and p.until > now())
      and not exists (select from undelivered_pause p where p.account_id = a.id and p.until > ${at})
    order by a.position, a.id`;
}

/** Notes until when an account's events were looked through; whatever kept it from that is over. */
export async function noteSweep(sql: Sql, accountId: bigint, sweptTo: Date): Promise<void> {
  await sql`
    with over as (
      delete from undelivered_pause where account_id = ${accountId}
    )
    insert into undelivered_sweep as known (account_id, swept_to) values (${accountId}, ${sweptTo})
    on conflict (account_id) do update set swept_to = greatest(known.swept_to, excluded.swept_to)`;
}

/** Has an account's events not be asked for until `until`. @returns whether that is for another reason than the last time */
export async function pauseSweep(
  sql: Sql,
  accountId: bigint,
  { since, until, reason }: { since: Date; until: Date; reason: string },
): Promise<boolean> {
  const [before] = await sql<{ reason: string }[]>`
    with before as (
      select reason from undelivered_pause where account_id = ${accountId}
    ), paused as (
      insert into undelivered_pause as known (account_id, since, until, reason)
      values (${accountId}, ${since}, ${until}, ${reason})
      on conflict (account_id) do update set
        since = case when known.reason = excluded.reason then known.since else excluded.since end,
        until = excluded.until, reason = excluded.reason
    )
    select reason from before`;
  return before?.reason !== reason;
}

/** Accounts whose undelivered events could not be listed the last time. */
export async function listUnlistedEvents(sql: Sql, organisations: Organisations): Promise<UnlistedEvents[]> {
  return await sql<UnlistedEvents[]>`
    select a.slug::text as account, p.since, p.reason
    from undelivered_pause p join account a on a.id = p.account_id
    where ${isTheirs(sql, organisations, sql`a.organisation_id`)}
    order by a.position, a.id`;
}
