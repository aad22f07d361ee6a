import type { Doer } from "./account-key.ts";
import { openSql } from "./connect.ts";
import { migrate } from "./migrate.ts";
import { refusalOf } from "./refusal.ts";
import type { Sql } from "./connect.ts";

/** Where a new database is, and the role that will serve it. */
export type NewDatabase = { ownerUrl: string; serviceRole: string };

/**
 * Brings an empty database to this code's schema and carries over what was set up: organisations, accounts without keys,
 * funds, shops, promises, rules, words, pictures and staff. No money, no donors, no sessions.
 */
export async function carrySettings(
  from: Sql,
  { ownerUrl, serviceRole }: NewDatabase,
  { id, name }: Doer,
  mode: "test" | "live",
): Promise<{ ok: true } | { ok: false; refusal: string }> {
  const owner = openSql(ownerUrl, { max: 1, applicationName: "almonry go live" });
  try {
    await migrate(owner, serviceRole === "" ? {} : { serviceRole });
    // As text, so that no number passes through a float on the way.
    const [row] = await from<{ settings: string }[]>`select carried_settings()::text as settings`;
    await owner`select take_settings(${owner.json({ id, name })}, ${mode}, ${owner.json(row?.settings ?? "{}")})`;
    return { ok: true };
  } catch (error) {
    return { ok: false, refusal: refusalOf(error) };
  } finally {
    await owner.end({ timeout: 5 });
  }
}
