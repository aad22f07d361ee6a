import { count, listInWords } from "./count.ts";

/** Words of a fund's page and of the list of all funds. */
export const fundWords = {
  errorTitle: (name: string): string => `Error: ${name}`,
  runBy: (names: readonly string[]): string =>
    names.length > 1 ? `A joint fund of ${listInWords(names)}` : `A fund of ${listInWords(names)}`,
  feesBorneElsewhere: "Card fees are paid from another fund, so that what you give is what arrives.",
  restricted: (restriction: string): string => `Only for: ${restriction}`,
  goalAhead: (goal: string, missing: string): string => `The goal is ${goal}; ${missing} is still missing.`,
  goalReached: (goal: string): string => `The goal of ${goal} is reached.`,
  raisedSince: (day: string): string => `from gifts, since ${day}`,
  raisedFromGifts: (gifts: number): string => `from ${count(gifts, "gift", "gifts")}`,
  raisedNothing: "no gift has arrived yet",
  donorsAnd: (unnamed: number): string =>
    unnamed === 0 ? "people" : `people, and ${count(unnamed, "unnamed gift", "unnamed gifts")}`,
  reachedNote: "with sales, after the fees this fund bears",
  arriving: (payments: number, amount: string): string =>
    `${count(payments, "payment", "payments")} of ${amount} ${payments === 1 ? "is" : "are"} arriving and not in these numbers yet.`,
  awaiting: (gifts: number): string =>
    `${count(gifts, "gift", "gifts")} in another currency ${gifts === 1 ? "is" : "are"} counted; the money is added when Stripe has converted it.`,
  otherCurrency: (amount: string): string => `Also raised, and never added in: ${amount}.`,
  monthsHeading: "Month by month",
  monthsCaption: (fund: string): string => `Gifts to ${fund} by month`,
  monthsHint:
    "Months are joined until at least five people have given in them, so that no line speaks of one person. Then a line stays as it is: what came later stands in the last one.",
  monthsEmpty: "No gift has arrived yet. The first one will stand here.",
  month: "Month",
  toMonth: (from: string, to: string): string => `${from} to ${to}`,
  remainder: "Not shown month by month",
  sum: "All time",
  recentHeading: "Recent gifts",
  recentHint: "Shown only where the donor agreed.",
  noRecentGifts: "No donor has asked to be shown here yet.",
  withoutName: "Without a name",
  /** Beside a gift that comes again and again, by Stripe's interval. */
  repeats: { month: "monthly", year: "yearly" } as Readonly<Record<string, string | undefined>>,
  repeatsOtherwise: "repeated",
  campaignsHeading: "Also for this fund",
  campaignLink: (name: string): string => `Shop: ${name}`,
  listTitle: "Funds",
  listHeading: "What was given, and for what",
  listLead: "Every fund, what it raised and from how many people. Each number opens the rows behind it.",
  listEmpty: "No fund is set up yet. Whoever runs this service adds them with npm run setup.",
  giveTo: (fund: string): string => `Give to ${fund}`,
  giveShort: "Give",
  shopHeading: "Shop",
  shopLead: "Things sold for a fund. What becomes of the money stands on each page.",
  shopEmpty: "Nothing is for sale at the moment.",
  shopFor: (fund: string): string => `for ${fund}`,
  from: (price: string): string => `from ${price}`,
  sold: (units: number): string => (units === 0 ? "none sold yet" : `${count(units, "piece", "pieces")} sold`),
};
