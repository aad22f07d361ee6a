import { badRequest } from "./error.ts";
import { listed } from "./list.ts";
import { readAll } from "./scope.ts";
import type { Scope } from "./scope.ts";
import type { Kind } from "./store.ts";

/** The references that Stripe lets a client replace by the object itself. https://docs.stripe.com/expand */
const expandable: Partial<Record<Kind, readonly string[]>> = {
  price: ["product"],
  "checkout.session": ["customer", "payment_intent", "line_items"],
  payment_intent: ["customer", "latest_charge"],
  charge: ["balance_transaction", "customer", "failure_balance_transaction", "payment_intent", "refunds"],
  refund: ["balance_transaction", "charge", "payment_intent"],
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
};

type Node = Record<string, unknown>;
const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && !Array.isArray(value);

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
  let nodes = [root].filter(isNode);
  for (const step of steps) {
    if (step === "data") nodes = nodes.flatMap((node) => (Array.isArray(node.data) ? node.data.filter(isNode) : []));
    else nodes = await stepInto(scope, nodes, step, path);
  }
}

async function stepInto(scope: Scope, nodes: Node[], step: string, path: string): Promise<Node[]> {
  for (const node of nodes) {
    const allowed = expandable[node.object as Kind] ?? [];
    // A nested object, such as a line's price, is a step on the way to a reference and not one itself.
    if (!allowed.includes(step) && !isNode(node[step])) {
      throw badRequest({ message: `This property cannot be expanded (${path}).`, param: "expand" });
    }
    const list = included[step];
    if (list !== undefined && node[step] === undefined) {
      const query = { kind: list.kind, filters: { [list.parent]: String(node.id) }, order: list.order, limit: 10 };
      node[step] = await listed(scope, list.path(String(node.id)), query);
    }
  }
  const ids = nodes.map((node) => node[step]).filter((value) => typeof value === "string");
  const found = new Map(
    (ids.length === 0 ? [] : await readAll(scope, [...new Set(ids)])).map((object) => [object.id, object]),
  );
  for (const node of nodes) {
    const reference = node[step];
    if (typeof reference === "string") node[step] = structuredClone(found.get(reference)) ?? reference;
  }
  return nodes.map((node) => node[step]).filter(isNode);
}
