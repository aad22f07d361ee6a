import { setTimeout as sleep } from "node:timers/promises";
import { openSql, type Sql } from "../connect.ts";
import { EmbeddedError } from "./error.ts";

/** Held alone by the one service on a data directory. */
const serviceLock = 7_236_520_042n;
/** Shared by commands that use the server beside it or without it; the last one to go may stop it. */
const commandLock = 7_236_520_043n;

/** A session that holds the service's lock for as long as it lives. */
export type LockSession = { end: () => Promise<void> };

/**
 * Takes the service's lock on one session of its own. A killed service's session takes a moment to end, so a held lock
 * is asked for again for three seconds.
 * @param onLost called once when the session ends, whoever ended it
 * @returns null when the server went away meanwhile
 * @throws EmbeddedError in one line when another service holds it
 */
export async function takeServiceLock(
  ownerUrl: string,
  place: string,
  onLost: () => void,
): Promise<LockSession | null> {
  const sql = openSql(ownerUrl, {
    max: 1,
    applicationName: `almonry service ${process.pid}`,
    onClose: () => onLost(),
  });
  try {
    for (const giveUpAt = Date.now() + 3000; ; await sleep(100)) {
      if (await tryLock(sql, serviceLock)) return { end: () => sql.end({ timeout: 1 }) };
      if (Date.now() > giveUpAt) throw await inUse(sql, place);
    }
  } catch (error) {
    await sql.end({ timeout: 1 });
    if (error instanceof EmbeddedError) throw error;
    return null;
  }
}

/** Says that a command uses the server. The session it returns must be ended by `leave`. */
export async function joinAsCommand(ownerUrl: string): Promise<Sql | null> {
  const sql = openSql(ownerUrl, {
    max: 1,
    applicationName: `almonry command ${process.pid}`,
  });
  try {
    await sql`select pg_advisory_lock_shared(${commandLock})`;
    return sql;
  } catch {
    await sql.end({ timeout: 1 });
    return null;
  }
}

/**
 * Ends a command's use of the server.
 * @param stop called when nobody else uses the server: no service and no other command, and none can begin meanwhile
 */
export async function leave(sql: Sql, stop: () => Promise<void>): Promise<void> {
  try {
    await sql`select pg_advisory_unlock_shared(${commandLock})`;
    if ((await tryLock(sql, commandLock)) && (await tryLock(sql, serviceLock))) await stop();
  } finally {
    await sql.end({ timeout: 1 });
  }
}

async function tryLock(sql: Sql, key: bigint): Promise<boolean> {
  const [row] = await sql<{ ours: boolean }[]>`select pg_try_advisory_lock(${key}) as ours`;
  return row?.ours === true;
}

async function inUse(sql: Sql, place: string): Promise<EmbeddedError> {
  const [holder] = await sql<{ name: string }[]>`
    select application_name as name from pg_locks join pg_stat_activity using (pid)
    where locktype = 'advisory' and (classid::bigint << 32) + objid::bigint = ${serviceLock} and granted`;
  const process = holder?.name.split(" ").at(-1) ?? "unknown";
  return new EmbeddedError(`Another Almonry (process ${process}) already runs on ${place}.`);
}
