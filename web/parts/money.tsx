import { moneyParts, type Money } from "../../src/core/money.ts";

/** An amount for a figure: the decimals are set smaller, the text stays whole for copying and reading aloud. */
export function Amount({ amountMinor, currency }: Money) {
  const { sign, symbol, whole, decimals } = moneyParts({ amountMinor, currency });
  return (
    <>
      {`${sign}${symbol}${whole}`}
      {decimals === "" ? null : <span class="cents">{decimals}</span>}
    </>
  );
}
