import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSetup } from "../../src/core/read-setup.ts";
import { recordCash } from "../../src/db/cash.ts";
import { openSql } from "../../src/db/connect.ts";
import { applySetup } from "../../src/db/setup.ts";
import { storyDocument } from "../../src/demo/catalogue.ts";
import { openTestDatabase, type TestDatabase } from "../database.ts";
import { runCommand } from "../run-command.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
  const { sql } = database;
  const read = readSetup(storyDocument, { organisations: [], accounts: [], funds: [] });
  if (read.ok) await applySetup(sql, read.setup);
  const nobody = { email: null, person: null, name: null, note: null, organisation: null, currency: null };
  await recordCash(sql, { request: "one", fund: "families", amountMinor: 5000n, day: "2021-03-04", ...nobody });
});
afterAll(async () => {
  await database.close();
});

describe("npm run audit", () => {
  it("ends with 0 when every number is what its facts say", async () => {
    expect(await runCommand("audit", [], database)).toEqual({
      exitCode: 0,
      stdout: "Differences: 0. Pending: 0.\n",
      stderr: "",
    });
  });

  it("ends with 2 and names what waits for the next drain", async () => {
    await database.sql`insert into dirty_payment (payment_id) select id from payment`;
    const end = await runCommand("audit", [], database);
    await database.sql`delete from dirty_payment`;
    expect(end).toEqual({ exitCode: 2, stdout: "pending: payment cash_1\nDifferences: 0. Pending: 1.\n", stderr: "" });
  });

  it("ends with 1 and names a total that somebody changed by hand", async () => {
    const owner = openSql(database.ownerUrl, { max: 1 });
    await owner`update total set given_minor = given_minor + 1 where grain = 'day' and scope_id = (select min(scope_id) from total)`;
    await owner.end();
    const end = await runCommand("audit", [], database);
    expect(end).toMatchObject({ exitCode: 1, stderr: "" });
    expect(end.stdout).toMatch(
      /^total differs from its rows: .* 2021-03-04 CAD\n {2}stored .*5001.*\n {2}expected .*5000.*\nDifferences: 1\. Pending: 0\.\n$/u,
    );
  });
});
