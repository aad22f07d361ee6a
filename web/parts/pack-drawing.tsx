import type { Drawing } from "../charts/pack-drawing.ts";

type PackDrawingProps = {
  drawing: Drawing;
  summary: string;
  /** Whether this is the one for phones, of two after each other. */
  isNarrow?: boolean;
};

/** A chart of a pack as the server draws it: nothing has to run, and it prints as sharp as text. */
export function PackDrawing({ drawing, summary, isNarrow = false }: PackDrawingProps) {
  const { width, height, bars, rules, labels } = drawing;
  return (
    <svg
      class={isNarrow ? "pack-drawing narrow" : "pack-drawing"}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={summary}
    >
      {bars.map(({ x, y, width: wide, height: high, ink }) => (
        <rect class={ink} x={x} y={y} width={wide} height={high} />
      ))}
      {rules.map(({ x1, y1, x2, y2 }) => (
        <line x1={x1} y1={y1} x2={x2} y2={y2} />
      ))}
      {labels.map(({ x, y, text, anchor, strong }) => (
        <text class={strong ? "strong" : ""} x={x} y={y} text-anchor={anchor}>
          {text}
        </text>
      ))}
    </svg>
  );
}
