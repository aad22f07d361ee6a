import Stripe from "stripe";
import { expect, test } from "vitest";
import { memoryStore } from "../../../src/stripe/sandbox/memory-store.ts";
import { donor, gift, known, startSandbox, subscribe } from "./fake.ts";
import type { Fake } from "./fake.ts";

/** A sandbox whose door keeps what came, word for word. */
function listening(settings: Parameters<typeof startSandbox>[1] = {}): { fake: Fake; bodies: () => Body[] } {
  const posted: string[] = [];
  const fake = startSandbox(memoryStore(), {
    async deliver(_, payload) {
      posted.push(payload);
      return 200;
    },
    ...settings,
  });
  return { fake, bodies: () => posted.map((payload) => JSON.parse(payload) as Body) };
}

type Body = {
  id: string;
  object: string;
  type: string;
  api_version?: string;
  data: { object: Record<string, unknown> };
  related_object?: object;
};

async function oneGift({ sandbox, stripe }: Fake): Promise<void> {
  const { id } = await stripe.checkout.sessions.create(gift(2500));
  await sandbox.pay("alov", id, donor);
  await sandbox.idle();
}

test("every account has an endpoint from the start: our own door", async () => {
  const { stripe } = startSandbox();
  const { data } = await stripe.webhookEndpoints.list();
  expect(data).toMatchObject([
    { status: "enabled", enabled_events: ["*"], url: "http://localhost:8787/webhooks/stripe/alov" },
  ]);
  expect(data[0]?.secret).toBeUndefined();
});

test("a disabled endpoint gets nothing, then or later, and the list of events tells what it missed", async () => {
  const fake = startSandbox();
  const { sandbox, stripe, pass, types } = fake;
  const [endpoint] = (await stripe.webhookEndpoints.list()).data;
  expect(await stripe.webhookEndpoints.update(endpoint?.id ?? "", { disabled: true })).toMatchObject({
    status: "disabled",
  });
  await oneGift(fake);
  pass(5 * 86_400);
  await sandbox.tick();
  await sandbox.idle();
  expect(types()).toEqual([]);
  expect((await stripe.events.list({ delivery_success: false })).data).toHaveLength(4);

  await stripe.webhookEndpoints.update(endpoint?.id ?? "", { disabled: false });
  pass(86_400);
  await sandbox.tick();
  await oneGift(fake);
  expect(types()).toHaveLength(3);
  expect((await stripe.events.list({ delivery_success: false })).data).toHaveLength(4);
});

test("another endpoint has a secret of its own, told once, and gets only what it asked for", async () => {
  const heads: string[] = [];
  const payloads: string[] = [];
  const { fake } = listening({
    async deliver(_, payload, header) {
      payloads.push(payload);
      heads.push(header);
      return 200;
    },
  });
  const { stripe } = fake;
  const [first] = (await stripe.webhookEndpoints.list()).data;
  await stripe.webhookEndpoints.del(first?.id ?? "");
  const made = await stripe.webhookEndpoints.create({
    url: "http://localhost:8787/other",
    enabled_events: ["charge.succeeded"],
  });
  expect(made.secret).toMatch(/^whsec_/u);
  expect((await stripe.webhookEndpoints.retrieve(made.id)).secret).toBeUndefined();
  await oneGift(fake);
  expect(payloads).toHaveLength(1);
  const event = await Stripe.webhooks.constructEventAsync(
    payloads[0] ?? "",
    heads[0] ?? "",
    made.secret ?? "",
    300,
    undefined,
    fake.clock.wall.getTime(),
  );
  expect(event.type).toBe("charge.succeeded");
});

test("a thin event names its object and does not carry it", async () => {
  const { fake, bodies } = listening({ settings: () => ({ events: "thin" }) });
  await oneGift(fake);
  const [event] = (await fake.stripe.events.list({ type: "charge.succeeded" })).data;
  const [charge] = (await fake.stripe.charges.list()).data;
  expect(bodies().find(({ type }) => type === "v1.charge.succeeded")).toEqual({
    id: event?.id.replace("evt_", "evt_test_"),
    object: "v2.core.event",
    type: "v1.charge.succeeded",
    livemode: false,
    created: "2021-03-01T15:00:00.000Z",
    related_object: { id: charge?.id, type: "charge", url: `/v1/charges/${charge?.id ?? ""}` },
    snapshot_event: event?.id,
  });
});

