import { randomUUID } from "node:crypto";
import type Stripe from "stripe";
import { openSql } from "../../src/db/connect.ts";
import { countBackfill, type BackfillCount } from "../../src/jobs/backfill-count.ts";
import { type BackfillReport, runBackfill } from "../../src/jobs/backfill.ts";
import { planBackfill } from "../../src/db/backfill.ts";
import { partDays } from "../../src/jobs/sweep-part.ts";
import type { House } from "./house.ts";

type Ways = { day?: string; stripe?: Stripe; book?: () => Promise<void>; signal?: AbortSignal };

/** The first account of the charity. */
const id = 1n;

async function planned(house: House, day: string): Promise<{ from: Date; to: Date }> {
  const plan = await planBackfill(house.sql, id, { day, at: house.sandbox.now(), sweepDays: partDays });
  if (plan === null) throw new Error("there is no first account");
  return plan;
}

/** Fills the first account of a house from a day on. */
export async function fill(house: House, ways: Ways = {}): Promise<BackfillReport> {
  const { day = "2017-01-01", stripe = await house.stripe("first"), book = house.book, signal } = ways;
  const { from } = await planned(house, day);
  const about = { sql: house.sql, mode: "sandbox" as const, account: { id, stripe }, now: house.sandbox.now };
  const job = { ...about, run: randomUUID(), book: looksAtTables(house, book), ask: house.book };
  return await runBackfill({ ...job, ...(signal && { signal }) }, from);
}

/** The test server has no autovacuum, which in a long run tells the planner every minute how large the tables have become. */
function looksAtTables(house: House, book: () => Promise<void>): () => Promise<void> {
  let times = 0;
  return async () => {
    times += 1;
    if (process.env["PROVE"] !== undefined && times % 10 === 2) {
      const owner = openSql(house.ownerUrl, { max: 1 });
      await owner`analyze`;
      await owner.end();
    }
    await book();
  };
}

/** Counts what a back-fill would bring. */
export async function count(house: House, ways: Ways = {}): Promise<BackfillCount> {
  const { day = "2017-01-01", stripe = await house.stripe("first") } = ways;
  const { from, to } = await planned(house, day);
  const counted = await countBackfill({ sql: house.sql, account: { id, stripe } }, from, to);
  if ("list" in counted) throw new Error(`not listed: ${counted.list}, ${counted.reason}`);
  return counted;
}
