import type { AskedPlace, BoardAsked, ComparedAnswer, Span } from "./board.ts";
import type { Period } from "./period.ts";

/** The periods that a dashboard offers; the last is of a campaign: its first day to its last one, or to today. */
export type PresetName =
  | "all time"
  | "this month"
  | "last month"
  | "this quarter"
  | "this fiscal year"
  | "last fiscal year"
  | "last 12 months"
  | "campaign";

/** What a period is compared with; a campaign by its slug. */
export type Compare = "none" | "previous" | "last year" | { campaign: string };

/** The days of a campaign: day 1 is its start, or that of its first gift or sale; null while there was none, and without an end. */
export type CampaignDays = { first: string | null; last: string | null };

/** The days that are laid beside each other, and those of the period itself. */
type Compared = Span & { own: Span };

/**
 * The periods a dashboard offers, whole months each but for a campaign's, so that an address means the same all month long.
 * @param fiscalYearStart the month (1 to 12) in which the fiscal year begins
 */
export function presetPeriods(
  today: string,
  fiscalYearStart = 1,
  campaign: CampaignDays | null = null,
): { name: PresetName; days: Period }[] {
  const month = monthOf(today);
  const quarter = month - (month % 3);
  const year = month - ((month - fiscalYearStart + 1 + 12) % 12);
  const campaignDays = campaign === null ? null : daysOf(campaign, today);
  return [
    { name: "all time", days: { from: null, to: null } },
    { name: "this month", days: wholeMonths(month, 1) },
    { name: "last month", days: wholeMonths(month - 1, 1) },
    { name: "this quarter", days: wholeMonths(quarter, 3) },
    { name: "this fiscal year", days: wholeMonths(year, 12) },
    { name: "last fiscal year", days: wholeMonths(year - 12, 12) },
    { name: "last 12 months", days: wholeMonths(month - 11, 12) },
    ...(campaignDays === null ? [] : [{ name: "campaign" as const, days: campaignDays }]),
  ];
}

function daysOf({ first, last }: CampaignDays, today: string): Span | null {
  if (first === null) return null;
  const to = last ?? today;
  return to < first ? null : { from: first, to };
}

/**
 * The days before a period, as many: as many whole months where it is of whole months. A period without an end goes to today.
 * Null for one without a first day, or which begins after today and has no end.
 */
export function periodBefore(period: Period, today: string): Span | null {
  const whole = wholeOf(period, today);
  if (whole === null) return null;
  if (isOfWholeMonths(whole)) {
    const months = monthOf(whole.to) - monthOf(whole.from) + 1;
    return wholeMonths(monthOf(whole.from) - months, months);
  }
  return { from: addDays(whole.from, -daysBetween(whole.from, whole.to) - 1), to: addDays(whole.from, -1) };
}

/**
 * The period before and the one before that, as they stood where the period stands today: who had come back by then. Null
 * where there is none before, and for a period that has not begun.
 */
export function samePoint(period: Period, before: Span | null, today: string): { before: Span; period: Span } | null {
  const whole = wholeOf(period, today);
  const earlier = before === null ? null : periodBefore(before, today);
  if (whole === null || before === null || earlier === null || whole.from > today) return null;
  return { before: earlier, period: upToSamePoint(before, whole, today) };
}

/**
 * The days that a period is compared with, and the days of its own: both end where the period stands today. A year before,
 * 29 February is the 28th, and the end of February its end where months are whole. Another campaign's days are counted from
 * its first one. Null where there is nothing to compare.
 * @param firsts the first days of this campaign and of the one it is compared with
 */
export function comparedPeriod(
  period: Period,
  today: string,
  compare: Compare,
  firsts: { own: string | null; other: string | null } = { own: null, other: null },
): Compared | null {
  if (compare === "none") return null;
  if (typeof compare === "object") return besideCampaign(period, today, firsts);
  const whole = wholeOf(period, today);
  const own = whole === null ? null : upTo(whole, today);
  if (whole === null || own === null) return null;
  if (compare === "last year") return { ...yearBefore(own), own };
  const before = periodBefore(period, today);
  return before === null ? null : { ...upToSamePoint(before, whole, today), own };
}

