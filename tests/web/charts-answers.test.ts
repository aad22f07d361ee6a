// @vitest-environment jsdom
import { afterEach, expect, it } from "vitest";
import { boardCharts, type ChartName } from "../../web/charts/board-charts.ts";
import type { BoardData } from "../../web/charts/board-data.ts";
import { calendar, calendarTable, heatBounds } from "../../web/charts/calendar.ts";
import { cohorts, cohortTable } from "../../web/charts/cohorts.ts";
import { cumulative, cumulativeTable } from "../../web/charts/cumulative.ts";
import { donorsByMonth, donorsByMonthTable } from "../../web/charts/donors-by-month.ts";
import { giftSizes, giftSizesTable } from "../../web/charts/gift-sizes.ts";
import { merchandise, merchandiseTable } from "../../web/charts/merchandise.ts";
import { byMonthHint, byMonthTable, raisedByMonth } from "../../web/charts/raised-by-month.ts";
import type { Table } from "../../web/charts/table.ts";
import { answers, compared } from "./answers.ts";
import { draw, look, numberIn, wipe } from "./drawing.ts";
import { board, total } from "./story.ts";

afterEach(() => wipe());

/** The story's five months, looked at when they ended. */
const period = { from: "2020-10-01", to: "2021-02-28" };
const story = (beside: Partial<Pick<BoardData, "answers" | "compared" | "goalMinor">> = {}, today = "2021-02-28") =>
  board(period, undefined, today, beside);
const column = (table: Table, place: number) => table.rows.map((row) => row.cells[place]?.text ?? "");
const numbers = (table: Table, place: number) => column(table, place).map(numberIn);

it("every value of every chart is a cell of its table, and every text of a point is its row's", () => {
  const data = story({ compared, goalMinor: 2_500_000 });
  for (const [name, chart] of Object.entries(boardCharts)) {
    const cells = new Set(
      chart.table(data).rows.flatMap((row) => row.cells.map((cell) => Math.abs(numberIn(cell.text)))),
    );
    const values = chart.picture(data, look).data.datasets.flatMap((dataset) => dataset.data);
    const lengths = values.filter((value) => typeof value === "number" && value !== 0) as number[];
    expect([name, lengths.filter((value) => !cells.has(Math.abs(value)))]).toEqual([name, []]);
    expect([name, chart.points(data, look).length > 0]).toEqual([name, true]);
  }
});

it("an empty period has an empty frame with a sentence, and nothing fails to be drawn", () => {
  const nothing = {
    ...answers,
    donorMonths: [],
    days: [],
    merchandise: [],
    cohorts: [],
    size: { gifts: 0, medianMinor: null, averageMinor: null, histogram: [] },
  };
  const none = total(0n, 0n);
  const data = board({ ...period, funds: [], unassigned: none, all: none }, [], "2021-02-28", { answers: nothing });
  for (const [name, chart] of Object.entries(boardCharts)) {
    expect([name, chart.isEmpty(data), chart.table(data).empty]).toEqual([name, true, expect.stringMatching(/\w\.$/u)]);
    expect(() => draw(chart.picture(data, look))).not.toThrow();
    expect(chart.summary(data)).not.toContain("Infinity");
    expect(chart.isEmpty(story())).toBe(false);
  }
});

it("the months of the other period are a thin line over the bars, and a column of their table", () => {
  const data = story({ compared });
  const { values, written, boxes, pixel } = draw(raisedByMonth(data, look));
  expect(values(2)).toEqual([300000, 300000, 300000, 300000, 300000]);
  expect(values(2)).toEqual(numbers(byMonthTable(data), 4));
  expect(boxes(2)[0]?.y).toBeCloseTo(pixel("y", 300000), 6);
  expect(byMonthTable(data).columns.at(-1)?.label).toBe("Raised, a year before");
  expect(byMonthTable(data).sum?.at(-1)?.text).toBe("$15,000.00");
  expect(written.join(" ")).toContain("a year before");
  expect(byMonthHint(data)).toContain("The thin line is what was raised a year before.");
});

it("months that cannot be laid over months have no line", () => {
  const shifted = { ...compared, own: { ...compared.own, from: "2020-10-02" } };
  expect(raisedByMonth(story({ compared: shifted }), look).data.datasets).toHaveLength(2);
  expect(byMonthHint(story())).not.toContain("thin line");
});

