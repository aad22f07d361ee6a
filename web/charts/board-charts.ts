import type { BoardChart } from "./board-chart.ts";
import { calendarChart } from "./calendar.ts";
import { cohortsChart } from "./cohorts.ts";
import { cumulativeChart } from "./cumulative.ts";
import { donorsByMonthChart } from "./donors-by-month.ts";
import { giftSizesChart } from "./gift-sizes.ts";
import { merchandiseChart } from "./merchandise.ts";
import { byFundChart } from "./raised-by-fund.ts";
import { byMonthChart } from "./raised-by-month.ts";

/** Every chart of the dashboard by its name: in the page, in the address of its table as CSV, and in the browser. */
export const boardCharts = {
  "by-month": byMonthChart,
  "by-fund": byFundChart,
  cumulative: cumulativeChart,
  "donors-by-month": donorsByMonthChart,
  "gift-sizes": giftSizesChart,
  cohorts: cohortsChart,
  calendar: calendarChart,
  merchandise: merchandiseChart,
} as const satisfies Record<string, BoardChart>;

export type ChartName = keyof typeof boardCharts;

/** Whether the text names a chart. */
export function isChartName(text: string): text is ChartName {
  return Object.hasOwn(boardCharts, text);
}

/** How high a chart has to be for its bars; a class of the page, since its height must be there before it is drawn. */
export function plotSize(rows: number | null): "smallest" | "small" | "usual" | "tall" | "taller" | "tallest" {
  if (rows === null) return "usual";
  if (rows <= 2) return "smallest";
  if (rows <= 4) return "small";
  if (rows <= 7) return "usual";
  if (rows <= 12) return "tall";
  return rows <= 18 ? "taller" : "tallest";
}
