import type { PayoutFact, PayoutMemberFact } from "../core/fact.ts";
import type { Fields, Origin } from "./field.ts";

/** A payout as a fact. That it is paid is what Stripe expects: the bank may send it back days later. */
export function payoutFact(payout: Fields, { accountId, fetchedAt }: Origin): PayoutFact {
  return {
    kind: "payout",
    account_id: accountId,
    id: payout.id(),
    fetched_at: fetchedAt,
    status: payout.text("status"),
    amount_minor: payout.minor("amount"),
    currency: payout.currency("currency"),
    automatic: payout.flag("automatic"),
    method: payout.optionalText("method"),
    // A day, which Stripe writes as its midnight in UTC.
    arrival_date: payout.time("arrival_date").slice(0, 10),
    created: payout.time("created"),
    balance_transaction: payout.reference("balance_transaction"),
    failure_balance_transaction: payout.reference("failure_balance_transaction"),
    original_payout: payout.reference("original_payout"),
    reversed_by: payout.reference("reversed_by"),
    reconciliation_status: payout.optionalText("reconciliation_status"),
    trace_id: payout.part("trace_id")?.optionalText("value") ?? null,
  };
}

/** What was in a payout, from the list of its balance transactions, which holds the payout's own movement, too. */
export function payoutMemberFacts(
  transactions: Fields[],
  { accountId, fetchedAt }: Origin,
  payout: string,
): PayoutMemberFact[] {
  return transactions
    .filter((transaction) => transaction.reference("source") !== payout)
    .map((transaction) => ({
      kind: "payout_member",
      account_id: accountId,
      id: transaction.id(),
      fetched_at: fetchedAt,
      payout,
    }));
}