it("raised so far ends at what was raised, from zero, with the other period and the goal named beside it", () => {
  const data = story({ compared, goalMinor: 2_500_000 });
  const { values, written, boxes, pixel } = draw(cumulative(data, look));
  const table = cumulativeTable(data);
  expect([values(0).at(-1), values(1).at(-1)]).toEqual([2158600, 1500000]);
  expect(table.rows.at(-1)?.cells.map((cell) => cell.text)).toEqual(["28 February 2021", "$21,586.00", "$15,000.00"]);
  expect(written).toEqual(
    expect.arrayContaining(["$21,586.00 now", "$15,000.00 a year before", "Goal $25,000.00", "$0"]),
  );
  expect(boxes(0).at(-1)?.y).toBeCloseTo(pixel("y", 2158600), 6);
  expect(boxes(0)[0]?.y).toBeCloseTo(pixel("y", 0), 6);
});

it("lines that both lie at nothing are not named: the chart says in words that there is nothing", () => {
  const nothing = (steps: readonly (number | null)[]) => steps.map(() => 0);
  const { own, compared: other, ...grain } = compared.cumulative;
  const data = story({
    compared: { ...compared, cumulative: { ...grain, own: nothing(own), compared: nothing(other) } },
  });
  expect(draw(cumulative(data, look)).written.join(" ")).not.toMatch(/now|a year before/u);
});

it("days on which nothing changed are no rows, and stand in between as they were", () => {
  const table = cumulativeTable(story());
  expect(column(table, 0)).toEqual([
    "20 October 2020",
    "21 October 2020",
    "30 October 2020",
    "1 November 2020",
    "2 November 2020",
    "15 November 2020",
    "3 January 2021",
    "14 February 2021",
    "28 February 2021",
  ]);
  expect(cumulative(story(), look).data.datasets[0]?.data).toHaveLength(151);
});

it("all time is added up month by month, and a campaign is laid over another day by day", () => {
  expect(column(cumulativeTable(board()), 0)).toEqual([
    "October 2020",
    "November 2020",
    "January 2021",
    "February 2021",
  ]);
  expect(numbers(cumulativeTable(board()), 1).at(-1)).toBe(2158600);
  const campaign = { ...compared, with: { campaign: "pins", name: "Pins" } };
  const table = cumulativeTable(story({ compared: campaign }));
  expect([table.rows.at(-1)?.cells[0]?.text, table.columns[2]?.label]).toEqual(["Day 151", "Raised, in Pins"]);
});

it("new donors and those who had given before are stacked, named beside the last bar and counted in the table", () => {
  const data = story();
  const { labels, values, boxes, pixel, written } = draw(donorsByMonth(data, look));
  const table = donorsByMonthTable(data);
  expect(labels).toEqual(["Oct 2020", "Nov 2020", "Dec 2020", "Jan 2021", "Feb 2021"]);
  expect([values(0), values(1)]).toEqual([numbers(table, 1), numbers(table, 2)]);
  expect(written).toContain("115");
  expect(written.join(" ")).toMatch(/For the first time.*Had given before/u);
  const [first, before] = [boxes(0)[0], boxes(1)[0]];
  expect(Math.abs((first?.base ?? 0) - pixel("y", 0))).toBeLessThan(1);
  expect(before?.y).toBeCloseTo(pixel("y", 101), 6);
});

it("gifts by size are named by their range, counted above, and add up to all gifts", () => {
  const data = story();
  const { labels, values, written } = draw(giftSizes(data, look));
  const table = giftSizesTable(data);
  expect(labels.map((lines) => (lines as string[]).join(" "))).toEqual(column(table, 0));
  expect(column(table, 0).slice(0, 2)).toEqual(["$0 to $10", "$10 to $25"]);
  expect(column(table, 0).at(-1)).toBe("$10,000 or more");
  expect(values(0)).toEqual(numbers(table, 1));
  expect(numbers(table, 1).reduce((sum, gifts) => sum + gifts, 0)).toBe(numberIn(table.sum?.[1]?.text));
  for (const text of column(table, 1)) expect(written).toContain(text);
});

