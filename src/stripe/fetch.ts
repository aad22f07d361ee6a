import Stripe from "stripe";
import type { FetchKind } from "../core/fact.ts";
import { isAway } from "./checkout.ts";

/** What came of asking Stripe; none of it throws, so that one question never holds up another. */
export type FetchAnswer =
  | { outcome: "found"; objects: object[] }
  | Away
  /** Stripe says that this cannot be answered. */
  | { outcome: "refused"; reason: string };

/** Stripe cannot be asked now: not reachable, failing, too many questions, or our key is not taken. */
export type Away = {
  outcome: "away";
  reason: string;
  waitSeconds: number;
  /** Whether asking for anything else of this account would fare no better. */
  isWholeAccount: boolean;
  isKeyRefused: boolean;
};

/** The lease of a question is 30 s, so one request must end before. */
const options: Stripe.RequestOptions = { timeout: 20_000, maxNetworkRetries: 1 };

const waitSeconds = { away: 10, keyRefused: 300 };

/** Longer than this is waited for no `Retry-After`. */
const waitSecondsMax = 3600;

const asking: Record<FetchKind, (stripe: Stripe, id: string) => Promise<object[]>> = {
  async line_items(stripe, id) {
    const params = { limit: 100, expand: ["data.price.product"] };
    return await all(stripe.checkout.sessions.listLineItems(id, params, options));
  },
  async session_of_payment(stripe, id) {
    return await all(stripe.checkout.sessions.list({ payment_intent: id, limit: 100 }, options));
  },
  async charge(stripe, id) {
    return [await stripe.charges.retrieve(id, { expand: ["balance_transaction"] }, options)];
  },
  async payment_intent(stripe, id) {
    const params = { expand: ["latest_charge.balance_transaction"] };
    return [await stripe.paymentIntents.retrieve(id, params, options)];
  },
  async checkout_session(stripe, id) {
    return [await stripe.checkout.sessions.retrieve(id, {}, options)];
  },
  async refund(stripe, id) {
    const params = { expand: ["balance_transaction", "failure_balance_transaction"] };
    return [await stripe.refunds.retrieve(id, params, options)];
  },
  async balance_transaction(stripe, id) {
    return [await stripe.balanceTransactions.retrieve(id, {}, options)];
  },
  async customer(stripe, id) {
    return [await stripe.customers.retrieve(id, {}, options)];
  },
  async invoice(stripe, id) {
    // What paid an invoice stands in lists of its own since the API version 2025-03-31.basil.
    const invoice = await stripe.invoices.retrieve(id, {}, options);
    return [invoice, ...(await all(stripe.invoicePayments.list({ invoice: id, limit: 100 }, options)))];
  },
  async invoice_payment(stripe, id) {
    return [await stripe.invoicePayments.retrieve(id, {}, options)];
  },
  async subscription(stripe, id) {
    return [await stripe.subscriptions.retrieve(id, {}, options)];
  },
  async dispute(stripe, id) {
    // Its balance transactions come whole inside it.
    return [await stripe.disputes.retrieve(id, {}, options)];
  },
  async payout(stripe, id) {
    return [await stripe.payouts.retrieve(id, {}, options)];
  },
  async payout_members(stripe, id) {
    return await all(stripe.balanceTransactions.list({ payout: id, limit: 100 }, options));
  },
};

/** Asks Stripe for all of what `kind` says of this id, through the pinned API version. Never throws. */
export async function askStripe(stripe: Stripe, kind: FetchKind, id: string): Promise<FetchAnswer> {
  try {
    return { outcome: "found", objects: await asking[kind](stripe, id) };
  } catch (error) {
    if (isAway(error)) return away(error);
    if (error instanceof Stripe.errors.StripeError) return { outcome: "refused", reason: error.code ?? error.type };
    // The SDK throws a plain error for an answer that is JSON and yet none of Stripe's.
    return { outcome: "refused", reason: error instanceof Error ? error.message.slice(0, 200) : "unknown" };
  }
}

/** Every object of a list, page by page. */
async function all<Item extends object>(list: Stripe.ApiListPromise<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of list) found.push(item);
  return found;
}

/** How long to leave Stripe alone after such an error, and whether that concerns the whole account. */
export function away(error: Stripe.errors.StripeError): Away {
  const { errors } = Stripe;
  const isKeyRefused =
    error instanceof errors.StripeAuthenticationError || error instanceof errors.StripePermissionError;
  const asked = Number(error.headers?.["retry-after"]);
  const atLeast = isKeyRefused ? waitSeconds.keyRefused : waitSeconds.away;
  return {
    outcome: "away",
    reason: error.type,
    waitSeconds: Number.isFinite(asked) ? Math.max(atLeast, Math.min(asked, waitSecondsMax)) : atLeast,
    // A 5xx may be this object's alone.
    isWholeAccount: !(error instanceof errors.StripeAPIError),
    isKeyRefused,
  };
}
