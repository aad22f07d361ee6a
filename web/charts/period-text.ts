import { lastDayOfMonth } from "../../src/core/period.ts";
import { boardWords as words } from "../locales/en/board.ts";
import { dayInWords, monthInWords } from "../parts/when.ts";

/** The period as a heading: "All time", "October 2020", "2021", or "1 January 2021 to 15 March 2021". */
export function periodInWords({ from, to }: { from: string | null; to: string | null }): string {
  if (from === null && to === null) return words.allTime;
  if (from === null) return words.until(dayInWords(to ?? ""));
  if (to === null) return words.since(dayInWords(from));
  if (from.endsWith("-01-01") && to === `${from.slice(0, 4)}-12-31`) return from.slice(0, 4);
  if (from.endsWith("-01") && to === lastDayOfMonth(from)) return monthInWords(from.slice(0, 7));
  return `${dayInWords(from)} to ${dayInWords(to)}`;
}
