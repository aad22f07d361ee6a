import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestDatabase, type TestDatabase } from "../database.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(async () => await database.close());

test("amounts arrive as whole numbers of any size, days as text, moments as dates", async () => {
  const [row] = await database.sql`
    select ${9_007_199_254_740_993n}::bigint as amount, count(*) as many, ${"2021-02-03"}::date as day,
      ${new Date(0)}::timestamptz as moment`;
  expect(row).toEqual({
    amount: 9_007_199_254_740_993n,
    many: 1n,
    day: "2021-02-03",
    moment: new Date(0),
  });
});

test("a sum that was not cast to an amount is refused, and the connection goes on working", async () => {
  await expect(database.sql`select sum(1::bigint)`).rejects.toThrow("cast every sum to bigint");
  expect(await database.sql`select sum(1::bigint)::bigint as sum`).toEqual([{ sum: 1n }]);
});

test("JSON goes in as a value or as text, and is the same object either way", async () => {
  const { sql } = database;
  const text = '{"amount":"5000","none":null}';
  const [row] =
    await sql`select ${sql.json({ amount: "5000", none: null })}::jsonb = ${text}::jsonb as same, ${text}::jsonb as read`;
  expect(row).toEqual({ same: true, read: { amount: "5000", none: null } });
});

test("a whole number inside JSON must be text: it is refused rather than rounded, and the connection goes on", async () => {
  const { sql } = database;
  await expect(sql`select ${sql.json({ amount: 5000n })}::jsonb`).rejects.toThrow(TypeError);
  expect(await sql`select ${sql.json({ amount: 5000n.toString() })}::jsonb ->> 'amount' as amount`).toEqual([
    { amount: "5000" },
  ]);
});

test("a list goes in as JSON and comes out as rows; as a value of its own the compiler refuses it", async () => {
  const { sql } = database;
  const days = ["2021-02-03", null];
  expect(await sql`select day::date as day from jsonb_array_elements_text(${sql.json(days)}) day`).toEqual([
    { day: "2021-02-03" },
    { day: null },
  ]);
  // The driver sends lists of bigint, dates and truths wrongly, and reads null in a list as the text "NULL".
  const refused = [
    // @ts-expect-error -- a list of amounts
    () => sql`select ${[1n]}::bigint[]`,
    // @ts-expect-error -- a list of truths
    () => sql`select ${[true]}::boolean[]`,
    // @ts-expect-error -- a list of moments
    () => sql`select ${[new Date(0)]}::timestamptz[]`,
    // @ts-expect-error -- a transaction held in code
    () => sql.begin,
  ];
  expect(refused).toHaveLength(4);
  expect(await sql`select array[1, null]::bigint[] as list`).toEqual([{ list: "{1,NULL}" }]);
});

test("the service's role reads and writes rows and cannot change the rules", async () => {
  const { sql } = database;
  expect(await sql`select current_user as role`).toEqual([{ role: "almonry" }]);
  await expect(sql`alter table fund add column anything text`).rejects.toThrow("must be owner");
  await expect(sql`drop trigger mode_never_changes on database_mode`).rejects.toThrow("must be owner");
  await expect(sql`delete from schema_migration`).rejects.toThrow("permission denied");
});
