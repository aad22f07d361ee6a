import type Stripe from "stripe";
import { filters, listing, retrieval } from "./endpoint.ts";
import type { Endpoint } from "./endpoint.ts";
import { idOf } from "./entry.ts";
import type { Scope } from "./scope.ts";

/** What the bank of the payer says; `amount` in minor units of the charge, all of it unless said. */
export type Claim = {
  reason: string;
  amount?: number;
  /** Only asked for the moment: no money moves until it becomes a dispute. */
  inquiry?: boolean;
  metadata?: Stripe.Metadata;
};

const daySeconds = 24 * 60 * 60;

const noEvidence: Stripe.Dispute.Evidence = {
  access_activity_log: null,
  billing_address: null,
  cancellation_policy: null,
  cancellation_policy_disclosure: null,
  cancellation_rebuttal: null,
  customer_communication: null,
  customer_email_address: null,
  customer_name: null,
  customer_purchase_ip: null,
  customer_signature: null,
  duplicate_charge_documentation: null,
  duplicate_charge_explanation: null,
  duplicate_charge_id: null,
  enhanced_evidence: {},
  product_description: null,
  receipt: null,
  refund_policy: null,
  refund_policy_disclosure: null,
  refund_refusal_explanation: null,
  service_date: null,
  service_documentation: null,
  shipping_address: null,
  shipping_carrier: null,
  shipping_date: null,
  shipping_documentation: null,
  shipping_tracking_number: null,
  uncategorized_file: null,
  uncategorized_text: null,
};

export function dispute(scope: Scope, charge: Stripe.Charge, claim: Claim): Stripe.Dispute {
  const isInquiry = claim.inquiry === true;
  const { card } = charge.payment_method_details ?? {};
  return {
    id: scope.id("du"),
    object: "dispute",
    amount: claim.amount ?? charge.amount_captured,
    balance_transactions: [],
    charge: charge.id,
    created: scope.now,
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: { ...noEvidence, customer_email_address: charge.billing_details.email },
    evidence_details: {
      due_by: scope.now + 7 * daySeconds,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: "not_submitted",
    },
    intended_submission_method: null,
    is_charge_refundable: isInquiry,
    livemode: false,
    metadata: claim.metadata ?? {},
    payment_intent: idOf(charge.payment_intent),
    ...(card === undefined
      ? {}
      : {
          network_reason_code: "4853",
          payment_method_details: {
            card: {
              brand: card.brand ?? "visa",
              case_type: isInquiry ? "inquiry" : "chargeback",
              network: card.network ?? "visa",
              network_reason_code: "4853",
            },
            type: "card",
          },
        }),
    reason: claim.reason,
    status: isInquiry ? "warning_needs_response" : "needs_response",
  };
}

export const disputeEndpoints: Endpoint[] = [
  retrieval("dispute", "/v1/disputes"),
  listing("dispute", "/v1/disputes", filters("charge", "payment_intent")),
];
