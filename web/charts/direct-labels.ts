import type { Chart, Plugin } from "chart.js";
import type { Look } from "./look.ts";

/** A text beside one bar: `dataset` and `index` say which. */
export type BarLabel = { dataset: number; index: number; text: string };

/**
 * Writes texts at the ends of bars, so that a reader needs no legend and no pointer; with a rim of paper where they stand over
 * bars, so that no line that goes there runs through a letter.
 * @param direction where bars grow
 */
export function directLabels(
  labels: readonly BarLabel[],
  look: Pick<Look, "ink" | "paper" | "font">,
  direction: "up" | "right",
): Plugin<"bar" | "line"> {
  return {
    id: "direct-labels",
    afterDatasetsDraw(chart: Chart<"bar" | "line">) {
      const { ctx, chartArea } = chart;
      ctx.save();
      ctx.fillStyle = look.ink;
      ctx.strokeStyle = look.paper;
      ctx.lineWidth = 4;
      ctx.lineJoin = "round";
      ctx.font = `600 12px ${look.font}`;
      for (const label of labels) {
        const bar = chart.getDatasetMeta(label.dataset).data[label.index];
        if (bar === undefined) continue;
        const { x, y, base } = bar.getProps(["x", "y", "base"], true) as unknown as {
          x: number;
          y: number;
          base: number;
        };
        const width = ctx.measureText(label.text).width;
        if (direction === "up") {
          ctx.textAlign = "left";
          ctx.textBaseline = y <= base ? "bottom" : "top";
          const left = Math.min(Math.max(x - width / 2, chartArea.left), chartArea.right - width);
          if (covers(chart, label, { left, right: left + width, y, base })) continue;
          const top = y <= base ? y - 5 : y + 5;
          ctx.strokeText(label.text, left, top);
          ctx.fillText(label.text, left, top);
        } else {
          ctx.textBaseline = "middle";
          ctx.textAlign = x >= base ? "left" : "right";
          ctx.fillText(label.text, x >= base ? x + 7 : x - 7, y);
        }
      }
      ctx.restore();
    },
  };
}

/** Whether a label would be written over a neighbour that reaches further; better no label than one on another's bar. */
function covers(
  chart: Chart<"bar" | "line">,
  { dataset, index }: BarLabel,
  { left, right, y, base }: { left: number; right: number; y: number; base: number },
): boolean {
  return chart.getDatasetMeta(dataset).data.some((bar, other) => {
    const there = bar.getProps(["x", "y", "width"], true) as unknown as { x: number; y: number; width: number };
    const beside = there.x + there.width / 2 > left && there.x - there.width / 2 < right;
    const further = y <= base ? there.y < y - 1 : there.y > y + 1;
    return other !== index && beside && further;
  });
}

/** Writes each bar's name above it, from the zero line on, where a long name has the whole width. */
export function namesAbove(names: readonly string[], color: string, font: string): Plugin<"bar" | "line"> {
  return {
    id: "names-above",
    afterDatasetsDraw(chart: Chart<"bar" | "line">) {
      const { ctx, chartArea } = chart;
      ctx.save();
      ctx.fillStyle = color;
      ctx.font = `400 13px ${font}`;
      ctx.textAlign = "left";
      ctx.textBaseline = "bottom";
      chart.getDatasetMeta(0).data.forEach((bar, index) => {
        const { y, height } = bar.getProps(["y", "height"], true) as unknown as { y: number; height: number };
        const text = shorten(names[index] ?? "", chart.width - chartArea.left, (part) => ctx.measureText(part).width);
        ctx.fillText(text, chartArea.left, y - height / 2 - 4);
      });
      ctx.restore();
    },
  };
}

/** The text, or as much of it as fits with an ellipsis; the table behind the chart has all of it. */
export function shorten(text: string, width: number, widthOf: (text: string) => number): string {
  if (widthOf(text) <= width) return text;
  for (let length = text.length - 1; length > 0; length--) {
    const part = `${text.slice(0, length).trimEnd()}…`;
    if (widthOf(part) <= width) return part;
  }
  return "…";
}
