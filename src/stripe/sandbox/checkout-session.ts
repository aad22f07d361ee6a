import type Stripe from "stripe";
import { z } from "zod";
import { action, filters, listing, retrieval } from "./endpoint.ts";
import type { Endpoint } from "./endpoint.ts";
import { emptyChange, finish, plan, put } from "./entry.ts";
import { badRequest } from "./error.ts";
import { emit } from "./event.ts";
import { inCents, takesCurrency } from "./fee.ts";
import { lineItems, lineShape } from "./line-item.ts";
import { address, amountMax, integer, metadata, text } from "./parameter.ts";
import { need } from "./scope.ts";
import type { Scope } from "./scope.ts";
import { shippingRate, shippingRateData } from "./shipping-rate.ts";
import type { Change, Kinds } from "./store.ts";

type Session = Kinds["checkout.session"];

const paymentIntentData = z.strictObject({
  description: text(1000).optional(),
  metadata: metadata.optional(),
  receipt_email: text(512).optional(),
});

const subscriptionData = z.strictObject({
  description: text(500).optional(),
  metadata: metadata.optional(),
  trial_period_days: integer.optional(),
});

const createShape = {
  mode: z.enum(["payment", "subscription"], "The sandbox takes payments and subscriptions only").optional(),
  ui_mode: z.literal("hosted_page", "The sandbox has a hosted page only").optional(),
  line_items: z.array(lineShape).min(1).max(500),
  success_url: address,
  cancel_url: address.optional(),
  client_reference_id: text(200).optional(),
  customer: text(255).optional(),
  customer_email: text(800).optional(),
  customer_creation: z.enum(["always", "if_required"]).optional(),
  expires_at: integer.optional(),
  locale: text(10).optional(),
  metadata: metadata.optional(),
  payment_intent_data: paymentIntentData.optional(),
  shipping_address_collection: z.strictObject({ allowed_countries: z.array(text(2)).min(1) }).optional(),
  shipping_options: z
    .array(z.strictObject({ shipping_rate_data: shippingRateData }))
    .max(1, "The sandbox offers one way of shipping")
    .optional(),
  submit_type: z.enum(["auto", "book", "donate", "pay", "subscribe"]).optional(),
  subscription_data: subscriptionData.optional(),
} satisfies Partial<Record<keyof Stripe.Checkout.SessionCreateParams, unknown>>;
type Given = z.output<z.ZodObject<typeof createShape>>;

const daySeconds = 24 * 60 * 60;

type Parts = { items: Stripe.LineItem[]; rate: Stripe.ShippingRate | null };

function checkoutSession(scope: Scope, given: Given, { items, rate }: Parts): Session {
  const mode = given.mode ?? "payment";
  const id = `${scope.id("cs_test")}${scope.id("")}`;
  // A subscription needs a customer.
  const creation = mode === "subscription" ? "always" : (given.customer_creation ?? "if_required");
  const subtotal = items.reduce((sum, item) => sum + item.amount_total, 0);
  const shipping = rate?.fixed_amount?.amount ?? 0;
  return {
    id,
    object: "checkout.session",
    adaptive_pricing: { enabled: false },
    after_expiration: null,
    allow_promotion_codes: null,
    allowed_payment_method_types: null,
    amount_subtotal: subtotal,
    amount_total: subtotal + shipping,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    billing_address_collection: null,
    cancel_url: given.cancel_url ?? null,
    client_reference_id: given.client_reference_id ?? null,
    client_secret: null,
    collected_information: null,
    consent: null,
    consent_collection: null,
    created: scope.now,
    currency: items[0]?.currency ?? null,
    currency_conversion: null,
    custom_fields: [],
    custom_text: { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null },
    customer: given.customer ?? null,
    customer_account: null,
    customer_creation: given.customer === undefined ? creation : null,
    customer_details: null,
    customer_email: given.customer_email ?? null,
    discounts: [],
    expires_at: given.expires_at ?? scope.now + daySeconds,
    integration_identifier: null,
    invoice: null,
    invoice_creation: null,
    livemode: false,
    locale: given.locale ?? null,
    managed_payments: null,
    metadata: given.metadata ?? {},
    mode,
    origin_context: null,
    payment_intent: null,
    payment_link: null,
    payment_method_collection: "if_required",
    payment_method_configuration_details: null,
    payment_method_options: { card: { request_three_d_secure: "automatic" } },
    payment_method_types: ["card"],
    payment_status: "unpaid",
    permissions: null,
    phone_number_collection: { enabled: false },
    recovered_from: null,
    saved_payment_method_options: null,
    setup_intent: null,
    shipping_address_collection: given.shipping_address_collection ?? null,
    shipping_cost:
      rate === null
        ? null
        : { amount_subtotal: shipping, amount_tax: 0, amount_total: shipping, shipping_rate: rate.id },
    shipping_options: rate === null ? [] : [{ shipping_amount: shipping, shipping_rate: rate.id }],
    status: "open",
    submit_type: given.submit_type ?? null,
    subscription: null,
    success_url: given.success_url,
    total_details: { amount_discount: 0, amount_shipping: shipping, amount_tax: 0 },
    ui_mode: "hosted_page",
    url: `${scope.baseUrl}/sandbox/pay/${id}`,
    wallet_options: null,
    hidden: { intentData: given.payment_intent_data ?? {}, subscriptionData: given.subscription_data ?? {} },
  };
}

