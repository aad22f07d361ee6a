import type { PaymentIntentFact } from "../core/fact.ts";
import type { Fields, Origin } from "./field.ts";

/** A payment intent as a fact. What became of the money is told by its charges, never by its own status alone. */
export function paymentIntentFact(intent: Fields, { accountId, fetchedAt }: Origin): PaymentIntentFact {
  return {
    kind: "payment_intent",
    account_id: accountId,
    id: intent.id(),
    fetched_at: fetchedAt,
    status: intent.text("status"),
    amount_minor: intent.minor("amount"),
    currency: intent.currency("currency"),
    created: intent.time("created"),
    latest_charge: intent.reference("latest_charge"),
    customer: intent.reference("customer"),
    metadata: intent.metadata(),
  };
}
