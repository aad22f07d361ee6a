import type { Fact } from "../core/fact.ts";
import type { SweepState } from "../core/sweep.ts";
import type { Sql } from "./connect.ts";

/** An account whose sweep was begun. Moments are those of Stripe's clock. */
export type SweepStart = {
  accountId: bigint;
  /** Where its history begins for us. */
  beginsAt: Date;
  /** Up to where it agrees; null before the first time. */
  sweptTo: Date | null;
  /** Whether the last 35 days are to be looked through again. */
  looksBack: boolean;
};

/** How a sweep of one account ended. */
export type SweepEnd = {
  found: number;
  differences: number;
  /** Null when Stripe could be asked for everything and nothing differs. */
  error: string | null;
  /** Whether everything was listed. */
  isWhole: boolean;
  looksBack: boolean;
  /** Stripe asks to be left alone for so long. */
  waitSeconds: number | null;
};

/** Accounts to be swept now: all that do not rest, or those of them for which it is time. */
export async function listSweepAccounts(sql: Sql, which: "all" | "due"): Promise<bigint[]> {
  const rows = await sql<{ id: bigint }[]>`
    select a.id
    from account a
    left join sweep_state s on s.account_id = a.id
    where (${which === "all"} or s.next_at is null or s.next_at <= now())
      and not exists (select from stripe_pause p where p.account_id = a.id and p.until > now())
    order by a.position, a.id`;
  return rows.map(({ id }) => id);
}

/**
 * Begins the sweep of an account, unless another process just did: null then. An account never swept begins at the first
 * charge or balance transaction that we know, else 35 days before `at`, the time at Stripe.
 */
export async function beginSweep(
  sql: Sql,
  accountId: bigint,
  { which, at, beginsDays }: { which: "all" | "due"; at: Date; beginsDays: number },
): Promise<SweepStart | null> {
  const [row] = await sql<SweepStart[]>`
    with known as (
      select least(
        (select min(c.created) from stripe_charge c where c.account_id = ${accountId}),
        (select min(bt.created) from stripe_balance_transaction bt where bt.account_id = ${accountId})
      ) as first_at
      where not exists (select from sweep_state s where s.account_id = ${accountId} and s.begins_at is not null)
    )
    insert into sweep_state as s (account_id, begins_at, last_started_at, next_at)
    select a.id, coalesce((select first_at from known), ${at}::timestamptz - make_interval(days => ${beginsDays})),
      now(), now() + interval '1 hour'
    from account a
    where a.id = ${accountId}
    on conflict (account_id) do update set
      begins_at = coalesce(s.begins_at, excluded.begins_at),
      last_started_at = excluded.last_started_at, next_at = excluded.next_at
    where ${which === "all"} or s.next_at <= now()
    returning account_id as "accountId", begins_at as "beginsAt", swept_to as "sweptTo", look_back_at <= now() as "looksBack"`;
  return row ?? null;
}

/** Notes that everything before `sweptTo` agrees. */
export async function noteSwept(sql: Sql, accountId: bigint, sweptTo: Date): Promise<void> {
  await sql`update sweep_state set swept_to = greatest(swept_to, ${sweptTo}) where account_id = ${accountId}`;
}

/** Notes how a sweep ended. What a person asked for while it ran stays asked for. */
export async function endSweep(sql: Sql, accountId: bigint, end: SweepEnd): Promise<void> {
  const { found, differences, error, isWhole, looksBack, waitSeconds } = end;
  await sql`
    update sweep_state set
      found = ${found}, differences = ${differences}, last_error = ${error},
      last_finished_at = case when ${isWhole} then now() else last_finished_at end,
      last_closed_at = case when ${error === null} then now() else last_closed_at end,
      look_back_at = case when ${isWhole && looksBack} and look_back_at <= last_started_at
        then now() + interval '1 day' else look_back_at end,
      next_at = case when ${waitSeconds === null} then next_at
        else least(next_at, now() + make_interval(secs => ${waitSeconds ?? 0})) end
    where account_id = ${accountId}`;
}

/** Has accounts swept as soon as possible, their last 35 days included: all, or the one of this slug. */
export async function askForSweep(sql: Sql, slug: string | null = null): Promise<void> {
  await sql`
    insert into sweep_state as s (account_id)
    select a.id from account a where ${slug === null} or a.slug = ${slug ?? ""}
    on conflict (account_id) do update set next_at = now(), look_back_at = now()`;
}

/** The same for the accounts of an organisation. */
export async function askForSweepOf(sql: Sql, organisationId: bigint): Promise<void> {
  await sql`
    insert into sweep_state as s (account_id)
    select a.id from account a where a.organisation_id = ${organisationId}
    on conflict (account_id) do update set next_at = now(), look_back_at = now()`;
}

/** How far the sweep of each account has come, of all or of one organisation's. */
export async function listSweepStates(sql: Sql, organisationId: bigint | null = null): Promise<SweepState[]> {
  return await sql<SweepState[]>`
    select a.slug::text as account, s.swept_to as "sweptTo", s.last_started_at as "lastStartedAt", s.last_closed_at as "lastClosedAt",
      s.last_error as "lastError", coalesce(s.found, 0) as found, coalesce(s.differences, 0) as differences
    from account a left join sweep_state s on s.account_id = a.id
    where ${organisationId}::bigint is null or a.organisation_id = ${organisationId}::bigint
    order by a.position, a.id`;
}

/** The database's clock, ISO 8601 to the microsecond: what Stripe answers from now on is at least as new as that. */
export async function readNow(sql: Sql): Promise<string> {
  const [row] = await sql<{ now: string }[]>`
    select to_char(now() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as now`;
  return row?.now ?? "";
}

/** The places of those facts that say something not known yet. */
export async function newsOf(sql: Sql, facts: Fact[]): Promise<Set<number>> {
  if (facts.length === 0) return new Set();
  const rows = await sql<{ place: number }[]>`select place::int as place from news_of(${sql.json(facts)})`;
  return new Set(rows.map(({ place }) => place));
}

/** Balance transactions that we hold from `from` on and before `to`, and that are not listed. */
export async function findUnlisted(
  sql: Sql,
  accountId: bigint,
  { from, to, listed }: { from: Date; to: Date; listed: Iterable<string> },
): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select id from unlisted_balance_transactions(${accountId}, ${from}, ${to}, ${sql.json([...listed])})`;
  return rows.map(({ id }) => id);
}

/** Has what was in payouts asked for where Stripe can tell and we do not know; answers of how many. */
export async function wantPayoutMembers(sql: Sql, accountId: bigint): Promise<number> {
  const [row] = await sql<{ wanted: number }[]>`select want_payout_members(${accountId})::int as wanted`;
  return row?.wanted ?? 0;
}
