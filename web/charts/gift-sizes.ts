import { moneyParts } from "../../src/core/money.ts";
import { chartWords } from "../locales/en/charts.ts";
import { formatCount } from "../locales/en/count.ts";
import { baseOptions, countAxis, markOf, nameAxis } from "./base-options.ts";
import type { BoardChart, Picture } from "./board-chart.ts";
import type { BoardData } from "./board-data.ts";
import { directLabels } from "./direct-labels.ts";
import type { Look } from "./look.ts";
import { tickText } from "./money-axis.ts";
import { rowPoints } from "./point.ts";
import type { Table } from "./table.ts";

const words = chartWords.giftSizes;

type SizeBar = NonNullable<BoardData["answers"]["size"]>["histogram"][number];

/** Chart.js configuration: a bar for each range of sizes, with the number of gifts above it. */
export function giftSizes(data: BoardData, look: Look): Picture {
  const { histogram } = data.answers.size;
  const most = Math.max(0, ...histogram.map((bar) => bar.gifts));
  return {
    type: "bar",
    data: {
      labels: histogram.map((bar) => nameLines(bar, data.currency, look.narrow)),
      datasets: [
        {
          label: words.gifts,
          data: histogram.map((bar) => bar.gifts),
          backgroundColor: look.given,
          borderRadius: 2,
          categoryPercentage: 1,
          barPercentage: 0.94,
          ...markOf(look),
        },
      ],
    },
    options: {
      ...baseOptions(look, rowPoints(giftSizesTable(data), "across", 1)),
      layout: { padding: { top: 22 } },
      scales: { x: sizeAxis(look), y: { ...countAxis(most, look), display: false } },
    },
    plugins: [
      directLabels(
        histogram.map((bar, index) => ({ dataset: 0, index, text: formatCount(bar.gifts) })),
        look,
        "up",
      ),
    ],
  };
}

/** Every range is named: a bar without a name says nothing. */
function sizeAxis(look: Look) {
  const { ticks, ...axis } = nameAxis(look);
  return {
    ...axis,
    border: { display: true, color: look.soft },
    ticks: { ...ticks, autoSkip: false, font: { family: look.font, size: look.narrow ? 10 : 11 } },
  };
}

/** The range as words, one below the other, so that they fit under their bar; shorter on a phone. */
function nameLines(bar: SizeBar, currency: string, narrow: boolean): string[] {
  return rangeInWords(bar, currency, narrow ? tickText : wholeText).split(" ");
}

function rangeInWords({ fromMinor, toMinor }: SizeBar, currency: string, textOf: typeof tickText): string {
  const from = textOf(fromMinor, currency);
  return toMinor === null ? words.orMore(from) : words.range(from, textOf(toMinor, currency));
}

/** An amount without the decimals that say nothing. */
function wholeText(amountMinor: number, currency: string): string {
  const { symbol, whole, decimals } = moneyParts({ amountMinor: BigInt(amountMinor), currency });
  return `${symbol}${whole}${/^\.0*$/u.test(decimals) ? "" : decimals}`;
}

/** The rows behind the chart; they add up to all gifts. */
export function giftSizesTable({ answers: { size }, currency }: BoardData): Table {
  return {
    caption: words.caption,
    columns: [
      { label: words.size, number: false },
      { label: words.gifts, number: true },
    ],
    rows: size.histogram.map((bar) => ({
      key: String(bar.fromMinor),
      cells: [{ text: rangeInWords(bar, currency, wholeText) }, { text: formatCount(bar.gifts) }],
    })),
    sum: [{ text: words.all }, { text: formatCount(size.gifts) }],
    empty: words.empty,
  };
}

function summary({ answers: { size }, currency }: BoardData): string {
  const most = Math.max(0, ...size.histogram.map((bar) => bar.gifts));
  const best = size.histogram.find((bar) => bar.gifts === most);
  if (best === undefined) return words.empty;
  return `${words.summary(size.gifts, rangeInWords(best, currency, wholeText))} ${chartWords.behind}`;
}

/** Gifts by their size. */
export const giftSizesChart: BoardChart = {
  heading: words.heading,
  hint: () => words.hint,
  summary,
  isEmpty: ({ answers }) => answers.size.gifts === 0,
  table: giftSizesTable,
  picture: giftSizes,
  points: (data) => rowPoints(giftSizesTable(data), "across", 1),
  rows: null,
};
