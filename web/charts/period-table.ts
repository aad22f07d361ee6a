import { formatMoney } from "../../src/core/money.ts";
import { fundWords as words } from "../locales/en/fund.ts";
import { monthInWords } from "../parts/when.ts";
import type { Table } from "./table.ts";

/**
 * What was raised in one month, or in several that are shown as one; `from` and `to` are YYYY-MM. Not what was returned: that
 * may be one person's.
 */
export type PeriodRow = { from: string; to: string; raisedMinor: bigint };

/**
 * The rows behind a fund's raised. What the rows do not name stands in a line of its own, so that the last line is
 * always the figure on the page.
 */
export function periodTable(
  name: string,
  rows: readonly PeriodRow[],
  { givenMinor, raisedMinor }: { givenMinor: bigint; raisedMinor: bigint },
  currency: string,
): Table {
  const rest = rows.reduce((left, row) => left - row.raisedMinor, raisedMinor);
  const hasRest = rest !== 0n || (rows.length === 0 && givenMinor !== 0n);
  const lines = rows.map((row) => ({ key: row.from, name: rowName(row), raisedMinor: row.raisedMinor }));
  const all = !hasRest ? lines : [...lines, { key: "rest", name: words.remainder, raisedMinor: rest }];
  const cells = (label: string, amountMinor: bigint) => [
    { text: label },
    { text: formatMoney({ amountMinor, currency }) },
  ];
  return {
    caption: words.monthsCaption(name),
    columns: [
      { label: words.month, number: false },
      { label: "Raised", number: true, definition: "raised" },
    ],
    rows: all.map((line) => ({ key: line.key, cells: cells(line.name, line.raisedMinor) })),
    sum: cells(words.sum, raisedMinor),
    empty: words.monthsEmpty,
  };
}

function rowName({ from, to }: PeriodRow): string {
  return from === to ? monthInWords(from) : words.toMonth(monthInWords(from), monthInWords(to));
}
