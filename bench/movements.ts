import type Stripe from "stripe";
import { balanceTransaction } from "../tests/fixtures/stripe/balance-transaction.ts";
import { charge } from "../tests/fixtures/stripe/charge.ts";
import { paymentIntent } from "../tests/fixtures/stripe/payment-intent.ts";
import { payout } from "../tests/fixtures/stripe/payout.ts";
import { refund } from "../tests/fixtures/stripe/refund.ts";

/** A day's movements: 97 card gifts, a refund of half a gift, a fee of Stripe's own, and the payout of all before it. */
export const aDay = 100;
const places = { refunded: 5, refund: 20, fee: 30, payout: 49 };
const firstAt = Date.UTC(2020, 0, 1, 12) / 1000;
const secondsApart = 86_400 / aDay;

export type Kind = "gift" | "refund" | "fee" | "payout";

/** The history of an account as a function of a movement's number, so that none of it is kept. */
export function kindOf(index: number): Kind {
  const place = index % aDay;
  if (place === places.refund) return "refund";
  if (place === places.fee) return "fee";
  return place === places.payout ? "payout" : "gift";
}

/** When movement number `index` was made, in Stripe's seconds. */
export function createdAt(index: number): number {
  return firstAt + index * secondsApart;
}

/** The number of the first movement made at `seconds` or later. */
export function firstFrom(seconds: number): number {
  return Math.max(0, Math.ceil((seconds - firstAt) / secondsApart));
}

/** Stripe's ids of the same thing differ by their beginning only here. */
export function idOf(prefix: "txn" | "ch" | "pi" | "re" | "po", index: number): string {
  return `${prefix}_bench${String(index).padStart(9, "0")}`;
}

/** The number in an id; NaN when it is none of ours. */
export function indexOf(id: string): number {
  return Number(/bench(\d+)$/u.exec(id)?.[1] ?? Number.NaN);
}

/** The movements that a payout holds: from the first number, before the payout's own. */
export function membersOf(index: number): { first: number; end: number } {
  return { first: Math.max(0, index - aDay + 1), end: index };
}

/** What the account has after so many movements. */
export function balanceAfter(movements: number): number {
  const rest = (movements - 1 - places.payout + aDay) % aDay;
  return netOf(Math.max(0, movements - rest), movements);
}

function netOf(first: number, end: number): number {
  let net = 0;
  for (let index = first; index < end; index += 1) net += moneyOf(index).net;
  return net;
}

function giftOf(index: number): number {
  return 1_000 + ((index * 7_919) % 9_000);
}

function moneyOf(index: number): { amount: number; fee: number; net: number } {
  const of = (amount: number, fee = 0) => ({ amount, fee, net: amount - fee });
  switch (kindOf(index)) {
    case "gift":
      return of(giftOf(index), Math.round((giftOf(index) * 29) / 1000) + 30);
    case "refund":
      return of(-Math.floor(giftOf(refundedBy(index)) / 2));
    case "fee":
      return of(-250);
    case "payout": {
      const { first, end } = membersOf(index);
      return of(-netOf(first, end));
    }
  }
}

function refundedBy(index: number): number {
  return index - places.refund + places.refunded;
}

/** A balance transaction as it is listed: with what moved it. */
export function movement(index: number, total: number): Stripe.BalanceTransaction {
  const { amount, fee, net } = moneyOf(index);
  const created = createdAt(index);
  const common = { ...balanceTransaction, id: idOf("txn", index), amount, fee, net, created, available_on: created };
  switch (kindOf(index)) {
    case "gift": {
      const [detail] = balanceTransaction.fee_details;
      const details = detail === undefined ? [] : [{ ...detail, amount: fee }];
      return { ...common, fee_details: details, source: gift(index, total) };
    }
    case "refund":
      return { ...common, fee_details: [], type: "refund", reporting_category: "refund", source: giftBack(index) };
    case "fee":
      return { ...common, fee_details: [], type: "stripe_fee", reporting_category: "fee", source: null };
    case "payout":
      return { ...common, fee_details: [], type: "payout", reporting_category: "payout", source: paidOut(index) };
  }
}

/** The charge of a gift; everybody gives three times, and one gift in five is to the general fund. */
export function gift(index: number, total: number): Stripe.Charge {
  const person = `donor${index % Math.max(1, Math.floor(total / 3))}`;
  const amount = giftOf(index);
  return {
    ...charge,
    id: idOf("ch", index),
    amount,
    amount_captured: amount,
    balance_transaction: idOf("txn", index),
    billing_details: { ...charge.billing_details, email: `${person}@example.org`, name: `Donor ${person}` },
    created: createdAt(index),
    metadata: { fund: index % 5 === 0 ? "general" : "families" },
    payment_intent: idOf("pi", index),
  };
}

/** The payment intent that a charge is listed with. */
export function intent(index: number): Stripe.PaymentIntent {
  const amount = giftOf(index);
  return {
    ...paymentIntent,
    id: idOf("pi", index),
    amount,
    amount_received: amount,
    created: createdAt(index),
    latest_charge: idOf("ch", index),
    metadata: { fund: index % 5 === 0 ? "general" : "families" },
  };
}

export function giftBack(index: number): Stripe.Refund {
  const given = refundedBy(index);
  return {
    ...refund,
    id: idOf("re", index),
    amount: -moneyOf(index).amount,
    balance_transaction: idOf("txn", index),
    charge: idOf("ch", given),
    created: createdAt(index),
    payment_intent: idOf("pi", given),
  };
}

export function paidOut(index: number): Stripe.Payout {
  const created = createdAt(index);
  return {
    ...payout,
    id: idOf("po", index),
    amount: -moneyOf(index).amount,
    arrival_date: created - (created % 86_400),
    balance_transaction: idOf("txn", index),
    created,
  };
}
