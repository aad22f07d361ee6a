import type { Sql } from "./connect.ts";

/** What money a database holds, for ever. */
export type Mode = "sandbox" | "test" | "live";

/**
 * The mode of this database. A key fixes it if nothing has yet; without one (`hasKey` false, the sandbox) it is left
 * open until the first payment is booked.
 * @returns the mode that stands, or null while it is open
 */
export async function fixMode(sql: Sql, mode: Mode, hasKey: boolean): Promise<Mode | null> {
  if (hasKey) await sql`insert into database_mode (mode) values (${mode}) on conflict (only_row) do nothing`;
  return await readFixedMode(sql);
}

/** The mode that is fixed, or null while a database may still become one of any. */
export async function readFixedMode(sql: Sql): Promise<Mode | null> {
  const [row] = await sql<{ mode: Mode }[]>`select mode from database_mode`;
  return row?.mode ?? null;
}
