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
  | { kind: "moves"; type: string; amount: number }
  | { kind: "paid out"; fails: boolean }
  | { kind: "days"; days: number };

type Of<Kind extends Deed["kind"]> = Extract<Deed, { kind: Kind }>;
type Arbitraries<Shape> = { [Name in keyof Shape]: fc.Arbitrary<Shape[Name]> };

function deed<Kind extends Deed["kind"]>(kind: Kind, rest: Arbitraries<Omit<Of<Kind>, "kind">>): fc.Arbitrary<Deed> {
  return fc.record(rest as Record<string, fc.Arbitrary<unknown>>).map((drawn) => ({ kind, ...drawn }) as Deed);
}

const person = fc.nat(5);
const of = fc.nat();

const gift = (...cards: Card[]): fc.Arbitrary<Deed> =>
  deed("gift", {
    card: fc.constantFrom(...cards),
    person,
    fund: fc.constantFrom("families", "families", "general", "general", "youth"),
  });
const anyGift = gift(
  "domestic",
  "domestic",
  "foreign",
  "declined",
  "debit",
  "debit-fails",
  "debit-bounces",
  "refund-pending",
  "refund-fails",
);
const monthly = (...cards: Card[]): fc.Arbitrary<Deed> => deed("monthly", { card: fc.constantFrom(...cards), person });
const basket = deed("basket", { person, pins: fc.integer({ min: 1, max: 3 }), gift: fc.boolean() });
const elsewhere = (isHeld: boolean): fc.Arbitrary<Deed> =>
  deed("elsewhere", {
    currency: fc.constantFrom("cad", "usd"),
    isHeld: fc.constant(isHeld),
    words: fc.constantFrom("Hall rent", "At the door"),
    email: fc.boolean(),
  });
const refund = deed("refund", { of, share: fc.constantFrom(0.2, 0.5, 1) });
const dispute = deed("dispute", {
  of,
  outcomes: fc.constantFrom<DisputeOutcome[]>([], ["won"], ["won, fee kept"], ["lost"], ["withdrawn"]),
});
const correction = deed("correction", { of, fund: fc.constantFrom("families", "general", "nowhere") });
const promise = deed("promise", {
  of,
  becomes: fc.constantFrom("ending", "going on", "more", "ended", "paid by another card"),
});
const instalment = deed("instalment", {
  of,
  becomes: fc.constantFrom("void", "given up", "paid in cash", "paid in part"),
});
const hold = deed("hold", { of, becomes: fc.constantFrom("captured", "captured in part", "let go") });
const days = (min: number, max: number): fc.Arbitrary<Deed> => deed("days", { days: fc.integer({ min, max }) });

/** What Stripe takes, holds back and gives without telling by an event. */
const moves = deed("moves", {
  type: fc.constantFrom("stripe_fee", "tax_fee", "reserve_hold", "reserve_release"),
  amount: fc.integer({ min: -900, max: -1 }),
});

/** What follows from one another, such as a gift and what becomes of it; each is chosen so often. */
const threads: [weight: number, deeds: fc.Arbitrary<Deed>[]][] = [
  [3, [anyGift]],
  [2, [basket]],
  [1, [elsewhere(false)]],
  [2, [anyGift, refund]],
  [1, [basket, refund, refund]],
  [1, [gift("refund-pending", "refund-fails"), refund, deed("refund fails", { of })]],
  [2, [anyGift, dispute]],
  [2, [anyGift, correction]],
  [1, [elsewhere(true), hold]],
  [1, [elsewhere(true), hold, refund]],
  [1, [monthly("domestic", "foreign"), days(1, 35), refund]],
  [2, [monthly("domestic"), promise, days(1, 35), promise]],
  // A renewal is taken a month and an hour later; two days after that it is still open.
  [2, [monthly("declines-later"), days(32, 33), fc.oneof(instalment, promise)]],
  [1, [monthly("domestic"), deed("new address", { of, person })]],
  [1, [monthly("domestic", "declines-later"), days(1, 35), deed("forgotten", { of })]],
  [1, [days(1, 35)]],
  [1, [anyGift, days(4, 8), deed("paid out", { fails: fc.boolean() }), days(1, 3), refund]],
  [1, [moves]],
];

/** Each thread in its own order, all of them through one another. */
export const histories: fc.Arbitrary<Deed[]> = fc
  .array(fc.oneof(...threads.map(([weight, deeds]) => ({ weight, arbitrary: fc.tuple(...deeds.map(placed)) }))), {
    minLength: 2,
    maxLength: 5,
  })
  .map((drawn) =>
    drawn
      .flatMap((thread) => {
        const places = thread.map(({ place }) => place).toSorted((a, b) => a - b);
        return thread.map(({ one }, index) => ({ one, place: places[index] ?? 0 }));
      })
      .toSorted((a, b) => a.place - b.place)
      .map(({ one }) => one),
  );

function placed(arbitrary: fc.Arbitrary<Deed>): fc.Arbitrary<{ one: Deed; place: number }> {
  return fc.record({ one: arbitrary, place: fc.nat(999) });
}
