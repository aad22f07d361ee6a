import { succeed } from "./attempt.ts";
import { put } from "./entry.ts";
import { attempted } from "./payment-intent.ts";
import { idOf } from "./entry.ts";
import { need, readAll } from "./scope.ts";
import type { Scope } from "./scope.ts";
import type { Change, Kinds } from "./store.ts";

/** The bank says how a delayed payment ended. */
export async function clear(scope: Scope, change: Change, id: string): Promise<void> {
  const [found] = await readAll(scope, [id]);
  if (found?.object === "charge" && found.status === "pending") await clearCharge(scope, change, found);
}

async function clearCharge(scope: Scope, change: Change, pending: Kinds["charge"]): Promise<void> {
  const charge: Kinds["charge"] = { ...pending, paid: true, status: "succeeded" };
  const before = await need(scope, "payment_intent", idOf(pending.payment_intent) ?? "");
  const intent = attempted(before, charge);
  put(change, scope.account, charge);
  put(change, scope.account, intent);
  succeed(scope, change, { intent, charge });
}
