import fc from "fast-check";
import type { Fact } from "../src/core/fact.ts";
import { splitByWeight } from "../src/core/money.ts";

/** A made-up history of a small charity, as a person would tell it; facts and expected figures are both made from it. */
export type Payment = {
  id: number;
  by: "stripe" | "cash";
  /** Two accounts of two organisations. */
  account: 1 | 2;
  /** Number of the person, or null when nobody knows who it was. */
  person: number | null;
  /** Days after 2021-01-01. */
  day: number;
  lines: Line[];
  shipping: number;
  /** Cents, each some days after the payment. */
  refunds: { amount: number; after: number }[];
};
type Line = { kind: "gift"; fund: string; amount: number } | { kind: "sale"; amount: number; quantity: number };

export const funds = ["general", "families", "youth"] as const;

const line = fc.oneof(
  fc.record({
    kind: fc.constant("gift" as const),
    fund: fc.constantFrom(...funds, "nowhere"),
    amount: fc.integer({ min: 1, max: 9999 }),
  }),
  fc.record({
    kind: fc.constant("sale" as const),
    amount: fc.integer({ min: 1, max: 5000 }),
    quantity: fc.integer({ min: 1, max: 4 }),
  }),
);

const payment = fc.record({
  by: fc.constantFrom("stripe" as const, "stripe" as const, "stripe" as const, "cash" as const),
  account: fc.constantFrom(1 as const, 2 as const),
  person: fc.option(fc.nat(8), { freq: 5 }),
  day: fc.nat(500),
  lines: fc.array(line, { minLength: 1, maxLength: 3 }),
  shipping: fc.constantFrom(0, 0, 700),
  refunds: fc.array(fc.record({ share: fc.constantFrom(0.1, 0.34, 0.5, 1), after: fc.nat(90) }), { maxLength: 3 }),
});

/** Histories of up to `size` payments, and no fewer than `least`: gifts, baskets, refunds (also of a person's only gift), cash, backdated days. */
export const histories = (size: number, least = 1): fc.Arbitrary<Payment[]> =>
  fc.array(payment, { minLength: least, maxLength: size }).map((drafts) =>
    drafts.map((draft, index): Payment => {
      if (draft.by === "cash") {
        const amount = draft.lines[0]?.amount ?? 1;
        const fund = funds[draft.day % funds.length] ?? "general";
        return { ...draft, id: index, lines: [{ kind: "gift", fund, amount }], shipping: 0, refunds: [] };
      }
      const shipping = draft.lines.some((one) => one.kind === "sale") ? draft.shipping : 0;
      let left = sum(draft.lines.map((one) => one.amount)) + shipping;
      const refunds = draft.refunds.flatMap(({ share, after }) => {
        const amount = Math.ceil(left * share);
        left -= amount;
        return amount > 0 ? [{ amount, after }] : [];
      });
      return { ...draft, id: index, shipping, refunds };
    }),
  );

export const dayOf = (day: number): string => new Date(Date.UTC(2021, 0, 1 + day)).toISOString().slice(0, 10);
const noon = (day: number): string => `${dayOf(day)}T17:00:00.000Z`;
const sum = (numbers: number[]): number => numbers.reduce((a, b) => a + b, 0);
const total = (payment: Payment): number => sum(payment.lines.map((one) => one.amount)) + payment.shipping;
const email = (person: number | null): string | null => (person === null ? null : `person${person}@example.org`);

/** What Stripe would bring of a payment, object by object, each more than once and in more than one state. */
export function factsOf(payment: Payment): Fact[] {
  if (payment.by === "cash") return [];
  const { id, person } = payment;
  const row = { account_id: `${payment.account}`, fetched_at: null };
  const metadata = { order: `alm_history${String(id).padStart(12, "0")}` };
  const money = { amount_minor: `${total(payment)}`, currency: "CAD", created: noon(payment.day) };
  const details = { email: email(person), name: null };
  const charge = {
    ...row,
    ...money,
    kind: "charge" as const,
    id: `ch_${id}`,
    status: "succeeded",
    captured: true,
    amount_captured_minor: `${total(payment)}`,
    payment_intent: `pi_${id}`,
    customer: null,
    balance_transaction: null,
    billing: details,
    receipt_email: null,
    description: null,
    metadata,
  };
  const facts: Fact[] = [
    charge,
    { ...charge, balance_transaction: `txn_${id}` },
    { ...charge, id: `ch_${id}_declined`, status: "failed", captured: false, amount_captured_minor: "0" },
    {
      ...row,
      ...money,
      kind: "payment_intent",
      id: `pi_${id}`,
      status: "succeeded",
      latest_charge: `ch_${id}`,
      customer: null,
      metadata,
    },
    {
      ...row,
      kind: "checkout_session",
      id: `cs_${id}`,
      status: "complete",
      payment_status: "paid",
      mode: "payment",
      payment_intent: `pi_${id}`,
      customer: null,
      amount_total_minor: `${total(payment)}`,
      shipping_minor: `${payment.shipping}`,
      currency: "CAD",
      created: noon(payment.day),
      customer_details: details,
      metadata: { ...metadata, campaign: `shop-${payment.account}` },
      subscription: null,
      invoice: null,
    },
    ...payment.lines.map((one, position): Fact => ({
      ...row,
      kind: "line_item",
      id: `li_${id}_${position}`,
      session: `cs_${id}`,
      position,
      description: null,
      quantity: one.kind === "sale" ? one.quantity : 1,
      amount_total_minor: `${one.amount}`,
      currency: "CAD",
      price: null,
      product: null,
      metadata:
        one.kind === "sale"
          ? { kind: "sale", campaign: `shop-${payment.account}`, item: "pin", variant: "one" }
          : { kind: "gift", fund: one.fund },
    })),
    {
      ...row,
      kind: "fetched",
      id: `cs_${id}`,
      what: "line_items",
      fetched_at: "2024-01-01T00:00:00Z",
      found: payment.lines.length,
    },
  ];
  const refunds = payment.refunds.flatMap(({ amount, after }, index): Fact[] => {
    const refund = {
      ...row,
      kind: "refund" as const,
      id: `re_${id}_${index}`,
      status: "succeeded",
      charge: `ch_${id}`,
      payment_intent: `pi_${id}`,
      amount_minor: `${amount}`,
      currency: "CAD",
      created: noon(payment.day + after),
      balance_transaction: null,
      failure_balance_transaction: null,
      metadata: null,
    };
    return [{ ...refund, status: "pending" }, refund];
  });
  return [...facts, ...facts, ...refunds];
}

