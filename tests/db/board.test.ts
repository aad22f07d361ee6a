import { afterAll, beforeAll, expect, test } from "vitest";
import { readBoard } from "../../src/db/board.ts";
import { setUpCharity } from "../charity.ts";
import { openTestDatabase, type TestDatabase } from "../database.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await setUpCharity(database.sql);
});
afterAll(async () => {
  await database.close();
});

test("a house without a gift has an empty board", async () => {
  const everything = { organisationId: null, fundId: null, campaignId: null };
  const read = await readBoard(database.sql, {
    place: everything,
    period: { from: "2021-01-01", to: "2021-12-31" },
    currency: "CAD",
    today: "2021-06-01",
    before: { from: "2020-01-01", to: "2020-12-31" },
    samePoint: { before: { from: "2019-01-01", to: "2019-12-31" }, period: { from: "2020-01-01", to: "2020-06-01" } },
    compared: {
      with: "last year",
      place: everything,
      from: "2020-01-01",
      to: "2020-06-01",
      own: { from: "2021-01-01", to: "2021-06-01" },
    },
  });
  expect(read.totals.all).toMatchObject({ givenMinor: 0n, donors: 0 });
  expect(read.answers.size).toEqual({ gifts: 0, medianMinor: null, averageMinor: null, histogram: [] });
  expect(read.answers.people.before).toMatchObject({ donors: 0, samePoint: null });
  expect(read.compared?.cumulative.own).toHaveLength(152);
});
