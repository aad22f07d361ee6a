import Stripe from "stripe";
import { periodEnd } from "./period.ts";
import type { Every } from "./period.ts";
import type { Scope } from "./scope.ts";

/** What of a price is asked for how often. */
export type Wanted = { price: Stripe.Price; quantity: number };

/** @throws RangeError for a one-time price, which no subscription can have. */
export function everyOf({ recurring }: Stripe.Price): Every {
  if (recurring === null) throw new RangeError("a price of a subscription recurs");
  return recurring;
}

export function subscriptionItem(
  scope: Scope,
  subscription: string,
  { price, quantity }: Wanted,
  period: { start: number; end: number },
): Stripe.SubscriptionItem {
  return {
    id: scope.id("si"),
    object: "subscription_item",
    billing_thresholds: null,
    created: scope.now,
    current_period_end: period.end,
    current_period_start: period.start,
    current_trial: null,
    discounts: [],
    metadata: {},
    plan: planOf(price),
    price,
    quantity,
    subscription,
    tax_rates: [],
  };
}

/** The item in the period that follows `moment`. */
export function inPeriodFrom(item: Stripe.SubscriptionItem, anchor: number, moment: number): Stripe.SubscriptionItem {
  return {
    ...item,
    current_period_start: moment,
    current_period_end: periodEnd(anchor, everyOf(item.price), moment),
  };
}

/** What prices were called before they were prices; Stripe still tells both. */
function planOf(price: Stripe.Price): Stripe.Plan {
  const { interval, interval_count } = everyOf(price);
  return {
    id: price.id,
    object: "plan",
    active: price.active,
    amount: price.unit_amount,
    amount_decimal: price.unit_amount === null ? null : Stripe.Decimal.from(price.unit_amount),
    billing_scheme: "per_unit",
    created: price.created,
    currency: price.currency,
    interval,
    interval_count,
    livemode: false,
    metadata: price.metadata,
    meter: null,
    nickname: price.nickname,
    product: price.product,
    tiers_mode: null,
    transform_usage: null,
    trial_period_days: null,
    usage_type: "licensed",
  };
}
