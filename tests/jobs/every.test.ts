import { expect, test } from "vitest";
import { createBell } from "../../src/jobs/bell.ts";
import { every } from "../../src/jobs/every.ts";

test("work of every hour begins at once when somebody asks, also when asked while it runs, and survives a failure", async () => {
  const stop = new AbortController();
  const bell = createBell();
  const logged: string[] = [];
  let runs = 0;
  const working = every(
    3_600_000,
    stop.signal,
    (_, message) => logged.push(message),
    "the work",
    async () => {
      runs += 1;
      if (runs === 1) bell.ring();
      if (runs === 2) throw new Error("no");
      if (runs === 3) stop.abort();
    },
    bell,
  );
  await expect.poll(() => runs).toBe(2);
  bell.ring();
  await working;
  expect([runs, logged]).toEqual([3, ["work in the background failed and is tried again"]]);
});
