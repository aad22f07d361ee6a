import type Stripe from "stripe";

/**
 * What a person on the payment page can pay with. Stripe's own test numbers stand behind the cards
 * (https://docs.stripe.com/testing); a debit is a pre-authorised one from a Canadian bank account, which takes days.
 */
const means = {
  domestic: { label: "A Canadian card", country: "CA", last4: "0000", end: "paid" },
  foreign: { label: "A card from another country", country: "US", last4: "4242", end: "paid" },
  declined: { label: "A card that is declined", country: "CA", last4: "0002", end: "declined" },
  debit: { label: "A bank account; it takes days", country: "CA", last4: "6789", end: "paid" },
  "declines-later": {
    label: "A card that pays once, then no more",
    country: "CA",
    last4: "0341",
    end: "declined later",
  },
  "debit-fails": { label: "A bank account without funds", country: "CA", last4: "2227", end: "failed" },
  "debit-bounces": { label: "A bank account that takes the money back", country: "CA", last4: "1116", end: "bounced" },
  "refund-pending": { label: "A card that is slow to take a refund", country: "US", last4: "7726", end: "paid" },
  "refund-fails": { label: "A card that cannot take a refund", country: "US", last4: "5126", end: "paid" },
} as const;

export type Card = keyof typeof means;

type End = "paid" | "declined" | "declined later" | "failed" | "bounced";

export const cards: Record<Card, { label: string; country: string; last4: string; end: End }> = means;

/** What most people on the payment page want to try; the rest is for those who look for it. */
export const usualCards: readonly Card[] = ["domestic", "foreign", "declined", "debit"];
export const otherCards = (Object.keys(means) as Card[]).filter((card) => !usualCards.includes(card));

export const isCard = (value: string): value is Card => Object.hasOwn(cards, value);
export const isDebit = (card: Card): boolean => card.startsWith("debit");

/** Whether this attempt is declined at once; `isFirst` says that the person pays with it for the first time. */
export function isDeclined(card: Card, isFirst = true): boolean {
  const { end } = cards[card];
  return end === "declined" || (end === "declined later" && !isFirst);
}

/** Cards that the API knows by a name of its own. https://docs.stripe.com/testing#cards */
const named: Record<string, Card> = {
  pm_card_visa: "foreign",
  pm_card_ca: "domestic",
  pm_card_chargeDeclined: "declined",
  pm_card_chargeCustomerFail: "declines-later",
  pm_card_pendingRefund: "refund-pending",
  pm_card_refundFail: "refund-fails",
  pm_acssDebit_success: "debit",
};

/** The card behind a payment method that the API was given; one made by the sandbox carries its card in its id. */
export function cardOf(paymentMethod: string): Card | null {
  const known = Object.hasOwn(named, paymentMethod) ? named[paymentMethod] : undefined;
  const written = /^pm_(.+)_[a-z0-9]+$/u.exec(paymentMethod)?.[1]?.replaceAll("_", "-") ?? "";
  return known ?? (isCard(written) ? written : null);
}

/** A payment method of this card; `id` makes ids. */
export const paymentMethodId = (card: Card, id: (prefix: string) => string): string =>
  id(`pm_${card.replaceAll("-", "_")}`);

/** What Stripe's page says to the payer. */
export const declineMessage = "Your card was declined. Please try a different card.";

export function methodDetails(card: Card, amount: number, isTaken: boolean): Stripe.Charge.PaymentMethodDetails {
  return isDebit(card) ? debitDetails(card) : cardDetails(card, amount, isTaken);
}

function debitDetails(card: Card): Stripe.Charge.PaymentMethodDetails {
  const { last4 } = cards[card];
  return {
    type: "acss_debit",
    acss_debit: {
      bank_name: "SANDBOX BANK",
      fingerprint: `sandbox${last4}`,
      institution_number: "000",
      last4,
      mandate: `mandate_sandbox${last4}`,
      transit_number: "11000",
    },
  };
}

function cardDetails(card: Card, amount: number, isTaken: boolean): Stripe.Charge.PaymentMethodDetails {
  const { country, last4 } = cards[card];
  return {
    type: "card",
    card: {
      amount_authorized: isTaken ? amount : null,
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
