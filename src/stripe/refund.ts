import type { RefundFact } from "../core/fact.ts";
import type { Fields, Origin } from "./field.ts";

/** A refund as a fact. Stripe may leave the status null before it has tried; that is pending. */
export function refundFact(refund: Fields, { accountId, fetchedAt }: Origin): RefundFact {
  return {
    kind: "refund",
    account_id: accountId,
    id: refund.id(),
    fetched_at: fetchedAt,
    status: refund.optionalText("status") ?? "pending",
    charge: refund.reference("charge"),
    payment_intent: refund.reference("payment_intent"),
    amount_minor: refund.minor("amount"),
    currency: refund.currency("currency"),
    created: refund.time("created"),
    balance_transaction: refund.reference("balance_transaction"),
    failure_balance_transaction: refund.reference("failure_balance_transaction"),
    metadata: refund.metadata(),
  };
}
