import { type ChildProcess, execFile, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { secret } from "./delivery.ts";
import type { LoadOrder, LoadReport } from "./load.ts";
import type { BenchRow } from "./main.ts";

/** The first one is not measured: it fills the cache of compiled files and that of the disk. */
const firstStarts = 4;
const laterStarts = 7;
/** A rush of some seconds, with the booking that follows. */
const deliveries = 20_000;
const connections = 64;
const restMs = 5_000;
const patienceMs = 60_000;

/**
 * How long the service takes from its start until `/readyz` says so, its PostgreSQL with it, and how much memory its
 * process holds: `src/main-node.ts` as `npm start` runs it (without building the browser's files), in a process of its own,
 * on data directories that nobody else uses.
 */
export async function benchStart(): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), "almonry-bench-"));
  // PostgreSQL's account has to pass through.
  await chmod(folder, 0o711);
  try {
    const first: number[] = [];
    for (let round = 0; round < firstStarts; round += 1) first.push(await startOnce(join(folder, `data${round}`)));
    const dataDir = join(folder, `data${firstStarts - 1}`);
    const later: number[] = [];
    for (let round = 0; round < laterStarts; round += 1) later.push(await startOnce(dataDir));
    const base = median(later);
    return [
      { what: "start on existing data", result: `${base.toFixed(0)} ms until ready`, ratio: 1 },
      startRow("first start, on an empty directory", median(first.slice(1)), base),
      ...(await memory(dataDir)),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function startRow(what: string, ms: number, base: number): BenchRow {
  return { what, result: `${ms.toFixed(0)} ms until ready`, ratio: ms / base };
}

async function startOnce(dataDir: string): Promise<number> {
  return await withService(dataDir, async ({ readyAfterMs }) => readyAfterMs);
}

/** What the service's process holds once it has been left alone for a while, and at most while deliveries come in and are booked. */
async function memory(dataDir: string): Promise<BenchRow[]> {
  return await withService(dataDir, async ({ child, port }) => {
    await sleep(restMs);
    const atRest = await residentMib(child);
    let most = atRest;
    const over = new AbortController();
    const watching = (async () => {
      for (; !over.signal.aborted; await sleep(50)) most = Math.max(most, await residentMib(child));
    })();
    try {
      await deliver(port);
      await sleep(restMs);
    } finally {
      over.abort();
      await watching;
    }
    return [
      { what: "memory of the service at rest", result: `${atRest.toFixed(0)} MiB`, ratio: null },
      { what: `at most during ${deliveries} deliveries`, result: `${most.toFixed(0)} MiB`, ratio: null },
    ];
  });
}

type Service = { child: ChildProcess; port: number; readyAfterMs: number };

/** Starts the service, waits until it is ready, and stops it after `use` as a person would. */
async function withService<T>(dataDir: string, use: (service: Service) => Promise<T>): Promise<T> {
  const port = await freePort();
  const since = performance.now();
  const main = fileURLToPath(new URL("../src/main-node.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", main], {
    stdio: ["ignore", "ignore", "pipe"],
    env: {
      PATH: process.env["PATH"],
      PORT: String(port),
      DATA_DIR: dataDir,
      STRIPE_SECRET_KEY: "sk_test_almonryBench",
      STRIPE_WEBHOOK_SECRET: secret,
    },
  });
  const ended = once(child, "close");
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-2_000)));
  try {
    while (!(await isReady(port))) {
      const waited = performance.now() - since;
      if (child.exitCode !== null || waited > patienceMs)
        throw new Error(`the service does not become ready:\n${said}`);
      await sleep(5);
    }
    return await use({ child, port, readyAfterMs: performance.now() - since });
  } finally {
    child.kill("SIGTERM");
    await ended;
  }
}

async function isReady(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/readyz`)).ok;
  } catch {
    return false;
  }
}

/** A rush at the door; anything but 200 is a fault of the bench. */
async function deliver(port: number): Promise<void> {
  const load = fork(new URL("./load.ts", import.meta.url), { execArgv: ["--import", "tsx"] });
  try {
    const order: LoadOrder = { port, path: "/webhooks/stripe", run: "s", deliveries, connections };
    load.send(order);
    const [{ answers }] = (await once(load, "message")) as [LoadReport];
    if (answers["200"] !== deliveries) throw new Error(`answers were ${JSON.stringify(answers)}`);
  } finally {
    load.kill();
  }
}

async function residentMib({ pid }: ChildProcess): Promise<number> {
  const { stdout } = await promisify(execFile)("ps", ["-o", "rss=", "-p", String(pid)]);
  return Number(stdout) / 1024;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

function median(numbers: number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
