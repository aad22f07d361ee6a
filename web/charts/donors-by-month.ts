import { chartWords } from "../locales/en/charts.ts";
import { formatCount } from "../locales/en/count.ts";
import { monthInShort, monthInWords } from "../parts/when.ts";
import { baseOptions, countAxis, markOf, nameAxis } from "./base-options.ts";
import type { BoardChart, Picture } from "./board-chart.ts";
import type { BoardData } from "./board-data.ts";
import { monthAfter, monthsBetween } from "./day-steps.ts";
import { directLabels, type BarLabel } from "./direct-labels.ts";
import { roomBeside } from "./line-labels.ts";
import type { Look } from "./look.ts";
import { rowPoints } from "./point.ts";
import { stackLabels } from "./stack-labels.ts";
import type { Table } from "./table.ts";

const words = chartWords.donorsByMonth;

type DonorMonth = BoardData["answers"]["donorMonths"][number];

/** The months of the other charts and those with a donor, without gaps, the oldest first. */
function donorMonths({ months, answers }: BoardData): DonorMonth[] {
  const known = new Map(answers.donorMonths.map((row) => [row.month, row]));
  const seen = [...months.map((row) => row.month), ...known.keys()].sort();
  const [first, last] = [seen[0], seen.at(-1)];
  if (first === undefined || last === undefined) return [];
  return Array.from({ length: monthsBetween(first, last) + 1 }, (_, place) => {
    const month = monthAfter(first, place);
    return known.get(month) ?? { month, newDonors: 0, returningDonors: 0 };
  });
}

/** Chart.js configuration: people who gave for the first time, and on top of them those who had given before. */
export function donorsByMonth(data: BoardData, look: Look): Picture {
  const rows = donorMonths(data);
  const bar = {
    stack: "donors",
    categoryPercentage: 0.84,
    barPercentage: 0.86,
    maxBarThickness: 48,
    // A line of paper keeps the two parts of a bar apart in any colour.
    borderColor: look.paper,
    borderWidth: { top: 1.5 },
    ...markOf(look),
  };
  return {
    type: "bar",
    data: {
      labels: rows.map((row) => monthInShort(row.month)),
      datasets: [
        { label: words.first, data: rows.map((row) => row.newDonors), backgroundColor: look.newDonors, ...bar },
        { label: words.before, data: rows.map((row) => row.returningDonors), backgroundColor: look.given, ...bar },
      ],
    },
    options: {
      ...baseOptions(look, rowPoints(donorsByMonthTable(data), "across", 2)),
      layout: { padding: { top: 22, right: roomBeside } },
      scales: {
        x: { ...nameAxis(look), stacked: true },
        y: { ...countAxis(Math.max(0, ...rows.map(sumOf)), look), stacked: true },
      },
    },
    plugins: [
      directLabels(mostDonors(rows), look, "up"),
      stackLabels(
        [
          { name: words.first, color: look.newDonors },
          { name: words.before, color: look.given },
        ],
        look,
      ),
    ],
  };
}

/** The month with most donors is named by their number. */
function mostDonors(rows: readonly DonorMonth[]): BarLabel[] {
  const most = Math.max(0, ...rows.map(sumOf));
  const index = rows.findIndex((row) => sumOf(row) === most);
  return most === 0 ? [] : [{ dataset: 1, index, text: formatCount(most) }];
}

const sumOf = ({ newDonors, returningDonors }: DonorMonth): number => newDonors + returningDonors;

/** The rows behind the chart. They do not add up: whoever gives in two months is in both. */
export function donorsByMonthTable(data: BoardData): Table {
  return {
    caption: words.caption,
    columns: [
      { label: chartWords.month, number: false },
      { label: words.first, number: true },
      { label: words.before, number: true },
      { label: words.donors, number: true },
    ],
    rows: donorMonths(data).map((row) => ({
      key: row.month,
      cells: [
        { text: monthInWords(row.month) },
        { text: formatCount(row.newDonors) },
        { text: formatCount(row.returningDonors) },
        { text: formatCount(sumOf(row)) },
      ],
    })),
    sum: null,
    empty: words.empty,
  };
}

function summary(data: BoardData): string {
  const rows = donorMonths(data);
  const most = Math.max(0, ...rows.map(sumOf));
  const best = rows.find((row) => sumOf(row) === most);
  if (best === undefined) return words.empty;
  return `${words.summary(rows.length, monthInWords(best.month), most)} ${chartWords.behind}`;
}

/** New donors against those who had given before. */
export const donorsByMonthChart: BoardChart = {
  heading: words.heading,
  hint: () => words.hint,
  summary,
  isEmpty: (data) => donorMonths(data).every((row) => sumOf(row) === 0),
  table: donorsByMonthTable,
  picture: donorsByMonth,
  points: (data) => rowPoints(donorsByMonthTable(data), "across", 2),
  rows: null,
};
