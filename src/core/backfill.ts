import type { Fact, Metadata } from "./fact.ts";
import { ourOrder } from "./order.ts";

/** What moved in a year, of a currency: amounts in minor units, fees below zero. `what` is what it becomes in the books. */
export type MoneyLine = {
  year: number;
  currency: string;
  what: string;
  many: number;
  amountMinor: bigint;
  /** How many of them are of a closed month, and how many of before the books begin. */
  late: number;
  early: number;
};

/** A payment as it is told apart: which order and fund our own Checkout wrote, and what it says of itself. */
export type Payment = {
  created: string;
  currency: string;
  order: string | null;
  fund: string | null;
  description: string | null;
};

export const sorters = ["order", "fund", "rule", "nothing"] as const;
/** An order of ours, a fund that it names, a sorting rule, or nothing sorts a payment. */
export type SortedLine = { year: number; currency: string; sortedBy: (typeof sorters)[number]; many: number };

/** Monthly plans and the like that our Checkout did not make, and the payments that came through them. */
export type ForeignPlans = { plans: number; running: number; payments: number };

/** Adds up the lines of several parts of a history, in the order of years, currencies and what moved. */
export function addMoney(lines: readonly MoneyLine[]): MoneyLine[] {
  const sums = new Map<string, MoneyLine>();
  for (const line of lines) {
    const key = `${line.year} ${line.currency} ${line.what}`;
    const sum = sums.get(key);
    if (sum === undefined) {
      sums.set(key, { ...line });
      continue;
    }
    sum.many += line.many;
    sum.amountMinor += line.amountMinor;
    sum.late += line.late;
    sum.early += line.early;
  }
  return [...sums].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line);
}

type Told = { metadata: Metadata | null };

/** What Stripe listed of a history, kept only as far as it says what sorts a payment. */
export type Listed = {
  take: (facts: readonly Fact[]) => void;
  /** Payments whose charge succeeded and was captured, one each. */
  payments: () => Payment[];
  foreignPlans: () => ForeignPlans;
};

/** Collects what says how payments are sorted, in whatever order it is listed. */
export function collectListed(): Listed {
  const charges = new Map<string, Extract<Fact, { kind: "charge" }>>();
  const settled = new Map<string, string>();
  const intents = new Map<string, Told>();
  const sessions = new Map<string, Told>();
  const invoices = new Map<string, Told & { subscription: string | null }>();
  const invoiceOf = new Map<string, string>();
  const plans = new Map<string, Told & { status: string }>();

  function keep(fact: Fact): void {
    switch (fact.kind) {
      case "charge":
        if (fact.status === "succeeded" && fact.captured) charges.set(fact.payment_intent ?? fact.id, fact);
        return;
      case "balance_transaction":
        if (fact.source !== null) settled.set(fact.source, fact.currency);
        return;
      case "payment_intent":
        intents.set(fact.id, { metadata: fact.metadata });
        return;
      case "checkout_session":
        for (const id of [fact.payment_intent, fact.subscription])
          if (id !== null) sessions.set(id, { metadata: fact.metadata });
        return;
      case "invoice":
        invoices.set(fact.id, { metadata: fact.metadata, subscription: fact.subscription });
        return;
      case "invoice_payment":
        for (const id of [fact.payment_intent, fact.charge]) if (id !== null) invoiceOf.set(id, fact.invoice);
        return;
      case "subscription":
        plans.set(fact.id, { metadata: fact.metadata, status: fact.status });
        return;
      default:
    }
  }

  const planOf = (key: string, charge: string): string | null =>
    invoices.get(invoiceOf.get(key) ?? invoiceOf.get(charge) ?? "")?.subscription ?? null;
  const isForeign = (id: string | null): boolean =>
    id !== null && plans.has(id) && !ourOrder.test(plans.get(id)?.metadata?.["order"] ?? "");

  function paymentOf(key: string, charge: Extract<Fact, { kind: "charge" }>): Payment {
    const plan = planOf(key, charge.id) ?? "";
    const intent = intents.get(key);
    const invoice = invoices.get(invoiceOf.get(key) ?? invoiceOf.get(charge.id) ?? "");
    const told = [charge, intent, invoice, plans.get(plan), sessions.get(key) ?? sessions.get(plan)];
    return {
      created: charge.created,
      currency: settled.get(charge.id) ?? charge.currency,
      order: charge.metadata?.["order"] ?? intent?.metadata?.["order"] ?? null,
      fund: told.map((each) => each?.metadata?.["fund"]).find((slug) => slug !== undefined) ?? null,
      description: charge.description,
    };
  }

  return {
    take: (facts) => facts.forEach(keep),
    payments: () => [...charges].map(([key, charge]) => paymentOf(key, charge)),
    foreignPlans() {
      const foreign = [...plans].filter(([id]) => isForeign(id));
      return {
        plans: foreign.length,
        running: foreign.filter(([, { status }]) => !["canceled", "incomplete_expired"].includes(status)).length,
        payments: [...charges].filter(([key, charge]) => isForeign(planOf(key, charge.id))).length,
      };
    },
  };
}
