import Stripe from "stripe";
import { type ClockEar, hearingTheTime } from "./clock.ts";

/** The API version that this code reads and writes; the SDK's types are generated from it, so another one is a type error. */
export const stripeApiVersion = "2026-10-28.endive" satisfies Stripe.LatestApiVersion;

type Fetch = typeof globalThis.fetch;

type ClientNeeds = { key: string; fetch?: Fetch; clock?: ClockEar | undefined };

/**
 * The SDK client that speaks for one Stripe account.
 *
 * `fetch` replaces the network: the sandbox answers through it in the same process, without a port. `clock` is told what
 * time Stripe's answers say. Network errors, 409 and 5xx are retried twice by the SDK, with the same idempotency key; 429 is
 * not, so a caller that loops has to heed `Retry-After` itself.
 */
export function stripeClient({ key, fetch = network, clock }: ClientNeeds): Stripe {
  return new Stripe(key, {
    apiVersion: stripeApiVersion,
    timeout: 20_000,
    maxNetworkRetries: 2,
    telemetry: false,
    appInfo: { name: "Almonry" },
    httpClient: Stripe.createFetchHttpClient(clock === undefined ? fetch : hearingTheTime(fetch, clock)),
  });
}

// One client for both runtimes: the SDK's own one on Node shows nobody the headers of an answer.
const network: Fetch = async (input, init) => await globalThis.fetch(input, init);
