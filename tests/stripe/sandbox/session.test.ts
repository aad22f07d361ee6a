import type Stripe from "stripe";
import { expect, test } from "vitest";
import { donor, gift, known, startSandbox } from "./fake.ts";
import type { Fake } from "./fake.ts";

const day = 86_400;
const manual = { payment_intent_data: { capture_method: "manual" as const } };

async function held({ sandbox, stripe }: Fake): Promise<{ session: Stripe.Checkout.Session; intent: string }> {
  const { id } = await stripe.checkout.sessions.create(gift(10_000, manual));
  const { session } = await sandbox.pay("alov", id, donor);
  return { session, intent: known(session.payment_intent) };
}

test("money that is only held is no payment until it is taken, and may be taken in part", async () => {
  const fake = startSandbox();
  const { sandbox, stripe, types } = fake;
  const { session, intent } = await held(fake);
  expect(session).toMatchObject({ status: "complete", payment_status: "unpaid" });
  const before = await stripe.paymentIntents.retrieve(intent, { expand: ["latest_charge"] });
  expect(before).toMatchObject({
    status: "requires_capture",
    amount_capturable: 10_000,
    latest_charge: { status: "succeeded", captured: false, amount_captured: 0 },
  });
  await sandbox.advance(60);
  expect((await stripe.balanceTransactions.list()).data).toEqual([]);
  expect(await stripe.paymentIntents.capture(intent, { amount_to_capture: 6000 })).toMatchObject({
    status: "succeeded",
    amount_received: 6000,
    amount_capturable: 0,
  });
  await sandbox.advance(2);
  await sandbox.idle();
  expect(types()).toEqual(
    expect.arrayContaining([
      "payment_intent.amount_capturable_updated",
      "charge.captured",
      "payment_intent.succeeded",
      "charge.updated",
    ]),
  );
  const rows = await stripe.balanceTransactions.list();
  expect(rows.data.map(({ amount, fee }) => [amount, fee])).toEqual([[6000, 204]]);
  await expect(stripe.paymentIntents.capture(intent)).rejects.toMatchObject({
    code: "payment_intent_unexpected_state",
  });
});

test("an account may show a partial capture as the whole and what was let go of it", async () => {
  const fake = startSandbox(undefined, { settings: () => ({ partialCapture: "two rows" }) });
  const { intent } = await held(fake);
  await fake.stripe.paymentIntents.capture(intent, { amount_to_capture: 6000 });
  await fake.sandbox.advance(2);
  const { data } = await fake.stripe.balanceTransactions.list();
  const shown = data.map(({ amount, fee, reporting_category }) => [amount, fee, reporting_category]);
  expect(shown).toEqual(
    expect.arrayContaining([
      [10_000, 204, "charge"],
      [-4000, 0, "partial_capture_reversal"],
    ]),
  );
});

test.each(["let go", "forgotten"] as const)("what is held and %s is no money at all", async (how) => {
  const fake = startSandbox();
  const { sandbox, stripe, types } = fake;
  const { intent } = await held(fake);
  if (how === "let go") await stripe.paymentIntents.cancel(intent);
  await sandbox.advance(8 * day);
  await sandbox.idle();
  expect(await stripe.paymentIntents.retrieve(intent)).toMatchObject({ status: "canceled", amount_received: 0 });
  expect(types()).toContain(how === "let go" ? "charge.refunded" : "charge.expired");
  expect((await stripe.balanceTransactions.list()).data).toEqual([]);
});

test("a session that expired is recovered by another one, which names it", async () => {
  const fake = startSandbox();
  const { sandbox, stripe } = fake;
  const made = await stripe.checkout.sessions.create(gift(2500, { after_expiration: { recovery: { enabled: true } } }));
  expect(made.after_expiration?.recovery).toMatchObject({ enabled: true, url: null });
  await sandbox.advance(day);
  const over = await stripe.checkout.sessions.retrieve(made.id);
  expect(over).toMatchObject({ status: "expired", after_expiration: { recovery: { enabled: true } } });
  const path = new URL(over.after_expiration?.recovery?.url ?? "").pathname;
  const answer = await sandbox.app.request(path);
  const id = answer.headers.get("location")?.split("/").at(-1) ?? "";
  expect(answer.status).toBe(302);
  const again = await stripe.checkout.sessions.retrieve(id, { expand: ["line_items"] });
  expect(again).toMatchObject({ status: "open", recovered_from: made.id, amount_total: 2500, metadata: made.metadata });
  expect(again.line_items?.data.map((line) => line.description)).toEqual(["Gift to Families"]);
  expect((await sandbox.pay("alov", id, donor)).outcome).toBe("paid");
  await sandbox.advance(40 * day);
  expect((await sandbox.app.request(path)).status).toBe(404);
});

