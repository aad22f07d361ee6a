import { count } from "./count.ts";

/** Words of how far Stripe's lists were compared with the books. */
export const comparedWords = {
  heading: "Compared with Stripe",
  lead: "Every hour all that Stripe lists is looked for in the books, and what nobody told is booked; once a day the last 35 days again.",
  noAccount: "This organisation has no Stripe account.",
  caption: "How far each account was compared with Stripe",
  columns: {
    account: "Account",
    sweptTo: "Agrees up to",
    outcome: "What came of it",
  },
  last: (moment: string): string => `last begun: ${moment}`,
  never: "never",
  notYet: "not finished yet",
  agrees: "agrees",
  differs: (differences: number): string =>
    differences === 1 ? "1 object differs" : `${count(differences, "object", "objects")} differ`,
  failed: (reason: string): string => `Not everything could be asked: ${reason}. It is tried again by itself.`,
  refused: (code: string): string => `Stripe refused with ${code}`,
  button: "Compare with Stripe now",
  asked: "Stripe is being asked, the last 35 days included. Open this page again in a minute to see what came of it.",
};
