import type Stripe from "stripe";
import { chargeUpdate } from "./charge-update.ts";
import { cards, isDebit, methodDetails, paymentMethodId } from "./card.ts";
import { filters, listing, retrieval } from "./endpoint.ts";
import type { Endpoint } from "./endpoint.ts";
import { idOf } from "./entry.ts";
import type { Payer } from "./payer.ts";
import type { Scope } from "./scope.ts";
import type { Kinds } from "./store.ts";

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

/** How an attempt to pay starts: taken, only held, on its way for days, or declined. */
export type Start = "taken" | "held" | "pending" | "declined";

/** An attempt to pay a payment intent. Its balance transaction is not known yet. */
export function charge(scope: Scope, intent: Kinds["payment_intent"], payer: Payer, start: Start): Kinds["charge"] {
  const { country } = cards[payer.card];
  const isDeclined = start === "declined";
  return {
    id: scope.id(isDebit(payer.card) ? "py" : "ch"),
    object: "charge",
    amount: intent.amount,
    amount_captured: start === "declined" || start === "held" ? 0 : intent.amount,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: {
      address: { city: null, country, line1: null, line2: null, postal_code: null, state: null },
      email: payer.email === "" ? null : payer.email,
      name: payer.name === "" ? null : payer.name,
      phone: null,
      tax_id: null,
    },
    calculated_statement_descriptor: "ALMONRY SANDBOX",
    captured: start === "taken" || start === "pending",
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
    paid: start === "taken" || start === "held",
    payment_intent: intent.id,
    payment_method: paymentMethodId(payer.card, (prefix) => scope.id(prefix)),
    payment_method_details: methodDetails(payer.card, intent.amount, !isDeclined),
    ...(intent.presentment_details === undefined ? {} : { presentment_details: intent.presentment_details }),
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
    status: start === "declined" ? "failed" : start === "pending" ? "pending" : "succeeded",
    transfer_data: null,
    transfer_group: null,
    hidden: { card: payer.card, ...(intent.hidden?.invoice === undefined ? {} : { invoice: intent.hidden.invoice }) },
  };
}

export const chargeEndpoints: Endpoint[] = [
  chargeUpdate,
  retrieval("charge", "/v1/charges"),
  listing("charge", "/v1/charges", filters("payment_intent", "customer")),
];
