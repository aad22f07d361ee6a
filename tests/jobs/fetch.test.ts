import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Sql } from "../../src/db/connect.ts";
import { claimFetches, releaseFetches, replayFetches, restFetch } from "../../src/db/fetch.ts";
import { createDrain } from "../../src/jobs/drain.ts";
import { createFetchJob, type FetchDeps, type FetchJob } from "../../src/jobs/fetch.ts";
import { balanceTransaction } from "../fixtures/stripe/balance-transaction.ts";
import { charge } from "../fixtures/stripe/charge.ts";
import { checkoutSession } from "../fixtures/stripe/checkout-session.ts";
import { customer } from "../fixtures/stripe/customer.ts";
import { dispute } from "../fixtures/stripe/dispute.ts";
import { invoicePayment } from "../fixtures/stripe/invoice-payment.ts";
import { invoice } from "../fixtures/stripe/invoice.ts";
import { lineItem } from "../fixtures/stripe/line-item.ts";
import { paymentIntent } from "../fixtures/stripe/payment-intent.ts";
import { refund } from "../fixtures/stripe/refund.ts";
import { subscription } from "../fixtures/stripe/subscription.ts";
import { openTestDatabase, type TestDatabase } from "../database.ts";
import { accountAnswering, type Answers, page as list } from "./answering.ts";

let database: TestDatabase;
let sql: Sql;
let asked: string[] = [];
let logged: string[] = [];

beforeEach(async () => {
  database = await openTestDatabase();
  sql = database.sql;
  await sql`insert into account (slug) values ('alov')`;
  asked = [];
  logged = [];
});

afterEach(async () => await database.close());

function job(answers: Answers, overrides: Partial<FetchDeps> = {}): FetchJob {
  const account = accountAnswering(answers, (path) => asked.push(path));
  const log: FetchDeps["log"] = (level, message) => logged.push(`${level}: ${message}`);
  return createFetchJob({
    sql,
    owner: randomUUID(),
    mode: "test",
    accountById: async () => account,
    log,
    ...overrides,
  });
}

async function need(kind: string, id: string): Promise<void> {
  await sql`insert into fetch_need (account_id, kind, object_id, due_at) values (1, ${kind}, ${id}, now())`;
}

async function needs(): Promise<
  { tries: number; error: string | null; dueInSeconds: number | null; isLeased: boolean }[]
> {
  return await sql`
    select tries::int as tries, error, lease_owner is not null as "isLeased",
      case when due_at < 'infinity' then extract(epoch from due_at - now())::int end as "dueInSeconds"
    from fetch_need order by object_id`;
}

test("[13] all lines of a session are asked for, page by page, and booked as one answer", async () => {
  await need("line_items", "cs_1");
  const lines = Array.from({ length: 250 }, (_, index) => ({ ...lineItem, id: `li_${index}` }));
  const fetching = job((url) => {
    const after = url.searchParams.get("starting_after");
    const from = after === null ? 0 : lines.findIndex(({ id }) => id === after) + 1;
    return list(lines.slice(from, from + 100), from + 100 < lines.length);
  });
  expect(await fetching.once()).toBe(1);
  expect(asked).toHaveLength(3);
  await createDrain({ sql, owner: randomUUID(), mode: "test", log: () => undefined, now: () => new Date() }).idle();
  expect(await sql`select count(*)::int as n, max(position)::int as last from stripe_line_item`).toEqual([
    { n: 250, last: 249 },
  ]);
  expect(await sql`select what, id, found::int as found from stripe_fetched`).toEqual([
    { what: "line_items", id: "cs_1", found: 250 },
  ]);
  expect(await needs()).toEqual([]);
});

test("an answer stands in the inbox like any event, and is not asked for twice while it waits to be booked", async () => {
  await need("payment_intent", "pi_1");
  let isStored = false;
  const fetching = job(() => ({ ...paymentIntent, latest_charge: charge }), { onStored: () => (isStored = true) });
  expect([await fetching.once(), await fetching.once()]).toEqual([1, 0]);
  expect(isStored).toBe(true);
  const [row] = await sql<
    { source: string; body: string }[]
  >`select source, body from inbox join ticket on inbox_id = id`;
  expect(row?.source).toBe("fetch");
  expect(JSON.parse(row?.body ?? "")).toMatchObject({
    object: "fetch",
    kind: "payment_intent",
    id: "pi_1",
    data: [{ object: "payment_intent" }],
  });
  expect(await needs()).toMatchObject([{ error: null, isLeased: false, dueInSeconds: 300 }]);
});

