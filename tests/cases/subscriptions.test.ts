import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { charge } from "../fixtures/stripe/charge.ts";
import { invoice } from "../fixtures/stripe/invoice.ts";
import { invoicePayment } from "../fixtures/stripe/invoice-payment.ts";
import { subscription } from "../fixtures/stripe/subscription.ts";
import { stripeEvent, type TestEvent } from "../stripe-event.ts";
import { openBooks, listOf, type Books } from "./books.ts";

let books: Books;
beforeAll(async () => {
  books = await openBooks();
});
beforeEach(async () => await books.forget());
afterEach(async () => expect(await books.audit()).toEqual([]));
afterAll(async () => await books.close());

const month = 30 * 86_400;

/** The charge of an instalment: nothing in it says what it is for. */
const charged = (name: string, amount: number, after = 0): TestEvent =>
  stripeEvent("charge.succeeded", {
    id: `ch_${name}`,
    payment_intent: `pi_${name}`,
    amount,
    amount_captured: amount,
    created: charge.created + after,
    customer: "cus_SVmonthlyAlmonry01",
    billing_details: { email: null, name: null },
    description: "Subscription update",
    metadata: {},
  });
const billed = (name: string, overrides: Record<string, unknown> = {}): TestEvent =>
  stripeEvent("invoice.paid", { id: `in_${name}`, ...overrides });
const linked = (name: string, invoiceName = name, amount = 2500): TestEvent =>
  stripeEvent("invoice_payment.paid", {
    id: `inpay_${name}`,
    invoice: `in_${invoiceName}`,
    amount_paid: amount,
    payment: { type: "payment_intent", payment_intent: `pi_${name}` },
  });
const promised = stripeEvent("customer.subscription.created");
const first = [charged("1", 2500), billed("1"), linked("1"), promised];
const hers = { fund: "families", every: "month", who: "email:nigar.aliyeva@example.org" };

test("[13] an instalment with more lines than Stripe sends inside it is what was paid for it", async () => {
  const lines = Array.from({ length: 10 }, (_, place) => ({ id: `il_${place}`, amount: 250 }));
  const many = { lines: { object: "list", has_more: true, data: lines }, total: 4000, amount_paid: 4000 };
  await books.bring(charged("1", 4000), billed("1", many), linked("1", "1", 4000), promised);
  expect(await books.gifts()).toMatchObject([{ ...hers, amount: 4000n }]);
});

test("[35] lines of one invoice that share an id, as old versions have them, change nothing of what was given", async () => {
  const line = { id: subscription.id, object: "line_item", type: "subscription", amount: 1250, currency: "cad" };
  const { parent: _, ...old } = { ...invoice, id: "in_1", subscription: subscription.id };
  const lines = { object: "list", data: [line, line], has_more: false };
  const event = billed("1");
  books.answers.set("/v1/invoices/in_1", { ...invoice, id: "in_1" });
  books.answers.set(
    "/v1/invoice_payments",
    listOf([{ ...invoicePayment, invoice: "in_1", payment: { type: "payment_intent", payment_intent: "pi_1" } }]),
  );
  await books.bring(charged("1", 2500), { ...event, data: { object: { ...old, lines } } }, promised);
  expect(await books.gifts()).toMatchObject([{ ...hers, amount: 2500n }]);
});

describe("[36] an instalment", () => {
  const settled: [string, Record<string, unknown>][] = [
    ["that was paid outside Stripe", { amount_paid: 2500, amount_paid_off_stripe: 2500 }],
    ["of nothing, as in a trial", { total: 0, subtotal: 0, amount_due: 0, amount_paid: 0 }],
    ["that a credit balance paid", { starting_balance: -2500, ending_balance: 0, amount_due: 0, amount_paid: 0 }],
  ];
  test.each(settled)("[36] %s brings no money and makes nobody a donor", async (_claim, overrides) => {
    books.answers.set("/v1/invoices/in_1", { ...invoice, id: "in_1", ...overrides });
    await books.bring(billed("1", overrides), promised);
    await books.wait();
    expect([await books.states(), await books.gifts()]).toEqual([[], []]);
    expect(await books.sql`select from fetch_need`).toHaveLength(0);
    expect(await books.sql`select status from stripe_invoice`).toEqual([{ status: "paid" }]);
  });

  test("[36] that a payment record settled, which is no payment of Stripe's, brings no money either", async () => {
    const record = { type: "payment_record", payment_record: "pr_1" };
    await books.bring(billed("1"), promised, stripeEvent("invoice_payment.paid", { invoice: "in_1", payment: record }));
    await books.wait();
    expect(await books.gifts()).toEqual([]);
  });

  test("[36] that was overpaid is what was paid", async () => {
    const overpaid = { amount_paid: 3000, amount_overpaid: 500 };
    await books.bring(charged("1", 3000), billed("1", overpaid), linked("1", "1", 3000), promised);
    expect(await books.gifts()).toMatchObject([{ ...hers, amount: 3000n }]);
  });
});

test("[37] an instalment paid in two parts is two payments of one person to one fund", async () => {
  await books.bring(
    charged("1a", 1500),
    linked("1a", "1", 1500),
    billed("1"),
    promised,
    linked("1b", "1", 1000),
    charged("1b", 1000, 86_400),
  );
  expect(await books.gifts()).toMatchObject([
    { ...hers, amount: 1500n },
    { ...hers, amount: 1000n },
  ]);
  expect(await books.fund("families")).toMatchObject({ givenMinor: 2500, gifts: 2, donors: 1 });
});

test("[38] a change of the amount amid a month, with a line below zero, is what was paid, for the same fund", async () => {
  const lines = {
    object: "list",
    has_more: false,
    data: [
      { id: "il_1", amount: -1250, description: "Unused time on 25.00" },
      { id: "il_2", amount: 2500, description: "Remaining time on 50.00" },
    ],
  };
  const [item] = subscription.items.data;
  const changed = { items: { ...subscription.items, data: [{ ...item, quantity: 2 }] } };
  books.answers.set(`/v1/subscriptions/${subscription.id}`, { ...subscription, ...changed });
  await books.bring(
    ...first,
    stripeEvent("customer.subscription.updated", changed),
    charged("2", 1250, month / 2),
    billed("2", { billing_reason: "subscription_update", total: 1250, amount_paid: 1250, lines }),
    linked("2", "2", 1250),
  );
  expect(await books.gifts()).toMatchObject([
    { ...hers, amount: 2500n },
    { ...hers, amount: 1250n },
  ]);
  expect(await books.sql`select amount_minor as amount from stripe_subscription`).toEqual([{ amount: 5000n }]);
});

test("[39] what is given again after its fund was merged into another goes there; what was given before stays", async () => {
  await books.sql`insert into fund_alias (slug, since, fund_id) select 'families', '2020-11-15', id from fund where slug = 'general'`;
  await books.bring(
    ...first,
    charged("2", 2500, month),
    billed("2", { billing_reason: "subscription_cycle" }),
    linked("2"),
  );
  expect(await books.gifts()).toMatchObject([
    { ...hers, fund: "families", day: "2020-11-01" },
    { ...hers, fund: "general", day: "2020-12-01" },
  ]);
});
