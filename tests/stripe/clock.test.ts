import { expect, test } from "vitest";
import { aheadOf, isClockOff } from "../../src/core/clock.ts";
import { stripeClient } from "../../src/stripe/client.ts";

const noon = "Sat, 21 Nov 2026 12:00:00 GMT";

/** Asks a Stripe that answers so, a second after it was asked by our clock, which began at `ours`. */
async function heardFrom(answer: Response | Error, ours: string): Promise<number[]> {
  const heard: number[] = [];
  let now = new Date(ours);
  const stripe = stripeClient({
    key: "sk_test_clock",
    fetch: async () => {
      now = new Date(now.getTime() + 1000);
      return answer instanceof Error ? await Promise.reject(answer) : answer;
    },
    clock: { now: () => now, heard: (aheadMs) => heard.push(aheadMs) },
  });
  await stripe.charges.retrieve("ch_1", {}, { maxNetworkRetries: 0 }).catch(() => undefined);
  return heard;
}

const answer = (status: number, headers: Record<string, string>): Response =>
  Response.json(status === 200 ? { id: "ch_1", object: "charge" } : { error: { message: "no" } }, { status, headers });

test("a clock that is right is right to the half second that a Date header cuts off", () => {
  const at = (milliseconds: number): Date => new Date(Date.UTC(2026, 10, 21, 12) + milliseconds);
  expect(aheadOf(at(0), at(0), at(1000))).toBe(0);
  expect(aheadOf(at(0), at(500), at(999))).toBeLessThanOrEqual(500);
  expect(aheadOf(at(0), at(-400), at(0))).toBeGreaterThanOrEqual(-1000);
});

test.each([
  ["is told by an answer", answer(200, { date: noon }), "2026-11-21T12:10:00Z", [600_000]],
  ["is below zero when it is behind", answer(200, { date: noon }), "2026-11-21T11:58:00Z", [-120_000]],
  ["is told by a refusal, too", answer(401, { date: noon }), "2026-11-21T12:00:00Z", [0]],
  ["is not told by an answer without a time", answer(200, {}), "2026-11-21T12:10:00Z", []],
  ["is not told by a time that cannot be read", answer(200, { date: "noon" }), "2026-11-21T12:10:00Z", []],
  ["is not told when nobody answers", new TypeError("fetch failed"), "2026-11-21T12:10:00Z", []],
])("[53] how far our clock is from Stripe's %s", async (_claim, said, ours, heard) => {
  expect(await heardFrom(said, ours)).toEqual(heard);
});

test("a clock is off when it is more than a minute from Stripe's, on either side", () => {
  expect([-60_001, -60_000, 0, 60_000, 60_001].map(isClockOff)).toEqual([true, false, false, false, true]);
});
