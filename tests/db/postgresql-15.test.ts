import { existsSync } from "node:fs";
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openSql, type Sql } from "../../src/db/connect.ts";
import { serverAccount } from "../../src/db/embedded/account.ts";
import type { Cluster } from "../../src/db/embedded/cluster.ts";
import { run } from "../../src/db/embedded/program.ts";
import { startServer, stopServer } from "../../src/db/embedded/server.ts";
import { migrate, requireCurrent } from "../../src/db/migrate.ts";
import { setUpCharity } from "../charity.ts";
import { serverSettings } from "../server-settings.ts";
import { cashOf, factsOf, figures, funds, histories } from "../history.ts";

const folder = "/usr/lib/postgresql/15";

// The oldest PostgreSQL that Almonry promises to run on, as Debian 12 installs it. Everything else is tested on 18.
describe.runIf(existsSync(`${folder}/bin/postgres`))(`PostgreSQL 15, where it stands in ${folder}`, () => {
  let root: string;
  let cluster: Cluster;
  let owner: Sql;
  let sql: Sql;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "almonry-15-"));
    await chmod(root, 0o711);
    cluster = await makeCluster(root);
    const started = await startServer(cluster, null, serverSettings);
    if (!("running" in started)) throw new Error(started.reason);
    owner = openSql(started.running.ownerUrl, { max: 2 });
    sql = openSql(started.running.url);
  });
  afterAll(async () => {
    await Promise.all([owner.end(), sql.end()]);
    await stopServer(cluster);
    await rm(root, { recursive: true, force: true });
  });

  test("takes all migrations, twice", async () => {
    expect(await migrate(owner, { serviceRole: "almonry" })).not.toEqual([]);
    expect(await migrate(owner, { serviceRole: "almonry" })).toEqual([]);
    await requireCurrent(sql);
    expect(await sql`select current_setting('server_version_num')::int / 10000 as major`).toEqual([{ major: 15 }]);
  });

  test("does not compile plans, which would take seconds for what ends in milliseconds", async () => {
    expect(await sql`select current_setting('jit') as jit`).toEqual([{ jit: "off" }]);
  });

  test("books a history, counts it as by hand, and the audit finds nothing", async () => {
    await setUpCharity(sql);
    const history = fc.sample(histories(60), { numRuns: 1, seed: 15 })[0] ?? [];
    const facts = history.flatMap(factsOf);
    for (let from = 0; from < facts.length; from += 20) {
      const batch = { mode: "sandbox", tickets: [], facts: facts.slice(from, from + 20) };
      await sql`select * from drain(${JSON.stringify(batch)}::jsonb)`;
    }
    for (const gift of history.map(cashOf)) {
      if (gift !== null) await sql`select * from record_cash(${JSON.stringify(gift)}::jsonb)`;
    }
    const rows = await sql`
      select coalesce(fund_slug, scope) as name, given_minor as given, returned_minor as returned, gifts::int, donors::int,
        unnamed_gifts::int as unnamed, supporters::int
      from totals(null, null, 'CAD')`;
    for (const name of [...funds, "all"]) {
      expect(
        rows.find((row) => row.name === name),
        name,
      ).toMatchObject(figures(history, name, null, null));
    }
    expect(await sql`select * from audit()`).toEqual([]);
  });
});

/** A cluster as a distribution makes it: no builtin locale provider, which 15 does not know. */
async function makeCluster(dataDir: string): Promise<Cluster> {
  const programs = { folder, major: "15", account: await serverAccount(null) };
  const secrets = { port: null, ownerPassword: "0".repeat(32), servicePassword: "1".repeat(32) };
  const cluster = {
    dataDir,
    folder: join(dataDir, "postgresql"),
    logFile: join(dataDir, "server.log"),
    programs,
    secrets,
  };
  const passwordFile = join(dataDir, "password");
  await mkdir(cluster.folder, { mode: 0o700 });
  await writeFile(passwordFile, secrets.ownerPassword);
  if (programs.account !== null) await chown(cluster.folder, programs.account.uid, programs.account.gid);
  const made = await run(programs, "initdb", [
    `--pgdata=${cluster.folder}`,
    "--username=almonry_owner",
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
  ]);
  if (made.code !== 0) throw new Error(made.output);
  const statements = `create role almonry login password '${secrets.servicePassword}';\ncreate database almonry;\n`;
  const roles = await run(
    programs,
    "postgres",
    ["--single", "-D", cluster.folder, "-c", "exit_on_error=on", "postgres"],
    statements,
  );
  if (roles.code !== 0) throw new Error(roles.output);
  return cluster;
}
