import type { ChartConfiguration } from "chart.js";
import { boardWords as words } from "../locales/en/board.ts";
import { monthInShort, monthInWords } from "../parts/when.ts";
import type { BoardData } from "./board-data.ts";
import { moneyText } from "./board-text.ts";
import { directLabels, type BarLabel } from "./direct-labels.ts";
import type { Look } from "./look.ts";
import { moneyAxis, tickText } from "./money-axis.ts";

/**
 * Chart.js configuration: a bar up for what each month was given, a bar down for what was returned, from one zero line.
 * Values are the JSON's minor units, unrounded.
 */
export function raisedByMonth(data: BoardData, look: Look): ChartConfiguration<"bar", number[], string> {
  const { months, currency, today } = data;
  const unfinished = today.slice(0, 7);
  const most = Math.max(0, ...months.map((row) => row.givenMinor));
  const least = Math.min(0, ...months.map((row) => -row.returnedMinor));
  const axis = moneyAxis(most, least, currency);
  return {
    type: "bar",
    data: {
      labels: months.map((row) => monthInShort(row.month)),
      datasets: [
        {
          label: words.given,
          data: months.map((row) => row.givenMinor),
          backgroundColor: months.map((row) => (row.month === unfinished ? look.givenUnfinished : look.given)),
        },
        {
          label: words.returned,
          data: months.map((row) => -row.returnedMinor),
          backgroundColor: look.returned,
        },
      ],
    },
    options: {
      responsive: true,
      maintainAspectRatio: false,
      animation: look.moves ? { duration: 300 } : false,
      layout: { padding: { top: 22 } },
      font: { family: look.font, size: 12 },
      color: look.soft,
      datasets: {
        bar: { borderRadius: 2, grouped: false, categoryPercentage: 0.84, barPercentage: 0.86, maxBarThickness: 48 },
      },
      scales: {
        x: {
          grid: { display: false },
          border: { display: false },
          ticks: { color: look.soft, font: { family: look.font, size: 12 }, maxRotation: 0, autoSkipPadding: 16 },
        },
        y: {
          min: axis.min,
          max: axis.max,
          afterBuildTicks: (scale) => {
            scale.ticks = axis.ticks.map((value) => ({ value }));
          },
          border: { display: false },
          grid: { color: (line) => (line.tick.value === 0 ? look.soft : look.hair), tickLength: 0 },
          ticks: {
            color: look.soft,
            font: { family: look.font, size: 12 },
            autoSkip: false,
            padding: 8,
            callback: (value) => tickText(Number(value), currency),
          },
        },
      },
      plugins: {
        tooltip: {
          displayColors: false,
          callbacks: {
            title: ([bar]) => (bar === undefined ? "" : monthInWords(months[bar.dataIndex]?.month ?? "1970-01")),
            label: (bar) =>
              `${bar.dataset.label ?? ""} ${moneyText(bar.datasetIndex === 0 ? Number(bar.raw) : -Number(bar.raw), currency)}`,
          },
        },
      },
    },
    plugins: [directLabels(byMonthLabels(data), look.ink, look.font, "up")],
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
export function byMonthHint({ months, today }: BoardData): string {
  const unfinished = months.some((row) => row.month === today.slice(0, 7));
  return unfinished ? `${words.byMonthHint} ${words.byMonthUnfinished}` : words.byMonthHint;
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
