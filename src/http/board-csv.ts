import type { Context } from "hono";
import { csvText } from "../core/csv.ts";
import { boardCharts } from "../../web/charts/board-charts.ts";
import type { BoardData } from "../../web/charts/board-data.ts";
import { fundTable } from "../../web/charts/board-tables.ts";
import type { Cell, Column, Table } from "../../web/charts/table.ts";
import { csvFile, once } from "./book-csv.ts";
import type { Env } from "./deps.ts";

type BoardTable = (data: BoardData) => Table;

/** The tables of the board that are files too, by their names in the address: every chart's, and others of the page. */
const boardTables: ReadonlyMap<string, BoardTable> = new Map<string, BoardTable>([
  ...Object.entries(boardCharts).map(([name, { table }]): [string, BoardTable] => [name, table]),
  ["funds", fundTable],
]);

/** The table of this name; null when there is none. */
export function findBoardTable(name: string): BoardTable | null {
  return boardTables.get(name) ?? null;
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
