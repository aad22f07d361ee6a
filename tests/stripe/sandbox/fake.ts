import Stripe from "stripe";
import { stripeClient } from "../../../src/stripe/client.ts";
import { idOf } from "../../../src/stripe/sandbox/entry.ts";
import { memoryStore } from "../../../src/stripe/sandbox/memory-store.ts";
import { createSandbox } from "../../../src/stripe/sandbox/sandbox.ts";
import type { Sandbox, SandboxNeeds } from "../../../src/stripe/sandbox/sandbox.ts";
import type { Store } from "../../../src/stripe/sandbox/store.ts";

/** What came to the door: already verified with the account's secret, at the real time of the test. */
type Delivered = { account: string; event: Stripe.Event };

export type Fake = {
  sandbox: Sandbox;
  stripe: Stripe;
  /** A client of another account. */
  other: Stripe;
  clock: { now: Date; wall: Date };
  delivered: Delivered[];
  /** What the door answers; 200 unless a test says otherwise. */
  door: { status: number };
  /** Moves both clocks. */
  pass: (seconds: number) => void;
  /** The types of what came to the door for the first account. */
  types: () => string[];
};

const names: Record<string, string> = { alov: "Alov Foundation", "acmc-toronto": "The Center" };

/** A sandbox with a clock that stands still, ids that count, and a door that checks every signature. */
export function startSandbox(store: Store = memoryStore(), needs: Partial<SandboxNeeds> = {}): Fake {
  const clock = { now: new Date("2021-03-01T15:00:00Z"), wall: new Date("2026-11-21T12:00:00Z") };
  const delivered: Delivered[] = [];
  const door = { status: 200 };
  let count = 0;
  const sandbox: Sandbox = createSandbox({
    store,
    now: () => clock.now,
    wallClock: () => clock.wall,
    random: () => (count += 1).toString(36).padStart(24, "0"),
    baseUrl: "http://localhost:8787",
    findAccount: async (slug) => (names[slug] === undefined ? null : { name: names[slug] }),
    log: () => undefined,
    async deliver(account, payload, header) {
      if (door.status !== 200) return door.status;
      const secret = await sandbox.webhookSecret(account);
      const received = clock.wall.getTime();
      const event = await Stripe.webhooks.constructEventAsync(payload, header, secret, 300, undefined, received);
      delivered.push({ account, event });
      return 200;
    },
    ...needs,
  });
  const client = (account: string): Stripe => stripeClient({ key: sandbox.key(account), fetch: sandbox.fetch });
  return {
    sandbox,
    stripe: client("alov"),
    other: client("acmc-toronto"),
    clock,
    delivered,
    door,
    pass(seconds) {
      clock.now = new Date(clock.now.getTime() + seconds * 1000);
      clock.wall = new Date(clock.wall.getTime() + seconds * 1000);
    },
    types: () => delivered.filter(({ account }) => account === "alov").map(({ event }) => event.type),
  };
}

/** The id behind a reference that must be there. */
export function known(reference: Parameters<typeof idOf>[0]): string {
  const id = idOf(reference);
  if (id === null) throw new Error("a reference is missing");
  return id;
}

export const donor = { email: "nigar@example.org", name: "Nigar Aliyeva", card: "domestic" } as const;

/** A gift of so many cents, as our own Checkout writes it. */
export function gift(
  cents: number,
  more: Partial<Stripe.Checkout.SessionCreateParams> = {},
): Stripe.Checkout.SessionCreateParams {
  const product_data = { name: "Gift to Families", metadata: { kind: "gift", fund: "families" } };
  return {
    mode: "payment",
    submit_type: "donate",
    line_items: [{ quantity: 1, price_data: { currency: "cad", unit_amount: cents, product_data } }],
    metadata: { order: "alm_0123456789abcdef", show: "name" },
    payment_intent_data: { metadata: { order: "alm_0123456789abcdef", fund: "families" } },
    success_url: "http://localhost:8787/thanks/{CHECKOUT_SESSION_ID}",
    cancel_url: "http://localhost:8787/funds/families?came-back=1",
    ...more,
  };
}

/** A monthly gift of so many cents, as our own Checkout writes it. */
export function monthly(
  cents: number,
  more: Partial<Stripe.Checkout.SessionCreateParams> = {},
): Stripe.Checkout.SessionCreateParams {
  const product_data = { name: "Monthly gift to Families", metadata: { kind: "gift", fund: "families" } };
  const recurring = { interval: "month" } as const;
  return {
    mode: "subscription",
    line_items: [{ quantity: 1, price_data: { currency: "cad", unit_amount: cents, product_data, recurring } }],
    metadata: { order: "alm_0123456789abcdef", show: "name" },
    success_url: "http://localhost:8787/thanks/{CHECKOUT_SESSION_ID}",
    ...more,
    subscription_data: { metadata: { order: "alm_0123456789abcdef", fund: "families" }, ...more.subscription_data },
  };
}

/** A monthly gift of $25 that has begun. */
export async function subscribe(
  { sandbox, stripe }: Fake,
  payer: Partial<Parameters<Sandbox["pay"]>[2]> = {},
  more: Partial<Stripe.Checkout.SessionCreateParams> = {},
): Promise<{ session: Stripe.Checkout.Session; subscription: Stripe.Subscription }> {
  const { id } = await stripe.checkout.sessions.create(monthly(2500, more));
  const { session } = await sandbox.pay("alov", id, { ...donor, ...payer });
  return { session, subscription: await stripe.subscriptions.retrieve(known(session.subscription)) };
}

/** The charge of a gift of so many cents, with its balance transaction. */
export async function paid(
  { sandbox, stripe, pass }: Fake,
  cents: number,
  more: Partial<Stripe.Checkout.SessionCreateParams> = {},
): Promise<Stripe.Charge> {
  const { id } = await stripe.checkout.sessions.create(gift(cents, more));
  const { session } = await sandbox.pay("alov", id, donor);
  pass(2);
  await sandbox.tick();
  const [charge] = (await stripe.charges.list({ payment_intent: known(session.payment_intent) })).data;
  if (charge === undefined) throw new Error("the gift has no charge");
  return charge;
}
