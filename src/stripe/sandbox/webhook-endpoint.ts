import type Stripe from "stripe";
import { z } from "zod";
import { action, deletion, listing, retrieval } from "./endpoint.ts";
import type { Endpoint } from "./endpoint.ts";
import { emptyChange, put, remove } from "./entry.ts";
import { address, flag, mergedMetadata, metadata, text } from "./parameter.ts";
import { need } from "./scope.ts";
import type { Scope } from "./scope.ts";
import type { Kinds, Store } from "./store.ts";

type WebhookEndpoint = Kinds["webhook_endpoint"];

const path = "/v1/webhook_endpoints";
const endpointsMax = 100;

/** The endpoint that every account has from the start: our own door, signed with the account's own secret. */
const firstId = (account: string): string => `we_sandbox_${account}`;

type Made = { id: string; created: number; url: string; enabled_events: string[] };

const webhookEndpoint = ({ id, created, url, enabled_events }: Made): WebhookEndpoint => ({
  id,
  object: "webhook_endpoint",
  api_version: null,
  application: null,
  created,
  description: null,
  enabled_events,
  livemode: false,
  metadata: {},
  status: "enabled",
  url,
});

/** What events of an account are posted to. While nobody has touched its endpoints, the first one is kept nowhere. */
export async function webhookEndpointsOf(store: Store, account: string): Promise<WebhookEndpoint[]> {
  const [first] = await store.find(account, [firstId(account)]);
  const found = await store.list({
    account,
    kind: "webhook_endpoint",
    keys: [],
    anyOf: [],
    created: {},
    undelivered: null,
    after: null,
    before: null,
    order: "oldest first",
    limit: endpointsMax,
  });
  const kept = found.filter((object) => object.object === "webhook_endpoint");
  return first === undefined ? [untouched(account, "", 0), ...kept] : kept;
}

const untouched = (account: string, baseUrl: string, created: number): WebhookEndpoint =>
  webhookEndpoint({
    id: firstId(account),
    created,
    url: `${baseUrl}/webhooks/stripe/${account}`,
    enabled_events: ["*"],
  });

/** Keeps the first endpoint from now on, so that it can be asked for and changed like any other. */
async function keepFirst(scope: Scope): Promise<void> {
  const { account } = scope;
  if ((await scope.store.find(account, [firstId(account)])).length > 0) return;
  const change = emptyChange();
  put(change, account, untouched(account, scope.baseUrl, scope.now));
  await scope.save(change);
}

const touching = (endpoint: Endpoint): Endpoint => ({
  ...endpoint,
  async run(scope, parameters, id) {
    await keepFirst(scope);
    return await endpoint.run(scope, parameters, id);
  },
});

const createShape = {
  url: address,
  enabled_events: z.array(text(255)).min(1),
  api_version: text(50).optional(),
  description: text(5000).optional(),
  metadata: metadata.optional(),
} satisfies Partial<Record<keyof Stripe.WebhookEndpointCreateParams, unknown>>;

const create = action(path, createShape, async (scope, given) => {
  const secret = `whsec_${scope.id("").slice(1)}${scope.id("").slice(1)}`.slice(0, 38);
  const made: WebhookEndpoint = {
    ...webhookEndpoint({ ...given, id: scope.id("we"), created: scope.now }),
    api_version: given.api_version ?? null,
    description: given.description ?? null,
    metadata: given.metadata ?? {},
    hidden: { secret },
  };
  // The secret is told once, with this answer.
  const answer = { ...made, secret };
  const change = emptyChange();
  put(change, scope.account, made);
  await scope.save(change, answer);
  return answer;
});

const updateShape = {
  url: address.optional(),
  enabled_events: z.array(text(255)).min(1).optional(),
  description: text(5000).optional(),
  disabled: flag.optional(),
  metadata: metadata.optional(),
} satisfies Partial<Record<keyof Stripe.WebhookEndpointUpdateParams, unknown>>;

const update = action(`${path}/:id`, updateShape, async (scope, given, id) => {
  const known = await need(scope, "webhook_endpoint", id);
  const after: WebhookEndpoint = {
    ...known,
    url: given.url ?? known.url,
    enabled_events: given.enabled_events ?? known.enabled_events,
    description: given.description ?? known.description,
    metadata: given.metadata === undefined ? known.metadata : mergedMetadata(known.metadata, given.metadata),
    status: given.disabled === undefined ? known.status : given.disabled ? "disabled" : "enabled",
  };
  const change = emptyChange();
  put(change, scope.account, after);
  await scope.save(change, after);
  return after;
});

const del = deletion(`${path}/:id`, {}, async (scope, _, id) => {
  const known = await need(scope, "webhook_endpoint", id);
  const change = emptyChange();
  remove(change, scope.account, known);
  await scope.save(change);
  return { id, object: known.object, deleted: true };
});

export const webhookEndpointEndpoints: Endpoint[] = [
  create,
  update,
  del,
  retrieval("webhook_endpoint", path),
  listing("webhook_endpoint", path, {}),
].map(touching);
