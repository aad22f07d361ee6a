import { exponent, formatMoney } from "../core/money.ts";
import type { Refusal } from "../core/refusal.ts";
import { basketLinesMax, quantityMax } from "../core/refusal.ts";
import { giveErrors } from "../../web/locales/en/give.ts";
import { orderErrors } from "../../web/locales/en/order.ts";
import { shopErrors } from "../../web/locales/en/shop.ts";

/** What stands beside the field for each reason, in the words of the pages. */
export function refusalInWords(refusal: Refusal): string {
  const isWhole = refusal.field === "form";
  switch (refusal.reason) {
    case "amount too small": {
      const least = formatMoney(refusal.limit);
      return isWhole ? orderErrors.totalTooSmall(least) : giveErrors.amountTooSmall(least);
    }
    case "amount too large": {
      const most = formatMoney(refusal.limit);
      return isWhole ? orderErrors.totalTooLarge(most) : giveErrors.amountTooLarge(most);
    }
    case "too many decimals":
      return giveErrors.amountTooManyDecimals(refusal.currency, exponent(refusal.currency));
    case "not how often":
      return giveErrors.everyMissing;
    case "no amount":
      return giveErrors.amountMissing;
    case "not an amount":
      return giveErrors.amountNotANumber;
    case "not an e-mail address":
      return giveErrors.emailNotOne;
    case "note too long":
      return giveErrors.noteTooLong;
    case "empty basket":
      return shopErrors.nothingChosen;
    case "not a quantity":
      return shopErrors.quantityNotANumber;
    case "too many":
      return shopErrors.quantityTooLarge(quantityMax);
    case "not for sale":
      return orderErrors.notForSale;
    case "too few left":
      return shopErrors.tooFewLeft(Number(refusal.left));
    case "basket too large":
      return orderErrors.tooManyLines(basketLinesMax);
    case "closed":
      return orderErrors.closed;
    default:
      return refusal satisfies never;
  }
}
