/** How far our clock is ahead of Stripe's, below zero when it is behind, and when that was seen. */
export type ClockReading = { aheadMs: number; measuredAt: Date };

/** From here on a person is told. The door refuses what is five minutes apart, so there is time to set the clock. */
const offFromMs = 60_000;

/** What the door allows a signature's time to be from ours. Source: https://docs.stripe.com/webhooks#replay-attacks */
export const signatureToleranceMs = 300_000;

/** Whether our clock is so far from Stripe's that a person should set it. */
export function isClockOff(aheadMs: number): boolean {
  return Math.abs(aheadMs) > offFromMs;
}

/**
 * How many milliseconds our clock is ahead of one that said the time between `askedAt` and `answeredAt` of ours. `said` is
 * in whole seconds, the rest cut off, as the `Date` header has it; so this is right to half a second and half the wait.
 */
export function aheadOf(said: Date, askedAt: Date, answeredAt: Date): number {
  const ours = (askedAt.getTime() + answeredAt.getTime()) / 2;
  return Math.round(ours - (said.getTime() + 500));
}
