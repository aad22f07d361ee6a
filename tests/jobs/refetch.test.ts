import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openSql, type Sql } from "../../src/db/connect.ts";
import { claimFetches, restFetch } from "../../src/db/fetch.ts";
import { createInbox } from "../../src/db/inbox.ts";
import { createDrain, type Drain } from "../../src/jobs/drain.ts";
import { createFetchJob } from "../../src/jobs/fetch.ts";
import { forgetPayments } from "../charity.ts";
import { openTestDatabase, type TestDatabase } from "../database.ts";
import { charge } from "../fixtures/stripe/charge.ts";
import { invoice } from "../fixtures/stripe/invoice.ts";
import { subscription } from "../fixtures/stripe/subscription.ts";
import { openHouse, openStripe } from "../flow/house.ts";
import { stripeEvent, type TestEvent } from "../stripe-event.ts";
import { accountAnswering, type Answers, page } from "./answering.ts";

// What may change at Stripe and was told differently by two events is asked for anew: neither order nor `created` says
// which of them is the newer.

let database: TestDatabase;
let sql: Sql;
let owner: Sql;
let drain: Drain;
let asked: string[] = [];

beforeAll(async () => {
  database = await openTestDatabase();
  sql = database.sql;
  owner = openSql(database.ownerUrl, { max: 1 });
  await sql`insert into account (slug) values ('alov')`;
  drain = createDrain({ sql, owner: randomUUID(), mode: "test", log: () => undefined, now: () => new Date() });
});

afterAll(async () => {
  await owner.end();
  await database.close();
});

beforeEach(async () => {
  await forgetPayments(owner);
  asked = [];
});

async function store(events: TestEvent[]): Promise<void> {
  const inbox = createInbox({ sql, flush: "grouped" });
  const rest = { accountId: 1n, source: "webhook", livemode: false, apiVersion: null, stripeAccount: null } as const;
  await Promise.all(
    events.map(
      async ({ id, type, ...event }) =>
        await inbox.store({
          ...rest,
          eventId: id,
          type,
          objectId: null,
          created: null,
          mark: null,
          body: JSON.stringify({ id, type, ...event }),
        }),
    ),
  );
}

/** Stores and books each group of events, one group after another. */
async function book(...groups: TestEvent[][]): Promise<void> {
  for (const events of groups) {
    await store(events);
    await drain.idle();
  }
}

/** Asks a Stripe that answers so for what is due, and books its answers; returns what was asked. */
async function ask(answers: Answers): Promise<string[]> {
  asked = [];
  const account = accountAnswering(answers, (path) => asked.push(path));
  const fetches = createFetchJob({
    sql,
    owner: randomUUID(),
    mode: "test",
    accountById: async () => account,
    log: () => undefined,
  });
  while ((await fetches.once()) > 0) await drain.idle();
  return asked;
}

const due = async (): Promise<string[]> =>
  (
    await sql<
      { name: string }[]
    >`select kind || ' ' || object_id as name from fetch_need where due_at <= now() order by 1`
  ).map(({ name }) => name);
const row = async (kind: string): Promise<unknown> =>
  (
    await sql<
      { row: unknown }[]
    >`select to_jsonb(t) - 'fetched_at' - 'status_fetched_at' as row from ${sql(`stripe_${kind}`)} t`
  ).map((found) => found.row);

