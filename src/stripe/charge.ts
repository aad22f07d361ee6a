import type { ChargeFact } from "../core/fact.ts";
import type { Fields, Origin } from "./field.ts";

/** A charge as a fact. `amount_refunded` is left out: it is a running sum, and what returned is told by refunds. */
export function chargeFact(charge: Fields, { accountId, fetchedAt }: Origin): ChargeFact {
  return {
    kind: "charge",
    account_id: accountId,
    id: charge.id(),
    fetched_at: fetchedAt,
    status: charge.text("status"),
    captured: charge.flag("captured"),
    amount_minor: charge.minor("amount"),
    amount_captured_minor: charge.optionalMinor("amount_captured"),
    currency: charge.currency("currency"),
    created: charge.time("created"),
    payment_intent: charge.reference("payment_intent"),
    customer: charge.reference("customer"),
    balance_transaction: charge.reference("balance_transaction"),
    billing: charge.part("billing_details")?.details() ?? null,
    receipt_email: charge.email("receipt_email"),
    description: charge.optionalText("description"),
    metadata: charge.metadata(),
  };
}
