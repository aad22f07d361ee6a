import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { histogramBounds, type AskedPlace, type BoardAsked } from "../../src/core/board.ts";
import { readBoard, type BoardRead } from "../../src/db/board.ts";
import { openSql, type Sql } from "../../src/db/connect.ts";
import { play, tales } from "../board-history.ts";
import { addDays, readRows, twin, type Twin } from "../board-twin.ts";
import { forgetPayments, setUpCharity } from "../charity.ts";
import { openTestDatabase, type TestDatabase } from "../database.ts";
import { dayOf } from "../history.ts";

const seeds = process.env.PROVE === "1" ? 300 : 20;

let database: TestDatabase;
let owner: Sql;
let sql: Sql;
beforeAll(async () => {
  database = await openTestDatabase();
  // One connection plans each statement once.
  sql = openSql(database.url, { max: 1 });
  owner = openSql(database.ownerUrl, { max: 1 });
  await setUpCharity(sql);
  await sql`update account set settles_in = '{CAD,USD}'`;
  await sql`update fund set general_of = 1 where slug = 'general'`;
  await sql`update fund set restriction = 'For families alone' where slug = 'families'`;
});
afterAll(async () => {
  await sql.end();
  await owner.end();
  await database.close();
});

const everything: AskedPlace = { organisationId: null, fundId: null, campaignId: null };
const places: AskedPlace[] = [
  everything,
  { ...everything, organisationId: 1n },
  { ...everything, organisationId: 2n },
  { ...everything, fundId: 1n },
  { ...everything, fundId: 2n },
  { ...everything, organisationId: 1n, fundId: 3n },
  { ...everything, campaignId: 1n },
];

/** Questions of every kind: whole months, cut ones, open at an end, all time, fiscal years; the day of asking may lie within. */
const question = fc
  .record({
    place: fc.constantFrom(...places),
    other: fc.constantFrom(...places),
    start: fc.integer({ min: -40, max: 620 }),
    length: fc.constantFrom(0, 3, 30, 60, 91, 365, 500),
    kind: fc.constantFrom("days", "months", "from", "to", "all time", "fiscal year", "so far"),
    startsIn: fc.integer({ min: 1, max: 12 }),
    currency: fc.constantFrom("CAD", "CAD", "CAD", "USD"),
  })
  .map(({ place, other, start, length, kind, startsIn, currency }): BoardAsked => {
    const today = kind === "so far" ? dayOf(start + Math.floor(length / 2)) : "2024-06-15";
    const [from, to] = period(kind, start, length, startsIn);
    const span = from === null || to === null ? null : { from, to };
    const before = from === null ? null : { from: addDays(from, -length - 1), to: addDays(from, -1) };
    return {
      place,
      period: { from, to },
      currency,
      today,
      before,
      samePoint: before && {
        before: { from: addDays(before.from, -length - 1), to: addDays(before.from, -1) },
        period: { from: before.from, to: addDays(before.from, Math.floor(length / 2)) },
      },
      compared: span && {
        with: "previous",
        place: other,
        from: addDays(span.from, -length - 1),
        to: addDays(span.from, -1),
        own: span,
      },
    };
  });

function period(kind: string, start: number, length: number, startsIn: number): [string | null, string | null] {
  const [from, to] = [dayOf(start), dayOf(start + length)];
  switch (kind) {
    case "months":
      return [`${from.slice(0, 7)}-01`, addDays(`${dayOf(start + length + 31).slice(0, 7)}-01`, -1)];
    case "from":
      return [from, null];
    case "to":
      return [null, to];
    case "all time":
      return [null, null];
    case "fiscal year": {
      const first = `${from.slice(0, 4)}-${String(startsIn).padStart(2, "0")}-01`;
      return [first, addDays(`${Number(first.slice(0, 4)) + 1}${first.slice(4)}`, -1)];
    }
    default:
      return [from, to];
  }
}

