import type { Log } from "../core/log.ts";
import type { Sql } from "../db/connect.ts";
import { pauseAccount } from "../db/fetch.ts";
import {
  beginSweep,
  endSweep,
  listSweepAccounts,
  noteSwept,
  readNow,
  type SweepStart,
  wantPayoutMembers,
} from "../db/sweep.ts";
import type { Account } from "../stripe/account.ts";
import type { Away } from "../stripe/fetch.ts";
import { isSameBalance, readBalance } from "../stripe/sweep.ts";
import { collectNews, type News } from "./sweep-news.ts";
import { createPartSweep, type Part, partDays, type PartSweep, wholeParts, wholeSecond } from "./sweep-part.ts";

export type SweepDeps = {
  sql: Sql;
  mode: "sandbox" | "test" | "live";
  /** The account with its SDK client, or null when its key is not known here. */
  accountById: (id: bigint) => Promise<Account | null>;
  /** The time at Stripe, which for the sandbox may be any. */
  now: () => Date;
  log: Log;
  /** Resolves once everything that stands in the inbox was tried to book. */
  book: () => Promise<void>;
  /** Called when Stripe is to be asked what was in payouts. */
  onWanted?: () => void;
  /** Ends a sweep between two pages; the next one goes on from its last window. */
  signal?: AbortSignal;
};

/** What became of the sweep of one account; `error` is null when Stripe and we have the same. */
export type SweepReport = { accountId: bigint; found: number; differences: number; error: string | null };

/**
 * Compares what Stripe lists with what is booked, and books what is missing: balance transactions, which are complete and
 * never go, and the objects that have none yet. What no event ever told comes in this way.
 */
export type Sweep = {
  /**
   * Sweeps all accounts, or those for which it is time: an hour after the last time. @throws when the database is away; what
   * Stripe says is logged, and kept for the desk.
   */
  once(which: "all" | "due"): Promise<SweepReport[]>;
};

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** What Stripe lists late, and clocks that differ. */
const overlapMs = 2 * hourMs;
/** Once a day so much is looked through again: what changed without anybody telling. */
const lookBackDays = partDays;
/** A window is closed up to here only: Stripe may still add to the last minutes. */
const unsettledMs = 5 * minuteMs;
/** A balance may move while it is compared. */
const balanceTriesMax = 3;

type Run = { account: Account; start: SweepStart; at: Date; news: News; parts: PartSweep };

/** A sweep; it does nothing until it is called. */
export function createSweep(deps: SweepDeps): Sweep {
  const { sql, mode, accountById, now, log, book, onWanted, signal } = deps;

  /** What was made long ago and may have changed without a balance transaction: few, and so read whole. */
  async function lookBack(run: Run): Promise<Away | null> {
    if (!run.start.looksBack) return null;
    for (const name of ["disputes", "subscriptions"] as const) {
      const failure = await run.parts.list(name, null);
      if (failure !== null) return failure;
    }
    return null;
  }

  /** Keeps what the account has, once everything that made it so is listed. */
  async function compareBalance(run: Run): Promise<Away | null> {
    const { stripe } = run.account;
    for (let tries = 0; tries < balanceTriesMax; tries += 1) {
      const before = await readBalance(stripe);
      if ("away" in before) return before.away;
      const failure = await run.parts.list("balance_transactions", { from: earlier(run.at, overlapMs), to: null });
      if (failure !== null) return failure;
      const startedAt = await readNow(sql);
      const after = await readBalance(stripe);
      if ("away" in after) return after.away;
      if (!isSameBalance(before.balance, after.balance)) continue;
      await run.news.take("balance", startedAt, [after.balance]);
      return null;
    }
    return null;
  }

  async function sweepAccount(account: Account, start: SweepStart): Promise<SweepReport> {
    const { accountId, looksBack } = start;
    const at = now();
    const news = collectNews({ sql, mode, accountId, book });
    const run = { account, start, at, news, parts: createPartSweep({ sql, account, news, signal }) };
    const differing = new Set<string>();
    let failure: Away | null = null;
    for (const part of partsOf(start, at)) {
      const outcome = await run.parts.sweep(part);
      if (!Array.isArray(outcome)) {
        failure = outcome;
        break;
      }
      for (const each of outcome) differing.add(each);
      // What comes after a difference is swept, and not counted as compared.
      if (differing.size === 0) await noteSwept(sql, accountId, part.closesAt);
    }
    failure ??= await lookBack(run);
    failure ??= await compareBalance(run);
    for (const each of await run.news.settle()) differing.add(each);
    if ((await wantPayoutMembers(sql, accountId)) > 0) onWanted?.();
    const found = run.news.found();
    const differences = differing.size;
    const error = failure?.reason ?? (differences > 0 ? "differences" : null);
    sayEnd(accountId, { found, differing: [...differing], failure });
    if (failure?.isWholeAccount === true && !failure.isKeyRefused)
      await pauseAccount(sql, accountId, failure.waitSeconds, failure.reason);
    await endSweep(sql, accountId, {
      found,
      differences,
      error,
      isWhole: failure === null,
      looksBack,
      // A key that is refused is tried again in an hour: a person has to mend it.
      waitSeconds: failure === null || failure.isKeyRefused ? null : failure.waitSeconds,
    });
    return { accountId, found, differences, error };
  }

  function sayEnd(accountId: bigint, end: { found: number; differing: string[]; failure: Away | null }): void {
    const about = { accountId: String(accountId), found: end.found };
    if (end.failure !== null) {
      const message = "Stripe could not be asked for everything that it has; what was found is booked";
      log(end.failure.isKeyRefused ? "error" : "warn", message, { ...about, reason: end.failure.reason });
    }
    if (end.differing.length === 0) return;
    const some = end.differing.slice(0, 10).join(" ");
    log("error", "Stripe and the books differ", { ...about, differences: end.differing.length, some });
  }

  return {
    async once(which) {
      const reports: SweepReport[] = [];
      try {
        for (const id of await listSweepAccounts(sql, which)) {
          const account = await accountById(id);
          if (account === null) continue;
          const start = await beginSweep(sql, id, { which, at: now(), beginsDays: lookBackDays });
          if (start !== null) reports.push(await sweepAccount(account, start));
        }
      } catch (error) {
        if (signal?.aborted !== true) throw error;
      }
      return reports;
    },
  };
}

/** From where an account's history is to be looked through, in parts of at most 35 days, the oldest first. */
function partsOf({ beginsAt, sweptTo, looksBack }: SweepStart, at: Date): Part[] {
  const overlap = looksBack ? lookBackDays * dayMs : overlapMs;
  const from = sweptTo === null ? beginsAt : new Date(Math.max(beginsAt.getTime(), sweptTo.getTime() - overlap));
  const parts = wholeParts(wholeSecond(from), earlier(at, unsettledMs + 1));
  const begin = parts.at(-1)?.to ?? wholeSecond(from);
  return [...parts, { from: begin, to: null, closesAt: wholeSecond(earlier(at, unsettledMs)) }];
}

function earlier(moment: Date, ms: number): Date {
  return new Date(moment.getTime() - ms);
}
