import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

/** Runs the command as a person would, with these settings and no others. */
function verify(settings: Record<string, string>): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", "src/command/verify-stripe.ts"], {
    env: { PATH: process.env["PATH"], ...settings },
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

test("without a key the comparison with Stripe says in one line what it needs", () => {
  expect(verify({})).toEqual({
    status: 1,
    stdout: "",
    stderr: "Set STRIPE_SECRET_KEY to a test key (sk_test_...) to compare the sandbox with Stripe.\n",
  });
});

test("a live key is refused before anything is asked of Stripe, and never repeated", () => {
  expect(verify({ STRIPE_SECRET_KEY: "sk_live_abc" })).toEqual({
    status: 1,
    stdout: "",
    stderr: "STRIPE_SECRET_KEY is a live key: verify-stripe takes a test key only.\n",
  });
});
