/** Payments of an account that have been arriving for longer than a day, and since when the oldest of them. */
export type ArrivingTooLong = { account: string; payments: number; since: Date };

/** An account whose undelivered events cannot be listed, since when and why. */
export type UnlistedEvents = { account: string; since: Date; reason: string };