/** The part of an answer that the twin counts. */
function asTwin({ totals, months, answers, compared }: BoardRead): Twin {
  const { givenMinor, returnedMinor, gifts, donors, supporters, unnamedGifts } = totals.all;
  const { disputes, unassigned, feesUnknown, suspenseMinor } = answers.trust;
  const byMonth = new Map<string, Twin["months"][number]>();
  for (const { month, ...sums } of months) {
    const known = byMonth.get(month) ?? { month, givenMinor: 0n, returnedMinor: 0n };
    byMonth.set(month, {
      month,
      givenMinor: known.givenMinor + sums.givenMinor,
      returnedMinor: known.returnedMinor + sums.returnedMinor,
    });
  }
  return {
    ...answers,
    all: { givenMinor, returnedMinor, gifts, donors, supporters, unnamedGifts },
    months: [...byMonth.values()].filter((month) => month.givenMinor !== 0n || month.returnedMinor !== 0n),
    trust: { disputes, unassigned, feesUnknown, suspenseMinor },
    merchandise: answers.merchandise.map(({ slug, unitsSold, grossMinor, shippingMinor, items }) => ({
      slug,
      unitsSold,
      grossMinor,
      shippingMinor,
      items,
    })),
    compared,
  };
}

test(
  "every answer of the board equals one counted by hand, after any history and of any period and place",
  { timeout: 1_500_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(
        tales(24),
        fc.array(question, { minLength: 12, maxLength: 12 }),
        fc.constantFrom(40, 200, 1000),
        fc.infiniteStream(fc.nat()),
        async (tale, questions, size, chance) => {
          await forgetPayments(owner);
          await sql`delete from organisation_calendar`;
          await sql`update organisation set position = id`;
          await play(sql, tale, size, chance);
          expect(await sql`select * from audit()`).toEqual([]);
          const rows = await readRows(sql);
          for (const asked of questions)
            expect(asTwin(await readBoard(sql, asked)), inWords(asked)).toEqual(twin(rows, asked));
        },
      ),
      { numRuns: seeds, endOnFailure: true },
    );
  },
);

function inWords({ place, period: { from, to }, currency, today }: BoardAsked): string {
  const ids = Object.entries(place).flatMap(([name, id]) => (id === null ? [] : [`${name} ${id}`]));
  return `${ids.join(", ") || "everything"}, ${from} to ${to}, ${currency}, on ${today}`;
}

