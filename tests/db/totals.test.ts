import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openSql, type Sql } from "../../src/db/connect.ts";
import { setUpCharity, forgetPayments } from "../charity.ts";
import { openTestDatabase, type TestDatabase } from "../database.ts";
import { cashOf, dayOf, factsOf, figures, funds, histories, type Payment } from "../history.ts";

const seeds = process.env.PROVE === "1" ? 300 : 20;

let database: TestDatabase;
let owner: Sql;
beforeAll(async () => {
  database = await openTestDatabase();
  owner = openSql(database.ownerUrl, { max: 1 });
  await setUpCharity(database.sql);
});
afterAll(async () => {
  await owner.end();
  await database.close();
});

const batchSizes = fc.constantFrom(1, 3, 20, 500);
const ranges = fc.array(fc.tuple(fc.integer({ min: -40, max: 620 }), fc.nat(400)), { minLength: 6, maxLength: 6 });

test(
  "totals and counts equal a count by hand after any history, over all time and over any range",
  { timeout: 540_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(
        histories(60),
        ranges,
        batchSizes,
        fc.infiniteStream(fc.nat()),
        async (history, cuts, size, chance) => {
          await forgetPayments(owner);
          await book(history, size, chance);
          expect(await database.sql`select * from audit()`).toEqual([]);
          expect(await monthsThatDoNotAddUp()).toEqual([]);
          const asked = [
            [null, null],
            ["2021-03-01", "2021-12-31"],
            [null, "2021-06-17"],
            ["2021-06-17", null],
          ];
          for (const [first, days] of cuts) asked.push([dayOf(first), dayOf(first + days)]);
          for (const [from = null, to = null] of asked) {
            const rows = await database.sql<Row[]>`
            select scope, fund_slug as slug, given_minor as given, returned_minor as returned, gifts::int, donors::int,
              unnamed_gifts::int as unnamed, supporters::int
            from totals(${from}::date, ${to}::date, 'CAD')`;
            const of = (scope: string, slug: string | null) =>
              rows.find((row) => row.scope === scope && row.slug === slug);
            for (const fund of funds)
              expect(of("fund", fund), `${fund} ${from} ${to}`).toMatchObject(figures(history, fund, from, to));
            expect(of("unassigned", null), `unassigned ${from} ${to}`).toMatchObject(figures(history, null, from, to));
            expect(of("all", null), `all ${from} ${to}`).toMatchObject(figures(history, "all", from, to));
            expect(of("public", null)).toMatchObject(figures(history, "all", from, to));
          }
        },
      ),
      { numRuns: seeds, endOnFailure: true },
    );
  },
);

type Row = {
  scope: string;
  slug: string | null;
  given: bigint;
  returned: bigint;
  gifts: number;
  donors: number;
  unnamed: number;
  supporters: number;
};

/** Plays a history in random order and batches, cash in between. */
async function book(history: Payment[], size: number, chance: fc.Stream<number>): Promise<void> {
  const { sql } = database;
  const facts = history.flatMap(factsOf);
  const order = [...chance.take(facts.length)];
  const shuffled = facts.map((fact, index) => ({ fact, key: order[index] ?? 0 })).sort((a, b) => a.key - b.key);
  const cash = history.map(cashOf).filter((gift) => gift !== null);
  for (let start = 0; start < shuffled.length; start += size) {
    const batch = { mode: "sandbox", tickets: [], facts: shuffled.slice(start, start + size).map(({ fact }) => fact) };
    await sql`select * from drain(${sql.json(batch)})`;
    const gift = cash.pop();
    if (gift !== undefined) await sql`select * from record_cash(${sql.json(gift)})`;
  }
  for (const gift of cash) await sql`select * from record_cash(${sql.json(gift)})`;
}

/** Funds (null: waits for a fund) whose months do not add up to their whole. */
async function monthsThatDoNotAddUp(): Promise<object[]> {
  return await database.sql`
    select t.fund_slug
    from totals(null, null, 'CAD') t
    left join (
      select fund_slug, sum(given_minor - returned_minor)::bigint as raised_minor from totals_by_month(null, null, 'CAD') group by fund_slug
    ) m on m.fund_slug is not distinct from t.fund_slug
    where t.scope in ('fund', 'unassigned') and t.raised_minor <> coalesce(m.raised_minor, 0)`;
}
