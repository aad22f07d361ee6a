import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readSetup } from "../../src/core/read-setup.ts";
import { openSql } from "../../src/db/connect.ts";
import { applySetup, readKnownNames } from "../../src/db/setup.ts";
import { balances, swept } from "./books.ts";
import { charity } from "./charity.ts";
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
const pin = (pieces: string): Record<string, string> => ({ ...donor, "q.pin.only": pieces });

/** Pays 40.00 by a payment link of Stripe's, with no order of ours. */
async function payLink(description: string): Promise<void> {
  const stripe = await house.stripe("first");
  const { id } = await stripe.checkout.sessions.create({
    mode: "payment",
    success_url: "http://localhost:8787/thanks/x",
    line_items: [{ quantity: 1, price_data: { currency: "cad", unit_amount: 4000, product_data: { name: "Link" } } }],
    payment_intent_data: { description },
  });
  await house.sandbox.pay("first", id, { email: "guest@example.org", name: "A Guest", card: "domestic" });
}

describe("a gift in the books", () => {
  test("waits for its balance transaction; then it stands in its fund, its fee where the fund says", async () => {
    await house.payFor("/funds/families/give", { ...donor, amount: "10000" });
    await house.payFor("/funds/youth/give", { ...donor, amount: "2500" });
    await house.receive();
    expect(await balances(house)).toEqual([]);
    expect(await house.fund("families")).toMatchObject({ feesMinor: 0, feesUnknown: 1, reachedMinor: 10_000 });
    await swept(house);
    expect(await balances(house)).toEqual([
      "1100 families 10000",
      "1100 general -320",
      "1100 youth 2397",
      "4000 families -10000",
      "4000 youth -2500",
      "5000 general 320",
      "5000 youth 103",
    ]);
    expect(await house.fund("families")).toMatchObject({ feesMinor: 0, feesUnknown: 0, reachedMinor: 10_000 });
    expect(await house.fund("youth")).toMatchObject({ feesMinor: 103, feesUnknown: 0, reachedMinor: 2397 });
    expect((await house.totals()).all).toMatchObject({ feesMinor: 423, reachedMinor: 12_077 });
  });

  test("keeps the day's answer to who bears the fees when the fund changes its mind", async () => {
    await house.payFor("/funds/youth/give", { ...donor, amount: "2500" });
    await swept(house);
    await house.sql`update fund set bears_fees = false where slug = 'youth'`;
    await swept(house);
    expect(await house.fund("youth")).toMatchObject({ feesMinor: 103 });
  });

  test("refunded in part gives back that part; the fee stays, and books and totals say the same", async () => {
    const session = await house.payFor("/funds/youth/give", { ...donor, amount: "2500" });
    await swept(house);
    await house.refund("second", session, 1000);
    await swept(house);
    expect(await balances(house)).toEqual(["1100 youth 1397", "4000 youth -2500", "4090 youth 1000", "5000 youth 103"]);
    expect(await house.fund("youth")).toMatchObject({ raisedMinor: 1500, feesMinor: 103, reachedMinor: 1397 });
  });

  test("that belongs to no fund is unassigned in the books, too, and other income is the general fund's", async () => {
    await payLink("Found in the letter box");
    await payLink("Hall rent");
    await swept(house);
    expect(await balances(house)).toEqual([
      "1100 unassigned 3854",
      "1100 general 3854",
      "4000 unassigned -4000",
      "4400 general -4000",
      "5000 unassigned 146",
      "5000 general 146",
    ]);
    expect((await house.totals()).unassigned).toMatchObject({ raisedMinor: 4000, feesMinor: 146 });
  });

  test("by hand is undeposited cash in its fund", async () => {
    await house.sql`
      select from record_cash(${house.sql.json({ request: randomUUID(), fund: "youth", amount_minor: "2500", day: "2021-03-01" })})`;
    expect(await balances(house)).toEqual(["1050 youth 2500", "4000 youth -2500"]);
  });
});

