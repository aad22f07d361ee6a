import Stripe from "stripe";

/** The API version that this code reads and writes; the SDK's types are generated from it, so another one is a type error. */
export const stripeApiVersion = "2026-10-28.endive" satisfies Stripe.LatestApiVersion;

/**
 * The SDK client that speaks for one Stripe account.
 *
 * `fetch` replaces the network: the sandbox answers through it in the same process, without a port. Without it the SDK
 * picks its own client for the runtime it finds itself in. Network errors, 409 and 5xx are retried twice by the SDK, with
 * the same idempotency key; 429 is not, so a caller that loops has to heed `Retry-After` itself.
 */
export function stripeClient({ key, fetch }: { key: string; fetch?: typeof globalThis.fetch }): Stripe {
  return new Stripe(key, {
    apiVersion: stripeApiVersion,
    timeout: 20_000,
    maxNetworkRetries: 2,
    telemetry: false,
    appInfo: { name: "Almonry" },
    ...(fetch === undefined ? {} : { httpClient: Stripe.createFetchHttpClient(fetch) }),
  });
}
