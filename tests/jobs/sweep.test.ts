import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Sql } from "../../src/db/connect.ts";
import { askForSweep, listSweepStates } from "../../src/db/sweep.ts";
import { createDrain } from "../../src/jobs/drain.ts";
import { createSweep, type Sweep, type SweepReport } from "../../src/jobs/sweep.ts";
import { openTestDatabase, type TestDatabase } from "../database.ts";
import { balanceTransaction } from "../fixtures/stripe/balance-transaction.ts";
import { charge } from "../fixtures/stripe/charge.ts";
import { stripeEvent } from "../stripe-event.ts";
import { accountAnswering, page } from "./answering.ts";

const now = new Date("2021-03-10T12:00:00Z");
const seconds = (moment: string): number => Date.parse(moment) / 1000;
const at = (moment: string) => ({ created: seconds(moment), available_on: seconds(moment) });

let database: TestDatabase;
let sql: Sql;
let clock: Date;
let asked: URL[];
let logged: string[];
/** What Stripe lists, by the path's last word; a number is an error of that status. */
let listed: Map<string, object[] | number>;
let balance: () => object | number;

beforeEach(async () => {
  database = await openTestDatabase();
  sql = database.sql;
  await sql`insert into account (slug) values ('alov')`;
  [clock, asked, logged, listed] = [now, [], [], new Map()];
  balance = () => ({ object: "balance", available: [{ amount: 4825, currency: "cad" }], pending: [], livemode: false });
});
afterEach(async () => {
  expect(await sql`select * from audit()`).toEqual([]);
  await database.close();
});

function openSweep(): Sweep {
  const account = accountAnswering((url) => {
    asked.push(url);
    const name = url.pathname.split("/").at(-1) ?? "";
    if (name === "balance") return balance();
    const found = listed.get(name) ?? [];
    return typeof found === "number" ? found : page(inRange(found, url));
  });
  const drain = createDrain({ sql, owner: randomUUID(), mode: "test", log: () => undefined, now: () => new Date() });
  return createSweep({
    sql,
    mode: "test",
    accountById: async (id) => ({ ...account, id }),
    now: () => clock,
    log: (level, message) => logged.push(`${level}: ${message}`),
    book: async () => await drain.idle(),
  });
}

function inRange(objects: object[], url: URL): object[] {
  const [from, to] = ["gte", "lt"].map((name) => url.searchParams.get(`created[${name}]`));
  return objects.filter((object) => {
    const { created } = object as { created: number };
    return created >= Number(from ?? 0) && created < Number(to ?? Infinity);
  });
}

const sweep = async (): Promise<SweepReport> => (await openSweep().once("all"))[0] ?? Promise.reject(new Error("none"));
const state = async () => (await listSweepStates(sql))[0];
/** An hour goes by. */
const later = async (): Promise<void> => void (await sql`update sweep_state set next_at = now()`);
/** From when on, and up to when, balance transactions were asked for, without the look beside the balance. */
const windows = (): string[] =>
  asked
    .filter(({ pathname }) => pathname.endsWith("/balance_transactions"))
    .map(({ searchParams }) => ["gte", "lt"].map((name) => moment(searchParams.get(`created[${name}]`))).join(" to "))
    .filter((_, place, all) => place < all.length - 1);
const moment = (text: string | null): string =>
  text === null ? "now" : new Date(Number(text) * 1000).toISOString().slice(0, 16);

const giftOf = (moment: string) => ({
  ...balanceTransaction,
  ...at(moment),
  source: { ...charge, ...at(moment), metadata: {} },
});
const feeOf = (moment: string) => ({
  ...balanceTransaction,
  ...at(moment),
  id: "txn_fee",
  source: null,
  type: "stripe_fee",
});
const gift = giftOf("2021-03-09T10:00:00Z");
const fee = feeOf("2021-03-09T11:00:00Z");

