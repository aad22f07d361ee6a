import type { Chart, Plugin } from "chart.js";
import type { Look } from "./look.ts";

/** What stands in one square: `dataset` and `index` say in which; the words after the first are left out where it is small. */
export type CellLabel = { dataset: number; index: number; text: string; ink: string; dotted: boolean };

type Box = { x: number; y: number; base: number; height: number };

/** Writes into squares. A dotted edge says that the square's time is not over. */
export function cellLabels(labels: readonly CellLabel[], look: Look): Plugin<"bar" | "line"> {
  return {
    id: "cell-labels",
    afterDatasetsDraw(chart: Chart<"bar" | "line">) {
      const { ctx } = chart;
      ctx.save();
      ctx.font = `600 12px ${look.font}`;
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      for (const { dataset, index, text, ink, dotted } of labels) {
        const box = boxOf(chart, dataset, index);
        if (box === null) continue;
        const width = Math.abs(box.x - box.base);
        const short = text.split(" ")[0] ?? text;
        const fits = ctx.measureText(text).width <= width - 14;
        ctx.fillStyle = ink;
        ctx.fillText(fits ? text : short, (box.x + box.base) / 2, box.y);
        if (!dotted) continue;
        ctx.strokeStyle = ink;
        ctx.lineWidth = 1;
        ctx.setLineDash([2, 3]);
        ctx.strokeRect(Math.min(box.x, box.base) + 4.5, box.y - box.height / 2 + 4.5, width - 9, box.height - 9);
      }
      ctx.restore();
    },
  };
}

/** Names rows to the left of the squares: what it is, and in soft letters how many. */
export function rowLabels(names: readonly [name: string, note: string][], look: Look): Plugin<"bar" | "line"> {
  return {
    id: "row-labels",
    afterDatasetsDraw(chart: Chart<"bar" | "line">) {
      const { ctx, chartArea, scales } = chart;
      ctx.save();
      ctx.font = `400 12px ${look.font}`;
      ctx.textBaseline = "middle";
      names.forEach(([name, note], index) => {
        const y = scales["y"]?.getPixelForValue(index) ?? 0;
        ctx.fillStyle = look.ink;
        ctx.textAlign = "left";
        ctx.fillText(name, 0, y);
        ctx.fillStyle = look.soft;
        ctx.textAlign = "right";
        ctx.fillText(note, chartArea.left - 10, y);
      });
      ctx.restore();
    },
  };
}

/** Names columns over the squares, as many as there is room for. */
export function columnLabels(names: readonly string[], look: Look): Plugin<"bar" | "line"> {
  return {
    id: "column-labels",
    afterDatasetsDraw(chart: Chart<"bar" | "line">) {
      const { ctx, chartArea, scales } = chart;
      ctx.save();
      ctx.font = `400 12px ${look.font}`;
      ctx.fillStyle = look.soft;
      ctx.textAlign = "center";
      ctx.textBaseline = "bottom";
      let free = -Infinity;
      names.forEach((name, place) => {
        const x = scales["x"]?.getPixelForValue(place + 0.5) ?? 0;
        const half = ctx.measureText(name).width / 2;
        if (x - half < free) return;
        ctx.fillText(name, x, chartArea.top - 5);
        free = x + half + 8;
      });
      ctx.restore();
    },
  };
}

function boxOf(chart: Chart<"bar" | "line">, dataset: number, index: number): Box | null {
  const bar = chart.getDatasetMeta(dataset).data[index];
  return bar === undefined ? null : (bar.getProps(["x", "y", "base", "height"], true) as unknown as Box);
}
