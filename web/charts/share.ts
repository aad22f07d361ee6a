import { answerWords as words } from "../locales/en/answers.ts";
import { formatCount } from "../locales/en/count.ts";

/** Of fewer than this a percentage would say more than is known. */
export const leastForPercentage = 20;

/** A part of many as a percentage, of few as counts: "58%", or "7 of 12". */
export function shareOf(some: number, all: number): string {
  return all < leastForPercentage ? words.of(formatCount(some), formatCount(all)) : percent(some, all);
}

/** A part as a percentage: whole, with one decimal below 10. Whatever is not all is never said to be 100%, nor 0% what is something. */
export function percent(some: number, all: number): string {
  if (all === 0) return "0%";
  const share = (100 * some) / all;
  if (some === 0 || some === all) return `${Math.round(share)}%`;
  if (share > 99.4 && share < 100) return "over 99%";
  if (share > 0 && share < 0.1) return "under 0.1%";
  return `${Math.abs(share) < 10 ? Math.round(share * 10) / 10 : Math.round(share)}%`;
}
