import { kept } from "./kept.ts";

/**
 * Money is an integer number of minor units and a currency, never a float.
 * Stripe's rule for the minor unit: https://docs.stripe.com/currencies#zero-decimal
 */
export type Money = { amountMinor: bigint; currency: string };

/** Currencies whose API amounts have no decimals. Source: https://docs.stripe.com/currencies#zero-decimal */
const zeroDecimal = new Set([
  "BIF",
  "CLP",
  "DJF",
  "GNF",
  "JPY",
  "KMF",
  "KRW",
  "MGA",
  "PYG",
  "RWF",
  "VND",
  "VUV",
  "XAF",
  "XOF",
  "XPF",
]);

/** Currencies whose API amounts have three decimals. Source: https://docs.stripe.com/currencies#three-decimal */
const threeDecimal = new Set(["BHD", "JOD", "KWD", "OMR", "TND"]);

/** How many decimals the minor unit of `currency` (ISO 4217, upper case) has in Stripe's API: 0, 2 or 3. */
export function exponent(currency: string): number {
  if (zeroDecimal.has(currency)) return 0;
  if (threeDecimal.has(currency)) return 3;
  return 2;
}

/**
 * The amount as a number for JSON.
 * @throws RangeError when it does not fit a safe integer: better no answer than a rounded one.
 */
export function minorToNumber(amountMinor: bigint): number {
  const number = Number(amountMinor);
  if (!Number.isSafeInteger(number)) throw new RangeError("an amount is too large to be written as a JSON number");
  return number;
}

/** The pieces of a printed amount, so that a page can set the cents smaller: `−`, `$`, `21,211`, `.00`. */
export type MoneyParts = { sign: "" | "−"; symbol: string; whole: string; decimals: string };

const wholeUnits = new Intl.NumberFormat("en-CA", { maximumFractionDigits: 0 });
const symbolOf = kept((currency) => {
  const format = new Intl.NumberFormat("en-CA", { style: "currency", currency, currencyDisplay: "narrowSymbol" });
  return format.formatToParts(0).find((piece) => piece.type === "currency")?.value ?? currency;
});

/** Splits an amount for print; sign is U+2212, never brackets. */
export function moneyParts({ amountMinor, currency }: Money): MoneyParts {
  const digits = exponent(currency);
  const positive = amountMinor < 0n ? -amountMinor : amountMinor;
  const scale = 10n ** BigInt(digits);
  return {
    sign: amountMinor < 0n ? "−" : "",
    symbol: symbolOf(currency),
    whole: wholeUnits.format(positive / scale),
    decimals: digits === 0 ? "" : `.${String(positive % scale).padStart(digits, "0")}`,
  };
}

/** An amount in one string, such as `$21,211.00` or `−$50.00`. */
export function formatMoney(money: Money): string {
  const { sign, symbol, whole, decimals } = moneyParts(money);
  return `${sign}${symbol}${whole}${decimals}`;
}

/** What a typed amount turned out to be. */
export type ParsedAmount =
  | { ok: true; amountMinor: bigint }
  | { ok: false; reason: "empty" | "not a number" | "too many decimals" };

/**
 * Reads an amount a person typed ("50", "1,000.50", "$25", "1 000,50", "1.000,50"). A comma before three digits groups
 * thousands; a point does only when more groups or a decimal comma follow, so that "5.005" is refused and not read as a
 * thousand times as much.
 */
export function parseAmount(text: string, currency: string): ParsedAmount {
  const bare = text
    .trim()
    .replace(/^(?:CA\$|US\$|[$€£₼])\s*|\s*[$€£₼]$/gu, "")
    .replace(/[\s\u00a0\u202f'’]/gu, "");
  if (bare === "") return { ok: false, reason: "empty" };
  const match =
    /^(?<whole>\d{1,3}(?:,\d{3})+)(?:\.(?<decimals>\d+))?$/u.exec(bare) ??
    /^(?<whole>\d{1,3}(?:\.\d{3}){2,})(?:,(?<decimals>\d+))?$/u.exec(bare) ??
    /^(?<whole>\d{1,3}\.\d{3}),(?<decimals>\d+)$/u.exec(bare) ??
    /^(?<whole>\d+)(?:[.,](?<decimals>\d+))?$/u.exec(bare);
  if (match?.groups === undefined) return { ok: false, reason: "not a number" };
  const whole = (match.groups["whole"] ?? "").replace(/[.,]/gu, "");
  const decimals = match.groups["decimals"] ?? "";
  const digits = exponent(currency);
  if (decimals.length > digits) return { ok: false, reason: "too many decimals" };
  if (whole.length > 12) return { ok: false, reason: "not a number" };
  return { ok: true, amountMinor: BigInt(whole + decimals.padEnd(digits, "0")) };
}

/**
 * Splits `total` in proportion to `weights` by largest remainder, ties to the earlier part; the parts always sum to
 * `total`. With no weight at all everything falls to the first part. The database's `split_by_weight` is its twin.
 */
export function splitByWeight(total: bigint, weights: readonly bigint[]): bigint[] {
  if (weights.length === 0) return [];
  const sum = weights.reduce((a, b) => a + b, 0n);
  if (sum === 0n) return weights.map((_, index) => (index === 0 ? total : 0n));
  const sign = total < 0n ? -1n : 1n;
  const whole = total * sign;
  const floors = weights.map((weight) => (whole * weight) / sum);
  let left = whole - floors.reduce((a, b) => a + b, 0n);
  const byRemainder = weights
    .map((weight, index) => ({ index, remainder: (whole * weight) % sum }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
  for (const { index } of byRemainder) {
    if (left === 0n) break;
    floors[index] = (floors[index] ?? 0n) + 1n;
    left -= 1n;
  }
  return floors.map((part) => part * sign);
}
