import { count } from "./count.ts";

/** Words of the desk's first page. */
export const todoWords = {
  title: "To do",
  over: "Desk",
  heading: "To do",
  nothing: "Nothing needs a hand: all that came was booked, and Stripe answers what it is asked.",
  /** While the first steps are open, which are to be done. */
  nothingYet: "Nothing came that needs a hand. What comes next is below.",
  list: "To do, the most harmful first",
  by: (moment: string): string => `By ${moment}.`,
  late: (moment: string): string => `Should have been done by ${moment}.`,
  owner: (name: string): string => `${name} looks after it.`,
  unassigned: (gifts: number): string =>
    `${count(gifts, "gift waits", "gifts wait")} for a fund: counted, but under none.`,
  start: "First steps",
  seeGifts: "See which",
};
