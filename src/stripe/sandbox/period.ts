/** How often something repeats, as Stripe says it. */
export type Every = { interval: string; interval_count: number };

const daySeconds = 24 * 60 * 60;

/**
 * The moment `count` periods after `anchor`, both in seconds: months and years keep the day of the month, or take the last
 * one where it is missing, so that 31 January is followed by 28 February and 31 March.
 */
function periodsAfter(anchor: number, { interval, interval_count: step }: Every, count: number): number {
  if (interval === "day") return anchor + count * step * daySeconds;
  if (interval === "week") return anchor + count * step * 7 * daySeconds;
  return monthsAfter(anchor, count * step * (interval === "year" ? 12 : 1));
}

function monthsAfter(anchor: number, months: number): number {
  const start = new Date(anchor * 1000);
  const first = new Date(start);
  first.setUTCDate(1);
  first.setUTCMonth(first.getUTCMonth() + months);
  const daysInMonth = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(start.getUTCDate(), daysInMonth));
  return first.getTime() / 1000;
}

/** The first end of a period, counted from `anchor`, that lies after `moment`. */
export function periodEnd(anchor: number, every: Every, moment: number): number {
  let count = 1;
  while (periodsAfter(anchor, every, count) <= moment) count += 1;
  return periodsAfter(anchor, every, count);
}
