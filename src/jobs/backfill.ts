import { beginBackfill, endBackfill, noteFilled } from "../db/backfill.ts";
import type { Sql } from "../db/connect.ts";
import { wantPayoutMembers } from "../db/sweep.ts";
import type { Account } from "../stripe/account.ts";
import { collectNews } from "./sweep-news.ts";
import { createPartSweep, type NotListed, type Part, partDays, wholeParts } from "./sweep-part.ts";

export type BackfillDeps = {
  sql: Sql;
  mode: "sandbox" | "test" | "live";
  account: Pick<Account, "id" | "stripe">;
  /** The time at Stripe, which for the sandbox may be any. */
  now: () => Date;
  /** A fresh uuid: the name of this run. */
  run: string;
  /** Resolves once everything that stands in the inbox was tried to book. */
  book: () => Promise<void>;
  /** Asks Stripe for what booking showed to be missing, such as what was in payouts, and books the answers. */
  ask: () => Promise<void>;
  /** Called after each part of the history. */
  onPart?: (progress: BackfillProgress) => void;
  /** Ends it between two pages; the next one goes on with the same part. */
  signal?: AbortSignal;
};

/** How far a run has come; `found` is what this part brought that was not known. */
export type BackfillProgress = { to: Date; part: number; parts: number; found: number; differences: number };

/** How a run ended. Only `whole` says that Stripe and we have the same from `from` to `to`. */
export type BackfillReport = {
  ended: "whole" | "nothing to do" | "differences" | "Stripe away" | "interrupted" | "taken over";
  /** Where this run went on, and where the sweep begins. */
  from: Date;
  to: Date;
  found: number;
  /** Ids that Stripe lists and that are not booked as it says, or that we hold and Stripe does not list. */
  differing: string[];
  away: NotListed | null;
};

/**
 * Brings in what an account has at Stripe from `from` on and before its sweep begins, part by part and the oldest first, as the
 * sweep would: by the inbox and the drain. It may end at any point and be begun again; what is known already is not stored again.
 * @throws when the database is away
 */
export async function runBackfill(deps: BackfillDeps, from: Date): Promise<BackfillReport> {
  const { sql, account, now, run, signal } = deps;
  const begun = await beginBackfill(sql, account.id, { from, at: now(), sweepDays: partDays, run });
  const report: BackfillReport = {
    ended: "nothing to do",
    from: begun.goesOnAt,
    to: begun.endsAt,
    found: 0,
    differing: [],
    away: null,
  };
  if (from.getTime() >= begun.endsAt.getTime()) return report;
  try {
    report.ended = await fill(deps, report);
  } catch (error) {
    if (signal?.aborted !== true) throw error;
    report.ended = "interrupted";
  }
  const error = report.ended === "whole" ? null : (report.away?.reason ?? report.ended);
  await endBackfill(sql, account.id, run, { found: report.found, error });
  return report;
}

async function fill(deps: BackfillDeps, report: BackfillReport): Promise<BackfillReport["ended"]> {
  const { sql, mode, account, run, book, ask, onPart, signal } = deps;
  const news = collectNews({ sql, mode, accountId: account.id, book });
  const sweep = createPartSweep({ sql, account, news, signal });
  // A plan may be older than all that is looked through, and its payments not.
  report.away = await sweep.list("subscriptions", null);
  if (report.away !== null) return "Stripe away";
  const differing = new Set(await news.settle());
  const parts = partsBetween(report.from, report.to);
  for (const [place, part] of parts.entries()) {
    const before = report.found;
    const outcome = await sweep.sweep(part);
    report.found = news.found();
    if (!Array.isArray(outcome)) {
      report.away = outcome;
      return "Stripe away";
    }
    for (const id of outcome) differing.add(id);
    report.differing = [...differing];
    await wantPayoutMembers(sql, account.id);
    await ask();
    signal?.throwIfAborted();
    // What comes after a difference is filled, and not counted as done.
    const doneTo = differing.size === 0 ? part.closesAt : report.from;
    if (!(await noteFilled(sql, account.id, run, doneTo))) return "taken over";
    onPart?.({
      to: part.closesAt,
      part: place + 1,
      parts: parts.length,
      found: report.found - before,
      differences: differing.size,
    });
  }
  return differing.size === 0 ? "whole" : "differences";
}

/** Parts of at most 35 days, the oldest first. */
export function partsBetween(from: Date, to: Date): (Part & { to: Date })[] {
  const whole = wholeParts(from, to);
  const begin = whole.at(-1)?.to ?? from;
  return begin.getTime() < to.getTime() ? [...whole, { from: begin, to, closesAt: to }] : whole;
}
