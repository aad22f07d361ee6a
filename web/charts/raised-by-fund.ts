import type { ChartConfiguration } from "chart.js";
import { boardWords as words } from "../locales/en/board.ts";
import type { BoardData } from "./board-data.ts";
import { fundBars } from "./board-tables.ts";
import { moneyText } from "./board-text.ts";
import { directLabels } from "./direct-labels.ts";
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
      layout: { padding: { right: 12 + 7.5 * Math.max(0, ...texts.map((text) => text.length)) } },
      datasets: { bar: { borderRadius: 2, maxBarThickness: 30, categoryPercentage: 0.9, barPercentage: 0.8 } },
      scales: {
        x: { beginAtZero: true, display: false },
        y: {
          grid: { display: false },
          border: { color: look.soft },
          ticks: {
            color: look.ink,
            font: { family: look.font, size: 13 },
            autoSkip: false,
            callback: (_, index) => wrapName(bars[index]?.name ?? ""),
          },
        },
      },
      plugins: {
        tooltip: { displayColors: false, callbacks: { label: (bar) => moneyText(Number(bar.raw), data.currency) } },
      },
    },
    plugins: [
      directLabels(
        texts.map((text, index) => ({ dataset: 0, index, text })),
        look.ink,
        look.font,
        "right",
      ),
    ],
  };
}

/** The chart in one sentence, for people who cannot see it. */
export function byFundSummary(data: BoardData): string {
  return words.byFundSummary(fundBars(data).length);
}

/** A long name on two lines, broken near its middle. */
export function wrapName(name: string): string | string[] {
  if (name.length <= 18) return name;
  const middle = name.length / 2;
  const spaces = [...name.matchAll(/ /gu)].map((match) => match.index);
  const nearest = spaces.sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle))[0];
  return nearest === undefined ? name : [name.slice(0, nearest), name.slice(nearest + 1)];
}
