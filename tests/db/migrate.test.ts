import { cp, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSql, type Sql } from "../../src/db/connect.ts";
import { migrate, migrationState, readMigrations, requireCurrent } from "../../src/db/migrate.ts";
import { MigrationError } from "../../src/db/schema.ts";
import { openEmptyDatabase, type TestDatabase } from "../database.ts";

const all = await readMigrations();
let database: TestDatabase;
let owner: Sql;
let directory: string;

beforeEach(async () => {
  database = await openEmptyDatabase();
  owner = openSql(database.ownerUrl, { max: 4 });
  directory = await mkdtemp(join(tmpdir(), "almonry-sql-"));
});
afterEach(async () => {
  await owner.end();
  await database.close();
  await rm(directory, { recursive: true, force: true });
});

/** A folder with `files`, and with the project's own first `count` migrations before them. */
async function folder(files: Record<string, string>, count = 0): Promise<string> {
  for (const { name } of all.slice(0, count)) await cp(join("sql", name), join(directory, name));
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  return directory;
}

test("an empty database is brought to the schema of the code, and the service may use it", async () => {
  expect(await migrationState(database.sql)).toEqual({ state: "behind", applied: 0, known: all.length });
  expect(await migrate(owner, { serviceRole: "almonry" })).toEqual(all.map(({ name }) => name));
  expect(await migrationState(database.sql)).toEqual({ state: "current", applied: all.length, known: all.length });
  await requireCurrent(database.sql);
  await database.sql`
    insert into organisation (slug, name, legal_name, address, contact) values ('one', 'One', 'One', 'Here', 'one@example.org')`;
});

test("migrating a second time does nothing", async () => {
  await migrate(owner);
  const before = await owner`select number, applied_at from schema_migration order by number`;
  expect(await migrate(owner)).toEqual([]);
  expect(await owner`select number, applied_at from schema_migration order by number`).toEqual(before);
});

test("twenty starters at once apply each migration once, and all of them succeed", async () => {
  const starters = Array.from({ length: 20 }, () => openSql(database.ownerUrl, { max: 1 }));
  const applied = await Promise.all(starters.map(async (sql) => await migrate(sql, { serviceRole: "almonry" })));
  await Promise.all(starters.map(async (sql) => await sql.end()));
  expect(applied.filter((names) => names.length > 0)).toEqual([all.map(({ name }) => name)]);
  await requireCurrent(database.sql);
});

const olderSchemas = [1, Math.ceil(all.length / 2), all.length - 1];

test.each(olderSchemas)("schema %i with data in it comes up to date and keeps its data", async (count) => {
  await migrate(owner, { directory: await folder({}, count), serviceRole: "almonry" });
  await owner`insert into organisation (slug, name, legal_name, address, contact) values ('one', 'One', 'One', 'Here', 'one@example.org')`;
  await owner`insert into account (slug, organisation_id) select 'first', id from organisation`;
  await owner`insert into fund (slug, name) values ('families', 'Families')`;
  await owner`insert into fund_account (fund_id, account_id) select fund.id, account.id from fund, account`;
  await expect(requireCurrent(database.sql)).rejects.toThrow("run npm run migrate");
  expect(await migrate(owner, { serviceRole: "almonry" })).toHaveLength(all.length - count);
  const [kept] = await database.sql`
    select fund.slug as fund, account.slug as account, organisation.slug as organisation from fund
    join fund_account on fund_id = fund.id join account on account_id = account.id
    join organisation on organisation_id = organisation.id`;
  expect(kept).toEqual({ fund: "families", account: "first", organisation: "one" });
});

test("a database newer than the code is refused, by the migration and by the service", async () => {
  await migrate(owner, { directory: await folder({ "0001_one.sql": "select 1;", "0002_two.sql": "select 2;" }) });
  await rm(join(directory, "0002_two.sql"));
  await expect(migrate(owner, { directory })).rejects.toThrow("install the newer version");
  await expect(requireCurrent(owner, { directory })).rejects.toThrow("install the newer version");
  expect(await migrationState(owner, { directory })).toEqual({ state: "newer", applied: 2, known: 1 });
});

test("a migration changed after it was applied is refused by its name", async () => {
  await migrate(owner, { directory: await folder({ "0001_one.sql": "select 1;\n" }) });
  await folder({ "0001_one.sql": "select 2;\n", "0002_two.sql": "select 2;" });
  await expect(migrate(owner, { directory })).rejects.toThrow("sql/0001_one.sql was changed after it was applied");
  await folder({ "0001_one.sql": "select 1;\r\n" });
  expect(await migrate(owner, { directory })).toEqual(["0002_two.sql"]);
});

test("a migration renamed after it was applied is refused", async () => {
  await migrate(owner, { directory: await folder({ "0001_one.sql": "select 1;" }) });
  await rm(join(directory, "0001_one.sql"));
  await folder({ "0001_other.sql": "select 1;" });
  await expect(migrate(owner, { directory })).rejects.toThrow("The database knows 0001_one.sql");
});

test("a missing number, a number taken twice and a file without words are refused before anything is applied", async () => {
  await folder({ "0001_one.sql": "create table one ();", "0003_three.sql": "select 3;" });
  await expect(migrate(owner, { directory })).rejects.toThrow("sql/0003_three.sql stands where number 2 is expected");
  await folder({ "0002_two.sql": "select 2;", "0002_two_again.sql": "select 2;" });
  await expect(migrate(owner, { directory })).rejects.toThrow(MigrationError);
  await rm(join(directory, "0002_two_again.sql"));
  await folder({ "0004.sql": "select 4;" });
  await expect(migrate(owner, { directory })).rejects.toThrow("sql/0004.sql must be named by a number and words");
  expect(await owner`select to_regclass('one') as found`).toEqual([{ found: null }]);
});

test("a migration that fails half-way leaves nothing behind, and the next start goes on from there", async () => {
  await folder({ "0001_one.sql": "create table one ();", "0002_two.sql": "create table two ();\nselect 1 / 0;" });
  await expect(migrate(owner, { directory })).rejects.toThrow("sql/0002_two.sql failed: division by zero");
  expect(await owner`select to_regclass('one')::text as one, to_regclass('two')::text as two`).toEqual([
    { one: "one", two: null },
  ]);
  await folder({ "0002_two.sql": "create table two ();" });
  expect(await migrate(owner, { directory })).toEqual(["0002_two.sql"]);
});

test("a migration does not wait for ever for a table that somebody else holds", async () => {
  await migrate(owner, { directory: await folder({ "0001_one.sql": "create table one ();" }) });
  await folder({ "0002_two.sql": "alter table one add column two text;" });
  const reader = await owner.reserve();
  await reader`begin`;
  await reader`select from one`;
  await expect(migrate(owner, { directory, lockTimeoutSeconds: 1 })).rejects.toThrow("lock timeout");
  await reader`commit`;
  reader.release();
  expect(await migrate(owner, { directory })).toEqual(["0002_two.sql"]);
});

test("with one role for owner and service the owner keeps its rights", async () => {
  await folder({ "0001_one.sql": "create table one ();" });
  await migrate(owner, { directory, serviceRole: "almonry_owner" });
  await folder({ "0002_two.sql": "create table two ();" });
  expect(await migrate(owner, { directory, serviceRole: "almonry_owner" })).toEqual(["0002_two.sql"]);
});

test("the project's own migrations are all of the folder sql", async () => {
  expect(all.map(({ name }) => name)).toEqual((await readdir("sql")).sort());
});
