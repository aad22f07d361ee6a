import type Stripe from "stripe";
import { z } from "zod";
import { cardOf } from "./card.ts";
import { action, deletion, filters, listing, retrieval } from "./endpoint.ts";
import type { Endpoint } from "./endpoint.ts";
import { emptyChange, idOf, key } from "./entry.ts";
import { badRequest } from "./error.ts";
import { flag, integer, metadata, text } from "./parameter.ts";
import { locksOf } from "./renew.ts";
import { need } from "./scope.ts";
import { begin } from "./subscribe.ts";
import { canceled, subscription } from "./subscription.ts";
import type { Wanted } from "./subscription-item.ts";
import { subscriptionUpdate } from "./subscription-update.ts";

const path = "/v1/subscriptions";

const createShape = {
  customer: text(255),
  items: z.array(z.strictObject({ price: text(255), quantity: integer.optional() })).min(1),
  default_payment_method: text(255).optional(),
  description: text(500).optional(),
  metadata: metadata.optional(),
  payment_behavior: z.enum(["allow_incomplete", "error_if_incomplete"]).optional(),
  trial_period_days: integer.optional(),
} satisfies Partial<Record<keyof Stripe.SubscriptionCreateParams, unknown>>;

const create = action(path, createShape, (scope, given) =>
  scope.locked([given.customer], async () => {
    const customer = await need(scope, "customer", given.customer, "customer");
    const method = given.default_payment_method ?? idOf(customer.invoice_settings.default_payment_method);
    const card = method === null ? null : cardOf(method);
    if (card === null) {
      const message =
        "This customer has no attached payment source or default payment method. Please consider adding a default payment method.";
      throw badRequest({ code: "resource_missing", message });
    }
    const wanted: Wanted[] = [];
    for (const item of given.items)
      wanted.push({ price: await need(scope, "price", item.price, "items[0][price]"), quantity: item.quantity ?? 1 });
    const [first, ...rest] = wanted;
    if (first === undefined || wanted.some(({ price }) => price.recurring === null))
      throw badRequest({
        message: "The price specified is set to `type=one_time` but a subscription needs one that recurs.",
        param: "items",
      });
    const payer = { email: customer.email ?? "", name: customer.name ?? "", card, shipping: null };
    const made = subscription(scope, {
      customer: customer.id,
      wanted: [first, ...rest],
      data: given,
      payer,
      coupon: null,
    });
    const change = emptyChange();
    const { subscription: begun } = begin(scope, change, { subscription: made, customer, once: [], coupon: null });
    await scope.save(change, begun);
    return begun;
  }),
);

const cancelShape = {
  cancellation_details: z.strictObject({ comment: text(5000).optional(), feedback: text(50).optional() }).optional(),
  invoice_now: flag.optional(),
  prorate: flag.optional(),
} satisfies Partial<Record<keyof Stripe.SubscriptionCancelParams, unknown>>;

const cancel = deletion(`${path}/:id`, cancelShape, async (scope, { cancellation_details: details }, id) =>
  scope.locked(await locksOf(scope, id), async () => {
    const known = await need(scope, "subscription", id);
    if (known.status === "canceled")
      throw badRequest({ code: "resource_missing", message: `No such subscription: '${id}'`, param: "id" });
    const change = emptyChange();
    const given = { comment: details?.comment ?? null, feedback: details?.feedback ?? null };
    const over = canceled(scope, change, known, { ...given, reason: "cancellation_requested" });
    await scope.save(change, over);
    return over;
  }),
);

/** Every status but the last, which a list leaves out unless asked for it. */
const going = ["active", "incomplete", "past_due", "trialing", "unpaid", "paused"];

export const subscriptionEndpoints: Endpoint[] = [
  create,
  subscriptionUpdate,
  cancel,
  retrieval("subscription", path),
  listing(
    "subscription",
    path,
    { ...filters("customer", "price"), status: z.enum([...going, "canceled", "ended", "all"]).optional() },
    ({ status, ...asked }) => {
      if (status === "all") return { filters: asked };
      const wanted = status === undefined ? going : [status === "ended" ? "canceled" : status];
      return { filters: asked, anyOf: wanted.map((one) => key("status", one)) };
    },
  ),
];