describe("sales in the books", () => {
  test("of a pin give $4.55 of $5.00; of two in one payment $9.41 where $9.10 was promised", async () => {
    await house.payFor("/campaigns/shop/order", { ...pin("1"), collect: "yes" });
    await swept(house);
    const lines = await balances(house);
    expect(lines).toContain("4100 general -1200");
    expect(lines).toContain("5020 general 65");
    const campaign = await house.campaign("shop");
    // Shipping bears its share of the fee, and none of it is promised.
    expect(campaign).toMatchObject({
      unitsSold: 1,
      grossMinor: 500,
      feesMinor: 65,
      promisedMinor: 455,
      actualMinor: 473,
    });
    expect(await house.fund("families")).toMatchObject({ proceedsMinor: 473, feesMinor: 0, reachedMinor: 473 });
  });

  test("whose promise is gross give all of the price, and refunded nothing", async () => {
    const session = await house.payFor("/campaigns/stickers/order", { ...donor, "q.sticker.only": "3" });
    await swept(house);
    expect(await house.campaign("stickers")).toMatchObject({
      feesMinor: 56,
      promisedMinor: 900,
      actualMinor: 900,
      differenceMinor: 0,
    });
    await house.refund("first", session);
    await swept(house);
    expect(await house.campaign("stickers")).toMatchObject({ feesMinor: 56, promisedMinor: 0, actualMinor: 0 });
    expect(await balances(house)).toEqual([
      "1100 general -56",
      "4100 general -900",
      "4190 general 900",
      "5020 general 56",
    ]);
  });
});

describe("sales of which the goods come off", () => {
  const setUp = async (costMinor?: number): Promise<void> => {
    const [shop, stickers] = charity.campaigns;
    const promise = { ...stickers?.promise, basis: "net of processing and goods" };
    const items = [
      { slug: "sticker", name: "Sticker", priceMinor: 300, ...(costMinor === undefined ? {} : { costMinor }) },
    ];
    const campaigns = [shop, { ...stickers, promise, items }];
    const read = readSetup({ ...charity, campaigns }, await readKnownNames(house.sql));
    if (!read.ok) throw new Error(read.problems.join("; "));
    await applySetup(house.sql, read.setup);
    await house.book();
  };

  test("give what stays after fee and cost, as soon as the cost is said, and keep it when the next ones cost more", async () => {
    await setUp();
    await house.payFor("/campaigns/stickers/order", { ...donor, "q.sticker.only": "3" });
    await swept(house);
    expect(await house.campaign("stickers")).toMatchObject({ feesMinor: 56, actualMinor: 844 });
    await setUp(100);
    expect(await house.campaign("stickers")).toMatchObject({ feesMinor: 56, actualMinor: 544 });
    await setUp(250);
    expect(await house.campaign("stickers")).toMatchObject({ feesMinor: 56, actualMinor: 544 });
    expect(await house.sql`select cost_minor::int as cost from variant_cost order by since`).toEqual([
      { cost: 100 },
      { cost: 250 },
    ]);
  });
});

