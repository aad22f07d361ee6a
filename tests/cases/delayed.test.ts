import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { balanceTransaction } from "../fixtures/stripe/balance-transaction.ts";
import { charge } from "../fixtures/stripe/charge.ts";
import { checkoutSession } from "../fixtures/stripe/checkout-session.ts";
import { lineItem } from "../fixtures/stripe/line-item.ts";
import { withdrawal } from "../fixtures/stripe/dispute.ts";
import { stripeEvent } from "../stripe-event.ts";
import { openBooks, listOf, type Books } from "./books.ts";

// A pre-authorised debit is decided days later; an authorised card is charged later, in part, or never.

let books: Books;
beforeAll(async () => {
  books = await openBooks();
});
beforeEach(async () => await books.forget());
afterEach(async () => expect(await books.audit()).toEqual([]));
afterAll(async () => await books.close());

const debit = {
  id: "py_3SVgiftAlmonry01",
  payment_method_details: { type: "acss_debit", acss_debit: { bank_name: "TD", last4: "6789" } },
};
const pending = { ...debit, status: "pending", paid: false, amount_captured: 5000 };
const failed = { ...debit, status: "failed", paid: false, failure_code: "insufficient_funds" };
const plain = { metadata: { fund: "families" } };

const pins = {
  ...lineItem,
  amount_total: 5000,
  quantity: 10,
  price: {
    ...lineItem.price,
    product: {
      id: "prod_1",
      object: "product",
      metadata: { kind: "sale", campaign: "shop", item: "pin", variant: "only" },
    },
  },
};
const shop = { metadata: { ...checkoutSession.metadata, campaign: "shop" } };
const begun = [
  stripeEvent("checkout.session.completed", { ...shop, payment_status: "unpaid" }),
  stripeEvent("payment_intent.processing", { status: "processing", latest_charge: debit.id }),
  stripeEvent("charge.pending", pending),
];
const decided = [stripeEvent("checkout.session.async_payment_succeeded", shop), stripeEvent("charge.succeeded", debit)];
const soldPins = async (): Promise<object[]> => [
  ...(await books.sql`select i.slug::text as item, s.quantity::int, s.amount_minor as amount from sale s join item i on i.id = s.item_id`),
];

test("[17] an order that a bank has not decided is pending and sells nothing; decided, it is sold", async () => {
  books.answers.set(`/v1/checkout/sessions/${checkoutSession.id}/line_items`, listOf([pins]));
  await books.bring(...begun);
  expect([await books.states(), await soldPins(), await books.gifts()]).toEqual([["pending"], [], []]);
  const [waiting] = await books.sql`select * from pending_payments('CAD')`;
  expect(waiting).toMatchObject({ payments: 1n, amount_minor: 5000n });
  await books.bring(...decided);
  expect(await books.states()).toEqual(["succeeded"]);
  expect(await soldPins()).toEqual([{ item: "pin", quantity: 10, amount: 5000n }]);
});

test("[18] a bank's yes that is told before its question is a yes", async () => {
  books.answers.set(`/v1/checkout/sessions/${checkoutSession.id}/line_items`, listOf([pins]));
  await books.bring(...begun, ...decided);
  const inOrder = await books.dump();
  await books.forget();
  books.answers.set(`/v1/checkout/sessions/${checkoutSession.id}/line_items`, listOf([pins]));
  await books.bring(...decided.toReversed(), ...begun.toReversed());
  expect(await books.dump()).toEqual(inOrder);
  expect(await soldPins()).toEqual([{ item: "pin", quantity: 10, amount: 5000n }]);
});

