import { openSql } from "../../src/db/connect.ts";
import { startEmbedded } from "../../src/db/embedded.ts";

// A service in a process of its own, for tests that kill it: takes over the data directory it is given, keeps one row,
// and says where its database is. Ends well on SIGTERM, as the real one does.
const dataDir = process.argv[2] ?? "";
try {
  const server = await startEmbedded({ dataDir, log: () => undefined, settings: { fsync: "off" } });
  const sql = openSql(server.ownerUrl, { max: 1 });
  await sql`create table if not exists kept (pid bigint)`;
  await sql`insert into kept values (${BigInt(process.pid)})`;
  process.once("SIGTERM", () => void sql.end().then(server.stop));
  process.stdout.write(`${JSON.stringify({ ownerUrl: server.ownerUrl })}\n`);
} catch (error) {
  process.stdout.write(`${JSON.stringify({ refused: error instanceof Error ? error.message : String(error) })}\n`);
}
