/**
 * What each number means, once. Pages show these texts beside the numbers and as footnotes, the API documentation
 * prints them; no other text may explain a number.
 */
export type NumberName =
  | "given"
  | "returned"
  | "raised"
  | "proceeds"
  | "fees"
  | "reached"
  | "gifts"
  | "donors"
  | "unnamedGifts"
  | "supporters"
  | "newDonors"
  | "returning"
  | "regained"
  | "lapsed"
  | "retention"
  | "median"
  | "average"
  | "monthlyBase"
  | "churn"
  | "cohort"
  | "concentration"
  | "pace"
  | "free"
  | "restricted"
  | "costToRaise"
  | "sold"
  | "promised"
  | "actual"
  | "difference"
  | "owed";

/** `label` is what stands above the number, `text` one or two plain sentences that can be read without the page. */
export type Definition = { label: string; text: string };

export const definitions: Record<NumberName, Definition> = {
  given: {
    label: "Given",
    text: "All gifts that succeeded, before anything is taken off.",
  },
  returned: {
    label: "Returned",
    text: "Refunds, which we gave back, and disputes, which a donor's bank took back. If a refund fails or the bank decides for us, that is a line of its own with the other sign, on its own day.",
  },
  raised: {
    label: "Raised",
    text: "Given less returned. It counts gifts only: what merchandise brings is shown apart, as proceeds.",
  },
  proceeds: {
    label: "Proceeds",
    text: "What sales bring to the fund under the promise made to buyers.",
  },
  fees: {
    label: "Fees",
    text: "What Stripe took for the gifts of this fund, unless another fund bears it. Fees of sales belong to the sale. Stripe tells some fees later: how many gifts still wait for theirs stands beside.",
  },
  reached: {
    label: "Reached the cause",
    text: "Raised, plus proceeds, less the fees this fund bears.",
  },
  gifts: {
    label: "Gifts",
    text: "Gifts that succeeded and were not wholly returned. One person may give many.",
  },
  donors: {
    label: "Donors",
    text: "Different people with at least one gift that was not wholly returned. Each person is counted once, also when the name is hidden. Over several funds, too, each counts once.",
  },
  unnamedGifts: {
    label: "Unnamed gifts",
    text: "Gifts from nobody we know, such as cash in a box. They stand beside the donors and are never added to them.",
  },
  supporters: {
    label: "Supporters",
    text: "Different people who gave or bought something. Each is counted once; somebody who only bought is not a donor.",
  },
  newDonors: {
    label: "New donors",
    text: "People whose first gift of all, to what is shown here, lies in this period.",
  },
  returning: {
    label: "Came back",
    text: "People who gave in the period before and in this one.",
  },
  regained: {
    label: "Regained",
    text: "People who had given earlier, not in the period before, and gave again in this one.",
  },
  lapsed: {
    label: "Not yet again",
    text: "People who gave in the period before and have not given in this one. Until it is over they still may.",
  },
  retention: {
    label: "Retention",
    text: "Of the people who gave in the whole period before, how many gave in this one, too. While this period is not over the figure can only rise; beside it stands the same figure at the same point one period earlier.",
  },
  median: {
    label: "Median gift",
    text: "Half of the gifts were of at most this amount and half of at least this amount: a few large ones do not move it. Gifts that were wholly returned are left out.",
  },
  average: {
    label: "Average gift",
    text: "What was given, divided by the number of gifts. A single large gift lifts it. Gifts that were wholly returned are left out.",
  },
  monthlyBase: {
    label: "Monthly base",
    text: "What the gifts that repeat bring in a month, at the end of the period: a yearly one counts a twelfth, a weekly one 52 twelfths.",
  },
  churn: {
    label: "Ended",
    text: "Of the repeating gifts that ran when the period began, how many were ended in it, by their donors or because no card could be charged any more.",
  },
  cohort: {
    label: "Cohort",
    text: "People who first gave in the same fiscal year, and how many of them gave in each year after it. Each counts once a year.",
  },
  concentration: {
    label: "From the few who gave most",
    text: "How much of what stayed of the gifts of this year, or of all time, came from the one, five or ten people who gave most. Unnamed gifts are in the whole and nobody's.",
  },
  pace: {
    label: "On the way to the goal",
    text: "Raised so far as a share of the goal that was set for the fund.",
  },
  free: {
    label: "Free to spend",
    text: "What the funds without a restriction have in the books: bank, cash and money at Stripe, less what they owe. Disputed money is not in it.",
  },
  restricted: {
    label: "Restricted",
    text: "What the funds that may be spent for one purpose only have in the books. It must not be spent for anything else.",
  },
  costToRaise: {
    label: "Cost to raise a dollar",
    text: "Card and dispute fees, the fees and goods of sales, and what was booked as fundraising, divided by what was raised and sold. Time that nobody is paid for is not in it.",
  },
  sold: {
    label: "Sold",
    text: "What buyers paid for goods in this period, without shipping and before fees. Sales are no gifts and are never in what was raised.",
  },
  promised: {
    label: "Promised",
    text: "What the wording that buyers read promised for the pieces that were sold and not returned.",
  },
  actual: {
    label: "Given to the fund",
    text: "What the books gave to the fund out of these sales, under the promise in force when they were sold.",
  },
  difference: {
    label: "Difference",
    text: "Given to the fund, less promised. Zero or more says that the promise was kept.",
  },
  owed: {
    label: "Held for the other",
    text: "What one organisation of a joint fund has collected for the other and not yet paid over.",
  },
};

/** Every number that has a meaning here, in the order in which they are explained. */
export const numberNames = Object.keys(definitions) as NumberName[];
