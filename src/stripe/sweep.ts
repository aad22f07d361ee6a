import Stripe from "stripe";
import { isAway } from "./checkout.ts";
import { away, type Away } from "./fetch.ts";
import { Fields, TranslateError } from "./field.ts";
import { listedFacts } from "./translate.ts";
import type { Fact } from "../core/fact.ts";

/** What the sweep goes through, in an order in which most of what an object names is known before it. */
export const sweptLists = [
  "payouts",
  "checkout_sessions",
  "subscriptions",
  "invoices",
  "refunds",
  "disputes",
  "charges",
  "balance_transactions",
] as const;
export type SweptList = (typeof sweptLists)[number];

/** Objects made from `from` on, and before `to` if that is given; null for whenever they were made. */
export type Window = { from: Date; to: Date | null } | null;

/** One request at a time: with the way there and back far below the 25 a second that Stripe allows in test mode. */
const options: Stripe.RequestOptions = { timeout: 20_000, maxNetworkRetries: 1 };
const pageMax = 100;
/** What Stripe does not like about a question, it will not like a minute later. */
const waitSecondsRefused = 3600;

type Params = { limit: number; created?: Stripe.RangeQueryParam };
type Listing = (stripe: Stripe, params: Params, expand: string[]) => AsyncIterable<object>;

/**
 * What each list is asked with. Balance transactions come with what moved them, charges with who paid and why, invoices with
 * their payments: so a hundred payments cost a handful of requests.
 */
const lists: Record<SweptList, { expand: string[]; list: Listing }> = {
  payouts: { expand: [], list: (stripe, params) => stripe.payouts.list(params, options) },
  checkout_sessions: { expand: [], list: (stripe, params) => stripe.checkout.sessions.list(params, options) },
  subscriptions: {
    expand: ["data.customer"],
    list: (stripe, params, expand) => stripe.subscriptions.list({ ...params, status: "all", expand }, options),
  },
  invoices: {
    expand: ["data.payments"],
    list: (stripe, params, expand) => stripe.invoices.list({ ...params, expand }, options),
  },
  refunds: { expand: [], list: (stripe, params) => stripe.refunds.list(params, options) },
  disputes: { expand: [], list: (stripe, params) => stripe.disputes.list(params, options) },
  charges: {
    expand: ["data.customer", "data.payment_intent"],
    list: (stripe, params, expand) => stripe.charges.list({ ...params, expand }, options),
  },
  balance_transactions: {
    expand: ["data.source"],
    list: (stripe, params, expand) => stripe.balanceTransactions.list({ ...params, expand }, options),
  },
};

/**
 * Goes through one of Stripe's lists, a page at a time, and hands each to `take`.
 * @returns null when all was handed over, else why Stripe could not be asked for the rest
 */
export async function eachPage(
  stripe: Stripe,
  name: SweptList,
  window: Window,
  take: (objects: object[]) => Promise<void>,
): Promise<Away | null> {
  const { list, expand } = lists[name];
  const params: Params = { limit: pageMax, ...(window !== null && { created: createdIn(window) }) };
  let page: object[] = [];
  try {
    for await (const object of list(stripe, params, expand)) {
      page.push(object);
      if (page.length === pageMax) await take(page.splice(0));
    }
  } catch (error) {
    return notTold(error);
  }
  if (page.length > 0) await take(page);
  return null;
}

/** Why Stripe did not tell. @throws what is not Stripe's */
function notTold(error: unknown): Away {
  if (isAway(error)) return away(error);
  if (!(error instanceof Stripe.errors.StripeError)) throw error;
  const reason = error.code ?? error.type;
  return { outcome: "away", reason, waitSeconds: waitSecondsRefused, isWholeAccount: false, isKeyRefused: false };
}

/** Stripe's moments are whole seconds. */
function createdIn({ from, to }: NonNullable<Window>): Stripe.RangeQueryParam {
  const seconds = (moment: Date): number => Math.floor(moment.getTime() / 1000);
  return { gte: seconds(from), ...(to !== null && { lt: seconds(to) }) };
}

/** What an account has, or why Stripe could not be asked. */
export async function readBalance(stripe: Stripe): Promise<{ balance: Stripe.Balance } | { away: Away }> {
  try {
    return { balance: await stripe.balance.retrieve({}, options) };
  } catch (error) {
    return { away: notTold(error) };
  }
}

/** Whether an account has as much at both moments: what only became available has not moved. */
export function isSameBalance(one: Stripe.Balance, other: Stripe.Balance): boolean {
  return JSON.stringify(sums(one)) === JSON.stringify(sums(other));
}

function sums({ available, pending, connect_reserved: reserved = [] }: Stripe.Balance): [string, number][] {
  const totals = new Map<string, number>();
  for (const { currency, amount } of [...available, ...pending, ...reserved])
    totals.set(currency, (totals.get(currency) ?? 0) + amount);
  return [...totals].filter(([, amount]) => amount !== 0).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The facts of an object that was listed, or null when it cannot be read. */
export function factsOf(object: object, accountId: bigint, fetchedAt: string): Fact[] | null {
  try {
    return listedFacts(new Fields(object, "object"), { accountId: String(accountId), fetchedAt });
  } catch (error) {
    if (error instanceof TranslateError) return null;
    throw error;
  }
}
