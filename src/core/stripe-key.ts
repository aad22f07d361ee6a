/** What we ask of Stripe, and so what a restricted key must allow, in the order of Stripe's own page. */
export const permissionNames = [
  "read balance",
  "read balance transactions",
  "read charges",
  "read refunds",
  "read payment intents",
  "read customers",
  "read disputes",
  "read events",
  "read payouts",
  "read checkout sessions",
  "write checkout sessions",
  "write products",
  "write prices",
  "read subscriptions",
  "read invoices",
  "read webhook endpoints",
  "write webhook endpoints",
] as const;
export type PermissionName = (typeof permissionNames)[number];

/** What came of trying a permission. `words` are Stripe's own, where it refused or could not say. */
export type TriedPermission = {
  name: PermissionName;
  outcome: "granted" | "missing" | "not known";
  words: string | null;
};

/** What came of trying a key: Stripe does not know it, Stripe could not be asked, or each permission by itself. */
export type TriedKey =
  | { outcome: "refused" | "away"; words: string }
  | { outcome: "tried"; stripeAccountId: string | null; accountName: string | null; permissions: TriedPermission[] };

/** A key as its text tells: which mode it is of, and whether it may do only some things. */
export type ReadKey = { mode: "test" | "live"; isRestricted: boolean };

/** Reads a pasted key by its form; null when it is no secret key of Stripe. Publishable keys (`pk_`) are none. */
export function readSecretKey(text: string): ReadKey | null {
  const match = /^(?<kind>sk|rk)_(?<mode>test|live)_[0-9A-Za-z_-]{4,250}$/u.exec(text);
  if (match === null) return null;
  return { mode: match.groups?.["mode"] === "live" ? "live" : "test", isRestricted: match.groups?.["kind"] === "rk" };
}

/** Whether a pasted text has the form of a webhook signing secret. */
export function isWebhookSecret(text: string): boolean {
  return /^whsec_[0-9A-Za-z_+/=-]{4,250}$/u.test(text);
}

/** A key of the sandbox names itself, so that nobody takes it for one of Stripe's test mode. */
export function isSandboxKey(text: string): boolean {
  return /^(?:sk|rk)_test_sandbox_/u.test(text);
}

/** What Stripe says of an account and of the endpoint that posts to our door; null where it did not tell. */
export type AccountAtStripe = {
  id: string | null;
  name: string | null;
  /** How often it pays out: `daily`, `weekly`, `monthly` or `manual`. */
  payoutInterval: string | null;
  /** Whether one of its last payouts was an instant one. */
  paysOutInstantly: boolean | null;
  endpoint: EndpointAtStripe | "none" | null;
};

export type EndpointAtStripe = {
  id: string;
  url: string;
  isEnabled: boolean;
  /** The version that its events are written in; null for the account's own. */
  apiVersion: string | null;
  /** Types that we read and it does not send. */
  missingTypes: readonly string[];
};

/**
 * Whether Stripe can post to this address: by https, to a name that others can look up.
 * @param baseUrl how people reach the service
 */
export function isPublicAddress(baseUrl: string): boolean {
  const { protocol, hostname } = new URL(baseUrl);
  if (protocol !== "https:" || hostname.startsWith("[") || /^[\d.]+$/u.test(hostname)) return false;
  return hostname.includes(".") && !/\.(?:local|localhost|internal|test|invalid|lan|home)$/u.test(hostname);
}
