import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { settingNames } from "../src/config.ts";
import { readMigrations } from "../src/db/migrate.ts";
import { newestMigration } from "../src/db/schema.ts";

// The rules of the house that no linter knows. Each test answers the files that break its rule: an empty list is peace.

const tracked = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { encoding: "utf8" })
  .split("\n")
  .filter((path) => path !== "");

type File = { path: string; text: string };

/** The files of some rooms, with what they say. A file that was just deleted says nothing. */
async function files(rooms: RegExp): Promise<File[]> {
  const paths = tracked.filter((path) => rooms.test(path));
  const texts = await Promise.all(paths.map(async (path) => await readFile(path, "utf8").catch(() => "")));
  return paths.map((path, index) => ({ path, text: texts[index] ?? "" }));
}

async function offenders(rooms: RegExp, breaks: (file: File) => boolean): Promise<string[]> {
  const found = await files(rooms);
  expect(found.length).toBeGreaterThan(0);
  return found.filter(breaks).map(({ path }) => path);
}

const code = /^(?:src|web)\/.*\.tsx?$/u;

test("no file of src or web passes 300 lines: it is split by noun", async () => {
  expect(await offenders(/^(?:src|web)\//u, ({ text }) => text.trimEnd().split("\n").length > 300)).toEqual([]);
});

test("SQL stands in src/db and sql/ only", async () => {
  const tagged = /(?<![\w./])sql(?:<[^`;]*>)?`/u;
  const written = /["'`]\s*(?:select\s[^"'`]*\sfrom\s|insert\s+into\s|delete\s+from\s|update\s+\w+\s+set\s)/iu;
  const outside = await offenders(
    code,
    ({ path, text }) => !path.startsWith("src/db/") && (tagged.test(text) || written.test(text)),
  );
  expect(outside).toEqual([]);
});

test("no transaction is held in code and no SQL is glued together: only migrations send whole files", async () => {
  // With postgres.js a connection that dies inside begin() lets later statements commit outside (porsager/postgres #1204).
  const forbidden = /\.(?:begin|savepoint|unsafe|file)\s*(?:<[^(]*>)?\(|`\s*(?:begin|commit|rollback)\b/iu;
  const mayUnsafe = ["src/db/migrate.ts", "src/db/statement.ts"];
  const outside = await offenders(
    /^src\/.*\.tsx?$/u,
    ({ path, text }) => !mayUnsafe.includes(path) && forbidden.test(text),
  );
  expect(outside).toEqual([]);
});

test("only src/db/connect.ts opens the driver, so that every connection is one that is never used again once it broke", async () => {
  const opening = /^import (?!type ).*from "postgres";$/mu;
  const allowed = ["src/db/connect.ts", "src/db/refusal.ts"];
  expect(
    await offenders(/^src\/.*\.tsx?$/u, ({ path, text }) => !allowed.includes(path) && opening.test(text)),
  ).toEqual([]);
});

test("migrations are numbered without gaps and named in words", async () => {
  const names = (await readMigrations()).map(({ name }) => name);
  expect(names).toEqual(
    tracked
      .filter((path) => path.startsWith("sql/"))
      .map((path) => path.slice("sql/".length))
      .sort(),
  );
});

test("src/db/schema.ts counts the migrations, for runtimes that have no files", async () => {
  expect(newestMigration).toBe((await readMigrations()).length);
});

test("every setting stands in the README's table", async () => {
  const readme = await readFile("README.md", "utf8");
  expect(settingNames.filter((name) => !readme.includes(`| \`${name}\``))).toEqual([]);
});

test("no room is called utils, helpers, common, services or types", async () => {
  const forbidden = /(?:^|\/)(?:utils|helpers|common|services|types)(?:\.[a-z]+)*(?:\/|$)/u;
  expect(tracked.filter((path) => /^(?:src|web|tests|bench|sql)\//u.test(path) && forbidden.test(path))).toEqual([]);
});

test("package-lock.json has no download addresses, so that it installs from any registry", async () => {
  expect(await offenders(/^package-lock\.json$/u, ({ text }) => text.includes('"resolved"'))).toEqual([]);
});

test("every package is pinned to one version", async () => {
  const { dependencies, devDependencies, optionalDependencies } = JSON.parse(
    await readFile("package.json", "utf8"),
  ) as Record<string, Record<string, string>>;
  const wanted = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });
  expect(wanted.filter(([, version]) => !/^\d/u.test(version))).toEqual([]);
});

test("npm hands a request to stop on to the service: no shell stands between them", async () => {
  const { scripts } = JSON.parse(await readFile("package.json", "utf8")) as { scripts: Record<string, string> };
  expect([scripts["start"], scripts["demo"]]).toEqual([
    expect.stringMatching(/^exec tsx /u),
    expect.stringMatching(/^exec tsx /u),
  ]);
});
