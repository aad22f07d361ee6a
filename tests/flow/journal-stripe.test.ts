import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { balances, swept } from "./books.ts";
import { openHouse, type House } from "./house.ts";

let house: House;
beforeEach(async () => {
  house = await openHouse();
});
afterEach(async () => {
  expect(await house.sql`select * from audit()`).toEqual([]);
  await house.close();
});

const donor = { email: "nigar@example.org", show: "nothing" };

async function onlyCharge(account: string): Promise<string> {
  const stripe = await house.stripe(account);
  const { data } = await stripe.charges.list({ limit: 1 });
  return data[0]?.id ?? "";
}

describe("a dispute in the books", () => {
  let dispute: string;
  beforeEach(async () => {
    await house.payFor("/funds/youth/give", { ...donor, amount: "2500" });
    await swept(house);
    ({ id: dispute } = await house.sandbox.dispute("second", await onlyCharge("second"), { reason: "fraudulent" }));
    await swept(house);
  });

  test("[40] stands apart while the bank decides, its fee with the general fund", async () => {
    expect(await balances(house)).toEqual([
      "1100 second-general -1500",
      "1100 youth -103",
      "1110 youth 2500",
      "4000 youth -2500",
      "5000 youth 103",
      "5010 second-general 1500",
    ]);
    expect(await house.fund("youth")).toMatchObject({ raisedMinor: 0, feesMinor: 103, reachedMinor: -103 });
  });

  test("[40] lost is a gift returned", async () => {
    await house.sandbox.decideDispute("second", dispute, "lost");
    await swept(house);
    const lost = await balances(house);
    expect(lost).toContain("4090 youth 2500");
    expect(lost.join()).not.toContain("1110");
  });

  test("[40] won is as if it had never been", async () => {
    await house.sandbox.decideDispute("second", dispute, "won");
    await swept(house);
    expect(await balances(house)).toEqual(["1100 youth 2397", "4000 youth -2500", "5000 youth 103"]);
  });

  test("[40] won with the fee kept leaves that fee with the general fund", async () => {
    await house.sandbox.decideDispute("second", dispute, "won, fee kept");
    await swept(house);
    expect(await balances(house)).toEqual([
      "1100 second-general -1500",
      "1100 youth 2397",
      "4000 youth -2500",
      "5000 youth 103",
      "5010 second-general 1500",
    ]);
  });
});

test("a disputed sale takes back what its promise gave, and stands with the disputed sales", async () => {
  await house.payFor("/campaigns/stickers/order", { ...donor, "q.sticker.only": "3" });
  await swept(house);
  await house.sandbox.dispute("first", await onlyCharge("first"), { reason: "fraudulent" });
  await swept(house);
  expect(await balances(house)).toEqual([
    "1100 general -1556",
    "1115 general 900",
    "4100 general -900",
    "5010 general 1500",
    "5020 general 56",
  ]);
  expect(await house.campaign("stickers")).toMatchObject({ actualMinor: 0 });
});

describe("what moves without a payment", () => {
  test("[48] Stripe's own fees and taxes are the general fund's, and money held back stays ours", async () => {
    await house.sandbox.move("first", { type: "stripe_fee", amount: -500, description: "Radar" });
    await house.sandbox.move("first", { type: "tax_fee", amount: -65, description: "HST on Radar" });
    await house.sandbox.move("first", { type: "reserve_hold", amount: -1000 });
    await swept(house);
    expect(await balances(house)).toEqual(["1100 general -1565", "1120 general 1000", "5000 general 565"]);
  });

  test("[47] of a type that nobody knows waits in suspense, until somebody says what it is", async () => {
    const { id } = await house.sandbox.move("first", { type: "moon_dust", amount: -700 });
    await swept(house);
    expect(await balances(house)).toEqual(["1100 unassigned -700", "2900 unassigned 700"]);
    await house.sql`
      insert into suspense_assignment (account_id, balance_transaction, code, fund_id, reason, made_by)
      select 1, ${id}, '6900', f.id, 'a bill of the card reader', 'a test' from fund f where f.slug = 'general'`;
    await house.sql`select post_sources(array[row('balance transaction', 1, ${id})::book_source])`;
    expect(await balances(house)).toEqual(["1100 general -700", "6900 general 700"]);
  });
});

describe("a payment of another kind", () => {
  test("by a foreign card bears that card's fee", async () => {
    await house.payFor("/funds/families/give", { ...donor, amount: "10000" }, "foreign");
    await swept(house);
    expect(await balances(house)).toEqual([
      "1100 families 10000",
      "1100 general -400",
      "4000 families -10000",
      "5000 general 400",
    ]);
  });

  test("[19] that a bank takes back after it stood in the balance is no gift, and nothing of it is left", async () => {
    await house.payFor("/funds/families/give", { ...donor, amount: "10000" }, "debit-fails");
    for (let day = 0; day < 8; day += 1) await house.sandbox.advance(86_400);
    await swept(house);
    const lines = await balances(house);
    expect(lines.filter((line) => !line.startsWith("5000") && !line.startsWith("1100"))).toEqual([]);
    expect(await house.fund("families")).toMatchObject({ givenMinor: 0 });
  });
});
