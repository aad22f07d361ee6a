import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Correction } from "../../src/core/correction.ts";
import { assignSuspense, correctGifts, listSuspense, listUnassigned } from "../../src/db/correction.ts";
import { drainBatch } from "../../src/db/drain.ts";
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

const donor = { email: "nigar@example.org", name: "Nigar Aliyeva", show: "name" };

/** Corrects the gifts of these payments, newest first when none are named. */
async function correct(more: Partial<Correction>): Promise<unknown> {
  const gifts = await house.sql<{ payment: bigint; part: string }[]>`
    select payment_id as payment, part from gift order by payment_id`;
  return await correctGifts(
    house.sql,
    { request: crypto.randomUUID(), gifts, reason: "She wrote to us.", ...more },
    hand,
  );
}

const raised = async (slug: string): Promise<string> => {
  const [row] = await house.sql<{ line: string }[]>`
    select raised_minor || ' of ' || gifts || ' gifts and ' || donors || ' donors' as line
    from totals(null, null, 'CAD') where fund_slug = ${slug}`;
  return row?.line ?? "";
};

describe("a correction", () => {
  test("moves the donor too, and the books get the difference; its fee goes along", async () => {
    await house.payFor("/funds/general/give", { ...donor, amount: "5000" });
    await swept(house);
    expect(await raised("general")).toBe("5000 of 1 gifts and 1 donors");
    expect(await correct({ fund: "quiet" })).toEqual({ ok: true, count: 1n });
    expect(await raised("general")).toBe("0 of 0 gifts and 0 donors");
    expect(await raised("quiet")).toBe("5000 of 1 gifts and 1 donors");
    expect(await booksOf(house.sql)).toEqual(["1100 quiet 48.25", "4000 quiet -50.00", "5000 quiet 1.75"]);
    const entries = await house.sql`
      select number, source_number, corrects is not null as corrects from journal_entry order by number`;
    expect([...entries]).toEqual([
      { number: 1n, source_number: 1n, corrects: false },
      { number: 2n, source_number: 2n, corrects: true },
    ]);
    expect([
      ...(await house.sql`select deed, subject, before ->> 'fund' as before, after ->> 'fund' as after
      from change where kind = 'gift'`),
    ]).toEqual([
      { deed: "corrected", subject: expect.stringMatching(/^pi_\w+ \w+$/u), before: "general", after: "quiet" },
    ]);
  });

  test("is held when Stripe tells the same again, and goes on for what is returned later", async () => {
    const session = await house.payFor("/funds/general/give", { ...donor, amount: "5000" });
    await swept(house);
    await correct({ fund: "quiet" });
    await house.refund("first", session, 2000);
    await swept(house);
    expect(await raised("quiet")).toBe("3000 of 1 gifts and 1 donors");
    expect(await booksOf(house.sql)).toContain("4090 quiet 20.00");
  });

  test("in a closed month counts in the first open one, and the closed month stays", async () => {
    await house.payFor("/funds/general/give", { ...donor, amount: "5000" });
    await swept(house);
    const month = async (): Promise<unknown> => [
      ...(await house.sql`
        select fund_slug, raised_minor from totals('2021-03-01', '2021-03-31', 'CAD') where scope = 'fund' and raised_minor <> 0`),
      ...(await house.sql`
        select code, sum(amount_minor)::bigint as minor from book_total
        where grain = 'month' and starts_on = '2021-03-01' group by code, fund_id order by code`),
    ];
    const before = await month();
    await house.sql`select close_month(1, '2021-03-01', 'a test')`;
    await correct({ fund: "quiet" });
    expect(await month()).toEqual(before);
    expect(await raised("quiet")).toBe("5000 of 1 gifts and 1 donors");
    expect([...(await house.sql`select entered_on from journal_entry order by number`)]).toEqual([
      { entered_on: "2021-03-10" },
      { entered_on: "2021-04-01" },
    ]);
  });

  test("of the person moves the gift to somebody else, whose name is not shown for it", async () => {
    await house.payFor("/funds/families/give", { ...donor, amount: "2500" });
    await house.payFor("/funds/families/give", { email: "other@example.org", show: "nothing", amount: "2500" });
    await swept(house);
    expect(await raised("families")).toBe("5000 of 2 gifts and 2 donors");
    const [first] = await house.sql<{ payment: bigint; part: string }[]>`
      select payment_id as payment, part from gift where shown_name is not null`;
    if (first === undefined) throw new Error("no name is shown");
    await correct({ gifts: [first], person: { email: "other@example.org" } });
    expect(await raised("families")).toBe("5000 of 2 gifts and 1 donors");
    expect([
      ...(await house.sql`select show, shown_name, payer_name(payment_id, identity_id) as name from gift where payment_id = ${first.payment}`),
    ]).toEqual([{ show: "gift", shown_name: null, name: null }]);
    await correct({ gifts: [first], person: {} });
    expect(await house.fund("families")).toMatchObject({ gifts: 2, donors: 1, unnamedGifts: 1 });
    const [{ trail } = { trail: "" }] = await house.sql<{ trail: string }[]>`
      select string_agg(before::text || after::text, ' ') as trail from change where kind = 'gift'`;
    expect(trail).not.toContain("example.org");
  });

  test("of the kind makes other income of a gift, and a gift of it again", async () => {
    await elsewhere("A table at the fair", 10_000);
    await swept(house);
    const [gift] = await listUnassigned(house.sql, "all", 10);
    if (gift === undefined) throw new Error("nothing waits");
    const gifts = [{ payment: gift.payment, part: gift.part }];
    await correct({ gifts, kind: "other income" });
    expect((await house.totals()).all.gifts).toBe(0);
    expect(await booksOf(house.sql)).toEqual(["1100 general 96.80", "4400 general -100.00", "5000 general 3.20"]);
    expect(await correct({ gifts, fund: "quiet" })).toMatchObject({
      refusal: expect.stringContaining("say that it is one"),
    });
    await correct({ gifts, kind: "gift", fund: "quiet" });
    expect(await raised("quiet")).toBe("10000 of 1 gifts and 1 donors");
  });

  test("of this gift, or of this and all future of its plan", async () => {
    await house.payFor("/funds/general/give", { ...donor, amount: "2500", every: "month" });
    await swept(house);
    await nextMonth();
    await swept(house);
    expect(await raised("general")).toBe("5000 of 2 gifts and 1 donors");
    const gifts = await house.sql<{ payment: bigint; part: string }[]>`
      select payment_id as payment, part from gift order by counted_on`;
    expect(await correct({ gifts: gifts.slice(1), plan: true, fund: "quiet" })).toEqual({ ok: true, count: 1n });
    expect(await raised("general")).toBe("2500 of 1 gifts and 1 donors");
    await nextMonth();
    await swept(house);
    expect(await raised("quiet")).toBe("5000 of 2 gifts and 1 donors");
    expect(await raised("general")).toBe("2500 of 1 gifts and 1 donors");
    // A single gift goes before its plan.
    await correct({ gifts: gifts.slice(1), fund: "families" });
    expect(await raised("quiet")).toBe("2500 of 1 gifts and 1 donors");
  });

  test("takes out of no restricted fund what was spent since", async () => {
    await house.payFor("/funds/youth/give", { ...donor, amount: "2500" });
    await swept(house);
    await house.sql`update fund set restriction = 'Only for the young.' where slug = 'youth'`;
    const spent = { request: "d", organisation: "second", day: "2021-03-12", fund: "youth", amount_minor: "1000" };
    const words = { payee_kind: "other", payee: "A school", purpose: "Books" };
    await house.sql`select from record_disbursement(${house.sql.json({ ...spent, ...words })}, null, ${house.sql.json(hand)})`;
    expect(await correct({ fund: "families" })).toEqual({
      ok: false,
      refusal: "fund youth is restricted and would be left 10.00 CAD short",
    });
    expect(await raised("youth")).toBe("2500 of 1 gifts and 1 donors");
  });

  test("says why, and what; a fund of the organisation that was paid", async () => {
    await house.payFor("/funds/general/give", { ...donor, amount: "2500" });
    await swept(house);
    for (const [more, refusal] of [
      [{ fund: "quiet", reason: " " }, "say why this is corrected"],
      [{}, "nothing was said to be otherwise"],
      [{ fund: "nothing" }, "there is no fund nothing"],
      [{ fund: "youth" }, "came to first, and fund youth is not one of its funds"],
      [{ campaign: "shop" }, "campaign shop is for another fund"],
      [{ fund: "quiet", plan: true }, "is of no plan"],
      [{ kind: "not ours" }, "is an order of ours"],
      [{ fund: "quiet", gifts: [] }, "choose at least one gift, and at most 500"],
      [{ fund: "quiet", gifts: [{ payment: 999n, part: "whole" }] }, "there is no gift 999 whole"],
      [{ person: { person: "999" } }, "there is no person 999"],
    ] as const)
      expect(await correct(more as Partial<Correction>)).toEqual({
        ok: false,
        refusal: expect.stringContaining(refusal),
      });
  });
});

