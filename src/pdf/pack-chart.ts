import type { Drawing } from "../../web/charts/pack-drawing.ts";
import { draw, inks, keepTogether, type Paper, room, setText } from "./paper.ts";

/** Draws a chart as lines and areas, read aloud as `summary`. */
export function drawChart(paper: Paper, drawing: Drawing, summary: string): void {
  keepTogether(paper, drawing.height + 8);
  const top = paper.y;
  const { doc } = paper;
  draw(
    paper,
    "Figure",
    () => {
      for (const { x, y, width, height, ink } of drawing.bars)
        doc.rect(room.left + x, top + y, width, height).fill(inks[ink]);
      for (const { x1, y1, x2, y2 } of drawing.rules)
        doc
          .lineWidth(0.75)
          .strokeColor(inks.ink)
          .moveTo(room.left + x1, top + y1)
          .lineTo(room.left + x2, top + y2)
          .stroke();
      for (const { x, y, text, anchor, strong } of drawing.labels) {
        const style = { face: strong ? ("bold" as const) : ("sans" as const), size: 8 };
        doc.font(style.face).fontSize(style.size);
        const wide = doc.widthOfString(text);
        const shift = anchor === "middle" ? wide / 2 : anchor === "end" ? wide : 0;
        // A label's y is its baseline.
        const at = { x: room.left + x - shift, y: top + y - 7.6, width: wide + 2 };
        setText(paper, text, at, { ...style, ink: strong ? inks.ink : inks.soft });
      }
    },
    summary,
  );
  paper.y = top + drawing.height + 8;
}
