import { randomUUID } from "node:crypto";
import { readConfig } from "../config.ts";
import { stripeClient } from "../stripe/client.ts";
import { memoryStore } from "../stripe/sandbox/memory-store.ts";
import { createSandbox } from "../stripe/sandbox/sandbox.ts";
import { differences, shapeOf } from "../stripe/sandbox/shape.ts";
import { walk } from "../stripe/sandbox/walk.ts";
import type { Walked } from "../stripe/sandbox/walk.ts";
import { CommandError, runCommand } from "./run.ts";

/**
 * `npm run verify-stripe`: does the same few things with Stripe's test mode and with the sandbox, and prints where what they
 * answer differs in shape. It makes test objects in the account of STRIPE_SECRET_KEY. Exit 0 only when nothing differs.
 */
await runCommand(async () => {
  const key = testKey();
  const mark = randomUUID().slice(0, 8);
  const theirs = await walk(stripeClient({ key }), sleep, mark);
  const count = report(await walkSandbox(mark), theirs);
  console.log(count === 0 ? "The sandbox looks like Stripe in all of it." : `Differences: ${count}.`);
  return count === 0 ? 0 : 1;
});

/** @throws CommandError in one line when there is no key to try, or it would move real money */
function testKey(): string {
  const { mode, accounts } = readConfig();
  if (mode === "live") throw new CommandError("STRIPE_SECRET_KEY is a live key: verify-stripe takes a test key only.");
  const key = accounts[0]?.secretKeys[0];
  if (key === undefined)
    throw new CommandError("Set STRIPE_SECRET_KEY to a test key (sk_test_...) to compare the sandbox with Stripe.");
  return key;
}

async function walkSandbox(mark: string): Promise<Walked> {
  const sandbox = createSandbox({
    store: memoryStore(),
    now: () => new Date(),
    wallClock: () => new Date(),
    random: () => randomUUID().replaceAll("-", "").slice(0, 24),
    deliver: async () => await Promise.resolve(200),
    baseUrl: "https://example.org",
    findAccount: async () => await Promise.resolve({ name: "Verify" }),
    log: () => undefined,
  });
  const stripe = stripeClient({ key: sandbox.key("verify"), fetch: sandbox.fetch });
  const turn = async (seconds: number): Promise<void> => {
    await sandbox.advance(seconds);
  };
  return await walk(stripe, turn, mark);
}

/** @returns how many differences it printed */
function report(ours: Walked, theirs: Walked): number {
  let count = 0;
  for (const [name, object] of Object.entries(theirs)) {
    const found = differences(shapeOf(plain(ours[name] ?? {})), shapeOf(plain(object)));
    console.log(`${name}: ${found.length === 0 ? "alike" : `${found.length} to look at`}`);
    for (const { path, words } of found) console.log(`  ${path}: ${words}`);
    count += found.length;
  }
  return count;
}

/** As it was on the wire: without what the SDK adds to an answer, its decimals as text. */
const plain = (object: object): unknown => JSON.parse(JSON.stringify(object));

async function sleep(seconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
