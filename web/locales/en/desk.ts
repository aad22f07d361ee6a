import { count } from "./count.ts";

const setIt = "Set the clock, and have the machine keep it set by itself (NTP).";

/** Words of the desk's first page. */
export const deskWords = {
  title: "Desk",
  heading: "What needs a hand",
  lead: "What only a person can mend. Nothing of it is lost, and nothing of it is in any number until it is mended.",
  nothing: "Nothing needs a hand: all that came was booked, and Stripe answers what it is asked.",
  deadLetters: {
    heading: (letters: number): string => count(letters, "dead letter", "dead letters"),
    text: "Sent by Stripe, or asked of it, and not booked after every try.",
    link: "See why, and try again",
  },
  arriving: {
    heading: (payments: number): string =>
      `${count(payments, "payment has", "payments have")} been arriving for more than a day`,
    text: "Paid at Stripe, but not counted anywhere: Stripe has not said what for.",
    account: (account: string, payments: number, since: string): string =>
      `Account ${account}: ${count(payments, "payment", "payments")}, the oldest since ${since}.`,
    todo: "Mend what else stands on this page first, and have the dead letters tried again: what is missing is then asked for. If they still arrive an hour later, look for payments of that day in Stripe's dashboard that are in none of your funds.",
  },
  unlisted: {
    heading: "Lost deliveries are not looked for",
    text: "Once an hour Stripe is asked for what it could not deliver. That failed the last time, and is tried again.",
    account: (account: string, since: string, reason: string): string =>
      `Account ${account}, since ${since}: ${reason}.`,
  },
  clock: {
    heading: "This machine's clock",
    agrees: "It agrees with Stripe's to the second.",
    apart: (span: string, isAhead: boolean): string => `It is ${apart(span, isAhead)}, which does no harm.`,
    off: (span: string, isAhead: boolean): string =>
      `It is ${apart(span, isAhead)}. From 5 minutes on, every delivery of Stripe's is refused. ${setIt}`,
    refusing: (span: string, isAhead: boolean): string =>
      `It is ${apart(span, isAhead)}, so each delivery is refused as “more than 5 minutes ${isAhead ? "old" : "ahead of our clock"}”. Stripe repeats them for three days. ${setIt}`,
    measured: (moment: string): string => `Compared with an answer of Stripe's on ${moment}.`,
    unknown: "It has not been compared with Stripe's yet: the next answer of Stripe's says the time.",
    played: "Stripe is played on this machine, so there is nothing to compare its clock with.",
  },
};

/** A span of time without its rest: "61 seconds", "10 minutes", "3 hours", "2 days". */
export function spanInWords(milliseconds: number): string {
  const seconds = Math.round(Math.abs(milliseconds) / 1000);
  if (seconds < 120) return count(seconds, "second", "seconds");
  if (seconds < 7_200) return count(Math.floor(seconds / 60), "minute", "minutes");
  if (seconds < 172_800) return count(Math.floor(seconds / 3_600), "hour", "hours");
  return count(Math.floor(seconds / 86_400), "day", "days");
}

function apart(span: string, isAhead: boolean): string {
  return `${span} ${isAhead ? "ahead of" : "behind"} Stripe's`;
}
