import type { Money } from "./money.ts";

/**
 * A form's answer that was not taken: which field (`form` for the whole), and why, by a name that tests and words in
 * every language hold on to.
 */
export type Refusal = { field: string } & (
  | { reason: "amount too small" | "amount too large"; limit: Money }
  | { reason: "too many decimals"; currency: string }
  | { reason: "too few left"; left: bigint }
  | {
      reason:
        | "not how often"
        | "no amount"
        | "not an amount"
        | "not an e-mail address"
        | "note too long"
        | "empty basket"
        | "not a quantity"
        | "too many"
        | "not for sale"
        | "basket too large"
        | "closed";
    }
);

/** The longest note, in Unicode code points: within the 500 characters of a value of Stripe's metadata. */
export const noteLengthMax = 140;
/** The most of one variant that one order may have. */
export const quantityMax = 99;
/** Stripe takes at most 100 lines in one session: https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-line_items */
export const basketLinesMax = 100;
