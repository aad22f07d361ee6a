import { chartWords } from "../locales/en/charts.ts";
import { formatCount } from "../locales/en/count.ts";
import { baseOptions, markOf } from "./base-options.ts";
import type { BoardChart, Picture } from "./board-chart.ts";
import type { BoardData } from "./board-data.ts";
import { cellLabels, columnLabels, rowLabels, type CellLabel } from "./grid-labels.ts";
import { heatOf, type Look } from "./look.ts";
import type { Point } from "./point.ts";
import type { Cell, Table } from "./table.ts";

const words = chartWords.cohorts;

/** Of fewer people than this a percentage would say more than is known. */
const peopleForPercentage = 20;

/** Room for so many columns is left even where there are fewer, so that a square is no band. */
const columnsLeast = 6;

/** How many of those who first gave in one year gave again so many years later. */
type CohortCell = { row: number; later: number; text: string; share: number; unfinished: boolean };

function cohortCells({ answers: { cohorts }, today }: BoardData): CohortCell[] {
  return cohorts.flatMap(({ from, people, active }, row) =>
    active.slice(1).map((some, place) => ({
      row,
      later: place + 1,
      text: shareInWords(some, people),
      share: people === 0 ? 0 : some / people,
      unfinished: today < yearsAfter(from, place + 2),
    })),
  );
}

function shareInWords(some: number, people: number): string {
  return people < peopleForPercentage ? words.of(some, people) : `${Math.round((some * 100) / people)}%`;
}

/** The day on which a fiscal year begins, so many years later. */
function yearsAfter(from: string, years: number): string {
  return `${String(Number(from.slice(0, 4)) + years)}${from.slice(4)}`;
}

/** A fiscal year: "2020", or "2020/21" where it does not begin in January. */
function yearInWords(from: string): string {
  const year = from.slice(0, 4);
  return from.endsWith("-01-01") ? year : `${year}/${String(Number(year) + 1).slice(2)}`;
}

function yearsLater({ answers: { cohorts } }: BoardData): number {
  return Math.max(0, ...cohorts.map(({ active }) => active.length - 1));
}

/** From nobody to most: fifths of those who first gave. */
function heatStep(share: number): number {
  return share === 0 ? 0 : Math.min(4, 1 + Math.floor(share * 5));
}

/**
 * Chart.js configuration: a row for each year in which people first gave, a square for each year after it. Squares are bars
 * of one place's width; what they say is written on them, so that colour only helps.
 */
export function cohorts(data: BoardData, look: Look): Picture {
  const rows = data.answers.cohorts;
  const later = yearsLater(data);
  const cells = cohortCells(data);
  return {
    type: "bar",
    data: {
      labels: rows.map(({ from }) => yearInWords(from)),
      datasets: Array.from({ length: later }, (_, place) => {
        const column = rows.map((_row, row) => cells.find((cell) => cell.row === row && cell.later === place + 1));
        return {
          label: words.later(place + 1),
          data: column.map((cell) => (cell === undefined ? null : ([place, place + 1] as [number, number]))),
          backgroundColor: column.map((cell) => heatOf(look, heatStep(cell?.share ?? 0)).ground),
          grouped: false,
          categoryPercentage: 1,
          barPercentage: 1,
          borderSkipped: false,
          borderWidth: 1.5,
          borderColor: look.paper,
          ...markOf(look),
        };
      }),
    },
    options: {
      ...baseOptions(look, cohortPoints(data)),
      indexAxis: "y",
      layout: { padding: { top: 22, left: look.narrow ? 74 : 132 } },
      scales: { x: { min: 0, max: Math.max(later, columnsLeast), display: false }, y: { display: false } },
    },
    plugins: [
      rowLabels(
        rows.map(({ from, people }) => [
          yearInWords(from),
          look.narrow ? formatCount(people) : words.peopleInAll(people),
        ]),
        look,
      ),
      columnLabels(
        Array.from({ length: later }, (_, place) => words.laterShort(place + 1, look.narrow)),
        look,
      ),
      cellLabels(
        cells.map((cell): CellLabel => {
          const { ink } = heatOf(look, heatStep(cell.share));
          return { dataset: cell.later - 1, index: cell.row, text: cell.text, ink, dotted: cell.unfinished };
        }),
        look,
      ),
    ],
  };
}

function cohortPoints(data: BoardData): Point[] {
  return cohortCells(data).map(({ row, later, unfinished }) => {
    const cohort = data.answers.cohorts[row];
    const people = cohort?.people ?? 0;
    const some = cohort?.active[later] ?? 0;
    const percent = people < peopleForPercentage ? "" : ` (${shareInWords(some, people)})`;
    return {
      x: later - 1,
      y: row,
      elements: [{ datasetIndex: later - 1, index: row }],
      title: words.firstIn(yearInWords(cohort?.from ?? "")),
      lines: [
        `${words.later(later)}: ${words.of(some, people)}${percent}`,
        ...(unfinished ? [chartWords.unfinished] : []),
      ],
    };
  });
}

/** The rows behind the chart: a percentage, or for few people their number. */
export function cohortTable(data: BoardData): Table {
  const later = yearsLater(data);
  const cells = cohortCells(data);
  return {
    caption: words.caption,
    columns: [
      { label: words.firstGave, number: false },
      { label: words.people, number: true },
      ...Array.from({ length: later }, (_, place) => ({ label: words.later(place + 1), number: true })),
    ],
    rows: data.answers.cohorts.map(({ from, people }, row) => ({
      key: from,
      cells: [
        { text: yearInWords(from) },
        { text: formatCount(people) },
        ...Array.from({ length: later }, (_, place): Cell => {
          const cell = cells.find((each) => each.row === row && each.later === place + 1);
          return { text: cell?.text ?? "" };
        }),
      ],
    })),
    sum: null,
    empty: words.empty,
  };
}

/** Whether people come back, by the year in which they first gave. */
export const cohortsChart: BoardChart = {
  heading: words.heading,
  hint: (data) =>
    cohortCells(data).some((cell) => cell.unfinished) ? `${words.hint} ${words.hintUnfinished}` : words.hint,
  summary: (data) => `${words.summary(data.answers.cohorts.length)} ${chartWords.behind}`,
  isEmpty: (data) => cohortCells(data).length === 0,
  table: cohortTable,
  picture: cohorts,
  points: cohortPoints,
  rows: (data) => data.answers.cohorts.length,
};
