import type { SandboxEntry, SandboxTaskKind } from "../../core/sandbox.ts";
import type { Change, StripeObject } from "./store.ts";

/** A Stripe reference is an id, the object itself where it was expanded, or nothing. */
export function idOf(reference: string | { id: string } | null | undefined): string | null {
  if (reference === null || reference === undefined) return null;
  return typeof reference === "string" ? reference : reference.id;
}

/** What the lists of this kind can be filtered by. Names are those of the list's parameters. */
function keys(doc: StripeObject): Record<string, string | boolean | null | undefined> {
  switch (doc.object) {
    case "product":
      return { active: doc.active };
    case "price":
      return { active: doc.active, product: idOf(doc.product), currency: doc.currency, type: doc.type };
    case "customer":
      return { email: doc.email };
    case "checkout.session":
      return {
        payment_intent: idOf(doc.payment_intent),
        customer: idOf(doc.customer),
        status: doc.status,
        subscription: idOf(doc.subscription),
      };
    case "subscription":
      return { customer: idOf(doc.customer), status: doc.status, price: idOf(doc.items.data[0]?.price) };
    case "invoice":
      return {
        customer: idOf(doc.customer),
        status: doc.status,
        subscription: idOf(doc.parent?.subscription_details?.subscription),
        collection_method: doc.collection_method,
      };
    case "line_item":
      return { invoice: doc.invoice };
    case "invoice_payment":
      return {
        invoice: idOf(doc.invoice),
        status: doc.status,
        payment_intent: idOf(doc.payment.payment_intent),
        charge: idOf(doc.payment.charge),
      };
    case "payment_intent":
      return { customer: idOf(doc.customer) };
    case "charge":
      return { payment_intent: idOf(doc.payment_intent), customer: idOf(doc.customer) };
    case "refund":
      return { payment_intent: idOf(doc.payment_intent), charge: idOf(doc.charge) };
    case "balance_transaction":
      // "none" is no id: what is in no payout yet is found by it.
      return {
        source: idOf(doc.source),
        type: doc.type,
        currency: doc.currency,
        payout: doc.hidden?.payout ?? "none",
      };
    case "billing_portal.session":
      return { customer: doc.customer };
    case "dispute":
      return { charge: idOf(doc.charge), payment_intent: idOf(doc.payment_intent) };
    case "payout":
      return { status: doc.status, automatic: doc.automatic, currency: doc.currency };
    case "promotion_code":
      return { code: doc.code, coupon: idOf(doc.promotion.coupon), active: doc.active };
    case "event":
      return { type: doc.type };
    default:
      return {};
  }
}

export const key = (name: string, value: string | boolean): string => `${name}:${value}`;

export function emptyChange(): Change {
  return { entries: [], tasks: [], done: [], answer: null };
}

/** Puts an object, in its new state, into a change; `parent` is what it is listed under. */
export function put(
  change: Change,
  account: string,
  doc: StripeObject,
  parent?: { name: string; id: string; created: number },
): void {
  const named = { ...keys(doc), ...(parent === undefined ? {} : { [parent.name]: parent.id }) };
  const entry: SandboxEntry<StripeObject> = {
    account,
    id: doc.id,
    kind: doc.object,
    created: "created" in doc ? doc.created : (parent?.created ?? 0),
    keys: Object.entries(named).flatMap(([name, value]) =>
      value === null || value === undefined ? [] : [key(name, value)],
    ),
    doc,
  };
  change.entries = [...change.entries.filter((other) => other.id !== doc.id), entry];
}

/** Deletes an object: it is found by its id as what says so, and by no list. */
export function remove(change: Change, account: string, { id, object }: Pick<StripeObject, "id" | "object">): void {
  const doc = { id, object, deleted: true } as unknown as StripeObject;
  const entry = { account, id, kind: `deleted ${object}`, created: 0, keys: [], doc };
  change.entries = [...change.entries.filter((other) => other.id !== id), entry];
}

const isNamed = (kind: SandboxTaskKind, id: string) => (task: { kind: SandboxTaskKind; id: string }) =>
  task.kind === kind && task.id === id;

/** Plans a task, in place of one of the same kind and object. */
export function plan(change: Change, account: string, kind: SandboxTaskKind, id: string, dueAt: Date): void {
  const isIt = isNamed(kind, id);
  change.done = change.done.filter((task) => !isIt(task));
  change.tasks = [...change.tasks.filter((task) => !isIt(task)), { account, kind, id, dueAt, tries: 0 }];
}

/** A task is done, or need not be done any more. */
export function finish(change: Change, account: string, kind: SandboxTaskKind, id: string): void {
  const isIt = isNamed(kind, id);
  change.tasks = change.tasks.filter((task) => !isIt(task));
  change.done = [...change.done.filter((task) => !isIt(task)), { account, kind, id }];
}
