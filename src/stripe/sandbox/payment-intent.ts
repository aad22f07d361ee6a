import type Stripe from "stripe";
import { idOf } from "./entry.ts";
import type { Scope } from "./scope.ts";
import type { Kinds, PaymentIntentData } from "./store.ts";

type Asked = {
  amount: number;
  currency: string;
  customer: string | null;
  data: PaymentIntentData;
  presentment?: Stripe.PaymentIntent.PresentmentDetails | undefined;
  hidden?: Kinds["payment_intent"]["hidden"];
};

/** A payment that is still to be attempted. */
export function paymentIntent(scope: Scope, asked: Asked): Kinds["payment_intent"] {
  const id = scope.id("pi");
  const { data } = asked;
  return {
    id,
    object: "payment_intent",
    allowed_payment_method_types: null,
    amount: asked.amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: data.capture_method ?? "automatic_async",
    client_secret: `${id}_secret_${scope.id("")}`,
    confirmation_method: "automatic",
    created: scope.now,
    currency: asked.currency,
    customer: asked.customer,
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
    ...(asked.presentment === undefined ? {} : { presentment_details: asked.presentment }),
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
    ...(asked.hidden === undefined ? {} : { hidden: asked.hidden }),
  };
}

/** The payment intent of a session, made when somebody first tries to pay it. */
export function intentOfSession(
  scope: Scope,
  session: Kinds["checkout.session"],
  presentment: Stripe.PaymentIntent.PresentmentDetails | undefined,
): Kinds["payment_intent"] {
  return paymentIntent(scope, {
    amount: session.amount_total ?? 0,
    currency: session.currency ?? "cad",
    customer: idOf(session.customer),
    data: session.hidden?.intentData ?? {},
    presentment,
    hidden: { session: session.id },
  });
}

/** The payment intent after `charge` has got as far as it says. */
export function attempted(intent: Kinds["payment_intent"], charge: Stripe.Charge): Kinds["payment_intent"] {
  const tried = { ...intent, latest_charge: charge.id };
  if (charge.status === "failed") return { ...tried, ...failed(charge) };
  const going = { ...tried, last_payment_error: null, payment_method: charge.payment_method };
  if (charge.status === "pending") return { ...going, status: "processing" };
  if (!charge.captured) return { ...going, amount_capturable: charge.amount, status: "requires_capture" };
  return { ...going, amount_capturable: 0, amount_received: charge.amount_captured, status: "succeeded" };
}

function failed(charge: Stripe.Charge): Pick<Stripe.PaymentIntent, "last_payment_error" | "status"> {
  const isCard = charge.failure_code === "card_declined";
  return {
    last_payment_error: {
      type: isCard ? "card_error" : "invalid_request_error",
      code: isCard ? "card_declined" : "payment_intent_payment_attempt_failed",
      ...(isCard ? { decline_code: "generic_decline" } : {}),
      doc_url: `https://docs.stripe.com/error-codes#${isCard ? "card-declined" : "payment-intent-payment-attempt-failed"}`,
      message: charge.failure_message ?? "",
      charge: charge.id,
    },
    status: "requires_payment_method",
  };
}
