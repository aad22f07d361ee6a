import type { AccountPause, FetchName } from "../core/dead-letter.ts";
import type { Sql } from "./connect.ts";
import { isTheirs, type Organisations } from "./theirs.ts";

/** Something to ask of Stripe that this process has leased. */
export type FetchNeed = FetchName & {
  tries: number;
  /** The database's clock when the lease began, ISO 8601: what Stripe answers is at least as new as that. */
  startedAt: string;
};

const leaseSeconds = 30;

/** Tries before a need is given up; it then stays, due never, with its reason. */
const triesMax = 10;

/** An answer in the inbox is booked within seconds; should its ticket fail, Stripe is asked once more after this, doubling. */
const answerBookedWithinSeconds = 300;

/** Leases up to `limit` due needs to `owner`, the longest due first; none of an account that rests. */
export async function claimFetches(sql: Sql, owner: string, limit: number): Promise<FetchNeed[]> {
  return await sql<FetchNeed[]>`
    with due as materialized (
      select account_id, kind, object_id from fetch_need
      where due_at <= now() and (lease_until is null or lease_until < now() or lease_owner = ${owner})
        and not exists (select from stripe_pause p where p.account_id = fetch_need.account_id and p.until > now())
      order by due_at, account_id, kind, object_id
      limit ${limit}
      for update skip locked
    )
    update fetch_need n set lease_owner = ${owner}, lease_until = now() + make_interval(secs => ${leaseSeconds})
    from due d
    where (n.account_id, n.kind, n.object_id) = (d.account_id, d.kind, d.object_id)
    returning n.account_id as "accountId", n.kind, n.object_id as "objectId", n.tries::int as tries,
      to_char(now() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "startedAt"`;
}

/** Makes all leases of `owner` last from now on. */
export async function renewFetches(sql: Sql, owner: string): Promise<void> {
  await sql`
    update fetch_need set lease_until = now() + make_interval(secs => ${leaseSeconds}) where lease_owner = ${owner}`;
}

/**
 * Lets a need rest whose answer stands in the inbox; booking that answer deletes it. After ten answers that nobody could
 * book it is given up. One that was found anew while Stripe was asked stays due, because the answer may be older.
 */
export async function restFetch(sql: Sql, owner: string, need: FetchNeed): Promise<void> {
  // As text, since the driver would hand a moment over in whole milliseconds, and so one before the need was found.
  await sql`
    update fetch_need set
      lease_owner = null, lease_until = null,
      tries = case when since > ${need.startedAt}::text::timestamptz then tries else tries + 1 end,
      error = case when since <= ${need.startedAt}::text::timestamptz and tries + 1 >= ${triesMax} then 'answer not booked' end,
      due_at = case
        when since > ${need.startedAt}::text::timestamptz then due_at
        when tries + 1 >= ${triesMax} then 'infinity'
        else now() + least(make_interval(secs => ${answerBookedWithinSeconds} * 2 ^ tries), interval '1 day')
      end
    where (account_id, kind, object_id) = (${need.accountId}, ${need.kind}, ${need.objectId}) and lease_owner = ${owner}`;
}

/** Gives a need back as it was: its account rests before it could be asked for. */
export async function returnFetch(sql: Sql, owner: string, need: FetchNeed): Promise<void> {
  await sql`
    update fetch_need set lease_owner = null, lease_until = null
    where (account_id, kind, object_id) = (${need.accountId}, ${need.kind}, ${need.objectId}) and lease_owner = ${owner}`;
}

/** Has nothing asked of an account for about `seconds`. */
export async function pauseAccount(sql: Sql, accountId: bigint, seconds: number, reason: string): Promise<void> {
  await sql`
    insert into stripe_pause as known (account_id, until, reason)
    values (${accountId}, now() + make_interval(secs => ${seconds}) * (1 + random() / 5), ${reason})
    on conflict (account_id) do update set until = greatest(known.until, excluded.until), reason = excluded.reason`;
}

/** Accounts of which nothing is asked at the moment. */
export async function listPauses(sql: Sql, organisations: Organisations): Promise<AccountPause[]> {
  return await sql<AccountPause[]>`
    select p.account_id as "accountId", a.slug::text as account, p.until, p.reason
    from stripe_pause p join account a on a.id = p.account_id
    where p.until > now() and ${isTheirs(sql, organisations, sql`a.organisation_id`)}
    order by a.position, a.id`;
}

/** Puts a need off for about `seconds` without counting a try: Stripe could not be asked. */
export async function waitToFetch(
  sql: Sql,
  owner: string,
  need: FetchNeed,
  seconds: number,
  error: string,
): Promise<void> {
  await sql`
    update fetch_need set
      lease_owner = null, lease_until = null, error = ${error}, due_at = now() + make_interval(secs => ${seconds}) * (1 + random() / 2)
    where (account_id, kind, object_id) = (${need.accountId}, ${need.kind}, ${need.objectId}) and lease_owner = ${owner}`;
}

/** Counts a try that Stripe refused: again after 10 s, doubling to an hour; after the last never, until a person says so. */
export async function postponeFetch(sql: Sql, owner: string, need: FetchNeed, error: string): Promise<void> {
  await sql`
    update fetch_need set
      tries = tries + 1, lease_owner = null, lease_until = null, error = ${error},
      due_at = case when tries + 1 >= ${triesMax} then 'infinity'
        else now() + least(make_interval(secs => 10 * 2 ^ tries), interval '1 hour') * (1 + random() / 2) end
    where (account_id, kind, object_id) = (${need.accountId}, ${need.kind}, ${need.objectId}) and lease_owner = ${owner}`;
}

/**
 * Ends every lease and every rest: called once at the start, when no process that held one is alive any more, and when
 * keys may be others than before.
 */
export async function releaseFetches(sql: Sql): Promise<void> {
  await sql`delete from stripe_pause`;
  await sql`delete from undelivered_pause`;
  await sql`
    update fetch_need set
      lease_owner = null, lease_until = null,
      due_at = case when error is not null and tries = 0 then least(due_at, now()) else due_at end
    where lease_owner is not null or (error is not null and tries = 0)`;
}

/** Has needs that were given up asked again at once, all or only one; returns how many there were. */
export async function replayFetches(
  sql: Sql,
  organisations: Organisations,
  only: FetchName | null = null,
): Promise<number> {
  const rows = await sql`
    update fetch_need set tries = 0, error = null, due_at = now()
    where due_at = 'infinity'
      and (${only === null} or (account_id, kind, object_id) = (
        ${only?.accountId ?? null}::bigint, ${only?.kind ?? null}::text, ${only?.objectId ?? null}::text))
      and account_id in (select a.id from account a where ${isTheirs(sql, organisations, sql`a.organisation_id`)})
    returning object_id`;
  return rows.length;
}
