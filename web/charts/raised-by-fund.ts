import { boardWords as words } from "../locales/en/board.ts";
import { chartWords } from "../locales/en/charts.ts";
import type { BoardChart, Picture } from "./board-chart.ts";
import type { BoardData } from "./board-data.ts";
import { fundBars, raisedByFundTable } from "./board-tables.ts";
import { moneyText } from "./money-text.ts";
import type { Look } from "./look.ts";
import { rowPoints, type Point } from "./point.ts";
import { barsShown, sidewaysBars } from "./sideways-bars.ts";

/** Chart.js configuration: one bar a fund, the most raised first. */
export function raisedByFund(data: BoardData, look: Look): Picture {
  const bars = fundBars(data)
    .slice(0, barsShown)
    .map(({ name, raisedMinor, unassigned }) => ({
      name,
      value: raisedMinor,
      text: moneyText(raisedMinor, data.currency),
      color: unassigned ? look.unassigned : look.given,
    }));
  return sidewaysBars(words.raised, bars, fundPoints(data), look);
}

function fundPoints(data: BoardData): Point[] {
  return rowPoints(raisedByFundTable(data), "down", 1).slice(0, barsShown);
}

/** Whether no fund raised anything in the period. */
function byFundIsEmpty(data: BoardData): boolean {
  return fundBars(data).every((bar) => bar.raisedMinor === 0);
}

/** The chart in one sentence, for people who cannot see it. */
function byFundSummary(data: BoardData): string {
  return words.byFundSummary(fundBars(data).length);
}

function byFundHint(data: BoardData): string {
  const bars = fundBars(data).length;
  return bars <= barsShown ? words.byFundHint : `${words.byFundHint} ${chartWords.most(barsShown, bars)}`;
}

/** What each fund raised. */
export const byFundChart: BoardChart = {
  heading: words.byFundHeading,
  hint: byFundHint,
  summary: byFundSummary,
  isEmpty: byFundIsEmpty,
  table: raisedByFundTable,
  picture: raisedByFund,
  points: fundPoints,
  rows: (data) => Math.min(fundBars(data).length, barsShown),
};
