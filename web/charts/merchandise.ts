import { chartWords } from "../locales/en/charts.ts";
import { formatCount } from "../locales/en/count.ts";
import type { BoardChart, Picture } from "./board-chart.ts";
import type { BoardData } from "./board-data.ts";
import { moneyText } from "./money-text.ts";
import type { Look } from "./look.ts";
import { rowPoints, type Point } from "./point.ts";
import { barsShown, sidewaysBars } from "./sideways-bars.ts";
import type { Table } from "./table.ts";

const words = chartWords.merchandise;

/** What was sold of one item in one size or kind. */
type Pile = { key: string; name: string; units: number; soldMinor: number };

/** The most sold first; where several campaigns sold, each name says of which. */
function piles({ answers: { merchandise } }: BoardData): Pile[] {
  const nameOf = (item: string, variant: string, campaign: string): string => {
    const name = words.name(item, variant);
    return merchandise.length > 1 && item !== campaign ? words.within(name, campaign) : name;
  };
  return merchandise
    .flatMap((campaign) =>
      campaign.items.map(({ item, variant, units, soldMinor }) => ({
        key: `${campaign.slug}/${item}/${variant}`,
        name: nameOf(item, variant, campaign.name),
        units,
        soldMinor,
      })),
    )
    .sort((a, b) => b.units - a.units);
}

/** Chart.js configuration: one bar an item and variant, as long as pieces were sold. */
export function merchandise(data: BoardData, look: Look): Picture {
  const bars = piles(data)
    .slice(0, barsShown)
    .map(({ name, units }) => ({ name, value: units, text: formatCount(units), color: look.given }));
  return sidewaysBars(words.pieces, bars, merchandisePoints(data), look);
}

function merchandisePoints(data: BoardData): Point[] {
  return rowPoints(merchandiseTable(data), "down", 1).slice(0, barsShown);
}

/** The rows behind the chart. */
export function merchandiseTable(data: BoardData): Table {
  const sold = piles(data);
  const cells = (name: string, units: number, soldMinor: number) => [
    { text: name },
    { text: formatCount(units) },
    { text: moneyText(soldMinor, data.currency) },
  ];
  return {
    caption: words.caption,
    columns: [
      { label: words.item, number: false },
      { label: words.pieces, number: true },
      { label: words.sold, number: true },
    ],
    rows: sold.map(({ key, name, units, soldMinor }) => ({ key, cells: cells(name, units, soldMinor) })),
    sum: cells(words.all, ...sumOf(sold)),
    empty: words.empty,
  };
}

function sumOf(sold: readonly Pile[]): [units: number, soldMinor: number] {
  return [sold.reduce((sum, pile) => sum + pile.units, 0), sold.reduce((sum, pile) => sum + pile.soldMinor, 0)];
}

/** Pieces sold, by item and variant. */
export const merchandiseChart: BoardChart = {
  heading: words.heading,
  hint: (data) => {
    const all = piles(data).length;
    return all <= barsShown ? words.hint : `${words.hint} ${chartWords.most(barsShown, all)}`;
  },
  summary: (data) => `${words.summary(sumOf(piles(data))[0], piles(data).length)} ${chartWords.behind}`,
  isEmpty: (data) => piles(data).every((pile) => pile.units === 0),
  table: merchandiseTable,
  picture: merchandise,
  points: merchandisePoints,
  rows: (data) => Math.min(piles(data).length, barsShown),
};
