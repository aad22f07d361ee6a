import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  LinearScale,
  Tooltip,
  type ChartConfiguration,
} from "chart.js";
import type { BoardData } from "../charts/board-data.ts";
import type { Look } from "../charts/look.ts";
import { raisedByFund } from "../charts/raised-by-fund.ts";
import { raisedByMonth } from "../charts/raised-by-month.ts";

// Only the parts in use: the whole of Chart.js would be twice the size.
Chart.register(BarController, BarElement, CategoryScale, LinearScale, Tooltip);

type BarConfig = ChartConfiguration<"bar", number[], string>;
const kinds: Record<string, (data: BoardData, look: Look) => BarConfig> = {
  "by-month": raisedByMonth,
  "by-fund": raisedByFund,
};

/** Draws every chart of the page; `draw` draws them again from new data. They follow light, dark and less motion. */
export function startCharts(document: Document, first: BoardData): { draw: (data: BoardData) => void } {
  let data = first;
  const canvases = [...document.querySelectorAll<HTMLCanvasElement>("canvas[data-chart]")];
  let charts: Chart<"bar", number[], string>[] = [];
  const drawAll = (moves: boolean) => {
    const look = { ...readLook(document), ...(moves ? {} : { moves: false }) };
    for (const chart of charts) chart.destroy();
    charts = canvases.flatMap((canvas) => {
      const config = kinds[canvas.dataset["chart"] ?? ""]?.(data, look);
      if (config === undefined) return [];
      canvas.closest(".plot")?.classList.add("drawn");
      const sideways = config.options?.indexAxis === "y" && (config.data.labels?.length ?? 0) > 7;
      canvas.closest<HTMLElement>(".plot")?.classList.toggle("tall", sideways);
      return [new Chart(canvas, config)];
    });
  };
  drawAll(true);
  // Letters measured before the font is there would stand in the wrong place.
  void document.fonts.ready.then(() => drawAll(false));
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawAll(false));
  window.addEventListener("beforeprint", () => drawAll(false));
  return {
    draw(next) {
      data = next;
      drawAll(false);
    },
  };
}

/** The page's colours as the browser resolves them: a custom property itself would still say `light-dark(...)`. */
function readLook(document: Document): Look {
  const probe = document.createElement("span");
  document.body.append(probe);
  const color = (name: string) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const look = {
    ink: color("ink"),
    soft: color("soft"),
    hair: color("hair"),
    paper: color("paper"),
    given: color("chart-given"),
    givenUnfinished: color("chart-unfinished"),
    returned: color("chart-returned"),
    unassigned: color("chart-unassigned"),
    font: getComputedStyle(document.body).fontFamily,
    moves: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
  };
  probe.remove();
  return look;
}
