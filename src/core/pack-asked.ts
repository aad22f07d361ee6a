import type { AskedPlace, BoardAsked, Span } from "./board.ts";
import { lastDayOfMonth } from "./pack.ts";
import type { Period } from "./period.ts";

type Asked = { place: AskedPlace; period: Period; currency: string; today: string };

/** What a pack asks of the board: its period beside the one before and beside the same days of last year. */
export function packAsked({ place, period, currency, today }: Asked): BoardAsked {
  const plain = { place, period, currency, today, before: null, samePoint: null, compared: null };
  const { from } = period;
  if (from === null || from > today) return plain;
  const whole: Span = { from, to: period.to ?? today };
  const own: Span = { from, to: whole.to < today ? whole.to : today };
  const before = spanBefore(whole);
  return {
    ...plain,
    before,
    samePoint: { before: spanBefore(before), period: cutLike(before, whole, own) },
    compared: { with: "last year", place, from: yearBefore(own.from), to: yearBefore(own.to), own },
  };
}

/** Of every place all time, as packs compare themselves by it. */
export function allTimeAsked(asked: Omit<Asked, "period">): BoardAsked {
  return packAsked({ ...asked, period: { from: null, to: null } });
}

/** As many whole months before whole months, else as many days before days. */
function spanBefore({ from, to }: Span): Span {
  if (from.endsWith("-01") && to === lastDayOfMonth(to)) {
    const months = monthOf(to) - monthOf(from) + 1;
    return { from: firstOf(monthOf(from) - months), to: lastDayOfMonth(firstOf(monthOf(from) - 1)) };
  }
  const days = daysBetween(from, to) + 1;
  return { from: addDays(from, -days), to: addDays(from, -1) };
}

/** The period before, cut where the period itself stands today. */
function cutLike(before: Span, whole: Span, own: Span): Span {
  if (own.to === whole.to) return before;
  const to = addDays(before.from, daysBetween(own.from, own.to));
  return { from: before.from, to: to < before.to ? to : before.to };
}

/** The same day of the year before; the end of February stays its end, so that whole months stay whole. */
function yearBefore(day: string): string {
  const year = String(Number(day.slice(0, 4)) - 1);
  const endsFebruary = day.slice(5, 7) === "02" && day === lastDayOfMonth(day);
  return endsFebruary ? lastDayOfMonth(`${year}-02-01`) : `${year}${day.slice(4)}`;
}

function daysBetween(from: string, to: string): number {
  return (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000;
}

function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

function monthOf(day: string): number {
  return Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;
}

function firstOf(month: number): string {
  return `${String(Math.floor(month / 12)).padStart(4, "0")}-${String((month % 12) + 1).padStart(2, "0")}-01`;
}
