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
import type { BoardData } from "../charts/board-data.ts";
import { boardCharts, isChartName, type ChartName } from "../charts/board-charts.ts";
import { placeInWords } from "../charts/board-text.ts";
import { periodInWords } from "../charts/period-text.ts";
import type { Point } from "../charts/point.ts";
import { isNarrow, readLook } from "./chart-look.ts";
import { savePicture } from "./chart-picture.ts";
import { drawChartTexts } from "./chart-texts.ts";
import { walkChart } from "./chart-walk.ts";

// Only the parts in use: the whole of Chart.js would be twice the size.
Chart.register(
  BarController,
  BarElement,
  CategoryScale,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
);

/** A chart of the page: where it stands, and what is drawn there now. */
type Place = {
  name: ChartName;
  figure: HTMLElement;
  plot: HTMLElement;
  canvas: HTMLCanvasElement;
  drawn: { chart: Chart<"bar" | "line">; points: readonly Point[]; narrow: boolean } | null;
  markAgain: () => void;
};

/**
 * Draws every chart of the page; `draw` brings pictures, words and tables up to date. They follow light, dark, less motion
 * and the width; one in a closed part is drawn when that opens.
 */
export function startCharts(document: Document, first: BoardData): { draw: (data: BoardData) => void } {
  let data = first;
  const places = placesOf(document);
  let onPaper = false;
  const draw = (place: Place, moves: boolean): void => {
    if (isClosed(place.figure)) return;
    const narrow = isNarrow(place.plot);
    const look = { ...readLook(document, onPaper), ...(moves ? {} : { moves: false }), narrow };
    const { picture, points } = boardCharts[place.name];
    place.drawn?.chart.destroy();
    place.plot.classList.add("drawn");
    const chart = new Chart(place.canvas, picture(data, look)) as unknown as Chart<"bar" | "line">;
    place.drawn = { chart, points: points(data, look), narrow };
    place.markAgain();
  };
  const drawAll = (moves: boolean): void => {
    for (const place of places) draw(place, moves);
  };
  for (const place of places) {
    const spoken = place.figure.querySelector("[data-spoken]");
    place.markAgain = walkChart(place.plot, boardCharts[place.name].heading, spoken, () => place.drawn);
    offerPicture(place, () => data);
  }
  // Each in a task of its own, so that nobody who scrolls meanwhile waits for all of them. Letters measured before the font is
  // there would stand in the wrong place.
  const drawFirst = async (): Promise<void> => {
    await document.fonts.ready;
    for (const place of places) {
      if (place.drawn === null) draw(place, true);
      await new Promise((resolve) => setTimeout(resolve));
    }
  };
  void drawFirst();
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawAll(false));
  aroundPrinting(places, (isPrinting) => {
    onPaper = isPrinting;
    drawAll(false);
  });
  // What was not drawn or was drawn for another width; `toggle` does not bubble.
  const catchUp = (): void => {
    for (const place of places) if (place.drawn?.narrow !== isNarrow(place.plot)) draw(place, false);
  };
  document.addEventListener("toggle", catchUp, true);
  window.addEventListener("resize", catchUp);
  return {
    draw(next) {
      data = next;
      for (const place of places) {
        drawChartTexts(place.figure, place.name, next);
        // Closed ones are drawn from what is new when they open.
        if (isClosed(place.figure)) {
          place.drawn?.chart.destroy();
          place.drawn = null;
        } else draw(place, false);
      }
    },
  };
}

function placesOf(document: Document): Place[] {
  return [...document.querySelectorAll<HTMLCanvasElement>("canvas[data-chart]")].flatMap((canvas) => {
    const name = canvas.dataset["chart"] ?? "";
    const figure = canvas.closest("figure");
    const plot = canvas.closest<HTMLElement>(".plot");
    if (!isChartName(name) || figure === null || plot === null) return [];
    return [{ name, figure, plot, canvas, drawn: null, markAgain: () => undefined }];
  });
}

/** On paper nothing opens: what holds a chart is opened for as long as the page is printed. */
function aroundPrinting(places: readonly Place[], draw: (isPrinting: boolean) => void): void {
  let opened: HTMLDetailsElement[] = [];
  window.addEventListener("beforeprint", () => {
    opened = places.flatMap(({ figure }) => figure.closest<HTMLDetailsElement>("details:not([open])") ?? []);
    for (const details of opened) details.open = true;
    draw(true);
  });
  window.addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
    opened = [];
    draw(false);
  });
}

function isClosed(figure: Element): boolean {
  return figure.closest("details:not([open])") !== null;
}

/** The button is there only where it works. */
function offerPicture({ name, figure, canvas }: Place, data: () => BoardData): void {
  const button = figure.querySelector<HTMLButtonElement>("button[data-save]");
  if (button === null) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    const of = `${placeInWords(data())}, ${periodInWords(data())}`;
    savePicture(canvas, boardCharts[name].heading, of, `${name}.png`, readLook(canvas.ownerDocument));
  });
}
