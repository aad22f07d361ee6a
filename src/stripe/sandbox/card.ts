import type Stripe from "stripe";

/** Stripe's own test numbers stand behind these. https://docs.stripe.com/testing */
export const cards = {
  domestic: { label: "A Canadian card", country: "CA", last4: "0000", isDeclined: false },
  foreign: { label: "A card from another country", country: "US", last4: "4242", isDeclined: false },
  declined: { label: "A card that is declined", country: "CA", last4: "0002", isDeclined: true },
} as const;

export type Card = keyof typeof cards;

/** What Stripe's page says to the payer. */
export const declineMessage = "Your card was declined. Please try a different card.";

export function cardDetails(card: Card, amount: number): Stripe.Charge.PaymentMethodDetails {
  const { country, last4, isDeclined } = cards[card];
  return {
    type: "card",
    card: {
      amount_authorized: isDeclined ? null : amount,
      authorization_code: null,
      brand: "visa",
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: "pass" },
      country,
      electronic_commerce_indicator: null,
      exp_month: 12,
      exp_year: 2034,
      fingerprint: `sandbox${last4}`,
      funding: "credit",
      installments: null,
      last4,
      mandate: null,
      network: "visa",
      network_transaction_id: null,
      regulated_status: "unregulated",
      three_d_secure: null,
      transaction_link_id: null,
      wallet: null,
    },
  };
}
