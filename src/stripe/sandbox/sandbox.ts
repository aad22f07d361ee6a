import { Hono } from "hono";
import type Stripe from "stripe";
import type { Log } from "../../core/log.ts";
import type { SandboxAnswer } from "../../core/sandbox.ts";
import { apiRoutes } from "./api.ts";
import type { Card } from "./card.ts";
import { move, payOutNow, payPart, setCard } from "./deeds.ts";
import type { Movement } from "./deeds.ts";
import { createDelivery } from "./delivery.ts";
import type { Deliver } from "./posting.ts";
import { decideDispute, openDispute } from "./dispute-deeds.ts";
import type { DisputeOutcome } from "./dispute-deeds.ts";
import type { Claim } from "./dispute.ts";

import { doDue, dueKinds, planPayouts } from "./due.ts";
import { keyPrefix } from "./key.ts";
import { createLocks } from "./lock.ts";
import { pay } from "./pay.ts";
import type { Payment } from "./pay.ts";
import type { Payer } from "./payer.ts";
import { paymentPageRoutes } from "./payment-page-routes.tsx";
import { failPayout } from "./payout.ts";
import { portalRoutes } from "./portal-routes.tsx";
import { refuseRefund } from "./refund-deeds.ts";
import type { Scope } from "./scope.ts";
import { recover } from "./session-end.ts";
import { usualSettings } from "./settings.ts";
import type { AccountSettings } from "./settings.ts";
import { shown } from "./rendering.ts";
import type { Store } from "./store.ts";

export type SandboxNeeds = {
  store: Store;
  /** The sandbox's clock: what objects and events say of when they were made. A story may set it to any day. */
  now: () => Date;
  /** The real time, which signatures, back-off and idempotency keys go by. */
  wallClock: () => Date;
  /** A fresh random id, base 36. Ids and webhook secrets are made of it. */
  random: () => string;
  deliver: Deliver;
  /** Where the payment page is reached, such as `http://localhost:8787`. */
  baseUrl: string;
  /** The account of this slug, with the name that the payment page shows, or null when there is none. */
  findAccount(slug: string): Promise<{ name: string } | null>;
  log: Log;
  /** Where an account differs from the usual; asked anew with every piece of work. */
  settings?: (account: string) => Partial<AccountSettings>;
  /** Whether Stripe tells of this at all; events that it never generates are in no list. */
  generates?: (account: string, type: string, objectId: string) => boolean;
  /** How long after a payment or refund its balance transaction comes, on the sandbox's clock. */
  delayMs?: number;
};

export type Sandbox = {
  /** The API at `/v1/*` and the payment page at `/sandbox/*`. */
  app: Hono;
  /** For `stripeClient({ key, fetch })`: the API in the same process, without a port. */
  fetch: typeof globalThis.fetch;
  /** What the sandbox's clock says, as far as it has been turned. */
  now: () => Date;
  /** The secret key of an account, by which the API tells accounts apart. */
  key: (account: string) => string;
  /** What the account's deliveries are signed with: random, made once and kept in the store. */
  webhookSecret: (account: string) => Promise<string>;
  /** Plays a person on the payment page. */
  pay: (
    account: string,
    sessionId: string,
    payer: Omit<Payer, "shipping"> & Partial<Pick<Payer, "shipping">>,
  ) => Promise<Payment>;
  /** Gives a subscription another card, as its owner would in the customer portal. */
  setCard: (account: string, subscriptionId: string, card: Card) => Promise<Stripe.Subscription>;
  /** Pays a part of an open invoice, in minor units, by a payment of its own. */
  payPart: (account: string, invoiceId: string, amount: number, card: Card) => Promise<Stripe.Invoice>;
  /** The bank could not give a refund back, whatever it said before. */
  failRefund: (account: string, refundId: string) => Promise<Stripe.Refund>;
  /** Pays out, as Stripe does by itself every day, what is available of a currency; null when that is nothing. */
  payOut: (account: string, currency?: string) => Promise<Stripe.Payout | null>;
  /** The bank sends a payout back, also after it was told as paid. */
  failPayout: (account: string, payoutId: string) => Promise<Stripe.Payout>;
  /** Moves the balance as Stripe does without telling: monthly fees, taxes, reserves. A fee is a negative amount. */
  move: (account: string, movement: Movement) => Promise<Stripe.BalanceTransaction>;
  /** A person comes back to a session that expired and may be recovered: another session in its place. */
  recover: (account: string, sessionId: string) => Promise<Stripe.Checkout.Session>;
  /** The bank of a payer disputes a charge. A dispute of a pre-authorised debit is lost as it comes. */
  dispute: (account: string, chargeId: string, claim: Claim) => Promise<Stripe.Dispute>;
  /** What becomes of a dispute. */
  decideDispute: (account: string, disputeId: string, outcome: DisputeOutcome) => Promise<Stripe.Dispute>;
  /**
   * Does what has become due: balance transactions arrive, sessions run out, subscriptions are renewed, by the sandbox's
   * clock and in its order; undelivered events are tried again, by the real one. To be called every second or so. Deliveries
   * go on after it returns; see `idle`.
   */
  tick: () => Promise<{ settled: number; retried: number }>;
  /** Turns the sandbox's clock on by so many seconds, from where it stands, and does what falls due on the way. */
  advance: (seconds: number) => Promise<{ settled: number; retried: number }>;
  /** Waits until every event that is due for delivery has been tried. */
  idle: () => Promise<void>;
};

