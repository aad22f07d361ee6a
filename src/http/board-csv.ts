import type { Context } from "hono";
import { csvText } from "../core/csv.ts";
import type { Answer } from "../../web/charts/answer.ts";
import { answersOf } from "../../web/charts/answers.ts";
import { boardCharts, isChartName } from "../../web/charts/board-charts.ts";
import type { BoardData } from "../../web/charts/board-data.ts";
import { fundTable } from "../../web/charts/board-tables.ts";
import type { Cell, Column, Table } from "../../web/charts/table.ts";
import { csvFile, once } from "./book-csv.ts";
import type { Env } from "./deps.ts";

/**
 * The table of this name, as the page shows it: that of the funds, of a chart or of an answer. Null when the board has none.
 */
export function boardTable(name: string, data: BoardData): Table | null {
  if (name === "funds") return fundTable(data);
  if (isChartName(name)) return boardCharts[name].table(data);
  const answer = answersOf(data).find((each) => each.name === name);
  return answer === undefined ? null : (answer.table ?? sentenceOf(answer));
}

/** An answer without figures is its sentence. */
function sentenceOf({ question, sentence }: Answer): Table {
  const columns = [{ label: question, number: false }];
  return { caption: question, columns, rows: [{ key: "", cells: [{ text: sentence }] }], sum: null, empty: sentence };
}

/** A table as a file for spreadsheets, as it stands on the page, its sum as the last line. */
export function tableFile(c: Context<Env>, name: string, { columns, rows, sum }: Table): Response {
  const heads = Object.fromEntries(columns.map(({ label }, place) => [String(place), csvText(label)]));
  const lines = [...rows.map(({ cells }) => cells), ...(sum === null ? [] : [sum])];
  const row = (cells: readonly Cell[]) =>
    Object.fromEntries(columns.map((column, place) => [String(place), textOf(cells[place], column)]));
  return csvFile(c, `board-${name}`, heads, once(lines.map(row)));
}

/** Numbers are ours, and a minus before one is no formula. */
function textOf(cell: Cell | undefined, { number }: Column): string {
  if (cell === undefined) return "";
  const text = cell.chip === undefined ? cell.text : `${cell.text} (${cell.chip})`;
  return number ? text : csvText(text);
}
