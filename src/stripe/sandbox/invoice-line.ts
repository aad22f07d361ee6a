import Stripe from "stripe";
import { idOf } from "./entry.ts";
import type { Scope } from "./scope.ts";
import type { Proration } from "./store.ts";

/** What an invoice line is made of; `item` is the subscription's item, null for what is billed only once. */
export type Billed = {
  amount: number;
  quantity: number;
  description: string;
  price: string;
  product: string;
  unitAmount: number;
  period: { start: number; end: number };
  item: string | null;
  isProration: boolean;
  metadata: Stripe.Metadata;
};

/** A period of an item, in full, or free of charge while a trial lasts. */
export function billedItem(item: Stripe.SubscriptionItem, subscription: Stripe.Subscription, isTrial: boolean): Billed {
  const { price, quantity = 1 } = item;
  const unitAmount = isTrial ? 0 : (price.unit_amount ?? 0);
  const every = price.recurring === null ? "" : ` / ${price.recurring.interval}`;
  return {
    amount: unitAmount * quantity,
    quantity,
    description: isTrial ? "Trial period" : `${quantity} × ${price.nickname ?? "Subscription"}${every}`,
    price: price.id,
    product: idOf(price.product) ?? "",
    unitAmount,
    period: { start: item.current_period_start, end: item.current_period_end },
    item: item.id,
    isProration: false,
    metadata: subscription.metadata,
  };
}

export function billedProration(
  { amount, description, price, product, start, end }: Proration,
  item: string | null,
  subscription: Stripe.Subscription,
): Billed {
  const { metadata } = subscription;
  const line = { amount, description, price, product, unitAmount: amount, period: { start, end } };
  return { ...line, quantity: 1, item, isProration: true, metadata };
}

/** A line of an invoice; `discountMinor` is what a coupon takes off it. */
export function invoiceLine(
  scope: Scope,
  billed: Billed,
  on: {
    invoice: string;
    subscription: string | null;
    currency: string;
    discount: string | null;
    discountMinor: number;
  },
): Stripe.InvoiceLineItem {
  const { subscription, discount, discountMinor } = on;
  return {
    id: scope.id("il"),
    object: "line_item",
    amount: billed.amount,
    currency: on.currency,
    description: billed.description,
    discount_amounts: discount === null ? [] : [{ amount: discountMinor, discount }],
    discountable: !billed.isProration,
    discounts: [],
    invoice: on.invoice,
    livemode: false,
    metadata: billed.metadata,
    parent: parentOf(scope, billed, subscription),
    period: billed.period,
    pretax_credit_amounts: discount === null ? [] : [{ amount: discountMinor, discount, type: "discount" }],
    pricing: {
      price_details: { price: billed.price, product: billed.product },
      type: "price_details",
      unit_amount_decimal: Stripe.Decimal.from(billed.unitAmount),
    },
    quantity: billed.quantity,
    quantity_decimal: Stripe.Decimal.from(billed.quantity),
    subscription,
    subtotal: billed.amount,
    taxes: [],
  };
}

function parentOf(
  scope: Scope,
  { item, isProration }: Billed,
  subscription: string | null,
): Stripe.InvoiceLineItem.Parent {
  const proration = { proration: isProration, proration_details: { credited_items: null }, subscription };
  if (item === null) {
    const details = { invoice_item: scope.id("ii"), ...proration };
    return { invoice_item_details: details, subscription_item_details: null, type: "invoice_item_details" };
  }
  const details = { invoice_item: null, ...proration, subscription_item: item };
  return { invoice_item_details: null, subscription_item_details: details, type: "subscription_item_details" };
}
