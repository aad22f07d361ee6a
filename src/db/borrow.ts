import type { Log } from "../core/log.ts";
import { openSql, type Sql } from "./connect.ts";
import { borrowEmbedded } from "./embedded.ts";
import { migrate, migrationState, requireCurrent } from "./migrate.ts";
import type { Place } from "./open.ts";

/**
 * Lends the database of the settings to a command, as the role that serves: beside a running service its database, else
 * the embedded server is started for the command and stopped after it. An empty database is brought to this code's
 * schema; one that is behind is not, because another version may be serving it.
 * @throws MigrationError or EmbeddedError in one line, and whatever `use` throws
 */
export async function borrowDatabase<T>(place: Place, log: Log, use: (sql: Sql) => Promise<T>): Promise<T> {
  return await lend(place, log, async ({ sql, ownerSql, role }) => {
    if ((await migrationState(ownerSql)).applied === 0) await migrate(ownerSql, role);
    await requireCurrent(ownerSql);
    return await use(sql);
  });
}

/**
 * Brings the database of the settings to this code's schema.
 * @returns the names of the migrations applied now
 * @throws MigrationError or EmbeddedError in one line
 */
export async function bringUpDatabase(place: Place, log: Log): Promise<string[]> {
  return await lend(place, log, async ({ ownerSql, role }) => await migrate(ownerSql, role));
}

type Lent = { sql: Sql; ownerSql: Sql; role: { serviceRole?: string } };

async function lend<T>({ database, ...place }: Place, log: Log, use: (lent: Lent) => Promise<T>): Promise<T> {
  const open = async (url: string, ownerUrl: string): Promise<T> => {
    const sql = openSql(url, { max: 4, applicationName: "almonry command" });
    const ownerSql = openSql(ownerUrl, { max: 2, applicationName: "almonry command" });
    const name = decodeURIComponent(new URL(url).username);
    try {
      return await use({ sql, ownerSql, role: name === "" ? {} : { serviceRole: name } });
    } finally {
      await Promise.all([sql.end({ timeout: 5 }), ownerSql.end({ timeout: 5 })]);
    }
  };
  if (database !== null) return await open(database.url, database.ownerUrl);
  return await borrowEmbedded({ ...place, log }, async ({ url, ownerUrl }) => await open(url, ownerUrl));
}
