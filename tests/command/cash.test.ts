import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSetup } from "../../src/core/read-setup.ts";
import { applySetup } from "../../src/db/setup.ts";
import { readTotals } from "../../src/db/total.ts";
import { storyDocument } from "../../src/demo/catalogue.ts";
import { openTestDatabase, type TestDatabase } from "../database.ts";
import { runCommand } from "../run-command.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
  const read = readSetup(storyDocument, { organisations: [], accounts: [], funds: [] });
  if (read.ok) await applySetup(database.sql, read.setup);
});
afterAll(async () => {
  await database.close();
});

const good = ["--fund", "families", "--amount", "50.00", "--day", "2021-03-04"];

async function families() {
  const totals = await readTotals(database.sql, { from: null, to: null, currency: "CAD", who: "public" });
  return totals.funds.find(({ slug }) => slug === "families");
}

describe("npm run cash", () => {
  it("records gifts from nobody known, from an e-mail address, and from somebody with a name only", async () => {
    const said = { exitCode: 0, stdout: "$50.00 for families on 2021-03-04 recorded, number 1.\n", stderr: "" };
    expect(await runCommand("cash", good, database)).toEqual(said);
    expect(await runCommand("cash", [...good, "--email", "Leyla@Example.org"], database)).toMatchObject({
      exitCode: 0,
    });
    expect(await runCommand("cash", [...good, "--email", "leyla@example.org"], database)).toMatchObject({
      exitCode: 0,
    });
    expect(await runCommand("cash", [...good, "--name", "Anar", "--note", "At the door"], database)).toMatchObject({
      exitCode: 0,
    });
    expect(await families()).toMatchObject({ gifts: 4, donors: 2, unnamedGifts: 1, raisedMinor: 20_000n });
  });

  const refusals: [string, string[], string][] = [
    ["a fund that is not there", ["--fund", "nothing"], "there is no fund nothing"],
    ["a day still to come", ["--day", "2999-01-01"], "the day 2999-01-01 is still to come"],
    [
      "an amount that may be read in two ways",
      ["--amount", "50.555"],
      "--amount 50.555 may be read in two ways; write it such as 1000.00",
    ],
    [
      "two statements of who gave",
      ["--email", "a@example.org", "--name", "A"],
      "take only one of --email, --name and --person",
    ],
    ["a person that is not there", ["--person", "999"], "there is no person 999"],
    ["an organisation that is not there", ["--organisation", "nobody"], "there is no organisation nobody"],
    ["an option that there is not", ["--fnud", "families"], "Unknown option '--fnud'"],
  ];

  it.each(refusals)("refuses in one line %s, and records nothing", async (_, args, line) => {
    const before = await families();
    expect(await runCommand("cash", [...good, ...args], database)).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: `${line}\n`,
    });
    expect(await families()).toEqual(before);
  });

  it("refuses in one line what is missing", async () => {
    const missing = { exitCode: 1, stdout: "", stderr: "--amount is missing\n" };
    expect(await runCommand("cash", ["--fund", "families", "--day", "2021-03-04"], database)).toEqual(missing);
  });
});
