import { kept } from "./kept.ts";

/** The period that figures are about: local days YYYY-MM-DD, both included; null for no limit. */
export type Period = { from: string | null; to: string | null };

/** Why a period in an address cannot be shown; `words` say what to do about it. */
export type PeriodRefusal = { reason: "not a day" | "ends before it starts"; words: string };

/** Reads a period from its address: `?from=2020-10-01&to=2023-08-31`, either left out for no limit. */
export function readPeriod(query: {
  from?: string | undefined;
  to?: string | undefined;
}): { ok: true; period: Period } | { ok: false; refusal: PeriodRefusal } {
  const [from, to] = [query.from?.trim() ?? "", query.to?.trim() ?? ""];
  const wrong = [from, to].find((day) => day !== "" && !isDay(day));
  if (wrong !== undefined)
    return refused("not a day", `“${wrong.slice(0, 40)}” is not a day. Type it like 2021-03-31.`);
  if (from !== "" && to !== "" && to < from) {
    return refused("ends before it starts", `The period ends (${to}) before it starts (${from}). Swap the two days.`);
  }
  return { ok: true, period: { from: from || null, to: to || null } };
}

function refused(reason: PeriodRefusal["reason"], words: string): { ok: false; refusal: PeriodRefusal } {
  return { ok: false, refusal: { reason, words } };
}

/** Whether the text is a day of the calendar, YYYY-MM-DD, from 1900 to 2099. */
export function isDay(text: string): boolean {
  if (!/^(?:19|20)\d{2}-\d{2}-\d{2}$/u.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

const dayIn = kept(
  (timeZone) => new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }),
);

/** The local day YYYY-MM-DD at this moment in a time zone such as `America/Toronto`. */
export function localDay(moment: Date, timeZone: string): string {
  const parts = dayIn(timeZone).formatToParts(moment);
  const part = (type: string): string => parts.find((each) => each.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")}`;
}

/** The last day of a month that is given by any day of it. */
export function lastDayOfMonth(day: string): string {
  return new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)), 0)).toISOString().slice(0, 10);
}
