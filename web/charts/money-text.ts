import { formatMoney } from "../../src/core/money.ts";

/** An amount of JSON as text. */
export function moneyText(amountMinor: number, currency: string): string {
  return formatMoney({ amountMinor: BigInt(amountMinor), currency });
}
