import { expect, test } from "vitest";
import { Fields } from "../../src/stripe/field.ts";
import { paymentIntentFact } from "../../src/stripe/payment-intent.ts";
import { objectFacts } from "../../src/stripe/translate.ts";
import { charge } from "../fixtures/stripe/charge.ts";
import { paymentIntent } from "../fixtures/stripe/payment-intent.ts";

const origin = { accountId: "7", fetchedAt: "2026-11-21T12:00:00.000000Z" };

test("a payment intent names its charge and carries our order", () => {
  expect(paymentIntentFact(new Fields(paymentIntent, "data.object"), origin)).toEqual({
    kind: "payment_intent",
    account_id: "7",
    id: "pi_3SVgiftAlmonry01",
    fetched_at: "2026-11-21T12:00:00.000000Z",
    status: "succeeded",
    amount_minor: "5000",
    currency: "CAD",
    created: "2020-11-01T19:29:50.000Z",
    latest_charge: "ch_3SVgiftAlmonry01",
    customer: null,
    metadata: { order: "alm_0123456789abcdefghij", fund: "families" },
  });
});

test("a payment intent fetched with its charge gives both", () => {
  const facts = objectFacts(new Fields({ ...paymentIntent, latest_charge: charge }, "body.data[0]"), origin);
  expect(facts).toMatchObject([
    { kind: "payment_intent", latest_charge: charge.id },
    { kind: "charge", id: charge.id, fetched_at: origin.fetchedAt },
  ]);
});

test("a payment intent without an amount is refused", () => {
  expect(() => paymentIntentFact(new Fields({ ...paymentIntent, amount: null }, "data.object"), origin)).toThrow(
    "data.object.amount must be a whole number of minor units",
  );
});

test("case 49: charges that older versions included in a payment intent are facts of their own", () => {
  const charges = { object: "list", data: [charge], has_more: false, url: "" };
  const facts = objectFacts(new Fields({ ...paymentIntent, latest_charge: undefined, charges }, "data.object"), origin);
  expect(facts).toMatchObject([
    { kind: "payment_intent", latest_charge: null },
    { kind: "charge", id: charge.id },
  ]);
});
