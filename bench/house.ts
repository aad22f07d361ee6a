import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSql, type Sql } from "../src/db/connect.ts";
import { type Embedded, startEmbedded } from "../src/db/embedded.ts";
import { migrate } from "../src/db/migrate.ts";

/** A PostgreSQL of its own for one bench, with the service's own settings: it waits for the disk. */
export type BenchHouse = { sql: Sql; drainSql: Sql; ownerSql: Sql; url: string; close: () => Promise<void> };

/** What is done by the owner before the house opens, on a server with settings of its own, which is then started anew. */
export type Furnish = { settings: Record<string, string>; furnish: (ownerSql: Sql) => Promise<void> };

/** Makes a house with one account and two funds, in a temporary directory that `close` removes. */
export async function openBenchHouse(): Promise<BenchHouse> {
  const house = await openEmptyHouse();
  const { sql } = house;
  await sql`
    insert into organisation (slug, name, legal_name, address, contact) values ('alov', 'Alov', 'Alov', 'here', 'us')`;
  await sql`insert into account (slug, organisation_id) values ('alov', 1)`;
  await sql`insert into fund (slug, name) values ('families', 'Families'), ('general', 'General')`;
  await sql`insert into fund_account (fund_id, account_id) select id, 1 from fund`;
  return house;
}

/** Makes a house with no rows but those that `furnish` writes. */
export async function openEmptyHouse(before: Furnish | null = null): Promise<BenchHouse> {
  const folder = await mkdtemp(join(tmpdir(), "almonry-bench-"));
  let server: Embedded | null = null;
  const remove = async (): Promise<void> => {
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await chmod(folder, 0o711);
    const place = { dataDir: join(folder, "data"), log: () => undefined };
    if (before !== null) {
      server = await startEmbedded({ ...place, settings: before.settings });
      const furnishingSql = openSql(server.ownerUrl, { max: 2 });
      await migrate(furnishingSql, { serviceRole: "almonry" });
      await before.furnish(furnishingSql);
      await furnishingSql.end({ timeout: 1 });
      await server.stop();
      server = null;
    }
    server = await startEmbedded(place);
  } catch (error) {
    await remove();
    throw error;
  }
  const { url } = server;
  const ownerSql = openSql(server.ownerUrl, { max: 2 });
  await migrate(ownerSql, { serviceRole: "almonry" });
  const sql = openSql(url);
  const drainSql = openSql(url, { max: 1 });
  return {
    sql,
    drainSql,
    ownerSql,
    url,
    close: async () => {
      await Promise.all([sql.end({ timeout: 1 }), drainSql.end({ timeout: 1 }), ownerSql.end({ timeout: 1 })]);
      await remove();
    },
  };
}
