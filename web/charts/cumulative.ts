import { chartWords } from "../locales/en/charts.ts";
import { dayInWords, dayOfYearInShort, monthInShort, monthInWords } from "../parts/when.ts";
import { amountAxis, baseOptions, nameAxis } from "./base-options.ts";
import type { BoardChart, Picture } from "./board-chart.ts";
import type { BoardData } from "./board-data.ts";
import { moneyText } from "./money-text.ts";
import { haloBelow, thinLine } from "./comparison-line.ts";
import { whenInWords } from "./comparison.ts";
import { dayAfter, daysBetween, monthAfter } from "./day-steps.ts";
import { goalLine } from "./goal-line.ts";
import { lineLabels, type LineLabel } from "./line-labels.ts";
import type { Look } from "./look.ts";
import { moneyAxis } from "./money-axis.ts";
import { rowPoints, type Point } from "./point.ts";
import type { Table } from "./table.ts";

const words = chartWords.cumulative;

/**
 * How much had been raised at the end of a day or month; null where a side has no such day. `key` is the day, the month, or
 * the place of a campaign's day beside another campaign's.
 */
type Step = { key: string; ownMinor: number | null; comparedMinor: number | null };

/** Days are read one by one only where all of the period's are there. */
const daysMost = 400;

/** The places of the line: of the comparison where there is one, else the days of a short period, else its months. */
function steps(data: BoardData): Step[] {
  const { compared } = data;
  if (compared === null) return ownDays(data) ?? ownMonths(data);
  const { own, cumulative, with: other } = compared;
  const length = Math.max(cumulative.own.length, cumulative.compared.length);
  const key =
    cumulative.grain === "month"
      ? (place: number) => monthAfter(own.from.slice(0, 7), place)
      : typeof other === "object"
        ? String
        : (place: number) => dayAfter(own.from, place);
  return Array.from({ length }, (_, place) => ({
    key: key(place),
    ownMinor: cumulative.own[place] ?? null,
    comparedMinor: cumulative.compared[place] ?? null,
  }));
}

function nameOf({ key }: Step): string {
  if (isMonth(key)) return monthInWords(key);
  return isDay(key) ? dayInWords(key) : chartWords.dayOf(Number(key) + 1);
}

function shortNameOf({ key }: Step): string {
  if (isMonth(key)) return monthInShort(key);
  return isDay(key) ? dayOfYearInShort(key) : String(Number(key) + 1);
}

const isMonth = (key: string): boolean => /^\d{4}-\d{2}$/u.test(key);
const isDay = (key: string): boolean => /^\d{4}-\d{2}-\d{2}$/u.test(key);

function ownDays({ from, to, today, answers: { days } }: BoardData): Step[] | null {
  const last = to === null || to > today ? today : to;
  if (from === null || from > last || daysBetween(from, last) >= daysMost) return null;
  const raised = new Map(days.map((day) => [day.day, day.givenMinor - day.returnedMinor]));
  let soFar = 0;
  return Array.from({ length: daysBetween(from, last) + 1 }, (_, place) => {
    const day = dayAfter(from, place);
    soFar += raised.get(day) ?? 0;
    return { key: day, ownMinor: soFar, comparedMinor: null };
  });
}

function ownMonths({ months }: BoardData): Step[] {
  let soFar = 0;
  return months.map(({ month, raisedMinor }) => {
    soFar += raisedMinor;
    return { key: month, ownMinor: soFar, comparedMinor: null };
  });
}

/** Chart.js configuration: what was raised, added up, as a line from zero; beside it the other period, above it the goal. */
export function cumulative(data: BoardData, look: Look): Picture {
  const { currency, goalMinor, compared } = data;
  const places = steps(data);
  const own = places.map((step) => step.ownMinor);
  const other = places.map((step) => step.comparedMinor);
  const all = [...own, ...other, goalMinor].map((value) => value ?? 0);
  const axis = moneyAxis(Math.max(0, ...all), Math.min(0, ...all), currency);
  return {
    type: "line",
    data: {
      labels: places.map(shortNameOf),
      datasets: [
        {
          type: "line",
          label: words.raisedSoFar,
          data: own,
          borderColor: look.given,
          backgroundColor: look.given,
          borderWidth: 2.5,
          pointRadius: places.length === 1 ? 4 : 0,
          pointHoverRadius: 5,
          order: -1,
        },
        ...(compared === null
          ? []
          : [{ label: chartWords.raisedThen(whenInWords(data)), data: other, ...thinLine(look) }]),
      ],
    },
    options: {
      ...baseOptions(look, points(data)),
      interaction: { mode: "index", intersect: false },
      layout: { padding: { top: 24, right: 8 } },
      scales: { x: nameAxis(look), y: amountAxis(axis, currency, look) },
    },
    plugins: [
      ...(goalMinor === null ? [] : [goalLine(goalMinor, words.goal(moneyText(goalMinor, currency)), look)]),
      haloBelow(1, look),
      lineLabels(endLabels(data), look),
    ],
  };
}

