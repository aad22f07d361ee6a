import type Stripe from "stripe";
import { filters, listing, retrieval } from "./endpoint.ts";
import type { Endpoint } from "./endpoint.ts";
import { idOf } from "./entry.ts";
import type { Scope } from "./scope.ts";
import type { PaymentIntentData } from "./store.ts";

/** The payment intent of a session, made when somebody first tries to pay it. */
export function paymentIntent(
  scope: Scope,
  session: Stripe.Checkout.Session,
  data: PaymentIntentData,
): Stripe.PaymentIntent {
  const id = scope.id("pi");
  return {
    id,
    object: "payment_intent",
    allowed_payment_method_types: null,
    amount: session.amount_total ?? 0,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: "automatic_async",
    client_secret: `${id}_secret_${scope.id("")}`,
    confirmation_method: "automatic",
    created: scope.now,
    currency: session.currency ?? "cad",
    customer: idOf(session.customer),
    customer_account: null,
    description: data.description ?? null,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: data.metadata ?? {},
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {
      card: { installments: null, mandate_options: null, network: null, request_three_d_secure: "automatic" },
    },
    payment_method_types: ["card"],
    payment_record: null,
    processing: null,
    receipt_email: data.receipt_email ?? null,
    review: null,
    setup_future_usage: null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: "requires_payment_method",
    transfer_data: null,
    transfer_group: null,
  };
}

/** The payment intent after an attempt that made `charge`. */
export function attempted(intent: Stripe.PaymentIntent, charge: Stripe.Charge): Stripe.PaymentIntent {
  if (charge.status === "succeeded") {
    return {
      ...intent,
      amount_received: charge.amount_captured,
      last_payment_error: null,
      latest_charge: charge.id,
      payment_method: charge.payment_method,
      status: "succeeded",
    };
  }
  return {
    ...intent,
    last_payment_error: {
      type: "card_error",
      code: "card_declined",
      decline_code: "generic_decline",
      doc_url: "https://docs.stripe.com/error-codes#card-declined",
      message: "Your card was declined.",
      charge: charge.id,
    },
    latest_charge: charge.id,
    status: "requires_payment_method",
  };
}

export const paymentIntentEndpoints: Endpoint[] = [
  retrieval("payment_intent", "/v1/payment_intents"),
  listing("payment_intent", "/v1/payment_intents", filters("customer")),
];
