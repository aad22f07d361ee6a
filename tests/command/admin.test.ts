import { afterAll, beforeAll, expect, test } from "vitest";
import { listChanges } from "../../src/db/change.ts";
import { readLink } from "../../src/db/link.ts";
import { openTestDatabase, type TestDatabase } from "../database.ts";
import { runCommand } from "../run-command.ts";
import { signIn } from "../staff.ts";

let database: TestDatabase;
beforeAll(async () => (database = await openTestDatabase()));
afterAll(async () => await database.close());

const tokenIn = (line: string): string =>
  /\/(?:join|reset)\/(?<token>[\w-]{43})$/mu.exec(line)?.groups?.["token"] ?? "";
const changes = async () =>
  await listChanges(database.sql, { kind: null, before: null, organisations: null, limit: 9 });

test("admin:create prints a link by which this person becomes an admin for all, and no password; the trail has it", async () => {
  const { exitCode, stdout } = await runCommand(
    "admin-create",
    ["--email", "Ada@example.org", "--name", "Ada"],
    database,
  );
  expect([exitCode, stdout]).toEqual([
    0,
    expect.stringMatching(/^Ada becomes an admin here, within a week: http:\/\/127\.0\.0\.1:8787\/join\/[\w-]{43}\n$/u),
  ]);
  expect(await readLink(database.sql, "join", tokenIn(stdout))).toMatchObject({
    email: "ada@example.org",
    roles: [{ role: "admin" }],
  });
  expect((await changes())[0]).toMatchObject({
    staffName: "The command line",
    kind: "invitation",
    after: { role: "admin" },
  });
});

test("admin:reset prints a link for a new password of somebody on the staff, and the trail has it", async () => {
  const { id, name } = await signIn(database.sql, "admin");
  const { exitCode, stdout } = await runCommand("admin-reset", ["--email", `${id}@example.org`], database);
  expect([exitCode, stdout.startsWith(`${name} sets a new password here, within a day`)]).toEqual([0, true]);
  expect(await readLink(database.sql, "reset", tokenIn(stdout))).toMatchObject({ clearsTwoFactor: true });
  expect((await changes())[0]).toMatchObject({ staffName: "The command line", kind: "reset link", subject: id });
});

test.each([
  ["admin-create", ["--name", "Ada"], "Say for whom"],
  ["admin-create", ["--email", "ada@example.org"], "Say what the person is called"],
  ["admin-create", ["--mail", "x"], "Unknown option '--mail'"],
  ["admin-reset", ["--email", "nobody@example.org"], "nobody on the staff has this address"],
])("%s %j is refused in one line", async (command, args, words) => {
  const { exitCode, stdout, stderr } = await runCommand(command, args, database);
  expect([exitCode, stdout, stderr.split("\n").length]).toEqual([1, "", 2]);
  expect(stderr).toContain(words);
});
