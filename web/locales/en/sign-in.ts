import type { PasswordRefusal } from "../../../src/core/password.ts";
import type { Role } from "../../../src/core/role.ts";
import type { StaffRefusal } from "../../../src/core/staff.ts";

/** What each role is called, and what it may do. */
export const roleWords: Record<Role, { name: string; may: string }> = {
  admin: { name: "Admin", may: "sets up everything and says who is on the staff" },
  treasurer: { name: "Treasurer", may: "keeps the money: records, sorts, reconciles, and changes funds" },
  reviewer: { name: "Reviewer", may: "sees the desk and every number, and changes nothing" },
  board: { name: "Board", may: "sees the board's numbers, and no names" },
};

/** Where a role holds. */
export const placeWords = {
  everywhere: "All organisations",
  of: (organisation: string, fund: string | null): string =>
    fund === null ? organisation : `${organisation}: ${fund}`,
};

const passwords: Record<PasswordRefusal, string> = {
  "too short": "Choose a password of 12 characters or more. Four words that do not belong together are easy to keep.",
  "too long": "Choose a password of 128 characters or fewer.",
  "too common": "This is one of the passwords that are tried first. Choose another one.",
};

/** The reasons why a form was not taken. */
export function staffRefusalWords(refusal: StaffRefusal): string {
  switch (refusal.reason) {
    case "no name":
      return "Enter your name, as it stands beside what you do.";
    case "not an e-mail address":
      return "Enter an e-mail address, such as name@example.org.";
    case "not a role":
      return "Choose a role.";
    case "not a place":
      return "Choose where the role holds. An admin is for an organisation or for all, not for one fund.";
    default:
      return passwords[refusal.reason];
  }
}

export const signInWords = {
  title: "Sign in",
  over: "For the staff",
  email: "E-mail",
  password: "Password",
  submit: "Sign in",
  /** The same whether the address is known or not. */
  refused: "The address or the password is not right.",
  tooOften: (seconds: number): string =>
    `There were too many tries. Wait ${seconds === 1 ? "one second" : `${seconds} seconds`}, then try again.`,
  forgotten: "Forgot your password? Ask an admin of your organisation for a link to set a new one.",
  nobodyYet:
    "Nobody is on the staff yet. The first admin opens the address that the service printed when it started; it works for half an hour. Start the service again for a new one, or run npm run admin:create.",
  ended: "You have signed out.",
  changed: "Your password is changed. Sign in with the new one.",
  demo: {
    heading: "Look around as",
    lead: "This is the demo, on your own machine. Each button signs you in as somebody of the story; there is no password.",
    donor: { name: "Donor", may: "sees what everybody sees" },
    as: (role: string): string => `Look as ${role.toLowerCase()}`,
  },
};

export const codeWords = {
  title: "One more step",
  lead: "Your password is right. Type the six digits that your authenticator shows for Almonry now.",
  code: "Code",
  hint: "Or one of your recovery codes, such as k7dm2-x9ahq. Each works once.",
  submit: "Sign in",
  wrong: "This code is not right. The authenticator shows a new one every 30 seconds.",
  late: "That took too long, or there were too many wrong codes. Start again with your password.",
  locked: "There were too many wrong codes. Wait a quarter of an hour, then start again with your password.",
  again: "Start again",
};

export const linkWords = {
  name: "Your name",
  nameHint: "It stands beside what you do here.",
  email: "Your e-mail",
  password: "A new password",
  passwordHint: "12 characters or more. Four words that do not belong together are easy to keep.",
  setUp: {
    title: "Become the first admin",
    lead: "Almonry runs and nobody is on its staff yet. Whoever sends this form becomes the admin, who sets everything up and invites the others.",
    submit: "Become the admin",
  },
  join: {
    title: "Join the staff",
    lead: (email: string): string => `You are invited as ${email}. Choose a password and you are in.`,
    roles: "You will be",
    submit: "Join",
  },
  reset: {
    title: "Set a new password",
    lead: (email: string): string => `For ${email}. You are signed out everywhere, then sign in with the new one.`,
    clears: "Your authenticator is forgotten too: you set it up again after signing in.",
    submit: "Set the password",
  },
};
