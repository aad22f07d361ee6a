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
      return { payment_intent: idOf(doc.payment_intent), customer: idOf(doc.customer), status: doc.status };
    case "payment_intent":
      return { customer: idOf(doc.customer) };
    case "charge":
      return { payment_intent: idOf(doc.payment_intent), customer: idOf(doc.customer) };
    case "refund":
      return { payment_intent: idOf(doc.payment_intent), charge: idOf(doc.charge) };
    case "balance_transaction":
      return { source: idOf(doc.source), type: doc.type, currency: doc.currency };
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

export function plan(change: Change, account: string, kind: SandboxTaskKind, id: string, dueAt: Date): void {
  change.tasks.push({ account, kind, id, dueAt, tries: 0 });
}
