import type Stripe from "stripe";
import { listenedTypes } from "../core/event.ts";
import type { AccountAtStripe, EndpointAtStripe } from "../core/stripe-key.ts";
import { stripeApiVersion } from "./client.ts";
import { nameOf, orNull } from "./permission.ts";

const options: Stripe.RequestOptions = { timeout: 8_000, maxNetworkRetries: 1 };

/** By this an endpoint is known as one that we made. */
const mark = { almonry: "endpoint" };

type EnabledEvent = Stripe.WebhookEndpointCreateParams.EnabledEvent;

/** Every type of event that an endpoint for our door is to send. */
const endpointTypes = Object.keys(listenedTypes) as EnabledEvent[];

/**
 * Makes the endpoint at Stripe that posts to our door, in the version that this code reads.
 * @param attempt sent twice, it makes one endpoint
 * @returns its id and what it signs with, which Stripe tells this once only
 * @throws whatever Stripe answers
 */
export async function makeEndpoint(
  stripe: Stripe,
  url: string,
  attempt: string,
): Promise<{ id: string; secret: string }> {
  const made = await stripe.webhookEndpoints.create(
    {
      url,
      enabled_events: endpointTypes,
      api_version: stripeApiVersion,
      description: "Almonry",
      metadata: mark,
    },
    { ...options, idempotencyKey: `almonry-endpoint-${attempt}` },
  );
  if (made.secret === undefined) throw new Error("Stripe made an endpoint and did not tell its secret");
  return { id: made.id, secret: made.secret };
}

/** Takes away the endpoints for this address that we made before; whatever cannot be taken away stays. */
export async function removeOldEndpoints(stripe: Stripe, url: string, keptId: string): Promise<void> {
  const listed = await orNull(async () => await stripe.webhookEndpoints.list({ limit: 100 }, options));
  for (const { id, url: its, metadata } of listed?.data ?? []) {
    if (id === keptId || its !== url || metadata["almonry"] !== mark.almonry) continue;
    await orNull(async () => await stripe.webhookEndpoints.del(id, {}, options));
  }
}

/** What Stripe says of an account and of the endpoint with this id, or else of the one that posts to this address. */
export async function describeAccount(
  stripe: Stripe,
  { url, endpointId }: { url: string; endpointId: string | null },
): Promise<AccountAtStripe> {
  const [account, payouts, endpoints] = await Promise.all([
    orNull(async () => await stripe.accounts.retrieveCurrent({}, options)),
    orNull(async () => await stripe.payouts.list({ limit: 10 }, options)),
    orNull(async () => await stripe.webhookEndpoints.list({ limit: 100 }, options)),
  ]);
  const ours =
    endpoints?.data.find(({ id }) => id === endpointId) ?? endpoints?.data.find((endpoint) => endpoint.url === url);
  return {
    id: account?.id ?? null,
    name: account === null ? null : nameOf(account),
    payoutInterval: account?.settings?.payouts?.schedule.interval ?? null,
    paysOutInstantly: payouts === null ? null : payouts.data.some(({ method }) => method === "instant"),
    endpoint: endpoints === null ? null : ours === undefined ? "none" : described(ours),
  };
}

function described(endpoint: Stripe.WebhookEndpoint): EndpointAtStripe {
  const { id, url, status, api_version: apiVersion, enabled_events: sent } = endpoint;
  const missingTypes = sent.includes("*") ? [] : endpointTypes.filter((type) => !sent.includes(type));
  return { id, url, isEnabled: status === "enabled", apiVersion, missingTypes };
}
