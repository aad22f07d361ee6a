import { later } from "./attempt.ts";
import { billOf, collect, issue, subscriptionOf } from "./bill.ts";
import { finish, plan, put } from "./entry.ts";
import { emit } from "./event.ts";
import { draftInvoice } from "./invoice.ts";
import type { Invoice } from "./invoice.ts";
import { billedItem, billedProration } from "./invoice-line.ts";
import { need } from "./scope.ts";
import type { Scope } from "./scope.ts";
import type { Change } from "./store.ts";
import { canceled, customerOf, periodOf, updated, withItems } from "./subscription.ts";
import type { Subscription } from "./subscription.ts";
import { inPeriodFrom } from "./subscription-item.ts";

/** A renewal's invoice is a draft for an hour, in which it could still be changed. https://docs.stripe.com/invoicing/integration/workflow-transitions */
const draftSeconds = 60 * 60;

/** What happens to a subscription by itself: its pause ends, it ends, or another period begins. */
export async function renew(scope: Scope, change: Change, id: string): Promise<void> {
  const before = await need(scope, "subscription", id);
  const resumesAt = before.pause_collection?.resumes_at ?? null;
  const isResumed = resumesAt !== null && resumesAt <= scope.now;
  const known = isResumed ? { ...before, pause_collection: null } : before;
  if (known.cancel_at !== null && known.cancel_at <= scope.now) {
    canceled(scope, change, known, { reason: "cancellation_requested" });
    return;
  }
  const { end } = periodOf(known);
  if (end > scope.now) {
    updated(scope, change, before, known);
    return;
  }
  const items = known.items.data.map((item) => inPeriodFrom(item, known.billing_cycle_anchor, end));
  const next = withItems({ ...known, status: known.status === "trialing" ? "active" : known.status }, items);
  const invoice = await nextInvoice(scope, change, next, "subscription_cycle", true);
  updated(scope, change, before, { ...withoutProrations(next), latest_invoice: invoice.id });
}

/** The subscription once what waited for an invoice is in one. */
export const withoutProrations = (known: Subscription): Subscription =>
  known.hidden === undefined ? known : { ...known, hidden: { ...known.hidden, prorations: [] } };

/** The draft of an invoice for what waited for it, and if `withPeriod` for the period that has begun. */
export async function nextInvoice(
  scope: Scope,
  change: Change,
  subscription: Subscription,
  reason: "subscription_cycle" | "subscription_update",
  withPeriod: boolean,
): Promise<Invoice> {
  const { prorations = [], coupon: couponId = null } = subscription.hidden ?? {};
  const [first] = subscription.items.data;
  const invoice = draftInvoice(scope, change, {
    subscription,
    customer: await need(scope, "customer", customerOf(subscription)),
    reason,
    billed: [
      ...prorations.map((one) => billedProration(one, first?.id ?? null, subscription)),
      ...(withPeriod ? subscription.items.data.map((item) => billedItem(item, subscription, false)) : []),
    ],
    coupon: couponId === null ? null : await need(scope, "coupon", couponId),
  });
  return await drafted(scope, change, invoice, subscription);
}

async function drafted(
  scope: Scope,
  change: Change,
  invoice: Invoice,
  { pause_collection: pause }: Subscription,
): Promise<Invoice> {
  const isHeld = pause !== null;
  const draft: Invoice = {
    ...invoice,
    auto_advance: !isHeld,
    automatically_finalizes_at: isHeld ? null : scope.now + draftSeconds,
  };
  put(change, scope.account, draft);
  emit(scope, change, "invoice.created", draft);
  if (!isHeld) plan(change, scope.account, "collect", draft.id, later(scope, draftSeconds));
  if (pause?.behavior === "void") return ended(scope, change, draft, "void");
  if (pause?.behavior === "mark_uncollectible") return ended(scope, change, draft, "uncollectible");
  return draft;
}

/** An invoice that will never be paid. */
export function ended(scope: Scope, change: Change, invoice: Invoice, status: "void" | "uncollectible"): Invoice {
  const at = { finalized_at: invoice.status_transitions.finalized_at ?? scope.now };
  const moment = status === "void" ? { voided_at: scope.now } : { marked_uncollectible_at: scope.now };
  const after: Invoice = {
    ...invoice,
    next_payment_attempt: null,
    status,
    status_transitions: { ...invoice.status_transitions, ...at, ...moment },
  };
  put(change, scope.account, after);
  finish(change, scope.account, "collect", invoice.id);
  emit(scope, change, status === "void" ? "invoice.voided" : "invoice.marked_uncollectible", after);
  return after;
}

/** An invoice's hour as a draft is over, or the day has come to try it again. */
export async function collectDue(scope: Scope, change: Change, id: string): Promise<void> {
  const invoice = await need(scope, "invoice", id, "invoice");
  const subscription = await need(scope, "subscription", subscriptionOf(invoice));
  // Of one that has ended even the customer may be gone.
  if (subscription.status === "canceled" || (invoice.status !== "draft" && invoice.status !== "open")) return;
  const bill = await billOf(scope, id);
  const issued = invoice.status === "draft" ? issue(scope, change, bill) : bill;
  const payer = subscription.hidden?.payer;
  if (issued.invoice.status === "open" && payer !== undefined) collect(scope, change, issued, payer, false);
}

/** What has to be locked to change a subscription or its invoices, which all change its customer too. */
export async function locksOf(scope: Scope, id: string): Promise<string[]> {
  const [found] = await scope.store.find(scope.account, [id]);
  if (found?.object === "invoice") return await locksOf(scope, subscriptionOf(found));
  return found?.object === "subscription" ? [found.id, customerOf(found)] : [id];
}
