import type { FetchKind } from "../../../src/core/fact.ts";
import { count } from "./count.ts";

/** Words of the page of what could not be booked. */
export const deadLetterWords = {
  title: "Dead letters",
  over: "Desk",
  lead: "What Stripe sent or was asked for, and could not be booked after every try. None of it is in any number until it is. Nothing is lost: each is kept word for word.",
  none: "There are no dead letters: all that came was booked.",
  heading: (letters: number): string => count(letters, "dead letter", "dead letters"),
  onlyNewest: (shown: number): string => `The newest ${shown} are shown.`,
  replayAll: "Try all again",
  replay: "Try again",
  replayOf: (name: string): string => `Try again: ${name}`,
  replayed: (letters: number): string =>
    letters === 0 ? "It was not there any more." : `${count(letters, "letter is", "letters are")} being tried again.`,
  tableLabel: "What they are, and why",
  columns: {
    what: "What",
    since: "Given up",
    reason: "Why",
    action: "Action",
  },
  about: (parts: readonly string[]): string => parts.join(", "),
  account: (slug: string): string => `account ${slug}`,
  sources: { webhook: "sent by Stripe", sweep: "fetched, undelivered", fetch: "answer of Stripe" },
  missingSince: (moment: string): string => `missing since ${moment}`,
  questions: {
    line_items: "Lines of a session",
    session_of_payment: "Session of a payment",
    charge: "Charge",
    payment_intent: "Payment",
    checkout_session: "Session",
    refund: "Refund",
    balance_transaction: "Balance transaction",
    customer: "Customer",
    invoice: "Invoice",
    invoice_payment: "Payment of an invoice",
    subscription: "Subscription",
    dispute: "Dispute",
    payout: "Payout",
    payout_members: "What was in a payout",
  } satisfies Record<FetchKind, string>,
  /** Reasons that Stripe gives, in words. */
  reasons: {
    resource_missing:
      "Stripe does not know it. A test event at a live endpoint looks like this, and so does an object of another account.",
    "answer not booked":
      "Stripe answered each time, and what is missing is still missing: an answer that could not be booked is a dead letter of its own; a payment in another currency may lack its balance transaction.",
  } as Readonly<Record<string, string>>,
};