/** What Stripe takes at the least, in the settlement currency. https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts */
const leastMinor = 50n;

/** @throws Refusal when the mode does not fit what is asked for. */
function checkMode(given: Given, { items }: Parts): void {
  const isRecurring = items.some(({ price }) => price?.type === "recurring");
  if (given.mode === "subscription" && !isRecurring)
    throw badRequest({
      message: "You must provide at least one recurring price in `subscription` mode.",
      param: "mode",
    });
  if (given.mode !== "subscription" && isRecurring) {
    const message =
      "You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices.";
    throw badRequest({ message, param: "mode" });
  }
  const foreign = given.mode === "subscription" ? "payment_intent_data" : "subscription_data";
  if (given[foreign] !== undefined)
    throw badRequest({ message: `You can not pass \`${foreign}\` in this mode.`, param: foreign });
}

/** @throws Refusal when the parts do not make a payment that Stripe would take. */
function checkTotal({ amount_total: total, currency }: Stripe.Checkout.Session, { items, rate }: Parts): void {
  const [first] = items;
  if (first === undefined || currency === null || total === null)
    throw badRequest({ message: "A session needs a line.", param: "line_items" });
  if (items.some((item) => item.currency !== currency) || (rate !== null && rate.fixed_amount?.currency !== currency)) {
    throw badRequest({
      message: "All line items and shipping rates must have the same currency.",
      param: "line_items",
    });
  }
  if (!takesCurrency(currency))
    throw badRequest({ message: `Invalid currency: ${currency}`, param: "line_items[0][price_data][currency]" });
  if (total > amountMax)
    throw badRequest({
      code: "amount_too_large",
      message: "The Checkout Session's total amount must be no more than 99999999.",
    });
  if (total !== 0 && inCents(BigInt(total), currency) < leastMinor) {
    throw badRequest({
      code: "amount_too_small",
      message: "The Checkout Session's total amount must convert to at least 50 cents.",
    });
  }
}

const create = action("/v1/checkout/sessions", createShape, async (scope, given) => {
  if (given.customer !== undefined) await need(scope, "customer", given.customer, "customer");
  const { items, made } = await lineItems(scope, given.line_items);
  const option = given.shipping_options?.[0]?.shipping_rate_data;
  const parts = { items, rate: option === undefined ? null : shippingRate(scope, option) };
  checkMode(given, parts);
  const session = checkoutSession(scope, given, parts);
  checkTotal(session, parts);
  const change = emptyChange();
  put(change, scope.account, session);
  for (const object of made) put(change, scope.account, object);
  if (parts.rate !== null) put(change, scope.account, parts.rate);
  for (const item of items)
    put(change, scope.account, item, { name: "session", id: session.id, created: session.created });
  plan(change, scope.account, "expire", session.id, new Date(session.expires_at * 1000));
  await scope.save(change, session);
  return session;
});

const expire = action("/v1/checkout/sessions/:id/expire", {}, (scope, _, id) =>
  scope.locked([id], async () => {
    const session = await need(scope, "checkout.session", id, "session");
    if (session.status !== "open") {
      throw badRequest({
        message: `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${session.status}.`,
      });
    }
    const change = emptyChange();
    const over = expired(scope, change, session);
    await scope.save(change, over);
    return over;
  }),
);

/** Nobody can pay this session any more. */
export function expired(scope: Scope, change: Change, session: Session): Session {
  const over: Session = { ...session, status: "expired", url: null };
  put(change, scope.account, over);
  finish(change, scope.account, "expire", session.id);
  emit(scope, change, "checkout.session.expired", over);
  return over;
}

export const checkoutSessionEndpoints: Endpoint[] = [
  create,
  expire,
  retrieval("checkout.session", "/v1/checkout/sessions"),
  listing("checkout.session", "/v1/checkout/sessions", filters("payment_intent", "customer", "status", "subscription")),
];
