import { afterAll, beforeAll, expect, test } from "vitest";
import { everyGift, type GiftPlace } from "../../src/core/gift-list.ts";
import { openSql, type Sql } from "../../src/db/connect.ts";
import { listGiftLines, type GiftQuestion } from "../../src/db/gift-list.ts";
import { sumGiftLines } from "../../src/db/gift-sum.ts";
import { setUpCharity } from "../charity.ts";
import { openTestDatabase, type TestDatabase } from "../database.ts";

const gifts = 20_000;
const shown = 50;

let database: TestDatabase;
let owner: Sql;
let page: Sql;
beforeAll(async () => {
  database = await openTestDatabase();
  owner = openSql(database.ownerUrl, { max: 1 });
  page = openSql(database.url, { max: 1 });
  await setUpCharity(database.sql);
  // As rows, not by the drain: what is measured is how they are read.
  await owner.unsafe(`
    set local session_replication_role = replica;
    insert into payment (account_id, key, state, kind, occurred_on)
    select 1, 'pi_' || n, 'succeeded', 'gift', date '2021-01-01' + n % 700 from generate_series(1, ${gifts}) n;
    insert into gift (payment_id, part, source, account_id, organisation_id, fund_id, occurred_on, counted_on, currency, amount_minor)
    select p.id, 'whole', 'stripe', 1, 1, 1 + p.id % 2, p.occurred_on, p.occurred_on, 'CAD', 100 + p.id % 900 from payment p;
    analyze gift; analyze payment`);
});
afterAll(async () => {
  await Promise.all([page.end(), owner.end()]);
  await database.close();
});

const everything: GiftQuestion = { filter: everyGift, search: null, places: "all" };
const ofAFund: GiftQuestion = { ...everything, filter: { ...everyGift, fund: "families" } };

/** How many rows and entries of the gifts' table and its indexes are read while `use` runs. */
async function readBy(use: () => Promise<unknown>): Promise<number> {
  const read = async (): Promise<number> => {
    await page`select pg_stat_force_next_flush()`;
    const [row] = await page<{ read: number }[]>`
      select (t.seq_tup_read + t.idx_tup_fetch + (select sum(i.idx_tup_read) from pg_stat_user_indexes i where i.relid = t.relid))::int as read
      from pg_stat_user_tables t where t.relname = 'gift'`;
    return row?.read ?? 0;
  };
  const before = await read();
  await use();
  return (await read()) - before;
}

test.each([
  ["all gifts", everything],
  ["a fund's gifts", ofAFund],
])("a page of %s reads what it shows, the first as the one before the last", async (_, question) => {
  const middle: GiftPlace = { day: "2021-01-05", paymentId: 10_000n, part: "whole" };
  for (const before of [null, middle]) {
    const lines = await listGiftLines(page, question, { before, limit: shown });
    expect(lines).toHaveLength(shown);
    const rows = await readBy(async () => await listGiftLines(page, question, { before, limit: shown }));
    expect(rows).toBeGreaterThanOrEqual(shown);
    // Once in the index and once in the table, and a few beside.
    expect(rows, `${rows} rows of ${gifts} for a page of ${shown}`).toBeLessThan(4 * shown);
  }
});

test.each([
  ["all gifts", everything],
  ["a fund's gifts", ofAFund],
  ["a month's gifts", { ...everything, filter: { ...everyGift, period: { from: "2021-03-01", to: "2021-03-31" } } }],
  ["what came by hand", { ...everything, filter: { ...everyGift, source: "cash" as const } }],
])("the sum of %s reads no gift, however many there are", async (_, question) => {
  await sumGiftLines(page, question);
  expect(await readBy(async () => await sumGiftLines(page, question))).toBe(0);
});

test("more than 10,000 gifts that no total is kept of are not added up", async () => {
  const question: GiftQuestion = { ...everything, filter: { ...everyGift, source: "stripe" } };
  expect(await sumGiftLines(page, question)).toBe(null);
  expect(await readBy(async () => await sumGiftLines(page, question))).toBeLessThan(2.1 * 10_000);
});
