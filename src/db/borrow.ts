import type { Log } from "../core/log.ts";
import { openSql, type Sql } from "./connect.ts";
import { borrowEmbedded } from "./embedded.ts";
import { migrate, requireCurrent } from "./migrate.ts";
import type { Place } from "./open.ts";

/** A database lent to a command. */
export type BorrowedDatabase = {
  /** The role that serves. */
  sql: Sql;
  /** The migrations applied for this command. */
  applied: string[];
  url: string;
  ownerUrl: string;
  /** Where files beside the data stand. */
  dataDir: string;
};

/**
 * Lends the database of the settings to a command: beside a running service its database, else the embedded server is
 * started for the command and stopped after it.
 * @param schema "as it is" refuses a database that is not there or does not fit this code, because another version may be
 *   serving it; "brought up" makes what is missing first
 * @throws MigrationError or EmbeddedError in one line, and whatever `use` throws
 */
export async function withDatabase<T>(
  { database, ...place }: Place,
  schema: "as it is" | "brought up",
  log: Log,
  use: (database: BorrowedDatabase) => Promise<T>,
): Promise<T> {
  const lend = async (url: string, ownerUrl: string, dataDir: string): Promise<T> => {
    const sql = openSql(url, { max: 4, applicationName: "almonry command" });
    const ownerSql = openSql(ownerUrl, { max: 1, applicationName: "almonry command" });
    const serviceRole = decodeURIComponent(new URL(url).username);
    try {
      const applied = schema === "brought up" ? await migrate(ownerSql, serviceRole === "" ? {} : { serviceRole }) : [];
      await requireCurrent(ownerSql);
      return await use({ sql, applied, url, ownerUrl, dataDir });
    } finally {
      await Promise.all([sql.end({ timeout: 5 }), ownerSql.end({ timeout: 5 })]);
    }
  };
  if (database !== null) return await lend(database.url, database.ownerUrl, place.dataDir);
  const mayBeMade = schema === "brought up";
  return await borrowEmbedded(
    { ...place, mayBeMade, log },
    async (server) => await lend(server.url, server.ownerUrl, server.dataDir),
  );
}
