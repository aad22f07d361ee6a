import { expect, test } from "vitest";
import { createLocks } from "../../../src/stripe/sandbox/lock.ts";

test("work on the same key waits its turn, in whatever order the keys are named, and failed work lets go", async () => {
  const locked = createLocks();
  const done: string[] = [];
  const work = (name: string) => async () => {
    done.push(`${name} starts`);
    await new Promise((resolve) => setTimeout(resolve, 1));
    done.push(`${name} ends`);
    if (name === "first") throw new Error("failed");
  };
  const first = locked(["a", "b"], work("first"));
  const second = locked(["b", "a"], work("second"));
  await expect(first).rejects.toThrow("failed");
  await second;
  expect(done).toEqual(["first starts", "first ends", "second starts", "second ends"]);
});

test("work on other keys goes on beside it", async () => {
  const locked = createLocks();
  const { promise: never } = Promise.withResolvers<void>();
  void locked(["a"], () => never);
  expect(await locked(["b"], async () => "done")).toBe("done");
});
