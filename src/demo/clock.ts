import { AsyncLocalStorage } from "node:async_hooks";

/** The sandbox's clock while the story is told: each deed sees its own moment, however many happen at once. */
export type StoryClock = {
  /** The moment of the deed at hand; outside of one, how far the story has come; the real time once it is told. */
  now(): Date;
  /** Does `work` at `moment`. */
  at<Result>(moment: Date, work: () => Promise<Result>): Promise<Result>;
  /** The story has come to `moment`: what is due by then may happen (balance transactions arrive, sessions run out). */
  reach(moment: Date): void;
  /** The story is told. */
  finish(): void;
};

/**
 * A clock that stands at `start` until told otherwise, so that nothing of a stopped story runs out before it goes on.
 * `wallClock` is the real time.
 */
export function createStoryClock(start: Date, wallClock: () => Date): StoryClock {
  const moments = new AsyncLocalStorage<Date>();
  let reached: Date | null = start;
  return {
    now: () => moments.getStore() ?? reached ?? wallClock(),
    at: (moment, work) => moments.run(moment, work),
    reach(moment) {
      reached = moment;
    },
    finish() {
      reached = null;
    },
  };
}
