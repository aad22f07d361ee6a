import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openSql } from "../../src/db/connect.ts";
import { prepareCluster } from "../../src/db/embedded/cluster.ts";
import { borrowEmbedded, startEmbedded, type Embedded } from "../../src/db/embedded.ts";

let root: string;
let dataDir: string;
let made: string;
const servers: Embedded[] = [];
const children: ChildProcess[] = [];

beforeAll(async () => {
  made = await mkdtemp(join(tmpdir(), "almonry-embedded-"));
  await chmod(made, 0o711);
  const server = await startEmbedded({ ...place(), dataDir: join(made, "data") });
  await server.stop();
});
afterAll(async () => await rm(made, { recursive: true, force: true }));
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "almonry-embedded-"));
  await chmod(root, 0o711);
  dataDir = join(root, "data");
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  for (const server of servers.splice(0)) await server.stop();
  // Whatever a test left running is taken over once more, and stopped.
  if ((await namesIn(dataDir)).includes("postgresql"))
    await borrowEmbedded(place(), async () => undefined).catch(() => undefined);
  await rm(root, { recursive: true, force: true });
});

async function namesIn(folder: string): Promise<string[]> {
  return await readdir(folder).catch(() => []);
}

const place = () => ({ dataDir, log: () => undefined, settings: { fsync: "off" } });

/** The data directory as an earlier, stopped service left it: for claims that are not about making one, which takes a while. */
function haveDataDir(): void {
  execFileSync("cp", ["-a", join(made, "data"), dataDir]);
}

async function start(): Promise<Embedded> {
  const server = await startEmbedded(place());
  servers.push(server);
  return server;
}

