import type Stripe from "stripe";
import { cards } from "./card.ts";
import { charge as newCharge } from "./charge.ts";
import { customer } from "./customer.ts";
import { emptyChange, idOf, plan, put } from "./entry.ts";
import { missing } from "./error.ts";
import { emit } from "./event.ts";
import { madeUpShipping } from "./payer.ts";
import type { Payer } from "./payer.ts";
import { attempted, paymentIntent } from "./payment-intent.ts";
import { need } from "./scope.ts";
import type { Scope } from "./scope.ts";
import type { Change, KeptSession, PaymentIntentData } from "./store.ts";

/** How an attempt to pay ended; `session` is as it stands after it. */
export type Payment = { outcome: "paid" | "declined" | "paid before" | "expired"; session: Stripe.Checkout.Session };

/**
 * What the payment page's button does: an attempt to pay a session with one of the test cards. A declined card leaves a
 * failed charge and an open session. A payer without an address gets a made-up one where the session collects addresses.
 * @throws Refusal 404 when the account has no such session.
 */
export function pay(scope: Scope, sessionId: string, payer: Payer): Promise<Payment> {
  return scope.locked([sessionId], async () => {
    const kept = await keptSession(scope, sessionId);
    const { payment_intent_data: data = {}, ...session } = kept;
    if (session.status === "complete") return { outcome: "paid before", session };
    if (session.status === "expired" || session.expires_at <= scope.now) return { outcome: "expired", session };
    const change = emptyChange();
    const after = await attempt(scope, change, session, data, withAddress(session, payer));
    await scope.save(change, after);
    return { outcome: cards[payer.card].isDeclined ? "declined" : "paid", session: after };
  });
}

async function keptSession(scope: Scope, id: string): Promise<KeptSession> {
  const [found] = await scope.store.find(scope.account, [id]);
  if (found?.object !== "checkout.session") throw missing("checkout.session", id);
  return found;
}

function withAddress(session: Stripe.Checkout.Session, payer: Payer): Payer {
  if (session.shipping_address_collection === null) return { ...payer, shipping: null };
  return { ...payer, shipping: payer.shipping ?? madeUpShipping(payer.name) };
}

async function attempt(
  scope: Scope,
  change: Change,
  session: Stripe.Checkout.Session,
  data: PaymentIntentData,
  payer: Payer,
): Promise<Stripe.Checkout.Session> {
  const before = idOf(session.payment_intent);
  const intent = before === null ? paymentIntent(scope, session, data) : await need(scope, "payment_intent", before);
  const isDeclined = cards[payer.card].isDeclined;
  const owner = isDeclined ? idOf(session.customer) : payingCustomer(scope, change, session, payer);
  const charge = newCharge(scope, { ...intent, customer: owner, shipping: payer.shipping }, payer);
  const tried = attempted({ ...intent, customer: owner, shipping: payer.shipping }, charge);
  put(change, scope.account, tried);
  put(change, scope.account, charge);
  if (isDeclined) {
    const open: Stripe.Checkout.Session = { ...session, payment_intent: intent.id };
    put(change, scope.account, open);
    emit(scope, change, "charge.failed", charge);
    emit(scope, change, "payment_intent.payment_failed", tried);
    return open;
  }
  const paid = completed(session, tried, payer);
  put(change, scope.account, paid);
  emit(scope, change, "charge.succeeded", charge);
  emit(scope, change, "payment_intent.succeeded", tried);
  emit(scope, change, "checkout.session.completed", paid);
  plan(change, scope.account, "settle", charge.id, new Date(scope.now * 1000 + scope.delayMs));
  change.done.push({ account: scope.account, kind: "expire", id: session.id });
  return paid;
}

/** Stripe makes a customer of a payer only when the session asks for it; else the payer stays a guest. */
function payingCustomer(scope: Scope, change: Change, session: Stripe.Checkout.Session, payer: Payer): string | null {
  if (session.customer !== null || session.customer_creation !== "always") return idOf(session.customer);
  const made = customer(scope, { email: payer.email, name: payer.name });
  put(change, scope.account, made);
  emit(scope, change, "customer.created", made);
  return made.id;
}

function completed(
  session: Stripe.Checkout.Session,
  intent: Stripe.PaymentIntent,
  payer: Payer,
): Stripe.Checkout.Session {
  const country = cards[payer.card].country;
  return {
    ...session,
    collected_information:
      payer.shipping === null ? null : { business_name: null, individual_name: null, shipping_details: payer.shipping },
    customer: intent.customer,
    customer_details: {
      address: { city: null, country, line1: null, line2: null, postal_code: null, state: null },
      business_name: null,
      email: payer.email,
      individual_name: null,
      name: payer.name,
      phone: null,
      tax_exempt: "none",
      tax_ids: [],
    },
    payment_intent: intent.id,
    payment_status: "paid",
    status: "complete",
    url: null,
  };
}
