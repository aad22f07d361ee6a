/** Local days, YYYY-MM-DD, both included; null means no limit on that side. */
export type Days = { from: string | null; to: string | null };

export type PresetName = "all time" | "this month" | "this quarter" | "this fiscal year" | "last 12 months";

/**
 * The periods a dashboard offers, whole months each, so that an address means the same all month long.
 * @param fiscalYearStart the month (1 to 12) in which the fiscal year begins
 */
export function presetPeriods(today: string, fiscalYearStart = 1): { name: PresetName; days: Days }[] {
  const year = Number(today.slice(0, 4));
  const month = Number(today.slice(5, 7));
  return [
    { name: "all time", days: { from: null, to: null } },
    { name: "this month", days: wholeMonths(year, month, 1) },
    { name: "this quarter", days: wholeMonths(year, month - ((month - 1) % 3), 3) },
    { name: "this fiscal year", days: wholeMonths(month >= fiscalYearStart ? year : year - 1, fiscalYearStart, 12) },
    { name: "last 12 months", days: wholeMonths(year, month - 11, 12) },
  ];
}

/** An organisation, or one fund of it, by their slugs. */
export type Place = { organisation: string; fund: string | null };

/** The dashboard's address for these days: `/board?from=2026-01-01&to=2026-12-31`, or `/board` for all time. */
export function boardAddress({ from, to }: Days, within: Place | null = null): string {
  const fund = within?.fund ?? null;
  const pairs = [
    within === null ? null : `organisation=${within.organisation}`,
    fund === null ? null : `fund=${fund}`,
    from === null ? null : `from=${from}`,
    to === null ? null : `to=${to}`,
  ].filter((pair) => pair !== null);
  return pairs.length === 0 ? "/board" : `/board?${pairs.join("&")}`;
}

/** `count` whole months from `month` (may lie outside 1 to 12) of `year`. */
function wholeMonths(year: number, month: number, count: number): Days {
  const first = new Date(Date.UTC(year, month - 1, 1));
  const last = new Date(Date.UTC(year, month - 1 + count, 0));
  return { from: first.toISOString().slice(0, 10), to: last.toISOString().slice(0, 10) };
}
