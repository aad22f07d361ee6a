/** How far an account's history at Stripe was compared with the books. */
export type SweepState = {
  account: string;
  /** Up to here, by Stripe's clock, everything agrees; null before the first time. */
  sweptTo: Date | null;
  /** When the last comparison began, and when one last found everything to agree. */
  lastStartedAt: Date | null;
  lastClosedAt: Date | null;
  /** Why the last one did not close: the name of Stripe's error, or `differences`. */
  lastError: string | null;
  /** What the last one found that was not known. */
  found: bigint;
  /** What it left that Stripe lists and is not booked, or that we hold and Stripe does not list. */
  differences: bigint;
};
