import { afterAll, beforeAll, expect, test } from "vitest";
import { type GiftSum, noFund, readGiftFilter } from "../../src/core/gift-list.ts";
import { correctGifts } from "../../src/db/correction.ts";
import { type Places } from "../../src/db/gift-list.ts";
import { sumGiftLines } from "../../src/db/gift-sum.ts";
import { swept } from "./books.ts";
import { hand } from "./hand.ts";
import { openHouse, type House } from "./house.ts";

// Gifts of three months, of which two are closed before the last refund and a correction are known.

let house: House;
beforeAll(async () => {
  house = await openHouse();
  const { setClock, payFor, refund, sql } = house;
  const give = async (day: string, path: string, amount: string): Promise<string> => {
    setClock(`${day}T15:00:00Z`);
    return await payFor(`/funds/${path}/give`, {
      amount: "other",
      other: amount,
      show: "nothing",
      email: "n@example.org",
    });
  };
  await give("2021-01-10", "families", "50");
  const partly = await give("2021-01-20", "families", "70");
  const wholly = await give("2021-02-10", "youth", "80");
  await give("2021-02-11", "general", "25.50");
  await swept(house);
  setClock("2021-03-05T15:00:00Z");
  await refund("first", partly, 1_000);
  await swept(house);
  await sql`select close_month(id, m::date, 'a test') from organisation, unnest('{2021-01-01,2021-02-01}'::text[]) m`;
  const gifts = await sql<{ payment: bigint; part: string }[]>`
    select payment_id as payment, part from gift where amount_minor = 5000`;
  await correctGifts(sql, { request: crypto.randomUUID(), gifts, fund: "quiet", reason: "She wrote." }, hand);
  setClock("2021-03-09T15:00:00Z");
  await refund("second", wholly);
  await give("2021-03-10", "families", "12");
  await swept(house);
});
afterAll(async () => await house.close());

const sumsOf = async (query: Record<string, string>, places: Places = "all"): Promise<GiftSum[] | undefined> =>
  (await sumGiftLines(house.sql, { filter: readGiftFilter(query).filter, search: null, places }))?.byCurrency;
const idOf = async (table: "organisation" | "fund", slug: string): Promise<bigint> => {
  const [row] = await house.sql<{ id: bigint }[]>`select id from ${house.sql(table)} where slug = ${slug}`;
  return row?.id ?? 0n;
};
const month = (number: number) => {
  const days = [31, 28, 31, 30];
  const name = `2021-0${number}`;
  return { from: `${name}-01`, to: `${name}-${days[number - 1]}` };
};

type Line = { scope: string; slug: string | null; given: bigint; returned: bigint };
const board = async (days: { from: string | null; to: string | null }, organisation: bigint | null = null) =>
  await house.sql<Line[]>`
    select scope, fund_slug as slug, given_minor as given, returned_minor as returned
    from totals(${days.from}::date, ${days.to}::date, 'CAD', ${organisation}::bigint) where scope <> 'public'`;

test.each([1, 2, 3, 4])("a list of month %i adds up to that month on the board, by fund and in all", async (number) => {
  for (const { scope, slug, given, returned } of await board(month(number))) {
    const fund = scope === "all" ? {} : { fund: scope === "unassigned" ? noFund : (slug ?? "") };
    const [sum] = (await sumsOf({ ...month(number), ...fund })) ?? [];
    const found = [sum?.givenMinor ?? 0n, sum?.returnedMinor ?? 0n];
    expect([scope, slug, ...found]).toEqual([scope, slug, given, returned]);
  }
});

test("what became different in a closed month stands in the sum of the first open one, as on the board", async () => {
  const raised = async (fund: string, number: number): Promise<bigint> => {
    const [sum] = (await sumsOf({ fund, ...month(number) })) ?? [];
    return (sum?.givenMinor ?? 0n) - (sum?.returnedMinor ?? 0n);
  };
  expect([await raised("families", 1), await raised("families", 3)]).toEqual([12_000n, -4_800n]);
  expect([await raised("quiet", 1), await raised("quiet", 3)]).toEqual([0n, 5_000n]);
  expect([await raised("youth", 2), await raised("youth", 3)]).toEqual([8_000n, -8_000n]);
});

test("a list of all time, of cut months and of one organisation adds up to the board's", async () => {
  const second = await idOf("organisation", "second");
  for (const days of [
    { from: null, to: null },
    { from: "2021-01-15", to: "2021-03-09" },
  ]) {
    const query = Object.fromEntries(Object.entries(days).filter(([, day]) => day !== null)) as Record<string, string>;
    for (const [organisation, named] of [
      [null, {}],
      [second, { organisation: "second" }],
    ] as const) {
      const all = (await board(days, organisation)).find(({ scope }) => scope === "all");
      const [sum] = (await sumsOf({ ...query, ...named })) ?? [];
      expect([sum?.givenMinor, sum?.returnedMinor]).toEqual([all?.given, all?.returned]);
    }
  }
});

test("counts every line of the list, those that went back wholly too", async () => {
  const lines = async (query: Record<string, string>, places?: Places): Promise<number> =>
    ((await sumsOf(query, places)) ?? []).reduce((sum, each) => sum + each.lines, 0);
  expect([await lines({}), await lines({ fund: "youth" }), await lines(month(2))]).toEqual([5, 1, 2]);
  expect([await lines({ fund: "no-such-fund" }), await lines({ organisation: "nobody" })]).toEqual([0, 0]);
});

test("staff of one organisation or of single funds get the sums of theirs, none of them twice", async () => {
  const [first, second] = [await idOf("organisation", "first"), await idOf("organisation", "second")];
  const [families, quiet] = [await idOf("fund", "families"), await idOf("fund", "quiet")];
  const given = async (places: Places, query: Record<string, string> = {}): Promise<number> =>
    Number((await sumsOf(query, places))?.[0]?.givenMinor ?? 0n);
  expect(await given([{ organisationId: second, fundId: null }])).toBe(8_000);
  expect(await given([{ organisationId: second, fundId: null }], { fund: "families" })).toBe(0);
  expect(await given([{ organisationId: first, fundId: families }])).toBe(8_200);
  const both = [families, quiet].map((fundId) => ({ organisationId: first, fundId }));
  expect(await given(both)).toBe(13_200);
  expect(await given([...both, { organisationId: first, fundId: null }])).toBe(
    await given("all", { organisation: "first" }),
  );
  expect(await given(both, { fund: "quiet" })).toBe(5_000);
  expect(await given(both, { fund: noFund })).toBe(0);
  expect(await given([])).toBe(0);
});

test("the page says that both columns go by their own days, where days were chosen", async () => {
  const page = async (path: string): Promise<string> =>
    await (await house.app.request(`http://localhost:8787${path}`, { headers: house.admin.headers })).text();
  const note = "each count on their own day";
  expect(await page("/desk/gifts?from=2021-03-01&to=2021-03-31")).toContain(note);
  expect(await page("/desk/gifts")).not.toContain(note);
  // Nothing was given in these days, and something went back.
  const returned = await page("/desk/gifts?fund=youth&from=2021-03-01&to=2021-03-31");
  expect(returned).toContain("0 gifts in all");
  expect(returned).toContain("−$80.00");
});

test("the audit finds nothing after all that", async () => {
  expect([...(await house.sql`select * from audit()`)]).toEqual([]);
});
