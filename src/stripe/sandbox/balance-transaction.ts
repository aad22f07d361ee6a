import type Stripe from "stripe";
import { filters, listing, retrieval } from "./endpoint.ts";
import type { Endpoint } from "./endpoint.ts";
import { idOf } from "./entry.ts";
import { settle, settledMinor, settlementCurrency } from "./fee.ts";
import type { Scope } from "./scope.ts";

/** Funds of card payments become available after three days. */
const availableAfterSeconds = 3 * 24 * 60 * 60;

type Row = Pick<Stripe.BalanceTransaction, "source" | "type" | "created" | "description" | "exchange_rate"> & {
  amountMinor: bigint;
  fees: { description: string; amountMinor: bigint }[];
};

function balanceTransaction(scope: Scope, row: Row): Stripe.BalanceTransaction {
  const feeMinor = row.fees.reduce((sum, fee) => sum + fee.amountMinor, 0n);
  return {
    id: scope.id("txn"),
    object: "balance_transaction",
    amount: Number(row.amountMinor),
    available_on: row.created + availableAfterSeconds,
    balance_type: "payments",
    created: row.created,
    currency: settlementCurrency,
    description: row.description,
    exchange_rate: row.exchange_rate,
    fee: Number(feeMinor),
    fee_details: row.fees.map((fee) => ({
      amount: Number(fee.amountMinor),
      application: null,
      currency: settlementCurrency,
      description: fee.description,
      type: "stripe_fee",
    })),
    net: Number(row.amountMinor - feeMinor),
    reporting_category: row.type,
    source: row.source,
    status: "pending",
    type: row.type,
  };
}

/** What a succeeded charge brings: its amount less the fees, which depend on where the card comes from. */
export function ofCharge(scope: Scope, charge: Stripe.Charge): Stripe.BalanceTransaction {
  const isForeign = charge.payment_method_details?.card?.country !== "CA";
  const settled = settle(BigInt(charge.amount), charge.currency, isForeign ? "foreign" : "domestic");
  const fees = [{ description: "Stripe processing fees", amountMinor: settled.processingMinor }];
  if (settled.rate !== null)
    fees.push({ description: "Stripe currency conversion fee", amountMinor: settled.conversionMinor });
  return balanceTransaction(scope, {
    source: charge.id,
    type: "charge",
    created: scope.now,
    description: charge.description,
    amountMinor: settled.amountMinor,
    exchange_rate: settled.rate,
    fees,
  });
}

/** What a refund takes away. Stripe keeps the fee of the charge and asks none for the refund. */
export function ofRefund(scope: Scope, refund: Stripe.Refund): Stripe.BalanceTransaction {
  const { rate } = settle(BigInt(refund.amount), refund.currency, "domestic");
  return balanceTransaction(scope, {
    source: refund.id,
    type: "refund",
    created: scope.now,
    description: `REFUND FOR CHARGE ${idOf(refund.charge) ?? ""}`,
    amountMinor: -settledMinor(BigInt(refund.amount), refund.currency),
    exchange_rate: rate,
    fees: [],
  });
}

export const balanceTransactionEndpoints: Endpoint[] = [
  retrieval("balance_transaction", "/v1/balance_transactions"),
  listing("balance_transaction", "/v1/balance_transactions", filters("source", "type", "currency")),
];
