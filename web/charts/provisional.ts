import type { BoardData } from "./board-data.ts";

/** The first day of which something may still change: the one after the last month that all organisations have closed; null where all is open. */
export function provisionalSince({ answers }: Pick<BoardData, "answers">): string | null {
  const closed = answers.trust.organisations.map((organisation) => organisation.closed?.month ?? null);
  const last = closed.length === 0 || closed.includes(null) ? null : (closed as string[]).toSorted()[0];
  if (last === null || last === undefined) return null;
  const [year = 0, month = 0] = last.split("-").map(Number);
  return new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 10);
}

/** Whether every month of the period is closed. */
export function isClosed(data: Pick<BoardData, "answers" | "to">): boolean {
  const since = provisionalSince(data);
  return since !== null && data.to !== null && data.to < since;
}
