import { badRequest } from "./error.ts";
import { listed } from "./list.ts";
import { readAll } from "./scope.ts";
import type { Scope } from "./scope.ts";
import { shown } from "./rendering.ts";
import type { Kind } from "./store.ts";

/** The references that Stripe lets a client replace by the object itself. https://docs.stripe.com/expand */
const expandable: Partial<Record<Kind, readonly string[]>> = {
  price: ["product"],
  promotion_code: ["promotion.coupon"],
  "checkout.session": ["customer", "invoice", "line_items", "payment_intent", "subscription"],
  subscription: ["customer", "latest_invoice"],
  invoice: ["customer", "parent.subscription_details.subscription", "payments"],
  invoice_payment: ["invoice", "payment.charge", "payment.payment_intent"],
  payment_intent: ["customer", "latest_charge"],
  charge: ["balance_transaction", "customer", "failure_balance_transaction", "payment_intent", "refunds"],
  refund: ["balance_transaction", "charge", "failure_balance_transaction", "payment_intent"],
  dispute: ["charge", "payment_intent"],
  payout: ["balance_transaction", "failure_balance_transaction", "original_payout", "reversed_by"],
  balance_transaction: ["source"],
};

/** Lists that are left out unless asked for; their length is Stripe's for a list inside an object. */
const included: Record<
  string,
  { kind: Kind; parent: string; path: (id: string) => string; order: "newest first" | "oldest first" }
> = {
  line_items: {
    kind: "item",
    parent: "session",
    path: (id) => `/v1/checkout/sessions/${id}/line_items`,
    order: "oldest first",
  },
  refunds: { kind: "refund", parent: "charge", path: (id) => `/v1/charges/${id}/refunds`, order: "newest first" },
  payments: { kind: "invoice_payment", parent: "invoice", path: () => "/v1/invoice_payments", order: "newest first" },
};

type Values = Record<string, unknown>;
const isValues = (value: unknown): value is Values =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A place on the way along a path; `owner` is the object it is in, `within` the way from there, as `parent.` */
type Node = { values: Values; owner: Kind; within: string };

/** An object of its own, or a mere part of `owner`. */
function nodeOf(values: Values, owner: Kind, within: string): Node {
  return typeof values.object === "string" && values.object !== "list"
    ? { values, owner: values.object as Kind, within: "" }
    : { values, owner, within };
}

/**
 * Replaces references by objects along paths like `data.price.product`, one read a step however many objects there are.
 * @throws Refusal for a path that Stripe would not expand, or deeper than four steps.
 */
export async function expanded<Answer extends object>(
  scope: Scope,
  answer: Answer,
  paths: readonly string[],
): Promise<Answer> {
  if (paths.length === 0) return answer;
  const copy = structuredClone(JSON.parse(JSON.stringify(answer)) as Answer);
  for (const path of paths) await follow(scope, copy, path);
  return copy;
}

async function follow(scope: Scope, root: object, path: string): Promise<void> {
  const steps = path.split(".");
  if (steps.filter((step) => step !== "data").length > 4) {
    throw badRequest({ message: `You cannot expand more than 4 levels of a property: ${path}`, param: "expand" });
  }
  let nodes = [root].filter(isValues).map((values) => nodeOf(values, "event", ""));
  for (const step of steps) {
    nodes = step === "data" ? nodes.flatMap(inList) : await stepInto(scope, nodes, step, path);
  }
}

function inList({ values, owner, within }: Node): Node[] {
  return Array.isArray(values.data) ? values.data.filter(isValues).map((each) => nodeOf(each, owner, within)) : [];
}

async function stepInto(scope: Scope, nodes: Node[], step: string, path: string): Promise<Node[]> {
  for (const { values, owner, within } of nodes) {
    const allowed = expandable[owner] ?? [];
    // A nested object, such as a line's price, is a step on the way to a reference and not one itself.
    const isOnTheWay = isValues(values[step]) || allowed.some((way) => way.startsWith(`${within}${step}.`));
    if (!allowed.includes(`${within}${step}`) && !isOnTheWay) {
      throw badRequest({ message: `This property cannot be expanded (${path}).`, param: "expand" });
    }
    const list = included[step];
    if (list !== undefined && values[step] === undefined) {
      const id = String(values.id);
      const query = { kind: list.kind, filters: { [list.parent]: id }, order: list.order, limit: 10 };
      values[step] = await listed(scope, list.path(id), query);
    }
  }
  const ids = nodes.map(({ values }) => values[step]).filter((value) => typeof value === "string");
  const found = new Map(
    (ids.length === 0 ? [] : await readAll(scope, [...new Set(ids)])).map((object) => [object.id, shown(object)]),
  );
  return nodes.flatMap(({ values, owner, within }) => {
    const reference = values[step];
    if (typeof reference === "string") values[step] = structuredClone(found.get(reference)) ?? reference;
    const next = values[step];
    return isValues(next) ? [nodeOf(next, owner, `${within}${step}.`)] : [];
  });
}
