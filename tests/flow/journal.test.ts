import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openHouse, type House } from "./house.ts";
import { swept } from "./books.ts";

let house: House;
beforeEach(async () => {
  house = await openHouse();
});
afterEach(async () => {
  expect(await house.sql`select * from audit()`).toEqual([]);
  await house.close();
});

const donor = { email: "nigar@example.org", show: "nothing" };

/** The journal as a treasurer reads it: account, fund and sum, debits above zero. */
async function balances(): Promise<string[]> {
  const rows = await house.sql<{ line: string }[]>`
    select concat_ws(' ', l.code, coalesce(f.slug, 'unassigned'), sum(l.amount_minor)) as line
    from journal_line l left join fund f on f.id = l.fund_id
    group by l.code, f.slug having sum(l.amount_minor) <> 0 order by l.code, f.slug nulls first`;
  return rows.map(({ line }) => line);
}

describe("a gift in the books", () => {
  test("stands in its fund, its fee beside it, when its balance transaction is known", async () => {
    await house.payFor("/funds/families/give", { ...donor, amount: "10000" });
    await house.receive();
    expect(await balances()).toEqual([]);
    await swept(house);
    expect(await balances()).toEqual([]);
  });
});
