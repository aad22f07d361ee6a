import type { SandboxTask } from "../../core/sandbox.ts";
import { clear } from "./clear.ts";
import { emptyChange, finish, plan } from "./entry.ts";
import { expire } from "./expire.ts";
import { arrive, payOut } from "./payout.ts";
import { collectDue, locksOf, renew } from "./renew.ts";
import { at, readAll } from "./scope.ts";
import type { Scope } from "./scope.ts";
import { settleAll } from "./settle.ts";
import type { Change } from "./store.ts";

/** What happens of itself on the sandbox's clock. */
export const dueKinds = ["settle", "expire", "clear", "renew", "collect", "pay out", "arrive"] as const;

const daySeconds = 24 * 60 * 60;
const secondsOf = (task: SandboxTask): number => Math.floor(task.dueAt.getTime() / 1000);

/**
 * Does the first of what has become due for one account, oldest first, each as one change and dated when it was due, however
 * late it is done. Balance transactions in a row arrive together; everything else may bring something that falls due before
 * the next task, and so is done alone.
 * @returns how many tasks that was
 */
export async function doDue(scope: Scope, tasks: readonly SandboxTask[]): Promise<number> {
  const others = tasks.findIndex((task) => task.kind !== "settle");
  const settled = others === -1 ? tasks : tasks.slice(0, others);
  if (settled.length > 0) await settleAll(scope, settled);
  const next = tasks[settled.length];
  if (next === undefined) return settled.length;
  await doOne(at(scope, secondsOf(next)), next);
  return settled.length + 1;
}

async function doOne(scope: Scope, { account, kind, id }: SandboxTask): Promise<void> {
  await scope.locked(await locksOfTask(scope, kind, id), async () => {
    const change = emptyChange();
    // Planned again by what is done now, or over.
    finish(change, account, kind, id);
    await work(scope, change, kind, id);
    await scope.save(change);
  });
}

async function work(scope: Scope, change: Change, kind: SandboxTask["kind"], id: string): Promise<void> {
  if (kind === "renew") await renew(scope, change, id);
  if (kind === "collect") await collectDue(scope, change, id);
  if (kind === "expire") await expire(scope, change, id);
  if (kind === "clear") await clear(scope, change, id);
  if (kind === "pay out") await payOut(scope, change, currencyOf(id));
  if (kind === "arrive") await arrive(scope, change, id);
}

/** The name of a daily payout, one a currency and day, so that it is planned once however much becomes available. */
const nameOf = (currency: string, day: string): string => `${currency} ${day}`;
const currencyOf = (name: string): string => name.slice(0, 3);

/** Where an account is paid out daily, what has just moved is paid out the night after it becomes available. */
export function planPayouts(scope: Scope, change: Change): void {
  if (scope.settings.payouts !== "daily") return;
  for (const { doc } of change.entries) {
    if (doc.object !== "balance_transaction" || doc.hidden?.payout !== undefined) continue;
    const night = (Math.floor(doc.available_on / daySeconds) + 1) * daySeconds;
    const day = new Date(night * 1000).toISOString().slice(0, 10);
    plan(change, scope.account, "pay out", nameOf(doc.currency, day), new Date(night * 1000));
  }
}

async function locksOfTask(scope: Scope, kind: SandboxTask["kind"], id: string): Promise<string[]> {
  if (kind === "renew" || kind === "collect") return await locksOf(scope, id);
  if (kind === "pay out") return [`pay out ${currencyOf(id)}`];
  const [found] = await readAll(scope, [id]);
  if (found?.object === "payment_intent" && typeof found.latest_charge === "string") return [id, found.latest_charge];
  if (found?.object === "refund" && typeof found.charge === "string") return [id, found.charge];
  return [id];
}
