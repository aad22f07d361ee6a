// @vitest-environment jsdom
import { expect, it, vi } from "vitest";
import { boardCharts } from "../../web/charts/board-charts.ts";
import type { BoardData } from "../../web/charts/board-data.ts";
import { pointInWords, walkTo, type Point } from "../../web/charts/point.ts";
import { drawChartTexts } from "../../web/client/chart-texts.ts";
import { walkChart } from "../../web/client/chart-walk.ts";
import { Chart } from "../../web/parts/chart.tsx";
import { answers, compared } from "./answers.ts";
import { look } from "./drawing.ts";
import { html, rows, texts } from "./render.ts";
import { board } from "./story.ts";

const data = board({ from: "2020-10-01", to: "2021-02-28" }, undefined, "2021-02-28", { compared });

/** A chart's place of the page with what stands in for the drawn chart. */
function open(points: Point[]) {
  document.body.innerHTML = html(<Chart name="by-month" data={data} />);
  const plot = document.querySelector<HTMLElement>(".plot");
  const spoken = document.querySelector("[data-spoken]");
  if (plot === null) throw new Error("there is no plot");
  const chart = { setActiveElements: vi.fn(), tooltip: { setActiveElements: vi.fn() }, update: vi.fn() };
  const drawn = { chart: chart as never, points };
  const markAgain = walkChart(plot, "Raised, month by month", spoken, () => drawn);
  const press = (key: string) => {
    const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
    plot.dispatchEvent(event);
    return event.defaultPrevented;
  };
  return { plot, spoken, chart, drawn, press, markAgain };
}

it("the arrow keys go from bar to bar, mark it and say what the table says", () => {
  const { plot, spoken, chart, press } = open(boardCharts["by-month"].points(data, look));
  expect([plot.tabIndex, plot.getAttribute("role")]).toEqual([0, "application"]);
  expect(press("ArrowLeft")).toBe(true);
  expect(spoken?.textContent).toBe(
    "February 2021. Given: $661.00, Returned: −$50.00, Raised: $611.00, Raised, a year before: $3,000.00.",
  );
  press("Home");
  expect(spoken?.textContent).toContain("October 2020");
  expect(chart.setActiveElements).toHaveBeenLastCalledWith([
    { datasetIndex: 0, index: 0 },
    { datasetIndex: 1, index: 0 },
  ]);
  expect(press("ArrowLeft")).toBe(false);
  expect(press("ArrowDown")).toBe(false);
  expect(press("Tab")).toBe(false);
  press("Escape");
  expect([spoken?.textContent, chart.setActiveElements.mock.lastCall]).toEqual(["", [[]]]);
});

it("whoever stands on a bar stands there still after new figures came, and nothing is said twice", () => {
  const points = boardCharts["by-month"].points(data, look);
  const { plot, spoken, chart, drawn, press, markAgain } = open(points);
  plot.focus();
  press("Home");
  press("ArrowRight");
  const said = spoken?.textContent;
  drawn.points = [...points];
  markAgain();
  expect(chart.setActiveElements).toHaveBeenLastCalledWith(points[1]?.elements);
  expect([spoken?.textContent, document.activeElement]).toEqual([said, plot]);
  plot.blur();
  expect(spoken?.textContent).toBe("");
});

it("a calendar is walked by days up and down and by weeks across, and a day without a gift says so", () => {
  const points = boardCharts.calendar.points(data, look);
  const at = (title: string) => points.findIndex((point) => point.title === title);
  const from = at("Tue 20 October 2020");
  expect(walkTo(points, from, "ArrowDown")).toBe(at("Wed 21 October 2020"));
  expect(walkTo(points, from, "ArrowRight")).toBe(at("Tue 27 October 2020"));
  expect(pointInWords(points[from] as Point)).toBe("Tue 20 October 2020. Given: $2,500.00.");
  expect(pointInWords(points[0] as Point)).toBe("Thu 1 October 2020. Nothing given or returned.");
  const cells = boardCharts.cohorts.points(data, look).map((point) => pointInWords(point));
  expect(cells[0]).toBe("First gave in 2018. A year later: 7 of 12.");
  expect(cells[3]).toBe("First gave in 2019. A year later: 31 of 69 (45%).");
});

const everything = () => ({
  rows: rows(document, "#merchandise-table"),
  texts: texts(document, "figcaption, [data-live]"),
  label: document.querySelector("canvas")?.getAttribute("aria-label"),
  isEmpty: document.querySelector<HTMLElement>("[data-live='merchandise-empty']")?.hidden,
  size: document.querySelector<HTMLElement>(".plot")?.dataset["size"],
});

it("a chart's words and table that were brought up to date are those of a page loaded anew", () => {
  const empty: BoardData = { ...data, answers: { ...answers, merchandise: [] } };
  for (const [before, after] of [
    [empty, data],
    [data, { ...data, answers: { ...answers, merchandise: answers.merchandise.slice(1) } }],
  ] as const) {
    document.body.innerHTML = html(<Chart name="merchandise" data={before} />);
    const figure = document.querySelector("figure");
    if (figure === null) throw new Error("there is no figure");
    drawChartTexts(figure, "merchandise", after);
    const live = everything();
    document.body.innerHTML = html(<Chart name="merchandise" data={after} />);
    expect(live.rows.length).toBeGreaterThan(3);
    expect(live).toEqual(everything());
  }
});

it("the table as a file is asked for with the page's own question", () => {
  document.body.innerHTML = html(<Chart name="cohorts" data={data} query="from=2020-10-01&to=2021-02-28" level={4} />);
  const [link] = document.querySelectorAll("a");
  expect(link?.getAttribute("href")).toBe("/board/cohorts.csv?from=2020-10-01&to=2021-02-28");
  expect(document.querySelector("h4")?.textContent).toBe("Do people come back?");
  expect(document.querySelector<HTMLButtonElement>("[data-save]")?.hidden).toBe(true);
});

it("a table of more days than fit on a page is left out on paper, a shorter one is printed with its chart", () => {
  const days = Array.from({ length: 90 }, (_, place) => ({
    day: new Date(Date.UTC(2020, 10, 1 + place)).toISOString().slice(0, 10),
    givenMinor: 100,
    returnedMinor: 0,
  }));
  const printed = (shown: BoardData) => {
    document.body.innerHTML = html(<Chart name="calendar" data={shown} />);
    return document.querySelector("details.many") === null;
  };
  expect([printed(data), printed({ ...data, answers: { ...answers, days } })]).toEqual([true, false]);
});