describe("told differently", () => {
  const cases: [what: string, kind: string, type: string, a: object, b: object][] = [
    ["a charge's metadata", "charge", "charge.updated", { metadata: { fund: "a" } }, { metadata: { fund: "b" } }],
    [
      "who paid a charge",
      "charge",
      "charge.updated",
      { billing_details: { email: "a@example.org", name: null } },
      { billing_details: { email: "b@example.org", name: null } },
    ],
    [
      "a payment's metadata",
      "payment_intent",
      "payment_intent.succeeded",
      { metadata: {} },
      { metadata: { fund: "b" } },
    ],
    [
      "who ordered",
      "checkout_session",
      "checkout.session.completed",
      { customer_details: { email: "a@example.org" } },
      { customer_details: { email: "b@example.org" } },
    ],
    ["a refund's metadata", "refund", "refund.updated", { metadata: { a: "1" } }, { metadata: { a: "2" } }],
    ["a customer's name", "customer", "customer.updated", { name: "A" }, { name: "B" }],
    ["an invoice's total", "invoice", "invoice.updated", { total: 1 }, { total: 2 }],
    [
      "when an instalment is tried again",
      "invoice",
      "invoice.payment_failed",
      { status: "open", next_payment_attempt: 1604518196 },
      { status: "open", next_payment_attempt: null },
    ],
    [
      "a subscription's status",
      "subscription",
      "customer.subscription.updated",
      { status: "past_due" },
      { status: "active" },
    ],
    [
      "that a subscription ends, and then does not",
      "subscription",
      "customer.subscription.updated",
      { cancel_at: 1606850995 },
      { cancel_at: null },
    ],
    ["a dispute's status", "dispute", "charge.dispute.updated", { status: "lost" }, { status: "appeal_under_review" }],
  ];

  test.each(cases)("%s is asked for once, whatever came first", async (_claim, kind, type, a, b) => {
    const events = [stripeEvent(type, { ...a }), stripeEvent(type, { ...b })];
    const now = { ...events[0]?.data.object, ...b };
    const isList = (path: string): boolean => /invoice_payments|line_items/u.test(path);
    const answer: Answers = (url) => (isList(url.pathname) ? page([]) : now);
    const found: unknown[] = [];
    for (const groups of [[events], ...[events, events.toReversed()].map((order) => order.map((event) => [event]))]) {
      await forgetPayments(owner);
      await book(...groups);
      const of = (await due()).filter((name) => name.startsWith(`${kind} `));
      expect(of).toHaveLength(1);
      const questions = await ask(answer);
      expect(questions.filter((path) => !isList(path))).toHaveLength(1);
      expect(await sql`select from fetch_need where kind = ${kind} and due_at <= now()`).toEqual([]);
      found.push(await row(kind));
    }
    expect(found[1]).toEqual(found[0]);
    expect(found[2]).toEqual(found[0]);
  });
});

test("the same told again, and what was not known and then is, asks nothing", async () => {
  const unknown = { billing_details: { email: null, name: null }, balance_transaction: null };
  const events = [unknown, {}, { balance_transaction: "txn_1" }, {}].map((overrides) =>
    stripeEvent("charge.updated", { metadata: {}, ...overrides }),
  );
  await book(...events.map((event) => [event]));
  await book(events.map((event) => ({ ...event, id: `${event.id}again` })));
  expect(await due()).toEqual([]);
});

describe("a subscription's status that can only go one way", () => {
  const told = (...statuses: string[]): TestEvent[] =>
    statuses.map((status) => stripeEvent("customer.subscription.updated", { status }));

  test.each([
    ["incomplete", "active"],
    ["incomplete", "incomplete_expired"],
    ["incomplete", "past_due"],
    ["active", "canceled"],
    ["an unknown one", "canceled"],
  ])("from %s to %s asks nothing, whatever comes first, and the further one stands", async (from, to) => {
    const events = told(from, to);
    for (const groups of [[events], ...[events, events.toReversed()].map((order) => order.map((event) => [event]))]) {
      await forgetPayments(owner);
      await book(...groups);
      expect(await due()).toEqual([]);
      expect(await row("subscription")).toMatchObject([{ status: to }]);
    }
  });

  test("stands also against an older answer of Stripe's that is booked after it; a newer answer decides the rest", async () => {
    await sql`insert into fetch_need (account_id, kind, object_id, due_at) values (1, 'subscription', ${subscription.id}, now())`;
    await book(told("active"));
    await ask(() => ({ ...subscription, status: "incomplete" }));
    expect(await row("subscription")).toMatchObject([{ status: "active" }]);
    await book(told("past_due"));
    expect(await due()).toEqual([`subscription ${subscription.id}`]);
    await ask(() => ({ ...subscription, status: "active" }));
    expect(await row("subscription")).toMatchObject([{ status: "active" }]);
  });
});