describe("what the board answers", () => {
  const asked: BoardAsked = {
    place: everything,
    period: { from: null, to: null },
    currency: "CAD",
    today: "2022-06-15",
    before: null,
    samePoint: null,
    compared: null,
  };
  let requests = 0;

  async function give(day: string, amount: bigint, more: object = {}): Promise<void> {
    requests += 1;
    const gift = { request: `gift-${requests}`, fund: "families", amount_minor: `${amount}`, day, ...more };
    await sql`select * from record_cash(${sql.json({ currency: "CAD", organisation: "organisation-1", ...gift })})`;
  }

  async function startAnew(): Promise<void> {
    await forgetPayments(owner);
    await sql`delete from organisation_calendar`;
    await sql`update organisation set position = id`;
  }

  it("a median of an even number of gifts is the mean of the two in the middle, half a cent up", async () => {
    await startAnew();
    await give("2021-03-03", 1000n);
    await give("2021-03-03", 2599n);
    await give("2021-03-04", 2500n);
    await give("2021-03-05", 90_000n);
    const { size } = (await readBoard(sql, asked)).answers;
    expect(size).toMatchObject({ gifts: 4, medianMinor: 2550, averageMinor: 24_025 });
    expect(size.histogram).toEqual([
      { fromMinor: 1000, toMinor: 2500, gifts: 1 },
      { fromMinor: 2500, toMinor: 5000, gifts: 2 },
      { fromMinor: 5000, toMinor: 10_000, gifts: 0 },
      { fromMinor: 10_000, toMinor: 25_000, gifts: 0 },
      { fromMinor: 25_000, toMinor: 50_000, gifts: 0 },
      { fromMinor: 50_000, toMinor: 100_000, gifts: 1 },
    ]);
  });

  it("bars begin at whole amounts that people know, in yen and in dinar as well, and each begins a band", async () => {
    expect(histogramBounds("CAD").slice(0, 3)).toEqual([0n, 1000n, 2500n]);
    expect(histogramBounds("JPY").slice(0, 3)).toEqual([0n, 1000n, 2500n]);
    expect(histogramBounds("KWD").slice(0, 3)).toEqual([0n, 10_000n, 25_000n]);
    for (const bound of [...histogramBounds("CAD"), ...histogramBounds("KWD")])
      expect(await sql`select band_of(${bound}) as band`).toEqual([{ band: bound }]);
  });

  it("days are the last 400 of the period, and none after today", async () => {
    await startAnew();
    for (const day of ["2021-05-11", "2021-05-12", "2022-06-15"]) await give(day, 1000n);
    const { days } = (await readBoard(sql, asked)).answers;
    expect(days.map(({ day }) => day)).toEqual(["2021-05-12", "2022-06-15"]);
    const earlier = await readBoard(sql, { ...asked, period: { from: "2021-05-12", to: "2021-12-31" } });
    expect(earlier.answers.days.map(({ day }) => day)).toEqual(["2021-05-12"]);
  });

  it("an amount that no JSON number holds is refused rather than rounded", async () => {
    await startAnew();
    await give("2021-03-03", 9_007_199_254_740_993n);
    await expect(readBoard(sql, asked)).rejects.toThrow(RangeError);
  });

  it("a joint fund names what each organisation raised, and what one holds of it for the other", async () => {
    await startAnew();
    await give("2021-03-03", 5000n);
    await give("2021-03-04", 700n, { organisation: "organisation-2" });
    const move = {
      request: "held-1",
      organisation: "organisation-1",
      partner: "organisation-2",
      fund: "families",
      amount_minor: "1200",
      day: "2021-03-05",
      note: "the agreement of March",
    };
    await sql`select * from record_collected_for_partner(${sql.json(move)}, ${sql.json(treasurer)})`;
    const { answers } = await readBoard(sql, { ...asked, place: { ...everything, fundId: 2n } });
    expect(answers.joint?.organisations.map(({ slug, raisedMinor }) => [slug, raisedMinor])).toEqual([
      ["organisation-1", 5000],
      ["organisation-2", 700],
    ]);
    expect(answers.joint?.owed).toEqual([{ from: "organisation-1", to: "organisation-2", minor: 1200 }]);
    expect(answers.cost).toBeNull();
    expect((await readBoard(sql, asked)).answers.joint).toBeNull();
  });

  it("trust names the last closed month and who closed it, and that the books hold", async () => {
    await startAnew();
    await give("2021-03-03", 5000n);
    await sql`select close_month(1, '2021-03-01', 'The treasurer')`;
    const place = { ...everything, organisationId: 1n };
    const { trust } = (await readBoard(sql, { ...asked, place })).answers;
    expect(trust.organisations).toMatchObject([
      {
        slug: "organisation-1",
        closed: { month: "2021-03", by: "The treasurer" },
        proofsHold: true,
        stripe: { state: "not yet", askedAt: null, differenceMinor: 0 },
      },
    ]);
  });

  it("closing months and learning of more later leaves every fold as its rows say", async () => {
    await startAnew();
    await give("2021-03-03", 5000n, { email: "leyla@example.org" });
    await sql`select close_month(1, '2021-03-01', 'The treasurer')`;
    await give("2021-03-02", 700n, { email: "leyla@example.org" });
    expect(await sql`select * from audit()`).toEqual([]);
    const { size } = (await readBoard(sql, { ...asked, period: { from: "2021-03-01", to: "2021-03-31" } })).answers;
    expect(size).toMatchObject({ gifts: 1, medianMinor: 5000 });
  });
});

const treasurer = { id: "treasurer", name: "The treasurer" };
