import { expired } from "./checkout-session.ts";
import { readAll } from "./scope.ts";
import type { Scope } from "./scope.ts";
import type { Change } from "./store.ts";

/** The time of a session is over. */
export async function expire(scope: Scope, change: Change, id: string): Promise<void> {
  const [found] = await readAll(scope, [id]);
  if (found?.object === "checkout.session" && found.status === "open") expired(scope, change, found);
}
