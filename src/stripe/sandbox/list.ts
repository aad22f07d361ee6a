import type Stripe from "stripe";
import type { SandboxQuery, SandboxRange } from "../../core/sandbox.ts";
import { badRequest } from "./error.ts";
import { key } from "./entry.ts";
import { need, told } from "./scope.ts";
import type { Scope } from "./scope.ts";
import type { Kind, StripeObject } from "./store.ts";

/** What is asked of a list, in the words of the API's parameters; 10 objects unless `limit` says otherwise. */
export type ListRequest = {
  kind: Kind;
  filters?: Record<string, string | boolean | undefined>;
  anyOf?: string[];
  created?: SandboxRange | undefined;
  undelivered?: boolean | undefined;
  order?: SandboxQuery["order"];
  limit?: number | undefined;
  starting_after?: string | undefined;
  ending_before?: string | undefined;
};

/**
 * One page of a list, as Stripe pages: newest first, `starting_after` for what is older, `ending_before` for the page just
 * before. https://docs.stripe.com/api/pagination
 * @throws Refusal for both cursors at once, or one that is no object of this kind.
 */
export async function listed(scope: Scope, url: string, request: ListRequest): Promise<Stripe.ApiList<StripeObject>> {
  const { kind, filters = {}, starting_after: after = null, ending_before: before = null, limit = 10 } = request;
  if (after !== null && before !== null) {
    throw badRequest({ message: "You may only specify one of these parameters: starting_after, ending_before." });
  }
  if (after !== null) await need(scope, kind, after, "starting_after");
  if (before !== null) await need(scope, kind, before, "ending_before");
  const found = await scope.store.list({
    account: scope.account,
    kind,
    keys: Object.entries(filters).flatMap(([name, value]) => (value === undefined ? [] : [key(name, value)])),
    anyOf: request.anyOf ?? [],
    created: request.created ?? {},
    undelivered: request.undelivered ?? null,
    after,
    before,
    order: request.order ?? "newest first",
    limit: limit + 1,
  });
  // One more than asked for tells whether there are more: the last one, or going backwards the first.
  const page = before === null ? found.slice(0, limit) : found.slice(-limit);
  return { object: "list", data: await told(scope, page), has_more: found.length > limit, url };
}
