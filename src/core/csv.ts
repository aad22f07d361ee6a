import { exponent, type Money } from "./money.ts";

/** What a spreadsheet takes for the beginning of a formula, after anything that it does not show. */
const formula = /^[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]/u;

/**
 * A stranger's text as a cell: never a formula, never more than one line, so that a file opened in a spreadsheet computes
 * nothing. Source: https://owasp.org/www-community/attacks/CSV_Injection
 */
export function csvText(text: string | null): string {
  const line = (text ?? "").replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trim();
  return formula.test(line) ? `'${line}` : line;
}

/** An amount as a plain number with a decimal point and no thousands: 1234.50, -5.00. Nothing where it is not known. */
export function csvAmount({
  amountMinor,
  currency,
}: {
  amountMinor: Money["amountMinor"] | null;
  currency: string;
}): string {
  if (amountMinor === null) return "";
  const digits = exponent(currency);
  const positive = amountMinor < 0n ? -amountMinor : amountMinor;
  const text = positive.toString().padStart(digits + 1, "0");
  const whole = text.slice(0, text.length - digits);
  return `${amountMinor < 0n ? "-" : ""}${whole}${digits === 0 ? "" : `.${text.slice(-digits)}`}`;
}
