import { expect, test } from "vitest";
import { withoutPersons } from "../../src/stripe/personal.ts";
import { charge } from "../fixtures/stripe/charge.ts";
import { checkoutSession } from "../fixtures/stripe/checkout-session.ts";
import { customer } from "../fixtures/stripe/customer.ts";
import { dispute } from "../fixtures/stripe/dispute.ts";

const objects = { charge, checkoutSession, customer, dispute };

test.each(Object.entries(objects))(
  "a whole %s of Stripe names nobody afterwards, and is still the same object",
  (_, object) => {
    const left = withoutPersons(JSON.stringify(object));
    // The fixtures' people are all Mammadovas at example.org, with a card that ends in 4242.
    expect(left).not.toMatch(/leyla(?!almonry)|mammadova|@example|4242"|\+1/iu);
    const { id, created } = object;
    expect(JSON.parse(left)).toMatchObject({ id, created });
  },
);

test("names, addresses, cards and free text go, at any depth; ids, amounts, days and our own metadata stay", () => {
  const donated = {
    id: "ch_1",
    amount: 5000,
    created: 1604258000,
    balance_transaction: "txn_1",
    description: "Gift of Leyla",
    metadata: { order: "alm_1", fund: "families", note: "For Leyla", donor: "Leyla" },
    billing_details: { name: "Leyla", email: "leyla@example.org", address: { line1: "1 Main Street" } },
    source: { object: "card", id: "card_1", name: "Leyla", last4: "4242", address_line1: "1 Main Street" },
    payment_method_details: { card: { last4: "4242", fingerprint: "Xt5" }, type: "card" },
    refunds: { data: [{ id: "re_1", amount: 100, metadata: { reason: "Leyla asked" } }] },
  };
  const event = { data: { object: donated, previous_attributes: { receipt_email: "leyla@example.org" } } };
  expect(JSON.parse(withoutPersons(JSON.stringify(event)))).toEqual({
    data: {
      object: {
        ...donated,
        description: null,
        metadata: { order: "alm_1", fund: "families" },
        billing_details: null,
        source: { object: "card", id: "card_1", name: null, last4: null, address_line1: null },
        payment_method_details: null,
        refunds: { data: [{ id: "re_1", amount: 100, metadata: {} }] },
      },
      previous_attributes: { receipt_email: null },
    },
  });
});

test("what is no JSON is emptied whole", () => {
  expect(withoutPersons("Leyla")).toBe("{}");
});
