import type Stripe from "stripe";
import { attempt } from "./attempt.ts";
import { collect, issue } from "./bill.ts";
import type { Bill } from "./bill.ts";
import { isDebit, isDeclined } from "./card.ts";
import { complete, newCustomer } from "./complete.ts";
import { idOf, put } from "./entry.ts";
import { badRequest } from "./error.ts";
import { emit } from "./event.ts";
import { draftInvoice } from "./invoice.ts";
import { billedItem } from "./invoice-line.ts";
import type { Billed } from "./invoice-line.ts";
import type { Payer } from "./payer.ts";
import { intentOfSession } from "./payment-intent.ts";
import { need } from "./scope.ts";
import type { Scope } from "./scope.ts";
import { linesOf } from "./session-lines.ts";
import type { Change, Kinds } from "./store.ts";
import { keep, subscription, updated } from "./subscription.ts";
import type { Subscription } from "./subscription.ts";
import type { Wanted } from "./subscription-item.ts";

type Session = Kinds["checkout.session"];

/**
 * Pays a session of mode `subscription`: a customer, the subscription, its first invoice and what pays it. A declined card
 * leaves the session open and no subscription.
 */
export async function subscribe(scope: Scope, change: Change, session: Session, payer: Payer): Promise<Session> {
  if (isDebit(payer.card)) throw badRequest({ message: "A subscription cannot be paid by pre-authorised debit." });
  const total = session.amount_total ?? 0;
  if (total > 0 && isDeclined(payer.card)) return await declined(scope, change, session, payer);

  const customer = session.customer === null ? newCustomer(scope, change, payer) : await known(scope, session);
  const lines = await wantedOf(scope, session.id);
  const [first, ...rest] = lines.filter(({ price }) => price.type === "recurring");
  if (first === undefined) throw badRequest({ message: "A session in `subscription` mode needs a recurring price." });
  const couponId = idOf(session.discounts?.[0]?.coupon);
  const coupon = couponId === null ? null : await need(scope, "coupon", couponId);
  const made = subscription(scope, {
    customer: customer.id,
    wanted: [first, ...rest],
    data: session.hidden?.subscriptionData ?? {},
    payer,
    coupon: coupon?.duration === "forever" ? coupon.id : null,
  });
  const once = lines.filter(({ price }) => price.type === "one_time").map((line) => billedOnce(scope, line, made));
  const { subscription: begun, invoice } = begin(scope, change, { subscription: made, customer, once, coupon });
  return complete(scope, change, session, payer, {
    payment_status: invoice.amount_paid === 0 ? "no_payment_required" : "paid",
    customer: customer.id,
    subscription: begun.id,
    invoice: invoice.id,
  });
}

type Beginning = {
  subscription: Subscription;
  customer: Kinds["customer"];
  /** What is billed with the first invoice only. */
  once: readonly Billed[];
  coupon: Stripe.Coupon | null;
};

/** A new subscription with its first invoice, tried at once. Like Stripe, it is told as incomplete first. */
export function begin(scope: Scope, change: Change, { subscription: made, customer, once, coupon }: Beginning): Bill {
  const isTrial = made.trial_end !== null;
  const billed = [...made.items.data.map((item) => billedItem(item, made, isTrial)), ...once];
  const invoice = draftInvoice(scope, change, {
    subscription: made,
    customer,
    reason: "subscription_create",
    billed,
    coupon,
  });
  const incomplete: Subscription = { ...made, latest_invoice: invoice.id };
  keep(scope, change, incomplete);
  emit(scope, change, "customer.subscription.created", incomplete);
  emit(scope, change, "invoice.created", invoice);
  const draft: Bill = { invoice, subscription: incomplete, customer, payment: null, intent: null };
  const issued = issue(scope, change, draft);
  const payer = made.hidden?.payer;
  const bill =
    payer === undefined || issued.invoice.status === "paid" ? issued : collect(scope, change, issued, payer, true);
  if (!isTrial || bill.invoice.status !== "paid") return bill;
  const trialing = updated(scope, change, bill.subscription, { ...bill.subscription, status: "trialing" });
  return { ...bill, subscription: trialing };
}

function billedOnce(scope: Scope, { price, quantity }: Wanted, { metadata }: Subscription): Billed {
  const unitAmount = price.unit_amount ?? 0;
  return {
    amount: unitAmount * quantity,
    quantity,
    description: price.nickname ?? "One time",
    price: price.id,
    product: idOf(price.product) ?? "",
    unitAmount,
    period: { start: scope.now, end: scope.now },
    item: null,
    isProration: false,
    metadata,
  };
}

async function known(scope: Scope, session: Session): Promise<Kinds["customer"]> {
  return await need(scope, "customer", idOf(session.customer) ?? "", "customer");
}

async function declined(scope: Scope, change: Change, session: Session, payer: Payer): Promise<Session> {
  const before = session.hidden?.intent;
  const intent =
    before === undefined ? intentOfSession(scope, session, undefined) : await need(scope, "payment_intent", before);
  attempt(scope, change, intent, payer);
  const open: Session = { ...session, hidden: { ...session.hidden, intent: intent.id } };
  put(change, scope.account, open);
  return open;
}

async function wantedOf(scope: Scope, session: string): Promise<Wanted[]> {
  const lines = await linesOf(scope, session);
  return lines.flatMap(({ price, quantity }) => (price === null ? [] : [{ price, quantity: quantity ?? 1 }]));
}
