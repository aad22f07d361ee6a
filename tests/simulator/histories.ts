import fc from "fast-check";
import type { Card } from "../../src/stripe/sandbox/card.ts";
import type { DisputeOutcome } from "../../src/stripe/sandbox/dispute-deeds.ts";

/** What becomes of a promise to give again and again, of an instalment of it, and of a card that is held. */
export type PromiseEnd = "ending" | "going on" | "more" | "ended" | "paid by another card";
export type InstalmentEnd = "void" | "given up" | "paid in cash" | "paid in part";
export type HoldEnd = "captured" | "captured in part" | "let go";

/** What people, banks and the charity's own staff do at Stripe; `of` is a random number by which something is chosen. */
export type Deed =
  | { kind: "gift"; card: Card; person: number; fund: "families" | "general" | "youth" }
  | { kind: "monthly"; card: Card; person: number }
  | { kind: "basket"; person: number; pins: number; gift: boolean }
  | { kind: "elsewhere"; currency: "cad" | "usd"; isHeld: boolean; words: string; email: boolean }
  | { kind: "refund"; of: number; share: number }
  | { kind: "refund fails"; of: number }
  | { kind: "dispute"; of: number; outcomes: DisputeOutcome[] }
  | { kind: "correction"; of: number; fund: string }
  | { kind: "promise"; of: number; becomes: PromiseEnd }
  | { kind: "instalment"; of: number; becomes: InstalmentEnd }
  | { kind: "hold"; of: number; becomes: HoldEnd }
  | { kind: "new address"; of: number; person: number }
  | { kind: "forgotten"; of: number }
  | { kind: "days"; days: number };

type Of<Kind extends Deed["kind"]> = Extract<Deed, { kind: Kind }>;
type Arbitraries<Shape> = { [Name in keyof Shape]: fc.Arbitrary<Shape[Name]> };

function deed<Kind extends Deed["kind"]>(weight: number, kind: Kind, rest: Arbitraries<Omit<Of<Kind>, "kind">>) {
  const arbitrary = fc
    .record(rest as Record<string, fc.Arbitrary<unknown>>)
    .map((drawn) => ({ kind, ...drawn }) as Deed);
  return { weight, arbitrary };
}

const person = fc.nat(5);
const of = fc.nat();

const giving = [
  deed(5, "gift", {
    card: fc.constantFrom<Card>(
      "domestic",
      "domestic",
      "foreign",
      "declined",
      "debit",
      "debit-fails",
      "debit-bounces",
      "refund-pending",
      "refund-fails",
    ),
    person,
    fund: fc.constantFrom("families", "families", "general", "general", "youth"),
  }),
  deed(2, "monthly", { card: fc.constantFrom<Card>("domestic", "domestic", "foreign", "declines-later"), person }),
  deed(2, "basket", { person, pins: fc.integer({ min: 1, max: 3 }), gift: fc.boolean() }),
  deed(2, "elsewhere", {
    currency: fc.constantFrom("cad", "usd"),
    isHeld: fc.boolean(),
    words: fc.constantFrom("Hall rent", "At the door"),
    email: fc.boolean(),
  }),
];

const handling = [
  deed(3, "refund", { of, share: fc.constantFrom(0.2, 0.5, 1) }),
  deed(1, "refund fails", { of }),
  deed(2, "dispute", {
    of,
    outcomes: fc.constantFrom<DisputeOutcome[]>([], ["won"], ["won, fee kept"], ["lost"], ["withdrawn"]),
  }),
  deed(2, "correction", { of, fund: fc.constantFrom("families", "general", "nowhere") }),
  deed(2, "promise", { of, becomes: fc.constantFrom("ending", "going on", "more", "ended", "paid by another card") }),
  deed(1, "instalment", { of, becomes: fc.constantFrom("void", "given up", "paid in cash", "paid in part") }),
  deed(2, "hold", { of, becomes: fc.constantFrom("captured", "captured in part", "let go") }),
  deed(1, "new address", { of, person }),
  deed(1, "forgotten", { of }),
  deed(3, "days", { days: fc.integer({ min: 1, max: 35 }) }),
];

/** Nothing can be refunded before somebody has given. */
export const histories = fc
  .tuple(
    fc.array(fc.oneof(...giving), { minLength: 2, maxLength: 4 }),
    fc.array(fc.oneof(...giving, ...handling), { minLength: 3, maxLength: 10 }),
  )
  .map(([first, then]) => [...first, ...then]);
