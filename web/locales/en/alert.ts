import type { AlertAbout, AlertKind } from "../../../src/core/alert.ts";
import type { Deed } from "../../../src/core/role.ts";
import { signatureToleranceMs } from "../../../src/core/clock.ts";
import { count } from "./count.ts";
import { spanInWords } from "./alerts.ts";
import { pauseWords } from "./pause.ts";

/** How an alert is told: a title for mails and lists, one sentence of what it does, what to do, and where. */
export type AlertWords = {
  title: (subject: string) => string;
  sentence: (about: AlertAbout, subject: string, moment: (at: Date) => string) => string;
  todo: string;
  /** The button that leads to where it is mended. */
  button: string;
  /** The page where it is mended, for those who may do so there; for all others that is the page of alerts. */
  page?: { href: (subject: string) => string; deed: Deed };
};

/** Where an account's keys and its endpoint are looked after. */
const stripePage = {
  href: (subject: string): string => `/desk/settings/stripe/${subject}`,
  deed: "change settings" as const,
};

const of = (subject: string): string => (subject === "" ? "" : ` (account ${subject})`);

export const alertWords: Record<AlertKind, AlertWords> = {
  "disk low": {
    title: () => "The disk is nearly full",
    sentence: ({ freePercent = 0, freeBytes = 0 }) =>
      `Only ${megabytes(freeBytes)} of the disk (${freePercent}%) is free: when it is full, nothing can be taken in.`,
    todo: "Make room on the machine that runs Almonry, or give it a larger disk.",
    button: "See what to do",
  },
  clock: {
    title: () => "This machine's clock is wrong",
    sentence: ({ aheadMs = 0 }) =>
      `The clock is ${spanInWords(aheadMs)} ${aheadMs > 0 ? "ahead of" : "behind"} Stripe's${
        Math.abs(aheadMs) > signatureToleranceMs
          ? ", so every delivery is refused."
          : "; from 5 minutes on, every delivery is refused."
      }`,
    todo: "Set the clock, and have the machine keep it set by itself (NTP).",
    button: "See what to do",
  },
  "endpoint disabled": {
    title: (subject) => `Stripe sends us nothing any more${of(subject)}`,
    sentence: (_, subject) =>
      `Stripe has switched the endpoint of account ${subject} off: gifts are taken, but we hear of them only when we ask.`,
    todo: "Switch the endpoint on again in Stripe's dashboard, under Developers, Webhooks.",
    button: "See how",
    page: stripePage,
  },
  "key refused": {
    title: (subject) => `Stripe does not take our key${of(subject)}`,
    sentence: ({ reason = "" }, subject) => `Account ${subject}: ${pauseWords.reasons[reason] ?? reason}.`,
    todo: "Make a new key in Stripe's dashboard, or give this one the rights it lacks.",
    button: "See what to do",
    page: stripePage,
  },
  "dead letters": {
    title: (subject) => `Something of Stripe's could not be booked${of(subject)}`,
    sentence: ({ letters = 0 }, subject) =>
      `${count(letters, "dead letter", "dead letters")} of account ${subject}: sent by Stripe or asked of it, not booked after every try, in no number.`,
    todo: "Look why, mend it, and have them tried again.",
    button: "See why, and try again",
    page: { href: () => "/desk/dead-letters", deed: "see desk" },
  },
  "books differ": {
    title: (subject) => `Stripe and the books differ${of(subject)}`,
    sentence: ({ differences = 0, since }, subject, moment) =>
      `${count(differences, "object", "objects")} of account ${subject} ${differences === 1 ? "is" : "are"} at Stripe and not booked as there, or booked and not at Stripe${
        since === undefined ? "" : `; the last time both had the same was ${moment(new Date(since))}`
      }.`,
    todo: "See to the dead letters first; the log names the objects.",
    button: "See the dead letters",
    page: { href: () => "/desk/dead-letters", deed: "see desk" },
  },
  arriving: {
    title: (subject) => `Payments stay arriving${of(subject)}`,
    sentence: ({ payments = 0, since }, subject, moment) =>
      `${count(payments, "payment", "payments")} of account ${subject} ${payments === 1 ? "has" : "have"} been arriving for more than a day${
        since === undefined ? "" : `, the oldest since ${moment(new Date(since))}`
      }: paid, but in no number.`,
    todo: "Mend what else the desk names first; if they still arrive an hour later, look for payments of that day in Stripe's dashboard that are in none of your funds.",
    button: "See which accounts",
  },
  "sweep late": {
    title: (subject) => `Lost deliveries are not looked for${of(subject)}`,
    sentence: ({ since }, subject, moment) =>
      `What Stripe could not deliver to account ${subject} has not been asked for since ${since === undefined ? "the start" : moment(new Date(since))}.`,
    todo: "Look whether the machine reaches api.stripe.com, and whether a key is set for this account.",
    button: "See what to do",
  },
  "mail stuck": {
    title: () => "Mails could not be sent",
    sentence: ({ mails = 0 }) =>
      `${count(mails, "mail was", "mails were")} given up: the mail server does not take ${mails === 1 ? "it" : "them"}.`,
    todo: "Look at the reason, mend it, and have them sent again.",
    button: "See why, and send again",
  },
  proxy: {
    title: () => "A proxy stands in front that the settings do not name",
    sentence: () =>
      "Requests come through a proxy, and TRUSTED_PROXY_HOPS is 0: all who sign in count as one address, so that one who guesses passwords slows down everybody.",
    todo: "Set TRUSTED_PROXY_HOPS to the number of your own proxies in front of Almonry, and start it again.",
    button: "See what to do",
  },
};

function megabytes(bytes: number): string {
  const mega = bytes / 1_000_000;
  return mega < 1_000 ? `${Math.round(mega)} MB` : `${(mega / 1_000).toFixed(1)} GB`;
}
