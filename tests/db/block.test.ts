import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runAudit } from "../../src/db/audit.ts";
import { listBlocks, readRange, storeBlocks } from "../../src/db/block.ts";
import { recordCash } from "../../src/db/cash.ts";
import { openSql, type Sql } from "../../src/db/connect.ts";
import { readShared } from "../../src/db/shared.ts";
import { openTestDatabase, type TestDatabase } from "../database.ts";

let database: TestDatabase;
let sql: Sql;
beforeAll(async () => {
  database = await openTestDatabase();
  sql = database.sql;
  for (const fund of ["families", "empty", "hidden", "mixed"])
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
async function give(
  fund: string,
  day: string,
  people: (number | null)[],
  currency: string | null = null,
): Promise<void> {
  for (const person of people) {
    count += 1;
    const recorded = await recordCash(sql, {
      request: `gift ${count}`,
      fund,
      day,
      organisation: null,
      amountMinor: 100n,
      currency,
      note: null,
      email: person === null ? null : `${person}@example.org`,
      person: null,
      name: null,
    });
    if (!recorded.ok) throw new Error(recorded.refusal);
  }
}

const store = async (moment: string) => await storeBlocks(sql, new Date(`${moment}T12:00:00Z`), "complete");
const blocks = async (slug: string) =>
  (await listBlocks(sql, { slug, currency: "CAD" })).map(({ from, to, raisedMinor }) => `${from} ${to} ${raisedMinor}`);
const range = async (from: string | null, to: string | null, slug = "families", currency = "CAD") => {
  const fund = (await readRange(sql, { from, to, currency })).find((one) => one.slug === slug);
  return fund && [fund.from, fund.to, fund.raisedMinor, fund.gifts, fund.donors];
};

describe("what may be said without sign-in of a fund's months", () => {
  it("is said of finished months, joined until five people have given in them", async () => {
    expect(await store("2021-05-31")).toBe(0);
    // The hidden fund has its block, too, which nobody sees.
    expect(await store("2021-07-31")).toBe(2);
    expect(await blocks("families")).toEqual(["2021-05 2021-05 600"]);
    expect(await store("2021-10-01")).toBe(1);
    expect(await blocks("families")).toEqual(["2021-05 2021-05 600", "2021-06 2021-07 700"]);
  });

  it("stays as it was first counted, whatever comes later", async () => {
    await give("families", "2021-05-09", [8, 9]);
    await give("families", "2021-04-09", [8]);
    await sql`update identity set person_id = (select person_id from identity where key = 'email:1@example.org') where key = 'email:2@example.org'`;
    expect(await store("2021-10-02")).toBe(0);
    expect(await blocks("families")).toEqual(["2021-05 2021-05 600", "2021-06 2021-07 700"]);
    expect(await range("2021-05-01", "2021-05-31")).toEqual(["2021-05-01", "2021-05-31", 600n, 6, 5]);
    await expect(sql`update shared_block set raised_minor = 0`).rejects.toThrow(
      "what was once shared of a month stays as it is",
    );
    await expect(sql`delete from shared_donors`).rejects.toThrow("what was once shared of a month stays as it is");
  });

  it("goes on over months without a gift, and counts each person of a block once", async () => {
    await give("families", "2022-01-05", [2, 3, 4, 8, 10]);
    expect(await store("2022-01-31")).toBe(0);
    expect(await store("2022-02-01")).toBe(1);
    expect((await blocks("families")).at(-1)).toBe("2021-08 2022-01 900");
  });

  it("is widened to whole blocks, and says which; donors are rounded down to a whole five", async () => {
    expect(await range("2021-06-10", "2021-07-02")).toEqual(["2021-06-01", "2021-07-31", 700n, 7, 5]);
    expect(await range("2021-05-31", "2021-06-01")).toEqual(["2021-05-01", "2021-07-31", 1300n, 13, 5]);
    expect(await range("2021-07-31", null)).toEqual(["2021-06-01", "2022-01-31", 1600n, 16, 5]);
    // Eight people in all: 1 to 8 and 10, of whom 1 and 2 were found to be one person.
    expect(await range(null, "2029-12-31")).toEqual(["2021-05-01", "2022-01-31", 2200n, 22, 5]);
    expect(await range("2022-02-01", null)).toEqual([null, null, null, null, null]);
    expect(await range(null, null, "empty")).toEqual([null, null, null, null, null]);
  });

  it("is nothing for a hidden fund, and what was stored already when it is shown", async () => {
    expect([await blocks("hidden"), await range(null, "2021-12-31", "hidden")]).toEqual([[], undefined]);
    await sql`update fund set is_public = true where slug = 'hidden'`;
    expect(await blocks("hidden")).toEqual(["2021-05 2021-05 600"]);
    await sql`update fund set is_public = false where slug = 'hidden'`;
  });

  it("is of money that at least five people gave, not of one among givers in another currency", async () => {
    await give("mixed", "2021-05-03", [1, 3, 4, 5], "USD");
    await give("mixed", "2021-05-03", [6]);
    expect(await store("2022-02-02")).toBe(0);
    await give("mixed", "2021-12-03", [1, 3, 4, 5]);
    expect(await store("2022-02-02")).toBe(1);
    expect(await range(null, "2022-01-31", "mixed")).toEqual(["2021-05-01", "2021-12-31", 500n, 9, 5]);
    expect(await range(null, "2022-01-31", "mixed", "USD")).toEqual(["2021-05-01", "2021-12-31", null, 9, 5]);
  });

  it("waits a day after months have changed, as history may still be coming in", async () => {
    await give("empty", "2021-05-03", [1, 3, 4, 5]);
    const at = async (moment: string) => await storeBlocks(sql, new Date(moment));
    expect(await at("2022-02-03T12:00:00Z")).toBe(0);
    await give("empty", "2021-05-04", [6]);
    expect(await at("2022-02-04T11:00:00Z")).toBe(0);
    expect(await at("2022-02-05T10:59:00Z")).toBe(0);
    expect(await at("2022-02-05T11:00:00Z")).toBe(1);
  });

  it("is of months that are over for every organisation", async () => {
    await give("empty", "2021-06-03", [1, 3, 4, 5, 6]);
    await give("empty", "2022-01-31", [1, 3, 4, 5, 6]);
    for (const [slug, zone] of [
      ["east", "Asia/Baku"],
      ["west", "America/Vancouver"],
    ] as const)
      await sql`
        insert into organisation (slug, name, legal_name, address, contact, time_zone) values (${slug}, 'O', 'O', 'here', 'me', ${zone})`;
    const at = async (moment: string) => await storeBlocks(sql, new Date(moment), "complete");
    expect(await at("2022-02-01T07:59:00Z")).toBe(1);
    expect(await at("2022-02-01T08:00:00Z")).toBe(1);
  });

  it("passes the audit, which misses the donors of a run where they are missing", async () => {
    expect(await runAudit(sql)).toEqual([]);
    const owner = openSql(database.ownerUrl, { max: 1 });
    const forget =
      "delete from shared_donors where fund_id = 1 and from_month = '2021-05-01' and to_month = '2022-01-01'";
    await owner.unsafe(`set local session_replication_role = replica; ${forget}`);
    await owner.end();
    expect(await runAudit(sql)).toMatchObject([
      { finding: "runs of blocks with donors", subject: "fund 1", stored: "5", expected: "6" },
    ]);
  });

  it("has no gap between two blocks", async () => {
    await expect(sql`
      insert into shared_block (fund_id, from_month, to_month, currency, raised_minor, gifts, stored_at)
      select id, '2023-01-01', '2023-01-01', 'CAD', 0, 5, now() from fund where slug = 'families'`).rejects.toThrow(
      "the next block begins on 2022-02-01",
    );
  });
});

describe("what a link without sign-in shows of a period", () => {
  const shared = async (from: string | null, to: string | null, currency = "CAD") => {
    const { funds, sum } = await readShared(sql, { fundIds: "public", from, to, currency });
    return [
      ...funds.map(({ slug, figures, reason }) => `${slug} ${figures?.raisedMinor ?? reason}`),
      sum?.raisedMinor ?? null,
    ];
  };

  it("are the funds whose blocks begin and end with it, and their sum", async () => {
    expect(await shared("2021-05-01", "2021-05-31")).toEqual(["families 600", "empty 500", "mixed no block", 1100n]);
    expect(await shared("2021-01-01", "2021-12-31")).toEqual([
      "families no block",
      "empty no block",
      "mixed 500",
      500n,
    ]);
    expect(await shared("2021-01-01", "2021-12-31", "USD")).toContain("mixed another currency");
    expect(await shared("2021-06-15", "2021-07-31")).toEqual([
      "families no block",
      "empty no block",
      "mixed no block",
      null,
    ]);
    expect(await shared(null, null)).toEqual(["families no block", "empty no block", "mixed no block", null]);
  });

  it("is the same for funds that only a link shows", async () => {
    const [fund] = await sql<{ id: bigint }[]>`select id from fund where slug = 'hidden'`;
    const asked = { from: "2021-05-01", to: "2021-05-31", currency: "CAD" };
    const { funds } = await readShared(sql, { ...asked, fundIds: [fund?.id ?? 0n] });
    expect(funds).toEqual([
      { slug: "hidden", name: "hidden", figures: { raisedMinor: 600n, gifts: 6, donors: 5 }, reason: null },
    ]);
  });
});

it("says of old and new months together nothing of who came late into the old ones", async () => {
  await sql`insert into fund (slug, name) values ('late', 'late')`;
  await give("late", "2021-05-03", [1, 3, 4, 5, 6, 7, 8, 9, 10]);
  await store("2022-02-01");
  expect(await range(null, "2021-05-31", "late")).toEqual(["2021-05-01", "2021-05-31", 900n, 9, 5]);
  await give("late", "2021-05-03", [11]);
  await give("late", "2022-02-07", [12, 13, 14, 15, 16]);
  await store("2022-03-01");
  // Fourteen people from fourteen gifts, and not fifteen, of whom one must have come late.
  expect(await range(null, "2022-02-28", "late")).toEqual(["2021-05-01", "2022-02-28", 1400n, 14, 10]);
  expect(await range("2022-02-01", "2022-02-28", "late")).toEqual(["2021-06-01", "2022-02-28", 500n, 5, 5]);
});
