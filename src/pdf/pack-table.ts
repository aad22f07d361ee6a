import type { PackTable } from "../../web/charts/pack-block.ts";
import {
  decorate,
  draw,
  heightOf,
  inks,
  keepTogether,
  newPage,
  type Paper,
  room,
  rule,
  setText,
  type TextStyle,
  widthOf,
  within,
} from "./paper.ts";

const cellSize = 8.5;
const padding = { between: 12, above: 3.5, below: 3.5 };
/** A first column is never narrower than this, whatever the figures need. */
const nameWidthMin = 110;

type Row = { cells: string[]; style: TextStyle; kind: "TH" | "TD" };

/** A table whose figures stand right, under each other; a sum closes it with a rule above and two below. */
export function drawTable(paper: Paper, { columns, rows, sum, caption }: PackTable): void {
  const head: Row = { cells: columns, style: { size: 7.5, ink: inks.soft }, kind: "TH" };
  const body = rows.map((cells): Row => ({ cells, style: { size: cellSize }, kind: "TD" }));
  const foot: Row | null = sum === null ? null : { cells: sum, style: { size: cellSize, face: "bold" }, kind: "TD" };
  const widths = columnWidths(paper, [head, ...body, ...(foot === null ? [] : [foot])]);
  const heightsOf = (row: Row): number => rowHeight(paper, row, widths);
  // A head never stands alone at the foot of a page, nor a sum at the top of one.
  keepTogether(paper, heightsOf(head) + heightsOf(body[0] ?? head) * 2);
  within(
    paper,
    "Table",
    () => {
      drawRow(paper, head, widths);
      rule(paper, paper.y, { ink: inks.line });
      for (const [index, row] of body.entries()) {
        const isLast = index === body.length - 1;
        const needed = heightsOf(row) + (isLast && foot !== null ? heightsOf(foot) + 6 : 0);
        if (paper.y + needed > room.bottom) continueTable(paper, head, widths);
        drawRow(paper, row, widths);
        if (!isLast) rule(paper, paper.y, { ink: inks.hair });
      }
      if (foot === null) return;
      rule(paper, paper.y, { ink: inks.ink, thick: 0.75 });
      drawRow(paper, foot, widths);
      closeDoubly(paper, widths);
    },
    { title: caption },
  );
  paper.y += 12;
}

/** On a new page the head stands again, for the eye; it has been read aloud. */
function continueTable(paper: Paper, head: Row, widths: number[]): void {
  newPage(paper);
  const y = paper.y;
  const height = rowHeight(paper, head, widths);
  decorate(paper, () => {
    for (const [index, text] of head.cells.entries()) setCell(paper, { text, index, widths, y, style: head.style });
  });
  paper.y = y + height;
  rule(paper, paper.y, { ink: inks.line });
}

function drawRow(paper: Paper, row: Row, widths: number[]): void {
  const { y } = paper;
  const height = rowHeight(paper, row, widths);
  within(paper, "TR", () => {
    for (const [index, text] of row.cells.entries()) {
      const kind = row.kind === "TH" || index === 0 ? "TH" : "TD";
      draw(paper, kind, () => setCell(paper, { text, index, widths, y, style: row.style }));
    }
  });
  paper.y = y + height;
}

type Cell = { text: string; index: number; widths: number[]; y: number; style: TextStyle };

function setCell(paper: Paper, { text, index, widths, y, style }: Cell): void {
  const before = widths.slice(0, index).reduce((sum, width) => sum + width + padding.between, 0);
  const at = { x: room.left + before, y: y + padding.above, width: widths[index] ?? 0 };
  setText(paper, text, at, { ...style, align: index === 0 ? "left" : "right" });
}

/** Two rules under a sum say that nothing comes after it. */
function closeDoubly(paper: Paper, widths: number[]): void {
  const from = room.left + (widths[0] ?? 0) + padding.between / 2;
  rule(paper, paper.y, { from, ink: inks.ink, thick: 0.5 });
  rule(paper, paper.y + 1.8, { from, ink: inks.ink, thick: 0.5 });
  paper.y += 4;
}

function rowHeight(paper: Paper, { cells, style }: Row, widths: number[]): number {
  const heights = cells.map((text, index) => heightOf(paper, text, widths[index] ?? 0, style));
  return Math.max(...heights) + padding.above + padding.below;
}

/** Figures take what they need, and the names have the rest. Where that is too little, heads of columns wrap. */
function columnWidths(paper: Paper, rows: readonly Row[]): number[] {
  const columns = rows[0]?.cells.length ?? 0;
  const needed = Array.from(
    { length: columns },
    (_, index) =>
      Math.max(
        ...rows.map(({ cells, style, kind }) => {
          const text = cells[index] ?? "";
          const parts = kind === "TH" ? text.split(" ") : [text];
          return Math.max(...parts.map((part) => widthOf(paper, part, style)));
        }),
      ) + 1,
  );
  const figures = needed.slice(1);
  const gaps = padding.between * (columns - 1);
  const left = room.width - gaps - figures.reduce((sum, width) => sum + width, 0);
  const name = Math.max(nameWidthMin, left);
  // Few figures stand beside each other in even columns, and not crowded to the right.
  const spare = Math.max(0, name - 240);
  const each = figures.length === 0 ? 0 : Math.min(spare / figures.length, 40);
  return [name - each * figures.length, ...figures.map((width) => width + each)];
}
