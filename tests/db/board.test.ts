import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AskedPlace, BoardAsked } from "../../src/core/board.ts";
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
            expect(asTwin(await readBoard(sql, asked)), describe(asked)).toEqual(twin(rows, asked));
        },
      ),
      { numRuns: seeds, endOnFailure: true },
    );
  },
);

function describe({ place, period: { from, to }, currency, today }: BoardAsked): string {
  const ids = Object.entries(place).flatMap(([name, id]) => (id === null ? [] : [`${name} ${id}`]));
  return `${ids.join(", ") || "everything"}, ${from} to ${to}, ${currency}, on ${today}`;
}
