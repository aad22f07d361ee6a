import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { allListenedTypes } from "../../src/core/event.ts";
import type { Sql } from "../../src/db/connect.ts";
import { listAccounts } from "../../src/db/account.ts";
import { releaseFetches } from "../../src/db/fetch.ts";
import { readTypesAgain } from "../../src/db/ticket.ts";
import { listUnlistedEvents } from "../../src/db/undelivered.ts";
import { createDrain } from "../../src/jobs/drain.ts";
import { createUndeliveredSweep, type UndeliveredDeps, type UndeliveredSweep } from "../../src/jobs/undelivered.ts";
import { memoryStore } from "../../src/stripe/sandbox/memory-store.ts";
import { createSandbox } from "../../src/stripe/sandbox/sandbox.ts";
import { canonicalDump } from "../canonical-dump.ts";
import { openTestDatabase, type TestDatabase } from "../database.ts";
import { openHouse, type House, type Mail, type StripeSide } from "../flow/house.ts";
import { stripeEvent, type TestEvent } from "../stripe-event.ts";
import { accountAnswering, type Answers, page } from "./answering.ts";

const dayMs = 86_400_000;

describe("the list of undelivered events", () => {
  let database: TestDatabase;
  let sql: Sql;
  let clock = new Date("2026-11-21T12:00:00Z");
  let asked: URL[] = [];
  let logged: string[] = [];

  beforeEach(async () => {
    database = await openTestDatabase();
    sql = database.sql;
    await sql`insert into account (slug) values ('alov')`;
    clock = new Date("2026-11-21T12:00:00Z");
    asked = [];
    logged = [];
  });

  afterEach(async () => await database.close());

  function sweep(answers: Answers, overrides: Partial<UndeliveredDeps> = {}): UndeliveredSweep {
    const account = accountAnswering((url) => {
      asked.push(url);
      return answers(url);
    });
    return createUndeliveredSweep({
      sql,
      mode: "test",
      accountById: async (id) => ({ ...account, id }),
      now: () => clock,
      log: (level, message) => logged.push(`${level}: ${message}`),
      ...overrides,
    });
  }

  const since = (): (string | null)[] =>
    asked.map((url) => {
      const seconds = url.searchParams.get("created[gte]");
      return seconds === null ? null : new Date(Number(seconds) * 1000).toISOString();
    });
  const kept = async () => await sql`select source, event_id, mark from inbox order by id`;

  test("is read to its end, a hundred at a time, and what is new of it goes into the inbox like deliveries", async () => {
    const events = Array.from({ length: 250 }, (_, n) => stripeEvent("charge.succeeded", { id: `ch_${n}` }));
    const sweeping = sweep((url) => {
      const after = url.searchParams.get("starting_after");
      const from = after === null ? 0 : events.findIndex(({ id }) => id === after) + 1;
      return page(events.slice(from, from + 100), from + 100 < events.length);
    });
    expect(await sweeping.once("all")).toBe(250);
    expect(asked.map((url) => url.searchParams.get("delivery_success"))).toEqual(["false", "false", "false"]);
    await createDrain({ sql, owner: randomUUID(), mode: "test", log: () => undefined, now: () => clock }).idle();
    expect(await sql`select count(*)::int as n from stripe_charge`).toEqual([{ n: 250 }]);
    expect(await sweeping.once("all")).toBe(0);
    expect(logged).toEqual(["warn: events that Stripe could not deliver were fetched; check the endpoint"]);
  });

  test("is asked for from two hours before the last time on, an hour after it; the first time from three days ago", async () => {
    const sweeping = sweep(() => page([]));
    await sweeping.once("due");
    await sweeping.once("due");
    clock = new Date("2026-11-21T13:00:00Z");
    await sweeping.once("due");
    clock = new Date("2026-11-26T13:00:00Z");
    await sweeping.once("due");
    expect(since()).toEqual(["2026-11-18T12:00:00.000Z", "2026-11-21T10:00:00.000Z", "2026-11-21T11:00:00.000Z"]);
    expect(logged).toEqual([]);
  });

  test("is read whole and every minute where there is no endpoint, without calling that a fault", async () => {
    const event = stripeEvent("charge.succeeded");
    const polled = accountAnswering((url) => {
      asked.push(url);
      return page([event]);
    });
    let webhookSecrets: string[] = [];
    const sweeping = sweep(() => page([]), { accountById: async (id) => ({ ...polled, id, webhookSecrets }) });
    expect(await sweeping.once("due")).toBe(1);
    clock = new Date("2026-11-21T12:00:30Z");
    await sweeping.once("due");
    clock = new Date("2026-11-21T12:01:00Z");
    expect(await sweeping.once("due")).toBe(0);
    expect(since()).toEqual(["2026-11-18T12:00:00.000Z", "2026-11-21T11:50:00.000Z"]);
    expect(asked.map((url) => url.searchParams.get("delivery_success"))).toEqual([null, null]);
    expect(logged).toEqual([]);

    // What happened before an endpoint was made is never delivered to it: once more everything is asked for.
    await sql`
      insert into account_key (account_id, kind, mode, iv, ciphertext, sealed_by, last_four, since)
      values (1, 'webhook secret', 'test', '', '', '', '', '2026-11-21T12:01:30Z')`;
    webhookSecrets = ["whsec_1"];
    clock = new Date("2026-11-21T12:02:00Z");
    await sweeping.once("due");
    clock = new Date("2026-11-21T12:03:00Z");
    await sweeping.once("due");
    expect(asked.slice(2).map((url) => url.searchParams.get("delivery_success"))).toEqual([null]);
  });

  test("leaves out types that nobody listens to, and marks what is of the other mode", async () => {
    const events = [stripeEvent("transfer.created"), stripeEvent("charge.succeeded", {}, { livemode: true })];
    await sweep(() => page(events)).once("all");
    expect(await kept()).toEqual([{ source: "sweep", event_id: events[1]?.id, mark: "wrong mode" }]);
  });

  test.each([
    ["too much was asked", 429, 1, "warn"],
    ["our key is not taken", 401, 0, "error"],
    ["our key may not list events", 403, 0, "error"],
    ["Stripe is failing", 500, 0, "warn"],
  ])("is asked for again from the same time on when %s", async (_claim, status, pauses, level) => {
    await sweep(() => page([])).once("all");
    clock = new Date("2026-11-21T14:00:00Z");
    const failing = sweep(() => status);
    await failing.once("due");
    await failing.once("due");
    expect(logged).toEqual([`${level}: Stripe could not be asked for undelivered events`]);
    expect(await sql`select from stripe_pause`).toHaveLength(pauses);
    await sql`delete from stripe_pause`;
    await sweep(() => page([])).once("all");
    expect(since().slice(1)).toEqual(["2026-11-21T10:00:00.000Z", "2026-11-21T10:00:00.000Z"]);
  });

  test("that our key may not ask for is said once, by whichever process asks, until it may or another reason comes", async () => {
    const minuteLater = async (answer: number | object): Promise<void> => {
      clock = new Date(clock.getTime() + 60_000);
      await sweep(() => answer).once("due");
    };
    for (let minute = 0; minute < 150; minute += 1) await minuteLater(403);
    expect([asked.length, logged.length]).toEqual([3, 1]);
    expect(await listUnlistedEvents(sql, "all")).toEqual([
      { account: "alov", since: new Date("2026-11-21T12:01:00Z"), reason: "StripePermissionError" },
    ]);
    for (let minute = 0; minute < 60; minute += 1) await minuteLater(401);
    expect(logged).toHaveLength(2);
    for (let minute = 0; minute < 60; minute += 1) await minuteLater(page([]));
    expect(await listUnlistedEvents(sql, "all")).toEqual([]);
    for (let minute = 0; minute < 60; minute += 1) await minuteLater(403);
    expect(logged).toEqual(Array.from({ length: 3 }, () => "error: Stripe could not be asked for undelivered events"));
  });

  test("that could not be asked for is asked for at once after the service was started with another key", async () => {
    await sweep(() => 403).once("due");
    await releaseFetches(sql);
    await sweep(() => page([])).once("due");
    expect(asked).toHaveLength(2);
  });

  test("of one account that cannot be asked does not keep the others from it", async () => {
    await sql`insert into account (slug) values ('center'), ('keyless')`;
    const good = accountAnswering(() => page([stripeEvent("charge.succeeded")]));
    const bad = accountAnswering(() => 500);
    const accountById: UndeliveredDeps["accountById"] = async (id) =>
      id === 3n ? null : { ...(id === 1n ? bad : good), id };
    expect(await sweep(() => 500, { accountById }).once("all")).toBe(1);
    expect(await sql`select account_id::int as id from undelivered_sweep`).toEqual([{ id: 2 }]);
  });

  test("that begins more than thirty days ago lacks what Stripe has thrown away, and says so", async () => {
    await sweep(() => page([])).once("all");
    clock = new Date(clock.getTime() + 40 * dayMs);
    await sweep(() => page([])).once("due");
    expect(logged).toEqual(["error: events are older than Stripe keeps them; compare with its list of payments"]);
  });

  test("brings types that are listened to now: what was put aside of them is read at the next start", async () => {
    const event = stripeEvent("charge.dispute.created");
    const put = async (row: TestEvent, mark: string): Promise<void> => {
      await sql`
        insert into inbox (account_id, event_id, livemode, source, type, mark, body)
        values (1, ${row.id}, false, 'webhook', ${row.type}, ${mark}, ${JSON.stringify(row)})`;
    };
    await put(event, "type not listened to");
    await put(stripeEvent("transfer.created"), "type not listened to");
    await put(stripeEvent("charge.succeeded"), "wrong mode");
    expect(await readTypesAgain(sql, allListenedTypes())).toBe(1);
    expect(await readTypesAgain(sql, allListenedTypes())).toBe(0);
    await createDrain({ sql, owner: randomUUID(), mode: "test", log: () => undefined, now: () => clock }).idle();
    expect(await sql`select status from stripe_dispute`).toEqual([{ status: "needs_response" }]);
  });
});

