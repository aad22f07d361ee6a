import { afterAll, beforeAll, expect, test } from "vitest";
import { readSetup } from "../../src/core/read-setup.ts";
import { sandboxStore } from "../../src/db/sandbox.ts";
import { applySetup } from "../../src/db/setup.ts";
import type { StripeObject } from "../../src/stripe/sandbox/store.ts";
import { openTestDatabase, type TestDatabase } from "../database.ts";
import { charity } from "../flow/charity.ts";
import { runCommand } from "../run-command.ts";
import { donor, gift } from "../stripe/sandbox/fake.ts";
import { stripeClient } from "../../src/stripe/client.ts";
import { createSandbox } from "../../src/stripe/sandbox/sandbox.ts";
import { randomId } from "../../src/wiring.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  const read = readSetup(charity, { organisations: [], accounts: [], funds: [] });
  if (read.ok) await applySetup(database.sql, read.setup);
});
afterAll(async () => await database.close());

test("npm run sweep books a gift of which nobody was told, and a second time finds nothing", async () => {
  const now = (): Date => new Date();
  const sandbox = createSandbox({
    store: sandboxStore<StripeObject>(database.sql),
    now,
    wallClock: now,
    random: randomId,
    baseUrl: "http://localhost:8787",
    findAccount: async (slug) => ({ name: slug }),
    deliver: async () => 200,
    delayMs: 0,
    log: () => undefined,
  });
  const stripe = stripeClient({ key: sandbox.key("first"), fetch: sandbox.fetch });
  const { id } = await stripe.checkout.sessions.create(gift(5000));
  await sandbox.pay("first", id, donor);
  await sandbox.tick();
  await sandbox.idle();

  const first = await runCommand("sweep", [], database);
  expect(first).toMatchObject({ exitCode: 0, stderr: "" });
  expect(first.stdout).toMatch(/^first: [1-9]\d* found\. Differences: 0\.\nsecond: 0 found\. Differences: 0\.\n$/u);
  const booked = async () => await database.sql`select amount_minor::int as amount from gift`;
  expect(await booked()).toEqual([{ amount: 5000 }]);

  const again = await runCommand("sweep", [], database);
  expect(again.stdout).toBe("first: 0 found. Differences: 0.\nsecond: 0 found. Differences: 0.\n");
  expect(await booked()).toEqual([{ amount: 5000 }]);
});
