import { expect, test } from "vitest";
import { memoryStore } from "../../../src/stripe/sandbox/memory-store.ts";
import type { Change, Store, StripeObject } from "../../../src/stripe/sandbox/store.ts";
import { donor, gift, known, startSandbox } from "./fake.ts";

/** Every object as it was built, before JSON could hide a missing value. */
function watched(): { store: Store; built: StripeObject[] } {
  const built: StripeObject[] = [];
  const store = memoryStore();
  const save = async (change: Change): Promise<void> => {
    built.push(...change.entries.map(({ doc }) => doc));
    await store.save(change);
  };
  return { store: { ...store, save }, built };
}

/** Paths to values that JSON would leave out or turn to null. */
function holes(value: unknown, path: string): string[] {
  if (value === undefined || (typeof value === "number" && !Number.isSafeInteger(value * 1_000_000))) return [path];
  if (typeof value !== "object" || value === null || "toJSON" in value) return [];
  return Object.entries(value).flatMap(([name, inner]) => holes(inner, `${path}.${name}`));
}

test("no object the sandbox builds lacks a value that its type promises, and all say they are no live money", async () => {
  const { store, built } = watched();
  const { sandbox, stripe, pass } = startSandbox(store);
  const shipping = { display_name: "Post", fixed_amount: { amount: 350, currency: "usd" } };
  const { id } = await stripe.checkout.sessions.create({
    ...gift(0),
    customer_creation: "always",
    line_items: [{ price_data: { currency: "usd", unit_amount: 500, product_data: { name: "Pin" } } }],
    shipping_address_collection: { allowed_countries: ["CA"] },
    shipping_options: [{ shipping_rate_data: shipping }],
  });
  await sandbox.pay("alov", id, { ...donor, card: "declined" });
  const { session } = await sandbox.pay("alov", id, { ...donor, card: "foreign" });
  await stripe.refunds.create({ payment_intent: known(session.payment_intent), amount: 100 });
  await stripe.checkout.sessions.create(gift(500));
  pass(90_000);
  await sandbox.tick();
  await sandbox.idle();

  const kinds = new Set(built.map((object) => object.object));
  expect([...kinds].toSorted()).toEqual([
    "balance_transaction",
    "charge",
    "checkout.session",
    "customer",
    "event",
    "item",
    "payment_intent",
    "price",
    "product",
    "refund",
    "shipping_rate",
  ]);
  expect(built.flatMap((object) => holes(object, object.object))).toEqual([]);
  expect(built.every((object) => !("livemode" in object) || !object.livemode)).toBe(true);
});

test("a session's lines and shipping sum to its total, and a balance transaction's net is its amount less its fees", async () => {
  const { store, built } = watched();
  const { sandbox, stripe, pass } = startSandbox(store);
  const line_items = [1, 2, 3].map((quantity) => ({
    quantity,
    price_data: { currency: "cad", unit_amount: 333, product_data: { name: "Pin" } },
  }));
  const { id } = await stripe.checkout.sessions.create(gift(500, { line_items }));
  await sandbox.pay("alov", id, donor);
  pass(2);
  await sandbox.tick();
  const session = built.find((object) => object.object === "checkout.session");
  const lines = built.filter((object) => object.object === "item");
  expect(lines.reduce((sum, line) => sum + line.amount_total, 0)).toBe(session?.amount_total);
  for (const row of built.filter((object) => object.object === "balance_transaction")) {
    expect(row.net).toBe(row.amount - row.fee);
    expect(row.fee_details.reduce((sum, fee) => sum + fee.amount, 0)).toBe(row.fee);
  }
});
