import type Stripe from "stripe";
import { later, succeed } from "./attempt.ts";
import { ofFailedCharge } from "./balance-transaction.ts";
import { cards } from "./card.ts";
import { idOf, plan, put } from "./entry.ts";
import { emit } from "./event.ts";
import { attempted } from "./payment-intent.ts";
import { failRefund } from "./refund-deeds.ts";
import { need, readAll } from "./scope.ts";
import type { Scope } from "./scope.ts";
import type { Change, Kinds } from "./store.ts";

/** The bank says how a delayed payment, or a refund, ended. */
export async function clear(scope: Scope, change: Change, id: string): Promise<void> {
  const [found] = await readAll(scope, [id]);
  if (found?.object === "charge" && found.status === "pending") await clearCharge(scope, change, found);
  if (found?.object === "refund" && found.status === "pending") clearRefund(scope, change, found);
  // A refund that had succeeded and is due again comes back.
  else if (found?.object === "refund" && found.status === "succeeded") await failRefund(scope, change, found);
}

async function clearCharge(scope: Scope, change: Change, pending: Kinds["charge"]): Promise<void> {
  const { end } = cards[pending.hidden?.card ?? "debit"];
  const before = await need(scope, "payment_intent", idOf(pending.payment_intent) ?? "");
  const charge = end === "paid" ? succeeded(pending) : await failed(scope, change, pending);
  const intent = attempted(before, charge);
  put(change, scope.account, charge);
  put(change, scope.account, intent);
  if (charge.status === "succeeded") succeed(scope, change, { intent, charge });
  else {
    emit(scope, change, "charge.failed", charge);
    emit(scope, change, "payment_intent.payment_failed", intent);
  }
  const session = before.hidden?.session;
  if (session !== undefined) await tellSession(scope, change, session, charge);
}

const succeeded = (pending: Kinds["charge"]): Kinds["charge"] => ({ ...pending, paid: true, status: "succeeded" });

/** Where the money already showed in the balance, a movement of its own takes it out again. */
async function failed(scope: Scope, change: Change, pending: Kinds["charge"]): Promise<Kinds["charge"]> {
  const shownAs = idOf(pending.balance_transaction);
  const back =
    shownAs === null ? null : ofFailedCharge(scope, pending, await need(scope, "balance_transaction", shownAs));
  if (back !== null) put(change, scope.account, back);
  return {
    ...pending,
    failure_balance_transaction: back?.id ?? null,
    failure_code: "insufficient_funds",
    failure_message: "The customer's account has insufficient funds to cover this payment.",
    outcome: null,
    status: "failed",
  };
}

async function tellSession(scope: Scope, change: Change, id: string, { status }: Stripe.Charge): Promise<void> {
  const session = await need(scope, "checkout.session", id);
  if (status === "failed") {
    emit(scope, change, "checkout.session.async_payment_failed", session);
    return;
  }
  const paid: Kinds["checkout.session"] = { ...session, payment_status: "paid" };
  put(change, scope.account, paid);
  emit(scope, change, "checkout.session.async_payment_succeeded", paid);
}

function clearRefund(scope: Scope, change: Change, pending: Stripe.Refund): void {
  const { pending_reason: _, ...known } = pending;
  const refund: Stripe.Refund = { ...known, status: "succeeded" };
  put(change, scope.account, refund);
  emit(scope, change, "refund.updated", refund, { status: "pending" });
  plan(change, scope.account, "settle", refund.id, later(scope, scope.delayMs / 1000));
}
