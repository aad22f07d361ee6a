import { exponent } from "../../src/core/money.ts";
import { chartWords } from "../locales/en/charts.ts";
import { dayInWords, monthInShort } from "../parts/when.ts";
import { baseOptions, markOf } from "./base-options.ts";
import type { BoardChart, Picture } from "./board-chart.ts";
import type { BoardData } from "./board-data.ts";
import { moneyText } from "./money-text.ts";
import { calendarLabels } from "./calendar-labels.ts";
import { dayAfter, daysBetween, weekdayOf } from "./day-steps.ts";
import { heatOf, type Look } from "./look.ts";
import { tickText } from "./money-axis.ts";
import type { Point } from "./point.ts";
import type { Table } from "./table.ts";

const words = chartWords.calendar;

/** Weeks across: a year and the week that it began in; half of that where the screen is narrow. */
const weeksMost = 53;
const weeksNarrow = 27;

type Day = BoardData["answers"]["days"][number];

/** The days that are shown: the last weeks of the period, up to today. */
function shownDays({ from, to, today }: BoardData, weeks: number): { first: string; last: string; monday: string } {
  const last = to === null || to > today ? today : to;
  const earliest = dayAfter(last, -weekdayOf(last) - (weeks - 1) * 7);
  const first = from !== null && from > earliest ? from : earliest;
  return { first, last, monday: dayAfter(first, -weekdayOf(first)) };
}

/** The days with something on them, of those that are shown. */
function busyDays(data: BoardData): Day[] {
  const { first, last } = shownDays(data, weeksMost);
  return data.answers.days.filter(({ day }) => day >= first && day <= last);
}

/** Where the steps of colour end: quarters of the days with gifts, at round amounts. */
export function heatBounds(days: readonly Day[], currency: string): number[] {
  const given = days
    .map((day) => day.givenMinor)
    .filter((amount) => amount > 0)
    .sort((a, b) => a - b);
  const quarters = [0.25, 0.5, 0.75].map((part) =>
    roundUp(given[Math.floor(part * (given.length - 1))] ?? 0, currency),
  );
  const most = given.at(-1) ?? 0;
  return [...new Set(quarters)].filter((bound) => bound > 0 && bound < most);
}

/** To two digits, and whole units of the currency. */
function roundUp(amountMinor: number, currency: string): number {
  if (amountMinor === 0) return 0;
  const unit = 10 ** exponent(currency);
  const power = Math.max(unit, 10 ** (Math.floor(Math.log10(amountMinor)) - 1));
  return Math.ceil(amountMinor / power) * power;
}

function stepOf(amountMinor: number, bounds: readonly number[]): number {
  return amountMinor <= 0 ? 0 : 1 + bounds.filter((bound) => bound < amountMinor).length;
}

/** A square of the calendar. */
type Square = { day: string; week: number; weekday: number; givenMinor: number; returnedMinor: number };

function squares(data: BoardData, narrow: boolean): Square[] {
  const { first, last, monday } = shownDays(data, narrow ? weeksNarrow : weeksMost);
  const known = new Map(data.answers.days.map((day) => [day.day, day]));
  return Array.from({ length: Math.max(0, daysBetween(first, last) + 1) }, (_, place) => {
    const day = dayAfter(first, place);
    const { givenMinor = 0, returnedMinor = 0 } = known.get(day) ?? {};
    return { day, week: Math.floor(daysBetween(monday, day) / 7), weekday: weekdayOf(day), givenMinor, returnedMinor };
  });
}

