import { afterAll, beforeAll, expect, test } from "vitest";
import { readSetup } from "../../src/core/read-setup.ts";
import { sandboxStore } from "../../src/db/sandbox.ts";
import { applySetup } from "../../src/db/setup.ts";
import type { StripeObject } from "../../src/stripe/sandbox/store.ts";
import { createDrain } from "../../src/jobs/drain.ts";
import { openTestDatabase, type TestDatabase } from "../database.ts";
import { charity } from "../flow/charity.ts";
import { runCommand } from "../run-command.ts";
import { donor, gift } from "../stripe/sandbox/fake.ts";
import { stripeClient } from "../../src/stripe/client.ts";
import { createSandbox } from "../../src/stripe/sandbox/sandbox.ts";
import { randomId } from "../../src/wiring.ts";

const daysAgo = (days: number): Date => new Date(Date.now() - days * 24 * 60 * 60 * 1000);

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  const read = readSetup(charity, { organisations: [], accounts: [], funds: [] });
  if (read.ok) await applySetup(database.sql, read.setup);
  let clock = daysAgo(100);
  const sandbox = createSandbox({
    store: sandboxStore<StripeObject>(database.sql),
    now: () => clock,
    wallClock: () => new Date(),
    random: randomId,
    baseUrl: "http://localhost:8787",
    findAccount: async (slug) => ({ name: slug }),
    deliver: async () => 200,
    delayMs: 0,
    log: () => undefined,
  });
  const stripe = stripeClient({ key: sandbox.key("first"), fetch: sandbox.fetch });
  for (const [age, order] of [
    [100, "alm_0123456789abcdef"],
    [60, "alm_0123456789abcdeg"],
  ] as const) {
    clock = daysAgo(age);
    const about = { metadata: { order, fund: "families" } };
    const { id } = await stripe.checkout.sessions.create(
      gift(5000, { metadata: { order }, payment_intent_data: about }),
    );
    await sandbox.pay("first", id, donor);
    await sandbox.tick();
  }
  await sandbox.idle();
});
afterAll(async () => await database.close());

const day = daysAgo(120).toISOString().slice(0, 10);
const words = ["--account", "first", "--from", day];
const gifts = async (): Promise<number> => (await database.sql`select from gift`).length;

test("npm run backfill counts first, then books part by part beside a service", async () => {
  const counted = await runCommand("backfill", [...words, "--dry-run"], database);
  expect(counted).toMatchObject({ exitCode: 0, stderr: expect.stringContaining("part 3 of 3") as string });
  expect(counted.stdout).toMatch(
    /^first: what Stripe has from .*Nothing was stored\.\n(?:\d{4} CAD: charges .*\n {2}Sorted .*\n?)+$/u,
  );
  expect(counted.stdout).toContain("by an order of ours");
  expect(await gifts()).toBe(0);

  const ending = new AbortController();
  const log = (): void => undefined;
  const service = createDrain({
    sql: database.sql,
    owner: crypto.randomUUID(),
    mode: "sandbox",
    log,
    now: () => new Date(),
  });
  const serving = service.loop(ending.signal);
  const filled = await runCommand("backfill", words, database);
  ending.abort();
  await serving;
  expect(filled).toMatchObject({ exitCode: 0, stderr: "" });
  expect(filled.stdout.split("\n").slice(0, -1)).toEqual([
    expect.stringMatching(/^first: done to \d{4}-\d\d-\d\d, part 1 of 3, [1-9]\d* found$/u),
    expect.stringMatching(/^first: done to \d{4}-\d\d-\d\d, part 2 of 3, [1-9]\d* found$/u),
    expect.stringMatching(/^first: done to \d{4}-\d\d-\d\d, part 3 of 3, 0 found$/u),
    expect.stringMatching(
      /^first: [1-9]\d* found\. From .* to where the sweep begins .* Stripe and we have the same\.$/u,
    ),
  ]);
  expect(await gifts()).toBe(2);

  expect(await database.sql`select * from audit()`).toEqual([]);
});

test("it says in one line what it does not understand", async () => {
  const args = ["--account", "first", "--from", "2021-02-30"];
  const said = "2021-02-30 is no day such as 2021-01-01\n";
  expect(await runCommand("backfill", args, database)).toMatchObject({ exitCode: 1, stdout: "", stderr: said });
});
