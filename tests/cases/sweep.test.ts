import type Stripe from "stripe";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openSql } from "../../src/db/connect.ts";
import { canonicalDump, comparable } from "../canonical-dump.ts";
import { forgetPayments } from "../charity.ts";
import { openHouse, openStripe, type House } from "../flow/house.ts";
import { sweep } from "../flow/sweeper.ts";

const daySeconds = 86_400;

let house: House;
let stripe: Stripe;
beforeEach(async () => {
  house = await openHouse(openStripe());
  stripe = await house.stripe("first");
});
afterEach(async () => {
  expect(await house.sql`select * from audit()`).toEqual([]);
  await house.close();
});

const give = async (amount = "5000"): Promise<string> =>
  await house.payFor("/funds/families/give", { email: "leyla@example.org", name: "Leyla", amount });
const days = async (count: number): Promise<void> => void (await house.sandbox.advance(count * daySeconds));
/** Nothing of what Stripe posts comes to the door. */
const loseMail = async (): Promise<void> => {
  await house.sandbox.idle();
  house.mail.splice(0);
};

const errors = async (): Promise<(string | null)[]> => (await sweep(house)).map(({ error }) => error);
const payouts = async () =>
  await house.sql`
    select p.status, p.amount_minor::int as amount, p.automatic, p.method, p.reconciliation_status as known,
      (select count(*)::int from stripe_payout_member m where m.payout = p.id) as members,
      (select sum(bt.net_minor)::int from stripe_payout_member m join stripe_balance_transaction bt on bt.id = m.id where m.payout = p.id) as net,
      exists (select from stripe_fetched f where f.what = 'payout_members' and f.id = p.id) as "isWhole"
    from stripe_payout p order by p.created, abs(p.amount_minor), p.id`;
const movements = async () =>
  await house.sql`
    select type, net_minor::int as net, fee_minor::int as fee, source is not null as "hasSource"
    from stripe_balance_transaction order by created, type, id`;

describe("a payout", () => {
  beforeEach(async () => {
    await give();
    await days(4);
  });

  test("[42] that was paid and fails three days later is failed, and both of its movements are known", async () => {
    const paid = await house.sandbox.payOut("first");
    await days(3);
    await house.receive();
    expect(await payouts()).toMatchObject([{ status: "paid", amount: 4825, members: 1, net: 4825, isWhole: true }]);
    await house.sandbox.failPayout("first", paid?.id ?? "");
    await loseMail();
    expect(await errors()).toEqual([null, null]);
    expect(await payouts()).toMatchObject([{ status: "failed", members: 1 }]);
    expect((await movements()).map(({ type, net }) => [type, net])).toEqual([
      ["charge", 4825],
      ["payout", -4825],
      ["payout_failure", 4825],
    ]);
    const [row] = await house.sql`
      select count(*)::int as both from stripe_payout p
      join stripe_balance_transaction bt on bt.id in (p.balance_transaction, p.failure_balance_transaction)`;
    expect(row).toEqual({ both: 2 });
  });

  test("[42] the money of one that failed goes out with the next, of which its return is a part", async () => {
    const first = await house.sandbox.payOut("first");
    await days(3);
    await house.sandbox.failPayout("first", first?.id ?? "");
    await house.sandbox.payOut("first");
    await days(1);
    await house.receive();
    expect(await payouts()).toMatchObject([
      { status: "failed", net: 4825 },
      { status: "in_transit", amount: 4825, members: 1, net: 4825, isWhole: true },
    ]);
  });

  test("[43] that takes money from the bank has its sign, and what was in it adds up", async () => {
    await house.sandbox.payOut("first");
    await days(1);
    const [charge] = (await stripe.charges.list()).data;
    await stripe.refunds.create({ charge: charge?.id ?? "" });
    await days(1);
    await house.sandbox.payOut("first");
    await days(1);
    await loseMail();
    expect(await errors()).toEqual([null, null]);
    expect(await payouts()).toMatchObject([
      { amount: 4825, net: 4825 },
      { amount: -5000, net: -5000, members: 1, isWhole: true },
    ]);
  });

  test("[44] made by hand or at once has no list of what was in it, and none is asked for", async () => {
    await stripe.payouts.create({ amount: 1000, currency: "cad" });
    await stripe.payouts.create({ amount: 2000, currency: "cad", method: "instant" });
    await days(3);
    await house.receive();
    expect(await errors()).toEqual([null, null]);
    const byHand = { automatic: false, known: "not_applicable", members: 0, isWhole: false };
    expect(await payouts()).toMatchObject([
      { ...byHand, amount: 1000, method: "standard" },
      { ...byHand, amount: 2000, method: "instant" },
    ]);
    expect(await house.sql`select from fetch_need`).toHaveLength(0);
  });

  test("[46] of which it is never told that it is reconciled has what was in it found by asking", async () => {
    await house.sandbox.payOut("first");
    await house.receive();
    await days(1);
    await loseMail();
    expect(await errors()).toEqual([null, null]);
    expect(await payouts()).toMatchObject([{ known: "completed", members: 1, net: 4825, isWhole: true }]);
  });

  test("[48] holds the month's fees and the tax on them, of which no event tells", async () => {
    await house.sandbox.move("first", { type: "stripe_fee", amount: -500, description: "Radar" });
    await house.sandbox.move("first", { type: "tax_fee", amount: -65, description: "HST (Radar)" });
    await house.receive();
    expect(await errors()).toEqual([null, null]);
    expect(
      await house.sql`select type, description from stripe_balance_transaction where source is null order by type`,
    ).toEqual([
      { type: "stripe_fee", description: "Radar" },
      { type: "tax_fee", description: "HST (Radar)" },
    ]);
    await house.sandbox.payOut("first");
    await days(1);
    await house.receive();
    await sweep(house);
    expect(await payouts()).toMatchObject([{ amount: 4260, members: 3, net: 4260, isWhole: true }]);
  });

  test("[47] holds movements of types that nobody knows and of no source, as they are, and adds up", async () => {
    await house.sandbox.move("first", { type: "something_of_2031", amount: -7 });
    await house.sandbox.move("first", { type: "adjustment", amount: 25, description: "Goodwill" });
    await house.sandbox.move("first", { type: "reserve_transaction", amount: -100 });
    await days(3);
    await house.sandbox.payOut("first");
    await days(1);
    await house.receive();
    expect(await errors()).toEqual([null, null]);
    expect(await payouts()).toMatchObject([{ amount: 4743, members: 4, net: 4743, isWhole: true }]);
    expect(await house.sql`select from ticket`).toHaveLength(0);
  });
});

