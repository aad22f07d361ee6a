import type Stripe from "stripe";
import { z } from "zod";
import { attempt } from "./attempt.ts";
import { cardOf } from "./card.ts";
import { action, filters, listing, retrieval } from "./endpoint.ts";
import type { Endpoint } from "./endpoint.ts";
import { emptyChange } from "./entry.ts";
import { badRequest, cardDeclined, missing } from "./error.ts";
import { inCents, takesCurrency } from "./fee.ts";
import { cancelIntent, capture } from "./hold.ts";
import { amountMax, currency, flag, integer, metadata, text } from "./parameter.ts";
import { paymentIntent } from "./payment-intent.ts";
import { need } from "./scope.ts";

const path = "/v1/payment_intents";
const positive = integer.refine((value) => value >= 1 && value <= amountMax, "Invalid positive integer");

const createShape = {
  amount: positive,
  currency,
  automatic_payment_methods: z
    .strictObject({ enabled: flag, allow_redirects: z.enum(["always", "never"]).optional() })
    .optional(),
  capture_method: z.enum(["automatic_async", "manual"]).optional(),
  confirm: z.literal("true", "The sandbox makes payment intents that are confirmed at once").transform(() => true),
  customer: text(255).optional(),
  description: text(1000).optional(),
  metadata: metadata.optional(),
  payment_method: text(255),
  receipt_email: text(512).optional(),
} satisfies Partial<Record<keyof Stripe.PaymentIntentCreateParams, unknown>>;

/** A payment without Checkout: made and confirmed in one request, as a program with a card at hand does. */
const create = action(path, createShape, async (scope, given) => {
  const card = cardOf(given.payment_method);
  if (card === null) throw missing("PaymentMethod", given.payment_method, "payment_method");
  if (!takesCurrency(given.currency))
    throw badRequest({ message: `Invalid currency: ${given.currency}`, param: "currency" });
  if (inCents(BigInt(given.amount), given.currency) < 50n)
    throw badRequest({
      code: "amount_too_small",
      message: "Amount must convert to at least 50 cents.",
      param: "amount",
    });
  const customer = given.customer === undefined ? null : await need(scope, "customer", given.customer, "customer");
  const asked = paymentIntent(scope, {
    amount: given.amount,
    currency: given.currency,
    customer: customer?.id ?? null,
    data: given,
  });
  const methods = given.automatic_payment_methods;
  const named = {
    ...asked,
    automatic_payment_methods:
      methods === undefined ? null : { enabled: methods.enabled, allow_redirects: methods.allow_redirects ?? "always" },
  };
  const change = emptyChange();
  const payer = { email: customer?.email ?? "", name: customer?.name ?? "", card, shipping: null };
  const { intent, charge } = attempt(scope, change, named, payer);
  const isDeclined = charge.status === "failed";
  await scope.save(change, isDeclined ? undefined : intent);
  if (isDeclined) throw cardDeclined(charge.id);
  return intent;
});

const captureShape = { amount_to_capture: positive.optional() } satisfies Partial<
  Record<keyof Stripe.PaymentIntentCaptureParams, unknown>
>;

export const paymentIntentEndpoints: Endpoint[] = [
  create,
  action(`${path}/:id/capture`, captureShape, (scope, given, id) => capture(scope, id, given.amount_to_capture)),
  action(`${path}/:id/cancel`, {}, (scope, _, id) => cancelIntent(scope, id)),
  retrieval("payment_intent", path),
  listing("payment_intent", path, filters("customer")),
];
