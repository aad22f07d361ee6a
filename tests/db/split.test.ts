import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { splitByWeight } from "../../src/core/money.ts";
import { openTestDatabase, type TestDatabase } from "../database.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(async () => await database.close());

const amounts = fc.array(fc.nat(100_000), { minLength: 1, maxLength: 6 });

test("[64] the database splits as the application does", async () => {
  const cases = fc.sample(fc.record({ total: fc.integer({ min: -1_000_000, max: 1_000_000 }), weights: amounts }), 300);
  const rows = await database.sql<{ n: number; split: string }[]>`
    select n::int as n, split_by_weight((c ->> 'total')::bigint, array(select w::bigint from jsonb_array_elements_text(c -> 'weights') w))::text as split
    from jsonb_array_elements(${database.sql.json(cases)}) with ordinality u (c, n)`;
  expect(rows).toHaveLength(cases.length);
  for (const { n, split } of rows) {
    const asked = cases[n - 1];
    if (asked === undefined) throw new Error("a row for no case");
    expect(split).toBe(`{${splitByWeight(BigInt(asked.total), asked.weights.map(BigInt)).join(",")}}`);
  }
});

test("returns in parts never take more of a part than it has, and together exactly what was paid", async () => {
  const histories = fc.sample(
    fc.record({
      parts: amounts,
      shares: fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 1, maxLength: 6 }),
    }),
    200,
  );
  const cases = histories.map(({ parts, shares }) => {
    let left = parts.reduce((a, b) => a + b, 0);
    const returns = shares.map((share) => {
      const amount = Math.ceil(left * share);
      left -= amount;
      return amount;
    });
    return { parts, returns: [...returns, left] };
  });
  const broken = await database.sql`
    with asked as (
      select n, array(select p::bigint from jsonb_array_elements_text(c -> 'parts') p) as parts,
        array(select r::bigint from jsonb_array_elements_text(c -> 'returns') r) as returns
      from jsonb_array_elements(${database.sql.json(cases)}) with ordinality u (c, n)
    ), by_part as (
      select n, s.part_number, sum(s.amount_minor) as returned, min(s.amount_minor) as least
      from asked cross join lateral split_returns(parts, returns) s
      group by n, s.part_number
    )
    select asked.n::int, part_number::int from by_part join asked using (n) where returned <> parts[part_number] or least < 0`;
  expect(broken).toEqual([]);
});

test("what is returned above what was paid is split like the payment itself", async () => {
  const rows =
    await database.sql`select part_number::int as part, amount_minor as amount from split_returns('{300,100}', '{440}') order by 1`;
  expect(rows).toEqual([
    { part: 1, amount: 330n },
    { part: 2, amount: 110n },
  ]);
});
