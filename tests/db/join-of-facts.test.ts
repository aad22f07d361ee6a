import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Sql } from "../../src/db/connect.ts";
import { openTestDatabase, type TestDatabase } from "../database.ts";

const runs = process.env.PROVE === "1" ? 2000 : 150;

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.sql`insert into account (slug) values ('alov')`;
});
afterAll(async () => await database.close());

const text = (...values: string[]) => fc.constantFrom<string | null>(null, ...values);
const known = (...values: string[]) => fc.constantFrom(...values);
const amount = known("0", "1", "500", "9007199254740993");
const maybeAmount = text("0", "1", "500");
const moment = known("2021-03-01T04:30:00Z", "2021-03-01T04:30:01Z");
const details = fc.constantFrom(
  null,
  { email: "a@b.ca", name: null },
  { email: null, name: "Ə" },
  { email: "é@b.ca", name: "Z" },
);
const metadata = fc.constantFrom(null, {}, { fund: "a" }, { fund: "b", order: "x" }, { fund: "B" });
const head = {
  account_id: fc.constant("1"),
  id: fc.constant("x_1"),
  fetched_at: text("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"),
};

/** Rows as facts bring them, with few values each, so that they often agree, contradict or know nothing. */
const rows: Record<string, fc.Arbitrary<object>> = {
  charge: fc.record({
    ...head,
    status: known("pending", "failed", "succeeded", "unheard_of", "Later"),
    captured: fc.boolean(),
    amount_minor: amount,
    amount_captured_minor: maybeAmount,
    currency: known("CAD", "EUR"),
    created: moment,
    payment_intent: text("pi_1", "pi_2"),
    customer: text("cus_1"),
    balance_transaction: text("txn_1", "txn_2"),
    billing: details,
    receipt_email: text("a@b.ca", "c@d.ca"),
    description: text("a", "B", "ə"),
    metadata,
  }),
  payment_intent: fc.record({
    ...head,
    status: known("processing", "canceled", "succeeded", "unheard_of"),
    amount_minor: amount,
    currency: known("CAD", "EUR"),
    created: moment,
    latest_charge: text("ch_1", "ch_2"),
    customer: text("cus_1", "cus_2"),
    metadata,
  }),
  checkout_session: fc.record({
    ...head,
    status: text("open", "complete", "expired", "unheard_of"),
    payment_status: known("unpaid", "paid", "no_payment_required", "unheard_of"),
    mode: known("payment", "subscription"),
    payment_intent: text("pi_1", "pi_2"),
    customer: text("cus_1"),
    amount_total_minor: maybeAmount,
    shipping_minor: maybeAmount,
    currency: text("CAD", "EUR"),
    created: moment,
    customer_details: details,
    metadata,
    subscription: text("sub_1"),
    invoice: text("in_1", "in_2"),
  }),
  line_item: fc.record({
    ...head,
    session: known("cs_1", "cs_2"),
    position: fc.nat(3),
    description: text("a", "b"),
    quantity: fc.nat(3),
    amount_total_minor: amount,
    currency: known("CAD"),
    price: text("price_1"),
    product: text("prod_1", "prod_2"),
    metadata: fc.constantFrom({}, { kind: "gift" }, { kind: "sale" }),
  }),
  refund: fc.record({
    ...head,
    status: known("pending", "requires_action", "succeeded", "failed", "canceled", "unheard_of"),
    charge: text("ch_1", "ch_2"),
    payment_intent: text("pi_1"),
    amount_minor: amount,
    currency: known("CAD", "EUR"),
    created: moment,
    balance_transaction: text("txn_1"),
    failure_balance_transaction: text("txn_2", "txn_3"),
    metadata,
  }),
  balance_transaction: fc
    .record({
      ...head,
      source: text("ch_1", "ch_2"),
      type: known("charge", "payment"),
      amount: fc.nat(3),
      fee: fc.nat(3),
      currency: known("CAD", "EUR"),
      exchange_rate: text("1.4"),
      created: moment,
      balance_type: text("payments", "risk_reserved"),
      description: text("Radar"),
      fee_tax_minor: maybeAmount,
    })
    .map(({ amount: gross, fee, ...row }) => ({
      ...row,
      amount_minor: `${gross}`,
      fee_minor: `${fee}`,
      net_minor: `${gross - fee}`,
    })),
  customer: fc.record({ ...head, details }),
  invoice: fc.record({
    ...head,
    status: text("draft", "open", "paid", "void", "unheard_of"),
    billing_reason: text("subscription_create"),
    subscription: text("sub_1", "sub_2"),
    customer: text("cus_1"),
    customer_email: text("a@b.ca", "c@d.ca"),
    currency: known("CAD", "EUR"),
    total_minor: maybeAmount,
    attempt_count: fc.option(fc.nat(3)),
    next_attempt_at: text("2021-03-01T04:30:00Z", "2021-03-02T04:30:00Z"),
    created: moment,
    metadata,
  }),
  invoice_payment: fc.record({
    ...head,
    invoice: known("in_1", "in_2"),
    status: known("open", "paid", "canceled", "unheard_of"),
    payment_intent: text("pi_1", "pi_2"),
    charge: text("ch_1"),
    amount_paid_minor: maybeAmount,
  }),
  subscription: fc.record({
    ...head,
    status: known("incomplete", "active", "past_due", "canceled", "incomplete_expired", "unheard_of"),
    status_fetched_at: text("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"),
    customer: text("cus_1"),
    currency: text("CAD"),
    amount_minor: maybeAmount,
    every: text("month", "year"),
    created: moment,
    cancel_at: text("2021-03-01T04:30:00Z"),
    ended_at: text("2021-03-01T04:30:00Z", "2021-04-01T04:30:00Z"),
    metadata,
  }),
  dispute: fc.record({
    ...head,
    charge: text("ch_1", "ch_2"),
    payment_intent: text("pi_1"),
    status: known("needs_response", "won", "lost", "unheard_of"),
    reason: text("fraudulent", "duplicate"),
    amount_minor: amount,
    currency: known("CAD", "EUR"),
    created: moment,
  }),
  payout: fc.record({
    ...head,
    status: known("pending", "in_transit", "paid", "failed", "canceled", "unheard_of"),
    amount_minor: known("-500", "0", "500"),
    currency: known("CAD", "EUR"),
    automatic: fc.boolean(),
    method: text("standard", "instant"),
    arrival_date: known("2021-03-01", "2021-03-02"),
    created: moment,
    balance_transaction: text("txn_1", "txn_2"),
    failure_balance_transaction: text("txn_3"),
    original_payout: text("po_1"),
    reversed_by: text("po_2"),
    reconciliation_status: text("not_applicable", "in_progress", "completed", "unheard_of"),
    trace_id: text("1", "2"),
  }),
  payout_member: fc.record({ ...head, payout: known("po_1", "po_2") }),
  balance: fc.record({
    ...head,
    currency: known("CAD"),
    balance_type: known("payments"),
    available_minor: amount,
    pending_minor: amount,
    reserved_minor: maybeAmount,
  }),
};

