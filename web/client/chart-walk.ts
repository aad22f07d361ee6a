import type { Chart } from "chart.js";
import { pointInWords, walkTo, type Point } from "../charts/point.ts";
import { chartWords as words } from "../locales/en/charts.ts";

type Drawn = { chart: Chart<"bar" | "line">; points: readonly Point[] };

/**
 * The arrow keys go from one figure of a chart to the next: it is marked, its box is shown and it is read aloud. Where
 * somebody stands outlives a redrawing.
 * @returns marks the place again, after the chart was drawn anew
 */
export function walkChart(
  plot: HTMLElement,
  label: string,
  spoken: Element | null,
  drawn: () => Drawn | null,
): () => void {
  let here: number | null = null;
  const mark = (): void => {
    const now = drawn();
    const point = here === null ? undefined : now?.points[here];
    if (now === null) return;
    const elements = point === undefined ? [] : [...point.elements];
    now.chart.setActiveElements(elements);
    now.chart.tooltip?.setActiveElements(elements, { x: 0, y: 0 });
    now.chart.update("none");
  };
  const speak = (): void => {
    const point = here === null ? undefined : drawn()?.points[here];
    const text = point === undefined ? "" : pointInWords(point);
    if (spoken !== null && spoken.textContent !== text) spoken.textContent = text;
  };
  const leave = (): void => {
    if (here === null) return;
    here = null;
    mark();
    speak();
  };
  // An "application" is what makes a screen reader hand over the arrow keys.
  plot.tabIndex = 0;
  plot.setAttribute("role", "application");
  plot.setAttribute("aria-label", `${label}. ${words.walkHint}`);
  plot.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape") leave();
    const there = walkTo(drawn()?.points ?? [], here, event.key);
    if (there === null) return;
    event.preventDefault();
    here = there;
    mark();
    speak();
  });
  plot.addEventListener("blur", leave);
  return () => {
    if (here === null) return;
    const count = drawn()?.points.length ?? 0;
    here = count === 0 ? null : Math.min(here, count - 1);
    mark();
  };
}
