import type Stripe from "stripe";

/** One Stripe account that we take payments through: its door's secrets and the SDK client that speaks for it. */
export type Account = {
  id: bigint;
  slug: string;
  /** `acct_...`, or null while unknown. */
  stripeAccountId: string | null;
  /** Every secret that may have signed a delivery, newest first; empty when the door must answer 503. */
  webhookSecrets: string[];
  stripe: Stripe;
};
