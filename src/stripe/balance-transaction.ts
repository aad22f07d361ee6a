import type { BalanceTransactionFact } from "../core/fact.ts";
import type { Fields, Origin } from "./field.ts";

/** A balance transaction as a fact: what really moved, after conversion and fees, in the currency it settled in. */
export function balanceTransactionFact(transaction: Fields, { accountId, fetchedAt }: Origin): BalanceTransactionFact {
  return {
    kind: "balance_transaction",
    account_id: accountId,
    id: transaction.id(),
    fetched_at: fetchedAt,
    source: transaction.reference("source"),
    type: transaction.text("type"),
    amount_minor: transaction.minor("amount"),
    fee_minor: transaction.minor("fee"),
    net_minor: transaction.minor("net"),
    currency: transaction.currency("currency"),
    exchange_rate: exchangeRate(transaction),
    created: transaction.time("created"),
    reporting_category: transaction.optionalText("reporting_category"),
    balance_type: transaction.optionalText("balance_type"),
    description: transaction.optionalText("description"),
    fee_tax_minor: taxOnFee(transaction),
  };
}

function taxOnFee(transaction: Fields): string | null {
  if (!Array.isArray(transaction.raw("fee_details"))) return null;
  const taxes = transaction.list("fee_details").filter((detail) => detail.raw("type") === "tax");
  return String(taxes.reduce((sum, detail) => sum + BigInt(detail.minor("amount")), 0n));
}

/** As Stripe wrote it, for print only: no amount is ever computed from it. */
function exchangeRate(transaction: Fields): string | null {
  const rate = transaction.raw("exchange_rate");
  return typeof rate === "number" ? String(rate) : transaction.optionalText("exchange_rate");
}
