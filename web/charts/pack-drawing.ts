/**
 * Charts of a pack as shapes, worked out once: the page writes them as SVG, the PDF as vectors. Units are points on A4;
 * y grows downwards, as in both.
 */
export type Drawing = {
  width: number;
  height: number;
  bars: { x: number; y: number; width: number; height: number; ink: "given" | "returned" }[];
  rules: { x1: number; y1: number; x2: number; y2: number }[];
  labels: { x: number; y: number; text: string; anchor: "start" | "middle" | "end"; strong: boolean }[];
};

/** One column or bar: what stands above the line, and what below it (0 for nothing). */
export type PackBar = { label: string; value: number; text: string; below: number };

/** Between the margins of A4; on a phone's screen letters of that drawing would be a third as large as those around it. */
const paperWidth = 499;
export const phoneWidth = 250;
const labelSize = 8;
/** How wide a letter of a label is, about; labels that could touch are left out. */
const letterWidth = 4.6;

/** Columns over time from zero; the largest and the last one carry their figures. */
export function columnsDrawing(bars: readonly PackBar[], width = paperWidth): Drawing {
  const [top, plot, foot] = [14, 110, 16];
  const highest = Math.max(0, ...bars.map(({ value }) => value));
  const deepest = Math.max(0, ...bars.map(({ below }) => below));
  const scale = plot / Math.max(1, highest + deepest);
  const zero = top + highest * scale;
  const end = zero + deepest * scale;
  const step = width / Math.max(1, bars.length);
  const thick = Math.min(34, step * 0.72);
  const drawing: Drawing = { width, height: round(end + foot), bars: [], rules: [], labels: [] };
  const largest = bars.findIndex(({ value }) => value === highest);
  const centre = (index: number): number => (index + 0.5) * step;
  for (const [index, bar] of bars.entries()) {
    const x = round(centre(index) - thick / 2);
    if (bar.value > 0)
      drawing.bars.push({ x, y: round(zero - bar.value * scale), ...size(thick, bar.value * scale), ink: "given" });
    if (bar.below > 0)
      drawing.bars.push({ x, y: round(zero + 0.4), ...size(thick, Math.max(1.6, bar.below * scale)), ink: "returned" });
  }
  drawing.rules.push({ x1: 0, y1: round(zero), x2: width, y2: round(zero) });
  const told = new Set([largest, bars.length - 1].filter((index) => (bars[index]?.value ?? 0) > 0));
  const taken: { from: number; to: number; y: number }[] = [];
  for (const index of told) {
    const bar = bars[index];
    if (bar === undefined) continue;
    const half = (bar.text.length * letterWidth) / 2;
    const x = Math.min(Math.max(centre(index), half), width - half);
    const y = round(zero - bar.value * scale - 4);
    if (taken.some((other) => x - half < other.to && x + half > other.from && Math.abs(other.y - y) < 10)) continue;
    taken.push({ from: x - half, to: x + half, y });
    drawing.labels.push({ x: round(x), y, text: bar.text, anchor: "middle", strong: true });
  }
  drawing.labels.push(...axisLabels(bars, width, centre, round(end + 11)));
  return drawing;
}

/** Bars side by side from zero, each with its name above and its figure at its end. */
export function barsDrawing(bars: readonly PackBar[], width = paperWidth): Drawing {
  const [row, thick] = [26, 9];
  const room = width - 90;
  const highest = Math.max(1, ...bars.map(({ value }) => value));
  const drawing: Drawing = { width, height: bars.length * row + 2, bars: [], rules: [], labels: [] };
  for (const [index, bar] of bars.entries()) {
    const y = index * row;
    const length = Math.max(0, (bar.value / highest) * room);
    drawing.labels.push({ x: 0, y: y + labelSize + 1, text: bar.label, anchor: "start", strong: false });
    if (length > 0) drawing.bars.push({ x: 0, y: y + 12, ...size(length, thick), ink: "given" });
    drawing.rules.push({ x1: 0, y1: y + 11, x2: 0, y2: y + 13 + thick });
    drawing.labels.push({ x: round(length + 5), y: y + 12 + labelSize, text: bar.text, anchor: "start", strong: true });
  }
  return drawing;
}

/** As many names under the columns as fit, counted from the first. */
function axisLabels(
  bars: readonly PackBar[],
  width: number,
  centre: (index: number) => number,
  y: number,
): Drawing["labels"] {
  const longest = Math.max(0, ...bars.map(({ label }) => label.length)) * letterWidth + 8;
  const step = width / Math.max(1, bars.length);
  const every = Math.max(1, Math.ceil(longest / step));
  return bars.flatMap(({ label }, index) => {
    if (index % every !== 0) return [];
    const half = (label.length * letterWidth) / 2;
    const x = round(Math.min(Math.max(centre(index), half), width - half));
    return [{ x, y, text: label, anchor: "middle" as const, strong: false }];
  });
}

function size(wide: number, high: number): { width: number; height: number } {
  return { width: round(wide), height: round(Math.max(high, 0.75)) };
}

/** Two decimals, so that the same data always makes the same bytes. */
function round(number: number): number {
  return Math.round(number * 100) / 100;
}
