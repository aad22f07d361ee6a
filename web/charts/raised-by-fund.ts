import type { ChartConfiguration } from "chart.js";
import { boardWords as words } from "../locales/en/board.ts";
import type { BoardData } from "./board-data.ts";
import { fundBars } from "./board-tables.ts";
import { moneyText } from "./board-text.ts";
import { directLabels, namesAbove } from "./direct-labels.ts";
import type { Look } from "./look.ts";

/** Chart.js configuration: one bar a fund from a zero line, with its name and its amount written beside it. */
export function raisedByFund(data: BoardData, look: Look): ChartConfiguration<"bar", number[], string> {
  const bars = fundBars(data);
  const texts = bars.map((bar) => moneyText(bar.raisedMinor, data.currency));
  return {
    type: "bar",
    data: {
      labels: bars.map((bar) => bar.name),
      datasets: [
        {
          label: words.raised,
          data: bars.map((bar) => bar.raisedMinor),
          backgroundColor: bars.map((bar) => (bar.unassigned ? look.unassigned : look.given)),
        },
      ],
    },
    options: {
      indexAxis: "y",
      responsive: true,
      maintainAspectRatio: false,
      animation: look.moves ? { duration: 300 } : false,
      layout: { padding: { top: 12, right: 12 + 7.5 * Math.max(0, ...texts.map((text) => text.length)) } },
      datasets: { bar: { borderRadius: 2, barThickness: 14 } },
      scales: {
        x: { beginAtZero: true, display: false },
        y: { display: false },
      },
      plugins: {
        tooltip: { displayColors: false, callbacks: { label: (bar) => moneyText(Number(bar.raw), data.currency) } },
      },
    },
    plugins: [
      namesAbove(
        bars.map((bar) => bar.name),
        look.ink,
        look.font,
      ),
      directLabels(
        texts.map((text, index) => ({ dataset: 0, index, text })),
        look.ink,
        look.font,
        "right",
      ),
    ],
  };
}

/** Whether no fund raised anything in the period. */
export function byFundIsEmpty(data: BoardData): boolean {
  return fundBars(data).every((bar) => bar.raisedMinor === 0);
}

/** The chart in one sentence, for people who cannot see it. */
export function byFundSummary(data: BoardData): string {
  return words.byFundSummary(fundBars(data).length);
}
