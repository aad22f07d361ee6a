import type Stripe from "stripe";
import { expect, test } from "vitest";
import { donor, gift, known, startSandbox } from "./fake.ts";
import type { Card } from "../../../src/stripe/sandbox/card.ts";
import type { Fake } from "./fake.ts";

const day = 86_400;

async function byDebit(fake: Fake, card: Card): Promise<{ session: Stripe.Checkout.Session; charge: Stripe.Charge }> {
  const { id } = await fake.stripe.checkout.sessions.create(gift(5000));
  const { outcome, session } = await fake.sandbox.pay("alov", id, { ...donor, card });
  expect(outcome).toBe("on its way");
  const [charge] = (await fake.stripe.charges.list({ payment_intent: known(session.payment_intent) })).data;
  if (charge === undefined) throw new Error("the debit has no charge");
  return { session, charge };
}

const paymentTypes = ({ types }: Fake): string[] => types().filter((type) => !type.startsWith("customer."));

test("a debit is on its way for days, and then it is there", async () => {
  const fake = startSandbox();
  const { sandbox, stripe } = fake;
  const { session, charge } = await byDebit(fake, "debit");
  await sandbox.idle();
  expect(session).toMatchObject({ status: "complete", payment_status: "unpaid" });
  expect(charge).toMatchObject({ status: "pending", paid: false, payment_method_details: { type: "acss_debit" } });
  expect(charge.id).toMatch(/^py_/u);
  expect(paymentTypes(fake).toSorted()).toEqual(
    ["charge.pending", "checkout.session.completed", "payment_intent.processing"].toSorted(),
  );
  await sandbox.advance(4 * day + 2);
  await sandbox.idle();
  expect(paymentTypes(fake).slice(3).toSorted()).toEqual(
    [
      "charge.succeeded",
      "charge.updated",
      "checkout.session.async_payment_succeeded",
      "payment_intent.succeeded",
    ].toSorted(),
  );
  expect((await stripe.checkout.sessions.retrieve(session.id)).payment_status).toBe("paid");
  const there = await stripe.charges.retrieve(charge.id, { expand: ["balance_transaction"] });
  expect(there.balance_transaction).toMatchObject({
    type: "payment",
    reporting_category: "charge",
    amount: 5000,
    fee: 90,
  });
});

test("a debit without funds fails, and no money was ever there", async () => {
  const fake = startSandbox();
  const { sandbox, stripe } = fake;
  const { session, charge } = await byDebit(fake, "debit-fails");
  await sandbox.advance(4 * day + 2);
  await sandbox.idle();
  expect(paymentTypes(fake).slice(3).toSorted()).toEqual(
    ["charge.failed", "checkout.session.async_payment_failed", "payment_intent.payment_failed"].toSorted(),
  );
  expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
    status: "complete",
    payment_status: "unpaid",
  });
  expect(await stripe.charges.retrieve(charge.id)).toMatchObject({
    status: "failed",
    balance_transaction: null,
    failure_balance_transaction: null,
  });
  expect((await stripe.balanceTransactions.list()).data).toEqual([]);
});

test("a debit that fails after it was in the balance is taken out of it by a row of its own", async () => {
  const fake = startSandbox();
  const { sandbox, stripe } = fake;
  const { charge } = await byDebit(fake, "debit-bounces");
  await sandbox.advance(2);
  expect(await stripe.charges.retrieve(charge.id)).toMatchObject({
    status: "pending",
    balance_transaction: expect.stringMatching(/^txn_/u) as string,
  });
  await sandbox.advance(4 * day);
  const failed = await stripe.charges.retrieve(charge.id, { expand: ["failure_balance_transaction"] });
  expect(failed).toMatchObject({ status: "failed", failure_balance_transaction: { type: "payment_failure_refund" } });
  const { data } = await stripe.balanceTransactions.list({ source: charge.id });
  expect(data.map(({ amount, fee, net }) => [amount, fee, net])).toEqual([
    [-5000, -90, -4910],
    [5000, 90, 4910],
  ]);
});

test("a debit that is returned months later comes as a dispute that is lost already", async () => {
  const fake = startSandbox();
  const { sandbox, stripe } = fake;
  const { charge } = await byDebit(fake, "debit");
  await sandbox.advance(64 * day);
  const { id } = await sandbox.dispute("alov", charge.id, { reason: "debit_not_authorized" });
  expect(await stripe.disputes.retrieve(id)).toMatchObject({ status: "lost", reason: "debit_not_authorized" });
  await expect(sandbox.decideDispute("alov", id, "won")).rejects.toThrow("is lost cannot be won");
});

test("a subscription takes no debit", async () => {
  const { sandbox, stripe } = startSandbox();
  const price_data = {
    currency: "cad",
    unit_amount: 2500,
    product_data: { name: "G" },
    recurring: { interval: "month" as const },
  };
  const { id } = await stripe.checkout.sessions.create({
    mode: "subscription",
    line_items: [{ price_data }],
    success_url: "http://localhost:8787/",
  });
  await expect(sandbox.pay("alov", id, { ...donor, card: "debit" })).rejects.toThrow("pre-authorised debit");
});
