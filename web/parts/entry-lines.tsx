import type { EntryLine } from "../../src/core/entry-list.ts";
import { formatMoney } from "../../src/core/money.ts";
import { bookWords } from "../locales/en/books.ts";

/** The account and fund of a line, and its amount as a debit or a credit. */
export function EntryLineCells({ line }: { line: EntryLine }) {
  const { code, name, fund, fundSlug, campaign, currency, amountMinor } = line;
  const money = formatMoney({ amountMinor: amountMinor < 0n ? -amountMinor : amountMinor, currency });
  return (
    <>
      <td>
        {name} <span class="soft num">{code}</span>
      </td>
      <td>
        {fund === null || fundSlug === null ? (
          <span class="soft">{bookWords.unassigned}</span>
        ) : (
          <a href={`/desk/books/funds/${fundSlug}`}>{fund}</a>
        )}
        {campaign === null ? null : <span class="under">{campaign}</span>}
      </td>
      <td class="r">{amountMinor > 0n ? money : ""}</td>
      <td class="r">{amountMinor < 0n ? money : ""}</td>
    </>
  );
}

/** What debits and credits of lines come to, by currency. */
export function lineSums(lines: readonly EntryLine[]): { currency: string; debitMinor: bigint; creditMinor: bigint }[] {
  return [...new Set(lines.map(({ currency }) => currency))].sort().map((currency) => {
    const own = lines.filter((line) => line.currency === currency).map(({ amountMinor }) => amountMinor);
    const debitMinor = own.filter((amount) => amount > 0n).reduce((sum, amount) => sum + amount, 0n);
    return { currency, debitMinor, creditMinor: debitMinor - own.reduce((sum, amount) => sum + amount, 0n) };
  });
}
