import { answersOf } from "./answers.ts";
import { boardCharts, isChartName } from "./board-charts.ts";
import type { BoardData } from "./board-data.ts";
import { fundTable } from "./board-tables.ts";
import type { Table } from "./table.ts";

/** A table of the dashboard by the name of its file: `funds`, a chart's name, or an answer's; null where there is none of that name. */
export function boardTable(name: string, data: BoardData): Table | null {
  if (name === "funds") return fundTable(data);
  if (isChartName(name)) return boardCharts[name].table(data);
  return answersOf(data).find((answer) => answer.name === name)?.table ?? null;
}
