import { expired } from "./session-end.ts";
import { expireIntent } from "./hold.ts";
import { readAll } from "./scope.ts";
import type { Scope } from "./scope.ts";
import type { Change } from "./store.ts";

/** The time of a session, or of what is held of a card, is over. */
export async function expire(scope: Scope, change: Change, id: string): Promise<void> {
  const [found] = await readAll(scope, [id]);
  if (found?.object === "checkout.session" && found.status === "open") expired(scope, change, found);
  if (found?.object === "payment_intent") await expireIntent(scope, change, found);
}
