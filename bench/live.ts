import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { listen } from "../src/http/server.ts";
import type { BoardData } from "../web/charts/board-data.ts";
import { type BenchHouse, openBenchHouse } from "./house.ts";
import type { LoadOrder, LoadReport } from "./load.ts";
import type { BenchRow } from "./main.ts";
import { type BenchService, openBenchService } from "./app.ts";
import { atMost, median } from "./time.ts";
import type { ViewerOrder, ViewerReport } from "./viewers.ts";

const viewersUsual = 200;
const giftsASecond = 50;
/** Each gift is four deliveries. */
const eventsEach = 4;
const seconds = 20;
/** A browser asks once a second at most, so all should be there long before. */
const patienceMs = 30_000;
const lookEveryMs = 50;

/**
 * So many viewers of the board (200, or as many as is said) on one process, each with a line of events and asking for the
 * figures after each as the page does, while 50 gifts a second come in at the door. The service is this process; viewers and
 * deliveries are one each. A first visit warms everything up, so that memory is compared between two empty houses.
 */
export async function benchLive(args: string[]): Promise<BenchRow[]> {
  const viewers = Number(args[0] ?? viewersUsual);
  const house = await openBenchHouse();
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const service = await openBenchService(house, { baseUrl: address });
  service.book();
  const server = await listen({
    fetch: async (request, env) => await service.app.fetch(request, env),
    host: "127.0.0.1",
    port,
  });
  const [crowd, load] = ["./viewers.ts", "./load.ts"].map((file) =>
    fork(new URL(file, import.meta.url), { execArgv: ["--import", "tsx"] }),
  );
  if (crowd === undefined || load === undefined) throw new Error("two processes were started");
  try {
    const at = { house, service, address, port, crowd, load };
    await visit(at, viewers, "w", 5);
    return rowsOf(viewers, await visit(at, viewers, "v", seconds));
  } finally {
    crowd.kill();
    load.kill();
    await server.close(1_000);
    await service.close();
    await house.close();
  }
}

type At = {
  house: BenchHouse;
  service: BenchService;
  address: string;
  port: number;
  crowd: ChildProcess;
  load: ChildProcess;
};
type Memory = { heapMib: number; externalMib: number };
type Visit = {
  before: Memory;
  during: Memory;
  after: Memory;
  /** Connections that listen, while everybody looks. */
  listening: number;
  giftsASecond: number;
  /** From the last answer of the door until the last viewer sees it. */
  behindMs: number;
  waits: number[];
  cpuShare: number;
};

/** Everybody comes, gifts come in for so long, everybody sees what the API says, and leaves. @throws when somebody does not */
async function visit(at: At, viewers: number, run: string, lasts: number): Promise<Visit> {
  const { house, service, address, port, crowd, load } = at;
  const before = await memory();
  await told(crowd, { order: "come", address, cookie: service.board.headers.cookie, viewers });
  const listening = await countListening(house);
  const deliveries = lasts * giftsASecond * eventsEach;
  const order: LoadOrder = {
    port,
    path: "/webhooks/stripe",
    run,
    deliveries,
    connections: 16,
    aSecond: giftsASecond * eventsEach,
  };
  const cpuBefore = process.cpuUsage();
  load.send(order);
  const [report] = (await once(load, "message")) as [LoadReport];
  const { user, system } = process.cpuUsage(cpuBefore);
  if (report.answers["200"] !== deliveries) throw new Error(`answers were ${JSON.stringify(report.answers)}`);

  const answered = performance.now();
  await service.drain.idle();
  const { gifts, givenMinor, donors } = await figures(service);
  const expected = JSON.stringify([{ gifts, givenMinor, donors, viewers }]);
  let seen = await told(crowd, { order: "say" });
  for (; JSON.stringify(seen.shown) !== expected; seen = await told(crowd, { order: "say" })) {
    if (performance.now() - answered > patienceMs)
      throw new Error(`the API says ${expected}, the viewers see ${JSON.stringify(seen.shown)}`);
    await sleep(lookEveryMs);
  }
  const behindMs = performance.now() - answered;
  const during = await memory();
  await told(crowd, { order: "leave" });
  await sleep(2_000);
  return {
    before,
    during,
    after: await memory(),
    listening,
    giftsASecond: deliveries / eventsEach / report.seconds,
    behindMs,
    waits: seen.waits,
    cpuShare: (user + system) / 1e6 / report.seconds,
  };
}

async function told(crowd: ChildProcess, order: ViewerOrder): Promise<ViewerReport> {
  crowd.send(order);
  const [report] = (await once(crowd, "message")) as [ViewerReport];
  return report;
}

/** What the API says to somebody who asks once. */
async function figures({ app, board }: BenchService): Promise<BoardData["all"]> {
  const answer = await app.request("/board/totals.json", { headers: board.headers });
  return ((await answer.json()) as BoardData).all;
}

async function countListening({ ownerSql }: BenchHouse): Promise<number> {
  const [row] = await ownerSql<{ connections: number }[]>`
    select count(*)::int as connections from pg_stat_activity where query ilike 'listen %'`;
  return row?.connections ?? -1;
}

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** What is held on to: garbage is collected first, twice, since what is finalised becomes garbage itself. */
async function memory(): Promise<Memory> {
  for (let round = 0; round < 3; round += 1) {
    collectGarbage();
    await sleep(100);
  }
  const { heapUsed, external } = process.memoryUsage();
  return { heapMib: heapUsed / 2 ** 20, externalMib: external / 2 ** 20 };
}

function rowsOf(viewers: number, visit: Visit): BenchRow[] {
  const { before, during, after, listening, behindMs, waits, cpuShare } = visit;
  const mib = (what: string, { heapMib, externalMib }: Memory): BenchRow => ({
    what,
    result: `${heapMib.toFixed(1)} and ${externalMib.toFixed(1)} MiB`,
    ratio: heapMib / before.heapMib,
  });
  return [
    {
      what: `${viewers} viewers, gifts that come in`,
      result: `${visit.giftsASecond.toFixed(0)} a second`,
      ratio: null,
    },
    { what: "all see what the API says", result: `${behindMs.toFixed(0)} ms after the last`, ratio: null },
    {
      what: "their questions for figures",
      result: `${waits.length}, ${median(waits).toFixed(0)} ms, 95 of 100 in ${atMost(waits, 0.95).toFixed(0)} ms`,
      ratio: null,
    },
    { what: "the process was busy", result: `${(cpuShare * 100).toFixed(0)} % of a core`, ratio: null },
    { what: "connections that listen", result: String(listening), ratio: null },
    mib("heap and other memory before they come", before),
    mib("  while they look", during),
    mib("  after they left", after),
  ];
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