it("a year's people stand in a row of percentages, few people as their number, and a year not over says so", () => {
  const data = story();
  const { written } = draw(cohorts(data, look));
  const table = cohortTable(data);
  expect(table.rows.map((row) => row.cells.map((cell) => cell.text))).toEqual([
    ["2018", "12", "7 of 12", "5 of 12", "4 of 12"],
    ["2019", "69", "45%", "32%", ""],
    ["2020", "105", "41%", "", ""],
    ["2021", "15", "", "", ""],
  ]);
  expect(boardCharts.cohorts.hint(data)).toContain("the last of its row, is not over");
  expect(boardCharts.cohorts.points(data, look).at(-1)?.lines).toContain("not over");
  expect(boardCharts.cohorts.hint(story({}, "2022-01-01"))).not.toContain("not over");
  for (const text of ["7 of 12", "5 of 12", "4 of 12", "45%", "32%", "41%"]) expect(written).toContain(text);
  const { datasets } = cohorts(data, look).data;
  expect(datasets.map((dataset) => dataset.data[1])).toEqual([[0, 1], [1, 2], null]);
  // Forty-five and thirty-two of a hundred do not look alike, and neither is the only sign of it.
  expect(datasets.map((dataset) => (dataset.backgroundColor as string[])[1])).toEqual(["heat 3", "heat 2", "heat 0"]);
});

it("a fiscal year that begins in April is named by both its years", () => {
  const april = [{ from: "2019-04-01", people: 30, active: [30, 6] }];
  expect(column(cohortTable(story({ answers: { ...answers, cohorts: april } })), 0)).toEqual(["2019/20"]);
});

it("the calendar has each day at its weekday, coloured by its step, and the table has what was given and returned", () => {
  const data = story();
  const { written } = draw(calendar(data, look));
  const { datasets } = calendar(data, look).data;
  const bounds = heatBounds(answers.days, "CAD");
  expect(bounds).toEqual([30000, 200000, 350000]);
  // 20 October 2020 was a Tuesday, in the fourth week from the one of 1 October, a Thursday.
  expect(datasets[1]?.data[3]).toEqual([5, 6]);
  expect(datasets[1]?.backgroundColor).toHaveProperty("3", "heat 3");
  expect([datasets[0]?.data[0], datasets[3]?.data[0]]).toEqual([null, [3, 4]]);
  expect(written).toEqual(expect.arrayContaining(["Nothing", "to $300", "to $2k", "to $3.5k", "more", "Mon", "Nov"]));
  const table = calendarTable(data);
  expect(numbers(table, 1)).toEqual(answers.days.map((day) => day.givenMinor));
  expect(table.sum?.map((cell) => cell.text)).toEqual(["These days together", "$21,736.00", "−$150.00"]);
});

it("the calendar shows the last 53 weeks of a long period, half of them on a phone, and none that is to come", () => {
  const days = [
    { day: "2020-01-05", givenMinor: 100, returnedMinor: 0 },
    { day: "2021-02-03", givenMinor: 200, returnedMinor: 0 },
  ];
  const data = board({ from: null, to: null }, undefined, "2021-02-28", { answers: { ...answers, days } });
  expect(column(calendarTable(data), 0)).toEqual(["3 February 2021"]);
  expect(boardCharts.calendar.points(data, look)).toHaveLength(53 * 7);
  expect(boardCharts.calendar.points(data, { narrow: true })).toHaveLength(27 * 7);
  expect(boardCharts.calendar.points(data, look).at(-1)?.title).toBe("Sun 28 February 2021");
});

it("what was sold stands by item and variant, the most first, with the campaign where there are several", () => {
  const data = story();
  const { labels, values, written } = draw(merchandise(data, look));
  const table = merchandiseTable(data);
  expect(labels).toEqual([
    "Khari Bulbul pin",
    "T-shirt, M (We Are Karabakh)",
    "T-shirt, S (We Are Karabakh)",
    "Sticker (We Are Karabakh)",
  ]);
  expect(labels).toEqual(column(table, 0));
  expect(values(0)).toEqual(numbers(table, 1));
  for (const row of table.rows)
    expect(written).toEqual(expect.arrayContaining(row.cells.slice(0, 2).map(({ text }) => text)));
  expect(table.sum?.map((cell) => cell.text)).toEqual(["All items", "76", "$868.00"]);
});

it.each(Object.keys(boardCharts) as ChartName[])("%s stands still for whoever asked for less motion", (name) => {
  const { picture } = boardCharts[name];
  expect(picture(story(), look).options?.animation).toBe(false);
  expect(picture(story(), { ...look, moves: true }).options?.animation).toEqual({ duration: 300 });
});
