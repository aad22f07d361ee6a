import type Stripe from "stripe";
import { key } from "./entry.ts";
import type { Scope } from "./scope.ts";

const linesMax = 500;

/** All lines of a session, in their order. */
export async function linesOf(scope: Scope, session: string): Promise<Stripe.LineItem[]> {
  const found = await scope.store.list({
    account: scope.account,
    kind: "item",
    keys: [key("session", session)],
    anyOf: [],
    created: {},
    undelivered: null,
    after: null,
    before: null,
    order: "oldest first",
    limit: linesMax,
  });
  return found.filter((line) => line.object === "item");
}
