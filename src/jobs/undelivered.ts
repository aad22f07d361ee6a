import { readEnvelope } from "../core/event.ts";
import type { Log } from "../core/log.ts";
import type { Sql } from "../db/connect.ts";
import { pauseAccount } from "../db/fetch.ts";
import { asDelivery, createInbox, type Delivery } from "../db/inbox.ts";
import { listDueSweeps, listSweeps, noteSweep, pauseSweep, type SweepNeed } from "../db/undelivered.ts";
import type { Account } from "../stripe/account.ts";
import type { Away } from "../stripe/fetch.ts";
import { eachEvent, eventsKeptDays } from "../stripe/undelivered.ts";

export type UndeliveredDeps = {
  sql: Sql;
  mode: "sandbox" | "test" | "live";
  /** The account with its SDK client, or null when its key is not known here. */
  accountById: (id: bigint) => Promise<Account | null>;
  now: () => Date;
  log: Log;
  /** Called after events were stored: the drain has something to book. */
  onStored?: () => void;
};

/** Asks Stripe for the events that it could not deliver, and puts those we have not got into the inbox. */
export type UndeliveredSweep = {
  /**
   * Looks through the events of every account, or of those alone for which that is due (`"due"`: an hour after the last
   * time; at once for an account without an endpoint, of which all events come this way). Returns how many events were new. @throws when the database is away; what Stripe says is logged.
   */
  once(which: "all" | "due"): Promise<number>;
};

const hourMs = 3_600_000;

/** An event may be listed a while after its `created`, and clocks differ: each look goes back this far behind the last. */
const overlapMs = 2 * hourMs;

/** Where all events are asked for every minute, so that the same are not read for two hours. */
const polledOverlapMs = 10 * 60_000;

/** A little less than a minute, so that a look that comes a moment early is not put off to the next. */
const polledEveryMs = 50_000;

/** The first look goes back as far as Stripe repeats by itself. Source: https://docs.stripe.com/webhooks#retries */
const firstLookMs = 72 * hourMs;

/** A sweep; it does nothing until it is called. */
export function createUndeliveredSweep(deps: UndeliveredDeps): UndeliveredSweep {
  const { sql, mode, accountById, now, log, onStored } = deps;
  const inbox = createInbox({ sql, flush: "grouped" });

  async function sweep(need: SweepNeed, which: "all" | "due"): Promise<number> {
    const { accountId, sweptTo } = need;
    const account = await accountById(accountId);
    const startedAt = now();
    if (account === null || (which === "due" && !isDue(need, account, startedAt))) return 0;
    const isPolled = hasNoEndpoint(account) || isNewEndpoint(need);
    const overlap = isPolled ? polledOverlapMs : overlapMs;
    const since = new Date(sweptTo === null ? startedAt.getTime() - firstLookMs : sweptTo.getTime() - overlap);
    warnOfGap(accountId, startedAt.getTime() - since.getTime());
    let found = 0;
    const looked = { since, which: isPolled ? ("all" as const) : ("undelivered" as const) };
    const failure = await eachEvent(account.stripe, looked, async (events) => {
      const deliveries = events.flatMap((text) => readDelivery(text, accountId, mode));
      const stored = await Promise.all(deliveries.map(async (delivery) => await inbox.store(delivery)));
      found += stored.filter(({ isNew }) => isNew).length;
    });
    const about = { accountId: String(accountId), events: found };
    if (found > 0 && !isPolled)
      log("warn", "events that Stripe could not deliver were fetched; check the endpoint", about);
    if (found > 0) onStored?.();
    if (failure === null) {
      await noteSweep(sql, accountId, startedAt);
      return found;
    }
    await rest(accountId, failure);
    return found;
  }

  /**
   * A key that may not list events may still be good for all else, so then the account itself does not rest. It is said
   * once, however often it is tried again, and by whichever process.
   */
  async function rest(accountId: bigint, { isKeyRefused, isWholeAccount, reason, waitSeconds }: Away): Promise<void> {
    const since = now();
    const until = new Date(since.getTime() + (isKeyRefused ? hourMs : waitSeconds * 1000));
    if (await pauseSweep(sql, accountId, { since, until, reason })) {
      const about = { accountId: String(accountId), reason };
      log(isKeyRefused ? "error" : "warn", "Stripe could not be asked for undelivered events", about);
    }
    if (isWholeAccount && !isKeyRefused) await pauseAccount(sql, accountId, waitSeconds, reason);
  }

  function warnOfGap(accountId: bigint, ms: number): void {
    const days = Math.floor(ms / (24 * hourMs));
    if (days < eventsKeptDays) return;
    log("error", "events are older than Stripe keeps them; compare with its list of payments", {
      accountId: String(accountId),
      days,
    });
  }

  return {
    async once(which) {
      const at = now();
      const aMinuteBefore = new Date(at.getTime() - polledEveryMs);
      const needs = which === "all" ? await listSweeps(sql) : await listDueSweeps(sql, aMinuteBefore, at);
      let found = 0;
      for (const need of needs) found += await sweep(need, which);
      return found;
    },
  };
}

/** Nothing that Stripe posts can be checked without a secret, so nothing is waited for. */
function hasNoEndpoint({ webhookSecrets }: Account): boolean {
  return webhookSecrets.length === 0;
}

/** What happened between the last look and the making of an endpoint was never to be delivered to it. */
function isNewEndpoint({ sweptTo, secretSince }: SweepNeed): boolean {
  return sweptTo !== null && secretSince !== null && sweptTo < secretSince;
}

function isDue(need: SweepNeed, account: Account, at: Date): boolean {
  if (hasNoEndpoint(account) || isNewEndpoint(need) || need.sweptTo === null) return true;
  return at.getTime() - need.sweptTo.getTime() >= hourMs;
}

/** An event as a delivery; none for a type that nobody listens to, of which the list may be full. */
function readDelivery(text: string, accountId: bigint, mode: UndeliveredDeps["mode"]): Delivery[] {
  const event = readEnvelope(JSON.parse(text));
  if (event === null) return [];
  const delivery = asDelivery(event, text, { accountId, source: "sweep", mode });
  return delivery.mark === "type not listened to" ? [] : [delivery];
}
