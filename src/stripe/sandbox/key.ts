/** Which account a secret key of the sandbox speaks for is written in it. */
export const keyPrefix = "sk_test_sandbox_";

/** So it is in a restricted key, with what it may not do: `rk_test_sandbox_alov__no_charge_read__no_webhook_write`. */
const restrictedPrefix = "rk_test_sandbox_";

/** What a key says: whose it is, and which rights it lacks, by Stripe's names without `rak_`. */
export type Key = { account: string; lacks: readonly string[] };

/** The key, or null when it is none of the sandbox. */
export function readKey(key: string): Key | null {
  if (key.startsWith(keyPrefix)) return { account: key.slice(keyPrefix.length), lacks: [] };
  if (!key.startsWith(restrictedPrefix)) return null;
  const [account = "", ...lacks] = key.slice(restrictedPrefix.length).split("__no_");
  return { account, lacks };
}

/** A key as Stripe's messages show it. */
export function maskedKey(key: string): string {
  return `${key.slice(0, 8)}${"*".repeat(Math.max(4, key.length - 12))}${key.slice(-4)}`;
}

/** Names of rights as Stripe's own messages give them; the longest path that fits says which. */
const resources: readonly (readonly [string, string])[] = [
  ["/v1/account", "accounts_kyc_basic"],
  ["/v1/balance", "balance"],
  ["/v1/balance_transactions", "balance_transaction_source"],
  ["/v1/billing_portal", "customer_portal"],
  ["/v1/charges", "charge"],
  ["/v1/checkout/sessions", "checkout_session"],
  ["/v1/coupons", "coupon"],
  ["/v1/customers", "customer"],
  ["/v1/disputes", "dispute"],
  ["/v1/events", "event"],
  ["/v1/invoice_payments", "invoice"],
  ["/v1/invoices", "invoice"],
  ["/v1/payment_intents", "payment_intent"],
  ["/v1/payouts", "payout"],
  ["/v1/prices", "plan"],
  ["/v1/products", "product"],
  ["/v1/promotion_codes", "promotion_code"],
  ["/v1/refunds", "charge"],
  ["/v1/subscriptions", "subscription"],
  ["/v1/webhook_endpoints", "webhook"],
];

/**
 * The right that a key lacks for this request, such as `charge_read`, or null. Who may write may read; who may not read
 * may not write either.
 */
export function lackingRight({ lacks }: Key, method: string, path: string): string | null {
  const fitting = resources.filter(([prefix]) => path === prefix || path.startsWith(`${prefix}/`));
  const resource = fitting.at(-1)?.[1];
  if (resource === undefined) return null;
  const right = `${resource}_${method === "GET" ? "read" : "write"}`;
  return lacks.includes(right) || lacks.includes(`${resource}_read`) ? right : null;
}
