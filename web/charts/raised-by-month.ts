import { boardWords } from "../locales/en/board.ts";
import { chartWords } from "../locales/en/charts.ts";
import { monthInShort, monthInWords } from "../parts/when.ts";
import { amountAxis, baseOptions, markOf, nameAxis } from "./base-options.ts";
import type { BoardChart, Picture } from "./board-chart.ts";
import type { BoardData } from "./board-data.ts";
import { monthTable } from "./board-tables.ts";
import { moneyText } from "./money-text.ts";
import { haloBelow, thinLine } from "./comparison-line.ts";
import { comparedMonths, whenInWords } from "./comparison.ts";
import { directLabels, type BarLabel } from "./direct-labels.ts";
import { lineLabels, roomBeside } from "./line-labels.ts";
import type { Look } from "./look.ts";
import { moneyAxis } from "./money-axis.ts";
import { rowPoints } from "./point.ts";
import type { Table } from "./table.ts";

const words = { ...boardWords, ...chartWords };

/**
 * Chart.js configuration: a bar up for what each month was given, a bar down for what was returned, from one zero line,
 * and over them the months of the other period as a thin line. Values are the JSON's minor units, unrounded.
 */
export function raisedByMonth(data: BoardData, look: Look): Picture {
  const { months, currency, today } = data;
  const unfinished = today.slice(0, 7);
  const other = comparedMonths(data);
  const most = Math.max(0, ...months.map((row) => row.givenMinor), ...(other ?? []).map((value) => value ?? 0));
  const least = Math.min(0, ...months.map((row) => -row.returnedMinor), ...(other ?? []).map((value) => value ?? 0));
  return {
    type: "bar",
    data: {
      labels: months.map((row) => monthInShort(row.month)),
      datasets: [
        {
          label: words.given,
          data: months.map((row) => row.givenMinor),
          backgroundColor: months.map((row) => (row.month === unfinished ? look.givenUnfinished : look.given)),
          ...monthBar(look),
        },
        {
          label: words.returned,
          data: months.map((row) => -row.returnedMinor),
          backgroundColor: look.returned,
          ...monthBar(look),
        },
        ...(other === null
          ? []
          : [{ label: words.raisedThen(whenInWords(data)), data: other, order: -1, ...thinLine(look) }]),
      ],
    },
    options: {
      ...baseOptions(look, rowPoints(byMonthTable(data), "across", 2)),
      layout: { padding: { top: 22, right: other === null ? 0 : roomBeside } },
      scales: { x: nameAxis(look), y: amountAxis(moneyAxis(most, least, currency), currency, look) },
    },
    plugins: [
      directLabels(byMonthLabels(data), look, "up"),
      ...(other === null
        ? []
        : [haloBelow(2, look), lineLabels([{ dataset: 2, text: whenInWords(data), at: "beside" }], look)]),
    ],
  };
}

function monthBar(look: Look) {
  return {
    borderRadius: 2,
    grouped: false,
    categoryPercentage: 0.84,
    barPercentage: 0.86,
    maxBarThickness: 48,
    ...markOf(look),
  };
}

/** The rows behind the chart: the months, beside them what the other period raised in the same place. */
export function byMonthTable(data: BoardData): Table {
  const table = monthTable(data);
  const other = comparedMonths(data);
  if (other === null) return table;
  const cell = (value: number | null | undefined) => ({
    text: typeof value === "number" ? moneyText(value, data.currency) : words.none,
  });
  const sum = other.reduce<number>((total, value) => total + (value ?? 0), 0);
  return {
    ...table,
    columns: [...table.columns, { label: words.raisedThen(whenInWords(data)), number: true }],
    rows: table.rows.map((row, place) => ({ ...row, cells: [...row.cells, cell(other[place])] })),
    sum: table.sum === null ? null : [...table.sum, cell(sum)],
  };
}

/** The months that are named by their amount: the one with most given, the last one, and the one with most returned. */
export function byMonthLabels({ months, currency }: BoardData): BarLabel[] {
  const labels: BarLabel[] = [];
  const most = indexOfMost(months.map((row) => row.givenMinor));
  const last = months.length - 1;
  if (most !== null) labels.push({ dataset: 0, index: most, text: moneyText(months[most]?.givenMinor ?? 0, currency) });
  const roomForBoth = most !== null && last - most > Math.ceil(months.length / 8);
  if (roomForBoth && (months[last]?.givenMinor ?? 0) > 0) {
    labels.push({ dataset: 0, index: last, text: moneyText(months[last]?.givenMinor ?? 0, currency) });
  }
  const back = indexOfMost(months.map((row) => row.returnedMinor));
  if (back !== null)
    labels.push({ dataset: 1, index: back, text: moneyText(-(months[back]?.returnedMinor ?? 0), currency) });
  return labels;
}

/** Whether no month of the period has a gift or a return. */
export function byMonthIsEmpty({ months }: BoardData): boolean {
  return months.every((row) => row.givenMinor === 0 && row.returnedMinor === 0);
}

/** The sentence under the chart's heading. */
export function byMonthHint(data: BoardData): string {
  const { months, today } = data;
  const unfinished = months.some((row) => row.month === today.slice(0, 7));
  return [
    words.byMonthHint,
    ...(unfinished ? [words.byMonthUnfinished] : []),
    ...(comparedMonths(data) === null ? [] : [words.byMonthCompared(whenInWords(data))]),
  ].join(" ");
}

/** The chart in one sentence, for people who cannot see it. */
export function byMonthSummary({ months, all, currency }: BoardData): string {
  const most = indexOfMost(months.map((row) => row.givenMinor));
  const best = most === null ? undefined : months[most];
  if (best === undefined) return words.empty;
  return words.byMonthSummary(months.length, moneyText(all.raisedMinor, currency), monthInWords(best.month));
}

/** The first index of the greatest value above zero. */
function indexOfMost(values: readonly number[]): number | null {
  const most = Math.max(0, ...values);
  return most === 0 ? null : values.indexOf(most);
}

/** Raised, month by month. */
export const byMonthChart: BoardChart = {
  heading: words.byMonthHeading,
  hint: byMonthHint,
  summary: byMonthSummary,
  isEmpty: byMonthIsEmpty,
  table: byMonthTable,
  picture: raisedByMonth,
  points: (data) => rowPoints(byMonthTable(data), "across", 2),
  rows: null,
};
