import type { Log } from "../core/log.ts";
import { openSql, type Sql } from "./connect.ts";
import { serviceRole } from "./embedded/cluster.ts";
import { startEmbedded, type Embedded } from "./embedded.ts";
import { migrate, migrationState, requireCurrent } from "./migrate.ts";

/** Where a database is to be found, as the settings say. */
export type Place = {
  /** Null: the embedded server on `dataDir`. */
  database: { url: string; ownerUrl: string } | null;
  dataDir: string;
  dataDirIsDefault: boolean;
};

/** A database that fits this code, ready to be served from. */
export type OpenDatabase = {
  sql: Sql;
  /** One connection for the drain alone: the plans of its large statements are made once and kept with it. */
  drainSql: Sql;
  url: string;
  ownerUrl: string;
  /** Where files beside the data stand. */
  dataDir: string;
  /** False while the embedded server is away. */
  isHealthy: () => boolean;
  /** Closes the pools only: what was opened `again` goes on. */
  leave: () => Promise<void>;
  /** Whether another database is the one to be served now. */
  hasMoved: () => Promise<boolean>;
  /** Opens the database anew that is the one to be served now. */
  again: () => Promise<OpenDatabase>;
  /** Closes the pools, and stops the server if it is ours. */
  close: () => Promise<void>;
};

/**
 * Opens the database of the settings and brings it to this code's schema.
 * @throws MigrationError or EmbeddedError in one line
 */
export async function openDatabase({ database, ...place }: Place, log: Log): Promise<OpenDatabase> {
  if (database !== null) return await openGiven(database, place.dataDir, log);
  const embedded = await startEmbedded({ ...place, log });
  try {
    return await openEmbedded(embedded, log);
  } catch (error) {
    await embedded.stop();
    throw error;
  }
}

async function openEmbedded(embedded: Embedded, log: Log): Promise<OpenDatabase> {
  const { name, url, ownerUrl } = await embedded.current();
  const applied = await bringUp(url, ownerUrl, serviceRole);
  if (applied.length > 0) log("info", "the database was brought up to date", { migrations: applied.length });
  const pools = openPools(url);
  return {
    ...pools,
    url,
    ownerUrl,
    hasMoved: async () => (await embedded.current()).name !== name,
    dataDir: embedded.dataDir,
    isHealthy: embedded.healthy,
    again: async () => await openEmbedded(embedded, log),
    async close() {
      await pools.leave();
      await embedded.stop();
    },
  };
}

function openPools(url: string): Pick<OpenDatabase, "sql" | "drainSql" | "leave"> {
  const sql = openSql(url);
  const drainSql = openSql(url, { max: 1, applicationName: "almonry drain" });
  return {
    sql,
    drainSql,
    async leave() {
      await Promise.all([sql.end({ timeout: 5 }), drainSql.end({ timeout: 5 })]);
    },
  };
}

async function openGiven(given: { url: string; ownerUrl: string }, dataDir: string, log: Log): Promise<OpenDatabase> {
  const { url, ownerUrl } = given;
  const applied = await bringUp(url, ownerUrl, decodeURIComponent(new URL(url).username));
  if (applied.length > 0) log("info", "the database was brought up to date", { migrations: applied.length });
  if (url === ownerUrl) {
    log(
      "warn",
      "one database role does everything, so that only triggers guard the books; DATABASE_OWNER_URL separates them",
    );
  }
  const pools = openPools(url);
  if (await isCompiling(pools.sql)) {
    log(
      "warn",
      "this PostgreSQL compiles plans, which makes booking many times slower; its owner stops that with: alter database ... set jit = off",
    );
  }
  return {
    ...pools,
    url,
    ownerUrl,
    hasMoved: async () => await Promise.resolve(false),
    dataDir,
    isHealthy: () => true,
    again: async () => await openGiven(given, dataDir, log),
    close: pools.leave,
  };
}

/** Applies what is missing as the owner; a current database is left alone, so that a role without rights may serve it. */
async function bringUp(url: string, ownerUrl: string, role: string): Promise<string[]> {
  const owner = openSql(ownerUrl, { max: 1, applicationName: "almonry migrate" });
  try {
    const { state } = await migrationState(owner);
    const applied =
      state === "current" && url === ownerUrl ? [] : await migrate(owner, role === "" ? {} : { serviceRole: role });
    await requireCurrent(owner);
    return applied;
  } finally {
    await owner.end({ timeout: 5 });
  }
}

async function isCompiling(sql: Sql): Promise<boolean> {
  const [row] = await sql<{ jit: boolean }[]>`select current_setting('jit')::boolean as jit`;
  return row?.jit ?? false;
}
