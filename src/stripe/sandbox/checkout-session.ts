import type Stripe from "stripe";
import { z } from "zod";
import { lineShape } from "./line-item.ts";
import { address, flag, integer, metadata, text } from "./parameter.ts";
import type { Scope } from "./scope.ts";
import { shippingRateData } from "./shipping-rate.ts";
import type { Kinds } from "./store.ts";

export type Session = Kinds["checkout.session"];

const paymentIntentData = z.strictObject({
  capture_method: z.enum(["automatic_async", "manual"]).optional(),
  description: text(1000).optional(),
  metadata: metadata.optional(),
  receipt_email: text(512).optional(),
});

const subscriptionData = z.strictObject({
  description: text(500).optional(),
  metadata: metadata.optional(),
  trial_period_days: integer.optional(),
});

const recovery = z.strictObject({ enabled: flag, allow_promotion_codes: flag.optional() });

const discountShape = z.strictObject({ coupon: text(255).optional(), promotion_code: text(255).optional() });

export const createShape = {
  adaptive_pricing: z.strictObject({ enabled: flag.optional() }).optional(),
  after_expiration: z.strictObject({ recovery: recovery.optional() }).optional(),
  allow_promotion_codes: flag.optional(),
  discounts: z.array(discountShape).max(1, "You can only pass one discount").optional(),
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
export type Given = z.output<z.ZodObject<typeof createShape>>;

const daySeconds = 24 * 60 * 60;

export type Parts = { items: Stripe.LineItem[]; rate: Stripe.ShippingRate | null };

/** A session that waits for somebody to pay it. */
export function checkoutSession(scope: Scope, given: Given, { items, rate }: Parts): Session {
  const mode = given.mode ?? "payment";
  const id = `${scope.id("cs_test")}${scope.id("")}`;
  // A subscription needs a customer.
  const creation = mode === "subscription" ? "always" : (given.customer_creation ?? "if_required");
  const subtotal = items.reduce((sum, item) => sum + item.amount_subtotal, 0);
  const shipping = rate?.fixed_amount?.amount ?? 0;
  const recovering = given.after_expiration?.recovery;
  return {
    id,
    object: "checkout.session",
    adaptive_pricing: { enabled: given.adaptive_pricing?.enabled ?? false },
    after_expiration: recovering === undefined ? null : { recovery: recoveryOf(recovering) },
    allow_promotion_codes: given.allow_promotion_codes ?? null,
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

/** Whether there will be another session in place of one that expired; its address is known then. */
const recoveryOf = (given: z.output<typeof recovery>): Stripe.Checkout.Session.AfterExpiration.Recovery => ({
  allow_promotion_codes: given.allow_promotion_codes ?? false,
  enabled: given.enabled,
  expires_at: null,
  url: null,
});
