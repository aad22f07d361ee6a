import type Stripe from "stripe";
import { missing } from "./error.ts";
import type { Locked } from "./lock.ts";
import type { Change, KeptSession, Kind, Kinds, Store, StripeObject } from "./store.ts";

/** What a piece of work on one account's behalf may use: its objects, a clock reading, fresh ids, and one way to save. */
export type Scope = {
  account: string;
  store: Store;
  /** Seconds since 1970 on the sandbox's clock, the same all through the work. */
  now: number;
  /** How long after a payment its balance transaction comes. */
  delayMs: number;
  /** Where the payment page is. */
  baseUrl: string;
  /** The API request that all this is for, as its events tell it. */
  request: Stripe.Event.Request;
  locked: Locked;
  /** A new id, such as `ch_` and a random part. */
  id(prefix: string): string;
  /** Writes the change, and as one with it what an API request is answered with. */
  save(change: Change, answer?: StripeObject): Promise<void>;
};

/** Stripe's words for what could not be found. */
const nouns: Record<Kind, string> = {
  product: "product",
  price: "price",
  shipping_rate: "shipping rate",
  customer: "customer",
  "checkout.session": "checkout.session",
  item: "item",
  payment_intent: "payment_intent",
  charge: "charge",
  refund: "refund",
  balance_transaction: "balance transaction",
  event: "event",
};

const isOf = <K extends Kind>(
  kind: K,
  object: StripeObject,
): object is Extract<StripeObject, { object: K }> & Kinds[K] => object.object === kind;

/**
 * The object of this kind and id, in the scope's account only.
 * @throws Refusal 404 `resource_missing` when there is none; `param` is what named it.
 */
export async function need<K extends Kind>(scope: Scope, kind: K, id: string, param = "id"): Promise<Kinds[K]> {
  const [found] = await needAll(scope, kind, [id], param);
  if (found === undefined) throw missing(nouns[kind], id, param);
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
    if (object === undefined || !isOf(kind, object)) throw missing(nouns[kind], id, param);
    return object;
  });
}

/** The objects of these ids as they are told to a client now; unknown ids are left out. */
export async function readAll(scope: Scope, ids: readonly string[]): Promise<StripeObject[]> {
  return presented(scope, await scope.store.find(scope.account, ids));
}

/**
 * Fills in what changes by itself: funds become available with time, an event's deliveries come to an end. Leaves out what
 * is kept with a session only until it is paid.
 */
export async function presented(scope: Scope, objects: StripeObject[]): Promise<StripeObject[]> {
  const events = objects.filter((object) => object.object === "event").map((event) => event.id);
  const undelivered = new Set(events.length === 0 ? [] : await scope.store.undelivered(scope.account, events));
  return objects.map((object) => {
    if (object.object === "event") return { ...object, pending_webhooks: undelivered.has(object.id) ? 1 : 0 };
    if (object.object === "checkout.session") return withoutData(object);
    if (object.object !== "balance_transaction") return object;
    return { ...object, status: object.available_on <= scope.now ? "available" : "pending" };
  });
}

function withoutData(kept: KeptSession): Stripe.Checkout.Session {
  const { payment_intent_data: _, ...session } = kept;
  return session;
}
