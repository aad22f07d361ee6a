// @vitest-environment jsdom
import { afterEach, expect, it } from "vitest";
import { monthTable, raisedByFundTable } from "../../web/charts/board-tables.ts";
import type { BoardData } from "../../web/charts/board-data.ts";
import { shorten } from "../../web/charts/direct-labels.ts";
import { moneyAxis, tickText } from "../../web/charts/money-axis.ts";
import { byFundChart, raisedByFund } from "../../web/charts/raised-by-fund.ts";
import { byMonthIsEmpty, byMonthLabels, byMonthSummary, raisedByMonth } from "../../web/charts/raised-by-month.ts";
import { draw, look, numberIn, wipe } from "./drawing.ts";
import { board, total } from "./story.ts";

afterEach(() => wipe());

it("bars, labels and table of the months say the same, to the cent", () => {
  const data = board();
  const { values, written } = draw(raisedByMonth(data, look));
  const table = monthTable(data);
  expect(values(0)).toEqual(table.rows.map((row) => numberIn(row.cells[1]?.text)));
  expect(values(1).map((value) => Number(value) + 0)).toEqual(table.rows.map((row) => numberIn(row.cells[2]?.text)));
  expect(written).toEqual(expect.arrayContaining(["$15,000.00", "$661.00", "−$100.00"]));
});

it("a bar is as high as its amount, from one zero line, and what was returned hangs below it", () => {
  const data = board();
  const { boxes, pixel } = draw(raisedByMonth(data, look));
  const zero = pixel("y", 0);
  const scale = (zero - (boxes(0)[0]?.y ?? 0)) / 1500000;
  expect(scale).toBeGreaterThan(0);
  boxes(0).forEach((bar, index) => {
    // Chart.js starts a bar beside the zero line's own half width, not on it.
    expect(Math.abs(bar.base - zero)).toBeLessThan(1);
    expect(zero - bar.y).toBeCloseTo((data.months[index]?.givenMinor ?? 0) * scale, 6);
  });
  boxes(1).forEach((bar, index) => {
    expect(bar.y - zero).toBeCloseTo((data.months[index]?.returnedMinor ?? 0) * scale, 6);
  });
});

it("bars, labels and table of the funds say the same, the largest first and what waits for a fund last", () => {
  const data = board();
  const { labels, values, boxes, pixel, written } = draw(raisedByFund(data, look));
  const table = raisedByFundTable(data);
  expect(labels).toEqual(["Families fund", "Youth fund", "Waiting for a fund"]);
  expect(labels).toEqual(table.rows.map((row) => row.cells[0]?.text));
  expect(values(0)).toEqual(table.rows.map((row) => numberIn(row.cells[1]?.text)));
  for (const row of table.rows) expect(written).toEqual(expect.arrayContaining(row.cells.map((cell) => cell.text)));
  const bars = boxes(0);
  const zero = pixel("x", 0);
  const scale = ((bars[0]?.x ?? 0) - zero) / 2121100;
  expect((bars[1]?.x ?? 0) - zero).toBeCloseTo(30000 * scale, 6);
});

it("of very many funds those with most are drawn, and the hint says that the table has all", () => {
  const [first] = board().funds;
  if (first === undefined) throw new Error("the story has no fund");
  const funds = Array.from({ length: 30 }, (_, place) => ({
    ...first,
    name: `Fund ${place}`,
    raisedMinor: place * 100,
  }));
  const data = { ...board(), funds };
  expect(draw(raisedByFund(data, look)).labels).toHaveLength(24);
  expect(byFundChart.hint(data)).toContain("The 24 with most of 31; the table has all.");
  expect(byFundChart.table(data).rows).toHaveLength(31);
});

it("the month that is not over is lighter than the others", () => {
  const data = board({}, undefined, "2021-02-10");
  expect(raisedByMonth(data, look).data.datasets[0]?.backgroundColor).toEqual([
    "given",
    "given",
    "given",
    "given",
    "lighter",
  ]);
});

it("a chart is one sentence for those who cannot see it, and an empty one says so", () => {
  expect(byMonthSummary(board())).toContain("5 months, $21,586.00 raised in all; most in October 2020");
  const none: BoardData = board({ all: total(0n, 0n) }, []);
  expect(byMonthIsEmpty(none)).toBe(true);
  expect(byMonthLabels(none)).toEqual([]);
  expect(draw(raisedByMonth(none, look)).labels).toEqual([]);
});

it("the axis starts at zero, ends at a round amount, and has zero among its ticks", () => {
  expect(moneyAxis(658800, 0, "CAD")).toEqual({ min: 0, max: 800000, ticks: [0, 200000, 400000, 600000, 800000] });
  const below = moneyAxis(658800, -10000, "CAD");
  expect(below.min).toBeLessThan(-10000);
  expect(below.ticks[0]).toBe(0);
  expect(moneyAxis(1000, -500000, "CAD").ticks).toEqual([-400000, -200000, 0, 200000]);
  expect(moneyAxis(0, 0, "CAD").ticks).toEqual([0]);
  expect([0, 25000, 250000, 120000000, -500000].map((tick) => tickText(tick, "CAD"))).toEqual([
    "$0",
    "$250",
    "$2.5k",
    "$1.2m",
    "−$5k",
  ]);
  expect(tickText(5000, "JPY")).toBe("¥5k");
});

it("an amount is not written where it would stand on a higher bar", () => {
  const rising = Array.from({ length: 9 }, (_, index) => ({
    month: `2021-0${index + 1}`,
    fund: null,
    givenMinor: index === 0 ? 900000n : index === 7 ? 500000n : 10000n,
    returnedMinor: 0n,
  }));
  const data = board({}, rising);
  expect(byMonthLabels(data).map((label) => label.text)).toEqual(["$9,000.00", "$100.00"]);
  const wide = draw(raisedByMonth(data, look), 1600).written;
  expect(wide).toEqual(expect.arrayContaining(["$9,000.00", "$100.00"]));
  const narrow = draw(raisedByMonth(data, look), 320).written;
  expect(narrow).toContain("$9,000.00");
  expect(narrow).not.toContain("$100.00");
});

it("a name that does not fit ends in an ellipsis", () => {
  const width = (text: string) => text.length;
  expect(shorten("Families fund", 20, width)).toBe("Families fund");
  expect(shorten("Families fund", 9, width)).toBe("Families…");
});
