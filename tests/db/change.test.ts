import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { runAudit } from "../../src/db/audit.ts";
import { listChangeKinds, listChanges, newestChange } from "../../src/db/change.ts";
import { openSql, type Sql } from "../../src/db/connect.ts";
import { openTestDatabase, type TestDatabase } from "../database.ts";

let database: TestDatabase;
let owner: Sql;

beforeAll(async () => {
  database = await openTestDatabase();
  owner = openSql(database.ownerUrl, { max: 1 });
});
afterAll(async () => {
  await owner.end();
  await database.close();
});
beforeEach(async () => {
  await owner`alter table change disable trigger changes_only_grow`;
  await owner`truncate change`;
  await owner`alter table change enable trigger changes_only_grow`;
  for (const [kind, subject, organisation] of [
    ["fund", "families", "alov"],
    ["campaign", "pins", "alov"],
    ["fund", "youth", "acmc"],
  ] as const)
    await record(kind, subject, organisation);
});
afterEach(async () => {
  await owner`alter table change enable trigger changes_only_grow`;
});

async function record(kind: string, subject: string, organisation: string): Promise<void> {
  const after = { name: subject, organisations: [organisation] };
  await database.sql`
    select record_change(${database.sql.json({ id: "u1", name: "Leyla" })}, 'made', ${kind}, ${subject}, null, ${database.sql.json(after)})`;
}

/** What the owner of the database, and nobody else, can do to the trail. */
async function tamper(change: () => Promise<unknown>): Promise<string[]> {
  await owner`alter table change disable trigger changes_only_grow`;
  await change();
  return (await runAudit(database.sql)).map(({ subject }) => subject);
}

const everything = { kind: null, before: null, organisations: null, limit: 50 };

describe("the trail of changes", () => {
  it("says who changed what and when, the newest first", async () => {
    const changes = await listChanges(database.sql, everything);
    expect(changes.map(({ number, kind, subject, staffName }) => [number, kind, subject, staffName])).toEqual([
      [3n, "fund", "youth", "Leyla"],
      [2n, "campaign", "pins", "Leyla"],
      [1n, "fund", "families", "Leyla"],
    ]);
    expect(changes[0]?.at).toBeInstanceOf(Date);
    expect(changes[0]).toMatchObject({ before: null, after: { name: "youth" } });
  });

  it("is filtered by kind, turned by number, and shows each organisation what names it", async () => {
    const subjects = async (query: Partial<typeof everything> | Record<string, unknown>) =>
      (await listChanges(database.sql, { ...everything, ...query })).map(({ subject }) => subject);
    expect(await subjects({ kind: "fund" })).toEqual(["youth", "families"]);
    expect(await subjects({ before: 3n, limit: 1 })).toEqual(["pins"]);
    expect(await subjects({ organisations: ["acmc"] })).toEqual(["youth"]);
    expect(await subjects({ organisations: [] })).toEqual([]);
    expect(await listChangeKinds(database.sql)).toEqual(["campaign", "fund"]);
    expect((await newestChange(database.sql))?.number).toBe(3n);
  });

  it("links changes made at the same time one after the other", async () => {
    await Promise.all(Array.from({ length: 20 }, async (_, n) => await record("fund", `f-${n}`, "alov")));
    expect(await runAudit(database.sql)).toEqual([]);
    expect((await newestChange(database.sql))?.number).toBe(23n);
  });

  it.each([
    ["changed", async () => await database.sql`update change set staff_name = 'Nobody'`],
    ["deleted", async () => await database.sql`delete from change`],
    ["emptied", async () => await database.sql`truncate change`],
  ])("cannot be %s by the service", async (_, attempt) => {
    await expect(attempt()).rejects.toThrow(/permission denied/u);
  });

  it("cannot be changed by the database's owner either, while its guard stands", async () => {
    await expect(owner`update change set staff_name = 'Nobody'`).rejects.toThrow("only grows");
    await expect(owner`delete from change`).rejects.toThrow("only grows");
    await expect(owner`truncate change`).rejects.toThrow("only grows");
  });

  it("takes no number, moment or hash from who writes it", async () => {
    await database.sql`
      insert into change (number, at, staff_id, staff_name, deed, kind, subject, after, previous, hash)
      values (99, '2001-01-01', 'u1', 'Leyla', 'made', 'fund', 'x', '{}', 'forged', 'forged')`;
    expect(await runAudit(database.sql)).toEqual([]);
    expect((await newestChange(database.sql))?.number).toBe(4n);
  });

  it("is found broken where a change was altered, taken away, or altered with its own hash made anew", async () => {
    expect(await tamper(async () => await owner`update change set staff_name = 'Nobody' where number = 2`)).toEqual([
      "change 2: content differs from its hash",
    ]);
    expect(await tamper(async () => await owner`update change c set hash = change_hash(c) where number = 2`)).toEqual([
      "change 3: is not linked to the change before it",
    ]);
    expect(await tamper(async () => await owner`delete from change where number = 2`)).toEqual([
      "change 3: a change before it is missing",
      "change 3: is not linked to the change before it",
    ]);
  });
});
