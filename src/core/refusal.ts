import { formatMoney } from "./money.ts";

/**
 * A form's answer that was not taken: which field, why (a name that tests and translations hold on to), and in words
 * what to do about it.
 */
export type Refusal = { field: string; reason: RefusalReason; words: string };

export type RefusalReason =
  | "no amount"
  | "two amounts"
  | "not an amount"
  | "too many decimals"
  | "amount too small"
  | "amount too large"
  | "not an e-mail address"
  | "note too long"
  | "empty basket"
  | "not a quantity"
  | "not for sale"
  | "basket too large"
  | "closed";

/** What the words of a refusal may need to name. */
export type RefusalDetail = { limitMinor?: bigint; currency?: string; typed?: string; length?: number };

/** The words of each refusal: what was wrong and what to do, for the person at the form. */
const words: Record<RefusalReason, (detail: RefusalDetail) => string> = {
  "no amount": () => "Choose one of the amounts, or type your own.",
  "two amounts": ({ typed }) => `You chose one amount and typed another (${typed ?? ""}). Clear the typed one, or choose “Other amount”.`,
  "not an amount": () => "Type the amount in figures, such as 25 or 25.50.",
  "too many decimals": () => "Type the amount with fewer figures after the point, such as 25 or 25.50.",
  "amount too small": (detail) => `The least that can be paid online is ${limit(detail)}. Type that or more.`,
  "amount too large": (detail) => `The most that can be paid online at once is ${limit(detail)}. For more, please write to us.`,
  "not an e-mail address": () => "This does not look like an e-mail address. Type it like name@example.org, or leave it empty.",
  "note too long": ({ length }) => `The note has ${length ?? 0} characters. Shorten it to ${noteLengthMax}.`,
  "empty basket": () => "Nothing is in your basket yet. Choose how many of an item you would like.",
  "not a quantity": () => `Type how many as a whole number from 0 to ${quantityMax}.`,
  "not for sale": () => "This is not for sale any more and was taken out of your basket.",
  "basket too large": () => `A basket holds up to ${basketLinesMax} different things. Take some out, and order the rest afterwards.`,
  closed: () => "This is not open for payments at the moment. Nothing was charged.",
};

function limit({ limitMinor, currency }: RefusalDetail): string {
  return formatMoney({ amountMinor: limitMinor ?? 0n, currency: currency ?? "CAD" });
}

/** The longest note, in characters as people count them. */
export const noteLengthMax = 140;
/** The most of one item that one order may have. */
export const quantityMax = 99;
/** Stripe takes at most 100 lines in one Checkout session: https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-line_items */
export const basketLinesMax = 100;

/** Makes a refusal with its words. */
export function refuse(field: string, reason: RefusalReason, detail: RefusalDetail = {}): Refusal {
  return { field, reason, words: words[reason](detail) };
}
