import type Stripe from "stripe";
import { ofDispute, ofReinstatement } from "./balance-transaction.ts";
import { isDebit } from "./card.ts";
import { dispute } from "./dispute.ts";
import type { Claim } from "./dispute.ts";
import { emptyChange, put } from "./entry.ts";
import { badRequest } from "./error.ts";
import { emit } from "./event.ts";
import { need } from "./scope.ts";
import type { Scope } from "./scope.ts";
import { shown } from "./rendering.ts";
import type { Change } from "./store.ts";

/**
 * What becomes of a dispute. `won` brings the money back and its fee, `won, fee kept` only the money; `withdrawn`: the payer
 * takes it back, which is won too, or closes an inquiry; `prevented` and `closed` end an inquiry without money; `escalated`
 * makes a dispute of one; `appealed` asks the bank again after it was lost.
 */
export type DisputeOutcome =
  | "won"
  | "won, fee kept"
  | "lost"
  | "withdrawn"
  | "prevented"
  | "closed"
  | "escalated"
  | "appealed";

/** The bank of a payer disputes a charge. Of a debit there is nothing to argue: it is lost at once. */
export function openDispute(scope: Scope, chargeId: string, claim: Claim): Promise<Stripe.Dispute> {
  return scope.locked([chargeId], async () => {
    const charge = await need(scope, "charge", chargeId, "charge");
    if (charge.status !== "succeeded" || !charge.captured)
      throw badRequest({ message: `Charge ${chargeId} cannot be disputed.`, param: "charge" });
    const change = emptyChange();
    put(change, scope.account, { ...charge, disputed: true });
    const made = dispute(scope, charge, claim);
    const isFinal = charge.hidden !== undefined && isDebit(charge.hidden.card);
    const after = claim.inquiry === true ? told(scope, change, made) : withdrawn(scope, change, made, isFinal);
    await scope.save(change);
    return after;
  });
}

function told(scope: Scope, change: Change, made: Stripe.Dispute): Stripe.Dispute {
  put(change, scope.account, made);
  emit(scope, change, "charge.dispute.created", made);
  return made;
}

/** The money goes with the dispute's first event, which already carries its balance transaction. */
function withdrawn(scope: Scope, change: Change, made: Stripe.Dispute, isFinal: boolean): Stripe.Dispute {
  const taken = ofDispute(scope, made);
  put(change, scope.account, taken);
  const open = told(scope, change, { ...made, balance_transactions: [shown(taken)] });
  emit(scope, change, "charge.dispute.funds_withdrawn", open);
  return isFinal ? over(scope, change, open, "lost") : open;
}

/** @throws Refusal when the dispute has come to a point where this cannot become of it */
export async function decideDispute(scope: Scope, id: string, outcome: DisputeOutcome): Promise<Stripe.Dispute> {
  return await scope.locked([id], async () => {
    const known = await need(scope, "dispute", id);
    const change = emptyChange();
    const after = decided(scope, change, known, outcome);
    if (after === null)
      throw badRequest({ message: `A dispute that is ${known.status} cannot be ${outcome}.`, param: "outcome" });
    await scope.save(change);
    return after;
  });
}

const inquiries = ["warning_needs_response", "warning_under_review"];
const open = ["needs_response", "under_review", "appeal_needs_response", "appeal_under_review"];

function decided(scope: Scope, change: Change, known: Stripe.Dispute, outcome: DisputeOutcome): Stripe.Dispute | null {
  if (inquiries.includes(known.status)) {
    if (outcome === "prevented") return over(scope, change, known, "prevented");
    if (outcome === "closed" || outcome === "withdrawn") return over(scope, change, known, "warning_closed");
    return outcome === "escalated" ? escalated(scope, change, known) : null;
  }
  if (known.status === "lost" && outcome === "appealed") {
    const after: Stripe.Dispute = { ...known, status: "appeal_under_review" };
    put(change, scope.account, after);
    emit(scope, change, "charge.dispute.updated", after, { status: known.status });
    return after;
  }
  if (!open.includes(known.status)) return null;
  if (outcome === "lost") return over(scope, change, known, "lost");
  if (outcome === "won, fee kept") return reinstated(scope, change, known, false);
  return outcome === "won" || outcome === "withdrawn" ? reinstated(scope, change, known, true) : null;
}

function escalated(scope: Scope, change: Change, known: Stripe.Dispute): Stripe.Dispute {
  const taken = ofDispute(scope, known);
  const after: Stripe.Dispute = {
    ...known,
    balance_transactions: [shown(taken)],
    is_charge_refundable: false,
    status: "needs_response",
  };
  put(change, scope.account, taken);
  put(change, scope.account, after);
  emit(scope, change, "charge.dispute.updated", after, { status: known.status });
  emit(scope, change, "charge.dispute.funds_withdrawn", after);
  return after;
}

/** All that the dispute has taken comes back. */
function reinstated(scope: Scope, change: Change, known: Stripe.Dispute, withFee: boolean): Stripe.Dispute | null {
  const [taken] = known.balance_transactions;
  if (taken === undefined) return null;
  const back = ofReinstatement(scope, known, taken, withFee);
  put(change, scope.account, back);
  const after = { ...known, balance_transactions: [...known.balance_transactions, shown(back)] };
  emit(scope, change, "charge.dispute.funds_reinstated", after);
  return over(scope, change, after, "won");
}

function over(
  scope: Scope,
  change: Change,
  known: Stripe.Dispute,
  status: "won" | "lost" | "prevented" | "warning_closed",
): Stripe.Dispute {
  const after: Stripe.Dispute = { ...known, status, is_charge_refundable: false };
  put(change, scope.account, after);
  emit(scope, change, "charge.dispute.closed", after);
  return after;
}
