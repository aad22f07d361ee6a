import { expect, test } from "vitest";
import { balanceFacts } from "../../src/stripe/balance.ts";
import { Fields } from "../../src/stripe/field.ts";

test("a balance is a row of each currency and type, whatever its parts came from", () => {
  const cad = (amount: number) => ({ amount, currency: "cad" });
  const balance = {
    object: "balance",
    available: [cad(4825), { amount: -10, currency: "usd" }],
    pending: [cad(100)],
    connect_reserved: [cad(7)],
    refund_and_dispute_prefunding: { available: [cad(1)], pending: [] },
  };
  const facts = balanceFacts(new Fields(balance, "x"), { accountId: "7", fetchedAt: "2026-11-21T12:00:00Z" });
  expect(
    facts.map(({ id, available_minor, pending_minor, reserved_minor }) => [
      id,
      available_minor,
      pending_minor,
      reserved_minor,
    ]),
  ).toEqual([
    ["payments CAD", "4825", "100", "7"],
    ["payments USD", "-10", "0", null],
    ["refund_and_dispute_prefunding CAD", "1", "0", null],
  ]);
});
