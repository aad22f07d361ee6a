import { count } from "./count.ts";

/** Words of a campaign's shop page. */
export const shopWords = {
  soldFor: "Sold for",
  errorTitle: (name: string): string => `Error: ${name}`,
  promiseHeading: "What becomes of the money",
  soldSoFar: (units: number): string =>
    units === 0 ? "None sold yet." : `${count(units, "piece", "pieces")} sold so far.`,
  noPromise: "No promise is stated for this sale.",
  itemsHeading: "Choose what you would like",
  quantity: "How many",
  /** Said before a variant's name to those who cannot see under which item it stands. */
  quantityOf: (item: string): string => `${item}: `,
  fewer: "One fewer",
  more: "One more",
  soldOut: "Sold out",
  left: (left: number): string => `${left} left`,
  noItems: "Nothing is for sale here at the moment.",
  giftHeading: "A gift on top",
  giftLegend: (fund: string): string => `Would you like to add a gift to ${fund}?`,
  noGift: "No gift",
  giftShow: "How should a gift on top be shown?",
  shipping: (amount: string): string =>
    `Shipping is ${amount} an order, within Canada and the United States. You type the address at Stripe.`,
  noShipping: "Nothing is shipped: you agree with the organisation how to get it.",
  freeShipping: "Shipping is free, within Canada and the United States. You type the address at Stripe.",
  totalHeading: "Your order",
  goods: "Goods",
  gift: "Gift",
  shippingLine: "Shipping",
  total: "Total",
  totalWithoutScript: "The next page at Stripe shows the total before you pay.",
  button: "Go to payment",
  buttonWithTotal: (amount: string): string => `Pay ${amount}`,
  notYet: (day: string): string => `Sale starts on ${day}.`,
  ended: (day: string): string => `The sale ended on ${day}. Thank you to everyone who bought.`,
  payment: (fund: string): string => `Payment by Stripe. You come back here to a confirmation. Sold for ${fund}.`,
  orderAnnounced: (amount: string): string => `Total ${amount}`,
};

/** What stands beside a field of the shop that cannot be taken as typed. */
export const shopErrors = {
  nothingChosen: "Choose at least one piece",
  quantityNotANumber: "Type how many as a whole number, such as 1 or 2",
  quantityTooLarge: (most: number): string => `At most ${most} of each. For more, please write to us`,
  tooFewLeft: (left: number): string => (left === 0 ? "Sold out. Please take it out" : `Only ${left} left. Take fewer`),
  onlyAGift: "To give without buying, use the fund's own page",
};
