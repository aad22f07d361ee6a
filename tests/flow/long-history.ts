import { randomUUID } from "node:crypto";
import type Stripe from "stripe";
import { stripeClient } from "../../src/stripe/client.ts";
import type { Card } from "../../src/stripe/sandbox/card.ts";
import { memoryStore } from "../../src/stripe/sandbox/memory-store.ts";
import { createSandbox } from "../../src/stripe/sandbox/sandbox.ts";
import type { StripeSide } from "./house.ts";

/** Five years at Stripe before anybody told us of them: no event is made of any of it. */
export type LongHistory = StripeSide & {
  stripe: Stripe;
  /** When the first and the last of it happened. */
  from: Date;
  to: Date;
  /** Plans that another tool made, the oldest first. */
  plans: string[];
  /** Days go by, and plans are renewed. */
  pass: (days: number) => Promise<void>;
};

const start = Date.parse("2017-01-05T15:00:00Z");
const years = 5;
const dayMs = 24 * 60 * 60 * 1000;
const cards: readonly Card[] = ["domestic", "domestic", "foreign"];

/** What another tool wrote on a payment: one of these a rule of the charity knows. */
const elsewhere = ["Spring appeal", "Hall rent", "Box office"];

/** Half of the plans end after half the time. */
const paymentsOfPlan = 40;

type Size = { charges: number; plans: number };

/** Makes a history of about so many charges, many of them renewals of another tool's monthly plans. */
export async function makeLongHistory({ charges, plans }: Size): Promise<LongHistory> {
  let clock = new Date(start);
  const sandbox = createSandbox({
    store: memoryStore(),
    now: () => clock,
    wallClock: () => new Date(),
    random: () => randomUUID().replaceAll("-", "").slice(0, 24),
    baseUrl: "http://localhost:8787",
    findAccount: async (slug) => ({ name: slug }),
    deliver: async () => 200,
    generates: () => false,
    log: () => undefined,
  });
  const stripe = stripeClient({ key: sandbox.key("first"), fetch: sandbox.fetch });
  const until = async (moment: number): Promise<void> => {
    // A renewal is billed an hour after its period began, so a day is gone through in steps.
    while (clock.getTime() + dayMs < moment) {
      clock = new Date(clock.getTime() + dayMs);
      await sandbox.tick();
    }
    clock = new Date(moment);
    await sandbox.tick();
  };

  const begun: string[] = [];
  const once = charges - plans * paymentsOfPlan;
  const stepMs = (years * 365 * dayMs) / once;
  for (let place = 0; place < once; place += 1) {
    await until(start + Math.floor((place * stepMs) / 1000) * 1000);
    if (place % 2 === 0 && begun.length < plans) begun.push(await beginPlan(begun.length));
    if (place === Math.floor(once / 2))
      for (const [number, plan] of begun.entries()) if (number % 2 === 1) await stripe.subscriptions.cancel(plan);
    await give(place);
  }
  await until(clock.getTime() + 3 * dayMs);

  async function beginPlan(place: number): Promise<string> {
    const { id } = await stripe.checkout.sessions.create({
      mode: "subscription",
      line_items: [{ quantity: 1, price_data: monthly(1000 + place * 100) }],
      success_url: "http://localhost:8787/",
    });
    const { session } = await sandbox.pay("first", id, { ...person(place), card: "domestic" });
    return typeof session.subscription === "string" ? session.subscription : "";
  }

  async function give(place: number): Promise<void> {
    const order = place % 3 === 0 ? `alm_${String(place).padStart(16, "0")}` : null;
    const { id } = await stripe.checkout.sessions.create(order === null ? foreign(place) : ours(place, order));
    const { session } = await sandbox.pay("first", id, {
      ...person(place),
      card: cards[place % cards.length] ?? "domestic",
    });
    if (place % 10 === 9) await sandbox.payOut("first");
    const intent = session.payment_intent;
    if (typeof intent !== "string") return;
    clock = new Date(clock.getTime() + 60_000);
    await sandbox.tick();
    if (place % 17 === 3) await stripe.refunds.create({ payment_intent: intent, amount: 100 });
    if (place % 43 === 5) await disputed(intent, place % 2 === 0 ? "won" : "lost");
  }

  async function disputed(intent: string, outcome: "won" | "lost"): Promise<void> {
    const [charge] = (await stripe.charges.list({ payment_intent: intent })).data;
    const { id } = await sandbox.dispute("first", charge?.id ?? "", { reason: "fraudulent" });
    await sandbox.decideDispute("first", id, outcome);
  }

  return {
    sandbox,
    mail: [],
    setClock: (moment) => (clock = new Date(moment)),
    settle: async () => await until(clock.getTime() + 60_000),
    stripe,
    from: new Date(start),
    to: clock,
    plans: begun,
    pass: async (days) => await until(clock.getTime() + days * dayMs),
  };
}

const person = (place: number) => ({ email: `donor-${place % 97}@example.org`, name: `Donor ${place % 97}` });
const cents = (place: number): number => 1000 + (place % 50) * 37;

const monthly = (amount: number) => ({
  currency: "cad",
  unit_amount: amount,
  product_data: { name: "Monthly friends" },
  recurring: { interval: "month" as const },
});

function foreign(place: number): Stripe.Checkout.SessionCreateParams {
  return {
    mode: "payment",
    line_items: [
      { quantity: 1, price_data: { currency: "cad", unit_amount: cents(place), product_data: { name: "Anything" } } },
    ],
    payment_intent_data: { description: elsewhere[Math.floor(place / 3) % elsewhere.length] ?? "" },
    success_url: "http://localhost:8787/",
  };
}

function ours(place: number, order: string): Stripe.Checkout.SessionCreateParams {
  const product_data = { name: "Gift to Families", metadata: { kind: "gift", fund: "families" } };
  return {
    mode: "payment",
    line_items: [{ quantity: 1, price_data: { currency: "cad", unit_amount: cents(place), product_data } }],
    metadata: { order },
    payment_intent_data: { metadata: { order, fund: "families" } },
    success_url: "http://localhost:8787/",
  };
}
