import type Stripe from "stripe";
import { ofFailedRefund } from "./balance-transaction.ts";
import { emptyChange, finish, idOf, put } from "./entry.ts";
import { badRequest } from "./error.ts";
import { emit } from "./event.ts";
import { need } from "./scope.ts";
import type { Scope } from "./scope.ts";
import type { Change } from "./store.ts";

/** The money could not be given back: a movement of its own brings it home, where one had taken it away. */
export async function failRefund(scope: Scope, change: Change, known: Stripe.Refund): Promise<Stripe.Refund> {
  const taken = idOf(known.balance_transaction);
  const back = taken === null ? null : ofFailedRefund(scope, known, await need(scope, "balance_transaction", taken));
  if (back !== null) put(change, scope.account, back);
  const refund = await undone(scope, change, {
    ...known,
    ...(back === null ? {} : { failure_balance_transaction: back.id }),
    failure_reason: "expired_or_canceled_card",
    status: "failed",
  });
  emit(scope, change, "refund.failed", refund);
  emit(scope, change, "refund.updated", refund, { status: known.status });
  return refund;
}

/** A refund that will not be: the charge can give as much back again. */
async function undone(scope: Scope, change: Change, refund: Stripe.Refund): Promise<Stripe.Refund> {
  const charge = await need(scope, "charge", idOf(refund.charge) ?? "", "charge");
  put(change, scope.account, { ...charge, amount_refunded: charge.amount_refunded - refund.amount, refunded: false });
  put(change, scope.account, refund);
  for (const kind of ["settle", "clear"] as const) finish(change, scope.account, kind, refund.id);
  return refund;
}

/** What the bank says of a refund that is not over yet, ahead of its time. */
export async function refuseRefund(scope: Scope, id: string): Promise<Stripe.Refund> {
  return await changed(scope, id, (change, known) => {
    if (known.status === "failed" || known.status === "canceled")
      throw badRequest({ message: `Refund ${id} is ${known.status} already.` });
    return failRefund(scope, change, known);
  });
}

/** @throws Refusal unless the refund is still pending, as Stripe does */
export async function cancelRefund(scope: Scope, id: string): Promise<Stripe.Refund> {
  return await changed(scope, id, async (change, known) => {
    if (known.status !== "pending")
      throw badRequest({ message: `Refund ${id} cannot be canceled because its status is ${known.status}.` });
    const { pending_reason: _, ...rest } = known;
    const refund = await undone(scope, change, { ...rest, status: "canceled" });
    emit(scope, change, "refund.updated", refund, { status: "pending" });
    return refund;
  });
}

type Step = (change: Change, known: Stripe.Refund) => Promise<Stripe.Refund>;

async function changed(scope: Scope, id: string, step: Step): Promise<Stripe.Refund> {
  const { charge } = await need(scope, "refund", id, "refund");
  return await scope.locked([id, idOf(charge) ?? id], async () => {
    const change = emptyChange();
    const after = await step(change, await need(scope, "refund", id, "refund"));
    await scope.save(change, after);
    return after;
  });
}
