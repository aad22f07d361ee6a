import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { recordCashSale } from "../../src/db/cash-sale.ts";
import { recordVoid } from "../../src/db/money-move.ts";
import { swept } from "./books.ts";
import { booksOf, hand } from "./hand.ts";
import { openHouse, type House } from "./house.ts";

let house: House;
beforeEach(async () => {
  house = await openHouse();
});
afterEach(async () => {
  expect([...(await house.sql`select * from audit()`)]).toEqual([]);
  await house.close();
});

const sale = {
  request: "s1",
  campaign: "shop",
  item: "pin",
  variant: null,
  quantity: 1n,
  amountMinor: null,
  day: "2021-03-10",
  email: "nigar@example.org",
  person: null,
  name: null,
  note: null,
};
const buyer = { email: "leyla@example.org", show: "nothing" };
/** Without shipping, as the table below counts its pins. */
const pins = async (quantity: string, card: "domestic" | "foreign" = "domestic"): Promise<string> =>
  await house.payFor("/campaigns/shop/order", { ...buyer, "q.pin.only": quantity }, card);

/** Fees, promised, actual and difference of the campaign. */
async function variance(): Promise<number[]> {
  const { feesMinor, promisedMinor, actualMinor, differenceMinor } = await house.campaign("shop");
  return [feesMinor, promisedMinor, actualMinor, differenceMinor].map(Number);
}

/** What this adds to them. */
async function added(by: () => Promise<unknown>): Promise<number[]> {
  const before = await variance();
  await by();
  await swept(house);
  return (await variance()).map((minor, index) => minor - (before[index] ?? 0));
}

describe("a promise of $4.55 a pin, net of processing", () => {
  test("is kept, surpassed or missed by exactly this much", async () => {
    await house.sql`update campaign set shipping_minor = null where slug = 'shop'`;
    let session = "";
    const table = {
      "one pin on a domestic card": await added(async () => (session = await pins("1"))),
      "two pins in one payment": await added(async () => await pins("2")),
      "one pin on a foreign card": await added(async () => await pins("1", "foreign")),
      "one pin in cash": await added(async () => await recordCashSale(house.sql, sale, hand)),
      "the first pin refunded": await added(async () => await house.refund("first", session)),
    };
    expect(table).toEqual({
      "one pin on a domestic card": [45, 455, 455, 0],
      "two pins in one payment": [59, 910, 941, 31],
      "one pin on a foreign card": [49, 455, 451, -4],
      "one pin in cash": [0, 455, 500, 45],
      // Together with what it brought: 45 kept, nothing promised, -45 given, -45 short.
      "the first pin refunded": [0, -455, -500, -45],
    });
  });
});

describe("a sale by hand", () => {
  test("brings its campaign's fund what the promise gives, and is recorded once", async () => {
    expect(await recordCashSale(house.sql, sale, hand)).toEqual({ ok: true, cashSaleId: 1n, isNew: true });
    expect(await recordCashSale(house.sql, sale, hand)).toMatchObject({ isNew: false });
    expect(await house.campaign("shop")).toMatchObject({ unitsSold: 1, grossMinor: 500, actualMinor: 500 });
    expect(await house.fund("families")).toMatchObject({ givenMinor: 0, donors: 0, supporters: 1 });
    expect(await booksOf(house.sql)).toEqual([
      "1050 families 5.00",
      "3910 general 5.00",
      "3920 families -5.00",
      "4100 general -5.00",
    ]);
  });

  test("takes what was sold from the shelf, and a void puts it back and sells nothing", async () => {
    await house.sql`update variant v set stock = 10 from item i where i.id = v.item_id and i.slug = 'pin'`;
    await recordCashSale(house.sql, { ...sale, quantity: 3n, amountMinor: 1200n }, hand);
    expect(await stock()).toBe(7n);
    expect(await house.campaign("shop")).toMatchObject({ unitsSold: 3, grossMinor: 1200 });
    await recordVoid(house.sql, { request: "v1", payment: "sale_1", note: "It was not paid." }, hand);
    expect(await stock()).toBe(10n);
    expect(await house.campaign("shop")).toMatchObject({ unitsSold: 0, grossMinor: 0, actualMinor: 0 });
    expect(await booksOf(house.sql)).toEqual([]);
    expect(await house.fund("families")).toMatchObject({ supporters: 0 });
  });

  test("says what, of which kind, how many and when", async () => {
    for (const [more, refusal] of [
      [{ campaign: "nothing" }, "there is no campaign nothing"],
      [{ item: "hat" }, "campaign shop sells no hat"],
      [{ item: "shirt" }, "there are several kinds of shirt: say which one was sold"],
      [{ quantity: 0n }, "a sale is of one piece or more"],
      [{ day: "2999-01-01" }, "the day 2999-01-01 is still to come"],
      [{ amountMinor: 0n }, "an amount is above zero"],
    ] as const)
      expect(await recordCashSale(house.sql, { ...sale, ...more }, hand)).toEqual({ ok: false, refusal });
    expect(await booksOf(house.sql)).toEqual([]);
  });
});

async function stock(): Promise<bigint | null | undefined> {
  const [row] = await house.sql<{ stock: bigint | null }[]>`
    select v.stock from variant v join item i on i.id = v.item_id where i.slug = 'pin'`;
  return row?.stock;
}
