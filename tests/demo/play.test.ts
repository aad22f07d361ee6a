import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Log } from "../../src/core/log.ts";
import { readSetup } from "../../src/core/read-setup.ts";
import { listAccounts } from "../../src/db/account.ts";
import { runAudit } from "../../src/db/audit.ts";
import { applySetup, readKnownNames } from "../../src/db/setup.ts";
import { firstDay, monthsAfter } from "../../src/demo/calendar.ts";
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
import { createSandbox, type Sandbox } from "../../src/stripe/sandbox/sandbox.ts";
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

/** The plan's own count: what each checkout pays by itself, and each month until it is stopped. */
function paymentsOf({ actions }: StoryPlan): { once: string[]; months: { order: string; payments: number }[] } {
  const orders = actions.flatMap((action) => (action.kind === "checkout" ? [action] : []));
  const stops = new Map(actions.flatMap((action) => (action.kind === "stop" ? [[action.of, action.at]] : [])));
  return {
    once: orders.flatMap(({ order }) => (order.every === "once" ? order.id : [])).toSorted(),
    months: orders
      .flatMap(({ key, at, order }) => {
        if (order.every === "once") return [];
        const end = stops.get(key) ?? "9999";
        let payments = 0;
        while (new Date(Date.parse(`${monthsAfter(at.slice(0, 10), payments)}${at.slice(10)}`)).toISOString() < end)
          payments += 1;
        return { order: order.id, payments };
      })
      .toSorted((a, b) => (a.order < b.order ? -1 : 1)),
  };
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
      const plan = beginning(180);
      const { stage, sandbox, bookAll } = await openHouse();
      for (const stopAfter of [3, 40, 71]) {
        let left = stopAfter;
        const pay: Sandbox["pay"] = async (...given) => {
          const payment = await sandbox.pay(...given);
          left -= 1;
          if (left === 0) throw new Error("killed");
          if (left < 0) await new Promise<never>(() => undefined);
          return payment;
        };
        await expect(playStory({ ...stage, sandbox: { ...sandbox, pay } }, plan, () => undefined)).rejects.toThrow(
          "killed",
        );
      }
      await playStory(stage, plan, () => undefined);
      await playStory(stage, plan, () => undefined);
      await bookAll();

      const { once } = paymentsOf(plan);
      expect(await chargesOfOrders()).toEqual(once.map((order) => ({ order, charges: 1 })));
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
      deed.kind === "checkout" && deed.order.every === "once" ? [{ order: deed.order.id, at: at.slice(0, 19) }] : [],
    );
    expect(charges.map(({ order, at }) => ({ order, at: at.toISOString().slice(0, 19) }))).toEqual(
      planned.toSorted((a, b) => (a.order < b.order ? -1 : 1)),
    );
  });
});

describe("the dispute of the story", () => {
  it("takes a person's only gift back, once, and says that it is invented", { timeout: 120_000 }, async () => {
    const all = story(storySeed).actions;
    const disputed = all.find((action) => action.kind === "dispute");
    const plan = { actions: all.filter((action) => action === disputed || action.key === disputed?.of) };
    const { stage, bookAll } = await openHouse();
    const decideDispute: Sandbox["decideDispute"] = async () => await Promise.reject(new Error("killed"));
    const killed = { ...stage, sandbox: { ...stage.sandbox, decideDispute } };
    await expect(playStory(killed, plan, () => undefined)).rejects.toThrow("killed");
    await playStory(stage, plan, () => undefined);
    await bookAll();
    expect(await database.sql`select status from stripe_dispute`).toEqual([{ status: "lost" }]);
    expect(
      await database.sql`select g.amount_minor, g.returned_minor, g.wholly_returned, r.kind
        from gift g join return_part r on r.payment_id = g.payment_id`,
    ).toEqual([{ amount_minor: 2500n, returned_minor: 2500n, wholly_returned: true, kind: "dispute" }]);
    const [made] = (await stage.stripe("alov").disputes.list()).data.concat(
      (await stage.stripe("acmc").disputes.list()).data,
    );
    expect(made?.metadata).toEqual({ remark: "invented for this demo" });
    expect(await runAudit(database.sql)).toEqual([]);
  });
});

describe("monthly gifts of the story", () => {
  it(
    "come by themselves, each on its day, until they are stopped, also where the story was killed in between",
    { timeout: 120_000 },
    async () => {
      const plan = { actions: story(storySeed).actions.filter(({ key }) => key.startsWith("families-monthly")) };
      const { stage, sandbox, bookAll } = await openHouse();
      let left = 6;
      const tick: Sandbox["tick"] = async () => {
        left -= 1;
        if (left === 0) throw new Error("killed");
        return await sandbox.tick();
      };
      await expect(playStory({ ...stage, sandbox: { ...sandbox, tick } }, plan, () => undefined)).rejects.toThrow(
        "killed",
      );
      await playStory(stage, plan, () => undefined);
      await bookAll();
      const gifts = await database.sql<{ order: string; payments: number; days: number }[]>`
        select s.metadata ->> 'order' as order, count(*)::int as payments,
          count(distinct extract(day from g.occurred_on))::int as days
        from gift g
        join payment p on p.id = g.payment_id
        join stripe_subscription s on s.account_id = p.account_id and s.id = g.subscription
        join fund f on f.id = g.fund_id and f.slug = 'families'
        where g.every = 'month' and g.source = 'stripe'
        group by 1 order by 1`;
      expect([...gifts]).toEqual(paymentsOf(plan).months.map((month) => ({ ...month, days: 1 })));
      expect(await database.sql`select distinct status from stripe_subscription`).toEqual([{ status: "canceled" }]);
      expect(await runAudit(database.sql)).toEqual([]);
    },
  );
});

/** The first `count` actions of the story. */
function beginning(count: number): StoryPlan {
  return { actions: story(storySeed).actions.slice(0, count) };
}
