import type { MailWay } from "../../../src/core/mail.ts";
import { count } from "./count.ts";

const setIt = "Set the clock, and have the machine keep it set by itself (NTP).";

/** Words of the page of alerts. */
export const alertsWords = {
  title: "Alerts",
  heading: "What needs a hand",
  lead: "What only a person can mend. Nothing of it is lost, and nothing of it is in any number until it is mended.",
  nothing: "Nothing needs a hand: all that came was booked, and Stripe answers what it is asked.",
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
  since: (moment: string): string => `Since ${moment}.`,
  due: (moment: string): string => `To be mended by ${moment}.`,
  nobody: "Nobody looks after it yet.",
  owner: (name: string): string => `${name} looks after it.`,
  take: "I look after it",
  takeOf: (title: string): string => `I look after it: ${title}`,
  giveBack: "Not I any more",
  giveBackOf: (title: string): string => `Not I any more: ${title}`,
  taken: "Noted: you look after it.",
  givenBack: "Noted: nobody looks after it any more.",
  gone: "That is over already: there is nothing to look after.",
  mail: {
    heading: "Mail",
    ways: {
      sends: "What needs a hand is also told by mail to admins, once, and once more when it is over.",
      keeps:
        "Mail is written, but this service runs where it cannot send any: it waits until a service on Node uses the same database.",
      none: "No mail is sent: SMTP_URL is not set. What needs a hand stands here only.",
    } satisfies Record<MailWay, string>,
    waiting: (mails: number, oldest: string): string =>
      `${count(mails, "mail waits", "mails wait")} to be sent, the oldest since ${oldest}.`,
    nothingWaits: "No mail waits.",
    givenUp: (mails: number): string =>
      `${count(mails, "mail was", "mails were")} given up: the mail server did not take ${mails === 1 ? "it" : "them"}.`,
    replay: "Send them again",
    replayed: (mails: number): string => `${count(mails, "mail is", "mails are")} being sent again.`,
  },
  past: {
    heading: "What was mended",
    none: "Nothing needed a hand so far.",
    columns: { what: "What", since: "From", until: "To", owner: "Looked after by" },
    nobody: "nobody by name",
    label: "What was mended, the newest first",
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
