/**
 * The period that a page of figures is about, as it stands in its address: `?period=2021` for a year, `?period=year`
 * for this one, `?period=12-months` for the twelve months up to today, `?from=2020-10-01&to=2023-08-31` for any other,
 * nothing for all time.
 */
export type Period = {
  /** Local days YYYY-MM-DD, both included; null for no limit. */
  from: string | null;
  to: string | null;
  /** What was asked for, so that the page can mark it. */
  name: "all" | "year" | "12-months" | "custom" | `${number}`;
};

export type PeriodRefusal = { reason: "not a day" | "not a period" | "ends before it starts"; words: string };

export type PeriodQuery = { period?: string | undefined; from?: string | undefined; to?: string | undefined };

/** Reads the period of an address. `today` is the local day at the organisation. */
export function readPeriod(
  query: PeriodQuery,
  today: string,
): { ok: true; period: Period } | { ok: false; refusal: PeriodRefusal } {
  const from = query.from?.trim() ?? "";
  const to = query.to?.trim() ?? "";
  if (from !== "" || to !== "") return readDays(from, to);
  const name = query.period?.trim() ?? "";
  if (name === "" || name === "all") return { ok: true, period: { from: null, to: null, name: "all" } };
  if (name === "year") return { ok: true, period: { ...year(today.slice(0, 4)), name } };
  if (name === "12-months") return { ok: true, period: { from: firstOfTwelveMonths(today), to: today, name } };
  if (/^(?:19|20)\d{2}$/u.test(name)) return { ok: true, period: { ...year(name), name: name as `${number}` } };
  return refusePeriod(
    "not a period",
    `“${name.slice(0, 40)}” is not a period. Use a year such as 2021, “year”, “12-months”, “all”, or the days from and to.`,
  );
}

function readDays(from: string, to: string): ReturnType<typeof readPeriod> {
  for (const day of [from, to]) {
    if (day !== "" && !isDay(day))
      return refusePeriod("not a day", `“${day.slice(0, 40)}” is not a day. Type it like 2021-03-31.`);
  }
  if (from !== "" && to !== "" && to < from)
    return refusePeriod(
      "ends before it starts",
      `The period ends (${to}) before it starts (${from}). Swap the two days.`,
    );
  return { ok: true, period: { from: from === "" ? null : from, to: to === "" ? null : to, name: "custom" } };
}

function refusePeriod(reason: PeriodRefusal["reason"], words: string): { ok: false; refusal: PeriodRefusal } {
  return { ok: false, refusal: { reason, words } };
}

function year(digits: string): { from: string; to: string } {
  return { from: `${digits}-01-01`, to: `${digits}-12-31` };
}

/** The first day of the month eleven months before the month of `today`, so that whole months are compared. */
function firstOfTwelveMonths(today: string): string {
  const months = Number(today.slice(0, 4)) * 12 + Number(today.slice(5, 7)) - 1 - 11;
  return `${String(Math.floor(months / 12)).padStart(4, "0")}-${String((months % 12) + 1).padStart(2, "0")}-01`;
}

/** Whether the text is a day of the calendar, YYYY-MM-DD, from 1900 on. */
export function isDay(text: string): boolean {
  if (!/^(?:19|20)\d{2}-\d{2}-\d{2}$/u.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** The local day YYYY-MM-DD at this moment in a time zone such as `America/Toronto`. */
export function localDay(moment: Date, timeZone: string): string {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).formatToParts(moment);
  const part = (type: string): string => parts.find((each) => each.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")}`;
}
