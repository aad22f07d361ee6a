import type { Chance } from "./chance.ts";

/** The first and the last day of the story. */
export const firstDay = "2020-10-05";
export const lastDay = "2023-08-31";

const msADay = 86_400_000;

/** The day `days` days after `day` (YYYY-MM-DD). */
export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * msADay).toISOString().slice(0, 10);
}

/** The same day of the month `months` months after `day`, or before; in a shorter month its last day. */
export function monthsAfter(day: string, months: number): string {
  const number = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1 + months;
  const [year, month] = [Math.floor(number / 12), number % 12];
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month, Math.min(Number(day.slice(8)), last))).toISOString().slice(0, 10);
}

/** A day between two days, both included. */
export function dayBetween(chance: Chance, from: string, to: string): string {
  return dayAfter(from, chance.between(0, (Date.parse(to) - Date.parse(from)) / msADay));
}

/** A moment of `day` between breakfast and evening in Toronto, where noon to midnight UTC is the same day all year. */
export function momentOf(chance: Chance, day: string): string {
  return new Date(Date.parse(day) + chance.between(msADay / 2, msADay - 1000)).toISOString();
}

/** A day of the first weeks, when most people came; the rush dies down as it did. */
export function dayOfTheRush(chance: Chance): string {
  return dayAfter(firstDay, Math.floor(chance.next() ** 2 * 50));
}

/** Any day from `from` on; December brings more. */
export function laterDay(chance: Chance, from: string): string {
  const year = chance.pick(["2020", "2021", "2022"]);
  const december = dayBetween(chance, `${year}-12-01`, `${year}-12-31`);
  if (chance.oneIn(5) && december > from) return december;
  return dayBetween(chance, from, lastDay);
}
