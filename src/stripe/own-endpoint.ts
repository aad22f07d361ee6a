import type Stripe from "stripe";
import { isAway } from "./checkout.ts";
import { away } from "./fetch.ts";

/**
 * Whether one of the account's webhook endpoints that lead to one of `urls` is switched on.
 * @returns "unknown" when our key may not ask, null when Stripe cannot be asked just now
 */
export async function askOwnEndpoint(
  stripe: Stripe,
  urls: readonly string[],
): Promise<"enabled" | "disabled" | "missing" | "unknown" | null> {
  try {
    const { data } = await stripe.webhookEndpoints.list({ limit: 100 }, { timeout: 20_000, maxNetworkRetries: 1 });
    const own = data.filter(({ url }) => urls.includes(url));
    if (own.length === 0) return "missing";
    return own.some(({ status }) => status === "enabled") ? "enabled" : "disabled";
  } catch (error) {
    if (!isAway(error)) throw error;
    return away(error).isKeyRefused ? "unknown" : null;
  }
}
