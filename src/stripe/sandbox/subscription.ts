import type Stripe from "stripe";
import { paymentMethodId } from "./card.ts";
import { finish, idOf, plan, put } from "./entry.ts";
import { emit } from "./event.ts";
import type { Payer } from "./payer.ts";
import { periodEnd } from "./period.ts";
import type { Scope } from "./scope.ts";
import type { Change, Kinds, SubscriptionData } from "./store.ts";
import { everyOf, subscriptionItem } from "./subscription-item.ts";
import type { Wanted } from "./subscription-item.ts";

export type Subscription = Kinds["subscription"];

const daySeconds = 24 * 60 * 60;

type Asked = {
  customer: string;
  wanted: readonly [Wanted, ...Wanted[]];
  data: SubscriptionData;
  payer: Payer;
  coupon: string | null;
};

/** A subscription that begins now; it becomes active once its first invoice is paid. */
export function subscription(scope: Scope, { customer, wanted, data, payer, coupon }: Asked): Subscription {
  const id = scope.id("sub");
  const trialEnd = data.trial_period_days === undefined ? null : scope.now + data.trial_period_days * daySeconds;
  // While a trial lasts, it is the period; the months count from its end.
  const anchor = trialEnd ?? scope.now;
  const end = trialEnd ?? periodEnd(anchor, everyOf(wanted[0].price), scope.now);
  const items = wanted.map((one) => subscriptionItem(scope, id, one, { start: scope.now, end }));
  return {
    id,
    object: "subscription",
    application: null,
    application_fee_percent: null,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null },
    billing_cycle_anchor: anchor,
    billing_cycle_anchor_config: null,
    billing_mode: { flexible: { proration_discounts: "included" }, type: "flexible", updated_at: scope.now },
    billing_schedules: [],
    billing_thresholds: null,
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
    collection_method: "charge_automatically",
    created: scope.now,
    currency: wanted[0].price.currency,
    customer,
    customer_account: null,
    days_until_due: null,
    default_payment_method: paymentMethodId(payer.card, (prefix) => scope.id(prefix)),
    default_source: null,
    default_tax_rates: [],
    description: data.description ?? null,
    discounts: [],
    ended_at: null,
    invoice_settings: {
      account_tax_ids: null,
      custom_fields: null,
      description: null,
      footer: null,
      issuer: { type: "self" },
    },
    items: { object: "list", data: items, has_more: false, url: `/v1/subscription_items?subscription=${id}` },
    latest_invoice: null,
    livemode: false,
    managed_payments: null,
    metadata: data.metadata ?? {},
    next_pending_invoice_item_invoice: null,
    on_behalf_of: null,
    pause_collection: null,
    payment_settings: {
      payment_method_options: null,
      payment_method_types: null,
      save_default_payment_method: "off",
    },
    pending_invoice_item_interval: null,
    pending_setup_intent: null,
    pending_update: null,
    schedule: null,
    start_date: scope.now,
    status: "incomplete",
    test_clock: null,
    transfer_data: null,
    trial_end: trialEnd,
    trial_settings: { end_behavior: { billing_cycle_anchor: null, missing_payment_method: "create_invoice" } },
    trial_start: trialEnd === null ? null : scope.now,
    hidden: { payer, prorations: [], coupon },
  };
}

export const periodOf = ({ items }: Subscription): { start: number; end: number } => ({
  start: items.data[0]?.current_period_start ?? 0,
  end: items.data[0]?.current_period_end ?? 0,
});

export const withItems = (known: Subscription, data: Stripe.SubscriptionItem[]): Subscription => ({
  ...known,
  items: { ...known.items, data },
});

/** When something happens to the subscription by itself: its period or its pause ends, or it does. Null: never. */
function wakesAt(known: Subscription): number | null {
  if (known.status === "canceled") return null;
  const moments = [periodOf(known).end, known.cancel_at, known.pause_collection?.resumes_at];
  return Math.min(...moments.filter((moment): moment is number => typeof moment === "number"));
}

/** Puts the subscription in its new state, and plans when it is looked at again. */
export function keep(scope: Scope, change: Change, known: Subscription): void {
  put(change, scope.account, known);
  const wakes = wakesAt(known);
  if (wakes === null) finish(change, scope.account, "renew", known.id);
  else plan(change, scope.account, "renew", known.id, new Date(wakes * 1000));
}

/** Puts and tells what changed; nothing is told where nothing did. */
export function updated(scope: Scope, change: Change, before: Subscription, after: Subscription): Subscription {
  keep(scope, change, after);
  const previous = Object.fromEntries(
    Object.entries(before).filter(
      ([name, value]) =>
        name !== "hidden" && JSON.stringify(value) !== JSON.stringify(after[name as keyof Subscription]),
    ),
  );
  if (Object.keys(previous).length > 0) emit(scope, change, "customer.subscription.updated", after, previous);
  return after;
}

/** The subscription is over. */
export function canceled(
  scope: Scope,
  change: Change,
  known: Subscription,
  details: Partial<Stripe.Subscription.CancellationDetails>,
): Subscription {
  const none: Stripe.Subscription.CancellationDetails = {
    comment: null,
    feedback: null,
    feedback_option: null,
    reason: null,
  };
  const after: Subscription = {
    ...known,
    status: "canceled",
    canceled_at: known.canceled_at ?? scope.now,
    ended_at: scope.now,
    cancellation_details: { ...none, ...known.cancellation_details, ...details },
  };
  keep(scope, change, after);
  emit(scope, change, "customer.subscription.deleted", after);
  return after;
}

export const customerOf = (known: Subscription): string => idOf(known.customer) ?? "";
