import type Stripe from "stripe";
import { emptyChange, finish, idOf, plan, put } from "./entry.ts";
import { badRequest } from "./error.ts";
import { emit } from "./event.ts";
import { attempted } from "./payment-intent.ts";
import { need } from "./scope.ts";
import type { Scope } from "./scope.ts";
import type { Change, Kinds } from "./store.ts";

/** Takes what is held of a card, or a part of it; the rest is let go. @throws Refusal when nothing, or less, is held */
export async function capture(scope: Scope, id: string, amount: number | undefined): Promise<Stripe.PaymentIntent> {
  return await withHold(scope, id, "captured", async (change, { intent: held, charge: before }) => {
    const taken = amount ?? before.amount;
    if (taken > before.amount)
      throw badRequest({
        code: "amount_too_large",
        message: "The requested capture amount is greater than the authorized amount.",
        param: "amount_to_capture",
      });
    const charge: Kinds["charge"] = { ...before, amount_captured: taken, captured: true };
    const intent = attempted(held, charge);
    put(change, scope.account, charge);
    put(change, scope.account, intent);
    emit(scope, change, "charge.captured", charge);
    emit(scope, change, "payment_intent.succeeded", intent);
    plan(change, scope.account, "settle", charge.id, new Date(scope.now * 1000 + scope.delayMs));
    await paidSession(scope, change, intent);
    return intent;
  });
}

/** Lets go of what is held. */
export async function cancelIntent(scope: Scope, id: string): Promise<Stripe.PaymentIntent> {
  return await withHold(scope, id, "canceled", async (change, hold) =>
    letGo(scope, change, hold, "requested_by_customer"),
  );
}

/** What was held for a week is let go by itself. */
export async function expireIntent(scope: Scope, change: Change, intent: Kinds["payment_intent"]): Promise<void> {
  if (intent.status !== "requires_capture") return;
  const charge = await need(scope, "charge", idOf(intent.latest_charge) ?? "");
  letGo(scope, change, { intent, charge }, "automatic");
}

type Hold = { intent: Kinds["payment_intent"]; charge: Kinds["charge"] };

function letGo(
  scope: Scope,
  change: Change,
  { intent: held, charge: before }: Hold,
  reason: string,
): Stripe.PaymentIntent {
  const charge: Kinds["charge"] = { ...before, amount_refunded: before.amount, refunded: true };
  const intent: Kinds["payment_intent"] = {
    ...held,
    amount_capturable: 0,
    canceled_at: scope.now,
    cancellation_reason: reason,
    status: "canceled",
  };
  put(change, scope.account, charge);
  put(change, scope.account, intent);
  if (reason === "automatic") emit(scope, change, "charge.expired", charge);
  else emit(scope, change, "charge.refunded", charge, { amount_refunded: 0, refunded: false });
  emit(scope, change, "payment_intent.canceled", intent);
  return intent;
}

/** A session whose payment was only held is paid once it is taken; no event says so. */
async function paidSession(scope: Scope, change: Change, { hidden }: Kinds["payment_intent"]): Promise<void> {
  if (hidden?.session === undefined) return;
  const session = await need(scope, "checkout.session", hidden.session);
  put(change, scope.account, { ...session, payment_status: "paid" });
}

async function withHold(
  scope: Scope,
  id: string,
  verb: string,
  step: (change: Change, hold: Hold) => Promise<Stripe.PaymentIntent>,
): Promise<Stripe.PaymentIntent> {
  const { latest_charge: latest } = await need(scope, "payment_intent", id, "intent");
  return await scope.locked([id, idOf(latest) ?? id], async () => {
    const intent = await need(scope, "payment_intent", id, "intent");
    if (intent.status !== "requires_capture") {
      const message = `This PaymentIntent could not be ${verb} because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be ${verb}: requires_capture.`;
      throw badRequest({ code: "payment_intent_unexpected_state", message });
    }
    const change = emptyChange();
    finish(change, scope.account, "expire", id);
    const after = await step(change, { intent, charge: await need(scope, "charge", idOf(intent.latest_charge) ?? "") });
    await scope.save(change, after);
    return after;
  });
}
