import type { Chart, Plugin } from "chart.js";
import { roomBeside, wrap } from "./line-labels.ts";
import type { Look } from "./look.ts";

const lineHeight = 14;
const swatch = 8;

/** Names the parts of stacked bars beside the last bar, from the lowest up, each with a spot of its colour. */
export function stackLabels(parts: readonly { name: string; color: string }[], look: Look): Plugin<"bar" | "line"> {
  return {
    id: "stack-labels",
    afterDatasetsDraw(chart: Chart<"bar" | "line">) {
      const { ctx, chartArea } = chart;
      ctx.save();
      ctx.font = `400 12px ${look.font}`;
      ctx.textAlign = "left";
      ctx.textBaseline = "middle";
      const left = chartArea.right + 10;
      let room = chartArea.bottom;
      parts.forEach(({ name, color }, dataset) => {
        const lines = wrap(name, roomBeside - swatch - 16, (part) => ctx.measureText(part).width);
        const height = lines.length * lineHeight;
        const middle = Math.min(middleOf(chart, dataset) ?? room, room - height / 2);
        room = middle - height / 2 - 6;
        const top = middle - height / 2 + lineHeight / 2;
        ctx.fillStyle = color;
        ctx.fillRect(left, top - swatch / 2, swatch, swatch);
        ctx.fillStyle = look.ink;
        lines.forEach((line, place) => ctx.fillText(line, left + swatch + 6, top + place * lineHeight));
      });
      ctx.restore();
    },
  };
}

/** The middle of the last bar's part. */
function middleOf(chart: Chart<"bar" | "line">, dataset: number): number | null {
  const bar = chart.getDatasetMeta(dataset).data.at(-1);
  if (bar === undefined) return null;
  const { y, base } = bar.getProps(["y", "base"], true) as unknown as { y: number; base: number };
  return (y + base) / 2;
}
