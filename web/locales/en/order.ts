/** Words for what only the whole order can be refused for; those of single fields stand in `give.ts` and `shop.ts`. */
export const orderErrors = {
  closed: "This is not open for payments at the moment. Nothing was taken.",
  notForSale: "Something in your order is not for sale any more and was taken out. Please check what is left.",
  tooManyLines: (most: number): string =>
    `One order takes up to ${most} different things. Take some out, and order the rest afterwards.`,
  totalTooSmall: (least: string): string => `An order must come to ${least} or more.`,
  totalTooLarge: (most: string): string => `An order must come to ${most} or less. For more, please write to us.`,
  gift: "Gift",
};

/** Words of the public numbers' address. */
export const apiErrors = {
  unknownCurrency: (currency: string, known: readonly string[]): string =>
    `Nothing is counted in the currency “${currency}”. Use ${known.join(" or ")}.`,
};
