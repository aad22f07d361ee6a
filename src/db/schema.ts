import type { Sql } from "./connect.ts";

/**
 * The number of the newest file in `sql/`, for runtimes that have no files: a Worker compares the database with it.
 * Whoever adds a migration counts it here; tests/house.test.ts compares.
 */
export const newestMigration = 44;

/** Where a database stands next to the code: only "current" may be served. */
export type MigrationState = { state: "current" | "behind" | "newer"; applied: number; known: number };

/** A database that cannot be brought to the code's schema, in one line that names the file. */
export class MigrationError extends Error {
  override name = "MigrationError";
}

/** Compares the database with a code that knows `known` migrations, without changing anything. */
export async function schemaState(sql: Sql, known: number): Promise<MigrationState> {
  const [found] = await sql<{ there: boolean }[]>`select to_regclass('schema_migration') is not null as there`;
  const applied = found?.there === true ? await countApplied(sql) : 0;
  return { state: applied === known ? "current" : applied < known ? "behind" : "newer", applied, known };
}

/**
 * Refuses a database that is behind or newer.
 * @throws MigrationError in one line that says what to do
 */
export function refuseOther({ state, applied, known }: MigrationState): void {
  if (state === "behind") {
    throw new MigrationError(
      `The database is at migration ${applied} and this version needs ${known}: run npm run migrate.`,
    );
  }
  if (state === "newer") throw newerThanCode(applied, known);
}

export function newerThanCode(applied: number, known: number): MigrationError {
  return new MigrationError(
    `The database is at migration ${applied} and this version knows only ${known}: install the newer version of Almonry.`,
  );
}

async function countApplied(sql: Sql): Promise<number> {
  const [row] = await sql<{ applied: number }[]>`select count(*)::int as applied from schema_migration`;
  return row?.applied ?? 0;
}
