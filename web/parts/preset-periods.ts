import { boardQuery } from "../../src/core/board-address.ts";
import type { Period } from "../../src/core/period.ts";

export { presetPeriods } from "../../src/core/board-period.ts";

export type Days = Period;

/** A place by its slugs. */
export type Place = { organisation: string | null; fund: string | null };

/** The dashboard's address for these days: `/board?from=2026-01-01&to=2026-12-31`, or `/board` for all time. */
export function boardAddress({ from, to }: Days, within: Place | null = null): string {
  const { organisation, fund } = within ?? { organisation: null, fund: null };
  const query = boardQuery({ organisation, fund, campaign: null, from, to, compare: null, currency: null });
  return query === "" ? "/board" : `/board?${query}`;
}
