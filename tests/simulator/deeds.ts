import fc from "fast-check";
import Stripe from "stripe";
import type { Card } from "../../src/stripe/sandbox/card.ts";
import type { DisputeOutcome } from "../../src/stripe/sandbox/dispute-deeds.ts";
import { Refusal } from "../../src/stripe/sandbox/error.ts";
import type { House } from "../flow/house.ts";

/** What people and banks do to a charity's account, in the order of a random history. */
export type Deed =
  | { kind: "gift"; card: Card; person: number; fund: "families" | "general" }
  | { kind: "monthly"; card: "domestic" | "declines-later"; person: number }
  | { kind: "basket"; person: number; pins: number; gift: boolean }
  | { kind: "refund"; of: number; share: number }
  | { kind: "dispute"; of: number; outcomes: DisputeOutcome[] }
  | { kind: "days"; days: number };

const person = fc.nat(5);
const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("gift" as const),
      card: fc.constantFrom<Card>(
        "domestic",
        "domestic",
        "foreign",
        "declined",
        "debit",
        "debit-fails",
        "debit-bounces",
      ),
      person,
      fund: fc.constantFrom("families" as const, "general" as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("monthly" as const),
      card: fc.constantFrom("domestic" as const, "declines-later" as const),
      person,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("basket" as const),
      person,
      pins: fc.integer({ min: 1, max: 3 }),
      gift: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("refund" as const), of: fc.nat(), share: fc.constantFrom(0.2, 0.5, 1) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("dispute" as const),
      of: fc.nat(),
      outcomes: fc.constantFrom<DisputeOutcome[]>([], ["won"], ["won, fee kept"], ["lost"], ["withdrawn"]),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("days" as const), days: fc.integer({ min: 1, max: 35 }) }) },
);

export const histories = fc.array(deed, { minLength: 4, maxLength: 12 });

const day = 24 * 60 * 60;

/** Plays a history at Stripe; what Stripe sends of it is kept in the house's mail. A deed that Stripe refuses is passed over. */
export async function play(house: House, deeds: readonly Deed[]): Promise<void> {
  const stripe = await house.stripe("first");
  for (const one of deeds) await refusedOrDone(async () => await doOne(house, stripe, one));
  await house.sandbox.advance(40 * day);
  await house.sandbox.idle();
}

async function doOne(house: House, stripe: Stripe, deed: Deed): Promise<void> {
  switch (deed.kind) {
    case "gift":
      await house.payFor(`/funds/${deed.fund}/give`, { ...who(deed.person), amount: "5000" }, deed.card);
      return;
    case "monthly":
      await house.payFor("/funds/families/give", { ...who(deed.person), amount: "2500", every: "month" }, deed.card);
      return;
    case "basket":
      await house.payFor("/campaigns/shop/order", {
        ...who(deed.person),
        "q.pin.only": `${deed.pins}`,
        ...(deed.gift ? { gift: "5000" } : {}),
      });
      return;
    case "refund": {
      const charge = await chargeNumber(stripe, deed.of);
      if (charge === null) return;
      const amount = Math.max(1, Math.floor((charge.amount - charge.amount_refunded) * deed.share));
      await stripe.refunds.create({ charge: charge.id, amount });
      return;
    }
    case "dispute": {
      const charge = await chargeNumber(stripe, deed.of);
      if (charge === null) return;
      const { id } = await house.sandbox.dispute("first", charge.id, { reason: "fraudulent" });
      for (const outcome of deed.outcomes) await house.sandbox.decideDispute("first", id, outcome);
      return;
    }
    case "days":
      await house.sandbox.advance(deed.days * day);
  }
}

const who = (person: number): Record<string, string> => ({
  email: `person${person}@example.org`,
  name: `Person ${person}`,
  show: person % 2 === 0 ? "name" : "nothing",
});

/** One of the succeeded charges, by a random number. */
async function chargeNumber(stripe: Stripe, number: number): Promise<Stripe.Charge | null> {
  const { data } = await stripe.charges.list({ limit: 100 });
  const paid = data.filter((charge) => charge.status === "succeeded");
  return paid[number % Math.max(1, paid.length)] ?? null;
}

async function refusedOrDone(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Refusal || error instanceof Stripe.errors.StripeError)) throw error;
  }
}
