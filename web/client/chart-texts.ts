import type { BoardData } from "../charts/board-data.ts";
import { boardCharts, plotSize, type ChartName } from "../charts/board-charts.ts";
import { drawTable } from "./draw-table.ts";

/** Brings a chart's words and the table behind it up to date; what did not change is not touched. */
export function drawChartTexts(figure: HTMLElement, name: ChartName, data: BoardData): void {
  const { hint, summary, isEmpty, table, rows } = boardCharts[name];
  setText(figure.querySelector(`[data-live="${name}-hint"]`), hint(data));
  figure.querySelector("canvas")?.setAttribute("aria-label", summary(data));
  const empty = figure.querySelector<HTMLElement>(`[data-live="${name}-empty"]`);
  if (empty !== null) empty.hidden = !isEmpty(data);
  const plot = figure.querySelector<HTMLElement>(".plot");
  if (plot !== null) plot.dataset["size"] = plotSize(rows?.(data) ?? null);
  drawTable(figure.ownerDocument, `${name}-table`, table(data));
}

function setText(element: Element | null, text: string): void {
  if (element !== null && element.textContent !== text) element.textContent = text;
}
