import { baseOptions, markOf } from "./base-options.ts";
import type { Picture } from "./board-chart.ts";
import { directLabels, namesAbove } from "./direct-labels.ts";
import type { Look } from "./look.ts";
import type { Point } from "./point.ts";

/** One bar: its name stands above it, its text at its end. */
export type SidewaysBar = { name: string; value: number; text: string; color: string };

/** More bars than this could not be told apart on one screen. */
export const barsShown = 24;

/** Chart.js configuration: bars to the right from one zero line, each with its name and its figure written beside it. */
export function sidewaysBars(
  label: string,
  bars: readonly SidewaysBar[],
  points: readonly Point[],
  look: Look,
): Picture {
  return {
    type: "bar",
    data: {
      labels: bars.map((bar) => bar.name),
      datasets: [
        {
          label,
          data: bars.map((bar) => bar.value),
          backgroundColor: bars.map((bar) => bar.color),
          borderRadius: 2,
          barThickness: 14,
          ...markOf(look),
        },
      ],
    },
    options: {
      ...baseOptions(look, points),
      indexAxis: "y",
      layout: { padding: { top: 12, right: 12 + 7.5 * Math.max(0, ...bars.map((bar) => bar.text.length)) } },
      scales: { x: { beginAtZero: true, display: false }, y: { display: false } },
    },
    plugins: [
      namesAbove(
        bars.map((bar) => bar.name),
        look.ink,
        look.font,
      ),
      directLabels(
        bars.map((bar, index) => ({ dataset: 0, index, text: bar.text })),
        look,
        "right",
      ),
    ],
  };
}
