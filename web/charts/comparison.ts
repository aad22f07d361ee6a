import { chartWords as words } from "../locales/en/charts.ts";
import type { BoardData } from "./board-data.ts";
import { monthsBetween } from "./day-steps.ts";

/** What the period is compared with, as it ends a sentence: "a year before", "in Khari Bulbul pin". */
export function whenInWords({ compared }: BoardData): string {
  if (compared === null) return "";
  const { with: other } = compared;
  return typeof other === "string" ? words.compared[other] : words.inCampaign(other.name);
}

/**
 * What was raised in each month of the other period, at the place of the month that it is compared with; null where
 * months cannot be laid over months, or there is but one of them.
 */
export function comparedMonths(data: BoardData): (number | null)[] | null {
  const { compared, months } = data;
  if (compared === null || months.length < 2) return null;
  const { from, own, cumulative } = compared;
  if (!from.endsWith("-01") || !own.from.endsWith("-01")) return null;
  const sums = monthSums(cumulative.compared, cumulative.grain, from);
  const first = own.from.slice(0, 7);
  const raised = months.map(({ month }) => sums[monthsBetween(first, month)] ?? null);
  return raised.filter((value) => value !== null).length < 2 ? null : raised;
}

/** From what was added up, day by day or month by month, back to what each month brought. */
function monthSums(soFar: readonly number[], grain: "day" | "month", from: string): number[] {
  const ends = grain === "month" ? soFar.map((_, place) => place) : monthEnds(soFar.length, from);
  return ends.map((end, place) => {
    const before = place === 0 ? undefined : ends[place - 1];
    return (soFar[end] ?? 0) - (before === undefined ? 0 : (soFar[before] ?? 0));
  });
}

/** The places of the last day of each month, of the days from the first of a month on. */
function monthEnds(days: number, from: string): number[] {
  const ends: number[] = [];
  let end = -1;
  for (let month = 1; end < days - 1; month++) {
    end += new Date(Date.UTC(Number(from.slice(0, 4)), Number(from.slice(5, 7)) - 1 + month, 0)).getUTCDate();
    ends.push(Math.min(end, days - 1));
  }
  return ends;
}
