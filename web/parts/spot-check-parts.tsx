import type { SpotCheck } from "../../src/core/spot-check.ts";
import { spotCheckWords as words } from "../locales/en/spot-check.ts";
import { dayInWords } from "./when.ts";

/** How far a check has come. */
export function SpotCheckChip({ check: { drawn, found, differ } }: { check: SpotCheck }) {
  const state = differ > 0 ? "differs" : found === drawn ? "found" : "open";
  return <span class={state === "found" ? "chip good" : "chip warn"}>{words.states[state]}</span>;
}

/** `10 of 620 gifts since 1 January 2021`. */
export function drawnInWords({ drawn, gifts, from, to }: SpotCheck): string {
  return `${words.drawnFrom(drawn, gifts)} ${daysInWords(from, to)}`;
}

function daysInWords(from: string | null, to: string | null): string {
  if (from === null) return to === null ? words.allTime : words.until(dayInWords(to));
  return to === null ? words.since(dayInWords(from)) : words.between(dayInWords(from), dayInWords(to));
}
