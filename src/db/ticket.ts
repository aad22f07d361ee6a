import type { Mark } from "../core/event.ts";
import type { Sql } from "./connect.ts";
import { isTheirs, type Organisations } from "./theirs.ts";

/** An inbox row that this process has leased to book. */
export type Ticket = {
  inboxId: bigint;
  accountId: bigint;
  source: "webhook" | "fetch" | "sweep";
  body: string;
  tries: number;
};

/** A lease ends by itself after this, so that the work of a process that died is done by another. */
const leaseSeconds = 30;

/** Bodies read at once; most are 5 kB, but each may have 1 MiB. */
const bytesMax = 16 * 1024 * 1024;

/** Tries before a ticket becomes a dead letter. */
const triesMax = 10;

/**
 * Leases up to `limit` due tickets to `owner`, the oldest first. What `owner` itself still holds is given again: it asks
 * only when it works on nothing, so that was left when the database went away.
 */
export async function claimTickets(sql: Sql, owner: string, limit: number): Promise<Ticket[]> {
  return await sql<Ticket[]>`
    select inbox_id as "inboxId", account_id as "accountId", tries::int as tries, source, body
    from claim_tickets(${owner}, ${limit}, ${bytesMax}, make_interval(secs => ${leaseSeconds}))
    order by 1`;
}

/** Makes all leases of `owner` last from now on. */
export async function renewTickets(sql: Sql, owner: string): Promise<void> {
  await sql`
    update ticket set lease_until = now() + make_interval(secs => ${leaseSeconds}) where lease_owner = ${owner}`;
}

/** Makes a ticket a dead letter at once: trying again cannot help. */
export async function buryTicket(sql: Sql, owner: string, inboxId: bigint, error: string): Promise<void> {
  await sql`
    update ticket set dead_at = now(), error = ${error}, tries = tries + 1, lease_owner = null, lease_until = null
    where inbox_id = ${inboxId} and lease_owner = ${owner}`;
}

/**
 * Puts a ticket off after a failure of its own: 10 s, doubling to an hour, each time by half as much again at random, so
 * that what failed together is not tried together. After the last try it is a dead letter.
 * @returns whether it is one now
 */
export async function postponeTicket(sql: Sql, owner: string, inboxId: bigint, error: string): Promise<boolean> {
  const [row] = await sql<{ isDead: boolean }[]>`
    update ticket set
      tries = tries + 1, error = ${error}, lease_owner = null, lease_until = null,
      dead_at = case when tries + 1 >= ${triesMax} then now() end,
      next_at = now() + least(make_interval(secs => 10 * 2 ^ tries), interval '1 hour') * (1 + random() / 2)
    where inbox_id = ${inboxId} and lease_owner = ${owner}
    returning dead_at is not null as "isDead"`;
  return row?.isDead ?? false;
}

/** Notes why inbox rows, which had been given a ticket, are not read after all. */
export async function markEvents(sql: Sql, mark: Mark, inboxIds: bigint[]): Promise<void> {
  await sql`
    update inbox set mark = ${mark}
    where id in (select v::bigint from jsonb_array_elements_text(${sql.json(inboxIds.map(String))}) v)`;
}

/** Ends every lease: called once at the start, when no process that held one is alive any more. */
export async function releaseTickets(sql: Sql): Promise<void> {
  await sql`update ticket set lease_owner = null, lease_until = null where lease_owner is not null`;
}

/**
 * Gives dead letters another ten tries, at once, all or only one: after a repair, or with a version that can read them.
 * @returns how many there were
 */
export async function replayDeadLetters(
  sql: Sql,
  organisations: Organisations,
  only: bigint | null = null,
): Promise<number> {
  const rows = await sql`
    update ticket set dead_at = null, error = null, tries = 0, next_at = now()
    where dead_at is not null and (${only === null} or inbox_id = ${only}::bigint)
      and account_id in (select a.id from account a where ${isTheirs(sql, organisations, sql`a.organisation_id`)})
    returning inbox_id`;
  return rows.length;
}

/**
 * Gives tickets to events that came while nobody listened to their type, and somebody does now: called once at the start.
 * @returns how many there were
 */
export async function readTypesAgain(sql: Sql, types: string[]): Promise<number> {
  const [row] = await sql<{ tickets: number }[]>`
    select read_events_of_types_again(${sql.json(types)})::int as tickets`;
  return row?.tickets ?? 0;
}

/** The newest inbox row that waits to be booked, or null. */
export async function newestTicket(sql: Sql): Promise<bigint | null> {
  const [row] = await sql<
    { newest: bigint | null }[]
  >`select max(inbox_id) as newest from ticket where dead_at is null`;
  return row?.newest ?? null;
}

/** Whether a row up to `newest` is due and not booked yet: some other process may hold it. */
export async function isDue(sql: Sql, newest: bigint): Promise<boolean> {
  const [row] = await sql<{ due: boolean }[]>`
    select exists (select from ticket where inbox_id <= ${newest} and dead_at is null and next_at <= now()) as due`;
  return row?.due ?? false;
}
