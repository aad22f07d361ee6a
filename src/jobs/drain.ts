import type { Fact } from "../core/fact.ts";
import type { Log } from "../core/log.ts";
import type { Sql } from "../db/connect.ts";
import { drainBatch, hasDirtyPayments } from "../db/drain.ts";
import { failureCode, failureKind, failureText } from "../db/failure.ts";
import { buryTicket, claimTickets, markEvents, postponeTicket, renewTickets, type Ticket } from "../db/ticket.ts";
import { TranslateError } from "../stripe/field.ts";
import { translateBody, type Translation } from "../stripe/translate.ts";
import { createBell, pause } from "./bell.ts";

export type DrainDeps = {
  sql: Sql;
  /** A fresh uuid: the name under which this drain leases tickets. */
  owner: string;
  mode: "sandbox" | "test" | "live";
  log: Log;
  now: () => Date;
  /** Tickets booked with one call at most, 500 if not said. */
  batchMax?: number;
  /** Called after something was booked, when Stripe may have to be asked for more. */
  onBooked?: () => void;
};

/** Books what stands in the inbox. Any number may run at once on one database. */
export type Drain = {
  /** Books one batch; returns how many deliveries or other parts it took, 0 when nothing is due. @throws when the database is away. */
  once(): Promise<number>;
  /** Books whatever comes until `signal` is aborted, then ends after the batch at hand. Never throws. */
  loop(signal: AbortSignal): Promise<void>;
  /** Says that something was stored just now. */
  nudge(): void;
  /** Resolves when nothing is left that is due; works through it itself unless the loop runs. */
  idle(): Promise<void>;
};

/**
 * The door comes first, and small batches cost several times the work a row: while deliveries keep coming, this long is
 * waited before each batch.
 */
const gatherMs = 250;
/** Deliveries have stopped coming when none came for this long. */
const quietMs = 15;

/** How often tickets that were put off, or stored by another process, are looked for. */
const pollMs = 1_000;

const renewAfterMs = 10_000;
const lostRacesMax = 5;

type Read = { ticket: Ticket; facts: Fact[] };

/** A drain; it does nothing until one of its functions is called. */
export function createDrain({ sql, owner, mode, log, now, batchMax = 500, onBooked }: DrainDeps): Drain {
  const bell = createBell();
  let nudges = 0;
  let isLooping = false;
  let turn: Promise<unknown> = Promise.resolve();
  let waitingForIdle: (() => void)[] = [];
  let leasedAt = 0;

  async function claimAndBook(): Promise<number> {
    nudges = 0;
    leasedAt = now().getTime();
    const tickets = await claimTickets(sql, owner, batchMax);
    if (tickets.length === 0) return await deriveAnew();
    await bookAll(await readAll(tickets));
    onBooked?.();
    return tickets.length;
  }

  /** A part of what waits to be derived anew; a new rule or zone leaves more than one. */
  async function deriveAnew(): Promise<number> {
    if (!(await hasDirtyPayments(sql))) return 0;
    await drainBatch(sql, { mode, tickets: [], facts: [] });
    return 1;
  }

  /** Translates the tickets; one that cannot be read is buried at once, since it never will be. */
  async function readAll(tickets: Ticket[]): Promise<Read[]> {
    const read: Read[] = [];
    const marked = new Map<NonNullable<Translation["mark"]>, bigint[]>();
    for (const ticket of tickets) {
      const { inboxId } = ticket;
      try {
        const { facts, mark } = translateBody(ticket.body, ticket.source, String(ticket.accountId));
        read.push({ ticket, facts });
        if (mark !== null) marked.set(mark, [...(marked.get(mark) ?? []), inboxId]);
      } catch (error) {
        if (!(error instanceof TranslateError)) throw error;
        await buryTicket(sql, owner, inboxId, error.message);
        log("error", "an event cannot be read and is a dead letter", {
          inboxId: String(inboxId),
          reason: error.message,
        });
      }
    }
    for (const [mark, inboxIds] of marked) await markEvents(sql, mark, inboxIds);
    return read;
  }

  /** Books a batch; one that is refused is halved until the bad ticket stands alone, so that the good ones are booked. */
  async function bookAll(batch: Read[]): Promise<void> {
    if (batch.length === 0) return;
    try {
      await bookOnce(batch);
    } catch (error) {
      const kind = failureKind(error);
      if (kind === "away" || kind === "again") throw error;
      const [first] = batch;
      if (batch.length === 1 && first !== undefined) return await putAside(first.ticket, error);
      const middle = Math.ceil(batch.length / 2);
      await bookAll(batch.slice(0, middle));
      await bookAll(batch.slice(middle));
    }
  }

  async function bookOnce(batch: Read[]): Promise<void> {
    if (now().getTime() - leasedAt > renewAfterMs) {
      leasedAt = now().getTime();
      await renewTickets(sql, owner);
    }
    const tickets = batch.map(({ ticket }) => ticket.inboxId);
    const facts = batch.flatMap((read) => read.facts);
    for (let lost = 1; ; lost += 1) {
      try {
        return await drainBatch(sql, { mode, tickets, facts });
      } catch (error) {
        if (failureKind(error) !== "again" || lost >= lostRacesMax) throw error;
      }
    }
  }

  async function putAside({ inboxId }: Ticket, error: unknown): Promise<void> {
    const isHopeless = failureKind(error) === "data";
    const isDead = isHopeless || (await postponeTicket(sql, owner, inboxId, failureText(error)));
    if (isHopeless) await buryTicket(sql, owner, inboxId, failureText(error));
    const message = isDead
      ? "an event cannot be booked and is a dead letter"
      : "an event could not be booked and is tried again later";
    log(isDead ? "error" : "warn", message, { inboxId: String(inboxId), code: failureCode(error) });
  }

  /** One batch at a time: a second claim by the same owner would be given the tickets of the first. */
  async function once(): Promise<number> {
    const mine = turn.then(claimAndBook);
    turn = mine.catch(() => undefined);
    return await mine;
  }

  /** Waits while deliveries keep coming, until it has taken long enough. */
  async function gather(signal: AbortSignal): Promise<void> {
    const since = now().getTime();
    let seen = -1;
    while (seen !== nudges && now().getTime() - since < gatherMs) {
      seen = nudges;
      await pause(quietMs, signal);
    }
  }

  /** Books one batch and then waits as long as it makes sense before the next. */
  async function bookNext(signal: AbortSignal): Promise<void> {
    try {
      const claimed = await once();
      if (claimed >= batchMax && nudges === 0) return;
      if (claimed === 0) {
        if (nudges === 0) waitingForIdle.splice(0).forEach((resolve) => resolve());
        await bell.sleep(pollMs, signal);
      }
      await gather(signal);
    } catch (error) {
      log("error", "the drain could not go on and tries again", { code: failureCode(error) });
      await pause(pollMs, signal);
    }
  }

  return {
    once,
    async loop(signal) {
      isLooping = true;
      while (!signal.aborted) await bookNext(signal);
      isLooping = false;
      waitingForIdle.splice(0).forEach((resolve) => resolve());
    },
    nudge() {
      nudges += 1;
      bell.ring();
    },
    async idle() {
      if (!isLooping) {
        while ((await once()) > 0);
        return;
      }
      await new Promise<void>((resolve) => {
        waitingForIdle.push(resolve);
        bell.ring();
      });
    },
  };
}
