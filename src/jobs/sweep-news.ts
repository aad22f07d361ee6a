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
  let unsettled: Fact[] = [];
  let left: string[] = [];

  function delivery(list: string, startedAt: string, name: string, data: object[]): Delivery {
    return {
      accountId,
      source: "sweep",
      eventId: `sweep:${list}:${name}`.slice(0, 255),
      livemode: mode === "live",
      type: `sweep.${list}`,
      apiVersion: null,
      stripeAccount: null,
      objectId: data.length === 1 ? idOf(data[0]) : null,
      created: startedAt,
      mark: null,
      body: JSON.stringify({ object: "sweep", list, started_at: startedAt, data }),
    };
  }

  async function compare(): Promise<void> {
    const facts = unsettled;
    unsettled = [];
    if (facts.length === 0) return;
    await book();
    for (let start = 0; start < facts.length; start += comparedAtOnce) {
      const some = facts.slice(start, start + comparedAtOnce);
      const places = await newsOf(sql, some);
      left.push(...some.filter((_, place) => places.has(place)).map(({ id }) => id));
    }
  }

  return {
    async take(list, startedAt, objects) {
      const read = objects.map((object) => ({ object, facts: factsOf(object, accountId, startedAt) }));
      const facts = read.flatMap((each, at) => (each.facts ?? []).map((fact) => ({ fact, at })));
      const places = await newsOf(
        sql,
        facts.map(({ fact }) => fact),
      );
      const told = facts.filter((_, place) => places.has(place));
      const withNews = new Set(told.map(({ at }) => at));
      const news = objects.filter((_, at) => withNews.has(at));
      if (news.length > 0) await inbox.store(delivery(list, startedAt, `${startedAt}:${idOf(news[0])}`, news));
      // What cannot be read becomes a dead letter, one however often it is listed.
      for (const { object } of read.filter((each) => each.facts === null)) {
        await inbox.store(delivery(list, startedAt, `unread:${idOf(object)}`, [object]));
        left.push(idOf(object));
      }
      found += news.length;
      unsettled.push(...told.map(({ fact }) => fact));
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

/** The balance has no id. */
export function idOf(object: object | undefined): string {
  return object !== undefined && "id" in object && typeof object.id === "string" ? object.id : "none";
}
