import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSql, type Sql } from "../src/db/connect.ts";
import { startEmbedded } from "../src/db/embedded.ts";
import { migrate } from "../src/db/migrate.ts";

/** A PostgreSQL of its own for one bench, with the service's own settings: it waits for the disk. */
export type BenchHouse = { sql: Sql; drainSql: Sql; ownerSql: Sql; close: () => Promise<void> };

/** Makes a house with one account and two funds, in a temporary directory that `close` removes. */
export async function openBenchHouse(): Promise<BenchHouse> {
  const folder = await mkdtemp(join(tmpdir(), "almonry-bench-"));
  await chmod(folder, 0o711);
  const server = await startEmbedded({ dataDir: join(folder, "data"), log: () => undefined });
  const ownerSql = openSql(server.ownerUrl, { max: 2 });
  await migrate(ownerSql, { serviceRole: "almonry" });
  const sql = openSql(server.url);
  const drainSql = openSql(server.url, { max: 1 });
  await sql`
    insert into organisation (slug, name, legal_name, address, contact) values ('alov', 'Alov', 'Alov', 'here', 'us')`;
  await sql`insert into account (slug, organisation_id) values ('alov', 1)`;
  await sql`insert into fund (slug, name) values ('families', 'Families'), ('general', 'General')`;
  await sql`insert into fund_account (fund_id, account_id) select id, 1 from fund`;
  return {
    sql,
    drainSql,
    ownerSql,
    close: async () => {
      await Promise.all([sql.end({ timeout: 1 }), drainSql.end({ timeout: 1 }), ownerSql.end({ timeout: 1 })]);
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