describe("what waits for a fund", () => {
  test("is assigned one by one or many at once, to where it would probably go", async () => {
    await elsewhere("Friday bake sale", 1000);
    await elsewhere("Friday bake sale", 2000);
    await elsewhere("Something else", 3000);
    await swept(house);
    const waiting = await listUnassigned(house.sql, "all", 10);
    expect(waiting.map(({ likelyFund, because }) => [likelyFund, because])).toEqual(
      waiting.map(() => ["general", "general"]),
    );
    const first = waiting.find(({ description }) => description === "Friday bake sale");
    if (first === undefined) throw new Error("nothing waits");
    await correct({ gifts: [first], fund: "families" });
    const left = await listUnassigned(house.sql, "all", 10);
    expect(
      left.map(({ description, likelyFund, because }) => `${description} ${likelyFund} ${because}`).toSorted(),
    ).toEqual(["Friday bake sale families description", "Something else general general"]);
    expect(await correct({ gifts: left, fund: "families" })).toEqual({ ok: true, count: 2n });
    expect((await house.totals()).unassigned.gifts).toBe(0);
    expect(await raised("families")).toMatch(/^6000 of 3 gifts/u);
    expect(await booksOf(house.sql)).not.toContainEqual(expect.stringContaining("unassigned"));
  });
});

