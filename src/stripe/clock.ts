import { aheadOf } from "../core/clock.ts";

/** Compares our clock with Stripe's whenever Stripe answers anything. */
export type ClockEar = {
  now: () => Date;
  /** Told how many milliseconds our clock is ahead, below zero when it is behind. */
  heard: (aheadMs: number) => void;
};

type Fetch = typeof globalThis.fetch;

/** The same `fetch`, which tells `ear` of the time that each answer says in its `Date` header; one without says nothing. */
export function hearingTheTime(fetch: Fetch, { now, heard }: ClockEar): Fetch {
  return async (input, init) => {
    const askedAt = now();
    const answer = await fetch(input, init);
    const said = Date.parse(answer.headers.get("date") ?? "");
    if (!Number.isNaN(said)) heard(aheadOf(new Date(said), askedAt, now()));
    return answer;
  };
}
