import { expect, test } from "vitest";
import { memoryStore } from "../../../src/stripe/sandbox/memory-store.ts";
import { donor, gift, startSandbox } from "./fake.ts";

test("events are signed with the account's own secret, at the real time, whatever the sandbox's clock says", async () => {
  const { sandbox, stripe, other, delivered } = startSandbox();
  const one = await stripe.checkout.sessions.create(gift(2500));
  const two = await other.checkout.sessions.create(gift(2500));
  await sandbox.pay("alov", one.id, donor);
  await sandbox.pay("acmc-toronto", two.id, donor);
  await sandbox.idle();
  expect(delivered).toHaveLength(6);
  expect(delivered.every(({ event }) => event.created === one.created && !event.livemode)).toBe(true);
  expect(await sandbox.webhookSecret("alov")).toMatch(/^whsec_/u);
  expect(await sandbox.webhookSecret("alov")).not.toBe(await sandbox.webhookSecret("acmc-toronto"));
});

test("what the door did not take comes again, a little later each time, signed anew", async () => {
  const { sandbox, stripe, door, pass, types } = startSandbox();
  door.status = 503;
  const { id } = await stripe.checkout.sessions.create(gift(2500));
  await sandbox.pay("alov", id, donor);
  await sandbox.idle();
  expect(types()).toEqual([]);
  expect((await stripe.events.list({ delivery_success: false })).data).toHaveLength(3);

  expect(await sandbox.tick()).toMatchObject({ retried: 0 });
  pass(1);
  expect(await sandbox.tick()).toMatchObject({ retried: 3 });
  await sandbox.idle();
  pass(1);
  expect(await sandbox.tick()).toMatchObject({ retried: 0 });

  door.status = 200;
  pass(3600);
  await sandbox.tick();
  await sandbox.idle();
  expect(types()).toHaveLength(4);
  expect((await stripe.events.list({ delivery_success: false })).data).toEqual([]);
  const events = await stripe.events.list({ delivery_success: true });
  expect(events.data.map((event) => event.pending_webhooks)).toEqual([0, 0, 0, 0]);
});

test("what was not delivered before the sandbox stopped is delivered after it has started again", async () => {
  const store = memoryStore();
  const first = startSandbox(store, { deliver: async () => 500 });
  const { id } = await first.stripe.checkout.sessions.create(gift(2500));
  await first.sandbox.pay("alov", id, donor);
  await first.sandbox.idle();

  const second = startSandbox(store);
  expect(await second.sandbox.webhookSecret("alov")).toBe(await first.sandbox.webhookSecret("alov"));
  second.pass(5);
  await second.sandbox.tick();
  await second.sandbox.idle();
  expect(second.types()).toHaveLength(4);
});

test("a door that breaks the connection is tried again like one that refuses", async () => {
  const fake = startSandbox(memoryStore(), {
    deliver: async () => {
      throw new TypeError("fetch failed");
    },
  });
  const { id } = await fake.stripe.checkout.sessions.create(gift(2500));
  await fake.sandbox.pay("alov", id, donor);
  await fake.sandbox.idle();
  fake.pass(1);
  expect(await fake.sandbox.tick()).toMatchObject({ retried: 3 });
  await fake.sandbox.idle();
});

test("never more than 32 deliveries are under way at once", async () => {
  let underWay = 0;
  let most = 0;
  const fake = startSandbox(memoryStore(), {
    async deliver() {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise((resolve) => setTimeout(resolve, 1));
      underWay -= 1;
      return 200;
    },
  });
  const sessions = await Promise.all(
    Array.from({ length: 40 }, () => fake.stripe.checkout.sessions.create(gift(2500))),
  );
  await Promise.all(sessions.map(({ id }) => fake.sandbox.pay("alov", id, donor)));
  await fake.sandbox.idle();
  expect(most).toBe(32);
  expect((await fake.stripe.events.list({ delivery_success: false })).data).toEqual([]);
});
