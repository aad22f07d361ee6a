import type Stripe from "stripe";
import { z } from "zod";
import { filters, listing, retrieval } from "./endpoint.ts";
import type { Endpoint } from "./endpoint.ts";
import { key, plan, put } from "./entry.ts";
import { flag, text } from "./parameter.ts";
import type { Scope } from "./scope.ts";
import type { Change, StripeObject } from "./store.ts";

/** What the sandbox tells the webhook door. */
type Told =
  | "charge.captured"
  | "charge.dispute.closed"
  | "charge.dispute.created"
  | "charge.dispute.funds_reinstated"
  | "charge.dispute.funds_withdrawn"
  | "charge.dispute.updated"
  | "charge.expired"
  | "charge.failed"
  | "charge.pending"
  | "charge.refunded"
  | "charge.succeeded"
  | "charge.updated"
  | "checkout.session.async_payment_failed"
  | "checkout.session.async_payment_succeeded"
  | "checkout.session.completed"
  | "checkout.session.expired"
  | "customer.created"
  | "customer.deleted"
  | "customer.subscription.created"
  | "customer.subscription.deleted"
  | "customer.subscription.updated"
  | "customer.updated"
  | "invoice.created"
  | "invoice.finalized"
  | "invoice.marked_uncollectible"
  | "invoice.paid"
  | "invoice.payment_failed"
  | "invoice.updated"
  | "invoice.voided"
  | "invoice_payment.paid"
  | "payment_intent.amount_capturable_updated"
  | "payment_intent.canceled"
  | "payment_intent.payment_failed"
  | "payment_intent.processing"
  | "payment_intent.succeeded"
  | "payout.created"
  | "payout.failed"
  | "payout.paid"
  | "payout.reconciliation_completed"
  | "refund.created"
  | "refund.failed"
  | "refund.updated";

type Data<Type extends Told> = Extract<Stripe.Event, { type: Type }>["data"];

/** Adds an event about `object` as it is now to the change, and its delivery. `previous` is what its properties were. */
export function emit<Type extends Told>(
  scope: Scope,
  change: Change,
  type: Type,
  object: Data<Type>["object"] & StripeObject,
  previous?: Data<Type>["previous_attributes"],
): void {
  if (!scope.generates(type, object.id)) return;
  const event: Stripe.EventBase = {
    id: scope.id("evt"),
    object: "event",
    api_version: scope.settings.apiVersion,
    created: scope.now,
    // With what is kept of it, so that it can be told in the words of any version.
    data: { object, ...(previous === undefined ? {} : { previous_attributes: previous }) },
    livemode: false,
    pending_webhooks: 1,
    request: scope.request,
    type,
  };
  put(change, scope.account, event);
  plan(change, scope.account, "deliver", event.id, new Date(0));
}

export const eventEndpoints: Endpoint[] = [
  retrieval("event", "/v1/events"),
  listing(
    "event",
    "/v1/events",
    { ...filters("type"), types: z.array(text(255)).max(20).optional(), delivery_success: flag.optional() },
    ({ type, types = [], delivery_success: delivered }) => ({
      filters: { type },
      anyOf: types.map((wanted) => key("type", wanted)),
      undelivered: delivered === undefined ? undefined : !delivered,
    }),
  ),
];
