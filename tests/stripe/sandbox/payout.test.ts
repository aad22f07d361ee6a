import type Stripe from "stripe";
import { expect, test } from "vitest";
import { paid, startSandbox } from "./fake.ts";
import type { Fake } from "./fake.ts";

const day = 86_400;

const rowsOf = async ({ stripe }: Fake, payout: string): Promise<Stripe.BalanceTransaction[]> =>
  await stripe.balanceTransactions.list({ payout, limit: 100 }).autoPagingToArray({ limit: 10_000 });

const cad = (sums: { currency: string; amount: number }[]): number | undefined =>
  sums.find(({ currency }) => currency === "cad")?.amount;

test("a payout holds what was available, its own movement too, and sums to nothing with it", async () => {
  const fake = startSandbox();
  const { sandbox, stripe, types } = fake;
  const charge = await paid(fake, 5000);
  await stripe.refunds.create({ charge: charge.id, amount: 1000 });
  await sandbox.move("alov", { type: "stripe_fee", amount: -200, description: "Radar" });
  await sandbox.advance(3 * day);
  await paid(fake, 700);
  const payout = await sandbox.payOut("alov");
  expect(payout).toMatchObject({ amount: 4825 - 1000 - 200, automatic: true, status: "in_transit" });
  const rows = await rowsOf(fake, payout?.id ?? "");
  expect(rows.map(({ type }) => type).toSorted()).toEqual(["charge", "payout", "refund", "stripe_fee"]);
  expect(rows.reduce((sum, { net }) => sum + net, 0)).toBe(0);
  expect(rows.find(({ type }) => type === "payout")?.source).toBe(payout?.id);
  await sandbox.advance(2 * day);
  await sandbox.idle();
  expect(types().filter((type) => type.startsWith("payout."))).toEqual([
    "payout.created",
    "payout.reconciliation_completed",
    "payout.paid",
  ]);
  expect(await stripe.payouts.retrieve(payout?.id ?? "")).toMatchObject({
    status: "paid",
    reconciliation_status: "completed",
  });
});

test("the balance is the sum of all that ever moved, as far as it is available", async () => {
  const fake = startSandbox();
  const { sandbox, stripe } = fake;
  await paid(fake, 5000);
  const before = await stripe.balance.retrieve();
  expect([cad(before.available), cad(before.pending)]).toEqual([0, 4825]);
  await sandbox.advance(3 * day);
  const after = await stripe.balance.retrieve();
  expect([cad(after.available), cad(after.pending)]).toEqual([4825, 0]);
  await sandbox.payOut("alov");
  expect(cad((await stripe.balance.retrieve()).available)).toBe(0);
});

test("a payout that the bank sends back comes into the balance by a row of its own, and out with the next one", async () => {
  const fake = startSandbox();
  const { sandbox, stripe } = fake;
  await paid(fake, 5000);
  await sandbox.advance(3 * day);
  const first = await sandbox.payOut("alov");
  await sandbox.advance(5 * day);
  const failed = await sandbox.failPayout("alov", first?.id ?? "");
  expect(failed).toMatchObject({
    status: "failed",
    failure_balance_transaction: expect.stringMatching(/^txn_/u) as string,
  });
  expect(cad((await stripe.balance.retrieve()).available)).toBe(4825);
  const second = await sandbox.payOut("alov");
  expect(second?.amount).toBe(4825);
  expect((await rowsOf(fake, second?.id ?? "")).map(({ type }) => type)).toEqual(["payout", "payout_failure"]);
});

test("more taken than given is a payout below nothing: the bank is debited", async () => {
  const fake = startSandbox();
  const charge = await paid(fake, 5000);
  await fake.sandbox.advance(3 * day);
  await fake.sandbox.payOut("alov");
  await fake.stripe.refunds.create({ charge: charge.id });
  await fake.sandbox.advance(2);
  expect(await fake.sandbox.payOut("alov")).toMatchObject({ amount: -5000 });
  expect(await fake.sandbox.payOut("alov")).toBeNull();
});

test("a payout by hand says nothing of what is in it, and no more can be paid out than there is", async () => {
  const fake = startSandbox();
  const { sandbox, stripe } = fake;
  await paid(fake, 5000);
  await expect(stripe.payouts.create({ amount: 1, currency: "cad" })).rejects.toMatchObject({
    code: "balance_insufficient",
  });
  await sandbox.advance(3 * day);
  const made = await stripe.payouts.create({ amount: 1000, currency: "cad" });
  expect(made).toMatchObject({ automatic: false, reconciliation_status: "not_applicable" });
  expect(await rowsOf(fake, made.id)).toEqual([]);
  expect(await sandbox.payOut("alov")).toMatchObject({ amount: 3825 });
  expect((await stripe.payouts.list()).data).toHaveLength(2);
});

test("an instant payout is there within the hour", async () => {
  const fake = startSandbox();
  const { sandbox, stripe } = fake;
  await paid(fake, 5000);
  await sandbox.advance(3 * day);
  const { id } = await stripe.payouts.create({ amount: 1000, currency: "cad", method: "instant" });
  await sandbox.advance(day / 24);
  expect(await stripe.payouts.retrieve(id)).toMatchObject({ method: "instant", status: "paid", automatic: false });
});

test("an account that is paid out daily gets each day's money once, in each of its currencies", async () => {
  const fake = startSandbox(undefined, { settings: () => ({ payouts: "daily", settlesIn: ["cad", "usd"] }) });
  const { sandbox, stripe } = fake;
  const usd = [{ price_data: { currency: "usd", unit_amount: 3000, product_data: { name: "Gift" } } }];
  await paid(fake, 5000);
  await paid(fake, 1000);
  await paid(fake, 0, { line_items: usd });
  await sandbox.advance(day);
  await paid(fake, 2000);
  await sandbox.advance(10 * day);
  const payouts = (await stripe.payouts.list()).data.map(({ currency, amount, status }) => [currency, amount, status]);
  expect(payouts).toEqual(
    expect.arrayContaining([
      ["cad", 1912, "paid"],
      ["cad", 4825 + 941, "paid"],
    ]),
  );
  expect(payouts.filter(([currency]) => currency === "usd")).toHaveLength(1);
  expect(payouts).toHaveLength(3);
  expect((await stripe.balance.retrieve()).available.every(({ amount }) => amount === 0)).toBe(true);
});
