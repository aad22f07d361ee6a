import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
} from "chart.js";
import type { Picture } from "../../web/charts/board-chart.ts";
import type { Look } from "../../web/charts/look.ts";

/** Draws charts in jsdom, which has no pencil, and says what was drawn where. */

export const look: Look = {
  ink: "ink",
  soft: "soft",
  hair: "hair",
  paper: "paper",
  given: "given",
  givenUnfinished: "lighter",
  returned: "returned",
  unassigned: "unassigned",
  newDonors: "new",
  heat: ["heat 0", "heat 1", "heat 2", "heat 3", "heat 4"],
  font: "sans-serif",
  moves: false,
  narrow: false,
};

export type Box = { x: number; y: number; base: number; width: number; height: number };

/** A chart as drawn: its names, its values, where they lie, and all texts that were written. */
export type Drawing = {
  labels: unknown[];
  values: (dataset: number) => unknown[];
  boxes: (dataset: number) => Box[];
  pixel: (axis: "x" | "y", value: number) => number;
  written: string[];
};

let charts: Chart[] = [];

/** Takes the charts away that were drawn since the last time. */
export function wipe(): void {
  for (const chart of charts) chart.destroy();
  charts = [];
}

/** Draws a picture 400 pixels high. */
export function draw(picture: Picture, width = 800): Drawing {
  Chart.register(BarController, BarElement, CategoryScale, LinearScale);
  Chart.register(LineController, LineElement, PointElement, Tooltip);
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = 400;
  const written: string[] = [];
  canvas.getContext = (() => pencil(canvas, written)) as unknown as HTMLCanvasElement["getContext"];
  const chart = new Chart(canvas, { ...picture, options: { ...picture.options, responsive: false } });
  charts.push(chart);
  return {
    labels: chart.data.labels ?? [],
    values: (dataset) => chart.data.datasets[dataset]?.data ?? [],
    boxes: (dataset) =>
      chart
        .getDatasetMeta(dataset)
        .data.map((bar) => bar.getProps(["x", "y", "base", "width", "height"], true) as unknown as Box),
    pixel: (axis, value) => chart.scales[axis]?.getPixelForValue(value) ?? 0,
    written,
  };
}

/** jsdom draws nothing; this stands in for the pencil and keeps what is written. */
function pencil(canvas: HTMLCanvasElement, written: string[]): unknown {
  const known: Record<string, unknown> = {
    canvas,
    measureText: (text: string) => ({ width: text.length * 7 }),
    fillText: (text: string) => written.push(text),
  };
  return new Proxy(known, { get: (target, name) => target[String(name)] ?? (() => undefined), set: () => true });
}

/** The number that a table's cell has for a value: cents of an amount, or a count. */
export function numberIn(text: string | undefined): number {
  return Number((text ?? "").replace("−", "-").replace(/[$,.]/gu, ""));
}
