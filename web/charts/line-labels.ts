import type { Chart, Plugin } from "chart.js";
import { shorten } from "./direct-labels.ts";
import type { Look } from "./look.ts";

/** A text at the end of a line: over it, under it, or beside it where room was left. */
export type LineLabel = { dataset: number; text: string; at: "over" | "under" | "beside" };

/** How wide the room beside a chart is for the name of a line. */
export const roomBeside = 84;
const lineHeight = 15;

/** Names lines where they end, with a rim of paper, so that no line or bar runs through a letter. */
export function lineLabels(labels: readonly LineLabel[], look: Look): Plugin<"bar" | "line"> {
  return {
    id: "line-labels",
    afterDatasetsDraw(chart: Chart<"bar" | "line">) {
      const { ctx, chartArea } = chart;
      ctx.save();
      ctx.font = `600 12px ${look.font}`;
      for (const { dataset, text, at } of labels) {
        const end = lastPoint(chart, dataset);
        if (end === null) continue;
        if (at === "beside") {
          ctx.textAlign = "left";
          ctx.textBaseline = "middle";
          const lines = wrap(text, roomBeside - 10, (part) => ctx.measureText(part).width);
          const top = end.y - ((lines.length - 1) * lineHeight) / 2;
          const left = Math.max(end.x, chartArea.right) + 8;
          lines.forEach((line, place) => write(ctx, line, left, top + place * lineHeight, look));
        } else {
          ctx.textAlign = "right";
          ctx.textBaseline = at === "over" ? "bottom" : "top";
          const width = ctx.measureText(text).width;
          const right = Math.min(Math.max(end.x, chartArea.left + width), chartArea.right);
          const lowest = Math.max(...pointsOf(chart, dataset).map(({ x, y }) => (x >= right - width - 8 ? y : end.y)));
          write(ctx, text, right, at === "over" ? end.y - 8 : lowest + 8, look);
        }
      }
      ctx.restore();
    },
  };
}

function write(ctx: CanvasRenderingContext2D, text: string, x: number, y: number, look: Look): void {
  ctx.strokeStyle = look.paper;
  ctx.lineWidth = 4;
  ctx.lineJoin = "round";
  ctx.strokeText(text, x, y);
  ctx.fillStyle = look.ink;
  ctx.fillText(text, x, y);
}

function lastPoint(chart: Chart<"bar" | "line">, dataset: number): { x: number; y: number } | null {
  return pointsOf(chart, dataset).at(-1) ?? null;
}

/** Where the values of a line lie, places without one left out. */
function pointsOf(chart: Chart<"bar" | "line">, dataset: number): { x: number; y: number }[] {
  const values = chart.data.datasets[dataset]?.data ?? [];
  return chart
    .getDatasetMeta(dataset)
    .data.filter((_point, place) => (values[place] ?? null) !== null)
    .map((point) => point.getProps(["x", "y"], true) as unknown as { x: number; y: number });
}

/** At most three lines of whole words, the last one shortened where there are more. */
export function wrap(text: string, width: number, widthOf: (text: string) => number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && (lines.length === 3 || widthOf(`${last} ${word}`) <= width)) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(word);
  }
  return lines.map((line) => shorten(line, width, widthOf));
}
