import Stripe from "stripe";
import { expect, test } from "vitest";
import { stripeClient } from "../../../src/stripe/client.ts";
import { createFaults } from "../../../src/stripe/sandbox/faults.ts";
import type { FaultOptions, Faults } from "../../../src/stripe/sandbox/faults.ts";
import { memoryStore } from "../../../src/stripe/sandbox/memory-store.ts";
import { donor, gift, startSandbox } from "./fake.ts";
import type { Fake } from "./fake.ts";

type Shaky = { fake: Fake; faults: Faults; came: { id: string; type: string; livemode: boolean }[] };

/** A sandbox whose door checks every signature, behind faults; `came` is what it took, in this order. */
function shaky(seed: string | number, chances?: FaultOptions["chances"], older?: FaultOptions["older"]): Shaky {
  const came: Shaky["came"] = [];
  const faults = createFaults(seed, {
    now: () => fake.sandbox.now(),
    wallClock: () => fake.clock.wall,
    secret: (account) => fake.sandbox.webhookSecret(account),
    ...(chances === undefined ? {} : { chances }),
    ...(older === undefined ? {} : { older }),
  });
  const fake: Fake = startSandbox(memoryStore(), {
    generates: faults.generates,
    deliver: faults.deliver(async (account, payload, header) => {
      const secret = await fake.sandbox.webhookSecret(account);
      const received = fake.clock.wall.getTime();
      const event = await Stripe.webhooks.constructEventAsync(payload, header, secret, 300, undefined, received);
      came.push({ id: event.id, type: event.type, livemode: event.livemode });
      return 200;
    }),
  });
  return { fake, faults, came };
}

async function gifts({ fake, faults }: Shaky, count: number): Promise<void> {
  const { sandbox, stripe, pass } = fake;
  for (let number = 0; number < count; number += 1) {
    const { id } = await stripe.checkout.sessions.create(gift(2500 + number));
    await sandbox.pay("alov", id, donor);
    await sandbox.idle();
    pass(3600);
    await sandbox.tick();
    await faults.release();
  }
}

/** Until nothing is under way any more. */
async function calm({ fake, faults }: Shaky): Promise<void> {
  await faults.end();
  for (let hour = 0; hour < 3; hour += 1) {
    fake.pass(3600);
    await fake.sandbox.tick();
    await fake.sandbox.idle();
    await faults.end();
  }
}

test("whatever goes wrong on the way, every event arrives in the end, and more than one twice", async () => {
  const house = shaky(1);
  await gifts(house, 40);
  await calm(house);
  const made = await house.fake.stripe.events.list({ limit: 100 }).autoPagingToArray({ limit: 1000 });
  const ours = house.came.filter(({ livemode }) => !livemode);
  expect(new Set(ours.map(({ id }) => id))).toEqual(new Set(made.map(({ id }) => id)));
  expect(ours.length).toBeGreaterThan(made.length);
  expect(house.came.some(({ livemode }) => livemode)).toBe(true);
  const counts = house.faults.counts();
  for (const name of ["duplicate", "reorder", "delay", "drop", "lostAnswer", "wrongMode"] as const)
    expect(counts[name], name).toBeGreaterThan(0);
  expect((await house.fake.stripe.events.list({ delivery_success: false })).data).toEqual([]);
});

test("the same seed brings the same faults in the same order, another seed others", async () => {
  const story = async (seed: number): Promise<unknown> => {
    const house = shaky(seed);
    await gifts(house, 10);
    await calm(house);
    return [house.came, house.faults.counts()];
  };
  expect(await story(7)).toEqual(await story(7));
  expect(await story(7)).not.toEqual(await story(8));
});

test("a late event comes hours or days later on the sandbox's clock, signed when it comes", async () => {
  const house = shaky(3, { ...nothing, delay: 1 });
  const { fake, faults, came } = house;
  await gifts(house, 1);
  expect(came.length).toBeLessThan(4);
  fake.pass(72 * 3600);
  await fake.sandbox.tick();
  await fake.sandbox.idle();
  await faults.release();
  expect(came).toHaveLength(4 - faults.counts().neverGenerated);
});

test("an event in the words of an older API version comes in them every time, signed like any other", async () => {
  const inOlderVersion = async (_: string, id: string): Promise<string | null> =>
    JSON.stringify({ id, object: "event", type: "told long ago", livemode: false });
  const house = shaky(8, { ...nothing, olderVersion: 0.5, duplicate: 1, drop: 0.5 }, inOlderVersion);
  await gifts(house, 10);
  await calm(house);
  const told = Map.groupBy(house.came, ({ id }) => id);
  expect(told.size).toBe(40);
  const kinds = [...told.values()].map((copies) => new Set(copies.map(({ type }) => type === "told long ago")));
  expect(kinds.every(({ size }) => size === 1)).toBe(true);
  expect(new Set(kinds.flatMap((kind) => [...kind]))).toEqual(new Set([true, false]));
});

test("what Stripe never makes is in no list", async () => {
  const house = shaky(4, { ...nothing, neverGenerated: 0.5 });
  await gifts(house, 10);
  await calm(house);
  const made = await house.fake.stripe.events.list({ limit: 100 });
  expect(made.data).toHaveLength(40 - house.faults.counts().neverGenerated);
  expect(house.came).toHaveLength(made.data.length);
  expect(house.faults.counts().neverGenerated).toBeGreaterThan(5);
});

test.each([
  ["tooMany", { type: "StripeRateLimitError", statusCode: 429 }],
  ["serverError", { type: "StripeAPIError", statusCode: 500 }],
  ["reset", { type: "StripeConnectionError" }],
] as const)("an API with %s is told by the SDK, and the fourth try gets through", async (name, error) => {
  const { fake, faults } = shaky(5, { ...nothing, [name]: 1 });
  const stripe = stripeClient({ key: fake.sandbox.key("alov"), fetch: faults.fetch(fake.sandbox.fetch) });
  const once = { maxNetworkRetries: 0 };
  const asked = (): Promise<unknown> => stripe.customers.create({ name: "Ana" }, { ...once, idempotencyKey: "ana" });
  for (let attempt = 1; attempt <= 3; attempt += 1) await expect(asked()).rejects.toMatchObject(error);
  expect(await asked()).toMatchObject({ name: "Ana" });
  // Whatever was carried out before its answer was lost was carried out once.
  expect((await fake.stripe.customers.list()).data).toHaveLength(1);
});

test("a 429 says when to come again", async () => {
  const { fake, faults } = shaky(6, { ...nothing, tooMany: 1 });
  const answer = await faults.fetch(fake.sandbox.fetch)("http://localhost/v1/customers");
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "1"]);
});

const nothing = {
  duplicate: 0,
  reorder: 0,
  delay: 0,
  drop: 0,
  lostAnswer: 0,
  wrongMode: 0,
  olderVersion: 0,
  neverGenerated: 0,
  latency: 0,
  reset: 0,
  tooMany: 0,
  serverError: 0,
};
