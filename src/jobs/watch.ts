import { isClockOff } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import type { Sql } from "../db/connect.ts";
import { noteClock, watchArriving } from "../db/watch.ts";

/** Looks out for what only a person can mend, keeps it for the desk, and says it in the log: once, or once a day. */
export type Watch = {
  /** Takes down how many milliseconds our clock is ahead of Stripe's, below zero when it is behind. */
  heard: (aheadMs: number) => void;
  /** One look, to be called every minute. @throws when the database is away */
  once: () => Promise<void>;
};

export function createWatch({ sql, log }: { sql: Sql; log: Log }): Watch {
  let latest: number | null = null;

  async function lookAtClock(): Promise<void> {
    if (latest === null) return;
    const aheadMs = latest;
    latest = null;
    const before = await noteClock(sql, aheadMs);
    const wasOff = before !== null && isClockOff(before);
    if (isClockOff(aheadMs) === wasOff) return;
    const about = { secondsAhead: Math.round(aheadMs / 1000) };
    if (wasOff) log("info", "the clock agrees with Stripe's again", about);
    else log("warn", "the clock is not Stripe's; from 5 minutes on every delivery is refused: set it", about);
  }

  async function lookAtArriving(): Promise<void> {
    for (const { accountId, payments } of await watchArriving(sql)) {
      log("error", "payments have been arriving for more than a day and are in no number; see /desk", {
        accountId: String(accountId),
        payments,
      });
    }
  }

  return {
    heard: (aheadMs) => void (latest = aheadMs),
    async once() {
      await lookAtClock();
      await lookAtArriving();
    },
  };
}
