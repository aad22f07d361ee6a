import { badRequest } from "./error.ts";
import type { Given, Parts, Session } from "./checkout-session.ts";
import { inCents, takesCurrency } from "./fee.ts";
import { amountMax } from "./parameter.ts";

/** What Stripe takes at the least, in the settlement currency. https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts */
const leastMinor = 50n;

/** @throws Refusal when the mode does not fit what is asked for. */
export function checkMode(given: Given, { items }: Parts): void {
  const isRecurring = items.some(({ price }) => price?.type === "recurring");
  if (given.mode === "subscription" && !isRecurring)
    throw badRequest({
      message: "You must provide at least one recurring price in `subscription` mode.",
      param: "mode",
    });
  if (given.mode !== "subscription" && isRecurring) {
    const message =
      "You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices.";
    throw badRequest({ message, param: "mode" });
  }
  const foreign = given.mode === "subscription" ? "payment_intent_data" : "subscription_data";
  if (given[foreign] !== undefined)
    throw badRequest({ message: `You can not pass \`${foreign}\` in this mode.`, param: foreign });
}

/** @throws Refusal when the parts do not make a payment that Stripe would take. */
export function checkTotal({ amount_total: total, currency }: Session, { items, rate }: Parts): void {
  const [first] = items;
  if (first === undefined || currency === null || total === null)
    throw badRequest({ message: "A session needs a line.", param: "line_items" });
  if (items.some((item) => item.currency !== currency) || (rate !== null && rate.fixed_amount?.currency !== currency)) {
    throw badRequest({
      message: "All line items and shipping rates must have the same currency.",
      param: "line_items",
    });
  }
  if (!takesCurrency(currency))
    throw badRequest({ message: `Invalid currency: ${currency}`, param: "line_items[0][price_data][currency]" });
  if (total > amountMax)
    throw badRequest({
      code: "amount_too_large",
      message: "The Checkout Session's total amount must be no more than 99999999.",
    });
  if (total !== 0 && inCents(BigInt(total), currency) < leastMinor) {
    throw badRequest({
      code: "amount_too_small",
      message: "The Checkout Session's total amount must convert to at least 50 cents.",
    });
  }
}
