import fc from "fast-check";
import { expect, test } from "vitest";
import { inCents, settle } from "../../../src/stripe/sandbox/fee.ts";

test("a five dollar pin costs 45 cents by a Canadian card and 49 by a foreign one", () => {
  expect(settle(500n, "cad", "domestic")).toEqual({
    currency: "cad",
    amountMinor: 500n,
    processingMinor: 45n,
    conversionMinor: 0n,
    rate: null,
  });
  expect(settle(500n, "cad", "foreign").processingMinor).toBe(49n);
});

test.each([
  [100n, 33n],
  [1000n, 59n],
  [2500n, 103n],
  [10_000n, 320n],
  [21_211n, 645n],
])("the fee of %s cents is %s cents", (amount, fee) => {
  expect(settle(amount, "cad", "domestic").processingMinor).toBe(fee);
});

test("a gift in US dollars settles in Canadian ones, with two percent for the conversion", () => {
  expect(settle(1000n, "usd", "foreign")).toEqual({
    currency: "cad",
    amountMinor: 1370n,
    processingMinor: 81n,
    conversionMinor: 27n,
    rate: 1.37,
  });
});

test("yen have no cents", () => {
  expect(inCents(1000n, "jpy")).toBe(910n);
});

test("the fee is never more than half a cent away from 2.9% and 30 cents", () => {
  fc.assert(
    fc.property(fc.bigInt(50n, 99_999_999n), (amount) => {
      const offThousandths = settle(amount, "cad", "domestic").processingMinor * 1000n - amount * 29n - 30_000n;
      expect(offThousandths).toBeGreaterThan(-500n);
      expect(offThousandths).toBeLessThanOrEqual(500n);
    }),
  );
});

test("a pre-authorised debit costs 1% and 40 cents, five dollars at the most", () => {
  expect(settle(5000n, "cad", "debit").processingMinor).toBe(90n);
  expect(settle(100_000n, "cad", "debit").processingMinor).toBe(500n);
});

test("an account that settles in two currencies keeps both, and converts the rest into its first", () => {
  const terms = { settlesIn: ["cad", "usd"], rates: { eur: 1_500_000n } } as const;
  expect(settle(1000n, "usd", "foreign", terms)).toMatchObject({ currency: "usd", amountMinor: 1000n, rate: null });
  expect(settle(1000n, "eur", "foreign", terms)).toMatchObject({ currency: "cad", amountMinor: 1500n, rate: 1.5 });
});

test.each([
  ["jpy", 1000n, 910n],
  ["kwd", 1000n, 446n],
  ["clp", 10_000n, 1450n],
] as const)("%s is converted by its own decimals", (currency, amount, cents) => {
  expect(inCents(amount, currency)).toBe(cents);
});