test("answers that cannot be booked are asked for less and less often, and given up after ten", async () => {
  await need("charge", "ch_1");
  const fetching = job(() => ({ ...charge, amount: "many" }));
  const waits: (number | null)[] = [];
  for (let tries = 1; tries <= 10; tries += 1) {
    await fetching.once();
    waits.push((await needs())[0]?.dueInSeconds ?? null);
    if (tries < 10) await sql`update fetch_need set due_at = now()`;
  }
  expect(waits).toEqual([300, 600, 1200, 2400, 4800, 9600, 19_200, 38_400, 76_800, null]);
  expect(await needs()).toMatchObject([{ error: "answer not booked" }]);
});

describe("everything that is read can be asked for by its id", () => {
  test.each<[kind: string, path: string, object: object]>([
    ["charge", "/v1/charges/x_1", { ...charge, balance_transaction: balanceTransaction }],
    ["payment_intent", "/v1/payment_intents/x_1", paymentIntent],
    ["checkout_session", "/v1/checkout/sessions/x_1", checkoutSession],
    ["refund", "/v1/refunds/x_1", refund],
    ["balance_transaction", "/v1/balance_transactions/x_1", balanceTransaction],
    ["customer", "/v1/customers/x_1", customer],
    ["invoice_payment", "/v1/invoice_payments/x_1", invoicePayment],
    ["subscription", "/v1/subscriptions/x_1", subscription],
    ["dispute", "/v1/disputes/x_1", dispute],
  ])("%s", async (kind, path, object) => {
    await need(kind, "x_1");
    await job(() => ({ ...object, id: "x_1" })).once();
    expect(asked).toEqual([path]);
    await createDrain({ sql, owner: randomUUID(), mode: "test", log: () => undefined, now: () => new Date() }).idle();
    expect(await sql`select fetched_at is not null as fetched from ${sql(`stripe_${kind}`)} where id = 'x_1'`).toEqual([
      { fetched: true },
    ]);
    expect(await sql`select from fetch_need where kind = ${kind}`).toEqual([]);
  });

  test("an invoice, with all that paid it", async () => {
    await need("invoice", invoice.id);
    const paid = Array.from({ length: 150 }, (_, n) => ({ ...invoicePayment, id: `inpay_${n}` }));
    await job((url) => {
      if (url.pathname === `/v1/invoices/${invoice.id}`) return invoice;
      expect(url.searchParams.get("invoice")).toBe(invoice.id);
      return url.searchParams.has("starting_after") ? list(paid.slice(100)) : list(paid.slice(0, 100), true);
    }).once();
    await createDrain({ sql, owner: randomUUID(), mode: "test", log: () => undefined, now: () => new Date() }).idle();
    expect(await sql`select count(*)::int as n from stripe_invoice_payment`).toEqual([{ n: 150 }]);
    expect(await needs()).toEqual([]);
  });
});

test("that Stripe has no session of a payment is an answer too", async () => {
  await need("session_of_payment", "pi_1");
  await job((url) => list(url.searchParams.get("payment_intent") === "pi_1" ? [] : [checkoutSession])).once();
  const [row] = await sql<{ body: string }[]>`select body from inbox`;
  expect(JSON.parse(row?.body ?? "")).toMatchObject({ kind: "session_of_payment", data: [] });
});

