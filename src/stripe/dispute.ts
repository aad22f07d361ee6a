import type { BalanceTransactionFact, DisputeFact } from "../core/fact.ts";
import { balanceTransactionFact } from "./balance-transaction.ts";
import type { Fields, Origin } from "./field.ts";

/**
 * A dispute as a fact. Its status is where the matter stands and says nothing of money: an inquiry or a prevented one
 * moves none, a won one may keep its fee, a lost one may be appealed.
 */
export function disputeFact(dispute: Fields, { accountId, fetchedAt }: Origin): DisputeFact {
  return {
    kind: "dispute",
    account_id: accountId,
    id: dispute.id(),
    fetched_at: fetchedAt,
    charge: dispute.reference("charge"),
    payment_intent: dispute.reference("payment_intent"),
    status: dispute.text("status"),
    reason: dispute.optionalText("reason"),
    amount_minor: dispute.minor("amount"),
    currency: dispute.currency("currency"),
    created: dispute.time("created"),
  };
}

/** What a dispute moved: taken, perhaps given back. They come whole inside it and belong to it also where they do not say so. */
export function disputeMoneyFacts(dispute: Fields, origin: Origin): BalanceTransactionFact[] {
  return dispute
    .list("balance_transactions")
    .map((transaction) => balanceTransactionFact(transaction, origin))
    .map((fact) => ({ ...fact, source: fact.source ?? dispute.id() }));
}
