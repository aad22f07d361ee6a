import { spawn } from "node:child_process";
import { open, readFile, rename, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openSql } from "../connect.ts";
import { databaseUrl, setPasswords, writePort, type Cluster } from "./cluster.ts";
import { EmbeddedError } from "./error.ts";
import { processOptions, run } from "./program.ts";

/** A server that answers: its port, and how to reach it. */
export type Running = { port: number; url: string; ownerUrl: string };

/**
 * How the server runs, given at every start so that a newer Almonry also changes an older data directory. Loopback only;
 * its log gets no details and no statements, because those hold what donors wrote.
 */
const settings: Record<string, string> = {
  listen_addresses: "127.0.0.1",
  // A young database grows fast: statistics a minute old would have it read whole tables.
  autovacuum_naptime: "5s",
  unix_socket_directories: "",
  timezone: "UTC",
  log_timezone: "UTC",
  log_error_verbosity: "terse",
  log_min_error_statement: "panic",
  // Without it macOS keeps a commit in the drive's own cache, which a power cut empties.
  ...(process.platform === "darwin" ? { wal_sync_method: "fsync_writethrough" } : {}),
};

/** A server that is starting after a crash replays what it had promised; that may take minutes and is left to it. */
const recoveryMs = 600_000;
/** A server process that does not even accept connections: just started, just ended, or not reaped by a container's init. */
const silenceMs = 60_000;

/**
 * The server that runs on this cluster, once it answers; null when none does. One that is starting or stopping is
 * waited for.
 * @throws EmbeddedError when one runs but does not answer to the passwords of `server.json`
 */
export async function findRunning(cluster: Cluster): Promise<Running | null> {
  const begin = Date.now();
  for (let answer = "silent"; Date.now() - begin < (answer === "busy" ? recoveryMs : silenceMs); await sleep(100)) {
    if (!(await isRunning(cluster))) return null;
    const port = await readPort(cluster);
    if (port === null) continue;
    const running = addresses(cluster, port);
    answer = await ask(cluster, running);
    if (answer === "ready") return running;
    if (answer === "foreign") {
      throw new EmbeddedError(
        `The PostgreSQL on ${cluster.folder} does not know the passwords of ${cluster.dataDir}/server.json.`,
      );
    }
  }
  throw new EmbeddedError(
    `The PostgreSQL on ${cluster.folder} runs but does not answer; its log is ${cluster.logFile}. In a container, start it with an init that reaps (docker run --init).`,
  );
}

/**
 * Starts the server, in a process session of its own, and waits until it answers.
 * @param fixedPort the port it must have, or null for the one of last time if that is free, else any
 * @returns null when it ended again, as it does when somebody else was first; `reason` of the log then says why
 */
export async function startServer(
  cluster: Cluster,
  fixedPort: number | null,
  extra: Record<string, string> = {},
): Promise<{ running: Running } | { reason: string }> {
  const port = fixedPort ?? (await freePort(cluster.secrets.port));
  await writePort(cluster, port);
  await keepLogShort(cluster.logFile);
  const log = await open(cluster.logFile, "a", 0o600);
  const logStart = (await log.stat()).size;
  const options = Object.entries({ ...settings, ...extra }).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const child = spawn(
    join(cluster.programs.folder, "bin/postgres"),
    ["-D", cluster.folder, "-p", String(port), ...options],
    {
      ...processOptions(cluster.programs.account),
      stdio: ["ignore", log.fd, log.fd],
    },
  );
  let ended: string | null = null;
  child.once("exit", (code, signal) => void (ended = `ended with ${String(code ?? signal)}`));
  child.once("error", (error) => void (ended = error.message));
  child.unref();
  await log.close();
  const running = addresses(cluster, port);
  for (const giveUpAt = Date.now() + recoveryMs; Date.now() < giveUpAt; await sleep(30)) {
    if (ended !== null) return { reason: (await lastFatal(cluster.logFile, logStart)) ?? ended };
    const answer = await ask(cluster, running);
    if (answer === "ready") return { running };
    if (answer === "foreign") {
      await stopServer(cluster);
      await setPasswords(cluster);
      return { reason: "its passwords were not those of server.json, and have been set anew" };
    }
  }
  return { reason: `no answer; its log is ${cluster.logFile}` };
}

/** Stops the server: no new sessions, open ones ended, everything written. Never by a signal of ours to its pid. */
export async function stopServer({ folder, programs }: Cluster): Promise<void> {
  await run(programs, "pg_ctl", ["stop", "-D", folder, "-m", "fast", "-w", "-t", "120"]);
}

/** Whether a server process runs on this cluster, by PostgreSQL's own judgement. */
async function isRunning({ folder, programs }: Cluster): Promise<boolean> {
  return (await run(programs, "pg_ctl", ["status", "-D", folder])).code === 0;
}

function addresses({ secrets }: Cluster, port: number): Running {
  return { port, url: databaseUrl(secrets, "service", port), ownerUrl: databaseUrl(secrets, "owner", port) };
}

/** Asks a server who it is: a copied `server.json` must not lead to the database it was copied from. */
async function ask({ folder }: Cluster, { ownerUrl }: Running): Promise<"ready" | "foreign" | "busy" | "silent"> {
  const sql = openSql(ownerUrl, { max: 1, connectTimeoutSeconds: 5, applicationName: "almonry start" });
  try {
    const [found] = await sql<{ place: string }[]>`select current_setting('data_directory') as place`;
    const [here, there] = await Promise.all([stat(folder), stat(found?.place ?? folder)]);
    return here.ino === there.ino && here.dev === there.dev ? "ready" : "foreign";
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === "28P01" || code === "28000" || code === "3D000") return "foreign";
    // 57P03: starting up or shutting down.
    return code === "57P03" ? "busy" : "silent";
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** The port that a running server listens on: the fourth line of its own lock file, the only part of it we use. */
async function readPort({ folder }: Cluster): Promise<number | null> {
  const lines = (await readFile(join(folder, "postmaster.pid"), "utf8").catch(() => "")).split("\n");
  return /^\d+$/u.test(lines[3] ?? "") ? Number(lines[3]) : null;
}

/** A port of the loopback interface that nobody listens on: `preferred` if it is free. */
async function freePort(preferred: number | null): Promise<number> {
  for (const wanted of preferred === null ? [0] : [preferred, 0]) {
    const port = await new Promise<number | null>((resolve) => {
      const server = createServer();
      server.once("error", () => resolve(null));
      server.listen(wanted, "127.0.0.1", () => {
        const address = server.address();
        server.close(() => resolve(typeof address === "object" && address !== null ? address.port : null));
      });
    });
    if (port !== null) return port;
  }
  throw new EmbeddedError("No port is free on 127.0.0.1 for the embedded PostgreSQL.");
}

async function keepLogShort(path: string, mostBytes = 10_000_000): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found !== null && found.size > mostBytes) await rename(path, `${path}.1`);
}

async function lastFatal(path: string, from: number): Promise<string | null> {
  const lines = (await readFile(path)).subarray(from).toString("utf8").split("\n");
  const line = lines.findLast((text) => /\b(?:FATAL|PANIC)\b/u.test(text));
  return line?.replace(/^.*?(?:FATAL|PANIC): +/u, "") ?? null;
}