test("a coupon of 100% makes an order without a payment", async () => {
  const { sandbox, stripe, types } = startSandbox();
  const coupon = await stripe.coupons.create({ percent_off: 100 });
  const made = await stripe.checkout.sessions.create(gift(2500, { discounts: [{ coupon: coupon.id }] }));
  expect(made).toMatchObject({ amount_subtotal: 2500, amount_total: 0, total_details: { amount_discount: 2500 } });
  const { session } = await sandbox.pay("alov", made.id, donor);
  expect(session).toMatchObject({ status: "complete", payment_status: "no_payment_required", payment_intent: null });
  await sandbox.idle();
  expect(types()).toEqual(["checkout.session.completed"]);
  expect((await stripe.charges.list()).data).toEqual([]);
});

test("a promotion code takes its part off each line, to the cent", async () => {
  const { sandbox, stripe } = startSandbox();
  const coupon = await stripe.coupons.create({ amount_off: 100, currency: "cad" });
  await stripe.promotionCodes.create({ promotion: { type: "coupon", coupon: coupon.id }, code: "novruz" });
  const line_items = [333, 333, 334].map((unit_amount) => ({
    price_data: { currency: "cad", unit_amount, product_data: { name: "Pin" } },
  }));
  const { id } = await stripe.checkout.sessions.create(gift(0, { line_items, allow_promotion_codes: true }));
  await expect(sandbox.pay("alov", id, { ...donor, promotionCode: "wrong" })).rejects.toThrow("invalid");
  const { session } = await sandbox.pay("alov", id, { ...donor, promotionCode: "NOVRUZ" });
  expect(session).toMatchObject({ amount_subtotal: 1000, amount_total: 900, discounts: [{ coupon: coupon.id }] });
  const lines = await stripe.checkout.sessions.listLineItems(id);
  expect(lines.data.map(({ amount_discount, amount_total }) => [amount_discount, amount_total])).toEqual([
    [33, 300],
    [33, 300],
    [34, 300],
  ]);
  const [charge] = (await stripe.charges.list()).data;
  expect(charge?.amount).toBe(900);
});

test("with adaptive pricing the books stay in our currency, and what the payer saw stands beside", async () => {
  const { sandbox, stripe } = startSandbox();
  const { id } = await stripe.checkout.sessions.create(gift(2740, { adaptive_pricing: { enabled: true } }));
  const { session } = await sandbox.pay("alov", id, { ...donor, presentment: "usd" });
  const seen = { presentment_amount: 2000, presentment_currency: "usd" };
  expect(session).toMatchObject({ currency: "cad", amount_total: 2740, presentment_details: seen });
  const [charge] = (await stripe.charges.list()).data;
  expect(charge).toMatchObject({ currency: "cad", amount: 2740, presentment_details: seen });
  const refund = await stripe.refunds.create({ charge: charge?.id ?? "", amount: 1370 });
  expect(refund).toMatchObject({ currency: "cad", presentment_details: { presentment_amount: 1000 } });
});

test("an account that settles in two currencies keeps a foreign gift in its own", async () => {
  const fake = startSandbox(undefined, { settings: () => ({ settlesIn: ["cad", "usd"] }) });
  const line_items = [{ price_data: { currency: "usd", unit_amount: 1000, product_data: { name: "Gift" } } }];
  const { id } = await fake.stripe.checkout.sessions.create(gift(0, { line_items }));
  await fake.sandbox.pay("alov", id, { ...donor, card: "foreign" });
  await fake.sandbox.advance(2);
  const [row] = (await fake.stripe.balanceTransactions.list({ currency: "usd" })).data;
  expect(row).toMatchObject({ amount: 1000, exchange_rate: null, currency: "usd" });
});

test("a product with prices cannot be deleted, one without can, and is told of as deleted no more", async () => {
  const { stripe } = startSandbox();
  const sold = await stripe.products.create({ name: "Pin" });
  await stripe.prices.create({ currency: "cad", unit_amount: 500, product: sold.id });
  await expect(stripe.products.del(sold.id)).rejects.toThrow("user-created prices");
  const unsold = await stripe.products.create({ name: "Mug" });
  expect(await stripe.products.del(unsold.id)).toMatchObject({ deleted: true });
  await expect(stripe.products.retrieve(unsold.id)).rejects.toMatchObject({ code: "resource_missing" });
  expect(await stripe.products.update(sold.id, { name: "Pin, gold" })).toMatchObject({ name: "Pin, gold" });
});