test("two amounts of one charge are asked for once, when the second comes, and never again", async () => {
  await book([stripeEvent("charge.succeeded", { amount: 5000 })], [stripeEvent("charge.updated", { amount: 4000 })]);
  expect(await ask(() => charge)).toEqual([`/v1/charges/${charge.id}`]);
  await book([stripeEvent("charge.updated", { amount: 4500 })]);
  expect(await due()).toEqual([]);
  expect(await row("charge")).toMatchObject([{ contradicts: true }]);
});

test("an answer that Stripe gave before the question was raised anew does not settle it", async () => {
  const [before, after] = [{ fund: "a" }, { fund: "b" }].map((metadata) => stripeEvent("charge.updated", { metadata }));
  await book([before as TestEvent], [after as TestEvent]);
  // The question is on its way when a third event tells of a state that its answer cannot know.
  const me = randomUUID();
  const [need] = await claimFetches(sql, me, 1);
  if (need === undefined) throw new Error("nothing is due");
  await book([stripeEvent("charge.updated", { metadata: { fund: "c" } })]);
  await restFetch(sql, me, need);
  const inbox = createInbox({ sql, flush: "grouped" });
  await inbox.store({
    accountId: 1n,
    source: "fetch",
    eventId: "fetch:1",
    livemode: false,
    type: "fetch.charge",
    apiVersion: null,
    stripeAccount: null,
    objectId: charge.id,
    created: null,
    mark: null,
    body: JSON.stringify({
      object: "fetch",
      kind: "charge",
      id: charge.id,
      started_at: need.startedAt,
      data: [{ ...charge, metadata: { fund: "b" } }],
    }),
  });
  await drain.idle();
  expect(await row("charge")).toMatchObject([{ metadata: { fund: "b" } }]);
  expect(await due()).toEqual([`charge ${charge.id}`]);
  await ask(() => ({ ...charge, metadata: { fund: "c" } }));
  expect(await row("charge")).toMatchObject([{ metadata: { fund: "c" } }]);
  expect(await due()).toEqual([]);
});

test("case 9: of two answers the one that was asked for later stands, whichever comes last", async () => {
  const answers = ["2026-11-21T12:00:00.000000Z", "2026-11-21T12:00:01.000000Z"].map((startedAt, n) => ({
    object: "fetch",
    kind: "charge",
    id: charge.id,
    started_at: startedAt,
    data: [{ ...charge, metadata: { answer: String(n) } }],
  }));
  const inbox = createInbox({ sql, flush: "grouped" });
  for (const [n, body] of answers.toReversed().entries()) {
    await inbox.store({
      accountId: 1n,
      source: "fetch",
      eventId: `fetch:late${n}`,
      livemode: false,
      type: "fetch.charge",
      apiVersion: null,
      stripeAccount: null,
      objectId: charge.id,
      created: null,
      mark: null,
      body: JSON.stringify(body),
    });
    await drain.idle();
  }
  expect(await row("charge")).toMatchObject([{ metadata: { answer: "1" } }]);
  expect(await due()).toEqual([]);
});

test("a thin event has its object asked for, also when it is known", async () => {
  await book([stripeEvent("charge.succeeded")]);
  const thin = {
    id: "evt_thin1",
    object: "v2.core.event",
    type: "v1.charge.updated",
    livemode: false,
    related_object: { id: charge.id, type: "charge", url: "" },
  };
  await book([thin as never]);
  expect(await ask(() => ({ ...charge, metadata: { fund: "new" } }))).toEqual([`/v1/charges/${charge.id}`]);
  expect(await row("charge")).toMatchObject([{ metadata: { fund: "new" } }]);
});

