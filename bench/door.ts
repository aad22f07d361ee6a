import { fork, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import Stripe from "stripe";
import type { Sql } from "../src/db/connect.ts";
import { webhookRoutes } from "../src/http/webhook.ts";
import { createDrain } from "../src/jobs/drain.ts";
import { secret } from "./delivery.ts";
import { type BenchHouse, openBenchHouse } from "./house.ts";
import type { LoadOrder, LoadReport } from "./load.ts";
import type { BenchRow } from "./main.ts";

const connections = 64;
/** A rush of a second or two, by turns, so that what else the machine does hits both alike. */
const deliveries = 3_000;
const rounds = 7;

/**
 * The door with the drain behind it against the least durable receiver that can be built on the same stack: verify, one
 * insert a request, no inbox, no ticket, nothing booked. Both in this process, over real HTTP, by turns, on one database.
 */
export async function benchDoor(): Promise<BenchRow[]> {
  const house = await openBenchHouse();
  const load = fork(new URL("./load.ts", import.meta.url), { execArgv: ["--import", "tsx"] });
  try {
    await house.ownerSql`create table plain_inbox (event_id text primary key, body text not null)`;
    await house.ownerSql`grant insert on plain_inbox to almonry`;
    return await measure(house, load);
  } finally {
    load.kill();
    await house.close();
  }
}

async function measure({ sql, drainSql, ownerSql }: BenchHouse, load: ChildProcess): Promise<BenchRow[]> {
  await plain(sql, load, "w", deliveries);
  const first = await door(sql, drainSql, load, "v", deliveries);
  // From here on as in a house that has been lived in: the planner knows the tables, as it would a minute later by itself.
  await ownerSql`analyze`;
  const plainRates: number[] = [];
  const doors: DoorRun[] = [];
  for (let round = 0; round < rounds; round += 1) {
    plainRates.push(await plain(sql, load, `p${round}`, deliveries));
    doors.push(await door(sql, drainSql, load, `d${round}`, deliveries));
  }
  const base = median(plainRates);
  const rate = median(doors.map((run) => run.rate));
  const behind = Math.max(...doors.map((run) => run.bookedAfterMs));
  return [
    { what: "verify, one insert a request", result: `${base.toFixed(0)} deliveries a second`, ratio: 1 },
    {
      what: "the door, with the drain behind it",
      result: `${rate.toFixed(0)} deliveries a second`,
      ratio: rate / base,
    },
    { what: "everything booked after the last answer", result: `${behind.toFixed(0)} ms at most`, ratio: null },
    {
      what: "the same after the first rush of a new house",
      result: `${first.bookedAfterMs.toFixed(0)} ms`,
      ratio: null,
    },
  ];
}

type DoorRun = { rate: number; bookedAfterMs: number };

async function door(sql: Sql, drainSql: Sql, load: ChildProcess, run: string, count: number): Promise<DoorRun> {
  const stop = new AbortController();
  const drain = createDrain({ sql: drainSql, owner: randomUUID(), mode: "test", log: complain, now: () => new Date() });
  const looping = drain.loop(stop.signal);
  const account = {
    id: 1n,
    slug: "alov",
    stripeAccountId: null,
    webhookSecrets: [secret],
    stripe: new Stripe("sk_test_bench"),
  };
  const app = webhookRoutes({
    sql,
    findAccount: async () => account,
    mode: "test",
    now: () => new Date(),
    log: complain,
    onStored: () => drain.nudge(),
  });
  const rate = await under(app, load, "/webhooks/stripe", run, count);
  const answered = performance.now();
  await drain.idle();
  const bookedAfterMs = performance.now() - answered;
  stop.abort();
  await looping;
  const [row] = await sql<{ gifts: number }[]>`
    select count(*)::int as gifts from gift g join payment p on p.id = g.payment_id where p.key like ${`pi_3SV${run}%`}`;
  if (row?.gifts !== count / 4) throw new Error(`${row?.gifts} of ${count / 4} gifts were booked`);
  return { rate, bookedAfterMs };
}

async function plain(sql: Sql, load: ChildProcess, run: string, count: number): Promise<number> {
  const app = new Hono().post("/plain", async (c) => {
    const body = await c.req.text();
    const event = await Stripe.webhooks.constructEventAsync(body, c.req.header("stripe-signature") ?? "", secret);
    await sql`insert into plain_inbox (event_id, body) values (${event.id}, ${body}) on conflict do nothing`;
    return c.json({ received: true });
  });
  return await under(app, load, "/plain", run, count);
}

/** Deliveries a second that `app` answered with 200; anything else is a fault of the bench. */
async function under(app: Hono, load: ChildProcess, path: string, run: string, count: number): Promise<number> {
  const listening = Promise.withResolvers<AddressInfo>();
  const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, listening.resolve);
  const { port } = await listening.promise;
  const reported = new Promise<LoadReport>((resolve) =>
    load.once("message", (report) => resolve(report as LoadReport)),
  );
  const order: LoadOrder = { port, path, run, deliveries: count, connections };
  load.send(order);
  const { seconds, answers } = await reported;
  await new Promise((resolve) => server.close(resolve));
  if (answers["200"] !== count) throw new Error(`answers were ${JSON.stringify(answers)}`);
  return count / seconds;
}

function complain(level: string, message: string, fields?: object): void {
  if (level !== "info") process.stderr.write(`${level}: ${message} ${JSON.stringify(fields ?? {})}\n`);
}

function median(numbers: number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
