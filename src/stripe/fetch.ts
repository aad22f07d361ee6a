import Stripe from "stripe";
import type { FetchKind } from "../core/fact.ts";
import { isAway } from "./checkout.ts";

/** What came of asking Stripe; none of it throws, so that one question never holds up another. */
export type FetchAnswer =
  | { outcome: "found"; objects: object[] }
  /** Stripe cannot be asked now: not reachable, failing, too many questions, or our key is not taken. */
  | { outcome: "away"; reason: string; waitSeconds: number; isKeyRefused: boolean }
  /** Stripe says that this cannot be answered. */
  | { outcome: "refused"; reason: string };

/** The lease of a question is 30 s, so one request must end before. */
const options: Stripe.RequestOptions = { timeout: 20_000, maxNetworkRetries: 1 };

const waitSeconds = { away: 10, keyRefused: 300 };

/**
 * Asks Stripe for all lines of a session (`line_items`, by session id), for the session of a payment
 * (`checkout_session`, by payment intent id), or for a payment with its charge (`payment_intent`).
 */
export async function askStripe(stripe: Stripe, kind: FetchKind, id: string): Promise<FetchAnswer> {
  try {
    return { outcome: "found", objects: await ask(stripe, kind, id) };
  } catch (error) {
    if (isAway(error)) return away(error);
    if (error instanceof Stripe.errors.StripeError) return { outcome: "refused", reason: error.code ?? error.type };
    throw error;
  }
}

async function ask(stripe: Stripe, kind: FetchKind, id: string): Promise<object[]> {
  if (kind === "payment_intent")
    return [await stripe.paymentIntents.retrieve(id, { expand: ["latest_charge"] }, options)];
  if (kind === "checkout_session")
    return (await stripe.checkout.sessions.list({ payment_intent: id, limit: 100 }, options)).data;
  const lines: Stripe.LineItem[] = [];
  const params = { limit: 100, expand: ["data.price.product"] };
  for await (const line of stripe.checkout.sessions.listLineItems(id, params, options)) lines.push(line);
  return lines;
}

function away(error: Stripe.errors.StripeError): FetchAnswer {
  const isKeyRefused =
    error instanceof Stripe.errors.StripeAuthenticationError || error instanceof Stripe.errors.StripePermissionError;
  const asked = Number(error.headers?.["retry-after"]);
  const atLeast = isKeyRefused ? waitSeconds.keyRefused : waitSeconds.away;
  return {
    outcome: "away",
    reason: error.type,
    waitSeconds: Number.isFinite(asked) ? Math.max(atLeast, Math.min(asked, 3600)) : atLeast,
    isKeyRefused,
  };
}
