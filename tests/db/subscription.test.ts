import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Fact } from "../../src/core/fact.ts";
import { openSql, type Sql } from "../../src/db/connect.ts";
import { canonicalDump } from "../canonical-dump.ts";
import { forgetPayments, setUpCharity } from "../charity.ts";
import { openTestDatabase, type TestDatabase } from "../database.ts";

let database: TestDatabase;
let owner: Sql;
beforeAll(async () => {
  database = await openTestDatabase();
  owner = openSql(database.ownerUrl, { max: 1 });
  await setUpCharity(database.sql);
});
beforeEach(async () => await forgetPayments(owner));
afterAll(async () => {
  await owner.end();
  await database.close();
});

const row = { account_id: "1", fetched_at: null };
const metadata = { order: "alm_0123456789abcdef", fund: "families" };

/** A charge of a subscription names neither fund nor order nor invoice. */
const charge = (id: string, created: string, amount = "2000"): Fact => ({
  ...row,
  kind: "charge",
  id: `ch_${id}`,
  status: "succeeded",
  captured: true,
  amount_minor: amount,
  amount_captured_minor: amount,
  currency: "CAD",
  created,
  payment_intent: `pi_${id}`,
  customer: "cus_1",
  balance_transaction: null,
  billing: { email: "card@example.org", name: null },
  receipt_email: null,
  description: "Subscription update",
  metadata: {},
});
const invoice = (id: string, reason: string, created: string): Fact => ({
  ...row,
  kind: "invoice",
  id: `in_${id}`,
  status: "paid",
  billing_reason: reason,
  subscription: "sub_1",
  customer: "cus_1",
  customer_email: "customer@example.org",
  currency: "CAD",
  total_minor: "2000",
  attempt_count: 1,
  next_attempt_at: null,
  created,
  metadata,
});
const paid = (id: string, invoiceId = id, amount = "2000"): Fact => ({
  ...row,
  kind: "invoice_payment",
  id: `inpay_${id}`,
  invoice: `in_${invoiceId}`,
  status: "paid",
  payment_intent: `pi_${id}`,
  charge: null,
  amount_paid_minor: amount,
});
const session: Fact = {
  ...row,
  kind: "checkout_session",
  id: "cs_1",
  status: "complete",
  payment_status: "paid",
  mode: "subscription",
  payment_intent: null,
  customer: "cus_1",
  amount_total_minor: "2000",
  shipping_minor: null,
  currency: "CAD",
  created: "2021-03-01T16:59:00Z",
  customer_details: { email: "leyla@example.org", name: "Leyla Mammadova" },
  metadata: { ...metadata, show: "name", note: "Every month" },
  subscription: "sub_1",
  invoice: "in_1",
};
const subscription = (status = "active"): Fact => ({
  ...row,
  kind: "subscription",
  id: "sub_1",
  status,
  customer: "cus_1",
  currency: "CAD",
  amount_minor: "2000",
  every: "month",
  created: "2021-03-01T17:00:00Z",
  cancel_at: null,
  ended_at: null,
  metadata,
  status_fetched_at: null,
});
const first = [
  charge("1", "2021-03-01T17:00:00Z"),
  invoice("1", "subscription_create", "2021-03-01T17:00:00Z"),
  paid("1"),
  session,
  subscription(),
];

async function book(facts: Fact[], batch = 1): Promise<void> {
  for (let start = 0; start < facts.length; start += batch) {
    const drained = { mode: "sandbox", tickets: [], facts: facts.slice(start, start + batch) };
    await database.sql`select * from drain(${database.sql.json(drained)})`;
  }
}

const gifts = async (): Promise<object[]> => [
  ...(await database.sql`
    select f.slug::text as fund, g.amount_minor as amount, g.every, g.shown_name as name, i.key as who
    from gift g left join fund f on f.id = g.fund_id left join identity i on i.id = g.identity_id order by g.occurred_on, g.payment_id`),
];

const hers = { fund: "families", every: "month", name: "Leyla M.", who: "email:leyla@example.org" };

test("a monthly gift belongs to its subscription's fund and person, though its charge says nothing of either", async () => {
  await book(first);
  expect(await gifts()).toEqual([{ ...hers, amount: 2000n }]);
  expect(await database.sql`select * from audit()`).toEqual([]);
});

test("its renewals too, each on its own day, and she stays one donor", async () => {
  await book([
    ...first,
    charge("2", "2021-04-01T17:00:00Z"),
    paid("2"),
    invoice("2", "subscription_cycle", "2021-04-01T17:00:00Z"),
  ]);
  expect(await gifts()).toEqual([
    { ...hers, amount: 2000n },
    { ...hers, amount: 2000n },
  ]);
  const [fund] =
    await database.sql`select donors::int, gifts::int from totals(null, null, 'CAD') where fund_slug = 'families'`;
  expect(fund).toEqual({ donors: 1, gifts: 2 });
});

test("[37] an invoice paid in two parts is two payments of one fund", async () => {
  await book([
    ...first.slice(1),
    charge("1", "2021-03-01T17:00:00Z", "1500"),
    charge("1b", "2021-03-02T17:00:00Z", "500"),
    paid("1b", "1", "500"),
  ]);
  expect(await gifts()).toEqual([
    { ...hers, amount: 1500n },
    { ...hers, amount: 500n },
  ]);
});

test("an invoice that was settled outside Stripe, or was zero, is no gift", async () => {
  await book([invoice("9", "subscription_cycle", "2021-05-01T17:00:00Z"), subscription()]);
  expect(await gifts()).toEqual([]);
});

test("while its invoice is only named, the payment is arriving and in no total; the invoice is asked for in a while", async () => {
  await book([charge("1", "2021-03-01T17:00:00Z"), paid("1")]);
  expect(await database.sql`select state from payment`).toEqual([{ state: "arriving" }]);
  expect(await gifts()).toEqual([]);
  expect(await database.sql`select kind, object_id from fetch_need`).toEqual([{ kind: "invoice", object_id: "in_1" }]);
  await book([invoice("1", "subscription_create", "2021-03-01T17:00:00Z"), session, subscription()]);
  expect(await gifts()).toEqual([{ ...hers, amount: 2000n }]);
  expect(await database.sql`select * from fetch_need`).toEqual([]);
});

test("all 120 orders of its five facts leave the same books", { timeout: 120_000 }, async () => {
  await book(first, 500);
  const once = await canonicalDump(database.sql);
  for (const order of permutations(first)) {
    await forgetPayments(owner);
    await book(order);
    expect(await canonicalDump(database.sql)).toEqual(once);
  }
});

function permutations<Item>(items: Item[]): Item[][] {
  if (items.length <= 1) return [items];
  return items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}
