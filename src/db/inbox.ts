import { type Envelope, type Mark, markOf } from "../core/event.ts";
import type { Sql } from "./connect.ts";
import { failureKind } from "./failure.ts";

/** One event on its way into the inbox. All text but the body is fit for the database already (`storable`). */
export type Delivery = {
  accountId: bigint;
  source: "webhook" | "fetch" | "sweep";
  eventId: string;
  livemode: boolean;
  type: string;
  apiVersion: string | null;
  /** The event's own account or context. */
  stripeAccount: string | null;
  objectId: string | null;
  /** ISO 8601. */
  created: string | null;
  /** Why it is not to be read; the database adds "other account", which only it can tell. */
  mark: Mark | null;
  /** Word for word what was signed. */
  body: string;
};

/** An event as it goes into the inbox, word for word. */
export function asDelivery(
  event: Envelope,
  body: string,
  { accountId, source, mode }: { accountId: bigint; source: "webhook" | "sweep"; mode: "sandbox" | "test" | "live" },
): Delivery {
  const { id: eventId, type, livemode, created, apiVersion, stripeAccount, objectId } = event;
  const mark = markOf(event, mode);
  return { accountId, source, eventId, livemode, type, apiVersion, stripeAccount, objectId, created, mark, body };
}

/** What became of a delivery that is now on disk. */
export type Stored = { mark: Mark | null; isNew: boolean };

export type Inbox = {
  /**
   * Resolves once the event is committed, be it by this call or by an earlier delivery of it.
   * @throws the database's error when it could not be, InboxFull when too much waits already.
   */
  store(delivery: Delivery): Promise<Stored>;
};

/** More waits to be written than we want to hold in memory. */
class InboxFull extends Error {
  override name = "InboxFull";
}

type Waiting = { delivery: Delivery; resolve: (stored: Stored) => void; reject: (error: unknown) => void };

/** One flush takes at most this many deliveries, and no further one when it has this many characters of bodies. */
const flushMax = 500;
const flushCharactersMax = 4 * 1024 * 1024;

/** What may wait while a flush is in flight. At 5 kB each, this is a rush of more than ten thousand deliveries. */
const waitingCharactersMax = 64 * 1024 * 1024;

/**
 * The way into the inbox. "grouped" commits whatever came while the last flush was in flight with one statement and so
 * one fsync, one flush at a time; "single" writes each delivery at once, for runtimes where requests share nothing.
 */
export function createInbox({ sql, flush }: { sql: Sql; flush: "grouped" | "single" }): Inbox {
  return flush === "single" ? { store: async (delivery) => await storeOne(sql, delivery) } : createGroupedInbox(sql);
}

function createGroupedInbox(sql: Sql): Inbox {
  const waiting: Waiting[] = [];
  let waitingCharacters = 0;
  let isFlushing = false;

  function take(): Waiting[] {
    let characters = 0;
    let count = 0;
    while (count < Math.min(waiting.length, flushMax) && characters < flushCharactersMax) {
      characters += waiting[count]?.delivery.body.length ?? 0;
      count += 1;
    }
    waitingCharacters -= characters;
    return waiting.splice(0, count);
  }

  async function flushAll(): Promise<void> {
    isFlushing = true;
    while (waiting.length > 0) await flushBatch(sql, take());
    isFlushing = false;
  }

  return {
    async store(delivery) {
      if (waitingCharacters > waitingCharactersMax) throw new InboxFull("too many deliveries wait for the database");
      waitingCharacters += delivery.body.length;
      return await new Promise<Stored>((resolve, reject) => {
        waiting.push({ delivery, resolve, reject });
        if (!isFlushing) void flushAll();
      });
    },
  };
}

/** Settles every delivery of the batch; never throws. */
async function flushBatch(sql: Sql, batch: Waiting[]): Promise<void> {
  const groups = [...Map.groupBy(batch, ({ delivery }) => keyOf(delivery)).entries()].sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  const first = groups.flatMap(([, group]) => group.slice(0, 1));
  try {
    const rows = await storeEvents(
      sql,
      first.map(({ delivery }) => delivery),
    );
    for (const [place, [, group]] of groups.entries()) settle(group, rows[place]);
  } catch (error) {
    // While the database is away nobody is to blame, and asking once more for each would only keep all of them waiting.
    if (batch.length === 1 || failureKind(error) === "away") return batch.forEach(({ reject }) => reject(error));
    for (const [, group] of groups) await flushAlone(sql, group);
  }
}

async function flushAlone(sql: Sql, group: Waiting[]): Promise<void> {
  const [one] = group;
  if (one === undefined) return;
  try {
    settle(group, await storeOne(sql, one.delivery));
  } catch (error) {
    for (const { reject } of group) reject(error);
  }
}

/** Of several deliveries of one event in a batch, only the first is the new one. */
function settle(group: Waiting[], stored: Stored | undefined): void {
  for (const [place, { resolve, reject }] of group.entries()) {
    if (stored === undefined) reject(new Error("store_events left a delivery out"));
    else resolve({ mark: stored.mark, isNew: stored.isNew && place === 0 });
  }
}

function keyOf({ accountId, livemode, eventId }: Delivery): string {
  return `${accountId} ${livemode} ${eventId}`;
}

async function storeOne(sql: Sql, delivery: Delivery): Promise<Stored> {
  const [stored] = await storeEvents(sql, [delivery]);
  if (stored === undefined) throw new Error("store_events left a delivery out");
  return stored;
}

/** Stores deliveries of different events; the answers come in the same order. */
async function storeEvents(sql: Sql, deliveries: Delivery[]): Promise<Stored[]> {
  const batch = deliveries.map((delivery, place) => ({
    place,
    account_id: String(delivery.accountId),
    event_id: delivery.eventId,
    livemode: delivery.livemode,
    source: delivery.source,
    type: delivery.type,
    api_version: delivery.apiVersion,
    stripe_account: delivery.stripeAccount,
    object_id: delivery.objectId,
    created: delivery.created,
    mark: delivery.mark,
    body: delivery.body,
  }));
  const rows = await sql<{ place: bigint; mark: Mark | null; isNew: boolean }[]>`
    select place, mark, is_new as "isNew" from store_events(${sql.json(batch)})`;
  return rows.toSorted((a, b) => Number(a.place - b.place));
}

/** A delivery that is to lose what it says of persons. */
export type OldDelivery = { inboxId: bigint; body: string };

/** Deliveries older than so many days that are still word for word, waiting ones too; none when all were looked at today. */
export async function listOldDeliveries(sql: Sql, keepDays: number, limit: number): Promise<OldDelivery[]> {
  return await sql<OldDelivery[]>`select inbox_id as "inboxId", body from old_deliveries(${keepDays}, ${limit})`;
}

/** Keeps these bodies in place of the ones that were signed, but where one waits to be read. @returns how many it was done to */
export async function emptyDeliveries(sql: Sql, deliveries: OldDelivery[]): Promise<number> {
  const bodies = deliveries.map(({ inboxId, body }) => ({ inbox_id: String(inboxId), body }));
  const [row] = await sql<{ emptied: number }[]>`select empty_deliveries(${sql.json(bodies)})::int as emptied`;
  return row?.emptied ?? 0;
}
