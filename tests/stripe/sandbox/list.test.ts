import type Stripe from "stripe";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { sandboxStore } from "../../../src/db/sandbox.ts";
import { memoryStore } from "../../../src/stripe/sandbox/memory-store.ts";
import type { StripeObject } from "../../../src/stripe/sandbox/store.ts";
import { openTestDatabase } from "../../database.ts";
import type { TestDatabase } from "../../database.ts";
import { donor, gift, known, startSandbox, subscribe } from "./fake.ts";
import type { Fake } from "./fake.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(async () => {
  await database.close();
});

const emptyPostgres = async () => {
  const { sql } = database;
  // The service's role may not truncate.
  for (const table of ["sandbox_account", "sandbox_object", "sandbox_task", "sandbox_answer"])
    await sql`delete from ${sql(table)}`;
  return sandboxStore<StripeObject>(database.sql);
};

describe.each([
  ["memory", async () => memoryStore()],
  ["PostgreSQL", emptyPostgres],
])("lists kept in %s", (_, open) => {
  let fake: Fake;
  beforeEach(async () => {
    fake = startSandbox(await open());
  });

  test("250 lines of one session are read to the last by paging, in their order", async () => {
    const line_items = Array.from({ length: 250 }, (__, index) => ({
      quantity: 1,
      price_data: { currency: "cad", unit_amount: 100, product_data: { name: `Line ${index}` } },
    }));
    const { id, amount_total } = await fake.stripe.checkout.sessions.create(gift(100, { line_items }));
    expect(amount_total).toBe(25_000);
    const lines = await fake.stripe.checkout.sessions
      .listLineItems(id, { limit: 100, expand: ["data.price.product"] })
      .autoPagingToArray({ limit: 1000 });
    expect(lines.map((line) => line.description)).toEqual(line_items.map((line) => line.price_data.product_data.name));
    expect(lines.map((line) => (line.price?.product as Stripe.Product | undefined)?.name)).toEqual(
      lines.map((line) => line.description),
    );
  });

  test("lists are newest first, and can be paged forwards and backwards", async () => {
    const made: string[] = [];
    for (let number = 0; number < 7; number += 1) {
      if (number % 3 === 0) fake.pass(60);
      made.push((await fake.stripe.customers.create({ name: `Person ${number}` })).id);
    }
    const newest = made.toReversed();
    const ids = async (parameters: Stripe.CustomerListParams) => {
      const page = await fake.stripe.customers.list(parameters);
      return { ids: page.data.map(({ id }) => id), more: page.has_more };
    };
    expect(await ids({ limit: 3 })).toEqual({ ids: newest.slice(0, 3), more: true });
    expect(await ids({ limit: 3, starting_after: newest[2] ?? "" })).toEqual({ ids: newest.slice(3, 6), more: true });
    expect(await ids({ limit: 3, starting_after: newest[5] ?? "" })).toEqual({ ids: newest.slice(6), more: false });
    expect(await ids({ limit: 3, ending_before: newest[5] ?? "" })).toEqual({ ids: newest.slice(2, 5), more: true });
    expect(await ids({ limit: 3, ending_before: newest[2] ?? "" })).toEqual({ ids: newest.slice(0, 2), more: false });
    const backwards = await fake.stripe.customers
      .list({ limit: 2, ending_before: newest[6] ?? "" })
      .autoPagingToArray({ limit: 100 });
    expect(backwards.map(({ id }) => id)).toEqual(made.slice(1));
  });

  test("lists can be asked by time", async () => {
    const first = await fake.stripe.customers.create({ name: "Early" });
    fake.pass(100);
    const second = await fake.stripe.customers.create({ name: "Late" });
    const names = async (created: Stripe.RangeQueryParam | number) =>
      (await fake.stripe.customers.list({ created })).data.map(({ name }) => name);
    expect(await names({ gt: first.created })).toEqual(["Late"]);
    expect(await names({ gte: first.created, lt: second.created })).toEqual(["Early"]);
    expect(await names({ lte: second.created })).toEqual(["Late", "Early"]);
    expect(await names(second.created)).toEqual(["Late"]);
  });

  test("products and prices are kept; made on the spot they are not listed as for sale", async () => {
    const product = await fake.stripe.products.create({ name: "Pin", description: "Enamel" });
    const price = await fake.stripe.prices.create({ currency: "CAD", unit_amount: 500, product: product.id });
    await fake.stripe.prices.create({
      currency: "cad",
      unit_amount: 700,
      product_data: { name: "Shirt" },
      active: false,
    });
    await fake.stripe.checkout.sessions.create(gift(900));
    expect((await fake.stripe.prices.list()).data.map(({ id }) => id)).toEqual([price.id]);
    expect((await fake.stripe.prices.list({ active: false })).data.map((one) => one.unit_amount)).toEqual([900, 700]);
    const [listed] = (await fake.stripe.prices.list({ product: product.id, expand: ["data.product"] })).data;
    expect(listed).toMatchObject({
      unit_amount: 500,
      currency: "cad",
      product: { name: "Pin", description: "Enamel" },
    });
    expect(String(listed?.unit_amount_decimal)).toBe("500");
    expect((await fake.stripe.products.list({ active: true })).data.map(({ name }) => name)).toEqual(["Shirt", "Pin"]);
    expect(await fake.stripe.products.retrieve(product.id)).toEqual(product);
  });

  test("payments, balance transactions and events are found by what they belong to", async () => {
    const { id } = await fake.stripe.checkout.sessions.create(gift(2500));
    const { session } = await fake.sandbox.pay("alov", id, donor);
    fake.pass(2);
    await fake.sandbox.tick();
    const refund = await fake.stripe.refunds.create({ payment_intent: known(session.payment_intent), amount: 500 });
    fake.pass(2);
    await fake.sandbox.tick();
    await fake.sandbox.idle();
    const [charge] = (await fake.stripe.charges.list({ payment_intent: known(session.payment_intent) })).data;
    const rows = await fake.stripe.balanceTransactions.list({ expand: ["data.source"] });
    expect(rows.data.map((row) => row.net)).toEqual([-500, 2397]);
    expect(rows.data.map((row) => (row.source as Stripe.Charge | Stripe.Refund).id)).toEqual([refund.id, charge?.id]);
    expect((await fake.stripe.balanceTransactions.list({ source: refund.id })).data.map((row) => row.amount)).toEqual([
      -500,
    ]);
    expect((await fake.stripe.balanceTransactions.list({ type: "charge" })).data.map((row) => row.amount)).toEqual([
      2500,
    ]);
    const types = ["charge.succeeded", "refund.created"];
    const events = await fake.stripe.events.list({ types, delivery_success: true });
    expect(events.data.map((event) => event.type)).toEqual(types.toReversed());
    const [event] = events.data;
    expect(await fake.stripe.events.retrieve(event?.id ?? "")).toEqual(event);
    const expanded = await fake.stripe.charges.retrieve(charge?.id ?? "", {
      expand: ["refunds", "payment_intent.latest_charge"],
    });
    expect(expanded.refunds?.data.map((one) => one.amount)).toEqual([500]);
    expect(expanded.payment_intent).toMatchObject({ latest_charge: { id: charge?.id } });
  });

  test("what cannot be expanded is refused", async () => {
    const { id } = await fake.stripe.checkout.sessions.create(gift(2500));
    const asked = fake.stripe.checkout.sessions.retrieve(id, { expand: ["metadata.order"] });
    await expect(asked).rejects.toThrow("This property cannot be expanded (metadata.order).");
    const withLines = await fake.stripe.checkout.sessions.retrieve(id, { expand: ["line_items"] });
    expect(withLines.line_items?.data.map((line) => line.amount_total)).toEqual([2500]);
  });

  test("the answer to an idempotency key is kept, and forgotten when it is old", async () => {
    const idempotencyKey = "one";
    const first = await fake.stripe.customers.create({ name: "Ana" }, { idempotencyKey });
    expect(await fake.stripe.customers.create({ name: "Ana" }, { idempotencyKey })).toEqual(first);
    fake.pass(86_401);
    expect((await fake.stripe.customers.create({ name: "Ana" }, { idempotencyKey })).id).not.toBe(first.id);
  });

  test("a year of a monthly gift, its end, and a customer who is deleted are kept alike", async () => {
    const { sandbox, stripe } = fake;
    const { subscription } = await subscribe(fake);
    await sandbox.advance(365 * 86_400 + 7200);
    const charges = await stripe.charges.list({ customer: known(subscription.customer), limit: 100 });
    expect(charges.data.map(({ status, balance_transaction: row }) => [status, row === null])).toEqual(
      Array.from({ length: 13 }, () => ["succeeded", false]),
    );
    const payout = await sandbox.payOut("alov");
    const rows = await stripe.balanceTransactions.list({ payout: known(payout), limit: 100 });
    expect(rows.data.reduce((sum, { net }) => sum + net, 0)).toBe(0);
    await stripe.customers.del(known(subscription.customer));
    expect((await stripe.customers.list()).data).toEqual([]);
    await sandbox.advance(90 * 86_400);
    expect((await stripe.invoices.list({ subscription: subscription.id, limit: 100 })).data).toHaveLength(13);
    await sandbox.idle();
  });

  test("an event that the door refused waits, and goes when it is taken", async () => {
    fake.door.status = 503;
    await fake.stripe.customers.create({ name: "Ana" });
    await fake.sandbox.idle();
    expect(
      (await fake.stripe.events.list({ delivery_success: false })).data.map((one) => one.pending_webhooks),
    ).toEqual([1]);
    fake.door.status = 200;
    fake.pass(1);
    expect(await fake.sandbox.tick()).toEqual({ settled: 0, retried: 1 });
    await fake.sandbox.idle();
    expect(fake.types()).toEqual(["customer.created"]);
    expect((await fake.stripe.events.list({ delivery_success: false })).data).toEqual([]);
  });
});
