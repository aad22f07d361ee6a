import type Stripe from "stripe";
import { expect, test } from "vitest";
import { paid, startSandbox } from "./fake.ts";
import type { Fake } from "./fake.ts";

const disputes = (fake: Fake): Stripe.Dispute[] =>
  fake.delivered
    .map(({ event }) => event)
    .filter((event) => event.type.startsWith("charge.dispute."))
    .map((event) => event.data.object as Stripe.Dispute);

const typesOf = ({ types }: Fake): string[] => types().filter((type) => type.startsWith("charge.dispute."));

const rows = (dispute: Stripe.Dispute) =>
  dispute.balance_transactions.map(({ type, reporting_category, amount, fee, net, source }) => ({
    type,
    reporting_category,
    amount,
    fee,
    net,
    isIts: source === dispute.id,
  }));

const taken = { type: "adjustment", reporting_category: "dispute", amount: -1000, fee: 1500, net: -2500, isIts: true };

test("a dispute takes the money and a fee with its first event, and is lost without another row", async () => {
  const fake = startSandbox();
  const { sandbox, stripe } = fake;
  const charge = await paid(fake, 1000);
  const made = await sandbox.dispute("alov", charge.id, { reason: "fraudulent" });
  await sandbox.idle();
  expect(typesOf(fake).toSorted()).toEqual(["charge.dispute.created", "charge.dispute.funds_withdrawn"]);
  expect(disputes(fake).map(rows)).toEqual([[taken], [taken]]);
  expect(await stripe.charges.retrieve(charge.id)).toMatchObject({ disputed: true, amount_refunded: 0 });
  expect(await sandbox.decideDispute("alov", made.id, "lost")).toMatchObject({ status: "lost" });
  const known = await stripe.disputes.retrieve(made.id, { expand: ["charge"] });
  expect(known).toMatchObject({ status: "lost", amount: 1000, charge: { id: charge.id }, reason: "fraudulent" });
  expect(rows(known)).toEqual([taken]);
  const listed = await stripe.balanceTransactions.list({ source: made.id });
  expect(listed.data.map(({ net }) => net)).toEqual([-2500]);
});

test.each([
  ["won", -1500, 2500],
  ["withdrawn", -1500, 2500],
  ["won, fee kept", 0, 1000],
] as const)("a dispute that is %s brings the money back, with a fee of %s", async (outcome, fee, net) => {
  const fake = startSandbox();
  const charge = await paid(fake, 1000);
  const { id } = await fake.sandbox.dispute("alov", charge.id, { reason: "general" });
  await fake.sandbox.decideDispute("alov", id, outcome);
  await fake.sandbox.idle();
  const back = { type: "adjustment", reporting_category: "dispute_reversal", amount: 1000, fee, net, isIts: true };
  const known = await fake.stripe.disputes.retrieve(id);
  expect([known.status, rows(known)]).toEqual(["won", [taken, back]]);
  expect(typesOf(fake).slice(2).toSorted()).toEqual(["charge.dispute.closed", "charge.dispute.funds_reinstated"]);
  await expect(fake.sandbox.decideDispute("alov", id, "lost")).rejects.toThrow("is won cannot be lost");
});

test.each([
  ["prevented", "prevented"],
  ["closed", "warning_closed"],
  ["withdrawn", "warning_closed"],
] as const)("an inquiry that is %s moves no money", async (outcome, status) => {
  const fake = startSandbox();
  const charge = await paid(fake, 1000);
  const { id } = await fake.sandbox.dispute("alov", charge.id, { reason: "general", inquiry: true });
  expect(await fake.stripe.disputes.retrieve(id)).toMatchObject({ status: "warning_needs_response" });
  await fake.sandbox.decideDispute("alov", id, outcome);
  expect(await fake.stripe.disputes.retrieve(id)).toMatchObject({ status, balance_transactions: [] });
});

test("an inquiry may become a dispute, be lost, be appealed, and be won after all", async () => {
  const fake = startSandbox();
  const charge = await paid(fake, 1000);
  const { id } = await fake.sandbox.dispute("alov", charge.id, { reason: "general", inquiry: true });
  const statuses: string[] = [];
  for (const outcome of ["escalated", "lost", "appealed", "won"] as const) {
    fake.pass(86_400);
    statuses.push((await fake.sandbox.decideDispute("alov", id, outcome)).status);
  }
  expect(statuses).toEqual(["needs_response", "lost", "appeal_under_review", "won"]);
  expect((await fake.stripe.disputes.retrieve(id)).balance_transactions.map(({ net }) => net)).toEqual([-2500, 2500]);
});

test("two disputes on one charge, and a refund while they last, each move their own money once", async () => {
  const fake = startSandbox();
  const { sandbox, stripe } = fake;
  const charge = await paid(fake, 5000);
  await sandbox.dispute("alov", charge.id, { reason: "duplicate", amount: 1000 });
  const refund = await stripe.refunds.create({ charge: charge.id, amount: 500 });
  await sandbox.dispute("alov", charge.id, { reason: "general", amount: 2000 });
  await sandbox.advance(2);
  expect((await stripe.disputes.list({ charge: charge.id })).data.map(({ amount }) => amount)).toEqual([2000, 1000]);
  const { data } = await stripe.balanceTransactions.list();
  expect(data.map(({ amount }) => amount).toSorted((a, b) => a - b)).toEqual([-2000, -1000, -500, 5000]);
  expect((await stripe.refunds.retrieve(refund.id)).balance_transaction).toMatch(/^txn_/u);
});

test("a charge that never was cannot be disputed", async () => {
  const { sandbox } = startSandbox();
  await expect(sandbox.dispute("alov", "ch_none", { reason: "general" })).rejects.toThrow("No such charge");
});
