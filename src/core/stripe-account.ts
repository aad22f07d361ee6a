/** What may be told of a key that the database keeps. */
export type ShownKey = {
  kind: "secret key" | "webhook secret";
  lastFour: string;
  since: Date;
  /** When it will be taken no more; null while it stands. */
  until: Date | null;
  endpointId: string | null;
};

/** A Stripe account as we know it without asking Stripe. */
export type StripeAccountRow = {
  id: bigint;
  slug: string;
  organisationId: bigint | null;
  /** Null while the account belongs to no organisation. */
  organisation: string | null;
  /** `acct_...`, or null while unknown. */
  stripeAccountId: string | null;
  /** Whether its door is also `/webhooks/stripe`, and settings without a name are its. */
  isFirst: boolean;
  /** When the last event came, however it came; null before the first. */
  lastEventAt: Date | null;
  /** Until when its events were looked through; null before the first time. */
  sweptTo: Date | null;
  /** Those that are taken now, the newest first. */
  keys: ShownKey[];
};

/** Where a key that is used comes from: the settings of the environment, the database, or the sandbox itself. */
export type KeyOrigin =
  | { from: "settings" }
  | { from: "database"; lastFour: string; since: Date }
  | { from: "sandbox" }
  | null;
