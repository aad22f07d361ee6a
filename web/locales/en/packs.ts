import type { LinkDays, PackLanguages, PackRefusal } from "../../../src/core/pack.ts";
import { ofThis } from "../fr/count.ts";
import { count } from "./count.ts";

/** Words of the pages around board packs; what stands in a pack is in `pack.ts`. */
export const packsWords = {
  title: "Board packs",
  board: "Board",
  lead: "Each pack is the board as it stood at one moment, with the treasurer's note. It never changes.",
  make: "Make a pack",
  none: "No pack was made yet.",
  noneTodo: "Open the board, choose a period, and press “Make the pack”.",
  number: (number: bigint): string => `Board pack ${number}`,
  languages: { en: "English", fr: "French", "en fr": "English and French" } satisfies Record<PackLanguages, string>,
  madeAt: (moment: string, by: string): string => `made on ${moment} by ${by}`,
  madeByItself: (moment: string): string => `made by itself on ${moment}`,
  pdf: "PDF",
  everything: "All funds, all organisations",

  form: {
    title: "Make the pack",
    lead: "The pack keeps every number of the board as it is at this moment. It can be read, printed and shared, but never changed.",
    place: "About",
    from: "From",
    to: "To",
    dayHint: "Both days are included. Leave one empty for no limit.",
    languages: "Languages",
    languagesHint: "Of both, English comes first.",
    note: "Your note to the board",
    noteHint: "Markdown. A link to this pack shows the note word for word, so name no donor in it.",
    earlier: "The pack that the last meeting had",
    earlierHint: "The new pack says what changed since.",
    noEarlier: "None",
    button: "Make the pack",
    wrong: {
      "not a day": "Type a day like 2021-03-31.",
      "ends before it starts": "The period ends before it starts. Swap the two days.",
      "not a language": "Choose English, French or both.",
      "note too long": "The note has more than 8,000 characters. Shorten it.",
      "not a pack": "Choose one of the packs of the list.",
    } satisfies Record<PackRefusal, string>,
    refused: (refusal: string): string => `The pack was not made: ${refusal}.`,
  },

  done: {
    made: "The pack is made.",
    revoked: "The link shows nothing any more.",
    monthly: "It is saved.",
  } as Readonly<Record<string, string>>,

  links: {
    share: "Share",
    heading: "Links for people without sign-in",
    lead: "Whoever has a link sees this pack and nothing else: only figures that tell of five people or more, and your note word for word.",
    days: "Works for",
    dayChoice: { 7: "7 days", 30: "30 days", 90: "90 days" } satisfies Record<LinkDays, string>,
    make: "Make a link",
    made: "This is the link. It is shown here once, because nobody keeps it: copy it now.",
    label: "The link",
    none: "There is no link to this pack.",
    caption: "Links to this pack",
    columns: { made: "Made", ends: "Ends", opened: "Opened", state: "State" },
    by: (moment: string, by: string): string => `${moment}, by ${by}`,
    opened: (times: number, last: string | null): string =>
      last === null ? "not yet" : `${count(times, "time", "times")}, last on ${last}`,
    openedHint: "A messenger that looks for a preview counts as an opening. Who opened it is not kept.",
    states: { works: "works", ended: "ended", revoked: (by: string): string => `taken back by ${by}` },
    revoke: "Take back",
    revokeOf: (moment: string): string => `Take back the link of ${moment}`,
  },

  gone: "This link shows nothing. It may have been taken back, have reached its end, or have been cut off on its way. Ask whoever sent it for a new one.",
  noPdf: "This service cannot make PDF files where it runs. Open the pack's page and print it: it is made for paper.",

  monthly: {
    heading: "The pack of each month, by mail",
    lead: "On the 3rd of each month the pack of the month before is made, and its link is sent to the board members, treasurers and admins of the place. The link works for 30 days.",
    noMail: "No mail server is set for this service, so nothing can be sent.",
    caption: "Places whose pack goes by mail",
    off: "off",
    place: "Place",
    languages: "Sent in",
    save: "Save",
    saveOf: (place: string): string => `Save for ${place}`,
  },

  mail: {
    subject: {
      en: (month: string): string => `The board pack of ${month}`,
      fr: (month: string): string => `Le dossier du conseil ${ofThis(month)}`,
    },
    body: {
      en: (month: string, place: string): string => `The board pack of ${month} is ready: ${place}.`,
      fr: (month: string, place: string): string => `Le dossier du conseil ${ofThis(month)} est prêt\u00a0: ${place}.`,
    },
    link: {
      en: "The part that may be shared, without sign-in, for 30 days:",
      fr: "La partie qui peut être communiquée, sans connexion, pendant 30 jours\u00a0:",
    },
    whole: { en: "The whole pack, after signing in:", fr: "Le dossier entier, après connexion\u00a0:" },
    why: {
      en: "This mail comes once a month, because a treasurer switched it on for the board.",
      fr: "Ce courriel vient une fois par mois, parce que la trésorerie l’a demandé pour le conseil.",
    },
  },
};
