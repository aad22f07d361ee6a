import { kept } from "../../src/core/kept.ts";

const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
const shortDay = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
const dayOfYear = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
const month = new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", timeZone: "UTC" });
const shortMonth = new Intl.DateTimeFormat("en-GB", { month: "short", year: "numeric", timeZone: "UTC" });

/** `2020-10-20` as "20 October 2020". */
export function dayInWords(localDay: string): string {
  return day.format(new Date(`${localDay}T00:00:00Z`));
}

/** `2020-10-20` as "20 Oct 2020", for narrow columns. */
export function dayInShort(localDay: string): string {
  return shortDay.format(new Date(`${localDay}T00:00:00Z`));
}

/** `2020-10-20` as "20 Oct", for the axis of a chart whose years are known. */
export function dayOfYearInShort(localDay: string): string {
  return dayOfYear.format(new Date(`${localDay}T00:00:00Z`));
}

/** `2020-10` as "October 2020". */
export function monthInWords(localMonth: string): string {
  return month.format(new Date(`${localMonth}-01T00:00:00Z`));
}

/** `2020-10` as "Oct 2020", for the axis of a chart. */
export function monthInShort(localMonth: string): string {
  return shortMonth.format(new Date(`${localMonth}-01T00:00:00Z`));
}

const dayIn = kept(
  (timeZone) => new Intl.DateTimeFormat("en-GB", { timeZone, day: "numeric", month: "long", year: "numeric" }),
);
const timeIn = kept(
  (timeZone) => new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
);

/** An instant as "21 November 2026, 14:05" in the given zone. */
export function momentInWords(instant: Date, timeZone: string): string {
  return `${dayIn(timeZone).format(instant)}, ${timeIn(timeZone).format(instant)}`;
}