test("[45] 2,340 movements in one payout are all read, and the payout's own is left out", async () => {
  for (let fee = 1; fee <= 2339; fee += 1) await house.sandbox.move("first", { type: "stripe_fee", amount: -1 });
  await give();
  await days(4);
  await house.sandbox.payOut("first");
  await days(1);
  await house.receive();
  expect(await errors()).toEqual([null, null]);
  expect(await payouts()).toMatchObject([{ amount: 4825 - 2339, members: 2340, net: 4825 - 2339, isWhole: true }]);
  expect(await house.sql`select sum(net_minor)::int as sum from stripe_balance_transaction`).toEqual([{ sum: 0 }]);
});

test("[60] what a gift cost is not known until its balance transaction comes, however late, and then by the sweep", async () => {
  await give();
  await house.receive();
  expect(await house.fund("families")).toMatchObject({ feesMinor: 0, feesUnknown: 1 });
  expect(await errors()).toEqual([null, null]);
  expect(await movements()).toEqual([]);
  await days(1);
  await loseMail();
  expect(await errors()).toEqual([null, null]);
  expect(await movements()).toEqual([{ type: "charge", net: 4825, fee: 175, hasSource: true }]);
  const [charge] = await house.sql`select balance_transaction is not null as known from stripe_charge`;
  expect(charge).toEqual({ known: true });
  expect(await house.fund("families")).toMatchObject({ feesUnknown: 0 });
});

test("[61] five days without an endpoint are made good for by the lists, without asking for events", async () => {
  await give();
  await house.receive();
  await give("2500");
  const [first] = (await stripe.charges.list()).data;
  await days(2);
  await stripe.refunds.create({ charge: first?.id ?? "", amount: 500 });
  await days(3);
  await loseMail();
  expect(await errors()).toEqual([null, null]);
  expect(await house.fund("families")).toMatchObject({ givenMinor: 7500, returnedMinor: 500, gifts: 2, donors: 1 });
});

test("[63] a gift of which Stripe never made an event is found within the hour", async () => {
  await give();
  await loseMail();
  expect(await house.fund("families")).toMatchObject({ gifts: 0 });
  const [{ found } = { found: 0 }] = await sweep(house);
  expect(found).toBeGreaterThan(0);
  expect(await house.fund("families")).toMatchObject({ givenMinor: 5000, gifts: 1, donors: 1 });
  expect(await house.sql`select from fetch_need`).toHaveLength(0);
});

test("[63] a month of which no event was made for a monthly gift is a gift to its fund, by its invoice", async () => {
  const fields = { email: "leyla@example.org", name: "Leyla", amount: "2500", every: "month" };
  await house.payFor("/funds/families/give", fields);
  await house.receive();
  await days(32);
  await loseMail();
  expect(await errors()).toEqual([null, null]);
  expect(await house.fund("families")).toMatchObject({ givenMinor: 5000, gifts: 2, donors: 1 });
});

test("[6] whichever of its events came, and in whatever order, the sweep makes the same books of a story", async () => {
  const fields = { email: "leyla@example.org", name: "Leyla", amount: "2500" };
  await house.payFor("/funds/families/give", { ...fields, every: "month" });
  await house.payFor("/campaigns/shop/order", { ...fields, "q.pin.only": "2" });
  await give();
  await days(2);
  const [gift, order] = (await stripe.charges.list()).data;
  await stripe.refunds.create({ charge: gift?.id ?? "", amount: 500 });
  const { id } = await house.sandbox.dispute("first", order?.id ?? "", { reason: "fraudulent" });
  await days(20);
  await house.sandbox.decideDispute("first", id, "won");
  await house.sandbox.payOut("first");
  await days(12);
  await house.sandbox.idle();
  // Neither by its time nor by its kind: the last letters of ids are random.
  const mail = house.mail.splice(0).toSorted((a, b) => (a.signature < b.signature ? -1 : 1));

  const owner = openSql(house.ownerUrl, { max: 1 });
  const dumps = [];
  for (const share of [1, 0, 0.2, 0.5, 0.8]) {
    await forgetPayments(owner);
    await house.sql`insert into sweep_state (account_id, begins_at) select id, '2021-03-01' from account`;
    for (const one of mail.slice(0, Math.round(mail.length * share))) await house.deliver(one);
    await house.book();
    expect(await errors()).toEqual([null, null]);
    await house.sql`update fetch_need set due_at = now()`;
    await house.book();
    dumps.push(await canonicalDump(house.sql));
  }
  await owner.end();
  const [whole = {}, ...parts] = dumps;
  for (const part of parts) {
    const [theirs, ours] = comparable(whole, part);
    expect(ours).toEqual(theirs);
  }
});
