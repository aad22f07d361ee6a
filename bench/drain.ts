import { randomUUID } from "node:crypto";
import { createInbox } from "../src/db/inbox.ts";
import { createDrain } from "../src/jobs/drain.ts";
import { eventBody } from "./delivery.ts";
import { openBenchHouse } from "./house.ts";
import type { BenchRow } from "./main.ts";

/** Batch size, and how many events are enough to measure it. */
const sizes: [batch: number, events: number][] = [
  [1, 100],
  [10, 600],
  [100, 4_000],
  [500, 8_000],
];

/** How many events a second the drain books, claim and translation included, by the size of its batches. */
export async function benchDrain(): Promise<BenchRow[]> {
  const { sql, drainSql, close } = await openBenchHouse();
  const inbox = createInbox({ sql, flush: "grouped" });
  const rates: { batch: number; rate: number }[] = [];
  try {
    for (const [batch, events] of sizes) {
      const delivered = Array.from({ length: events }, async (_, index) => {
        const body = eventBody(`b${batch}x`, index, events);
        const { id, type } = JSON.parse(body) as { id: string; type: string };
        const rest = {
          livemode: false,
          apiVersion: null,
          stripeAccount: null,
          objectId: null,
          created: null,
          mark: null,
        };
        return await inbox.store({ accountId: 1n, source: "webhook", eventId: id, type, body, ...rest });
      });
      await Promise.all(delivered);
      const drain = createDrain({
        sql: drainSql,
        owner: randomUUID(),
        mode: "test",
        log: () => undefined,
        now: () => new Date(),
        batchMax: batch,
      });
      const start = performance.now();
      await drain.idle();
      rates.push({ batch, rate: events / ((performance.now() - start) / 1000) });
    }
  } finally {
    await close();
  }
  const base = rates[0]?.rate ?? 1;
  return rates.map(({ batch, rate }) => ({
    what: `the drain, ${batch} ${batch === 1 ? "event" : "events"} a batch`,
    result: `${rate.toFixed(0)} events a second`,
    ratio: rate / base,
  }));
}