/** The cash payments of a history as `record_cash` takes them. */
export function cashOf(payment: Payment): object | null {
  const [line] = payment.lines;
  if (payment.by !== "cash" || line?.kind !== "gift") return null;
  return {
    request: `cash-${payment.id}`,
    fund: line.fund,
    amount_minor: `${line.amount}`,
    currency: "CAD",
    day: dayOf(payment.day),
    organisation: `organisation-${payment.account}`,
    ...(payment.person === null ? {} : { email: email(payment.person) }),
  };
}

/** One thing that happened on one day, for counting by hand. */
type Happening = {
  day: string;
  fund: string | null;
  person: number | null;
  given: bigint;
  returned: bigint;
  gift: boolean;
  bought: boolean;
};

function happenings(payment: Payment): Happening[] {
  const parts = [
    ...payment.lines.map((one) => BigInt(one.amount)),
    ...(payment.shipping > 0 ? [BigInt(payment.shipping)] : []),
  ];
  let left = [...parts];
  const returns = [...payment.refunds.entries()]
    .sort(([a, one], [b, two]) => one.after - two.after || a - b)
    .map(([, refund]) => {
      const shares = splitByWeight(BigInt(refund.amount), left);
      left = left.map((amount, index) => amount - (shares[index] ?? 0n));
      return { day: dayOf(payment.day + refund.after), shares };
    });
  return parts.flatMap((amount, index): Happening[] => {
    const line = payment.lines[index];
    const isGift = line?.kind === "gift";
    const fund =
      line?.kind === "gift"
        ? (funds.find((slug) => slug === line.fund && (payment.by === "cash" || takesPart(slug, payment.account))) ??
          null)
        : "shop";
    const stands = (left[index] ?? 0n) > 0n;
    const shared = { fund, person: payment.person };
    return [
      {
        ...shared,
        day: dayOf(payment.day),
        given: isGift ? amount : 0n,
        returned: 0n,
        gift: isGift && stands,
        bought: !isGift && stands,
      },
      ...returns.map(({ day, shares }) => ({
        ...shared,
        day,
        given: 0n,
        returned: isGift ? (shares[index] ?? 0n) : 0n,
        gift: false,
        bought: false,
      })),
    ];
  });
}

/** Youth takes gifts through the first account only. */
export const takesPart = (fund: string, account: number): boolean => fund !== "youth" || account === 1;

export type Figures = {
  given: bigint;
  returned: bigint;
  gifts: number;
  donors: number;
  unnamed: number;
  supporters: number;
};

/** Counted by hand: the figures of a fund, of what waits for a fund (null) or of everything ("all"), over days. */
export function figures(history: Payment[], scope: string | null, from: string | null, to: string | null): Figures {
  const inside = history
    .flatMap(happenings)
    .filter(({ day }) => (from === null || day >= from) && (to === null || day <= to))
    .filter(({ fund }) => scope === "all" || (fund === "shop" ? scope === "general" : fund === scope));
  const people = (rows: Happening[]) => new Set(rows.flatMap(({ person }) => (person === null ? [] : [person]))).size;
  const gifts = inside.filter(({ gift }) => gift);
  return {
    given: inside.reduce((all, { given }) => all + given, 0n),
    returned: inside.reduce((all, { returned }) => all + returned, 0n),
    gifts: gifts.length,
    donors: people(gifts),
    unnamed: gifts.filter(({ person }) => person === null).length,
    supporters: people(inside.filter(({ gift, bought }) => gift || bought)),
  };
}
