import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "../core/log.ts";
import { prepareCluster, type Cluster, type ClusterOptions } from "./embedded/cluster.ts";
import { EmbeddedError } from "./embedded/error.ts";
import { joinAsCommand, leave, takeServiceLock, type LockSession } from "./embedded/lock.ts";
import { atDatabase, readPointer } from "./embedded/pointer.ts";
import { findRunning, startServer, stopServer, type Running } from "./embedded/server.ts";

/** The embedded server as the service uses it. The addresses stay the same for as long as the service lives. */
export type Embedded = {
  /** For the pool of the service: the role `almonry`, which reads and writes rows. */
  url: string;
  /** For migrations: the role `almonry_owner`. */
  ownerUrl: string;
  /** Where the data really stands. */
  dataDir: string;
  /** The database that is the one to be served now: its name, and its addresses for the two roles. */
  current: () => Promise<{ name: string; url: string; ownerUrl: string }>;
  /** False while the server is away; `/readyz` says so, the supervisor brings it back. */
  healthy: () => boolean;
  /** Ends the sessions that are left and stops the server. Close your pools first. */
  stop: () => Promise<void>;
};

export type EmbeddedOptions = ClusterOptions & {
  log: Log;
  /** More settings of PostgreSQL, for tests (`fsync: "off"`). */
  settings?: Record<string, string>;
};

/** Tries of a first start: a port may be taken, and a server killed a moment ago lets go of its memory late. */
const startTries = 30;

/**
 * Takes over the one PostgreSQL of a data directory for this service: makes it if there is none, starts it if it does not
 * run, adopts it if a killed service left it running; then watches it and starts it again if it ends.
 * @throws EmbeddedError in one line when another service runs there, or the server cannot run
 */
export async function startEmbedded({ log, settings = {}, ...place }: EmbeddedOptions): Promise<Embedded> {
  const cluster = await prepareCluster(place);
  let state: "starting" | "ready" | "away" | "stopped" = "starting";
  let session: LockSession | null = null;
  let repair = Promise.resolve();

  const lost = (): void => {
    if (state !== "ready") return;
    state = "away";
    session = null;
    log("error", "the database server went away");
    repair = bringBack();
  };
  const takeOver = async (fixedPort: number | null): Promise<Running> => {
    for (let tries = 0; tries < startTries; tries += 1) {
      const running = await findOrStart(cluster, fixedPort, settings, log);
      session = await takeServiceLock(running.ownerUrl, cluster.dataDir, lost);
      if (session !== null) return running;
    }
    throw new EmbeddedError(`The PostgreSQL on ${cluster.folder} keeps ending; its log is ${cluster.logFile}.`);
  };
  const bringBack = async (): Promise<void> => {
    for (let wait = 100; state === "away"; wait = Math.min(wait * 2, 10_000)) {
      try {
        await takeOver(running.port);
        if (state === "away") state = "ready";
        log("info", "the database server is back");
        return;
      } catch (error) {
        log("error", "the database server does not come back", {
          reason: error instanceof Error ? error.message : String(error),
        });
        await sleep(wait);
      }
    }
  };

  const running = await takeOver(null);
  state = "ready";
  return {
    url: running.url,
    ownerUrl: running.ownerUrl,
    dataDir: cluster.dataDir,
    current: async () => await currentOf(cluster, running),
    healthy: () => state === "ready",
    stop: async () => {
      state = "stopped";
      await repair;
      // Only who holds the lock may stop the server; it is held until the server has ended, so nobody adopts it meanwhile.
      if (session !== null) await stopServer(cluster);
      await session?.end();
    },
  };
}

/**
 * Lends the server of a data directory to a command: the running one, beside a service or another command, else one
 * started for it. The last user stops it.
 */
export async function borrowEmbedded<T>(
  { log, settings = {}, ...place }: EmbeddedOptions,
  use: (server: { url: string; ownerUrl: string; dataDir: string }) => Promise<T>,
): Promise<T> {
  const cluster = await prepareCluster(place);
  for (let tries = 0; tries < startTries; tries += 1) {
    const running = await findOrStart(cluster, null, settings, log);
    const session = await joinAsCommand(running.ownerUrl);
    if (session === null) continue;
    try {
      return await use({ ...(await currentOf(cluster, running)), dataDir: cluster.dataDir });
    } finally {
      await leave(session, () => stopServer(cluster));
    }
  }
  throw new EmbeddedError(`The PostgreSQL on ${cluster.folder} keeps ending; its log is ${cluster.logFile}.`);
}

/** Going live makes another database of the same server; the locks stay with the first. */
async function currentOf({ dataDir }: Cluster, { url, ownerUrl }: Running) {
  const name = await readPointer(dataDir);
  return { name, url: atDatabase(url, name), ownerUrl: atDatabase(ownerUrl, name) };
}

async function findOrStart(
  cluster: Cluster,
  fixedPort: number | null,
  settings: Record<string, string>,
  log: Log,
): Promise<Running> {
  let reason = "";
  for (let tries = 0; tries < startTries; tries += 1) {
    const found = await findRunning(cluster);
    // Our pool cannot follow to another port; a command that chose one gives the server back when it ends.
    if (found !== null && (fixedPort === null || found.port === fixedPort)) return found;
    const started =
      found === null ? await startServer(cluster, fixedPort, settings) : { reason: `it runs on port ${found.port}` };
    if ("running" in started) return started.running;
    reason = started.reason;
    log("warn", "the database server did not start", { reason });
    await sleep(Math.min(100 * 2 ** tries, 1000));
  }
  throw new EmbeddedError(`PostgreSQL does not start on ${cluster.folder}: ${reason}`);
}
