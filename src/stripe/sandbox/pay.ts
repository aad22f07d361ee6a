import type Stripe from "stripe";
import { attempt } from "./attempt.ts";
import { isDeclined } from "./card.ts";
import { complete, payingCustomer } from "./complete.ts";
import { emptyChange, idOf, put } from "./entry.ts";
import { badRequest } from "./error.ts";
import { inCurrency, takesCurrency } from "./fee.ts";
import { madeUpShipping } from "./payer.ts";
import type { Payer } from "./payer.ts";
import { intentOfSession } from "./payment-intent.ts";
import { reducedBy, typedReduction } from "./reduction.ts";
import { need } from "./scope.ts";
import type { Scope } from "./scope.ts";
import { linesOf } from "./session-lines.ts";
import { shown } from "./rendering.ts";
import type { Change, Kinds } from "./store.ts";
import { subscribe } from "./subscribe.ts";

type Session = Kinds["checkout.session"];

/** How an attempt to pay ended; `session` is as it stands after it. A delayed payment is `on its way` until the bank says. */
export type Payment = {
  outcome: "paid" | "on its way" | "declined" | "paid before" | "expired";
  session: Session;
};

/**
 * What the payment page's button does: an attempt to pay a session with one of the test cards. A declined card leaves a
 * failed charge and an open session. A payer without an address gets a made-up one where the session collects addresses.
 * @throws Refusal 404 when the account has no such session.
 */
export function pay(scope: Scope, sessionId: string, payer: Payer): Promise<Payment> {
  return scope.locked([sessionId], async () => {
    const session = await need(scope, "checkout.session", sessionId);
    if (session.status === "complete") return { outcome: "paid before", session: shown(session) };
    if (session.status === "expired" || session.expires_at <= scope.now)
      return { outcome: "expired", session: shown(session) };
    const change = emptyChange();
    const how = session.mode === "subscription" ? subscribe : payOnce;
    const reduced = await withPromotion(scope, change, session, payer);
    const after = await how(scope, change, reduced, withAddress(session, payer));
    await scope.save(change, after);
    return { outcome: outcomeOf(after), session: shown(after) };
  });
}

function outcomeOf({ status, payment_status }: Session): Payment["outcome"] {
  if (status !== "complete") return "declined";
  return payment_status === "unpaid" ? "on its way" : "paid";
}

function withAddress(session: Session, payer: Payer): Payer {
  if (session.shipping_address_collection === null) return { ...payer, shipping: null };
  return { ...payer, shipping: payer.shipping ?? madeUpShipping(payer.name) };
}

/** @throws Refusal for a code that says nothing, or where none is asked for */
async function withPromotion(scope: Scope, change: Change, session: Session, payer: Payer): Promise<Session> {
  if (payer.promotionCode === undefined) return session;
  const reduction = session.allow_promotion_codes === true ? await typedReduction(scope, payer.promotionCode) : null;
  if (reduction === null) throw badRequest({ message: "This code is invalid.", param: "promotion_code" });
  const reduced = reducedBy(reduction, session, await linesOf(scope, session.id));
  for (const item of reduced.items)
    put(change, scope.account, item, { name: "session", id: session.id, created: session.created });
  return reduced.session;
}

/** What the payer saw, where that is another currency than ours. https://docs.stripe.com/payments/checkout/adaptive-pricing */
function presentmentOf(session: Session, { presentment }: Payer): Stripe.PaymentIntent.PresentmentDetails | undefined {
  const { currency, amount_total: total } = session;
  if (session.adaptive_pricing?.enabled !== true || currency === null || presentment === undefined) return undefined;
  if (presentment === currency || !takesCurrency(presentment)) return undefined;
  const seen = inCurrency(BigInt(total ?? 0), currency, presentment);
  return { presentment_amount: Number(seen), presentment_currency: presentment };
}

/** Pays a session of mode `payment`. */
async function payOnce(scope: Scope, change: Change, session: Session, payer: Payer): Promise<Session> {
  if (session.amount_total === 0) {
    const customer = payingCustomer(scope, change, session, payer);
    return complete(scope, change, session, payer, { payment_status: "no_payment_required", customer });
  }
  const before = idOf(session.payment_intent);
  const presentment = presentmentOf(session, payer);
  const known =
    before === null ? intentOfSession(scope, session, presentment) : await need(scope, "payment_intent", before);
  const customer = isDeclined(payer.card) ? idOf(session.customer) : payingCustomer(scope, change, session, payer);
  const { intent, charge } = attempt(scope, change, { ...known, customer, shipping: payer.shipping }, payer);
  if (charge.status === "failed") {
    const open: Session = { ...session, payment_intent: intent.id };
    put(change, scope.account, open);
    return open;
  }
  // Money that is only held, or on its way, is not there yet.
  const payment_status = intent.status === "succeeded" ? "paid" : "unpaid";
  const seen = presentment === undefined ? {} : { presentment_details: presentment };
  return complete(scope, change, session, payer, { payment_status, customer, payment_intent: intent.id, ...seen });
}