describe("the journal", () => {
  const refused = async (work: Promise<unknown>): Promise<string> => {
    try {
      await work;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    return "taken";
  };

  let session: string;
  beforeEach(async () => {
    session = await house.payFor("/funds/youth/give", { ...donor, amount: "2500" });
    await swept(house);
  });

  test("cannot be changed, shortened or emptied, by the service or by the owner", async () => {
    const owner = openSql(house.ownerUrl, { max: 1 });
    for (const sql of [house.sql, owner])
      for (const change of [
        "update journal_line set amount_minor = amount_minor + 1",
        "delete from journal_line",
        "update journal_entry set entered_on = entered_on + 1",
        "delete from journal_entry",
        "truncate journal_line",
        "truncate journal_entry cascade",
      ])
        expect(await refused(sql.unsafe(change))).toMatch(/the journal is never changed|permission denied/u);
    await owner.end();
  });

  test("takes no line into an old entry, no entry that does not balance, and none out of turn", async () => {
    expect(
      await refused(
        house.sql`insert into journal_line (entry_id, line_number, code, fund_id, currency, amount_minor)
          select entry_id, 9, code, fund_id, currency, amount_minor from journal_line limit 1`,
      ),
    ).toMatch(/written at once; none is added later/u);
    const entry = (number: number) => house.sql`
      insert into journal_entry (organisation_id, number, source, source_id, source_number, entered_on, posted_at, line_count, previous_hash, hash)
      select organisation_id, ${number}, 'command', 'x', 1, entered_on, now(), 2, hash, '\\x00' from journal_entry order by number desc limit 1`;
    expect(await refused(entry(7))).toMatch(/entry 7 does not follow entry 1/u);
    expect(await refused(entry(2))).toMatch(/entry 2 has no lines/u);
    expect(
      await refused(house.sql`
        with made as (
          insert into journal_entry (organisation_id, number, source, source_id, source_number, entered_on, posted_at, line_count, previous_hash, hash)
          select organisation_id, 2, 'command', 'x', 1, entered_on, now(), 2, hash, '\\x00' from journal_entry returning id
        )
        insert into journal_line (entry_id, line_number, code, currency, amount_minor)
        select id, n, '1000', 'CAD', n from made cross join generate_series(1, 2) n`),
    ).toMatch(/does not balance: 3 CAD too much/u);
  });

  test("takes nothing into a closed month: what is learned later stands in the first open one", async () => {
    await house.sql`select close_month((select id from organisation where slug = 'second'), '2021-03-01', 'a test')`;
    await house.refund("second", session, 1000);
    await swept(house);
    expect(await house.sql`select entered_on::text as day, corrects from journal_entry order by number`).toEqual([
      { day: "2021-03-10", corrects: null },
      { day: "2021-04-01", corrects: null },
    ]);
    const closed = house.sql`
      insert into journal_entry (organisation_id, number, source, source_id, source_number, entered_on, posted_at, line_count, previous_hash, hash)
      select organisation_id, 3, 'command', 'x', 1, date '2021-03-31', now(), 2, hash, '\\x00'
      from journal_entry order by number desc limit 1`;
    expect(await refused(closed)).toMatch(/nothing is posted into a closed month \(2021-03\)/u);
  });

  test("of which one byte was changed behind its back is named by the audit, and nothing else is", async () => {
    const owner = openSql(house.ownerUrl, { max: 1 });
    await owner.unsafe(
      "alter table journal_entry disable trigger user; update journal_entry set entered_on = entered_on - 1",
    );
    expect(await house.sql`select finding, subject from audit() where finding like 'entry%'`).toEqual([
      { finding: "entry is not what was posted", subject: expect.stringMatching(/ entry 1$/u) },
    ]);
    await owner.unsafe(
      "update journal_entry set entered_on = entered_on + 1; alter table journal_entry enable trigger user",
    );
    await owner.end();
  });

  test("numbers its entries without a gap though eight write at once and some are rolled back", async () => {
    const write = async (n: number): Promise<void> => {
      const gift = house.sql.json({
        request: randomUUID(),
        fund: "youth",
        amount_minor: String(100 + n),
        day: "2021-03-01",
      });
      if (n % 3 === 0) await refused(house.sql`select record_cash(${gift}), 1 / (${n}::int - ${n}::int)`);
      else await house.sql`select from record_cash(${gift})`;
    };
    await Promise.all(Array.from({ length: 24 }, async (_, n) => await write(n)));
    const rows = await house.sql<{ number: number }[]>`select number::int as number from journal_entry order by number`;
    expect(rows.map(({ number }) => number)).toEqual(rows.map((_, index) => index + 1));
    expect(rows.length).toBe(17);
  });
});
