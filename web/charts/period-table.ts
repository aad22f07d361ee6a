import { formatMoney } from "../../src/core/money.ts";
import type { MonthTotal } from "../../src/core/total.ts";
import { fundWords as words } from "../locales/en/fund.ts";
import { monthInWords } from "../parts/when.ts";
import type { Table } from "./table.ts";

/** What was given and returned in one month, or in several that are shown as one; `from` and `to` are YYYY-MM. */
export type PeriodRow = { from: string; to: string; givenMinor: bigint; returnedMinor: bigint };

/** The rows of one fund (null: what waits for a fund) among months of all funds, oldest first. */
export function periodRows(months: readonly MonthTotal[], fund: string | null): PeriodRow[] {
  return months
    .filter((row) => row.fund === fund)
    .map(({ month, givenMinor, returnedMinor }) => ({ from: month, to: month, givenMinor, returnedMinor }))
    .sort((a, b) => (a.from < b.from ? -1 : 1));
}

/**
 * The rows behind a fund's raised. What the rows do not name stands in a line of its own, so that the last line is
 * always the figure on the page.
 */
export function periodTable(
  name: string,
  rows: readonly PeriodRow[],
  total: { givenMinor: bigint; returnedMinor: bigint },
  currency: string,
): Table {
  const given = rows.reduce((sum, row) => sum + row.givenMinor, 0n);
  const returned = rows.reduce((sum, row) => sum + row.returnedMinor, 0n);
  const rest = { givenMinor: total.givenMinor - given, returnedMinor: total.returnedMinor - returned };
  const lines = rows.map((row) => ({ key: row.from, name: rowName(row), ...row }));
  const all =
    rest.givenMinor === 0n && rest.returnedMinor === 0n
      ? lines
      : [...lines, { key: "rest", name: words.remainder, ...rest }];
  const money = (amountMinor: bigint) => ({ text: formatMoney({ amountMinor, currency }) });
  const cells = (label: string, givenMinor: bigint, returnedMinor: bigint) => [
    { text: label },
    money(givenMinor),
    money(-returnedMinor),
    money(givenMinor - returnedMinor),
  ];
  return {
    caption: words.monthsCaption(name),
    columns: [
      { label: words.month, number: false },
      { label: "Given", number: true, definition: "given" },
      { label: "Returned", number: true, definition: "returned" },
      { label: "Raised", number: true, definition: "raised" },
    ],
    rows: all.map((line) => ({ key: line.key, cells: cells(line.name, line.givenMinor, line.returnedMinor) })),
    sum: cells(words.sum, total.givenMinor, total.returnedMinor),
    empty: words.monthsEmpty,
  };
}

function rowName({ from, to }: PeriodRow): string {
  return from === to ? monthInWords(from) : words.toMonth(monthInWords(from), monthInWords(to));
}
