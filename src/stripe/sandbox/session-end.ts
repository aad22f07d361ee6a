import type Stripe from "stripe";
import type { Session } from "./checkout-session.ts";
import { emptyChange, finish, plan, put } from "./entry.ts";
import { badRequest } from "./error.ts";
import { emit } from "./event.ts";
import { need } from "./scope.ts";
import type { Scope } from "./scope.ts";
import { linesOf } from "./session-lines.ts";
import { shown } from "./rendering.ts";
import type { Change } from "./store.ts";

const daySeconds = 24 * 60 * 60;
/** How long the address works that makes another session of one that expired. https://docs.stripe.com/payments/checkout/abandoned-carts */
const recoverableSeconds = 30 * daySeconds;

/** Keeps a session with its lines, until its time is over. */
export function opened(scope: Scope, change: Change, session: Session, items: readonly Stripe.LineItem[]): void {
  put(change, scope.account, session);
  for (const item of items)
    put(change, scope.account, item, { name: "session", id: session.id, created: session.created });
  plan(change, scope.account, "expire", session.id, new Date(session.expires_at * 1000));
}

/** Nobody can pay this session any more; if it is to be recovered, its event says where. */
export function expired(scope: Scope, change: Change, session: Session): Session {
  const recovery = session.after_expiration?.recovery;
  const over: Session = {
    ...session,
    status: "expired",
    url: null,
    ...(recovery?.enabled !== true
      ? {}
      : {
          after_expiration: {
            recovery: {
              ...recovery,
              expires_at: scope.now + recoverableSeconds,
              url: `${scope.baseUrl}/sandbox/recover/${session.id}`,
            },
          },
        }),
  };
  put(change, scope.account, over);
  finish(change, scope.account, "expire", session.id);
  emit(scope, change, "checkout.session.expired", over);
  return over;
}

/**
 * A person comes back to a session that expired: another one like it, which names it.
 * @throws Refusal when the session cannot be recovered, or not any more
 */
export async function recover(scope: Scope, id: string): Promise<Stripe.Checkout.Session> {
  const known = await need(scope, "checkout.session", id, "session");
  const recovery = known.after_expiration?.recovery;
  if (known.status !== "expired" || typeof recovery?.expires_at !== "number" || recovery.expires_at <= scope.now)
    throw badRequest({ message: "This Checkout Session cannot be recovered." });
  const lines = await linesOf(scope, id);
  const fresh = `${scope.id("cs_test")}${scope.id("")}`;
  const session: Session = {
    ...known,
    id: fresh,
    after_expiration: { recovery: { ...recovery, expires_at: null, url: null } },
    created: scope.now,
    expires_at: scope.now + daySeconds,
    payment_intent: null,
    recovered_from: id,
    status: "open",
    url: `${scope.baseUrl}/sandbox/pay/${fresh}`,
  };
  const change = emptyChange();
  opened(
    scope,
    change,
    session,
    lines.map((line) => ({ ...line, id: scope.id("li") })),
  );
  await scope.save(change);
  return shown(session);
}
