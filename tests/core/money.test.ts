import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exponent, formatMoney, minorToNumber, parseAmount, splitByWeight } from "../../src/core/money.ts";

describe("an amount a person typed", () => {
  it.each([
    ["50", 5000n],
    ["50.5", 5050n],
    ["50,50", 5050n],
    ["$25", 2500n],
    ["CA$ 25.00", 2500n],
    ["1,000", 100_000n],
    ["1,000.00", 100_000n],
    ["1.000,50", 100_050n],
    ["1 000,50", 100_050n],
    ["1.000.000", 100_000_000n],
    ["0.01", 1n],
  ])("%s is read as it was meant", (text, amountMinor) => {
    expect(parseAmount(text, "CAD")).toEqual({ ok: true, amountMinor });
  });

  it.each([
    ["5.005", "too many decimals"],
    ["50.555", "too many decimals"],
    ["1,000.005", "too many decimals"],
    ["", "empty"],
    ["  ", "empty"],
    ["-5", "not a number"],
    ["1e3", "not a number"],
    ["12,34,56", "not a number"],
    ["five", "not a number"],
    ["9999999999999", "not a number"],
  ])("%s is refused and not guessed at", (text, reason) => {
    expect(parseAmount(text, "CAD")).toEqual({ ok: false, reason });
  });

  it("[24] follows the currency's decimals: none for yen, three for dinars", () => {
    expect(parseAmount("500", "JPY")).toEqual({ ok: true, amountMinor: 500n });
    expect(parseAmount("500.5", "JPY")).toEqual({ ok: false, reason: "too many decimals" });
    expect(parseAmount("1.250", "KWD")).toEqual({ ok: true, amountMinor: 1250n });
  });

  it("comes back the same when it was printed", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 12n - 1n }),
        fc.constantFrom("CAD", "JPY", "EUR"),
        (amountMinor, currency) => {
          const printed = formatMoney({ amountMinor, currency }).replace(/[^\d.,]/gu, "");
          expect(parseAmount(printed, currency)).toEqual({ ok: true, amountMinor });
        },
      ),
    );
  });
});

describe("an amount in print", () => {
  it("has grouped thousands, both cents and a minus sign, never brackets", () => {
    expect(formatMoney({ amountMinor: 2_121_100n, currency: "CAD" })).toBe("$21,211.00");
    expect(formatMoney({ amountMinor: -5n, currency: "CAD" })).toBe("−$0.05");
    expect(exponent("KWD")).toBe(3);
  });

  it.each([
    [123_456n, "EUR", "€1,234.56"],
    [123_456n, "JPY", "¥123,456"],
    [1_234_567n, "KWD", "KWD1,234.567"],
    [10n ** 15n + 7n, "CAD", "$10,000,000,000,000.07"],
  ])("%s of %s is %s", (amountMinor, currency, printed) => {
    expect(formatMoney({ amountMinor, currency })).toBe(printed);
  });

  it("is refused as a JSON number when that would round it", () => {
    expect(minorToNumber(9_007_199_254_740_991n)).toBe(9_007_199_254_740_991);
    expect(() => minorToNumber(9_007_199_254_740_993n)).toThrow(RangeError);
  });
});

describe("splitting an amount", () => {
  it("[64] always sums to the whole, and no part is further than a cent from its share", () => {
    const weights = fc.array(fc.bigInt({ min: 0n, max: 10n ** 9n }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), weights, (total, parts) => {
        const split = splitByWeight(total, parts);
        const sum = parts.reduce((a, b) => a + b, 0n);
        expect(split.reduce((a, b) => a + b, 0n)).toBe(total);
        for (const [index, part] of split.entries()) {
          const exact = sum === 0n ? (index === 0 ? total : 0n) : (total * (parts[index] ?? 0n)) / sum;
          expect(part - exact >= -1n && part - exact <= 1n).toBe(true);
        }
      }),
    );
  });

  it("gives the odd cent to the greatest remainder, and among equals to the earlier part", () => {
    expect(splitByWeight(100n, [1n, 1n, 1n])).toEqual([34n, 33n, 33n]);
    expect(splitByWeight(59n, [2500n, 500n, 500n])).toEqual([42n, 9n, 8n]);
  });
});