function besideCampaign(
  { from, to }: Period,
  today: string,
  firsts: { own: string | null; other: string | null },
): Compared | null {
  if (firsts.own === null || firsts.other === null) return null;
  const first = from === null || from < firsts.own ? firsts.own : from;
  const own = upTo({ from: first, to: to ?? today }, today);
  const otherFirst = addDays(firsts.other, daysBetween(firsts.own, first));
  if (own === null || otherFirst > today) return null;
  const days = Math.min(daysBetween(own.from, own.to), daysBetween(otherFirst, today));
  return {
    from: otherFirst,
    to: addDays(otherFirst, days),
    own: { from: own.from, to: addDays(own.from, days) },
  };
}

/** What a board is asked, with the days before its period and those beside it. */
export function boardAsked(
  asked: { place: AskedPlace; period: Period; currency: string; today: string },
  compared: { with: ComparedAnswer["with"]; place: AskedPlace; days: Compared } | null,
): BoardAsked {
  const before = periodBefore(asked.period, asked.today);
  return {
    ...asked,
    before,
    samePoint: samePoint(asked.period, before, asked.today),
    compared: compared === null ? null : { with: compared.with, place: compared.place, ...compared.days },
  };
}

/** What a period is compared with if nothing is said: with the year before, but for all time and within a campaign. */
export function usualCompare({ from, campaign }: { from: string | null; campaign: string | null }): Compare {
  return from === null || campaign !== null ? "none" : "last year";
}

/** A period's days; where it has no end, up to today. */
function wholeOf({ from, to }: Period, today: string): Span | null {
  const last = to ?? today;
  return from === null || last < from ? null : { from, to: last };
}

/** What of the days has passed. */
function upTo({ from, to }: Span, today: string): Span | null {
  const last = to < today ? to : today;
  return last < from ? null : { from, to: last };
}

/** As much of one span as has passed of another: of whole months up to the same day of the month, else as many days. */
function upToSamePoint(span: Span, whole: Span, today: string): Span {
  if (today >= whole.to) return span;
  const to = isOfWholeMonths(whole)
    ? monthsLater(today, monthOf(span.from) - monthOf(whole.from), true)
    : addDays(span.from, daysBetween(whole.from, today));
  return { from: span.from, to: to < span.to ? to : span.to };
}

/** The same days of the year before. */
function yearBefore({ from, to }: Span): Span {
  return { from: monthsLater(from, -12, false), to: monthsLater(to, -12, from.endsWith("-01")) };
}

function isOfWholeMonths({ from, to }: Span): boolean {
  return from.endsWith("-01") && to === lastDay(monthOf(to));
}

/** `count` whole months from this one on. */
function wholeMonths(month: number, count: number): Span {
  return { from: firstDay(month), to: lastDay(month + count - 1) };
}

/** The same day of another month, or that month's last one where it has none such, and where the end of a month stays one. */
function monthsLater(day: string, months: number, keepsEnd: boolean): string {
  const month = monthOf(day) + months;
  const last = lastDay(month);
  if (keepsEnd && day === lastDay(monthOf(day))) return last;
  const same = `${firstDay(month).slice(0, 8)}${day.slice(8)}`;
  return same < last ? same : last;
}

/** Months are counted through all years. */
function monthOf(day: string): number {
  return Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;
}

function firstDay(month: number): string {
  return new Date(Date.UTC(2000, month - 24_000, 1)).toISOString().slice(0, 10);
}

function lastDay(month: number): string {
  return addDays(firstDay(month + 1), -1);
}

function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

function daysBetween(from: string, to: string): number {
  return (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000;
}
