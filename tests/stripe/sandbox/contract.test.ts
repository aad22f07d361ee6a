import { expect, test } from "vitest";
import { memoryStore } from "../../../src/stripe/sandbox/memory-store.ts";
import type { Change, Store, StripeObject } from "../../../src/stripe/sandbox/store.ts";
import { broken } from "./declared.ts";
import { donor, gift, known, startSandbox, subscribe } from "./fake.ts";
import type { Fake } from "./fake.ts";

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

const day = 86_400;

/** A little of everything that the sandbox can do to an account. */
async function everything(fake: Fake): Promise<void> {
  const { sandbox, stripe } = fake;
  const coupon = await stripe.coupons.create({ percent_off: 10, duration: "forever" });
  await stripe.promotionCodes.create({ promotion: { type: "coupon", coupon: coupon.id }, code: "TEN" });
  for (const card of ["domestic", "declined", "debit", "debit-bounces", "debit-fails", "refund-fails"] as const) {
    const { id } = await stripe.checkout.sessions.create(
      gift(5000, { allow_promotion_codes: true, adaptive_pricing: { enabled: true } }),
    );
    await sandbox.pay("alov", id, { ...donor, card, presentment: "usd", promotionCode: "TEN" });
  }
  await sandbox.advance(5 * day);
  const succeeded = (await stripe.charges.list()).data.filter(({ status }) => status === "succeeded");
  for (const charge of succeeded) await stripe.refunds.create({ charge: charge.id, amount: 500 });
  const [first, second] = succeeded;
  const won = await sandbox.dispute("alov", known(first), { reason: "fraudulent", amount: 1000 });
  await sandbox.decideDispute("alov", won.id, "won");
  await sandbox.dispute("alov", known(second), { reason: "general", amount: 1000, inquiry: true });
  const held = await stripe.checkout.sessions.create(gift(3000, { payment_intent_data: { capture_method: "manual" } }));
  const { session } = await sandbox.pay("alov", held.id, donor);
  await stripe.paymentIntents.capture(known(session.payment_intent), { amount_to_capture: 2000 });
  const lost = await stripe.checkout.sessions.create(gift(2500, { after_expiration: { recovery: { enabled: true } } }));
  const { subscription } = await subscribe(fake, { card: "declines-later" }, { discounts: [{ coupon: coupon.id }] });
  const yearly = await subscribe(fake, {}, { subscription_data: { trial_period_days: 7 } });
  await stripe.billingPortal.sessions.create({ customer: known(yearly.session.customer) });
  await sandbox.advance(2 * day);
  await sandbox.recover("alov", lost.id);
  await sandbox.advance(31 * day);
  await sandbox.setCard("alov", subscription.id, "domestic");
  await stripe.subscriptions.update(yearly.subscription.id, {
    cancel_at_period_end: true,
    pause_collection: { behavior: "void" },
  });
  const payout = await sandbox.payOut("alov");
  await sandbox.advance(40 * day);
  await sandbox.failPayout("alov", known(payout));
  await sandbox.move("alov", { type: "stripe_fee", amount: -100 });
}

test("every object of every resource holds what the SDK's types promise, read through the SDK", async () => {
  const fake = startSandbox();
  await everything(fake);
  await fake.sandbox.idle();
  const { stripe } = fake;
  const all = { limit: 100 };
  const sessions = await stripe.checkout.sessions.list(all);
  const invoices = await stripe.invoices.list(all);
  const lists: Record<string, { data: object[] }> = {
    product: await stripe.products.list(all),
    price: await stripe.prices.list({ ...all, active: false }),
    coupon: await stripe.coupons.list(all),
    promotion_code: await stripe.promotionCodes.list(all),
    customer: await stripe.customers.list(all),
    "checkout.session": sessions,
    item: await stripe.checkout.sessions.listLineItems(sessions.data[0]?.id ?? ""),
    payment_intent: await stripe.paymentIntents.list(all),
    charge: await stripe.charges.list({ ...all, expand: ["data.refunds"] }),
    refund: await stripe.refunds.list({ ...all, expand: ["data.balance_transaction"] }),
    dispute: await stripe.disputes.list(all),
    subscription: await stripe.subscriptions.list({ ...all, status: "all", expand: ["data.latest_invoice"] }),
    invoice: await stripe.invoices.list({ ...all, expand: ["data.payments"] }),
    line_item: await stripe.invoices.listLineItems(invoices.data[0]?.id ?? ""),
    invoice_payment: await stripe.invoicePayments.list(all),
    balance_transaction: await stripe.balanceTransactions.list(all),
    payout: await stripe.payouts.list(all),
    webhook_endpoint: await stripe.webhookEndpoints.list(),
  };
  for (const [kind, { data }] of Object.entries(lists)) {
    expect(data, kind).not.toHaveLength(0);
    expect(
      data.every((object) => "object" in object && object.object === kind),
      kind,
    ).toBe(true);
    expect(
      data.flatMap((object) => broken(object)),
      kind,
    ).toEqual([]);
  }
  expect(broken(await stripe.balance.retrieve())).toEqual([]);
  const events = await stripe.events.list(all).autoPagingToArray({ limit: 10_000 });
  // The declaration of an event gives no property of `data` but its object.
  expect(events.flatMap((event) => broken(event.data.object, event.type))).toEqual([]);
  expect(new Set(events.map(({ type }) => type)).size).toBeGreaterThan(30);
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
