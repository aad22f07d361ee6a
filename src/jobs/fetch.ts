import type { Log } from "../core/log.ts";
import type { Sql } from "../db/connect.ts";
import { failureCode } from "../db/failure.ts";
import {
  claimFetches,
  type FetchNeed,
  pauseAccount,
  postponeFetch,
  renewFetches,
  restFetch,
  returnFetch,
  waitToFetch,
} from "../db/fetch.ts";
import { createInbox, type Delivery } from "../db/inbox.ts";
import type { Account } from "../stripe/account.ts";
import { askStripe, type Away } from "../stripe/fetch.ts";
import { createBell, pause } from "./bell.ts";

export type FetchDeps = {
  sql: Sql;
  /** A fresh uuid: the name under which this job leases its work. */
  owner: string;
  mode: "sandbox" | "test" | "live";
  /** The account with its SDK client, or null when its key is not known here. */
  accountById: (id: bigint) => Promise<Account | null>;
  log: Log;
  /** Called after an answer was stored: the drain has something to book. */
  onStored?: () => void;
};

/** Asks Stripe for what the drain found missing, and puts each answer into the inbox. */
export type FetchJob = {
  /** Asks for what is due, at most 40 things; returns how many it claimed. @throws when the database is away. */
  once(): Promise<number>;
  /** Goes on until `signal` is aborted. Never throws. */
  loop(signal: AbortSignal): Promise<void>;
  /** Says that something may be due now. */
  nudge(): void;
};

const claimMax = 40;

/** Stripe allows 100 reads a second in live mode; a few at a time stay far below. */
const atOnce = 8;
const pollMs = 1_000;
const renewEveryMs = 10_000;

/** A fetch job; it does nothing until one of its functions is called. */
export function createFetchJob({ sql, owner, mode, accountById, log, onStored }: FetchDeps): FetchJob {
  const bell = createBell();
  const inbox = createInbox({ sql, flush: "grouped" });

  async function fetchOne(need: FetchNeed, resting: Set<bigint>): Promise<void> {
    if (resting.has(need.accountId)) return await returnFetch(sql, owner, need);
    const about = { accountId: String(need.accountId), kind: need.kind, objectId: need.objectId };
    const account = await accountById(need.accountId);
    if (account === null) return await waitToFetch(sql, owner, need, 300, "no key is known for this account");
    const answer = await askStripe(account.stripe, need.kind, need.objectId);
    switch (answer.outcome) {
      case "found":
        await inbox.store(asDelivery(need, answer.objects, mode));
        onStored?.();
        return await restFetch(sql, owner, need);
      case "away":
        if (!resting.has(need.accountId)) sayAway(answer, about);
        if (answer.isWholeAccount) await rest(need.accountId, answer, resting);
        return await waitToFetch(sql, owner, need, waitOf(answer), answer.reason);
      case "refused":
        log("warn", "Stripe refused to answer", { ...about, reason: answer.reason, tries: need.tries + 1 });
        return await postponeFetch(sql, owner, need, answer.reason);
    }
  }

  function sayAway({ isKeyRefused, reason }: Away, about: Record<string, string>): void {
    const message = isKeyRefused
      ? "Stripe takes our key for this account no more, or not for this; see /desk/settings/stripe, or npm run stripe:check"
      : "Stripe could not be asked";
    log(isKeyRefused ? "error" : "warn", message, { ...about, reason });
  }

  /** Leaves the account alone, here and in every other process. */
  async function rest(accountId: bigint, { waitSeconds, reason }: Away, resting: Set<bigint>): Promise<void> {
    if (resting.has(accountId)) return;
    resting.add(accountId);
    await pauseAccount(sql, accountId, waitSeconds, reason);
  }

  async function once(): Promise<number> {
    const needs = await claimFetches(sql, owner, claimMax);
    if (needs.length === 0) return 0;
    const renewal = setInterval(() => void renewFetches(sql, owner).catch(() => undefined), renewEveryMs);
    try {
      const queue = needs.values();
      const resting = new Set<bigint>();
      await Promise.all(
        Array.from({ length: atOnce }, async () => {
          for (const need of queue) await fetchOne(need, resting);
        }),
      );
    } finally {
      clearInterval(renewal);
    }
    return needs.length;
  }

  return {
    once,
    async loop(signal) {
      while (!signal.aborted) {
        try {
          if ((await once()) === 0) await bell.sleep(pollMs, signal);
        } catch (error) {
          log("error", "the fetch job could not go on and tries again", { code: failureCode(error) });
          await pause(pollMs, signal);
        }
      }
    },
    nudge: () => bell.ring(),
  };
}

/** A key may lack the right to ask for this only: then what else waits comes first once the account has rested. */
function waitOf({ isKeyRefused, waitSeconds }: Away): number {
  return isKeyRefused ? 2 * waitSeconds : waitSeconds;
}

/** The answer as an inbox row: its name is what was asked and when, so a repeated store of it is one row. */
function asDelivery(need: FetchNeed, data: object[], mode: FetchDeps["mode"]): Delivery {
  return {
    accountId: need.accountId,
    source: "fetch",
    eventId: `fetch:${need.kind}:${need.objectId}:${need.startedAt}`,
    livemode: mode === "live",
    type: `fetch.${need.kind}`,
    apiVersion: null,
    stripeAccount: null,
    objectId: need.objectId,
    created: need.startedAt,
    mark: null,
    body: JSON.stringify({ object: "fetch", kind: need.kind, id: need.objectId, started_at: need.startedAt, data }),
  };
}
