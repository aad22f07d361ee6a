import { afterAll, beforeAll, expect, test } from "vitest";
import { openSql, type Sql } from "../../src/db/connect.ts";
import { openDatabase } from "../../src/db/open.ts";
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

/** What the start says when this database is given to it. */
async function startOn({ url, ownerUrl }: { url: string; ownerUrl: string }): Promise<string[]> {
  const said: string[] = [];
  const place = { database: { url, ownerUrl }, dataDir: ".", dataDirIsDefault: false };
  const opened = await openDatabase(place, (level, message) => said.push(`${level}: ${message}`));
  await opened.close();
  return said;
}

test("a database of one's own is told not to compile plans, which takes seconds for what ends in milliseconds", async () => {
  expect(await startOn(database)).toEqual([]);
  expect(await settingOfNewSessions()).toBe("off");
});

test("where it still does, the start says so, and what stops it", async () => {
  // What is set for a role goes before what is set for a database.
  await owner.unsafe(
    "do $$ begin execute format('alter role almonry in database %I set jit = on', current_database()); end $$",
  );
  expect(await startOn(database)).toEqual([
    expect.stringMatching(/^warn: this PostgreSQL compiles plans.* set jit = off$/u),
  ]);
});

test("where one role does everything, the start says that only triggers guard the books", async () => {
  expect(await startOn({ url: database.ownerUrl, ownerUrl: database.ownerUrl })).toEqual([
    expect.stringMatching(/^warn: one database role does everything/u),
  ]);
});

async function settingOfNewSessions(): Promise<string | undefined> {
  const sql = openSql(database.url, { max: 1 });
  try {
    const [row] = await sql<{ jit: string }[]>`select current_setting('jit') as jit`;
    return row?.jit;
  } finally {
    await sql.end();
  }
}
