import type Stripe from "stripe";
import { expect, test } from "vitest";
import type { Card } from "../../../src/stripe/sandbox/card.ts";
import { donor, gift, known, startSandbox } from "./fake.ts";
import type { Fake } from "./fake.ts";

const day = 86_400;

async function refunded(fake: Fake, card: Card): Promise<Stripe.Refund> {
  const { id } = await fake.stripe.checkout.sessions.create(gift(5000));
  const { session } = await fake.sandbox.pay("alov", id, { ...donor, card });
  await fake.sandbox.advance(5 * day);
  return await fake.stripe.refunds.create({ payment_intent: known(session.payment_intent), amount: 2000 });
}

const refundTypes = ({ types }: Fake): string[] => types().filter((type) => type.startsWith("refund."));

test("a slow refund is pending without a balance transaction, and then it is there", async () => {
  const fake = startSandbox();
  const { sandbox, stripe } = fake;
  const { id, ...refund } = await refunded(fake, "refund-pending");
  expect(refund).toMatchObject({ status: "pending", pending_reason: "processing", balance_transaction: null });
  await sandbox.advance(5 * day + 2);
  await sandbox.idle();
  const after = await stripe.refunds.retrieve(id, { expand: ["balance_transaction"] });
  expect(after).toMatchObject({ status: "succeeded", balance_transaction: { amount: -2000, type: "refund" } });
  expect(after.pending_reason).toBeUndefined();
  expect(refundTypes(fake)).toEqual(["refund.created", "refund.updated", "refund.updated"]);
});

test("a refund that comes back has two balance transactions, and can be made again", async () => {
  const fake = startSandbox();
  const { sandbox, stripe } = fake;
  const { id, charge } = await refunded(fake, "refund-fails");
  await sandbox.advance(5 * day + 2);
  await sandbox.idle();
  const failed = await stripe.refunds.retrieve(id, { expand: ["failure_balance_transaction"] });
  expect(failed).toMatchObject({
    status: "failed",
    failure_reason: "expired_or_canceled_card",
    failure_balance_transaction: { amount: 2000, type: "refund_failure", reporting_category: "refund_failure" },
  });
  expect((await stripe.balanceTransactions.list({ source: id })).data.map(({ net }) => net)).toEqual([2000, -2000]);
  expect(refundTypes(fake)).toContain("refund.failed");
  expect(await stripe.charges.retrieve(known(charge))).toMatchObject({ amount_refunded: 0, refunded: false });
  expect((await stripe.refunds.create({ charge: known(charge) })).amount).toBe(5000);
});

test("a refund may fail before any money moved", async () => {
  const fake = startSandbox();
  const { id } = await refunded(fake, "refund-pending");
  const failed = await fake.sandbox.failRefund("alov", id);
  expect([failed.status, failed.balance_transaction, failed.failure_balance_transaction]).toEqual([
    "failed",
    null,
    undefined,
  ]);
  await fake.sandbox.advance(10 * day);
  expect((await fake.stripe.refunds.retrieve(id)).status).toBe("failed");
  await expect(fake.sandbox.failRefund("alov", id)).rejects.toThrow("is failed already");
});

test("a pending refund can be canceled, one that succeeded cannot", async () => {
  const fake = startSandbox();
  const { stripe } = fake;
  const { id } = await refunded(fake, "refund-pending");
  expect((await stripe.refunds.cancel(id)).status).toBe("canceled");
  await fake.sandbox.advance(10 * day);
  expect(await stripe.refunds.retrieve(id)).toMatchObject({ status: "canceled", balance_transaction: null });
  const other = await refunded(fake, "domestic");
  await expect(stripe.refunds.cancel(other.id)).rejects.toThrow("its status is succeeded");
});

test("a debit is given back by a refund of its own kind, which takes days too", async () => {
  const fake = startSandbox();
  const refund = await refunded(fake, "debit");
  expect(refund.id).toMatch(/^pyr_/u);
  await fake.sandbox.advance(5 * day + 2);
  const [row] = (await fake.stripe.balanceTransactions.list({ source: refund.id })).data;
  expect(row).toMatchObject({ type: "payment_refund", reporting_category: "refund", net: -2000 });
});

test("a refund at another rate takes what that rate says", async () => {
  const rates = { usd: 1_400_000n };
  const fake = startSandbox(undefined, { settings: () => ({ rates }) });
  const { id } = await fake.stripe.checkout.sessions.create(gift(0, usd(1000)));
  const { session } = await fake.sandbox.pay("alov", id, { ...donor, card: "foreign" });
  await fake.sandbox.advance(2);
  rates.usd = 1_350_000n;
  await fake.stripe.refunds.create({ payment_intent: known(session.payment_intent) });
  await fake.sandbox.advance(2);
  const { data } = await fake.stripe.balanceTransactions.list();
  expect(data.map(({ amount, exchange_rate }) => [amount, exchange_rate])).toEqual([
    [-1350, 1.35],
    [1400, 1.4],
  ]);
});

const usd = (unit_amount: number) => ({
  line_items: [{ price_data: { currency: "usd", unit_amount, product_data: { name: "Gift" } } }],
});