describe("what Stripe does not answer", () => {
  test.each([
    ["[59] because it is failing", 500, 10, 15, "warn: Stripe could not be asked"],
    ["[59] because it was asked too much, for as long as it says", 429, 120, 180, "warn: Stripe could not be asked"],
    ["[59] because our key is not taken", 401, 600, 900, "error: Stripe takes our key"],
    ["[59] because our key may not ask for this", 403, 600, 900, "error: Stripe takes our key"],
  ])("%s is asked later and counts as no try", async (_claim, status, least, most, said) => {
    await need("payment_intent", "pi_1");
    await job(() => status).once();
    const [row] = await needs();
    expect(row).toMatchObject({ tries: 0, isLeased: false, error: expect.stringContaining("Stripe") });
    expect(row?.dueInSeconds).toBeGreaterThanOrEqual(least - 1);
    expect(row?.dueInSeconds).toBeLessThanOrEqual(most);
    expect(logged).toEqual([expect.stringContaining(said)]);
  });

  test("[59] because it cannot be reached counts as no try", async () => {
    await need("payment_intent", "pi_1");
    const unreachable = (): never => {
      throw new TypeError("fetch failed");
    };
    await job(unreachable).once();
    expect(await needs()).toMatchObject([{ tries: 0, error: "StripeConnectionError" }]);
  });

  test("[56] because it does not exist is given up after ten tries, with the reason, until a person replays it", async () => {
    await need("payment_intent", "pi_1");
    const fetching = job(() => 404);
    for (let tries = 1; tries <= 10; tries += 1) {
      await fetching.once();
      expect(await needs()).toMatchObject([{ tries, error: "resource_missing" }]);
      if (tries < 10) await sql`update fetch_need set due_at = now()`;
    }
    expect(await needs()).toMatchObject([{ dueInSeconds: null }]);
    expect(await fetching.once()).toBe(0);
    expect(await replayFetches(sql, "all")).toBe(1);
    expect(await fetching.once()).toBe(1);
  });

  test.each([
    ["asked too much", 429, 120, 144],
    ["with a key that is not taken", 401, 300, 360],
  ])("because it was %s lets the whole account rest, and no other", async (_claim, status, least, most) => {
    await sql`insert into account (slug) values ('center')`;
    for (let n = 1; n <= 20; n += 1) await need("payment_intent", `pi_${String(n).padStart(2, "0")}`);
    await sql`insert into fetch_need (account_id, kind, object_id, due_at) values (2, 'charge', 'ch_of_another', now())`;
    const refusing = accountAnswering(
      () => status,
      (path) => asked.push(path),
    );
    const other = accountAnswering(
      () => charge,
      (path) => asked.push(path),
    );
    const fetching = job(() => status, { accountById: async (id) => (id === 1n ? refusing : { ...other, id: 2n }) });
    await fetching.once();
    expect(asked.length).toBeLessThanOrEqual(9);
    expect(await sql`select from inbox where object_id = 'ch_of_another'`).toHaveLength(1);
    const soFar = asked.length;
    expect(await fetching.once()).toBe(0);
    await need("payment_intent", "pi_new");
    expect(await fetching.once()).toBe(0);
    expect(asked).toHaveLength(soFar);
    const [pause] = await sql<{ seconds: number }[]>`
      select extract(epoch from until - now())::int as seconds from stripe_pause where account_id = 1`;
    expect(pause?.seconds).toBeGreaterThanOrEqual(least - 2);
    expect(pause?.seconds).toBeLessThanOrEqual(most);
    expect(await sql`select from fetch_need where account_id = 1 and (tries > 0 or lease_owner is not null)`).toEqual(
      [],
    );
  });

  test("and that was found in the same millisecond, but before Stripe was asked, was not found anew", async () => {
    await need("charge", "ch_1");
    const owner = randomUUID();
    const [claimed] = await claimFetches(sql, owner, 1);
    if (claimed === undefined) throw new Error("nothing was due");
    await sql`update fetch_need set since = '2026-11-01T12:00:00.000400Z'`;
    await restFetch(sql, owner, { ...claimed, startedAt: "2026-11-01T12:00:00.000900Z" });
    expect(await needs()).toMatchObject([{ tries: 1, isLeased: false }]);
  });

  test("because of our key is asked at once after the service was started with another", async () => {
    await need("payment_intent", "pi_1");
    await job(() => 401).once();
    await releaseFetches(sql);
    expect(await job(() => paymentIntent).once()).toBe(1);
    expect(await sql`select from inbox`).toHaveLength(1);
  });

  test("because what it says is none of its answers holds up nothing, and is given up with the reason", async () => {
    for (const [kind, id] of [
      ["line_items", "cs_1"],
      ["charge", "ch_1"],
    ] as const)
      await need(kind, id);
    await job((url) => (url.pathname.endsWith("line_items") ? { object: "list" } : charge)).once();
    expect(await needs()).toMatchObject([{ error: null }, { tries: 1, error: expect.stringContaining("well-formed") }]);
  });

  test("because we have no key for its account waits for one", async () => {
    await need("payment_intent", "pi_1");
    await job(() => 500, { accountById: async () => null }).once();
    expect(asked).toEqual([]);
    expect(await needs()).toMatchObject([{ tries: 0, error: "no key is known for this account" }]);
  });

  test("does not hold up the others", async () => {
    for (const id of ["pi_1", "pi_2", "pi_3"]) await need("payment_intent", id);
    await job((url) => (url.pathname.endsWith("pi_2") ? 404 : paymentIntent)).once();
    expect(await needs()).toMatchObject([{ error: null }, { error: "resource_missing" }, { error: null }]);
    expect(await sql`select from inbox`).toHaveLength(2);
  });
});

test("what one process asks for, no other asks for until the lease ends or the service starts again", async () => {
  await need("payment_intent", "pi_1");
  const [mine, others] = [randomUUID(), randomUUID()];
  expect(await claimFetches(sql, mine, 10)).toHaveLength(1);
  expect(await claimFetches(sql, others, 10)).toHaveLength(0);
  await releaseFetches(sql);
  expect(await claimFetches(sql, others, 10)).toHaveLength(1);
});

test("a loop asks as soon as it is told that something is due, and ends when it is stopped", async () => {
  const stop = new AbortController();
  const stored = Promise.withResolvers<void>();
  const fetching = job(() => paymentIntent, { onStored: stored.resolve });
  const looping = fetching.loop(stop.signal);
  await need("payment_intent", "pi_1");
  fetching.nudge();
  await stored.promise;
  stop.abort();
  await looping;
  expect(await sql`select from inbox`).toHaveLength(1);
});
