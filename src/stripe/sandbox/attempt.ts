import { isDebit, isDeclined } from "./card.ts";
import { charge as newCharge } from "./charge.ts";
import type { Start } from "./charge.ts";
import { plan, put } from "./entry.ts";
import { emit } from "./event.ts";
import type { Payer } from "./payer.ts";
import { attempted } from "./payment-intent.ts";
import type { Scope } from "./scope.ts";
import type { Change, Kinds } from "./store.ts";

type Attempt = { intent: Kinds["payment_intent"]; charge: Kinds["charge"] };

const daySeconds = 24 * 60 * 60;
/** A bank says after four working days whether a debit went through; a held card is held for a week. */
const clearsAfterSeconds = 4 * daySeconds;
const heldForSeconds = 7 * daySeconds;

export const later = (scope: Scope, seconds: number): Date => new Date((scope.now + seconds) * 1000);
const whenSettled = (scope: Scope): Date => new Date(scope.now * 1000 + scope.delayMs);

/** One attempt to take a payment: its charge, what the intent becomes, what is told of both, and what comes of it later. */
export function attempt(
  scope: Scope,
  change: Change,
  before: Kinds["payment_intent"],
  payer: Payer,
  isFirst = true,
): Attempt {
  const start = startOf(before, payer, isFirst);
  const charge = newCharge(scope, before, payer, start);
  const method = isDebit(payer.card) ? "acss_debit" : "card";
  const intent = { ...attempted(before, charge), payment_method_types: [method], hidden: { ...before.hidden, payer } };
  put(change, scope.account, intent);
  put(change, scope.account, charge);
  tell(scope, change, { intent, charge }, start);
  return { intent, charge };
}

function startOf(intent: Kinds["payment_intent"], { card }: Payer, isFirst: boolean): Start {
  if (isDeclined(card, isFirst)) return "declined";
  if (isDebit(card)) return "pending";
  return intent.capture_method === "manual" ? "held" : "taken";
}

function tell(scope: Scope, change: Change, { intent, charge }: Attempt, start: Start): void {
  if (start === "declined") {
    emit(scope, change, "charge.failed", charge);
    emit(scope, change, "payment_intent.payment_failed", intent);
  }
  if (start === "pending") {
    emit(scope, change, "charge.pending", charge);
    emit(scope, change, "payment_intent.processing", intent);
    plan(change, scope.account, "clear", charge.id, later(scope, clearsAfterSeconds));
    // Money that will be sent back shows in the balance before: https://docs.stripe.com/payments/acss-debit
    if (charge.hidden?.card === "debit-bounces") plan(change, scope.account, "settle", charge.id, whenSettled(scope));
  }
  if (start === "held") {
    emit(scope, change, "charge.succeeded", charge);
    emit(scope, change, "payment_intent.amount_capturable_updated", intent);
    plan(change, scope.account, "expire", intent.id, later(scope, heldForSeconds));
  }
  if (start === "taken") succeed(scope, change, { intent, charge });
}

/** A charge has succeeded, at once or after days: its balance transaction comes a little later. */
export function succeed(scope: Scope, change: Change, { intent, charge }: Attempt): void {
  emit(scope, change, "charge.succeeded", charge);
  emit(scope, change, "payment_intent.succeeded", intent);
  plan(change, scope.account, "settle", charge.id, whenSettled(scope));
}
