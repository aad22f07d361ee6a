import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestDatabase, type TestDatabase } from "../database.ts";
import { runCommand } from "../run-command.ts";

let database: TestDatabase;
let folder: string;

beforeAll(async () => {
  database = await openTestDatabase();
  folder = await mkdtemp(join(tmpdir(), "almonry-setup-"));
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

async function fileOf(text: string): Promise<string> {
  const file = join(folder, "file.json");
  await writeFile(file, text);
  return file;
}

describe("npm run setup", () => {
  it("says what it made, and the second time that nothing changed", async () => {
    const first = await runCommand("setup", ["src/demo/story.json"], database);
    expect(first).toMatchObject({ exitCode: 0, stderr: "" });
    expect(first.stdout).toContain("fund families: made\n");
    const second = await runCommand("setup", ["src/demo/story.json"], database);
    expect(second).toMatchObject({ exitCode: 0, stderr: "" });
    expect(second.stdout).toMatch(/^0 made or changed, \d+ as before\.\n$/u);
  });

  it("names every fault with its place and writes nothing", async () => {
    const fund = { slug: "children", name: "Children", description: "For children.", accounts: ["other"] };
    const rule = { account: "nobody", description: "Dues", becomes: "other income" };
    const file = await fileOf(JSON.stringify({ funds: [fund], sortingRules: [rule] }));
    expect(await runCommand("setup", [file], database)).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: [
        "funds[0].accounts[0]: fund children names account other, which is not in this file or database",
        'sortingRules[0].account: the rule for "Dues" names account nobody, which is not in this file or database',
        `Nothing was written. 2 faults in ${file}.`,
        "",
      ].join("\n"),
    });
    expect(await database.sql`select slug from fund where slug = 'children'`).toEqual([]);
  });

  it("refuses in one line a file that is missing or no JSON, and to run without one", async () => {
    const none = join(folder, "none.json");
    expect(await runCommand("setup", [none], database)).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: `${none} cannot be read.\n`,
    });
    const broken = await runCommand("setup", [await fileOf("{ not json")], database);
    expect(broken).toMatchObject({ exitCode: 1, stdout: "" });
    expect(broken.stderr).toMatch(/^\S+ is not JSON: [^\n]+\n$/u);
    const without = { exitCode: 1, stdout: "", stderr: "Say which file: npm run setup -- file.json\n" };
    expect(await runCommand("setup", [], database)).toEqual(without);
  });
});
