import { expect, test } from "vitest";
import { Fields } from "../../src/stripe/field.ts";
import { invoiceFact } from "../../src/stripe/invoice.ts";
import { objectFacts, translateBody } from "../../src/stripe/translate.ts";
import { invoicePayment } from "../fixtures/stripe/invoice-payment.ts";
import { invoice } from "../fixtures/stripe/invoice.ts";
import { stripeEvent } from "../stripe-event.ts";

const origin = { accountId: "7", fetchedAt: null };
const read = (overrides: object = {}) => invoiceFact(new Fields({ ...invoice, ...overrides }, "data.object"), origin);

test("an invoice says to which subscription it belongs, for how much, and what its subscription is for", () => {
  expect(read()).toEqual({
    kind: "invoice",
    account_id: "7",
    id: "in_1SVmonthlyAlmonry01",
    fetched_at: null,
    status: "paid",
    billing_reason: "subscription_create",
    subscription: "sub_1SVmonthlyAlmonry01",
    customer: "cus_SVmonthlyAlmonry01",
    customer_email: "nigar.aliyeva@example.org",
    currency: "CAD",
    total_minor: "2500",
    attempt_count: 1,
    next_attempt_at: null,
    created: "2020-11-01T19:29:56.000Z",
    metadata: { order: "alm_0123456789abcdefghij", fund: "families" },
  });
});

test("an instalment that was not paid says when it is tried again", () => {
  const failed = read({ status: "open", attempt_count: 2, next_payment_attempt: 1604518196 });
  expect(failed).toMatchObject({ status: "open", attempt_count: 2, next_attempt_at: "2020-11-04T19:29:56.000Z" });
});

test("an invoice that belongs to no subscription has its own metadata", () => {
  expect(read({ parent: null, metadata: { fund: "youth" } })).toMatchObject({
    subscription: null,
    metadata: { fund: "youth" },
  });
  const parent = { type: "subscription_details", subscription_details: { subscription: "sub_1", metadata: {} } };
  expect(read({ parent, metadata: { fund: "youth" } }).metadata).toEqual({ fund: "youth" });
});

test("a draft, an unknown reason and an unknown status are kept as they are", () => {
  expect(read({ status: null, billing_reason: "moon" })).toMatchObject({ status: null, billing_reason: "moon" });
  expect(read({ status: "forgiven" }).status).toBe("forgiven");
});

test("an invoice of nothing, or below it, is read like any other", () => {
  expect(read({ total: 0 }).total_minor).toBe("0");
  expect(read({ total: -500 }).total_minor).toBe("-500");
});

test("payments that Stripe included in an invoice are facts of their own", () => {
  const payments = { object: "list", data: [invoicePayment], has_more: false, url: "" };
  expect(objectFacts(new Fields({ ...invoice, payments }, "x"), origin)).toMatchObject([
    { kind: "invoice", id: invoice.id },
    { kind: "invoice_payment", id: invoicePayment.id, payment_intent: "pi_3SVmonthlyAlmonry01" },
  ]);
});

test("[49] an invoice in the shape from before 2025 is read as far as it goes, and asked for again", () => {
  const { parent: _, ...rest } = invoice;
  const old = {
    ...rest,
    subscription: "sub_1SVmonthlyAlmonry01",
    subscription_details: { metadata: { fund: "families" } },
    charge: "ch_1",
    payment_intent: "pi_1",
    paid: true,
  };
  const event = { ...stripeEvent("invoice.paid", {}, { api_version: "2024-06-20" }), data: { object: old } };
  expect(translateBody(JSON.stringify(event), "webhook", "7").facts).toMatchObject([
    { kind: "invoice", subscription: "sub_1SVmonthlyAlmonry01", metadata: { fund: "families" } },
    { kind: "wanted", what: "invoice", id: invoice.id },
  ]);
  expect(translateBody(JSON.stringify(stripeEvent("invoice.paid")), "webhook", "7").facts).toHaveLength(1);
});