test("[19] a debit that fails although its money was announced is a failed order, and both movements are kept", async () => {
  const announced = { ...balanceTransaction, id: "txn_debit", type: "payment", source: debit.id };
  const reversed = {
    ...announced,
    id: "txn_debit_failed",
    type: "payment_failure_refund",
    amount: -5000,
    fee: 0,
    fee_details: [],
    net: -5000,
  };
  const events = [
    ...begun,
    stripeEvent("charge.updated", { ...pending, balance_transaction: announced }),
    stripeEvent("charge.failed", {
      ...failed,
      balance_transaction: "txn_debit",
      failure_balance_transaction: reversed,
    }),
    stripeEvent("checkout.session.async_payment_failed", { ...shop, payment_status: "unpaid" }),
  ];
  for (const order of [events, events.toReversed()]) {
    await books.forget();
    await books.bring(...order);
    expect([await books.states(), await soldPins(), await books.gifts()]).toEqual([["failed"], [], []]);
    const [moved] = await books.sql`
      select count(*)::int as movements, sum(amount_minor)::int as amount from stripe_balance_transaction`;
    expect(moved).toEqual({ movements: 2, amount: 0 });
  }
});

test("[20] a debit that is disputed after 60 days lowers the fund on that day; the month it was given in stands", async () => {
  await books.bring(stripeEvent("charge.succeeded", { ...debit, ...plain }));
  const taken = { ...withdrawal, created: charge.created + 60 * 86_400, source: "du_1" };
  const dispute = { id: "du_1", charge: debit.id, reason: "insufficient_funds", balance_transactions: [taken] };
  await books.bring(stripeEvent("charge.dispute.created", { ...dispute, status: "lost" }));
  const months = await books.sql`
    select month, given_minor as given, returned_minor as returned from totals_by_month(null, null, 'CAD') order by 1`;
  expect(months).toEqual([
    { month: "2020-11", given: 5000n, returned: 0n },
    { month: "2020-12", given: 0n, returned: 5000n },
  ]);
  expect(await books.fund("families")).toMatchObject({ raisedMinor: 0, gifts: 0, donors: 0 });
});

const authorised = { ...plain, captured: false, amount: 10_000, amount_captured: 0 };
const capturedInPart = { ...plain, amount: 10_000, amount_captured: 6000 };

test("[29] of 100 dollars authorised and 60 taken, 60 are given", async () => {
  await books.bring(stripeEvent("charge.succeeded", authorised));
  expect([await books.states(), await books.gifts()]).toEqual([["pending"], []]);
  await books.bring(stripeEvent("charge.captured", capturedInPart));
  expect(await books.gifts()).toMatchObject([{ fund: "families", amount: 6000n, returned: 0n }]);
});

test("[29] neither does what older API versions call a refund, the 40 that were let go, lower it", async () => {
  const letGo = {
    ...balanceTransaction,
    id: "txn_let_go",
    type: "refund",
    reporting_category: "partial_capture_reversal",
    source: "re_let_go",
    amount: -4000,
    fee: -116,
    fee_details: [],
    net: -3884,
  };
  const release = { id: "re_let_go", amount: 4000, balance_transaction: "txn_let_go" };
  const events = [
    stripeEvent("charge.succeeded", authorised),
    stripeEvent("charge.captured", { ...capturedInPart, amount_refunded: 4000 }),
    stripeEvent("refund.created", release),
    stripeEvent("refund.created", { id: "re_true", amount: 1000 }),
  ];
  for (const order of [events, events.toReversed()]) {
    await books.forget();
    books.answers.set("/v1/balance_transactions/txn_let_go", letGo);
    books.answers.set("/v1/balance_transactions/txn_3SVrefundAlmonry01", {
      ...letGo,
      id: "txn_3SVrefundAlmonry01",
      reporting_category: "refund",
      source: "re_true",
      amount: -1000,
      fee: 0,
      net: -1000,
    });
    await books.bring(...order);
    expect(await books.gifts()).toMatchObject([{ amount: 6000n, returned: 1000n }]);
  }
});

test("[30] an authorisation that runs out, or is given up, was no gift and is not waited for", async () => {
  const events = [
    stripeEvent("charge.succeeded", authorised),
    stripeEvent("charge.expired", { ...authorised, refunded: true }),
    stripeEvent("payment_intent.canceled", { status: "canceled", amount: 10_000, cancellation_reason: "expired" }),
  ];
  for (const order of [events, events.toReversed()]) {
    await books.forget();
    await books.bring(...order);
    await books.wait();
    expect([await books.states(), await books.gifts()]).toEqual([["failed"], []]);
    expect(await books.sql`select from fetch_need`).toHaveLength(0);
  }
});
