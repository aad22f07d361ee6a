import fc from "fast-check";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { openSql, type Sql } from "../../src/db/connect.ts";
import { forgetPayments, setUpCharity } from "../charity.ts";
import { openTestDatabase, type TestDatabase } from "../database.ts";
import { dayOf } from "../history.ts";

const seeds = process.env.PROVE === "1" ? 200 : 8;

let database: TestDatabase;
let owner: Sql;
let sql: Sql;
beforeAll(async () => {
  database = await openTestDatabase();
  sql = database.sql;
  owner = openSql(database.ownerUrl, { max: 1 });
  await setUpCharity(sql);
});
afterEach(async () => await forgetPayments(owner));
afterAll(async () => {
  await owner.end();
  await database.close();
});

/** A first day and how many follow it, within half a year. */
const cut = fc.tuple(fc.nat(180), fc.nat(180)).map(([first, days]) => ({ first, last: first + days }));

test(
  "people who give every few days are counted once in any range, wherever in a month it begins and ends",
  { timeout: 540_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(5), fc.nat(180), fc.integer({ min: 100, max: 400 })), {
          minLength: 40,
          maxLength: 70,
        }),
        fc.array(cut, { minLength: 30, maxLength: 30 }),
        async (gifts, ranges) => {
          await forgetPayments(owner);
          const given = gifts.map(([person, day, minor], index) => ({ person, day, minor, index }));
          await sql`
          select record_cash(jsonb_build_object(
            'request', 'gift ' || (g ->> 'index'), 'fund', 'families', 'amount_minor', g ->> 'minor', 'currency', 'CAD',
            'day', g ->> 'on', 'organisation', 'organisation-1', 'email', (g ->> 'person') || '@example.org'
          )) from jsonb_array_elements(${sql.json(given.map((gift) => ({ ...gift, on: dayOf(gift.day) })))}) g`;
          for (const { first, last } of ranges) {
            const inside = given.filter(({ day }) => day >= first && day <= last);
            const [counted] = await sql<{ donors: number; size: Size }[]>`
            select people_between(s.id, 'donor', ${dayOf(first)}::date, ${dayOf(last)}::date)::int as donors,
              size_answer(null, null, null, ${dayOf(first)}::date, ${dayOf(last)}::date, 'CAD', ${sql.json(bounds.map(String))}) as size
            from scope s where s.key = 'all'`;
            expect(
              [
                counted?.donors,
                counted?.size.gifts,
                counted?.size.medianMinor,
                counted?.size.histogram.map((bar) => bar.gifts),
              ],
              `${dayOf(first)} to ${dayOf(last)}`,
            ).toEqual([
              new Set(inside.map(({ person }) => person)).size,
              inside.length,
              medianOf(inside),
              barsOf(inside),
            ]);
          }
        },
      ),
      { numRuns: seeds, endOnFailure: true },
    );
  },
);

type Size = { gifts: number; medianMinor: string | null; histogram: { gifts: number }[] };

/** The least amounts of the bars of a histogram. */
const bounds = [0, 150, 200, 250, 300, 350];

/** How many gifts each bar is of, from the first that has one to the last. */
function barsOf(gifts: { minor: number }[]): number[] {
  const bars = bounds.map(
    (least, bar) => gifts.filter(({ minor }) => minor >= least && minor < (bounds[bar + 1] ?? Infinity)).length,
  );
  return bars.slice(
    bars.findIndex((count) => count > 0),
    bars.findLastIndex((count) => count > 0) + 1,
  );
}

/** Half up, as text. */
function medianOf(gifts: { minor: number }[]): string | null {
  const amounts = gifts.map(({ minor }) => minor).toSorted((one, other) => one - other);
  const [low, high] = [amounts[Math.floor((amounts.length - 1) / 2)], amounts[Math.floor(amounts.length / 2)]];
  return low === undefined || high === undefined ? null : String(Math.floor((low + high + 1) / 2));
}

test("a cut month taken whole, less its other days, is each of the days asked for once and no other", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(cut, { minLength: 20, maxLength: 20 }), async (ranges) => {
      for (const { first, last } of ranges) {
        const wrong = await sql`
          select day::date, coalesce(sum(piece.sign), 0)::int as times
          from generate_series(${dayOf(first)}::timestamp - interval '45 days', ${dayOf(last)}::timestamp + interval '45 days', interval '1 day') day
          left join (
            select p.first_on, p.sign,
              case p.grain when 'month' then (p.last_on + interval '1 month')::date - 1 else p.last_on end as last_on
            from rounded_pieces(${dayOf(first)}::date, ${dayOf(last)}::date) p
          ) piece on day between piece.first_on and piece.last_on
          group by 1
          having coalesce(sum(piece.sign), 0) <> (day::date between ${dayOf(first)}::date and ${dayOf(last)}::date)::int`;
        expect([...wrong], `${dayOf(first)} to ${dayOf(last)}`).toEqual([]);
      }
    }),
    { numRuns: seeds, endOnFailure: true },
  );
});
