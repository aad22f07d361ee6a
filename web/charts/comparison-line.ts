import type { Chart, Plugin } from "chart.js";
import type { Look } from "./look.ts";

/**
 * A thin line over other things: a wider one in the colour of the paper goes before it, so that it can be told from what
 * lies below in any colour. `dataset` is its place.
 */
export function haloBelow(dataset: number, look: Look): Plugin<"bar" | "line"> {
  return {
    id: `halo-${dataset}`,
    beforeDatasetDraw(chart: Chart<"bar" | "line">, { index }) {
      if (index !== dataset) return;
      const { ctx } = chart;
      ctx.save();
      ctx.strokeStyle = look.paper;
      ctx.lineWidth = 4.5;
      ctx.lineJoin = "round";
      ctx.beginPath();
      let isDown = false;
      for (const point of chart.getDatasetMeta(dataset).data) {
        const { x, y, skip } = point.getProps(["x", "y", "skip"], true) as unknown as {
          x: number;
          y: number;
          skip?: boolean;
        };
        if (skip === true || Number.isNaN(y)) isDown = false;
        else if (isDown) ctx.lineTo(x, y);
        else {
          ctx.moveTo(x, y);
          isDown = true;
        }
      }
      ctx.stroke();
      ctx.restore();
    },
  };
}

/** How a thin line is drawn: straight from one place to the next. */
export function thinLine(look: Look) {
  return {
    type: "line" as const,
    borderColor: look.ink,
    backgroundColor: look.ink,
    borderWidth: 1.5,
    pointRadius: 0,
    pointHoverRadius: 4,
    tension: 0,
    spanGaps: false,
  };
}
