import { expect, test } from "vitest";
import { donor, gift, known, paid, startSandbox } from "./fake.ts";

test("a partial refund takes its part and no fee, and tells of itself", async () => {
  const fake = startSandbox();
  const { sandbox, stripe, pass, types } = fake;
  const charge = await paid(fake, 5000);
  const refund = await stripe.refunds.create({ charge: charge.id, amount: 1500, reason: "requested_by_customer" });
  expect(refund).toMatchObject({
    status: "succeeded",
    amount: 1500,
    balance_transaction: null,
    payment_intent: charge.payment_intent,
  });
  expect(await stripe.charges.retrieve(charge.id)).toMatchObject({ amount_refunded: 1500, refunded: false });
  pass(2);
  await sandbox.tick();
  await sandbox.idle();
  expect(types().slice(-3).toSorted()).toEqual(["charge.refunded", "refund.created", "refund.updated"]);
  const settled = await stripe.refunds.retrieve(refund.id, { expand: ["balance_transaction"] });
  expect(settled.balance_transaction).toMatchObject({
    amount: -1500,
    fee: 0,
    net: -1500,
    type: "refund",
    source: refund.id,
  });
});

test("a refund by payment intent gives back all that is left, and then nothing is", async () => {
  const fake = startSandbox();
  const charge = await paid(fake, 5000);
  await fake.stripe.refunds.create({ charge: charge.id, amount: 2000 });
  const rest = await fake.stripe.refunds.create({ payment_intent: known(charge.payment_intent) });
  expect(rest.amount).toBe(3000);
  expect(await fake.stripe.charges.retrieve(charge.id)).toMatchObject({ amount_refunded: 5000, refunded: true });
  await expect(fake.stripe.refunds.create({ charge: charge.id })).rejects.toMatchObject({
    code: "charge_already_refunded",
  });
  const listed = await fake.stripe.refunds.list({ charge: charge.id });
  expect(listed.data.map((refund) => refund.amount)).toEqual([3000, 2000]);
});

test("more than what is left is refused, also by two refunds at once", async () => {
  const fake = startSandbox();
  const charge = await paid(fake, 5000);
  await expect(fake.stripe.refunds.create({ charge: charge.id, amount: 5001 })).rejects.toMatchObject({
    statusCode: 400,
    param: "amount",
    message: "Refund amount ($50.01) is greater than unrefunded amount on charge ($50.00)",
  });
  const both = await Promise.allSettled(
    [1, 2].map(() => fake.stripe.refunds.create({ charge: charge.id, amount: 3000 })),
  );
  expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
});

test("a refund beside the charge's balance transaction loses neither", async () => {
  const fake = startSandbox();
  const { sandbox, stripe, pass } = fake;
  const { id } = await stripe.checkout.sessions.create(gift(5000));
  const { session } = await sandbox.pay("alov", id, donor);
  pass(2);
  await Promise.all([
    sandbox.tick(),
    stripe.refunds.create({ payment_intent: known(session.payment_intent), amount: 100 }),
  ]);
  const [charge] = (await stripe.charges.list()).data;
  expect(charge).toMatchObject({
    amount_refunded: 100,
    balance_transaction: expect.stringMatching(/^txn_/u) as string,
  });
});

test("a failed charge cannot be refunded, and a refund must say of what", async () => {
  const { sandbox, stripe } = startSandbox();
  const { id } = await stripe.checkout.sessions.create(gift(5000));
  const { session } = await sandbox.pay("alov", id, { ...donor, card: "declined" });
  await expect(stripe.refunds.create({ payment_intent: known(session.payment_intent) })).rejects.toMatchObject({
    statusCode: 400,
  });
  await expect(stripe.refunds.create({})).rejects.toMatchObject({ code: "parameter_missing" });
  await expect(stripe.refunds.create({ charge: "ch_none" })).rejects.toMatchObject({
    code: "resource_missing",
    statusCode: 404,
  });
});
