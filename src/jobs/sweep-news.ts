import { storable } from "../core/event.ts";
import type { Fact } from "../core/fact.ts";
import type { Sql } from "../db/connect.ts";
import { createInbox, type Delivery } from "../db/inbox.ts";
import { newsOf } from "../db/sweep.ts";
import { factsOf } from "../stripe/sweep.ts";

export type NewsDeps = {
  sql: Sql;
  mode: "sandbox" | "test" | "live";
  accountId: bigint;
  /** Resolves once everything that stands in the inbox was tried to book. */
  book: () => Promise<void>;
};

/** What Stripe lists, compared with what is booked. */
export type News = {
  /**
   * Puts those objects of a page into the inbox of which something is not known yet. `startedAt` is the database's clock
   * before Stripe was asked. @throws when the database is away
   */
  take: (list: string, startedAt: string, objects: object[]) => Promise<void>;
  /** Has all of it booked. @returns the ids of what is still not booked as it was listed */
  settle: () => Promise<string[]>;
  /** How many objects brought something new so far. */
  found: () => number;
};

/** So many facts are booked before more is asked for: the inbox does not fill up, and little is held in memory. */
const unsettledMax = 2_000;
const comparedAtOnce = 500;

export function collectNews({ sql, mode, accountId, book }: NewsDeps): News {
  const inbox = createInbox({ sql, flush: "grouped" });
  let found = 0;
  let stored = 0;
  let unsettled: Fact[] = [];
  let left: string[] = [];

  /** An object by itself, so that one that cannot be booked holds up no other; in the same state it is kept once a day. */
  async function store(list: string, startedAt: string, object: object): Promise<void> {
    const content = JSON.stringify(object);
    const delivery: Delivery = {
      accountId,
      source: "sweep",
      eventId: `sweep:${startedAt.slice(0, 10)}:${await digest(content)}`,
      livemode: mode === "live",
      type: `sweep.${list}`,
      apiVersion: null,
      stripeAccount: null,
      objectId: storable(idOf(object)).slice(0, 255),
      created: startedAt,
      mark: null,
      body: `{"object":"sweep","list":"${list}","started_at":"${startedAt}","data":[${content}]}`,
    };
    await inbox.store(delivery);
    stored += 1;
  }

  async function compare(): Promise<void> {
    const facts = unsettled;
    unsettled = [];
    if (stored > 0) await book();
    stored = 0;
    for (let start = 0; start < facts.length; start += comparedAtOnce) {
      const some = facts.slice(start, start + comparedAtOnce);
      const places = await newsOf(sql, some);
      left.push(...some.filter((_, place) => places.has(place)).map(({ id }) => id));
    }
  }

  return {
    async take(list, startedAt, objects) {
      const read = objects.map((object) => ({ object, facts: factsOf(object, accountId, startedAt) }));
      const all = read.flatMap(({ facts }) => facts ?? []);
      const places = await newsOf(sql, all);
      const told = new Set(all.filter((_, place) => places.has(place)));
      const news: object[] = [];
      for (const { object, facts } of read) {
        // What cannot be read becomes a dead letter, which a person sees.
        if (facts === null) left.push(idOf(object));
        if (facts === null) news.push(object);
        else if (facts.some((fact) => told.has(fact))) news.push(withoutKnown(object, facts, told));
      }
      unsettled.push(...told);
      await Promise.all(news.map(async (object) => await store(list, startedAt, object)));
      // A balance is read, not found.
      if (list !== "balance") found += news.length;
      if (unsettled.length > unsettledMax) await compare();
    },
    async settle() {
      await compare();
      const ids = [...new Set(left)];
      left = [];
      return ids;
    },
    found: () => found,
  };
}

/**
 * Of a charge or a subscription, the customer whom Stripe put into it only by name where all of that is known: else each gift
 * of somebody's monthly plan would have all earlier ones derived anew.
 */
function withoutKnown(object: object, facts: Fact[], told: Set<Fact>): object {
  const isTold = facts.some((fact) => fact.kind === "customer" && told.has(fact));
  const customer: unknown = "customer" in object ? object.customer : null;
  return isTold || typeof customer !== "object" || customer === null ? object : { ...object, customer: idOf(customer) };
}

async function digest(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The balance has no id. */
export function idOf(object: object | undefined): string {
  return object !== undefined && "id" in object && typeof object.id === "string" ? object.id : "none";
}