test("the SDK reads a thin event and fetches its object", async () => {
  const heads: string[] = [];
  const payloads: string[] = [];
  const fake = startSandbox(memoryStore(), {
    settings: () => ({ events: "thin" }),
    async deliver(_, payload, header) {
      payloads.push(payload);
      heads.push(header);
      return 200;
    },
  });
  await oneGift(fake);
  const index = payloads.findIndex((payload) => payload.includes("v1.checkout.session.completed"));
  const secret = await fake.sandbox.webhookSecret("alov");
  const event = await fake.stripe.parseEventNotificationAsync(
    payloads[index] ?? "",
    heads[index] ?? "",
    secret,
    undefined,
    undefined,
    fake.clock.wall.getTime(),
  );
  if (event.type !== "v1.checkout.session.completed") throw new Error("another event came");
  expect(await event.fetchRelatedObject()).toMatchObject({ object: "checkout.session", status: "complete" });
});

test("an endpoint of an older version gets invoices that name their subscription, charge and payment intent", async () => {
  const apiVersion = "2024-06-20";
  const { fake, bodies } = listening({ settings: () => ({ apiVersion }) });
  const { session, subscription } = await subscribe(fake);
  await fake.sandbox.idle();
  const [charge] = (await fake.stripe.charges.list()).data;
  const [intent] = (await fake.stripe.paymentIntents.list()).data;
  const body = (type: string): Record<string, unknown> | undefined =>
    bodies().find((one) => one.type === type)?.data.object;
  expect(bodies().every((one) => one.api_version === apiVersion)).toBe(true);
  expect(body("invoice.paid")).toMatchObject({
    subscription: subscription.id,
    subscription_details: { metadata: { fund: "families" } },
    charge: charge?.id,
    payment_intent: intent?.id,
    paid: true,
  });
  expect(body("invoice.paid")).not.toHaveProperty("parent");
  expect(body("charge.succeeded")).toMatchObject({ invoice: session.invoice });
  expect(body("customer.subscription.updated")).toMatchObject({
    current_period_end: subscription.items.data[0]?.current_period_end,
  });
  expect(body("invoice_payment.paid")).toBeUndefined();
  const listed = await fake.stripe.events.list({ type: "invoice.paid" });
  expect(listed.data[0]?.data.object).toMatchObject({ subscription: subscription.id });
  expect(await fake.stripe.invoices.retrieve(known(session.invoice))).not.toHaveProperty("subscription");
});

test("an older session carries its shipping where it used to be", async () => {
  const { fake, bodies } = listening({ settings: () => ({ apiVersion: "2024-06-20" }) });
  const shipping_address_collection = { allowed_countries: ["CA" as const] };
  const { id } = await fake.stripe.checkout.sessions.create(gift(2500, { shipping_address_collection }));
  await fake.sandbox.pay("alov", id, donor);
  await fake.sandbox.idle();
  const session = bodies().find(({ type }) => type === "checkout.session.completed")?.data.object;
  expect(session).toMatchObject({ shipping_details: { name: donor.name } });
  expect(session).not.toHaveProperty("collected_information");
});

test("nothing that the sandbox keeps to itself is ever told", async () => {
  const { fake, bodies } = listening();
  const { subscription } = await subscribe(fake);
  await fake.sandbox.advance(40 * 86_400);
  await fake.sandbox.idle();
  const { stripe } = fake;
  const told = [
    ...bodies(),
    await stripe.subscriptions.retrieve(subscription.id, {
      expand: ["latest_invoice.payments.data.payment.payment_intent"],
    }),
    await stripe.charges.list({ expand: ["data.balance_transaction", "data.payment_intent"] }),
    await stripe.events.list({ limit: 100 }),
    await stripe.customers.list(),
  ];
  expect(JSON.stringify(told)).not.toContain('"hidden"');
});