describe("the link between an invoice and its payment", () => {
  test("is asked for when it has not come a quarter of an hour after the invoice was paid", async () => {
    await book([stripeEvent("invoice.paid")]);
    expect(await due()).toEqual([]);
    await sql`update fetch_need set due_at = now()`;
    expect(await ask((url) => (url.pathname.startsWith("/v1/invoices") ? invoice : page([])))).toHaveLength(2);
    expect(await sql`select from fetch_need`).toEqual([]);
    await book([stripeEvent("invoice.paid")]);
    expect(await sql`select from fetch_need`).toEqual([]);
  });

  test.each([
    ["after", ["invoice.paid", "invoice_payment.paid"]],
    ["before", ["invoice_payment.paid", "invoice.paid"]],
  ])("is not asked for when it comes %s the invoice", async (_claim, types) => {
    await book(...types.map((type) => [stripeEvent(type)]));
    expect(await sql`select from fetch_need`).toEqual([]);
  });

  test("is not asked for when there was nothing to pay", async () => {
    await book([stripeEvent("invoice.paid", { total: 0 })]);
    expect(await sql`select from fetch_need`).toEqual([]);
  });
});

test("what was put off because Stripe is away stays put off when it is told differently once more", async () => {
  const told = (n: number) => [
    stripeEvent("customer.subscription.updated", { ...subscription, metadata: { n: `${n}` } }),
  ];
  await book(told(1), told(2));
  await ask(() => 500);
  await book(told(3));
  expect(await due()).toEqual([]);
  expect(await sql`select tries::int as tries from fetch_need`).toEqual([{ tries: 0 }]);
});

test("a new monthly gift's events cost no question, in whatever order they come", async () => {
  const side = openStripe();
  const house = await openHouse(side);
  const whole = openSql(house.ownerUrl, { max: 1 });
  await house.payFor("/funds/families/give", {
    amount: "5000",
    email: "leyla@example.org",
    show: "name",
    every: "month",
  });
  await side.sandbox.idle();
  await side.settle();
  const events = side.mail.splice(0);
  const types = events.map(({ type }) => type);
  expect(types).toContain("customer.subscription.created");
  expect(types).toContain("customer.subscription.updated");
  for (const order of [events, events.toReversed()]) {
    await forgetPayments(whole);
    for (const mail of order) {
      await house.deliver(mail);
      await house.book();
    }
    expect(await house.sql`select type from inbox where source = 'fetch'`).toEqual([]);
    expect(await house.sql`select status from stripe_subscription`).toEqual([{ status: "active" }]);
    expect(await house.sql`select from fetch_need`).toEqual([]);
    expect(await house.fund("families")).toMatchObject({ givenMinor: 5000, gifts: 1 });
  }
  await whole.end();
  await house.close();
});

test("a basket's four events cost one question, for its lines, in whatever order they come", async () => {
  const side = openStripe();
  const house = await openHouse(side);
  const whole = openSql(house.ownerUrl, { max: 1 });
  await house.payFor("/campaigns/shop/order", {
    "q.pin.only": "2",
    gift: "5000",
    email: "leyla@example.org",
    show: "name",
  });
  await side.sandbox.idle();
  await side.settle();
  const events = side.mail.splice(0);
  expect(new Set(events.map(({ type }) => type))).toEqual(
    new Set(["charge.succeeded", "payment_intent.succeeded", "checkout.session.completed", "charge.updated"]),
  );
  for (const order of [events, events.toReversed()]) {
    await forgetPayments(whole);
    for (const mail of order) {
      await house.deliver(mail);
      await house.book();
    }
    const questions = await house.sql`select type from inbox where source = 'fetch'`;
    expect(questions).toEqual([{ type: "fetch.line_items" }]);
    expect(await house.sql`select from fetch_need`).toEqual([]);
  }
  await whole.end();
  await house.close();
});
