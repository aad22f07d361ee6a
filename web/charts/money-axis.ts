import { exponent, moneyParts } from "../../src/core/money.ts";

/** An axis of money: `ticks` are round amounts with zero among them, `min` leaves room for what lies below zero. */
export type MoneyAxis = { min: number; max: number; ticks: number[] };

/**
 * A value axis from zero, in minor units.
 * @param most the greatest value above zero, at least 0
 * @param least the least value below zero, at most 0; it does not cost a whole step of empty paper
 */
export function moneyAxis(most: number, least: number, currency: string): MoneyAxis {
  if (most === 0 && least === 0) return { min: 0, max: 1, ticks: [0] };
  const unit = 10 ** exponent(currency);
  const step = roundStep(Math.max(most, -least, unit) / 4);
  const max = Math.max(step, Math.ceil(most / step) * step);
  const min = least === 0 ? 0 : Math.min(least * 1.15, -step * 0.55);
  const first = Math.ceil(min / step);
  const ticks = Array.from({ length: Math.round(max / step) - first + 1 }, (_, index) => (first + index) * step);
  // `+ 0` turns a negative zero into zero.
  return { min, max, ticks: ticks.map((tick) => tick + 0) };
}

/** The next of 1, 2, 2.5, 5 times a power of ten. */
function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough * (1 - 1e-9)) ?? 10;
  return step * power;
}

/** A tick as short text: `$8k`, `$2.5k`, `−$250`. */
export function tickText(amountMinor: number, currency: string): string {
  const { symbol } = moneyParts({ amountMinor: 0n, currency });
  const sign = amountMinor < 0 ? "−" : "";
  const amount = Math.abs(amountMinor) / 10 ** exponent(currency);
  if (amount >= 1_000_000) return `${sign}${symbol}${trim(amount / 1_000_000)}m`;
  if (amount >= 1_000) return `${sign}${symbol}${trim(amount / 1_000)}k`;
  return `${sign}${symbol}${trim(amount)}`;
}

function trim(amount: number): string {
  return String(Math.round(amount * 100) / 100);
}
