import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Log } from "../../src/core/log.ts";
import { readSetup } from "../../src/core/read-setup.ts";
import { listAccounts } from "../../src/db/account.ts";
import { runAudit } from "../../src/db/audit.ts";
import { applySetup, readKnownNames } from "../../src/db/setup.ts";
import { firstDay } from "../../src/demo/calendar.ts";
import { storyDocument } from "../../src/demo/catalogue.ts";
import { createStoryClock } from "../../src/demo/clock.ts";
import type { StoryPlan } from "../../src/demo/plan.ts";
import { playStory } from "../../src/demo/play.ts";
import type { Stage } from "../../src/demo/play.ts";
import { story, storySeed } from "../../src/demo/story.ts";
import { webhookRoutes } from "../../src/http/webhook.ts";
import { createDrain } from "../../src/jobs/drain.ts";
import { createFetchJob } from "../../src/jobs/fetch.ts";
import type { Account } from "../../src/stripe/account.ts";
import { stripeClient } from "../../src/stripe/client.ts";
import { memoryStore } from "../../src/stripe/sandbox/memory-store.ts";
import { createSandbox } from "../../src/stripe/sandbox/sandbox.ts";
import { openTestDatabase } from "../database.ts";
import type { TestDatabase } from "../database.ts";

const log: Log = () => undefined;
const now = (): Date => new Date();
let database: TestDatabase;

beforeEach(async () => {
  database = await openTestDatabase();
});
afterEach(async () => {
  await database.close();
});

/** The house as the demo runs it: sandbox, door, drain and fetches, on the test's own database. */
async function openHouse() {
  const { sql } = database;
  const read = readSetup(storyDocument, await readKnownNames(sql));
  if (!read.ok) throw new Error(read.problems.join("\n"));
  await applySetup(sql, read.setup);
  const rows = await listAccounts(sql);
  const clock = createStoryClock(new Date(firstDay), now);
  const sandbox = createSandbox({
    store: memoryStore(),
    now: () => clock.now(),
    wallClock: now,
    random: () => randomUUID().replaceAll("-", "").slice(0, 24),
    baseUrl: "http://localhost:8787",
    findAccount: async (slug) => (rows.some((row) => row.slug === slug) ? { name: slug } : null),
    deliver: async (account, body, signature) => {
      const headers = { "stripe-signature": signature };
      return (await door.request(`/webhooks/stripe/${account}`, { method: "POST", body, headers })).status;
    },
    log,
  });
  const accounts: Account[] = await Promise.all(
    rows.map(async ({ id, slug, stripeAccountId }) => ({
      id,
      slug,
      stripeAccountId,
      webhookSecrets: [await sandbox.webhookSecret(slug)],
      stripe: stripeClient({ key: sandbox.key(slug), fetch: sandbox.fetch }),
    })),
  );
  const find = (fits: (account: Account) => boolean): Account | null => accounts.find(fits) ?? null;
  const door = webhookRoutes({
    sql,
    mode: "sandbox",
    now,
    log,
    findAccount: async (slug) => find((each) => each.slug === slug),
  });
  const drain = createDrain({ sql, owner: randomUUID(), mode: "sandbox", log, now });
  const fetches = createFetchJob({
    sql,
    owner: randomUUID(),
    mode: "sandbox",
    log,
    accountById: async (id) => find((each) => each.id === id),
  });

  const stage: Stage = {
    sandbox,
    sql,
    clock,
    baseUrl: "http://localhost:8787",
    stripe: (slug) => {
      const account = find((each) => each.slug === slug);
      if (account === null) throw new Error(`there is no account ${slug}`);
      return account.stripe;
    },
  };

  /** Until everything has come in at the door and is booked. */
  async function bookAll(): Promise<void> {
    await sandbox.tick();
    await sandbox.idle();
    do await drain.idle();
    while ((await fetches.once()) > 0);
  }
  return { stage, sandbox, bookAll };
}

async function chargesOfOrders(): Promise<{ order: string; charges: number }[]> {
  return [
    ...(await database.sql<{ order: string; charges: number }[]>`
      select metadata ->> 'order' as order, count(*)::int as charges from stripe_charge
      where metadata ? 'order' group by 1 order by 1`),
  ];
}

describe("the story, played", () => {
  it(
    "goes on where it was stopped, also between a payment and its note, and plays nothing twice",
    { timeout: 120_000 },
    async () => {
      const plan = beginning(170);
      const { stage, sandbox, bookAll } = await openHouse();
      for (const stopAfter of [3, 40, 71]) {
        let left = stopAfter;
        const pay: Stage["sandbox"]["pay"] = async (...given) => {
          const payment = await sandbox.pay(...given);
          left -= 1;
          if (left === 0) throw new Error("killed");
          if (left < 0) await new Promise<never>(() => undefined);
          return payment;
        };
        await expect(playStory({ ...stage, sandbox: { pay } }, plan, () => undefined)).rejects.toThrow("killed");
      }
      await playStory(stage, plan, () => undefined);
      await playStory(stage, plan, () => undefined);
      await bookAll();

      const orders = plan.actions.flatMap((action) => (action.kind === "checkout" ? [action.order.id] : []));
      expect(await chargesOfOrders()).toEqual(orders.toSorted().map((order) => ({ order, charges: 1 })));
      const cash = plan.actions.filter(({ kind }) => kind === "cash").length;
      expect(await database.sql`select count(*)::int as gifts from cash_gift`).toEqual([{ gifts: cash }]);
      const refunds = plan.actions.filter(({ kind }) => kind === "refund").length;
      expect(refunds).toBeGreaterThan(0);
      expect(await database.sql`select count(*)::int as refunds from stripe_refund`).toEqual([{ refunds }]);
      expect(await runAudit(database.sql)).toEqual([]);
    },
  );

  it("dates everything at its own moment, however many things happen at once", { timeout: 120_000 }, async () => {
    const plan = beginning(60);
    const { stage, bookAll } = await openHouse();
    await playStory(stage, plan, () => undefined);
    await bookAll();
    const charges = await database.sql<{ order: string; at: Date }[]>`
      select metadata ->> 'order' as order, created as at from stripe_charge where metadata ? 'order' order by 1`;
    const planned = plan.actions.flatMap(({ at, ...deed }) =>
      deed.kind === "checkout" ? [{ order: deed.order.id, at: at.slice(0, 19) }] : [],
    );
    expect(charges.map(({ order, at }) => ({ order, at: at.toISOString().slice(0, 19) }))).toEqual(
      planned.toSorted((a, b) => (a.order < b.order ? -1 : 1)),
    );
  });
});

/** The first `count` actions of the story. */
function beginning(count: number): StoryPlan {
  return { actions: story(storySeed).actions.slice(0, count) };
}
