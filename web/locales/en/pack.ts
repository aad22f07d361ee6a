import { count } from "./count.ts";

const people = (number: number): string => count(number, "person", "people");
const donors = (number: number): string => count(number, "donor", "donors");
const gifts = (number: number): string => count(number, "gift", "gifts");

/** The words of a board pack, on its page and in its PDF. Its French twin is `../fr/pack.ts`. */
export const packWords = {
  language: "English",
  percent: (number: number): string => `${number < 0 ? "−" : ""}${Math.abs(number)}%`,
  title: (number: number): string => `Board pack ${number}`,
  everything: "All funds, all organisations",
  placeOf: (organisation: string | null, fund: string | null, campaign: string | null): string =>
    [campaign, fund, organisation].filter((part) => part !== null).join(", "),
  allTime: "All time",
  since: (day: string): string => `Since ${day}`,
  until: (day: string): string => `Until ${day}`,
  fromTo: (from: string, to: string): string => `${from} to ${to}`,
  made: (moment: string, by: string): string => `Made on ${moment} by ${by}. It never changes.`,
  asOf: (moment: string): string => `As of ${moment}.`,
  page: (page: number, pages: number): string => `Page ${page} of ${pages}`,
  registration: (number: string): string => `Registration number ${number}`,
  responsible: "Who is responsible",
  total: "All together",
  unassigned: "Waiting for a fund",
  fund: "Fund",
  month: "Month",
  gross: "before fees",

  proof: {
    heading: "How far these numbers are proved",
    agrees: (organisation: string, moment: string): string =>
      `${organisation}: the books agree with Stripe to the cent, as of ${moment}.`,
    stale: (organisation: string, moment: string): string =>
      `${organisation}: the books agreed with Stripe when they were last compared, on ${moment}, which is some time ago.`,
    moving: (organisation: string): string => `${organisation}: payments at Stripe are being counted just now.`,
    differs: (organisation: string): string => `${organisation}: the books differ from Stripe.`,
    differsBy: (organisation: string, amount: string): string =>
      `${organisation}: the books differ from Stripe by ${amount}.`,
    notYet: (organisation: string): string => `${organisation}: the books have not been compared with Stripe yet.`,
    broken: (organisation: string): string => `${organisation}: the books do not add up. Ask the treasurer.`,
    closed: (organisation: string, month: string): string => `${organisation}: closed up to and including ${month}.`,
    closedBy: (organisation: string, month: string, by: string): string =>
      `${organisation}: closed up to and including ${month}, by ${by}.`,
    open: (organisation: string): string =>
      `${organisation}: no month is closed yet, so every figure may still change.`,
    bank: "The bank's own statements have not been compared yet.",
    chips: { good: "proved at Stripe", warn: "not all proved" },
  },

  figures: {
    heading: "In short",
    raised: "Raised",
    reached: "Reached the cause",
    donors: "Donors",
    cameBack: "Came back",
    given: (given: string, returned: string): string => `${given} given, ${returned} returned`,
    unnamed: (number: number): string =>
      number === 0 ? "people, each counted once" : `people, and ${count(number, "unnamed gift", "unnamed gifts")}`,
    ofBefore: (before: number): string => `of the ${people(before)} who gave in the period before`,
    noBefore: "There is no period before to come back from.",
    changes: {
      more: (share: string, than: string): string => `${share} more than in ${than}`,
      less: (share: string, than: string): string => `${share} less than in ${than}`,
      same: (than: string): string => `the same as in ${than}`,
      instead: (was: string, then: string): string => `${was} in ${then}`,
    },
    with: {
      previous: "the period before",
      "last year": "the same days of last year",
      campaign: (name: string): string => `the same days of ${name}`,
    },
    upTo: (day: string): string => `Compared up to the same point, ${day}.`,
    sum: "How much reached the cause",
    plusProceeds: "plus proceeds of merchandise",
    lessFees: "less fees borne",
    provisional: (number: number): string =>
      `${gifts(number)} still ${number === 1 ? "waits for its fee" : "wait for their fees"}, so the last line may fall a little.`,
  },

  changed: {
    heading: "What changed since your last meeting",
    none: "This is the first pack of this place, so there is nothing to compare with yet.",
    since: (number: number, moment: string): string =>
      `Since board pack ${number} of ${moment}, all that was ever raised changed like this:`,
    more: (amount: string, more: string, people: string): string =>
      `${amount} more was raised in all, by ${more}; ${people}.`,
    less: (amount: string): string =>
      `What was raised in all is ${amount} less: more was returned or corrected than was given.`,
    nothing: "Nothing came in and nothing was returned.",
    newPeople: (number: number): string =>
      number === 0
        ? "no new donors"
        : number > 0
          ? count(number, "new donor", "new donors")
          : `${donors(-number)} fewer, by returns or because two turned out to be one`,
    gifts: (number: number): string => (number >= 0 ? gifts(number) : `${gifts(-number)} fewer`),
    columns: { raised: "Raised", gifts: "Gifts", donors: "Donors" },
    caption: "Differences since the last pack, by fund",
    gone: (name: string): string => `${name} (no longer shown here)`,
    restated: (period: string, then: string, now: string): string =>
      `That pack gave ${then} as raised in “${period}”. Today the same period stands at ${now}: gifts came late, were returned or were corrected.`,
    stands: (period: string, amount: string): string =>
      `That pack gave ${amount} as raised in “${period}”. It still stands.`,
  },

  funds: {
    heading: "By fund",
    caption: "Totals of the period by fund",
    columns: { raised: "Raised", proceeds: "Proceeds", fees: "Fees", reached: "Reached", donors: "Donors" },
    once: "A person who gave to two funds counts once in the last line, so the counts above it may add up to more.",
    joint: (organisation: string): string =>
      `A fund shared with another organisation shows what all of them raised. The last line is what came to ${organisation} alone.`,
    other: (amount: string, where: string): string => `Also raised, and never added in: ${amount}, ${where}.`,
    jointCaption: "What each organisation raised for this fund",
    organisation: "Organisation",
    owed: (from: string, amount: string, to: string): string => `${from} owes ${to} ${amount} of it.`,
    owesNothing: "Neither owes the other anything of it.",
  },

  months: {
    heading: "Raised over time",
    caption: "Given and returned by month",
    columns: { given: "Given", returned: "Returned", raised: "Raised" },
    chart: "Raised by month",
    summary: (months: number, raised: string, best: string): string =>
      `Columns of ${count(months, "month", "months")}, ${raised} raised in all; most in ${best}. The table has every figure.`,
    below: "What was returned stands below the line.",
    none: "No month of this period has a gift.",
    earlier: (months: number): string => `The ${count(months, "month", "months")} before`,
  },

  people: {
    heading: "Who gave",
    sentence: (all: number, fresh: number): string =>
      `${people(all)} gave. ${fresh === 0 ? "None" : String(fresh)} of them ${fresh === 1 ? "was" : "were"} new.`,
    back: (returning: number, before: number, lapsed: number): string =>
      `Of the ${people(before)} who gave in the period before, ${returning} came back and ${lapsed} did not, or not yet.`,
    regained: (number: number): string => `${people(number)} came back after a longer while.`,
    samePoint: (returning: number, before: number): string =>
      `At the same point one period earlier, ${returning} of ${before} had come back.`,
    share: (share: string): string => `That is ${share}.`,
    noBefore: "A period without a first day has none before it, so nobody can be said to have come back.",
  },

  size: {
    heading: "A typical gift",
    sentence: (median: string, average: string): string =>
      `Half of the gifts were of ${median} or less. The average gift was ${average}; one large gift can move it.`,
    none: "No gift of this period has a known amount.",
    caption: "Gifts by size",
    columns: { size: "A gift of", gifts: "Gifts" },
    chart: "Gifts by size",
    summary: (number: number): string => `Bars of ${gifts(number)} by size. The table has every figure.`,
    from: (from: string, to: string): string => `${from} to under ${to}`,
    under: (to: string): string => `under ${to}`,
    over: (from: string): string => `${from} or more`,
  },

  plans: {
    heading: "What is regular",
    none: "Nobody has set up a gift that repeats.",
    sentence: (active: number, base: string): string =>
      `${count(active, "gift repeats", "gifts repeat")} and ${active === 1 ? "brings" : "bring"} ${base} a month.`,
    moved: (began: number, ended: number): string => `In the period ${began} began and ${ended} ended.`,
    ofStart: (ended: number, start: number): string =>
      `${ended} ended, of the ${start} that ran when the period began.`,
    failing: (number: number): string =>
      `${count(number, "payment of them has", "payments of them have")} failed and ${number === 1 ? "is" : "are"} not made good yet.`,
  },

  concentration: {
    heading: "Do we depend on a few",
    missing:
      "How much came from the few who gave most is kept for fiscal years and for all time, and not for other periods.",
    none: "Nobody who is known gave anything that stayed.",
    sentence: (share: string): string => `The largest donor gave ${share} of what stayed.`,
    flag: "That is more than a quarter: the fund depends on one person.",
    caption: "From the few who gave most",
    columns: { people: "The largest", amount: "Gave", share: "Share" },
    top: (number: number): string => donors(number),
    few: (number: number): string => `Only ${people(number)} gave.`,
  },

  /** The accounts of the books that are counted as cost, where their own names are in another language. */
  accounts: {} as Readonly<Record<string, string>>,

  cost: {
    heading: "What a dollar costs",
    missing: "Costs are an organisation's, and this pack is about a part of one, or about parts of several.",
    sentence: (cents: string): string => `To raise one dollar cost ${cents}.`,
    nothing: "Nothing was raised, so there is no cost of a dollar.",
    caption: "What is counted as cost",
    account: "Account",
    amount: "Cost",
    revenue: (amount: string): string => `Against ${amount} of gifts and sales, less what was returned.`,
  },

  spendable: {
    heading: "What may be spent freely",
    missing: "Of a campaign alone the books keep no balance.",
    sentence: (day: string, free: string, restricted: string): string =>
      `On ${day}, ${free} could be spent freely, and ${restricted} only for what it was given for.`,
    waiting: (amount: string): string => `${amount} waits for a fund.`,
    caption: "Balances of the funds",
    balance: "Balance",
    restricted: "restricted",
    free: "free",
  },

  merchandise: {
    heading: "Merchandise and its promise",
    caption: "What was sold",
    columns: {
      campaign: "Campaign",
      units: "Sold",
      gross: "Paid for goods",
      promised: "Promised",
      actual: "Went to the fund",
      difference: "Difference",
    },
    unknown: "not known yet",
    kept: "Every promise to buyers was kept.",
    short: (name: string, amount: string): string => `${name} went short of its promise by ${amount}.`,
    apart: "Merchandise is no gift: it stands apart from what was raised, and reaches the fund as proceeds.",
  },

  trust: {
    heading: "Can we trust the numbers",
    disputes: (open: number, amount: string): string =>
      `${count(open, "dispute is", "disputes are")} open at a bank, over ${amount}.`,
    noDisputes: "No dispute is open.",
    unassigned: (number: number, amount: string): string =>
      `${gifts(number)} of ${amount} ${number === 1 ? "waits" : "wait"} for a fund.`,
    noUnassigned: "No gift waits for a fund.",
    fees: (number: number): string =>
      `The ${number === 1 ? "fee" : "fees"} of ${gifts(number)} ${number === 1 ? "is" : "are"} not known yet.`,
    suspense: (amount: string): string => `${amount} at Stripe is of a kind that nobody has named yet.`,
    provisional: "Months that are not closed may still change.",
  },

  note: { heading: "From the treasurer" },
  definitions: { heading: "How we count" },

  shared: {
    sentence: "This is the part of the pack that may be shared.",
    why: "To protect donors, no figure here is about fewer than five people. A fund is shown only where finished blocks of months, each with at least five donors, begin and end exactly with this period.",
    hidden: (name: string): string =>
      `${name}: not shown, because it would tell of fewer than five people or its months are not finished.`,
    columns: { raised: "Raised", gifts: "Gifts", donors: "Donors" },
    whyAllTime:
      "Over all time a public fund shows here what its own page shows to everybody, as it stood when this link was made.",
    more: (funds: number): string =>
      `${count(funds, "more fund", "more funds")}, not public, ${funds === 1 ? "is" : "are"} not shown.`,
    rounded: "Donors are rounded down to a whole five.",
    sum: "The funds shown here",
    none: "No fund can be shown for this period.",
    left: "Left out for the same reason: what was returned, who gave most, sizes of single gifts, and gifts that wait for a fund.",
    merchandise: "Merchandise, over all time",
    ends: (moment: string): string => `This link works until ${moment}.`,
  },
};
