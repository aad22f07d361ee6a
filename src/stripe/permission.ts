import Stripe from "stripe";
import { permissionNames, type PermissionName, type TriedKey, type TriedPermission } from "../core/stripe-key.ts";
import { isAway } from "./checkout.ts";

/** A page that waits for the answers waits for the slowest of them. */
const options: Stripe.RequestOptions = { timeout: 8_000, maxNetworkRetries: 0 };
const one = { limit: 1 };

/** The name of an object that there never is: what is allowed to change it finds nothing to change. */
const nobody = "almonry_tries_a_permission";

/**
 * One harmless call for each permission. What reads asks for one object; what writes changes an object that does not
 * exist, because Stripe looks at the key before it looks for the object.
 */
const trying: Record<PermissionName, (stripe: Stripe) => Promise<unknown>> = {
  "read balance": async (stripe) => await stripe.balance.retrieve({}, options),
  "read balance transactions": async (stripe) => await stripe.balanceTransactions.list(one, options),
  "read charges": async (stripe) => await stripe.charges.list(one, options),
  "read refunds": async (stripe) => await stripe.refunds.list(one, options),
  "read payment intents": async (stripe) => await stripe.paymentIntents.list(one, options),
  "read customers": async (stripe) => await stripe.customers.list(one, options),
  "read disputes": async (stripe) => await stripe.disputes.list(one, options),
  "read events": async (stripe) => await stripe.events.list(one, options),
  "read payouts": async (stripe) => await stripe.payouts.list(one, options),
  "read checkout sessions": async (stripe) => await stripe.checkout.sessions.list(one, options),
  "write checkout sessions": async (stripe) => await stripe.checkout.sessions.expire(`cs_${nobody}`, {}, options),
  "write products": async (stripe) => await stripe.products.update(`prod_${nobody}`, {}, options),
  "write prices": async (stripe) => await stripe.prices.update(`price_${nobody}`, {}, options),
  "read subscriptions": async (stripe) => await stripe.subscriptions.list(one, options),
  "read invoices": async (stripe) => await stripe.invoices.list(one, options),
  "read webhook endpoints": async (stripe) => await stripe.webhookEndpoints.list(one, options),
  "write webhook endpoints": async (stripe) => await stripe.webhookEndpoints.update(`we_${nobody}`, {}, options),
};

/** Tries a key for everything that we ask of Stripe. Nothing is changed there. Never throws what Stripe says. */
export async function tryKey(stripe: Stripe): Promise<TriedKey> {
  // A key that Stripe does not know fails all of them alike: one is enough to tell.
  const first = await tryOne(stripe, "read balance");
  if ("failed" in first) return first.failed;
  const [own, ...rest] = await Promise.all([
    ownAccount(stripe),
    ...permissionNames.filter((name) => name !== first.name).map(async (name) => await tryOne(stripe, name)),
  ]);
  const tried: TriedPermission[] = [first];
  for (const each of rest) {
    if ("failed" in each) return each.failed;
    tried.push(each);
  }
  return {
    outcome: "tried",
    stripeAccountId: own.id ?? accountNamedIn(tried),
    accountName: own.name,
    permissions: permissionNames.flatMap((name) => tried.filter((each) => each.name === name)),
  };
}

type Failed = { failed: Extract<TriedKey, { outcome: "refused" | "away" }> };

async function tryOne(stripe: Stripe, name: PermissionName): Promise<TriedPermission | Failed> {
  const { errors } = Stripe;
  try {
    await trying[name](stripe);
    return { name, outcome: "granted", words: null };
  } catch (error) {
    if (!(error instanceof errors.StripeError)) throw error;
    const words = error.message.slice(0, 500);
    if (error instanceof errors.StripePermissionError) return { name, outcome: "missing", words };
    if (error instanceof errors.StripeAuthenticationError) return { failed: { outcome: "refused", words } };
    // Found nothing to change, or did not like the question: the key was good for asking it.
    if (error instanceof errors.StripeInvalidRequestError) return { name, outcome: "granted", words: null };
    if (error instanceof errors.StripeConnectionError) return { failed: { outcome: "away", words } };
    return { name, outcome: "not known", words };
  }
}

/** What the account says of itself, where the key may ask. */
async function ownAccount(stripe: Stripe): Promise<{ id: string | null; name: string | null }> {
  const account = await orNull(async () => await stripe.accounts.retrieveCurrent({}, options));
  return account === null ? { id: null, name: null } : { id: account.id, name: nameOf(account) };
}

/** The name that the account's owner knows it by. */
export function nameOf({ settings, business_profile: profile }: Stripe.Account): string | null {
  return settings?.dashboard.display_name ?? profile?.name ?? null;
}

/** A key that may not ask who it is still is told so when it is refused anything. */
function accountNamedIn(tried: readonly TriedPermission[]): string | null {
  for (const { words } of tried) {
    const found = /'(acct_[0-9A-Za-z]{1,60})'/u.exec(words ?? "")?.[1];
    if (found !== undefined) return found;
  }
  return null;
}

/** What Stripe answers, or null when it does not, or does not let us ask. */
export async function orNull<Answer>(ask: () => Promise<Answer>): Promise<Answer | null> {
  try {
    return await ask();
  } catch (error) {
    if (isAway(error) || error instanceof Stripe.errors.StripeInvalidRequestError) return null;
    throw error;
  }
}
