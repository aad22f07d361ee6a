import { expect, test } from "vitest";
import { Fields } from "../../src/stripe/field.ts";
import { lineItemFact } from "../../src/stripe/line-item.ts";
import { lineItem } from "../fixtures/stripe/line-item.ts";

const origin = { accountId: "7", fetchedAt: "2026-11-21T12:00:00.000000Z" };
const read = (overrides: object = {}) =>
  lineItemFact(new Fields({ ...lineItem, ...overrides }, "body.data[0]"), origin, { session: "cs_1", position: 3 });

test("a line says what was bought, how many, for how much, and copies what its product says", () => {
  expect(read()).toEqual({
    kind: "line_item",
    account_id: "7",
    id: "li_1SVpinsAlmonry01",
    fetched_at: "2026-11-21T12:00:00.000000Z",
    session: "cs_1",
    position: 3,
    description: "Khari Bulbul pin",
    quantity: 2,
    amount_total_minor: "1000",
    currency: "CAD",
    price: "price_1SVpinAlmonry01",
    product: "prod_SVpinAlmonry01",
    metadata: { kind: "sale", campaign: "khari-bulbul-pin", item: "pin", variant: "one" },
  });
});

test("of product, price and line the nearer one's word stands", () => {
  const price = { ...lineItem.price, metadata: { item: "from price", size: "from price" } };
  expect(read({ price, metadata: { size: "from line" } }).metadata).toEqual({
    kind: "sale",
    campaign: "khari-bulbul-pin",
    item: "from price",
    variant: "one",
    size: "from line",
  });
});

test("[33] a product that was deleted or not expanded says nothing, and the line still counts", () => {
  const gone = { id: "prod_1", object: "product", deleted: true };
  expect(read({ price: { ...lineItem.price, product: gone } })).toMatchObject({
    fetched_at: null,
    product: "prod_1",
    metadata: {},
  });
  expect(read({ price: { ...lineItem.price, product: "prod_1" } })).toMatchObject({ product: "prod_1", metadata: {} });
  expect(read({ price: null })).toMatchObject({ price: null, product: null, metadata: {}, amount_total_minor: "1000" });
});

test("a line without a quantity is one piece; a quantity that is no whole number is refused", () => {
  expect(read({ quantity: null }).quantity).toBe(1);
  expect(() => read({ quantity: 1.5 })).toThrow("body.data[0].quantity must be a whole number");
});
