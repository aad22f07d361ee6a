import { expect, test } from "vitest";
import { Fields } from "../../src/stripe/field.ts";
import { subscriptionFact } from "../../src/stripe/subscription.ts";
import { subscription } from "../fixtures/stripe/subscription.ts";

const origin = { accountId: "7", fetchedAt: null };
const read = (overrides: object = {}) =>
  subscriptionFact(new Fields({ ...subscription, ...overrides }, "data.object"), origin);

/** Items of these prices: `unit_amount`, quantity, and what recurs. */
function items(
  ...all: { unit: number | null; quantity?: number; interval?: string; count?: number; usage?: string }[]
): object {
  const [first] = subscription.items.data;
  const data = all.map(({ unit, quantity, interval = "month", count = 1, usage = "licensed" }) => ({
    ...first,
    quantity,
    price: {
      ...first?.price,
      unit_amount: unit,
      recurring: { interval, interval_count: count, usage_type: usage },
    },
  }));
  return { items: { object: "list", data, has_more: false, url: "" } };
}

test("a subscription says what is given how often, for what, and whether it still runs", () => {
  expect(read()).toEqual({
    kind: "subscription",
    account_id: "7",
    id: "sub_1SVmonthlyAlmonry01",
    fetched_at: null,
    status: "active",
    customer: "cus_SVmonthlyAlmonry01",
    currency: "CAD",
    amount_minor: "2500",
    every: "month",
    created: "2020-11-01T19:29:55.000Z",
    cancel_at: null,
    ended_at: null,
    metadata: { order: "alm_0123456789abcdefghij", fund: "families" },
    status_fetched_at: null,
  });
});

test("several items cost what they cost together", () => {
  expect(read(items({ unit: 500, quantity: 3 }, { unit: 1000, quantity: 1 }))).toMatchObject({
    amount_minor: "2500",
    every: "month",
  });
});

test.each([
  ["a price in parts of a cent", items({ unit: 500, quantity: 1 }, { unit: null, quantity: 1 })],
  ["a price by use", items({ unit: 500, usage: "metered" })],
  ["no items", items()],
  ["more items than came along", { items: { ...subscription.items, has_more: true } }],
  ["items that Stripe left out", { items: undefined }],
])("with %s, what a period costs is not known", (_claim, overrides) => {
  expect(read(overrides).amount_minor).toBeNull();
});

test("yearly, every three months, and a mixture that has no name", () => {
  expect(read(items({ unit: 500, interval: "year" })).every).toBe("year");
  expect(read(items({ unit: 500, count: 3 })).every).toBe("3 month");
  expect(read(items({ unit: 500 }, { unit: 500, interval: "year" })).every).toBeNull();
});

test("one that is to end, and one that has, say when; a status that we do not know is kept", () => {
  expect(read({ cancel_at: 1606850995, ended_at: null })).toMatchObject({ cancel_at: "2020-12-01T19:29:55.000Z" });
  expect(read({ status: "canceled", ended_at: 1606850995 })).toMatchObject({
    status: "canceled",
    ended_at: "2020-12-01T19:29:55.000Z",
  });
  expect(read({ status: "hibernating" }).status).toBe("hibernating");
});
