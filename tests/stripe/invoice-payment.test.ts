import { expect, test } from "vitest";
import { Fields } from "../../src/stripe/field.ts";
import { invoicePaymentFact } from "../../src/stripe/invoice-payment.ts";
import { objectFacts } from "../../src/stripe/translate.ts";
import { invoicePayment } from "../fixtures/stripe/invoice-payment.ts";
import { invoice } from "../fixtures/stripe/invoice.ts";
import { paymentIntent } from "../fixtures/stripe/payment-intent.ts";

const origin = { accountId: "7", fetchedAt: null };
const read = (overrides: object = {}) =>
  invoicePaymentFact(new Fields({ ...invoicePayment, ...overrides }, "data.object"), origin);

test("an invoice payment says which payment paid which invoice", () => {
  expect(read()).toEqual({
    kind: "invoice_payment",
    account_id: "7",
    id: "inpay_1SVmonthlyAlmonry01",
    fetched_at: null,
    invoice: "in_1SVmonthlyAlmonry01",
    status: "paid",
    payment_intent: "pi_3SVmonthlyAlmonry01",
    charge: null,
    amount_paid_minor: "2500",
  });
});

test("it may name a charge alone; one that names neither is money that did not come through Stripe", () => {
  expect(read({ payment: { type: "charge", charge: "ch_1" } })).toMatchObject({ payment_intent: null, charge: "ch_1" });
  expect(read({ payment: { type: "payment_record", payment_record: "prec_1" } })).toMatchObject({
    payment_intent: null,
    charge: null,
  });
  expect(read({ payment: null, status: "half open", amount_paid: null })).toMatchObject({
    status: "half open",
    amount_paid_minor: null,
  });
});

test("invoice and payment that Stripe expanded in it are facts of their own", () => {
  const expanded = { ...invoicePayment, invoice, payment: { type: "payment_intent", payment_intent: paymentIntent } };
  const facts = objectFacts(new Fields(expanded, "x"), origin);
  expect(facts).toMatchObject([
    { kind: "invoice_payment", invoice: invoice.id, payment_intent: paymentIntent.id },
    { kind: "invoice" },
    { kind: "payment_intent" },
  ]);
});

test("one without an invoice is refused", () => {
  expect(() => read({ invoice: null })).toThrow("data.object.invoice must be an id");
});
