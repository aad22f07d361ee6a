import type { UnassignedGift } from "../../../src/core/correction.ts";
import { count } from "./count.ts";

/** Words of /desk/review. */
export const reviewWords = {
  title: "Review",
  lead: "What came in and nobody knows what it is for. One press sends it to where it would probably go; or choose several, and a fund.",
  gifts: (n: number): string =>
    n === 0 ? "No gift waits for a fund" : `${count(n, "gift waits", "gifts wait")} for a fund`,
  giftsCaption: "Gifts that wait for a fund",
  columns: {
    choose: "Choose",
    day: "Day",
    who: "From",
    amount: "Amount",
    description: "Said with it",
    where: "Probably",
  },
  nobody: "nobody known",
  choose: (amount: string, day: string): string => `The gift of ${amount} of ${day}`,
  to: (fund: string): string => `To ${fund}`,
  toOf: (fund: string, amount: string, day: string): string => `Send the gift of ${amount} of ${day} to ${fund}`,
  because: {
    person: "their last gift went there",
    description: "so did the last one with these words",
    general: "the general fund",
  } satisfies Record<UnassignedGift["because"], string>,
  reasonOne: "Assigned at review.",
  chosen: "What was chosen goes to",
  fund: "Fund",
  reason: "Reason",
  assign: "Assign what was chosen",
  suspense: (n: number): string =>
    n === 0 ? "Nothing is in suspense" : `${count(n, "sum is", "sums are")} in suspense`,
  suspenseCaption: "Money at Stripe that nobody knows",
  suspenseColumns: { choose: "Choose", day: "Day", what: "Stripe calls it", amount: "Amount", account: "Account" },
  chooseLine: (amount: string, id: string): string => `${amount}, ${id}`,
  later: "explains itself with its payout",
  code: "What it is",
  codes: {
    "4400": "Other income",
    "2300": "Held for others",
    "5000": "Processing fees",
    "5010": "Dispute fees",
    "5300": "Bank charges",
    "5320": "Cash over and short",
    "6900": "Administration",
    "6910": "Fundraising",
    "7000": "Exchange difference",
    "1105": "Payouts in transit",
    "1120": "Held back by Stripe",
    "2000": "Payables",
  } as Readonly<Record<string, string>>,
  say: "Say what it is",
  more: "There are more; these are the oldest.",
  done: {
    assigned: "Assigned. Totals, counts and books follow.",
    said: "Said. The books took it out of suspense.",
  } as Readonly<Record<string, string>>,
  failed: (refusal: string): string => `Nothing was assigned: ${refusal}.`,
  noneChosen: "choose at least one",
  noReason: "say why",
};
