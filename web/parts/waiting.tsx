import { formatMoney } from "../../src/core/money.ts";
import type { Total } from "../../src/core/total.ts";
import { fundWords as words } from "../locales/en/fund.ts";

/** What the figures do not contain yet or never add in, each in one sentence; nothing when there is nothing to say. */
export function Waiting({ total, currency }: { total: Total; currency: string }) {
  const { arriving, awaitingConversion, otherCurrencies } = total;
  return (
    <>
      {arriving.payments === 0 ? null : (
        <p>{words.arriving(arriving.payments, formatMoney({ amountMinor: arriving.amountMinor, currency }))}</p>
      )}
      {awaitingConversion === 0 ? null : <p>{words.awaiting(awaitingConversion)}</p>}
      {otherCurrencies.map((other) => (
        <p>
          {words.otherCurrency(
            `${other.currency} ${formatMoney({ amountMinor: other.raisedMinor, currency: other.currency })}`,
          )}
        </p>
      ))}
    </>
  );
}
