import { boardWords as words } from "../locales/en/board.ts";
import { formatCount } from "../locales/en/count.ts";
import { monthInWords } from "../parts/when.ts";
import type { BoardData, BoardFigures } from "./board-data.ts";
import { moneyText } from "./money-text.ts";
import type { Cell, Table } from "./table.ts";

/** Totals by fund, what waits for a fund as a line of its own, closing with everything together. */
export function fundTable(data: BoardData): Table {
  const { currency, funds, unassigned, all } = data;
  const figures = (line: BoardFigures): Cell[] => [
    { text: moneyText(line.givenMinor, currency) },
    { text: moneyText(-line.returnedMinor, currency) },
    { text: moneyText(line.raisedMinor, currency) },
    { text: moneyText(line.proceedsMinor, currency) },
    { text: moneyText(-line.feesMinor, currency) },
    { text: moneyText(line.reachedMinor, currency) },
    { text: formatCount(line.donors) },
    { text: formatCount(line.unnamedGifts) },
    { text: formatCount(line.supporters) },
  ];
  return {
    caption: words.fundsCaption,
    columns: [
      { label: words.fund, number: false },
      { label: words.given, number: true, definition: "given" },
      { label: words.returned, number: true, definition: "returned" },
      { label: words.raised, number: true, definition: "raised" },
      { label: "Proceeds", number: true, definition: "proceeds" },
      { label: "Fees", number: true, definition: "fees" },
      { label: "Reached", number: true, definition: "reached" },
      { label: "Donors", number: true, definition: "donors" },
      { label: "Unnamed gifts", number: true, definition: "unnamedGifts" },
      { label: "Supporters", number: true, definition: "supporters" },
    ],
    rows: [
      ...funds.map((fund) => ({
        key: `fund-${fund.slug}`,
        cells: [
          // Only a public fund has a page to lead to.
          { text: fund.name, ...(fund.public ? { href: `/funds/${fund.slug}` } : {}), ...chipOf(fund, data) },
          ...figures(fund),
        ],
      })),
      ...(unassigned === null
        ? []
        : [{ key: "unassigned", cells: [{ text: words.unassigned }, ...figures(unassigned)] }]),
    ],
    sum: [{ text: allInWords(data) }, ...figures(all)],
    empty: words.empty,
  };
}

function chipOf({ slug, public: isPublic }: BoardData["funds"][number], { answers }: BoardData): { chip?: string } {
  if (!isPublic) return { chip: words.notPublic };
  const isRestricted = answers.spendable?.funds.some((fund) => fund.slug === slug && fund.restricted) === true;
  return isRestricted ? { chip: words.restricted } : {};
}

/** The rows behind the chart of months, closing with the period's raised. */
export function monthTable(data: BoardData): Table {
  const { months, all, currency, today } = data;
  const money = (amountMinor: number): Cell => ({ text: moneyText(amountMinor, currency) });
  return {
    caption: words.monthsCaption,
    columns: [
      { label: words.month, number: false },
      { label: words.given, number: true },
      { label: words.returned, number: true },
      { label: words.raised, number: true },
    ],
    rows: months.map((row) => ({
      key: row.month,
      cells: [
        { text: monthInWords(row.month), ...(row.month === today.slice(0, 7) ? { chip: words.unfinishedChip } : {}) },
        money(row.givenMinor),
        money(-row.returnedMinor),
        money(row.raisedMinor),
      ],
    })),
    sum: [{ text: allInWords(data) }, money(all.givenMinor), money(-all.returnedMinor), money(all.raisedMinor)],
    empty: words.emptyMonths,
  };
}

/** One bar of the chart of funds. */
export type FundBar = { name: string; raisedMinor: number; unassigned: boolean };

/** The funds from the most raised to the least, then what waits for a fund, if anything does. */
export function fundBars({ funds, unassigned }: BoardData): FundBar[] {
  const bars = funds
    .map((fund) => ({ name: fund.name, raisedMinor: fund.raisedMinor, unassigned: false }))
    .sort((a, b) => b.raisedMinor - a.raisedMinor);
  if (unassigned === null) return bars;
  if (unassigned.givenMinor === 0 && unassigned.returnedMinor === 0) return bars;
  return [...bars, { name: words.unassigned, raisedMinor: unassigned.raisedMinor, unassigned: true }];
}

/** The rows behind the chart of funds. */
export function raisedByFundTable(data: BoardData): Table {
  const money = (amountMinor: number): Cell => ({ text: moneyText(amountMinor, data.currency) });
  return {
    caption: words.raisedByFundCaption,
    columns: [
      { label: words.fund, number: false },
      { label: words.raised, number: true },
    ],
    rows: fundBars(data).map((bar) => ({ key: bar.name, cells: [{ text: bar.name }, money(bar.raisedMinor)] })),
    sum: [{ text: allInWords(data) }, money(data.all.raisedMinor)],
    empty: words.empty,
  };
}

/** What the last line of a table says of itself: within an organisation it is no sum of the lines above it. */
function allInWords({ within }: BoardData): string {
  if (within === null || within.organisationName === null || within.fund !== null) return words.allFunds;
  return words.cameTo(within.organisationName);
}