describe("which part of the history is looked through", () => {
  test("the first time what an account has since its first payment that we know, in parts of 35 days", async () => {
    await sql`
      insert into stripe_charge (account_id, id, status, captured, amount_minor, currency, created)
      values (1, 'ch_1', 'failed', true, 100, 'CAD', '2020-12-31T10:00:00Z')`;
    await sweep();
    expect(windows()).toEqual(["2020-12-31T10:00 to 2021-02-04T10:00", "2021-02-04T10:00 to now"]);
    expect((await state())?.sweptTo).toEqual(new Date("2021-03-10T11:55:00Z"));
  });

  test("35 days where nothing is known yet; then two hours again, and once a day 35 days", async () => {
    await sweep();
    clock = new Date("2021-03-10T13:00:00Z");
    await sweep();
    await sql`update sweep_state set look_back_at = now()`;
    clock = new Date("2021-03-11T13:00:00Z");
    await sweep();
    const [first, hourly, ...daily] = asked
      .filter(({ pathname }) => pathname.endsWith("/charges"))
      .map(({ searchParams }) => moment(searchParams.get("created[gte]")));
    expect([first, hourly]).toEqual(["2021-02-03T12:00", "2021-03-10T09:55"]);
    expect(daily).toEqual(["2021-02-03T12:55", "2021-03-10T12:55"]);
    // What became of disputes and promises of long ago, too.
    const whole = asked.filter(
      ({ searchParams, pathname }) => !searchParams.has("created[gte]") && !pathname.endsWith("/balance"),
    );
    expect(whole.map(({ pathname }) => pathname)).toEqual(
      Array.from({ length: 2 }, () => ["/v1/disputes", "/v1/subscriptions"]).flat(),
    );
  });

  test("an account is due an hour after it was swept, or when somebody asks; two services at once sweep it once", async () => {
    const due = async () => (await Promise.all([openSweep().once("due"), openSweep().once("due")])).flat().length;
    expect(await due()).toBe(1);
    expect(await due()).toBe(0);
    await later();
    expect(await due()).toBe(1);
    await askForSweep(sql, "another");
    expect(await due()).toBe(0);
    await askForSweep(sql, "alov");
    expect(await due()).toBe(1);
  });
});

describe("what is found", () => {
  test("is booked with what it came from, by the hundred, and a second sweep finds nothing and keeps nothing", async () => {
    listed.set("balance_transactions", [fee, gift]);
    expect(await sweep()).toMatchObject({ found: 2, differences: 0, error: null });
    expect(await sql`select state from payment`).toEqual([{ state: "succeeded" }]);
    expect(await sql`select currency, available_minor::int as available from stripe_balance`).toEqual([
      { currency: "CAD", available: 4825 },
    ]);
    const kept = async () => (await sql`select from inbox`).length;
    const before = await kept();
    expect(await sweep()).toMatchObject({ found: 0, differences: 0, error: null });
    expect(await kept()).toBe(before);
    expect(asked.every(({ pathname }) => !/\/v1\/charges\/./u.test(pathname))).toBe(true);
  });

  test("is the same whether an event told of it before or afterwards", async () => {
    listed.set("charges", [gift.source]);
    listed.set("balance_transactions", [gift]);
    await sweep();
    const drain = createDrain({ sql, owner: randomUUID(), mode: "test", log: () => undefined, now: () => new Date() });
    const before = await sql`select to_jsonb(c) as row from stripe_charge c`;
    const event = JSON.stringify(stripeEvent("charge.succeeded", gift.source));
    await sql`with kept as (insert into inbox (account_id, event_id, livemode, source, type, body)
      values (1, 'evt_1', false, 'webhook', 'charge.succeeded', ${event}) returning id)
      insert into ticket (inbox_id, account_id) select id, 1 from kept`;
    await drain.idle();
    expect(await sql`select to_jsonb(c) as row from stripe_charge c`).toEqual(before);
    expect(await sweep()).toMatchObject({ found: 0, differences: 0 });
  });

  test("a balance that moves while it is compared is not kept; what moved it is looked for", async () => {
    const recently = "2021-03-10T11:00:00Z";
    let reads = 0;
    balance = () => {
      reads += 1;
      if (reads === 2) listed.set("balance_transactions", [feeOf(recently), giftOf(recently)]);
      const amount = reads === 1 ? 0 : 4825;
      return { object: "balance", available: [{ amount, currency: "cad" }], pending: [], livemode: false };
    };
    expect(await sweep()).toMatchObject({ found: 2, differences: 0 });
    expect(await sql`select available_minor::int as available from stripe_balance`).toEqual([{ available: 4825 }]);
    expect(await sql`select from stripe_balance_transaction`).toHaveLength(2);
  });
});

