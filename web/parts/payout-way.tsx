import { formatMoney } from "../../src/core/money.ts";
import { type OpenedPayout, payoutSum } from "../../src/core/payout.ts";
import { payoutWords } from "../locales/en/payouts.ts";
import { dayInShort } from "./when.ts";

const words = payoutWords.one;

/** The steps of a payout's money from Stripe's balance to the bank, and which of them are proved. */
export function PayoutWay({ payout }: { payout: OpenedPayout }) {
  const { wayColumns: columns } = words;
  const { account, currency, amountMinor, arrivalDate, firstOn, lastOn, movements, traceId } = payout;
  const { count, netMinor } = payoutSum(payout);
  const money = (minor: bigint): string => formatMoney({ amountMinor: minor, currency });
  const where = words.atStripe(account);
  return (
    <div class="scroll" role="region" aria-label={words.wayCaption} tabindex={0}>
      <table>
        <caption class="unseen">{words.wayCaption}</caption>
        <thead>
          <tr>
            <th scope="col">{columns.step}</th>
            <th scope="col">{columns.where}</th>
            <th scope="col">{columns.day}</th>
            <th scope="col" class="r">
              {columns.amount}
            </th>
            <td></td>
          </tr>
        </thead>
        <tbody>
          {count === 0 ? null : (
            <tr>
              <th scope="row">{words.moved(count)}</th>
              <td class="soft">{where}</td>
              <td class="day">
                {firstOn === null || lastOn === null ? "" : words.days(dayInShort(firstOn), dayInShort(lastOn))}
              </td>
              <td class="r">{money(netMinor)}</td>
              <td class="r">
                <span class={netMinor === amountMinor ? "chip good" : "chip warn"}>
                  {netMinor === amountMinor ? payoutWords.chips["adds up"] : payoutWords.chips.differs}
                </span>
              </td>
            </tr>
          )}
          {movements.map(({ type, day, amountMinor: moved, entries }) => (
            <tr>
              <th scope="row">{words.movements[type] ?? type}</th>
              <td class="soft">{where}</td>
              <td class="day">{dayInShort(day)}</td>
              <td class="r">{money(-moved)}</td>
              <td class="r">
                <span class={entries.length > 0 ? "chip good" : "chip warn"}>
                  {entries.length > 0 ? words.matched : words.notPosted}
                </span>
              </td>
            </tr>
          ))}
          <tr>
            <th scope="row">{words.bank}</th>
            <td class="soft">
              {words.bankWhere}
              {traceId === null ? null : <span class="under">{words.trace(traceId)}</span>}
            </td>
            <td class="day">{dayInShort(arrivalDate)}</td>
            <td class="r"></td>
            <td class="r">
              <span class="chip">{words.bankNotYet}</span>
            </td>
          </tr>
        </tbody>
      </table>
    </div>
  );
}
