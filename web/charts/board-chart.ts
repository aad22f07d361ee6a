import type { ChartConfiguration } from "chart.js";
import type { BoardData } from "./board-data.ts";
import type { Look } from "./look.ts";
import type { Point } from "./point.ts";
import type { Table } from "./table.ts";

/** A bar's length, a floating bar's two ends, or nothing at this place. */
type Value = number | [number, number] | null;

/** What Chart.js draws. */
export type Picture = ChartConfiguration<"bar" | "line", Value[], string | string[]>;

/** A chart of the dashboard: the picture, the table behind it and the words, all from the same JSON. */
export type BoardChart = {
  heading: string;
  hint: (data: BoardData) => string;
  /** The chart in one sentence, for people who cannot see it. */
  summary: (data: BoardData) => string;
  /** Whether there is nothing to draw; the table's `empty` says so in its place. */
  isEmpty: (data: BoardData) => boolean;
  table: (data: BoardData) => Table;
  picture: (data: BoardData, look: Look) => Picture;
  /** What the arrow keys go over, in the order of the table. */
  points: (data: BoardData, look: Pick<Look, "narrow">) => Point[];
  /** How many bars lie below each other; null where the usual height will do. */
  rows: ((data: BoardData) => number) | null;
};
