import type { Chart, Plugin } from "chart.js";
import type { Look } from "./look.ts";

/** A dashed line across the chart at the goal, with its amount written over its beginning. */
export function goalLine(goalMinor: number, text: string, look: Look): Plugin<"bar" | "line"> {
  return {
    id: "goal-line",
    beforeDatasetsDraw(chart: Chart<"bar" | "line">) {
      const { ctx, chartArea } = chart;
      const y = chart.scales["y"]?.getPixelForValue(goalMinor);
      if (y === undefined) return;
      ctx.save();
      ctx.strokeStyle = look.ink;
      ctx.lineWidth = 1;
      ctx.setLineDash([5, 4]);
      ctx.beginPath();
      ctx.moveTo(chartArea.left, y);
      ctx.lineTo(chartArea.right, y);
      ctx.stroke();
      ctx.fillStyle = look.ink;
      ctx.font = `600 12px ${look.font}`;
      ctx.textAlign = "left";
      ctx.textBaseline = "bottom";
      ctx.fillText(text, chartArea.left + 4, y - 5);
      ctx.restore();
    },
  };
}
