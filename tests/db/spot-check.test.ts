import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { chances } from "../../src/core/spot-check.ts";
import { recordCash } from "../../src/db/cash.ts";
import { openSql, type Sql } from "../../src/db/connect.ts";
import { drawSpotCheck, findSpotCheck, listSpotChecks, tickSpotCheck } from "../../src/db/spot-check.ts";
import { empty, forgetPayments } from "../charity.ts";
import { openTestDatabase, type TestDatabase } from "../database.ts";

let database: TestDatabase;
let owner: Sql;
let sql: Sql;
beforeAll(async () => {
  database = await openTestDatabase();
  sql = database.sql;
  owner = openSql(database.ownerUrl, { max: 1 });
  for (const slug of ["one", "two"])
    await sql`insert into organisation (slug, name, legal_name, address, contact) values (${slug}, ${slug}, 'O', 'here', 'me')`;
  await sql`insert into fund (slug, name) values ('families', 'Families')`;
});
beforeEach(async () => await forgetPayments(owner));
afterAll(async () => {
  await owner.end();
  await database.close();
});

const tess = { id: "tess", name: "Tess" };
const allTime = { from: null, to: null };

async function give(organisation: string, day: string, amounts: number[]): Promise<void> {
  for (const [index, amount] of amounts.entries()) {
    await recordCash(sql, {
      request: `${organisation} ${day} ${index}`,
      fund: "families",
      day,
      organisation,
      amountMinor: BigInt(amount),
      currency: null,
      note: null,
      email: null,
      person: null,
      name: null,
    });
  }
}

let count = 0;
async function draw(
  chosen: number[],
  period: { from: string | null; to: string | null } = allTime,
  organisation = "one",
) {
  count += 1;
  const drawn = await drawSpotCheck(sql, { ...period, request: `check ${count}`, organisation }, chosen, tess);
  if (!drawn.ok) return drawn.refusal;
  const found = await findSpotCheck(sql, "all", drawn.id);
  return found?.gifts.map(({ amountMinor }) => Number(amountMinor));
}

async function newest(): Promise<bigint> {
  const [check] = await listSpotChecks(sql, 1n, 1);
  return check?.id ?? 0n;
}

describe("a spot check", () => {
  it("draws ten different gifts of the organisation and its days, and keeps them as they were", async () => {
    await give("one", "2021-03-04", [1, 2, 3, 4, 5, 6]);
    await give("one", "2021-03-09", [7, 8, 9, 10, 11, 12]);
    await give("one", "2021-05-01", [13]);
    await give("two", "2021-03-09", [14]);
    expect(await draw([0, 0, 0, 0, 0, 0, 0, 0, 0, 0], { from: "2021-03-01", to: "2021-03-31" })).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
    ]);
    expect(await draw([12, 11, 10, 9, 8, 7, 6, 5, 4, 3])).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
    // The third of those left by the first two, and so on: a chance chooses among the gifts that are left.
    expect(await draw([3, 3, 3, 13 * 1000 + 9])).toHaveLength(4);
    const id = await newest();
    const opened = await findSpotCheck(sql, "all", id);
    expect(opened?.check).toMatchObject({ gifts: 13, drawn: 4, found: 0, differ: 0, drawnBy: "tess" });
    await expect(sql`update spot_check_gift set amount_minor = 0`).rejects.toThrow("a spot check is never changed");
    await expect(sql`delete from spot_check`).rejects.toThrow("a spot check is never changed");
  });

  it("is each gift as likely as any other, however few came on its day", async () => {
    await give("one", "2021-03-04", [1]);
    await give("one", "2021-03-05", [2, 3, 4]);
    const drawn = await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map(async (chance) => await draw([chance])));
    expect(drawn.flat().map(String).toSorted()).toEqual(["1", "1", "2", "2", "3", "3", "4", "4"]);
    expect(chances(() => "zzzzzzzzzzzzzzzzzzzzzzzz")).toEqual(Array.from({ length: 10 }, () => 36 ** 10 - 1));
    expect(Number.isSafeInteger(36 ** 10)).toBe(true);
  });

  it("draws all where there are fewer than ten, and none that was wholly returned", async () => {
    await give("one", "2021-03-04", [5, 6]);
    const ten = Array.from({ length: 10 }, () => 1);
    expect(await draw(ten)).toEqual([5, 6]);
    await sql`update gift set wholly_returned = true, returned_minor = amount_minor where amount_minor = 5`;
    expect(await draw(ten)).toEqual([6]);
  });

  it("is refused where there is nothing to draw from", async () => {
    await give("one", "2021-03-04", [5]);
    expect(await draw([1], { from: "2022-01-01", to: null })).toBe("there is no gift in these days");
    expect(await draw([1], allTime, "nobody")).toBe("there is no such organisation");
  });

  it("is drawn once by what is sent twice", async () => {
    await give("one", "2021-03-04", [5, 6]);
    const said = { ...allTime, request: "twice", organisation: "one" };
    const first = await drawSpotCheck(sql, said, [0], tess);
    expect(await drawSpotCheck(sql, said, [1], tess)).toEqual(first);
  });
});

describe("a tick", () => {
  it("is added to the ones before, and the last one counts", async () => {
    await give("one", "2021-03-04", [5, 6]);
    await draw([0, 0]);
    const id = await newest();
    const tick = async (request: string, place: number, outcome: "found" | "differs", remark = "") =>
      await tickSpotCheck(sql, { request, check: id, place, outcome, remark }, tess);
    expect(await tick("a", 1, "differs")).toEqual({ ok: false, refusal: "say what differs" });
    expect(await tick("a", 3, "found")).toEqual({ ok: false, refusal: "there is no such gift in this check" });
    expect(await tick("a", 1, "differs", "A dollar less.")).toEqual({ ok: true });
    expect(await tick("b", 2, "found")).toEqual({ ok: true });
    expect((await findSpotCheck(sql, "all", id))?.check).toMatchObject({ found: 1, differ: 1 });
    expect(await tick("c", 1, "found", "It was the fee.")).toEqual({ ok: true });
    expect(await tick("c", 1, "found", "It was the fee.")).toEqual({ ok: true });
    const opened = await findSpotCheck(sql, "all", id);
    expect(opened?.check).toMatchObject({ found: 2, differ: 0 });
    expect(opened?.gifts[0]?.ticks).toMatchObject([
      { outcome: "differs", remark: "A dollar less.", by: "tess" },
      { outcome: "found", remark: "It was the fee." },
    ]);
    await expect(sql`update spot_check_tick set outcome = 'found'`).rejects.toThrow("a spot check is never changed");
    await empty(owner, "spot_check_tick");
  });

  it("is nobody's business who does not see the organisation", async () => {
    await give("one", "2021-03-04", [5]);
    await draw([0]);
    const id = await newest();
    expect(await findSpotCheck(sql, [2n], id)).toBeNull();
    expect(await findSpotCheck(sql, [1n], id)).not.toBeNull();
  });
});