/** As many at once as one statement writes comfortably. */
const dueAtOnce = 200;

/**
 * A stand-in for Stripe, to be driven through the real SDK: what the API answers and the webhooks say is typed by the
 * SDK's own types. It holds no money and asks nobody. Its state is in `store`, so it goes on after a restart.
 */
export function createSandbox(needs: SandboxNeeds): Sandbox {
  const { store, wallClock, random, baseUrl, log, delayMs = 2000, generates = () => true } = needs;
  let aheadMs = 0;
  const now = (): Date => new Date(needs.now().getTime() + aheadMs);
  const locked = createLocks();
  const secrets = new Map<string, Promise<string>>();
  const accounts = new Map<string, string>();

  function webhookSecret(account: string): Promise<string> {
    const known = secrets.get(account);
    if (known !== undefined) return known;
    const asked = store.webhookSecret(account, `whsec_${random()}${random()}`.slice(0, 38));
    secrets.set(account, asked);
    // A database that was away for a moment is asked again the next time.
    asked.catch(() => secrets.delete(account));
    return asked;
  }

  /** The account's name, or null; a name once seen is not asked for again. */
  async function accountName(slug: string): Promise<string | null> {
    const known = accounts.get(slug) ?? (await needs.findAccount(slug))?.name;
    if (known !== undefined) accounts.set(slug, known);
    return known ?? null;
  }

  const settings = (account: string): AccountSettings => ({ ...usualSettings, ...needs.settings?.(account) });
  const delivery = createDelivery({ store, deliver: needs.deliver, webhookSecret, settings, wallClock, log });

  function scope(account: string, request: Scope["request"], remember?: (body: string) => SandboxAnswer): Scope {
    return {
      account,
      store,
      settings: settings(account),
      now: Math.floor(now().getTime() / 1000),
      delayMs,
      baseUrl,
      request,
      locked,
      accountName: async () => await accountName(account),
      id: (prefix) => `${prefix}_${random()}`,
      generates: (type, objectId) => generates(account, type, objectId),
      async save(change, answer) {
        planPayouts(this, change);
        if (remember !== undefined && answer !== undefined) change.answer = remember(JSON.stringify(shown(answer)));
        await store.save(change);
        delivery.offer(change);
      },
    };
  }

  /** What happens on the payment page or by itself belongs to no API request. */
  const ownScope = (account: string): Scope => scope(account, { id: null, idempotency_key: null });

  /** One look at the clock at a time: two would both see the same task as due, and a failed invoice be tried twice. */
  const tick = async (): Promise<{ settled: number; retried: number }> => await locked(["tick"], doAllDue);

  async function doAllDue(): Promise<{ settled: number; retried: number }> {
    let settled = 0;
    for (;;) {
      const due = await store.due(dueKinds, now(), dueAtOnce);
      if (due.length === 0) break;
      const byAccount = Map.groupBy(due, (task) => task.account);
      const done = await Promise.all([...byAccount].map(([account, tasks]) => doDue(ownScope(account), tasks)));
      settled += done.reduce((sum, count) => sum + count, 0);
    }
    return { settled, retried: await delivery.pull() };
  }

  const app = new Hono();
  const hasAccount = async (slug: string): Promise<boolean> => (await accountName(slug)) !== null;
  app.route("/", apiRoutes({ store, hasAccount, wallClock, random, log, scope }));
  app.route("/", paymentPageRoutes({ store, accountName, scope: ownScope }));
  app.route("/", portalRoutes({ store, accountName, scope: ownScope }));

  return {
    app,
    fetch: async (input, init) => app.fetch(new Request(input, init)),
    now,
    key: (account) => `${keyPrefix}${account}`,
    webhookSecret,
    pay: (account, sessionId, payer) => pay(ownScope(account), sessionId, { shipping: null, ...payer }),
    setCard: (account, subscriptionId, card) => setCard(ownScope(account), subscriptionId, card),
    payPart: (account, invoiceId, amount, card) => payPart(ownScope(account), invoiceId, amount, card),
    failRefund: (account, refundId) => refuseRefund(ownScope(account), refundId),
    payOut: (account, currency = "cad") => payOutNow(ownScope(account), currency),
    failPayout: (account, payoutId) => failPayout(ownScope(account), payoutId),
    move: (account, movement) => move(ownScope(account), movement),
    recover: (account, sessionId) => recover(ownScope(account), sessionId),
    dispute: (account, chargeId, claim) => openDispute(ownScope(account), chargeId, claim),
    decideDispute: (account, disputeId, outcome) => decideDispute(ownScope(account), disputeId, outcome),
    tick,
    advance(seconds) {
      aheadMs += seconds * 1000;
      return tick();
    },
    idle: () => delivery.idle(),
  };
}
