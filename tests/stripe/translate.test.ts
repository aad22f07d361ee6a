import { expect, test } from "vitest";
import { isListenedTo, listenedTypes } from "../../src/core/event.ts";
import { TranslateError } from "../../src/stripe/field.ts";
import { translateBody } from "../../src/stripe/translate.ts";
import { checkoutSession } from "../fixtures/stripe/checkout-session.ts";
import { lineItem } from "../fixtures/stripe/line-item.ts";
import { stripeEvent } from "../stripe-event.ts";

const webhook = (body: unknown) =>
  translateBody(typeof body === "string" ? body : JSON.stringify(body), "webhook", "7");
const answer = (kind: string, id: string, data: unknown) =>
  translateBody(
    JSON.stringify({ object: "fetch", kind, id, started_at: "2026-11-21T12:00:00.000000Z", data }),
    "fetch",
    "7",
  ).facts;

test.each(Object.keys(listenedTypes))("an event %s is read into the fact of its object", (type) => {
  const event = stripeEvent(type);
  const { facts, mark } = webhook(event);
  expect(mark).toBeNull();
  expect(facts[0]).toMatchObject({ account_id: "7", id: event.data.object["id"], fetched_at: null });
  expect(facts.slice(1).every(({ kind }) => kind === "balance_transaction" || kind === "wanted")).toBe(true);
});

test("every type that is listened to says why", () => {
  for (const reason of Object.values(listenedTypes)) expect(reason.length).toBeGreaterThan(20);
  expect(isListenedTo("constructor")).toBe(false);
});

test("a type that nobody listens to gives no facts, whatever it carries", () => {
  expect(webhook({ ...stripeEvent("charge.succeeded"), type: "charge.invented" })).toEqual({
    facts: [],
    mark: "type not listened to",
  });
});

const thin = (type: string, object: unknown) =>
  webhook({ object: "v2.core.event", id: "evt_test_1", type, livemode: false, related_object: object });

test.each([
  ["v1.charge.succeeded", "charge", "charge"],
  ["v1.payment_intent.succeeded", "payment_intent", "payment_intent"],
  ["v1.checkout.session.completed", "checkout.session", "checkout_session"],
  ["v1.refund.created", "refund", "refund"],
  ["v1.customer.updated", "customer", "customer"],
  ["v1.invoice.paid", "invoice", "invoice"],
  ["v1.invoice_payment.paid", "invoice_payment", "invoice_payment"],
  ["v1.customer.subscription.updated", "subscription", "subscription"],
  ["v1.charge.dispute.created", "dispute", "dispute"],
  ["v1.payout.paid", "payout", "payout"],
])("a thin event %s has its object asked for", (type, name, what) => {
  expect(thin(type, { id: "x_1", type: name, url: "/v1/x" })).toEqual({
    facts: [{ kind: "wanted", account_id: "7", id: "x_1", fetched_at: null, what }],
    mark: null,
  });
});

test("a thin event about an object that is not read, or about none, is kept and marked", () => {
  expect(thin("v1.charge.succeeded", { id: "x_1", type: "v2.core.account" }).mark).toBe("thin event");
  expect(thin("v1.charge.succeeded", null).mark).toBe("thin event");
  expect(thin("v1.transfer.created", { id: "tr_1", type: "transfer" }).mark).toBe("type not listened to");
});

test("all lines of a session, and that there are no more", () => {
  expect(answer("line_items", "cs_1", [lineItem, { ...lineItem, id: "li_2" }])).toMatchObject([
    { kind: "line_item", session: "cs_1", position: 0, fetched_at: "2026-11-21T12:00:00.000000Z" },
    { kind: "line_item", session: "cs_1", position: 1, id: "li_2" },
    { kind: "fetched", what: "line_items", id: "cs_1", found: 2, fetched_at: "2026-11-21T12:00:00.000000Z" },
  ]);
});

test("the session of a payment, or that there is none", () => {
  expect(answer("session_of_payment", "pi_1", [checkoutSession])).toMatchObject([
    { kind: "checkout_session" },
    { kind: "fetched", what: "session_of_payment", id: "pi_1", found: 1 },
  ]);
  expect(answer("session_of_payment", "pi_1", [])).toMatchObject([{ kind: "fetched", found: 0 }]);
});

test.each([
  ["{", "the body is not JSON"],
  ["[]", "the body must be an object"],
  [JSON.stringify({ object: "event", type: "charge.succeeded" }), "data must be an object"],
  [JSON.stringify(stripeEvent("charge.succeeded", { object: "topup" })), "data.object is a topup, which is not read"],
  [
    JSON.stringify(stripeEvent("charge.succeeded", { object: "constructor" })),
    "data.object is a constructor, which is not read",
  ],
  [JSON.stringify({ ...stripeEvent("charge.succeeded"), data: { object: [] } }), "data.object must be an object"],
])("a body that cannot be read says why: %s", (body, message) => {
  expect(() => webhook(body)).toThrow(new TranslateError(message));
});

test("an answer that was not asked for cannot be read", () => {
  expect(() => answer("balance", "x", [])).toThrow("body.kind must be what was asked of Stripe");
  expect(() => answer("line_items", "x", {})).toThrow("body.data must be a list");
});