function spawnService(): ChildProcess {
  const script = fileURLToPath(new URL("./embedded-service.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", script, dataDir], { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  return child;
}

type Said = { ownerUrl: string } | { refused: string };

/** Starts a service in a process of its own and waits for what it says. */
async function startProcess(): Promise<{ child: ChildProcess; said: Said }> {
  const child = spawnService();
  let text = "";
  for await (const chunk of child.stdout ?? []) {
    text += String(chunk);
    if (text.includes("\n")) break;
  }
  return { child, said: JSON.parse(text) as Said };
}

/** One query on a pool of its own. */
async function ask(url: string, query: string): Promise<unknown[]> {
  const sql = openSql(url, { max: 1 });
  try {
    return [...(await sql.unsafe(query))];
  } finally {
    await sql.end();
  }
}

async function postmasterPid(): Promise<number> {
  return Number((await readFile(join(dataDir, "postgresql/postmaster.pid"), "utf8")).split("\n")[0]);
}

describe("starting", () => {
  test("the first start makes a durable PostgreSQL 18 that only this machine and two roles reach", async () => {
    const server = await startEmbedded({ dataDir, log: () => undefined });
    servers.push(server);
    expect(server.healthy()).toBe(true);
    const [settings] = await ask(
      server.ownerUrl,
      `select current_user as role, current_setting('server_version_num')::int / 10000 as major, current_setting('fsync') as fsync,
        current_setting('data_checksums') as checksums, current_setting('listen_addresses') as addresses,
        current_setting('unix_socket_directories') as sockets, current_setting('TimeZone') as zone,
        (select datlocprovider::text || ' ' || datlocale from pg_database where datname = current_database()) as locale`,
    );
    expect(settings).toEqual({
      role: "almonry_owner",
      major: 18,
      fsync: "on",
      checksums: "on",
      addresses: "127.0.0.1",
      sockets: "",
      zone: "UTC",
      locale: "b C.UTF-8",
    });
    const roles = "select rolname, rolsuper, rolcreaterole, rolcreatedb from pg_roles where rolname = current_user";
    expect(await ask(server.url, roles)).toEqual([
      { rolname: "almonry", rolsuper: false, rolcreaterole: false, rolcreatedb: false },
    ]);
    expect((await stat(join(dataDir, "server.json"))).mode & 0o777).toBe(0o600);
    const wrong = server.url.replace(/:[0-9a-f]{48}@/u, ":guess@");
    await expect(ask(wrong, "select 1")).rejects.toThrow("password authentication failed");
  });

  test("the second start finds the data of the first, and stopping ends the server", async () => {
    haveDataDir();
    const first = await start();
    await ask(first.ownerUrl, "create table kept as select 7 as seven");
    await servers.pop()?.stop();
    expect(await readdir(join(dataDir, "postgresql"))).not.toContain("postmaster.pid");
    const second = await start();
    expect(await ask(second.ownerUrl, "select seven from kept")).toEqual([{ seven: 7 }]);
    expect(second.url).toBe(first.url);
  });

  test("what a killed first start left half-made is thrown away", async () => {
    await mkdir(join(dataDir, "postgresql.new-999999999-0123abcd"), { recursive: true });
    await writeFile(join(dataDir, "postgresql.new-999999999-0123abcd/PG_VERSION"), "18\n");
    await writeFile(join(dataDir, "password.new-999999999-0123abcd"), "secret");
    await start();
    expect((await readdir(dataDir)).sort()).toEqual(["postgresql", "server.json", "server.log"]);
  });

  test("a start killed in the middle of making its data does not stop the next one", async () => {
    const child = spawnService();
    while (!(await namesIn(dataDir)).some((name) => name.startsWith("postgresql.new-"))) await sleep(5);
    child.kill("SIGKILL");
    await once(child, "exit");
    const server = await start();
    expect(await ask(server.url, "select 1 as one")).toEqual([{ one: 1 }]);
    expect((await readdir(dataDir)).sort()).toEqual(["postgresql", "server.json", "server.log"]);
  });

  test("data of another major version stops the start with instructions", async () => {
    await mkdir(join(dataDir, "postgresql"), { recursive: true });
    await writeFile(join(dataDir, "postgresql/PG_VERSION"), "17\n");
    await expect(start()).rejects.toThrow(/was made by PostgreSQL 17 and this Almonry brings 18: dump it/u);
    await rm(dataDir, { recursive: true });
  });

  test("a lost server.json is made anew, with new passwords for the old data", async () => {
    haveDataDir();
    const first = await start();
    await ask(first.ownerUrl, "create table kept as select 7 as seven");
    await servers.pop()?.stop();
    await rm(join(dataDir, "server.json"));
    const second = await start();
    expect(second.ownerUrl).not.toBe(first.ownerUrl);
    expect(await ask(second.ownerUrl, "select seven from kept")).toEqual([{ seven: 7 }]);
    expect(await ask(second.url, "select current_user as role")).toEqual([{ role: "almonry" }]);
  });

  test("a damaged server.json is named, not replaced", async () => {
    await mkdir(dataDir, { recursive: true });
    await writeFile(join(dataDir, "server.json"), '{"port": 1');
    await expect(start()).rejects.toThrow(`${dataDir}/server.json is damaged`);
  });
});

describe("one service on one data directory", () => {
  test("a second service is refused in one line", async () => {
    haveDataDir();
    await start();
    const refused = `Another Almonry (process ${process.pid}) already runs on ${dataDir}.`;
    const begin = Date.now();
    const inAProcess = startProcess();
    await expect(startEmbedded(place())).rejects.toThrow(refused);
    expect(Date.now() - begin).toBeGreaterThan(2900);
    expect((await inAProcess).said).toEqual({ refused });
  });

  test("of two services that start on an empty directory at once, one runs and the other is refused", async () => {
    const both = await Promise.all([startProcess(), startProcess()]);
    const refused = both.flatMap(({ said }) => ("refused" in said ? [said.refused] : []));
    expect(refused).toEqual([expect.stringMatching(/^Another Almonry \(process \d+\) already runs on /u)]);
  });

  test("a service killed with -9 leaves its server running, and the next service adopts it", async () => {
    haveDataDir();
    const { child, said } = await startProcess();
    const pid = await postmasterPid();
    child.kill("SIGKILL");
    await once(child, "exit");
    const server = await start();
    expect(await postmasterPid()).toBe(pid);
    expect(said).toEqual({ ownerUrl: server.ownerUrl });
    expect(await ask(server.ownerUrl, "select pid from kept")).toEqual([{ pid: BigInt(child.pid ?? 0) }]);
  });

  test("a service that ends well stops its server", async () => {
    haveDataDir();
    const { child } = await startProcess();
    child.kill("SIGTERM");
    await once(child, "exit");
    expect(await readdir(join(dataDir, "postgresql"))).not.toContain("postmaster.pid");
  });

  test("a copied server.json does not lead to the database it was copied from", async () => {
    const first = await start();
    await ask(first.ownerUrl, "create table kept ()");
    const copy = join(root, "copy");
    await mkdir(copy, { mode: 0o711 });
    await writeFile(join(copy, "server.json"), await readFile(join(dataDir, "server.json")));
    const second = await startEmbedded({ ...place(), dataDir: copy });
    servers.push(second);
    expect(await ask(second.ownerUrl, "select to_regclass('kept') as found")).toEqual([{ found: null }]);
  });
});

describe("a server that ends while the service lives", () => {
  test("is started again on the same address; meanwhile the service is not healthy", async () => {
    haveDataDir();
    const server = await start();
    await ask(server.ownerUrl, "create table kept as select 7 as seven");
    process.kill(await postmasterPid(), "SIGKILL");
    while (server.healthy()) await sleep(5);
    while (!server.healthy()) await sleep(20);
    expect(await ask(server.ownerUrl, "select seven from kept")).toEqual([{ seven: 7 }]);
    await expect(startEmbedded(place())).rejects.toThrow("already runs on");
  });

  test("is taken back when only the session that holds the lock was ended", async () => {
    haveDataDir();
    const server = await start();
    const pid = await postmasterPid();
    await ask(
      server.ownerUrl,
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'almonry service%'",
    );
    while (server.healthy()) await sleep(5);
    while (!server.healthy()) await sleep(20);
    expect(await postmasterPid()).toBe(pid);
  });

  test("is not started again once the service stops", async () => {
    haveDataDir();
    const server = await start();
    process.kill(await postmasterPid(), "SIGKILL");
    while (server.healthy()) await sleep(5);
    await servers.pop()?.stop();
    const [line] = (await readFile(join(dataDir, "postgresql/postmaster.pid"), "utf8").catch(() => "")).split("\n");
    expect(line).toBe("");
  });
});

describe("commands", () => {
  test("beside a running service use its server and leave it running", async () => {
    haveDataDir();
    const server = await start();
    expect(await borrowEmbedded(place(), async ({ url }) => url)).toBe(server.url);
    expect(await ask(server.url, "select 1 as one")).toEqual([{ one: 1 }]);
  });

  test("without a service start the server and stop it again, the last of them", async () => {
    haveDataDir();
    const both = await Promise.all(
      [0, 300].map(async (ms) =>
        borrowEmbedded(place(), async ({ url }) => {
          await sleep(ms);
          return await ask(url, "select 1 as one");
        }),
      ),
    );
    expect(both).toEqual([[{ one: 1 }], [{ one: 1 }]]);
    expect(await readdir(join(dataDir, "postgresql"))).not.toContain("postmaster.pid");
  });

  test("that only look make nothing where nothing is", async () => {
    const looking = borrowEmbedded({ ...place(), mayBeMade: false }, async () => undefined);
    await expect(looking).rejects.toThrow(`There is no database in ${dataDir} yet: npm start makes one.`);
    expect(await namesIn(root)).toEqual([]);
  });

  test("leave the server to a service that started meanwhile", async () => {
    haveDataDir();
    let server: Embedded | undefined;
    await borrowEmbedded(place(), async () => {
      server = await start();
    });
    expect(server?.healthy()).toBe(true);
    expect(await ask(server?.url ?? "", "select 1 as one")).toEqual([{ one: 1 }]);
  });
});

test.runIf(process.getuid?.() === 0)(
  "root is told which folder closes the way to a chosen data directory",
  async () => {
    const closed = join(root, "closed");
    await mkdir(closed, { mode: 0o700 });
    await expect(startEmbedded({ ...place(), dataDir: join(closed, "data") })).rejects.toThrow(
      `may not enter ${closed}: choose a DATA_DIR`,
    );
  },
);

test.runIf(process.getuid?.() === 0)(
  "data that root could not keep in a closed default directory is found again when that directory is named",
  async () => {
    const closed = join(root, "closed");
    await mkdir(closed, { mode: 0o700 });
    const wished = join(closed, "data");
    const made = await prepareCluster({ dataDir: wished, dataDirIsDefault: true });
    try {
      expect(made.dataDir).toMatch(/^\/var\/lib\/almonry\/data-[0-9a-f]{8}$/u);
      expect((await prepareCluster({ dataDir: wished, mayBeMade: false })).dataDir).toBe(made.dataDir);
    } finally {
      await rm(made.dataDir, { recursive: true });
    }
  },
);
