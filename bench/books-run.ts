import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { proofState } from "../src/core/proof.ts";
import { readProofs, readStripeLines } from "../src/db/book.ts";
import type { Sql } from "../src/db/connect.ts";
import { createDrain } from "../src/jobs/drain.ts";
import { createFetchJob } from "../src/jobs/fetch.ts";
import { createSweep } from "../src/jobs/sweep.ts";
import { type BenchHouse, openBenchHouse } from "./house.ts";
import { createdAt } from "./movements.ts";
import { benchStripe, timeAfter } from "./stripe.ts";

/** What the parent asks of this process, and what it answers. */
export type BookOrder = { movements: number };
export type BookReport = {
  movements: number;
  /** From the first question to Stripe until all is booked, what was in the payouts included. */
  sweptSeconds: number;
  /** What of it processors spent, here and in the server: what a busy machine does not stretch. Null where it is not said. */
  sweptCpuSeconds: number | null;
  /** All of it listed once more, and nothing found that is new. */
  againSeconds: number;
  auditSeconds: number;
  auditCpuSeconds: number | null;
  proofMs: number;
  nodeMib: number;
  /** The memory of its own that the largest server process had; null where the system does not say. */
  backendMib: number | null;
};

process.on("message", (order: BookOrder) => {
  void run(order).then((report) => process.send?.(report));
});

async function run({ movements }: BookOrder): Promise<BookReport> {
  const house = await openBenchHouse();
  try {
    return await measure(house, movements);
  } finally {
    await house.close();
  }
}

async function measure({ sql, drainSql, ownerSql }: BenchHouse, movements: number): Promise<BookReport> {
  await ownerSql`update fund set general_of = 1 where slug = 'general'`;
  const beginsAt = new Date(createdAt(0) * 1000);
  await ownerSql`insert into sweep_state (account_id, begins_at) values (1, ${beginsAt})`;
  const account = { slug: "alov", stripeAccountId: null, webhookSecrets: [], stripe: benchStripe(movements) };
  const accountById = async (id: bigint) => await Promise.resolve({ ...account, id });
  const job = { sql, owner: randomUUID(), mode: "test" as const, log: complain, accountById };
  const drain = createDrain({ ...job, sql: drainSql, now: () => new Date() });
  const fetches = createFetchJob(job);
  const sweep = createSweep({ ...job, now: () => timeAfter(movements), book: async () => await drain.idle() });

  const watch = watchMemory(ownerSql);
  const beforeSweep = await cpuSeconds(ownerSql);
  const sweptSeconds = await secondsOf(async () => {
    await sweep.once("all");
    while ((await fetches.once()) > 0) await drain.idle();
  });
  const sweptCpuSeconds = since(beforeSweep, await cpuSeconds(ownerSql));
  await ownerSql`update sweep_state set swept_to = null`;
  const againSeconds = await secondsOf(async () => void (await sweep.once("all")));
  const { nodeMib, backendMib } = await watch.end();

  const beforeAudit = await cpuSeconds(ownerSql);
  const auditSeconds = await secondsOf(async () => {
    const findings = await sql`select * from audit() limit 3`;
    if (findings.length > 0) throw new Error(`the audit found ${JSON.stringify(findings)}`);
  });
  const auditCpuSeconds = since(beforeAudit, await cpuSeconds(ownerSql));
  const proofMs = 1000 * (await secondsOf(async () => await requireProof(sql)));
  await requireWhole(sql, movements);
  const cpu = { sweptCpuSeconds, auditCpuSeconds };
  return { movements, sweptSeconds, againSeconds, auditSeconds, ...cpu, proofMs, nodeMib, backendMib };
}

async function requireProof(sql: Sql): Promise<void> {
  const [rows, lines] = await Promise.all([readProofs(sql, 1n), readStripeLines(sql, 1n)]);
  const { isGood, stripe, checks } = proofState(rows, lines, new Date());
  const [wrong] = checks.flatMap((check) => check.wrong);
  const isProved = checks.every(({ name, checked }) => checked > 0 || name === "suspense");
  if (!isGood || !isProved)
    throw new Error(`the books do not prove themselves: ${stripe.state} ${wrong?.proof ?? ""} ${wrong?.subject ?? ""}`);
}

/** Every movement is posted, and the second sweep had everything to compare. */
async function requireWhole(sql: Sql, movements: number): Promise<void> {
  const [row] = await sql<{ posted: number; error: string | null; found: bigint }[]>`
    select s.last_error as error, s.found, (
      select count(distinct e.source_id)::int from journal_entry e where e.source = 'balance transaction'
    ) as posted
    from sweep_state s`;
  if (row?.posted !== movements || row.error !== null || row.found !== 0n)
    throw new Error(`${row?.posted} of ${movements} movements were posted, ${row?.found} found again: ${row?.error}`);
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** Looks ten times a second what this process holds, and the server's processes of its own connections. */
function watchMemory(ownerSql: Sql): { end: () => Promise<Pick<BookReport, "nodeMib" | "backendMib">> } {
  let nodeBytes = 0;
  let backendKib: number | null = null;
  const over = new AbortController();
  const watching = (async () => {
    for (; !over.signal.aborted; await sleep(100)) {
      nodeBytes = Math.max(nodeBytes, process.memoryUsage.rss());
      for (const pid of await backends(ownerSql)) backendKib = Math.max(backendKib ?? 0, await ownKib(pid)) || null;
    }
  })();
  return {
    end: async () => {
      over.abort();
      await watching;
      return { nodeMib: nodeBytes / 2 ** 20, backendMib: backendKib === null ? null : backendKib / 1024 };
    },
  };
}

/** The server's processes of the service's own connections, which stay for the whole run. */
async function backends(ownerSql: Sql): Promise<number[]> {
  const rows = await ownerSql<{ pid: number }[]>`
    select pid from pg_stat_activity where backend_type = 'client backend' and usename = 'almonry'`;
  return rows.map(({ pid }) => pid);
}

/** What processors spent on this process and those of the server so far, on Linux; else null. */
async function cpuSeconds(ownerSql: Sql): Promise<number | null> {
  const { user, system } = process.cpuUsage();
  let sum = (user + system) / 1e6;
  for (const pid of await backends(ownerSql)) {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
    if (stat === null) return null;
    // Fields 14 and 15, in hundredths; the second, a name in brackets, may have spaces.
    const [utime = 0, stime = 0] = stat
      .slice(stat.lastIndexOf(")") + 2)
      .split(" ")
      .slice(11, 13)
      .map(Number);
    sum += (utime + stime) / 100;
  }
  return sum;
}

function since(before: number | null, after: number | null): number | null {
  return before === null || after === null ? null : after - before;
}

/** What a process holds that it shares with no other, on Linux; else 0. */
async function ownKib(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/^RssAnon:\s+(\d+) kB/mu.exec(status)?.[1] ?? 0);
}

function complain(level: string, message: string, fields?: object): void {
  if (level !== "info") process.stderr.write(`${level}: ${message} ${JSON.stringify(fields ?? {})}\n`);
}