describe("the mark stays where Stripe and the books differ", () => {
  beforeEach(async () => {
    await sweep();
    clock = new Date("2021-03-10T13:00:00Z");
  });
  const marked = new Date("2021-03-10T11:55:00Z");

  test("by what Stripe lists and nobody can read: one dead letter, however often it is listed", async () => {
    listed.set("balance_transactions", [{ ...feeOf("2021-03-10T12:30:00Z"), fee: null }]);
    for (const _ of [1, 2]) expect(await sweep()).toMatchObject({ differences: 1, error: "differences" });
    expect(await state()).toMatchObject({ sweptTo: marked, lastError: "differences", differences: 1n });
    expect(await sql`select from ticket where dead_at is not null`).toHaveLength(1);
    expect(logged.at(-1)).toBe("error: Stripe and the books differ");
    listed.clear();
    expect(await sweep()).toMatchObject({ error: null });
    expect((await state())?.sweptTo).toEqual(new Date("2021-03-10T12:55:00Z"));
  });

  test("by what we hold and Stripe does not list", async () => {
    await sql`
      insert into stripe_balance_transaction (account_id, id, type, amount_minor, fee_minor, net_minor, currency, created)
      values (1, 'txn_gone', 'charge', 100, 0, 100, 'CAD', '2021-03-10T12:30:00Z')`;
    expect(await sweep()).toMatchObject({ differences: 1, error: "differences" });
    expect((await state())?.sweptTo).toEqual(marked);
    await sql`delete from stripe_balance_transaction`;
    expect(await sweep()).toMatchObject({ error: null });
  });

  test("but not by what has just come, which Stripe may list later", async () => {
    await sql`
      insert into stripe_balance_transaction (account_id, id, type, amount_minor, fee_minor, net_minor, currency, created)
      values (1, 'txn_new', 'charge', 100, 0, 100, 'CAD', '2021-03-10T12:59:00Z')`;
    expect(await sweep()).toMatchObject({ differences: 0, error: null });
  });
});

describe("when Stripe cannot be asked", () => {
  test.each([
    [429, "StripeRateLimitError", true, "warn"],
    [500, "StripeAPIError", false, "warn"],
    [401, "StripeAuthenticationError", false, "error"],
    [403, "StripePermissionError", false, "error"],
    [400, "StripeInvalidRequestError", false, "warn"],
  ])("a %i ends the sweep with its reason, keeps the mark and what was found", async (status, reason, rests, level) => {
    listed.set("charges", [gift.source]);
    listed.set("balance_transactions", status);
    expect(await sweep()).toMatchObject({ found: 1, error: reason });
    expect(await state()).toMatchObject({ sweptTo: null, lastError: reason, lastClosedAt: null });
    expect(await sql`select state from payment`).toHaveLength(1);
    expect(logged).toEqual([
      `${level}: Stripe could not be asked for everything that it has; what was found is booked`,
    ]);
    const pauses = await sql`
      select extract(epoch from until - now()) between 110 and 150 as rests from stripe_pause`;
    expect(pauses).toEqual(rests ? [{ rests: true }] : []);
    expect(await openSweep().once("all")).toHaveLength(rests ? 0 : 1);
    listed.set("balance_transactions", []);
    await sql`delete from stripe_pause`;
    expect(await sweep()).toMatchObject({ error: null });
  });

  test("it is tried again when Stripe has said; with a key that it refuses an hour later", async () => {
    const minutes = async () =>
      (await sql`select ceil(extract(epoch from next_at - now()) / 60)::int as minutes from sweep_state`)[0]?.[
        "minutes"
      ];
    listed.set("charges", 500);
    await sweep();
    expect(await minutes()).toBe(1);
    listed.set("charges", 403);
    await sweep();
    expect(await minutes()).toBe(60);
  });
});