describe("money that nobody knows", () => {
  test("waits in suspense until somebody says what it is, and how they know", async () => {
    await unknownMoney("txn_unknown", 1234);
    const [line] = await listSuspense(house.sql, "all", 10);
    expect(line).toMatchObject({ account: "first", id: "txn_unknown", amountMinor: 1234n, canBeAssigned: true });
    const said = {
      lines: [{ account: "first", id: "txn_unknown" }],
      code: "4400",
      fund: "general",
      reason: "Stripe wrote.",
    };
    for (const [more, refusal] of [
      [{ reason: "" }, "say how you know"],
      [{ code: "4000" }, "account 4000 is not for unknown money"],
      [{ fund: "youth" }, "fund youth is not one of organisation first"],
      [{ lines: [] }, "choose at least one line, and at most 500"],
      [{ lines: [{ account: "first", id: "txn_no" }] }, "txn_no is not in suspense"],
    ] as const)
      expect(await assignSuspense(house.sql, { ...said, ...more }, hand)).toEqual({ ok: false, refusal });
    expect(await assignSuspense(house.sql, said, hand)).toEqual({ ok: true, count: 1n });
    expect(await booksOf(house.sql)).toEqual(["1100 general 12.34", "4400 general -12.34"]);
    expect(await listSuspense(house.sql, "all", 10)).toEqual([]);
  });
});

/** A payment link of Stripe's own, of which our Checkout knows nothing. */
async function elsewhere(description: string, amount: number): Promise<void> {
  const stripe = await house.stripe("first");
  const { id } = await stripe.checkout.sessions.create({
    mode: "payment",
    success_url: "http://localhost:8787/thanks/x",
    line_items: [{ quantity: 1, price_data: { currency: "cad", unit_amount: amount, product_data: { name: "Link" } } }],
    payment_intent_data: { description },
  });
  const payer = `${description.replaceAll(" ", "-")}-${amount}@example.org`;
  await house.sandbox.pay("first", id, { email: payer, name: "A Guest", card: "domestic" });
}

async function nextMonth(): Promise<void> {
  await house.sandbox.advance(32 * 86_400);
  await house.sandbox.idle();
}

async function unknownMoney(id: string, minor: number): Promise<void> {
  const fact = {
    kind: "balance_transaction",
    account_id: "1",
    id,
    type: "gift_from_the_moon",
    reporting_category: "moon",
    amount_minor: String(minor),
    fee_minor: "0",
    net_minor: String(minor),
    currency: "CAD",
    created: "2021-03-10T15:00:00Z",
    source: null,
    fetched_at: null,
  };
  await drainBatch(house.sql, { mode: "sandbox", tickets: [], facts: [fact as never] });
}
