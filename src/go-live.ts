import type { Config } from "./config.ts";
import { nextModes } from "./core/go-live.ts";
import type { Doer } from "./db/account-key.ts";
import type { Sql } from "./db/connect.ts";
import { atDatabase, makeDatabase, writePointer } from "./db/embedded/pointer.ts";
import { serviceRole as embeddedRole } from "./db/embedded/cluster.ts";
import { carrySettings } from "./db/go-live.ts";
import type { Going, Gone } from "./http/deps.ts";
import type { Mode } from "./db/mode.ts";

/** The database that goes live: the embedded server's, or one that the settings name. */
export type Leaving = { sql: Sql; url: string; ownerUrl: string; dataDir: string; mode: Mode };

/**
 * Makes a new database for another mode with all that was set up and nothing of money or people. The embedded server gets
 * it beside the old one, which stays as it is, and the service goes over to it by itself; a database of one's own has to be
 * there, empty, and the settings to be changed by whoever runs the service.
 */
export async function goLive(config: Config, from: Leaving, by: Doer, going: Going): Promise<Gone> {
  const refusal = refusalOf(config, from, going);
  if (refusal !== null) return { ok: false, refusal };
  const { mode } = going;
  if (config.database === null) {
    const database = await makeDatabase(from.ownerUrl, mode);
    const target = { ownerUrl: atDatabase(from.ownerUrl, database), serviceRole: embeddedRole };
    const carried = await carrySettings(from.sql, target, by, mode);
    if (!carried.ok) return carried;
    await writePointer(from.dataDir, database);
    return { ok: true, database };
  }
  const url = going.to ?? "";
  const target = { ownerUrl: going.toOwner ?? url, serviceRole: decodeURIComponent(new URL(url).username) };
  const carried = await carrySettings(from.sql, target, by, mode);
  return carried.ok ? { ok: true, database: null } : carried;
}

/** Why it cannot be, in one line, or null. */
function refusalOf(config: Config, { mode: current }: Leaving, { mode, to, toOwner }: Going): string | null {
  if (!nextModes(current).includes(mode)) return `a ${current} database cannot become one of ${mode} payments`;
  if (config.mode !== "sandbox" && config.mode !== mode)
    return `STRIPE_SECRET_KEY is a ${config.mode} key, and the new database is for ${mode} payments: take the setting out first`;
  if (config.database === null)
    return to === null ? null : "the embedded database makes the new one by itself: leave the address out";
  if (to === null || !isPostgres(to) || (toOwner !== null && !isPostgres(toOwner)))
    return "the address of an empty database is needed, such as postgres://user:password@host/database";
  if (to === config.database.url || to === config.database.ownerUrl || toOwner === config.database.ownerUrl)
    return "this is the database that is served now: an empty one is needed";
  return null;
}

function isPostgres(text: string): boolean {
  return /^postgres(?:ql)?:\/\/\S+$/u.test(text) && URL.canParse(text);
}
