import type Stripe from "stripe";
import { attempt, later } from "./attempt.ts";
import { finish, idOf, plan, put } from "./entry.ts";
import { emit } from "./event.ts";
import { numbered } from "./invoice.ts";
import type { Invoice } from "./invoice.ts";
import { invoicePayment, paidInvoicePayment } from "./invoice-payment.ts";
import type { Payer } from "./payer.ts";
import { paymentIntent } from "./payment-intent.ts";
import { need } from "./scope.ts";
import type { Scope } from "./scope.ts";
import type { Change, Kinds } from "./store.ts";
import { canceled, customerOf, updated } from "./subscription.ts";
import type { Subscription } from "./subscription.ts";

/** An invoice with all that paying it changes; `payment` and `intent` are there once it asks for money. */
export type Bill = {
  invoice: Invoice;
  subscription: Subscription;
  customer: Kinds["customer"];
  payment: Stripe.InvoicePayment | null;
  intent: Kinds["payment_intent"] | null;
};

const daySeconds = 24 * 60 * 60;
/** Days between one attempt and the next; after the last one the subscription is given up. */
const retryDays = [3, 5, 7];

/** What this invoice's money is called, in the words of Stripe's dashboard. */
const description = ({ billing_reason }: Invoice): string =>
  billing_reason === "subscription_create" ? "Subscription creation" : "Subscription update";

/** The bill of an invoice as it is kept. @throws Refusal 404 when there is none */
export async function billOf(scope: Scope, id: string): Promise<Bill> {
  const invoice = await need(scope, "invoice", id, "invoice");
  const subscription = await need(scope, "subscription", subscriptionOf(invoice));
  const customer = await need(scope, "customer", customerOf(subscription));
  const { intent, payment } = invoice.hidden ?? {};
  return {
    invoice,
    subscription,
    customer,
    payment: payment === undefined ? null : await need(scope, "invoice_payment", payment),
    intent: intent === undefined ? null : await need(scope, "payment_intent", intent),
  };
}

export const subscriptionOf = ({ parent }: Invoice): string => idOf(parent?.subscription_details?.subscription) ?? "";

/** Sends the invoice out. One that asks for nothing is paid with it. */
export function issue(scope: Scope, change: Change, draft: Bill): Bill {
  const open = numbered(scope, draft.invoice, draft.customer);
  const customer = {
    ...draft.customer,
    balance: open.ending_balance ?? 0,
    next_invoice_sequence: (draft.customer.next_invoice_sequence ?? 1) + 1,
  };
  put(change, scope.account, customer);
  if (open.amount_due === 0) {
    emit(scope, change, "invoice.finalized", open);
    return paidUp(scope, change, { ...draft, customer, invoice: open });
  }
  const intent = paymentIntent(scope, {
    amount: open.amount_due,
    currency: open.currency,
    customer: customer.id,
    data: { description: description(open) },
    hidden: { invoice: open.id },
  });
  const payment = invoicePayment(scope, { invoice: open, intent: intent.id, amount: open.amount_due, isDefault: true });
  const invoice: Invoice = { ...open, hidden: { intent: intent.id, payment: payment.id } };
  put(change, scope.account, intent);
  put(change, scope.account, payment);
  put(change, scope.account, invoice);
  emit(scope, change, "invoice.finalized", invoice);
  return { ...draft, customer, invoice, intent, payment };
}

/** One attempt to take what is left of the invoice. A failed one is tried again some days later, and at last given up. */
export function collect(scope: Scope, change: Change, bill: Bill, payer: Payer, isFirst: boolean): Bill {
  const { invoice, intent, payment } = bill;
  if (intent === null || payment === null) return bill;
  const tried = attempt(scope, change, { ...intent, amount: invoice.amount_remaining }, payer, isFirst);
  const counted: Invoice = {
    ...invoice,
    attempted: true,
    attempt_count: invoice.attempt_count + 1,
    hidden: { ...invoice.hidden, charge: tried.charge.id },
  };
  const after = { ...bill, intent: tried.intent, invoice: counted };
  if (tried.charge.status === "failed") return failed(scope, change, after);
  return takenIn(scope, change, after, payment, tried.charge.amount);
}

/** A part of the invoice, or all that was left of it, has come in. */
export function takenIn(
  scope: Scope,
  change: Change,
  bill: Bill,
  payment: Stripe.InvoicePayment,
  amount: number,
): Bill {
  const paid = paidInvoicePayment(scope, payment, amount);
  put(change, scope.account, paid);
  emit(scope, change, "invoice_payment.paid", paid);
  const { amount_paid, amount_remaining } = bill.invoice;
  const invoice: Invoice = {
    ...bill.invoice,
    amount_paid: amount_paid + amount,
    amount_remaining: amount_remaining - amount,
  };
  if (invoice.amount_remaining === 0) return paidUp(scope, change, { ...bill, invoice });
  put(change, scope.account, invoice);
  emit(scope, change, "invoice.updated", invoice, { amount_paid, amount_remaining });
  return { ...bill, invoice };
}

/** Nothing of the invoice is open any more. */
export function paidUp(scope: Scope, change: Change, bill: Bill): Bill {
  const invoice: Invoice = {
    ...bill.invoice,
    attempted: true,
    next_payment_attempt: null,
    status: "paid",
    status_transitions: { ...bill.invoice.status_transitions, paid_at: scope.now },
  };
  put(change, scope.account, invoice);
  emit(scope, change, "invoice.paid", invoice);
  finish(change, scope.account, "collect", invoice.id);
  const { subscription } = bill;
  const isWaiting = subscription.status === "incomplete" || subscription.status === "past_due";
  const active = isWaiting ? updated(scope, change, subscription, { ...subscription, status: "active" }) : subscription;
  return { ...bill, invoice, subscription: active };
}

function failed(scope: Scope, change: Change, bill: Bill): Bill {
  const days = retryDays[bill.invoice.attempt_count - 1];
  const isOver = bill.subscription.status === "canceled";
  const next = days === undefined || isOver ? null : scope.now + days * daySeconds;
  const invoice: Invoice = { ...bill.invoice, next_payment_attempt: next };
  put(change, scope.account, invoice);
  emit(scope, change, "invoice.payment_failed", invoice);
  if (isOver) return { ...bill, invoice };
  if (next === null) {
    finish(change, scope.account, "collect", invoice.id);
    const over = canceled(scope, change, bill.subscription, { reason: "payment_failed" });
    return { ...bill, invoice, subscription: over };
  }
  plan(change, scope.account, "collect", invoice.id, later(scope, next - scope.now));
  const subscription = updated(scope, change, bill.subscription, { ...bill.subscription, status: "past_due" });
  return { ...bill, invoice, subscription };
}
