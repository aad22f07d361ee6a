import { expect, test } from "vitest";
import { checkoutSessionFact } from "../../src/stripe/checkout-session.ts";
import { Fields } from "../../src/stripe/field.ts";
import { objectFacts } from "../../src/stripe/translate.ts";
import { checkoutSession } from "../fixtures/stripe/checkout-session.ts";
import { lineItem } from "../fixtures/stripe/line-item.ts";

const origin = { accountId: "7", fetchedAt: null };
const read = (overrides: object = {}) =>
  checkoutSessionFact(new Fields({ ...checkoutSession, ...overrides }, "data.object"), origin);

test("a session says what was ordered, by whom, and how it may be shown", () => {
  expect(read()).toEqual({
    kind: "checkout_session",
    account_id: "7",
    id: "cs_test_a1SVgiftAlmonry01",
    fetched_at: null,
    status: "complete",
    payment_status: "paid",
    mode: "payment",
    payment_intent: "pi_3SVgiftAlmonry01",
    customer: null,
    amount_total_minor: "5000",
    shipping_minor: "0",
    currency: "CAD",
    created: "2020-11-01T19:28:20.000Z",
    customer_details: { email: "leyla.mammadova@example.org", name: "Leyla Mammadova" },
    metadata: { order: "alm_0123456789abcdefghij", show: "name", note: "For the children.", fund: "families" },
    subscription: null,
    invoice: null,
  });
});

test("shipping is what was chosen, with its tax; where the session does not say, it is not known", () => {
  const chosen = { amount_subtotal: 1200, amount_tax: 156, amount_total: 1356, shipping_rate: "shr_1" };
  expect(read({ shipping_cost: chosen }).shipping_minor).toBe("1356");
  expect(read({ total_details: null }).shipping_minor).toBeNull();
});

test("an open session knows neither its payment nor who will pay", () => {
  const open = read({ status: "open", payment_status: "unpaid", payment_intent: null, customer_details: null });
  expect(open).toMatchObject({
    status: "open",
    payment_status: "unpaid",
    payment_intent: null,
    customer_details: null,
  });
});

test("a payment status that we do not know is kept; none at all is refused", () => {
  expect(read({ payment_status: "half paid" }).payment_status).toBe("half paid");
  expect(() => read({ payment_status: undefined })).toThrow("data.object.payment_status must be text");
});

test("case 49: a session in the shape of older versions is read; what moved elsewhere since is not needed", () => {
  const { collected_information: _now, ...rest } = checkoutSession;
  const old = { ...rest, shipping_details: { name: "Leyla", address: null }, currency_conversion: { fx_rate: "1.37" } };
  expect(checkoutSessionFact(new Fields(old, "data.object"), origin)).toEqual(read());
});

test("a session that began a subscription names it and its first invoice, and no payment", () => {
  const monthly = {
    mode: "subscription",
    payment_intent: null,
    subscription: "sub_1",
    invoice: { id: "in_1", object: "x" },
  };
  expect(read(monthly)).toMatchObject({ payment_intent: null, subscription: "sub_1", invoice: "in_1" });
});

test("lines that came inside a session are facts with their place in it", () => {
  const lines = { object: "list", has_more: false, url: "", data: [lineItem, { ...lineItem, id: "li_2" }] };
  const facts = objectFacts(new Fields({ ...checkoutSession, line_items: lines }, "data.object"), origin);
  expect(facts.slice(1)).toMatchObject([
    { kind: "line_item", id: lineItem.id, session: checkoutSession.id, position: 0 },
    { kind: "line_item", id: "li_2", session: checkoutSession.id, position: 1 },
  ]);
});
