import type Stripe from "stripe";
import { filters, listing, retrieval } from "./endpoint.ts";
import type { Endpoint } from "./endpoint.ts";
import { idOf } from "./entry.ts";
import { isDebit } from "./card.ts";
import { disputeFeeMinor, moved, settle } from "./fee.ts";
import type { Means } from "./fee.ts";
import type { Scope } from "./scope.ts";
import type { Kinds } from "./store.ts";

type Movement = Kinds["balance_transaction"];

/** Funds of payments become available after three days; what is taken away is gone at once. */
const availableAfterSeconds = 3 * 24 * 60 * 60;

type Row = Pick<Movement, "source" | "type" | "currency" | "description" | "exchange_rate"> & {
  amountMinor: bigint;
  fees: { description: string; amountMinor: bigint }[];
  category?: string;
  availableOn?: number;
};

export function balanceTransaction(scope: Scope, row: Row): Movement {
  const feeMinor = row.fees.reduce((sum, fee) => sum + fee.amountMinor, 0n);
  const net = row.amountMinor - feeMinor;
  return {
    id: scope.id("txn"),
    object: "balance_transaction",
    amount: Number(row.amountMinor),
    available_on: row.availableOn ?? (net > 0n ? scope.now + availableAfterSeconds : scope.now),
    balance_type: "payments",
    created: scope.now,
    currency: row.currency,
    description: row.description,
    exchange_rate: row.exchange_rate,
    fee: Number(feeMinor),
    fee_details: row.fees.map((fee) => ({
      amount: Number(fee.amountMinor),
      application: null,
      currency: row.currency,
      description: fee.description,
      type: "stripe_fee",
    })),
    net: Number(net),
    reporting_category: row.category ?? row.type,
    source: row.source,
    status: "pending",
    type: row.type,
  };
}

function meansOf(charge: Kinds["charge"]): Means {
  if (charge.hidden !== undefined && isDebit(charge.hidden.card)) return "debit";
  return charge.payment_method_details?.card?.country === "CA" ? "domestic" : "foreign";
}

/** What a charge brings: what was taken of it less the fees, which depend on where the card comes from. */
export function ofCharge(scope: Scope, charge: Kinds["charge"]): Movement {
  return ofAmount(scope, charge, charge.amount_captured, charge.amount_captured);
}

/** The whole of a charge of which only a part was taken; Stripe bills that part. */
export function ofHeldCharge(scope: Scope, charge: Kinds["charge"]): Movement {
  return ofAmount(scope, charge, charge.amount, charge.amount_captured);
}

function ofAmount(scope: Scope, charge: Kinds["charge"], amount: number, billed: number): Movement {
  const { currency, rate, ...settled } = settle(BigInt(billed), charge.currency, meansOf(charge), scope.settings);
  const fees = [{ description: "Stripe processing fees", amountMinor: settled.processingMinor }];
  if (rate !== null) fees.push({ description: "Stripe currency conversion fee", amountMinor: settled.conversionMinor });
  return balanceTransaction(scope, {
    source: charge.id,
    type: meansOf(charge) === "debit" ? "payment" : "charge",
    category: "charge",
    currency,
    description: charge.description,
    amountMinor: moved(BigInt(amount), charge.currency, scope.settings).amountMinor,
    exchange_rate: rate,
    fees,
  });
}

/** What was held of a charge beyond what was taken, given back to the card. */
export function ofReleasedPart(scope: Scope, charge: Kinds["charge"]): Movement {
  return ofMoved(scope, charge.amount_captured - charge.amount, charge.currency, {
    source: charge.id,
    type: "refund",
    category: "partial_capture_reversal",
    description: `REFUND FOR CHARGE (${charge.description ?? ""})`,
  });
}

/** A debit that shows in the balance and then failed: all of it goes back, and the fee too. */
export function ofFailedCharge(scope: Scope, charge: Kinds["charge"], row: Movement): Movement {
  return balanceTransaction(scope, {
    source: charge.id,
    type: "payment_failure_refund",
    category: "charge_failure",
    currency: row.currency,
    description: `FAILURE REFUND FOR ${charge.id}`,
    exchange_rate: row.exchange_rate,
    amountMinor: -BigInt(row.amount),
    fees: row.fee === 0 ? [] : [{ description: "Stripe processing fees", amountMinor: -BigInt(row.fee) }],
  });
}

/** What a refund takes away. Stripe keeps the fee of the charge and asks none for the refund. */
export function ofRefund(scope: Scope, refund: Stripe.Refund): Movement {
  return ofMoved(scope, -refund.amount, refund.currency, {
    source: refund.id,
    type: isPayment(refund.charge) ? "payment_refund" : "refund",
    category: "refund",
    description: `REFUND FOR CHARGE ${idOf(refund.charge) ?? ""}`,
  });
}

/** What comes back when a refund could not be paid out. */
export function ofFailedRefund(scope: Scope, refund: Stripe.Refund, row: Movement): Movement {
  return balanceTransaction(scope, {
    source: refund.id,
    type: "refund_failure",
    category: "refund_failure",
    currency: row.currency,
    description: `REFUND FAILURE FOR ${refund.id}`,
    exchange_rate: row.exchange_rate,
    amountMinor: -BigInt(row.amount),
    fees: [],
    availableOn: scope.now,
  });
}

/** What a dispute takes away, and what it costs. Amount and fee as recorded: -1000, fee 1500, net -2500. */
export function ofDispute(scope: Scope, dispute: Stripe.Dispute): Movement {
  const { currency, amountMinor, rate } = moved(BigInt(dispute.amount), dispute.currency, scope.settings);
  return balanceTransaction(scope, {
    source: dispute.id,
    type: "adjustment",
    category: "dispute",
    currency,
    description: `Chargeback withdrawal for ${idOf(dispute.charge) ?? ""}`,
    exchange_rate: rate,
    amountMinor: -amountMinor,
    fees: [{ description: "Dispute fee", amountMinor: disputeFeeMinor(currency, scope.settings) }],
  });
}

/** What a dispute that was won brings back of what it took, with its fee or without. */
export function ofReinstatement(scope: Scope, dispute: Stripe.Dispute, taken: Movement, withFee: boolean): Movement {
  return balanceTransaction(scope, {
    source: dispute.id,
    type: "adjustment",
    category: "dispute_reversal",
    currency: taken.currency,
    description: `Chargeback reversal for ${idOf(dispute.charge) ?? ""}`,
    exchange_rate: taken.exchange_rate,
    amountMinor: -BigInt(taken.amount),
    fees: withFee ? [{ description: "Dispute fee", amountMinor: -BigInt(taken.fee) }] : [],
  });
}

type Names = Pick<Row, "source" | "type" | "description"> & { category: string };

/** A movement without a fee; a negative amount takes away. */
function ofMoved(scope: Scope, amount: number, from: string, names: Names): Movement {
  const positive = BigInt(Math.abs(amount));
  const { currency, amountMinor, rate } = moved(positive, from, scope.settings);
  const signed = amount < 0 ? -amountMinor : amountMinor;
  return balanceTransaction(scope, { ...names, currency, exchange_rate: rate, amountMinor: signed, fees: [] });
}

/** Stripe's name for a charge of anything but a card. */
const isPayment = (charge: Stripe.Refund["charge"]): boolean => idOf(charge)?.startsWith("py_") === true;

export const balanceTransactionEndpoints: Endpoint[] = [
  retrieval("balance_transaction", "/v1/balance_transactions"),
  listing("balance_transaction", "/v1/balance_transactions", filters("source", "type", "currency", "payout")),
];