describe("two rows of one Stripe object become one, whatever their order", () => {
  for (const [kind, row] of Object.entries(rows)) {
    test(`${kind}: joining is commutative, associative and idempotent`, async () => {
      const triples = fc.sample(fc.tuple(row, row, row), runs);
      expect(await brokenLaws(database.sql, kind, triples)).toEqual([]);
    });
  }
});

test("the fold of a batch is the join of its rows one after the other", async () => {
  const batches = fc.sample(fc.array(rows.charge!, { minLength: 1, maxLength: 6 }), runs);
  const broken = await database.sql`
    with batch as (select n, b from jsonb_array_elements(${database.sql.json(batches)}) with ordinality u (b, n)),
    folded as (
      select n, stripe_charge_fold(f order by place) as forward, stripe_charge_fold(f order by place desc) as backward
      from batch
      cross join lateral (
        select f, row_number() over () as place from jsonb_populate_recordset(null::stripe_charge, b) f
      ) rows
      group by n
    )
    select n::int from folded where forward is distinct from backward`;
  expect(broken).toEqual([]);
});

test("a null never erases what is known, and a later fetch replaces what events said", async () => {
  const [joined] = await database.sql<
    { email: string; balance: string; description: string; contradicts: boolean | null }[]
  >`
    select (j).receipt_email as email, (j).balance_transaction as balance, (j).description as description, (j).contradicts as contradicts
    from (
      select stripe_charge_join(
        jsonb_populate_record(null::stripe_charge, ${charge({ receipt_email: "a@b.ca", balance_transaction: "txn_1", description: "zz" })}::jsonb),
        jsonb_populate_record(null::stripe_charge, ${charge({ fetched_at: "2026-01-01T00:00:00Z", description: "aa", receipt_email: "a@b.ca" })}::jsonb)
      ) as j
    ) q`;
  expect(joined).toEqual({ email: "a@b.ca", balance: "txn_1", description: "aa", contradicts: null });
});

test("two different amounts of one charge raise a mark, and the lesser stands", async () => {
  const [joined] = await database.sql<{ amount: bigint; contradicts: boolean | null }[]>`
    select (j).amount_minor as amount, (j).contradicts as contradicts
    from (
      select stripe_charge_join(
        jsonb_populate_record(null::stripe_charge, ${charge({ amount_minor: "500" })}::jsonb),
        jsonb_populate_record(null::stripe_charge, ${charge({ amount_minor: "501" })}::jsonb)
      ) as j
    ) q`;
  expect(joined).toEqual({ amount: 500n, contradicts: true });
});

function charge(overrides: object): string {
  const plain = {
    account_id: "1",
    id: "ch_1",
    status: "succeeded",
    captured: true,
    amount_minor: "500",
    currency: "CAD",
  };
  return JSON.stringify({ ...plain, created: "2021-03-01T00:00:00Z", metadata: {}, ...overrides });
}

/** Asks the database for every triple of rows for which a law of joins does not hold; answers the numbers of these. */
async function brokenLaws(sql: Sql, kind: string, triples: object[][]): Promise<{ n: number }[]> {
  const row = sql(`stripe_${kind}`);
  const join = sql(`stripe_${kind}_join`);
  const found = await sql<{ n: number }[]>`
    with triple as (
      select n, jsonb_populate_record(null::${row}, t -> 0) as a, jsonb_populate_record(null::${row}, t -> 1) as b,
        jsonb_populate_record(null::${row}, t -> 2) as c
      from jsonb_array_elements(${sql.json(triples)}) with ordinality u (t, n)
    )
    select n::int as n from triple
    where ${join}(a, b) is distinct from ${join}(b, a)
      or ${join}(a, a) is distinct from a
      or ${join}(${join}(a, b), c) is distinct from ${join}(a, ${join}(b, c))
      or ${join}(${join}(a, b), b) is distinct from ${join}(a, b)`;
  return [...found];
}