/** Chart.js configuration: a column for each week, a square for each of its days, in steps of colour by what was given. */
export function calendar(data: BoardData, look: Look): Picture {
  const days = squares(data, look.narrow);
  const bounds = heatBounds(busyDays(data), data.currency);
  const weeks = look.narrow ? weeksNarrow : weeksMost;
  const columns = Array.from({ length: weeks }, (_, week) => week);
  return {
    type: "bar",
    data: {
      labels: columns.map(() => ""),
      datasets: words.weekdays.map((label, weekday) => {
        const row = columns.map((week) => days.find((day) => day.week === week && day.weekday === weekday));
        return {
          label,
          data: row.map((day) => (day === undefined ? null : ([6 - weekday, 7 - weekday] as [number, number]))),
          backgroundColor: row.map((day) => heatOf(look, stepOf(day?.givenMinor ?? 0, bounds)).ground),
          grouped: false,
          categoryPercentage: 1,
          barPercentage: 1,
          borderSkipped: false,
          borderWidth: look.narrow ? 0.75 : 1,
          borderColor: look.paper,
          ...markOf(look),
        };
      }),
    },
    options: {
      ...baseOptions(look, calendarPoints(data, look)),
      layout: { padding: { top: 20, left: 34, bottom: 34 } },
      scales: { x: { display: false }, y: { min: 0, max: 7, display: false } },
    },
    plugins: [
      calendarLabels(
        {
          months: monthStarts(days),
          weekdays: words.weekdays,
          steps: [words.none, ...bounds.map((bound) => words.upTo(tickText(bound, data.currency))), words.more].map(
            (text, step) => ({ text, color: heatOf(look, step).ground }),
          ),
        },
        look,
      ),
    ],
  };
}

/** The week in which each month begins, and the name that stands over it. */
function monthStarts(days: readonly Square[]): { week: number; text: string }[] {
  return days
    .filter(({ day }) => day.endsWith("-01"))
    .map(({ day, week }) => ({ week, text: monthInShort(day.slice(0, 7)).split(" ")[0] ?? "" }));
}

function calendarPoints(data: BoardData, { narrow }: Pick<Look, "narrow">): Point[] {
  return squares(data, narrow).map(({ day, week, weekday, givenMinor, returnedMinor }) => ({
    x: week,
    y: weekday,
    elements: [{ datasetIndex: weekday, index: week }],
    title: `${words.weekdays[weekday] ?? ""} ${dayInWords(day)}`,
    lines: [
      ...(givenMinor === 0 ? [] : [`${words.given}: ${moneyText(givenMinor, data.currency)}`]),
      ...(returnedMinor === 0 ? [] : [`${words.returned}: ${moneyText(-returnedMinor, data.currency)}`]),
      ...(givenMinor === 0 && returnedMinor === 0 ? [words.nothing] : []),
    ],
  }));
}

/** The rows behind the chart: every day with something on it. */
export function calendarTable(data: BoardData): Table {
  const days = busyDays(data);
  const cells = (name: string, givenMinor: number, returnedMinor: number) => [
    { text: name },
    { text: moneyText(givenMinor, data.currency) },
    { text: moneyText(-returnedMinor, data.currency) },
  ];
  return {
    caption: words.caption,
    columns: [
      { label: chartWords.day, number: false },
      { label: words.given, number: true },
      { label: words.returned, number: true },
    ],
    rows: days.map((day) => ({ key: day.day, cells: cells(dayInWords(day.day), day.givenMinor, day.returnedMinor) })),
    sum: cells(
      words.sum,
      days.reduce((sum, day) => sum + day.givenMinor, 0),
      days.reduce((sum, day) => sum + day.returnedMinor, 0),
    ),
    empty: words.empty,
  };
}

function summary(data: BoardData): string {
  const days = busyDays(data).filter((day) => day.givenMinor > 0);
  const most = Math.max(0, ...days.map((day) => day.givenMinor));
  const best = days.find((day) => day.givenMinor === most);
  if (best === undefined) return words.empty;
  return `${words.summary(days.length, dayInWords(best.day), moneyText(most, data.currency))} ${chartWords.behind}`;
}

/** What was given day by day, in the last weeks of the period. */
export const calendarChart: BoardChart = {
  heading: words.heading,
  hint: (data) => {
    const { first, last } = shownDays(data, weeksMost);
    return daysBetween(first, last) < weeksNarrow * 7 - 7 ? words.hint : `${words.hint} ${words.hintNarrow}`;
  },
  summary,
  isEmpty: (data) => busyDays(data).length === 0,
  table: calendarTable,
  picture: calendar,
  points: calendarPoints,
  rows: null,
};
