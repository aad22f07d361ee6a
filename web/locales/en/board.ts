import type { PresetName } from "../../../src/core/board-period.ts";
import { count } from "./count.ts";

/** Words of the dashboard, its tables and its charts. */
export const boardWords = {
  title: "Board",
  over: "All funds, all organisations",
  campaign: (name: string): string => `Sales of ${name}, and gifts that came with them`,
  fundOfAll: (fund: string): string => fund,
  place: (organisation: string, fund: string | null): string =>
    fund === null ? `The funds of ${organisation}` : `${fund} at ${organisation}`,
  placeNavigation: "What is shown",
  periods: {
    "all time": "All time",
    "this month": "This month",
    "last month": "Last month",
    "this quarter": "This quarter",
    "this fiscal year": "This fiscal year",
    "last fiscal year": "Last fiscal year",
    "last 12 months": "Last 12 months",
    campaign: "The whole campaign",
  } satisfies Record<PresetName, string>,
  allTime: "All time",
  since: (day: string): string => `Since ${day}`,
  until: (day: string): string => `Until ${day}`,
  periodNavigation: "Period",
  ownPeriod: "Another period",
  chosenPeriod: "Chosen days",
  compareNavigation: "Compared with",
  compare: { none: "Not compared", previous: "The period before", "last year": "The year before" },
  comparedWith: (name: string): string => `With ${name}`,
  makePack: "Make the pack",
  packs: "Packs",
  everything: "All funds, all organisations",
  placeOf: {
    organisation: "Organisations",
    fund: "Funds",
    campaign: "Campaigns",
  },
  from: "From",
  to: "To",
  showPeriod: "Show",
  asOf: (moment: string): string => `As of ${moment}.`,
  nothingWaits: "Nothing waits for a fund, and no payment is on its way.",
  unassignedWait: (gifts: number, amount: string): string =>
    `${count(gifts, "gift", "gifts")} of ${amount} ${gifts === 1 ? "waits" : "wait"} for a fund.`,
  arriving: (payments: number, amount: string): string =>
    `${count(payments, "payment", "payments")} of ${amount} ${payments === 1 ? "is" : "are"} arriving: paid, but not in any number until we know what for.`,
  awaiting: (gifts: number): string =>
    `${count(gifts, "gift", "gifts")} ${gifts === 1 ? "awaits" : "await"} conversion: counted, the money follows.`,
  pending: (payments: number, amount: string): string =>
    `${count(payments, "bank debit", "bank debits")} of ${amount} ${payments === 1 ? "is" : "are"} on the way: in no number until the bank has paid.`,
  renewalsRetried: (gifts: number, next: string | null): string =>
    `${count(gifts, "monthly or yearly payment", "monthly or yearly payments")} failed and ${gifts === 1 ? "is" : "are"} being retried${next === null ? "" : `, next on ${next}`}.`,
  renewalsGivenUp: (gifts: number): string =>
    `${count(gifts, "monthly or yearly payment", "monthly or yearly payments")} failed and ${gifts === 1 ? "is" : "are"} not retried any more: only the donor can bring another card.`,
  onlyPart: (name: string): string => `What waits for a fund or is on its way is not known of ${name} alone.`,
  noBooks: "There are no books yet that Stripe could be compared with.",
  booksMatch: "Books match Stripe to the cent: the difference is 0.00.",
  booksDiffer: "Something does not agree.",
  booksUnproved: "Not all of it is compared with Stripe.",
  moreOfProof: "What was compared, and what was not",
  booksOf: (name: string, state: string): string => `The books of ${name} and Stripe ${state}.`,
  booksBroken: (name: string): string =>
    `The books of ${name} do not prove themselves: the treasurer's desk says where.`,
  nothingClosed: "No month is closed yet, so all figures are provisional.",
  provisionalSince: (day: string): string => `Figures since ${day} are provisional; what came before is closed.`,
  notComparedYet: "Not compared yet: the bank's statements, and people who may be known twice.",
  statusChips: { proved: "in balance", waiting: "something waits", unproved: "not compared", broken: "does not agree" },
  figureNotes: {
    raised: (given: string, returned: string): string => `${given} given, ${returned} returned`,
    donors: (unnamed: number): string =>
      unnamed === 0 ? "people, each counted once" : `people, and ${count(unnamed, "unnamed gift", "unnamed gifts")}`,
    supporters: "people who gave or bought, each counted once",
    retention: (some: string, all: string, samePoint: string | null): string =>
      `${some} of the ${all} in the period before gave again${samePoint === null ? "" : `; ${samePoint} at this point then`}`,
    reached: "raised and proceeds, less fees borne",
    reachedProvisional: (gifts: number): string =>
      `raised and proceeds, less fees borne; the ${gifts === 1 ? "fee" : "fees"} of ${count(gifts, "gift", "gifts")} ${gifts === 1 ? "is" : "are"} still to come`,
  },
  chartsLabel: "Charts",
  daysLabel: "Days",
  given: "Given",
  returned: "Returned",
  raised: "Raised",
  byMonthHeading: "Raised, month by month",
  byMonthHint: "Above the line what was given, below it what was returned.",
  byMonthUnfinished: "The paler month is not over.",
  byFundHeading: "Raised, by fund",
  byFundHint: "Given less returned.",
  tableBehind: "Show as a table",
  undrawn: "The chart could not be drawn. The table has the same figures.",
  fundsHeading: "By fund",
  fundsCaption: "Totals by fund",
  monthsCaption: "Totals by month",
  raisedByFundCaption: "Raised by fund",
  fund: "Fund",
  month: "Month",
  notPublic: "not public",
  restricted: "restricted",
  unassigned: "Waiting for a fund",
  allFunds: "All together",
  cameTo: (organisation: string): string => `What came to ${organisation}`,
  jointNote: (organisation: string): string =>
    `A fund shared with another organisation shows what all of them raised. The last line, the large numbers and the months are what came to ${organisation} alone.`,
  onceNote: "A person who gave to two funds counts once in the last line, so the counts above it may add up to more.",
  otherCurrency: (amount: string, where: string): string => `Also raised, and never added in: ${amount}, ${where}.`,
  unfinishedChip: "not over",
  empty: "Nothing was given in this period.",
  emptyMonths: "No month of this period has a gift.",
  live: { on: "Live", off: "Not connected: trying again", closed: "No longer live: load the page again" },
  changed: (raised: string, donors: string): string => `Raised is now ${raised}, from ${donors}.`,
  people: (donors: number): string => count(donors, "person", "people"),
  byMonthSummary: (months: number, raised: string, best: string): string =>
    `Bar chart of ${count(months, "month", "months")}, ${raised} raised in all; most in ${best}. The table below has every figure.`,
  byFundSummary: (funds: number): string =>
    `Bar chart of what ${count(funds, "fund", "funds")} raised. The table below has every figure.`,
};
