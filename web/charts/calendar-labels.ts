import type { Chart, Plugin } from "chart.js";
import type { Look } from "./look.ts";

type CalendarWords = {
  months: readonly { week: number; text: string }[];
  weekdays: readonly string[];
  /** What each colour stands for, the palest first. */
  steps: readonly { text: string; color: string }[];
};

const swatch = 11;

/** Names the months above a calendar, every second day beside it, and its colours under it. */
export function calendarLabels({ months, weekdays, steps }: CalendarWords, look: Look): Plugin<"bar" | "line"> {
  return {
    id: "calendar-labels",
    afterDatasetsDraw(chart: Chart<"bar" | "line">) {
      const { ctx, chartArea, scales } = chart;
      const weeks = chart.data.labels?.length ?? 1;
      const week = (chartArea.right - chartArea.left) / weeks;
      ctx.save();
      ctx.font = `400 12px ${look.font}`;
      ctx.fillStyle = look.soft;
      ctx.textAlign = "left";
      ctx.textBaseline = "bottom";
      let free = -Infinity;
      for (const month of months) {
        const x = chartArea.left + month.week * week;
        const width = ctx.measureText(month.text).width;
        if (x < free || x + width > chartArea.right) continue;
        ctx.fillText(month.text, x, chartArea.top - 4);
        free = x + width + 6;
      }
      ctx.textBaseline = "middle";
      weekdays.forEach((text, weekday) => {
        if (weekday % 2 === 0 && weekday < 6) ctx.fillText(text, 0, scales["y"]?.getPixelForValue(6.5 - weekday) ?? 0);
      });
      let x = look.narrow ? 0 : chartArea.left;
      for (const { text, color } of steps) {
        ctx.fillStyle = color;
        ctx.fillRect(x, chart.height - 20, swatch, swatch);
        ctx.fillStyle = look.soft;
        ctx.fillText(text, x + swatch + 5, chart.height - 14);
        x += swatch + 5 + ctx.measureText(text).width + (look.narrow ? 8 : 16);
      }
      ctx.restore();
    },
  };
}
