import type Stripe from "stripe";
import type { Fields } from "../core/give.ts";
import type { Staff } from "../core/role.ts";
import type { StripeAccountRow } from "../core/stripe-account.ts";
import { keepAccountKeys, type AccountKeyKind, type KeptKey } from "../db/account-key.ts";
import type { Mode } from "../db/mode.ts";
import { isAway } from "../stripe/checkout.ts";
import { makeEndpoint, removeOldEndpoints } from "../stripe/endpoint.ts";
import { stripeWords } from "../../web/locales/en/stripe-settings.ts";
import type { Deps } from "./deps.ts";
import { doorOf, isReachable } from "./stripe-state.ts";
import { modeOfKey, openTried } from "./tried-key.ts";

const words = stripeWords.errors;

/** What became of keeping a key: kept, or in words why not. */
export type Kept = { ok: true } | { ok: false; words: string };

/** Keeps the key that was tried, with a webhook endpoint made by it where Stripe can reach us and the form asks for one. */
export async function keepTried(deps: Deps, staff: Staff, row: StripeAccountRow, fields: Fields): Promise<Kept> {
  const { iv = "", ciphertext = "", endpoint = "" } = fields;
  const tried = await openTried(deps, row, { iv, ciphertext });
  if (tried === null) return { ok: false, words: words.tooOld };
  const asked = await modeOfKey(deps, tried.key);
  if (!asked.ok) return asked;
  const { mode } = asked;
  const { key, stripeAccountId } = tried;
  const secretKey = await sealed(deps, row, "secret key", key, null);
  const keeping: Keeping = { mode, stripeAccountId: mode === "sandbox" ? null : stripeAccountId, keys: [secretKey] };
  // A key of another mode changes what this service is, and with it whether Stripe can reach it.
  if (endpoint !== "make" || !isReachable({ mode, baseUrl: deps.baseUrl }))
    return await keep(deps, staff, row, keeping);
  return await withEndpoint(deps, staff, row, { stripe: deps.keys.connect(key), keeping, attempt: iv });
}

/** Keeps a signing secret of an endpoint that somebody made at Stripe. */
export async function keepSecret(deps: Deps, staff: Staff, row: StripeAccountRow, secret: string): Promise<Kept> {
  const key = await sealed(deps, row, "webhook secret", secret, null);
  return await keep(deps, staff, row, { mode: deps.mode, stripeAccountId: null, keys: [key] });
}

/** Makes the endpoint with the key that there is, and keeps its secret. */
export async function keepWithNewEndpoint(deps: Deps, staff: Staff, row: StripeAccountRow): Promise<Kept> {
  const account = await deps.findAccount(row.slug);
  if (account === null) return { ok: false, words: words.keyFirst };
  if (!isReachable(deps)) return { ok: false, words: stripeWords.notPublic(deps.baseUrl) };
  const keeping: Keeping = { mode: deps.mode, stripeAccountId: null, keys: [] };
  return await withEndpoint(deps, staff, row, { stripe: account.stripe, keeping, attempt: deps.random() });
}

type Keeping = { mode: Mode; stripeAccountId: string | null; keys: KeptKey[] };
type Making = { stripe: Stripe; keeping: Keeping; attempt: string };

async function withEndpoint(deps: Deps, staff: Staff, row: StripeAccountRow, making: Making): Promise<Kept> {
  const { stripe, keeping, attempt } = making;
  const url = doorOf(deps, row);
  const made = await makeEndpoint(stripe, url, attempt).catch((error: unknown) => asRefusal(error));
  if (!("secret" in made)) return { ok: false, words: words.noEndpoint(made.words) };
  const key = await sealed(deps, row, "webhook secret", made.secret, made.id);
  const kept = await keep(deps, staff, row, { ...keeping, keys: [...keeping.keys, key] });
  if (kept.ok) await removeOldEndpoints(stripe, url, made.id);
  // Its secret is lost with this answer: an endpoint that nobody can check would be repeated to for days.
  else await stripe.webhookEndpoints.del(made.id).catch(() => undefined);
  return kept;
}

async function keep(deps: Deps, staff: Staff, row: StripeAccountRow, keeping: Keeping): Promise<Kept> {
  const kept = await keepAccountKeys(deps.sql, staff, { accountId: row.id, ...keeping });
  if (!kept.ok) return { ok: false, words: words.notKept(kept.refusal) };
  if (keeping.mode !== deps.mode) await deps.keys.serveAnew?.();
  return { ok: true };
}

async function sealed(
  { keys }: Deps,
  { id }: StripeAccountRow,
  kind: AccountKeyKind,
  text: string,
  endpointId: string | null,
): Promise<KeptKey> {
  const { iv, ciphertext } = await keys.seal.seal(text, [String(id), kind]);
  return { kind, iv, ciphertext, sealedBy: keys.seal.fingerprint, lastFour: text.slice(-4), endpointId };
}

/** Stripe's own words for why it does not do something. @throws what is no answer of Stripe's */
function asRefusal(error: unknown): { words: string } {
  if (isAway(error)) return { words: error.message.slice(0, 500) };
  if (error instanceof Error && "type" in error && error.type === "StripeInvalidRequestError")
    return { words: error.message.slice(0, 500) };
  throw error;
}
