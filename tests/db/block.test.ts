import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listBlocks } from "../../src/db/block.ts";
import { recordCash } from "../../src/db/cash.ts";
import type { Sql } from "../../src/db/connect.ts";
import { openTestDatabase, type TestDatabase } from "../database.ts";

let database: TestDatabase;
let sql: Sql;
beforeAll(async () => {
  database = await openTestDatabase();
  sql = database.sql;
  for (const fund of ["families", "empty", "hidden"])
    await sql`insert into fund (slug, name, is_public) values (${fund}, ${fund}, ${fund !== "hidden"})`;
  // In May five people, in June and July three of them and two others, in August one, in September four; unnamed ones throughout.
  await give("families", "2021-05-03", [1, 2, 3, 4, 5, null]);
  await give("families", "2021-06-30", [1, 2, 3]);
  await give("families", "2021-07-01", [1, 6, 7, null]);
  await give("families", "2021-08-31", [1]);
  await give("families", "2021-09-01", [2, 3, 4]);
  await give("hidden", "2021-05-03", [1, 2, 3, 4, 5, 6]);
});
afterAll(async () => await database.close());

let count = 0;
async function give(fund: string, day: string, people: (number | null)[]): Promise<void> {
  for (const person of people) {
    count += 1;
    const recorded = await recordCash(sql, {
      request: `gift ${count}`,
      fund,
      day,
      organisation: null,
      amountMinor: 100n,
      currency: null,
      note: null,
      email: person === null ? null : `${person}@example.org`,
      person: null,
      name: null,
    });
    if (!recorded.ok) throw new Error(recorded.refusal);
  }
}

const blocks = async (slug: string, today: string) =>
  (await listBlocks(sql, { slug, currency: "CAD", today })).map(
    ({ from, to, givenMinor }) => `${from} ${to} ${givenMinor}`,
  );

describe("what a public page shows over time", () => {
  it("joins finished months until five people have given in them", async () => {
    expect(await blocks("families", "2021-10-01")).toEqual(["2021-05 2021-05 600", "2021-06 2021-07 700"]);
  });

  it("shows nothing of months that are not over, or by which too few have given", async () => {
    expect(await blocks("families", "2021-07-31")).toEqual(["2021-05 2021-05 600"]);
    expect(await blocks("families", "2021-05-31")).toEqual([]);
  });

  it("counts on over months without a gift, and each person of a block once", async () => {
    await give("families", "2022-01-05", [2, 3, 4, 8]);
    expect(await blocks("families", "2022-01-31")).toHaveLength(2);
    expect((await blocks("families", "2022-02-01")).at(-1)).toBe("2021-08 2022-01 800");
  });

  it("is nothing for a fund without gifts, and for a hidden one", async () => {
    expect([await blocks("empty", "2022-02-01"), await blocks("hidden", "2022-02-01")]).toEqual([[], []]);
  });
});
