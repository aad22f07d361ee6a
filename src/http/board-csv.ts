import type { Context } from "hono";
import { csvText } from "../core/csv.ts";
import type { Cell, Column, Table } from "../../web/charts/table.ts";
import { csvFile, once } from "./book-csv.ts";
import type { Env } from "./deps.ts";

/** A table as a file for spreadsheets, as it stands on the page, its sum as the last line. */
export function tableFile(c: Context<Env>, name: string, { columns, rows, sum }: Table): Response {
  const heads = Object.fromEntries(columns.map(({ label }, place) => [String(place), csvText(label)]));
  const lines = [...rows.map(({ cells }) => cells), ...(sum === null ? [] : [sum])];
  const row = (cells: readonly Cell[]) =>
    Object.fromEntries(columns.map((column, place) => [String(place), textOf(cells[place], column)]));
  return csvFile(c, `board-${name}`, heads, once(lines.map(row)));
}

/** A number as spreadsheets read it: `-150.00` for "−$150.00", `1204` for "1,204". What is no number stays as it is written. */
function textOf(cell: Cell | undefined, { number }: Column): string {
  if (cell === undefined) return "";
  const figure = number ? /^(?<sign>−?)\D{0,5}(?<digits>[\d,]+(?:\.\d+)?)$/u.exec(cell.text)?.groups : undefined;
  if (figure !== undefined) return `${figure["sign"] === "" ? "" : "-"}${figure["digits"]?.replaceAll(",", "") ?? ""}`;
  return csvText(cell.chip === undefined ? cell.text : `${cell.text} (${cell.chip})`);
}
