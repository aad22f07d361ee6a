import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openSql, type Sql } from "../../src/db/connect.ts";
import { prepareCluster, databaseUrl, type Cluster } from "../../src/db/embedded/cluster.ts";
import { run } from "../../src/db/embedded/program.ts";
import { borrowEmbedded } from "../../src/db/embedded.ts";

// The whole service in a process of its own, on a data directory of its own and its own durable PostgreSQL, as `npm start`
// runs it; made to be killed.

export const webhookSecret = "whsec_almonryCrash0123456789";

/** A data directory, the address on which services of it listen, and the keys of Stripe's test mode. */
export type Place = { root: string; dataDir: string; port: number; url: string };

/** A service that was started; it may have ended again. */
export type Service = {
  child: ChildProcess;
  /** What it said so far, on both streams. */
  said: () => string;
  /** Resolves with its exit code or the signal that ended it. */
  ended: Promise<number | string>;
};

/** How long anything may take on a machine that is busy with other things; nothing waits this long when all is well. */
const patienceMs = 60_000;

export async function makePlace(): Promise<Place> {
  // This name is swept up by the next test run if this one is killed.
  const root = await mkdtemp(join(tmpdir(), `almonry-test-${process.pid}-`));
  // PostgreSQL's account has to pass through.
  await chmod(root, 0o711);
  const port = await freePort();
  return { root, dataDir: join(root, "data"), port, url: `http://127.0.0.1:${port}` };
}

/** Ends what still runs on the place, the database server too, and removes it. */
export async function clearPlace({ root, dataDir }: Place, services: Service[]): Promise<void> {
  for (const { child, ended } of services) {
    child.kill("SIGKILL");
    await ended;
  }
  await borrowEmbedded({ dataDir, log: () => undefined }, async () => undefined);
  await rm(root, { recursive: true, force: true });
}

const stripeKeys = { STRIPE_SECRET_KEY: "sk_test_almonryCrash", STRIPE_WEBHOOK_SECRET: webhookSecret };

/**
 * Starts `src/main-node.ts`; resolves at once, see `waitUntilReady`.
 * @param keys Stripe's; without any, Stripe is played
 */
export function startService({ dataDir, port }: Place, keys: Partial<typeof stripeKeys> = stripeKeys): Service {
  const child = spawn(process.execPath, ["--import", "tsx", resolve("src/main-node.ts")], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env["PATH"],
      PORT: String(port),
      DATA_DIR: dataDir,
      ...keys,
    },
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const ended = once(child, "close").then(([code, signal]) => (code ?? signal) as number | string);
  return { child, said: () => text, ended };
}

/** What `/readyz` answers, or 0 while nobody listens. */
export async function readiness({ url }: Place): Promise<number> {
  return await fetch(`${url}/readyz`).then(
    async (response) => {
      await response.arrayBuffer();
      return response.status;
    },
    () => 0,
  );
}

/** Waits until the service says that it is ready; returns how many milliseconds that took. */
export async function waitUntilReady(place: Place, { child, said }: Service): Promise<number> {
  const since = Date.now();
  while ((await readiness(place)) !== 200) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the service ended:\n${said()}`);
    if (Date.now() - since > patienceMs) throw new Error(`the service does not become ready:\n${said()}`);
    await sleep(20);
  }
  return Date.now() - since;
}

/** Waits until `holds`, for as long as anything may take. */
export async function waitUntil(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const since = Date.now(); !(await holds()); await sleep(20))
    if (Date.now() - since > patienceMs) throw new Error(`waited in vain until ${what}`);
}

/** The embedded server's process, as PostgreSQL itself knows it; null when none runs. */
export async function postmasterPid(place: Place): Promise<number | null> {
  const { output } = await pgCtl(await cluster(place), "status");
  const pid = /\(PID: (?<pid>\d+)\)/u.exec(output)?.groups?.["pid"];
  return pid === undefined ? null : Number(pid);
}

/** Ends the embedded server without letting it finish anything: "immediate" by its own tool, "kill" by signal 9. */
export async function breakServer(place: Place, how: "immediate" | "kill"): Promise<void> {
  const pid = await postmasterPid(place);
  if (pid === null) throw new Error("there is no server to break");
  if (how === "kill") process.kill(pid, "SIGKILL");
  // Without waiting: it would take the next server, which is up at once, for this one.
  else await pgCtl(await cluster(place), "stop", "-m", "immediate", "-W");
}

/** Looks into the database beside the service, as its owner. */
export async function withOwner<T>(place: Place, use: (sql: Sql) => Promise<T>): Promise<T> {
  const secrets = JSON.parse(await readFile(join(place.dataDir, "server.json"), "utf8")) as Cluster["secrets"];
  const sql = openSql(databaseUrl(secrets, "owner", secrets.port ?? 0), { max: 1 });
  try {
    return await use(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

async function cluster({ dataDir }: Place): Promise<Cluster> {
  return await prepareCluster({ dataDir });
}

async function pgCtl({ programs, folder }: Cluster, command: string, ...more: string[]): Promise<{ output: string }> {
  return await run(programs, "pg_ctl", [command, "-D", folder, ...more]);
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