/** Nothing on either side: the chart then says so in words. */
function isEmpty(places: readonly Step[]): boolean {
  return places.every((step) => (step.ownMinor ?? 0) === 0 && (step.comparedMinor ?? 0) === 0);
}

/** Each line is named where it ends: the higher one over its end, the other under it. */
function endLabels(data: BoardData): LineLabel[] {
  const places = steps(data);
  if (isEmpty(places)) return [];
  const own = places.findLast((step) => step.ownMinor !== null)?.ownMinor ?? null;
  const other = places.findLast((step) => step.comparedMinor !== null)?.comparedMinor ?? null;
  if (own === null) return [];
  const ownText = moneyText(own, data.currency);
  if (other === null) return [{ dataset: 0, text: ownText, at: "over" }];
  const isAhead = own >= other;
  return [
    { dataset: 0, text: words.now(ownText), at: isAhead ? "over" : "under" },
    {
      dataset: 1,
      text: words.other(moneyText(other, data.currency), whenInWords(data)),
      at: isAhead ? "under" : "over",
    },
  ];
}

/** The places at which something changed, and the last one. */
function changes(places: readonly Step[]): number[] {
  return places.flatMap((step, place) => {
    const before = places[place - 1];
    const isSame = (side: "ownMinor" | "comparedMinor") => (step[side] ?? 0) === (before?.[side] ?? 0);
    return isSame("ownMinor") && isSame("comparedMinor") && place < places.length - 1 ? [] : [place];
  });
}

/** The rows behind the chart: of days on which nothing changed there is none. */
export function cumulativeTable(data: BoardData): Table {
  const places = steps(data);
  const cell = (value: number | null) => ({
    text: value === null ? chartWords.none : moneyText(value, data.currency),
  });
  return {
    caption: words.caption,
    columns: [
      { label: isByMonth(places) ? chartWords.month : chartWords.day, number: false },
      { label: words.raisedSoFar, number: true },
      ...(data.compared === null ? [] : [{ label: chartWords.raisedThen(whenInWords(data)), number: true }]),
    ],
    rows: changes(places).flatMap((place) => {
      const step = places[place];
      if (step === undefined) return [];
      const other = data.compared === null ? [] : [cell(step.comparedMinor)];
      return [{ key: step.key, cells: [{ text: nameOf(step) }, cell(step.ownMinor), ...other] }];
    }),
    sum: null,
    empty: words.empty,
  };
}

function isByMonth(places: readonly Step[]): boolean {
  return isMonth(places[0]?.key ?? "");
}

function points(data: BoardData): Point[] {
  return rowPoints(cumulativeTable(data), "across", data.compared === null ? 1 : 2, changes(steps(data)));
}

function hint(data: BoardData): string {
  const { compared, goalMinor } = data;
  const than = compared?.cumulative.grain === "month" ? words.hintComparedByMonth : words.hintCompared;
  return [
    words.hint,
    ...(goalMinor === null ? [] : [words.hintGoal]),
    ...(compared === null ? [] : [than(whenInWords(data))]),
    ...(isByMonth(steps(data)) ? [] : [words.unchanged]),
  ].join(" ");
}

/** Raised, added up, against the goal or another period. */
export const cumulativeChart: BoardChart = {
  heading: words.heading,
  hint,
  summary: (data) => {
    const own = steps(data).findLast((step) => step.ownMinor !== null)?.ownMinor ?? 0;
    return `${words.summary(moneyText(own, data.currency))} ${chartWords.behind}`;
  },
  isEmpty: (data) => isEmpty(steps(data)),
  table: cumulativeTable,
  picture: cumulative,
  points,
  rows: null,
};