/** A Stripe whose deliveries may be refused; what it sends is kept either way. */
function openStripe() {
  let clock = new Date("2021-03-10T15:00:00Z");
  const mail: Mail[] = [];
  const door = { status: 200 };
  const sandbox = createSandbox({
    store: memoryStore(),
    now: () => clock,
    wallClock: () => new Date(),
    random: () => randomUUID().replaceAll("-", "").slice(0, 24),
    baseUrl: "http://localhost:8787",
    findAccount: async (slug) => ({ name: slug }),
    deliver: async (account, body, signature) => {
      mail.push({ account, type: (JSON.parse(body) as { type: string }).type, body, signature });
      return door.status;
    },
    log: () => undefined,
  });
  const pass = async (ms: number): Promise<void> => {
    clock = new Date(clock.getTime() + ms);
    await sandbox.tick();
    await sandbox.idle();
  };
  const side: StripeSide = {
    sandbox,
    mail,
    setClock: (moment) => (clock = new Date(moment)),
    settle: async () => await pass(60_000),
  };
  return { side, door, pass, now: () => clock };
}

test(
  "case 61: an endpoint that was away for five days is made good for, to the last cent",
  { timeout: 120_000 },
  async () => {
    const { side, door, pass, now } = openStripe();
    const house = await openHouse(side);
    const control = await openHouse(side);
    const rows = await listAccounts(house.sql);
    const sweeping = createUndeliveredSweep({
      sql: house.sql,
      mode: "sandbox",
      now,
      log: () => undefined,
      async accountById(id) {
        const row = rows.find((account) => account.id === id);
        return row === undefined ? null : { ...row, webhookSecrets: ["whsec_1"], stripe: await house.stripe(row.slug) };
      },
    });
    const deliverTo = async (houses: House[]): Promise<void> => {
      await side.sandbox.idle();
      for (const mail of side.mail.splice(0)) for (const each of houses) expect(await each.deliver(mail)).toBe(200);
      for (const each of houses) await each.book();
    };

    await house.payFor("/funds/families/give", { amount: "5000", email: "leyla@example.org", show: "name" });
    await side.settle();
    await deliverTo([house, control]);
    expect(await sweeping.once("all")).toBe(0);

    door.status = 503;
    for (let day = 1; day <= 5; day += 1) {
      await pass(dayMs);
      const session = await house.payFor("/funds/families/give", {
        amount: "other",
        other: `${10 * day}`,
        email: `donor${day}@example.org`,
        show: "gift",
      });
      if (day % 2 === 0) await house.refund("first", session, 500);
      await side.settle();
      await deliverTo([control]);
    }
    expect((await house.fund("families")).gifts).toBe(1);
    expect((await control.fund("families")).gifts).toBe(6);

    door.status = 200;
    expect(await sweeping.once("due")).toBeGreaterThan(15);
    await house.book();
    expect(await canonicalDump(house.sql)).toEqual(await canonicalDump(control.sql));
    expect(await house.sql`select * from audit()`).toEqual([]);
    expect(await sweeping.once("all")).toBe(0);
    await house.close();
    await control.close();
  },
);
