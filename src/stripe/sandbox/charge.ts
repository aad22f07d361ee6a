import type Stripe from "stripe";
import { cardDetails, cards } from "./card.ts";
import { filters, listing, retrieval } from "./endpoint.ts";
import type { Endpoint } from "./endpoint.ts";
import { idOf } from "./entry.ts";
import type { Payer } from "./payer.ts";
import type { Scope } from "./scope.ts";

const approved: Stripe.Charge.Outcome = {
  advice_code: null,
  network_advice_code: null,
  network_decline_code: null,
  network_status: "approved_by_network",
  reason: null,
  risk_level: "normal",
  risk_score: 12,
  seller_message: "Payment complete.",
  type: "authorized",
};

const declined: Stripe.Charge.Outcome = {
  advice_code: "try_again_later",
  network_advice_code: "03",
  network_decline_code: "05",
  network_status: "declined_by_network",
  reason: "generic_decline",
  risk_level: "normal",
  risk_score: 12,
  seller_message: "The bank did not return any further details with this decline.",
  type: "issuer_declined",
};

/** An attempt to pay a payment intent, succeeded or failed at once. Its balance transaction is not known yet. */
export function charge(scope: Scope, intent: Stripe.PaymentIntent, payer: Payer): Stripe.Charge {
  const { country, isDeclined } = cards[payer.card];
  return {
    id: scope.id("ch"),
    object: "charge",
    amount: intent.amount,
    amount_captured: isDeclined ? 0 : intent.amount,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: {
      address: { city: null, country, line1: null, line2: null, postal_code: null, state: null },
      email: payer.email,
      name: payer.name,
      phone: null,
      tax_id: null,
    },
    calculated_statement_descriptor: "ALMONRY SANDBOX",
    captured: !isDeclined,
    created: scope.now,
    currency: intent.currency,
    customer: idOf(intent.customer),
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: isDeclined ? "card_declined" : null,
    failure_message: isDeclined ? "Your card was declined." : null,
    fraud_details: {},
    livemode: false,
    metadata: intent.metadata,
    on_behalf_of: null,
    outcome: isDeclined ? declined : approved,
    paid: !isDeclined,
    payment_intent: intent.id,
    payment_method: scope.id("pm"),
    payment_method_details: cardDetails(payer.card, intent.amount),
    radar_options: {},
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: intent.shipping,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: isDeclined ? "failed" : "succeeded",
    transfer_data: null,
    transfer_group: null,
  };
}

export const chargeEndpoints: Endpoint[] = [
  retrieval("charge", "/v1/charges"),
  listing("charge", "/v1/charges", filters("payment_intent", "customer")),
];
