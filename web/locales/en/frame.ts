import { formatCount } from "./count.ts";

/** Words that stand on every page. */
export const frameWords = {
  product: "Almonry",
  home: "Almonry, all funds",
  skip: "Skip to the main part",
  mainNavigation: "Main",
  rooms: { funds: "Funds", shop: "Shop", board: "Board", desk: "Desk" },
  deskNavigation: "Desk",
  deskRooms: {
    todo: "To do",
    gifts: "Gifts",
    review: "Review",
    money: "Money",
    books: "Books",
    payouts: "Payouts",
    alerts: "Alerts",
    deadLetters: "Dead letters",
    settings: "Settings",
    stripe: "Stripe",
    staff: "Staff",
  },
  needsHand: (things: number): string =>
    things === 1 ? "One thing needs a hand." : `${formatCount(things)} things need a hand.`,
  seeTodo: "See what to do",
  signedIn: "Signed in",
  signIn: "Sign in",
  signOut: "Sign out",
  sandbox: "Sandbox: no real money moves here.",
  whatIsThis: "What is this?",
  organisationsHeading: "Who is responsible",
  registration: (number: string): string => `Registration number ${number}`,
  footer: "Every number on these pages opens what it counts and the rows behind it.",
  api: "The same totals as JSON",
  title: (page: string): string => `${page} · Almonry`,
};
