import type Stripe from "stripe";
import type { SandboxTask } from "../../core/sandbox.ts";
import { ofCharge, ofHeldCharge, ofRefund, ofReleasedPart } from "./balance-transaction.ts";
import { emptyChange, finish, put } from "./entry.ts";
import { emit } from "./event.ts";
import { referenced } from "./refund.ts";
import { at, readAll } from "./scope.ts";
import type { Scope } from "./scope.ts";
import type { Change, Kinds } from "./store.ts";

/** The balance transactions of charges and refunds arrive, all of them as one change. */
export function settleAll(scope: Scope, tasks: readonly SandboxTask[]): Promise<void> {
  const ids = tasks.map((task) => task.id);
  return scope.locked(ids, async () => {
    const objects = new Map((await readAll(scope, ids)).map((object) => [object.id, object]));
    const change = emptyChange();
    for (const { account, kind, id, dueAt } of tasks) {
      finish(change, account, kind, id);
      const then = at(scope, Math.floor(dueAt.getTime() / 1000));
      const object = objects.get(id);
      if (object?.object === "charge") settleCharge(then, change, object);
      if (object?.object === "refund") settleRefund(then, change, object);
    }
    await scope.save(change);
  });
}

function settleCharge(scope: Scope, change: Change, charge: Kinds["charge"]): void {
  if (charge.balance_transaction !== null) return;
  const isPart = charge.amount_captured < charge.amount && scope.settings.partialCapture === "two rows";
  const row = isPart ? ofHeldCharge(scope, charge) : ofCharge(scope, charge);
  const settled = { ...charge, balance_transaction: row.id };
  put(change, scope.account, row);
  if (isPart) put(change, scope.account, ofReleasedPart(scope, charge));
  put(change, scope.account, settled);
  emit(scope, change, "charge.updated", settled, { balance_transaction: null });
}

function settleRefund(scope: Scope, change: Change, refund: Stripe.Refund): void {
  if (refund.balance_transaction !== null) return;
  const row = ofRefund(scope, refund);
  const settled = referenced(scope, refund, row.id);
  put(change, scope.account, row);
  put(change, scope.account, settled);
  emit(scope, change, "refund.updated", settled, { balance_transaction: null });
}
