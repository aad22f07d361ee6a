import type Stripe from "stripe";
import type { SandboxTask } from "../../core/sandbox.ts";
import { ofCharge, ofRefund } from "./balance-transaction.ts";
import { expired } from "./checkout-session.ts";
import { emptyChange, put } from "./entry.ts";
import { emit } from "./event.ts";
import { referenced } from "./refund.ts";
import { readAll } from "./scope.ts";
import type { Scope } from "./scope.ts";
import type { Change } from "./store.ts";

/**
 * Does what has become due on the sandbox's clock, for one account: balance transactions arrive and sessions run out. All
 * of it is one change, and dated when it was due, however late it is done.
 */
export function settle(scope: Scope, tasks: readonly SandboxTask[]): Promise<void> {
  const ids = tasks.map((task) => task.id);
  return scope.locked(ids, async () => {
    const objects = new Map((await readAll(scope, ids)).map((object) => [object.id, object]));
    const change = emptyChange();
    for (const { account, kind, id, dueAt } of tasks) {
      const at = Math.floor(dueAt.getTime() / 1000);
      const object = objects.get(id);
      if (object?.object === "charge") settleCharge(scope, change, object, at);
      if (object?.object === "refund") settleRefund(scope, change, object, at);
      if (object?.object === "checkout.session" && object.status === "open") expired(scope, change, object, at);
      else change.done.push({ account, kind, id });
    }
    await scope.save(change);
  });
}

function settleCharge(scope: Scope, change: Change, charge: Stripe.Charge, at: number): void {
  if (charge.balance_transaction !== null) return;
  const row = ofCharge(scope, charge, at);
  const settled = { ...charge, balance_transaction: row.id };
  put(change, scope.account, row);
  put(change, scope.account, settled);
  emit(scope, change, "charge.updated", settled, { balance_transaction: null }, at);
}

function settleRefund(scope: Scope, change: Change, refund: Stripe.Refund, at: number): void {
  if (refund.balance_transaction !== null) return;
  const row = ofRefund(scope, refund, at);
  const settled = referenced(scope, refund, row.id);
  put(change, scope.account, row);
  put(change, scope.account, settled);
  emit(scope, change, "refund.updated", settled, { balance_transaction: null }, at);
}
