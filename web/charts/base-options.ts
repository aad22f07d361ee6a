import type { Look } from "./look.ts";
import { tipOf, type Point } from "./point.ts";
import { tickText, type MoneyAxis } from "./money-axis.ts";

/** What every chart has in common: its size follows the page, its letters and its motion the look. */
export function baseOptions(look: Look, points: readonly Point[]) {
  return {
    responsive: true,
    maintainAspectRatio: false,
    animation: look.moves ? ({ duration: 300 } as const) : (false as const),
    font: { family: look.font, size: 12 },
    color: look.soft,
    plugins: {
      tooltip: {
        ...tipOf(points),
        backgroundColor: look.ink,
        titleColor: look.paper,
        bodyColor: look.paper,
        titleFont: { family: look.font, size: 13 },
        bodyFont: { family: look.font, size: 13 },
        padding: 10,
      },
    },
  };
}

/** The axis below upright bars or a line: names, and no lines. */
export function nameAxis(look: Look) {
  return {
    grid: { display: false },
    border: { display: false },
    ticks: { color: look.soft, font: { family: look.font, size: 12 }, maxRotation: 0, autoSkipPadding: 16 },
  };
}

/** The axis of amounts, from the zero line. */
export function amountAxis(axis: MoneyAxis, currency: string, look: Look) {
  return valueAxis(axis, look, (value) => tickText(value, currency));
}

/** The axis of counts, from zero. */
export function countAxis(most: number, look: Look) {
  const step = Math.max(1, roundCount(most / 4));
  const max = Math.max(1, Math.ceil(most / step)) * step;
  const ticks = Array.from({ length: max / step + 1 }, (_, place) => place * step);
  return valueAxis({ min: 0, max, ticks }, look, (value) => value.toLocaleString("en-CA"));
}

function valueAxis({ min, max, ticks }: MoneyAxis, look: Look, textOf: (value: number) => string) {
  return {
    min,
    max,
    afterBuildTicks: (scale: { ticks: { value: number }[] }) => {
      scale.ticks = ticks.map((value) => ({ value }));
    },
    border: { display: false },
    grid: {
      color: (line: { tick: { value: number } }) => (line.tick.value === 0 ? look.soft : look.hair),
      tickLength: 0,
    },
    ticks: {
      color: look.soft,
      font: { family: look.font, size: 12 },
      autoSkip: false,
      padding: 8,
      callback: (value: number | string) => textOf(Number(value)),
    },
  };
}

/** The next of 1, 2, 5 times a power of ten. */
function roundCount(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1)));
  return ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
}

/** The edge of what is pointed at, or reached with the arrow keys; its colour stays, since it may stand for an amount. */
export function markOf(look: Look) {
  return {
    hoverBorderColor: look.ink,
    hoverBorderWidth: 2,
    hoverBackgroundColor: (_context: unknown, options: object) =>
      (options as { backgroundColor?: string }).backgroundColor ?? look.given,
  };
}
