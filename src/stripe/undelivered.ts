import type Stripe from "stripe";
import { isAway } from "./checkout.ts";
import { away, type Away } from "./fetch.ts";

/** How long Stripe keeps events. Source: https://docs.stripe.com/api/events */
export const eventsKeptDays = 30;

const pageMax = 100;

/**
 * Goes through the events since `since`, a page at a time, and hands them to `take` as text: all of them, or those that some
 * endpoint of the account has not taken, be it ours or another's.
 * @returns null when all were handed over, else why Stripe could not be asked for the rest
 */
export async function eachEvent(
  stripe: Stripe,
  { since, which }: { since: Date; which: "all" | "undelivered" },
  take: (events: string[]) => Promise<void>,
): Promise<Away | null> {
  const created = { gte: Math.floor(since.getTime() / 1000) };
  const params = { created, limit: pageMax, ...(which === "undelivered" && { delivery_success: false }) };
  let page: string[] = [];
  try {
    for await (const event of stripe.events.list(params, { timeout: 20_000, maxNetworkRetries: 1 })) {
      page.push(JSON.stringify(event));
      if (page.length === pageMax) await take(page.splice(0));
    }
  } catch (error) {
    if (!isAway(error)) throw error;
    return away(error);
  }
  await take(page);
  return null;
}
