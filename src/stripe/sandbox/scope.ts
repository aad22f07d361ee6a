import type Stripe from "stripe";
import { missing } from "./error.ts";
import type { Locked } from "./lock.ts";
import type { AccountSettings } from "./settings.ts";
import { shown } from "./rendering.ts";
import type { Change, Kind, Kinds, Store, StripeObject } from "./store.ts";

/** What a piece of work on one account's behalf may use: its objects, a clock reading, fresh ids, and one way to save. */
export type Scope = {
  account: string;
  store: Store;
  settings: AccountSettings;
  /** Seconds since 1970 on the sandbox's clock, the same all through the work. */
  now: number;
  /** How long after a payment its balance transaction comes. */
  delayMs: number;
  /** Where the payment page is. */
  baseUrl: string;
  /** The API request that all this is for, as its events tell it. */
  request: Stripe.Event.Request;
  locked: Locked;
  /** The name under which the account is paid. */
  accountName(): Promise<string | null>;
  /** A new id, such as `ch_` and a random part. */
  id(prefix: string): string;
  /** Whether Stripe tells of this at all. */
  generates(type: string, objectId: string): boolean;
  /** Writes the change, and as one with it what an API request is answered with. */
  save(change: Change, answer?: StripeObject | Stripe.DeletedCustomer): Promise<void>;
};

/** The same work at another moment: what became due is dated when it was due, however late it is done. */
export const at = (scope: Scope, seconds: number): Scope => ({ ...scope, now: seconds });

/** Stripe's words for what could not be found. */
const nouns: Partial<Record<Kind, string>> = {
  shipping_rate: "shipping rate",
  balance_transaction: "balance transaction",
  promotion_code: "promotion code",
  webhook_endpoint: "webhook endpoint",
};

const nounOf = (kind: Kind): string => nouns[kind] ?? kind;

/** Whether this only says that an object was deleted. */
export const isDeleted = (object: object): boolean => "deleted" in object && object.deleted === true;

const isOf = <K extends Kind>(
  kind: K,
  object: StripeObject,
): object is Extract<StripeObject, { object: K }> & Kinds[K] => object.object === kind;

/**
 * The object of this kind and id, in the scope's account only, with what the sandbox keeps to itself.
 * @throws Refusal 404 `resource_missing` when there is none; `param` is what named it.
 */
export async function need<K extends Kind>(scope: Scope, kind: K, id: string, param = "id"): Promise<Kinds[K]> {
  const [found] = await needAll(scope, kind, [id], param);
  if (found === undefined) throw missing(nounOf(kind), id, param);
  return found;
}

/** The objects of these ids, in the order of `ids`; a missing one is refused like in `need`. */
export async function needAll<K extends Kind>(
  scope: Scope,
  kind: K,
  ids: readonly string[],
  param = "id",
): Promise<Kinds[K][]> {
  if (ids.length === 0) return [];
  const found = new Map((await readAll(scope, [...new Set(ids)])).map((object) => [object.id, object]));
  return ids.map((id) => {
    const object = found.get(id);
    if (object === undefined || !isOf(kind, object) || isDeleted(object)) throw missing(nounOf(kind), id, param);
    return object;
  });
}

/** The objects of these ids as they are now, with what is kept; unknown ids are left out. */
export async function readAll(scope: Scope, ids: readonly string[]): Promise<StripeObject[]> {
  return presented(scope, await scope.store.find(scope.account, ids));
}

/** Fills in what changes by itself: funds become available with time, an event's deliveries come to an end. */
async function presented(scope: Scope, objects: StripeObject[]): Promise<StripeObject[]> {
  const events = objects.filter((object) => object.object === "event").map((event) => event.id);
  const undelivered = new Set(events.length === 0 ? [] : await scope.store.undelivered(scope.account, events));
  return objects.map((object) => {
    if (object.object === "event") return { ...object, pending_webhooks: undelivered.has(object.id) ? 1 : 0 };
    if (object.object !== "balance_transaction") return object;
    return { ...object, status: object.available_on <= scope.now ? "available" : "pending" };
  });
}

/** The objects as a client is told of them. */
export async function told(scope: Scope, objects: StripeObject[]): Promise<StripeObject[]> {
  return (await presented(scope, objects)).map(shown);
}
