import type { ActiveElement, TooltipItem } from "chart.js";
import type { Table } from "./table.ts";

/**
 * One thing of a chart that can be pointed at, or reached with the arrow keys: what is drawn of it, where it stands among
 * the others, and what it says.
 */
export type Point = {
  /** Places of the chart's own grid: the arrow keys go from neighbour to neighbour. */
  x: number;
  y: number;
  elements: Pick<ActiveElement, "datasetIndex" | "index">[];
  title: string;
  lines: string[];
};

/** A point for each row of the table behind a chart, so that it says what the table says. */
export function rowPoints(table: Table, direction: "across" | "down", datasets: number, indexes?: number[]): Point[] {
  return table.rows.map(({ cells }, row) => {
    const index = indexes?.[row] ?? row;
    return {
      x: direction === "across" ? row : 0,
      y: direction === "across" ? 0 : row,
      elements: Array.from({ length: datasets }, (_, datasetIndex) => ({ datasetIndex, index })),
      title: cells[0]?.text ?? "",
      lines: cells.slice(1).map((cell, column) => `${table.columns[column + 1]?.label ?? ""}: ${cell.text}`),
    };
  });
}

/** The point in one sentence, for people who cannot see it. */
export function pointInWords({ title, lines }: Point): string {
  return `${title}. ${lines.join(", ")}.`;
}

const steps: Record<string, [x: number, y: number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/**
 * Where a key leads from a point.
 * @param from place in `points`, or null for none yet: any of the keys then leads to the last
 * @returns the place in `points`; null when the key leads nowhere
 */
export function walkTo(points: readonly Point[], from: number | null, key: string): number | null {
  if (points.length === 0) return null;
  if (key === "Home") return 0;
  if (key === "End") return points.length - 1;
  const step = steps[key];
  if (step === undefined) return null;
  const here = from === null ? undefined : points[from];
  if (here === undefined) return points.length - 1;
  const there = points.findIndex((point) => point.x === here.x + step[0] && point.y === here.y + step[1]);
  return there === -1 ? null : there;
}

/** The box beside the pointer: what the point says, once, however many elements it has. */
export function tipOf(points: readonly Point[]) {
  const at = (item: { datasetIndex: number; dataIndex: number } | undefined) =>
    points.find(({ elements }) =>
      elements.some(({ datasetIndex, index }) => datasetIndex === item?.datasetIndex && index === item.dataIndex),
    );
  return {
    displayColors: false,
    filter: (_item: unknown, place: number) => place === 0,
    callbacks: {
      title: ([item]: TooltipItem<"bar" | "line">[]) => at(item)?.title ?? "",
      label: (item: TooltipItem<"bar" | "line">) => at(item)?.lines ?? [],
    },
  };
}
