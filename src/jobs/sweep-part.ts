import type { Sql } from "../db/connect.ts";
import { findUnlisted, readNow } from "../db/sweep.ts";
import type { Account } from "../stripe/account.ts";
import type { Away } from "../stripe/fetch.ts";
import { eachPage, type SweptList, sweptLists, type Window } from "../stripe/sweep.ts";
import { idOf, type News } from "./sweep-news.ts";

/** A part of an account's history; `closesAt` is up to where it counts as compared. */
export type Part = { from: Date; to: Date | null; closesAt: Date };

export type PartDeps = {
  sql: Sql;
  account: Pick<Account, "id" | "stripe">;
  news: News;
  /** Ends it between two pages; what was read stays in the inbox. */
  signal?: AbortSignal | undefined;
};

/** Why Stripe could not be asked, and for which of its lists. */
export type NotListed = Away & { list: SweptList };

/** Reads parts of one account's history at Stripe and compares them with what is booked. */
export type PartSweep = {
  /** Reads one list, whole or of a window, and notes the ids of it. @throws when aborted, or the database is away */
  list: (name: SweptList, window: Window, listed?: Set<string>) => Promise<NotListed | null>;
  /** @returns the ids of what differs after all of it was booked, or why Stripe could not be asked */
  sweep: (part: Part) => Promise<string[] | NotListed>;
};

const dayMs = 24 * 60 * 60 * 1000;
/** A part is at most so long: its balance transactions are held in memory until it is compared. */
export const partDays = 35;

export function createPartSweep({ sql, account, news, signal }: PartDeps): PartSweep {
  const list: PartSweep["list"] = async (name, window, listed) => {
    const startedAt = await readNow(sql);
    const failure = await eachPage(account.stripe, name, window, async (objects) => {
      signal?.throwIfAborted();
      for (const object of objects) listed?.add(idOf(object));
      await news.take(name, startedAt, objects);
    });
    return failure === null ? null : { ...failure, list: name };
  };

  return {
    list,
    async sweep(part) {
      const listed = new Set<string>();
      for (const name of sweptLists) {
        const failure = await list(name, part, name === "balance_transactions" ? listed : undefined);
        if (failure !== null) return failure;
      }
      const unbooked = await news.settle();
      const unlisted = await findUnlisted(sql, account.id, { from: part.from, to: part.closesAt, listed });
      return [...unbooked, ...unlisted];
    },
  };
}

/** The whole parts from `from` on that end by `to`, the oldest first. */
export function wholeParts(from: Date, to: Date): (Part & { to: Date })[] {
  const parts: (Part & { to: Date })[] = [];
  for (let begin = from; ; begin = parts.at(-1)?.to ?? to) {
    const end = new Date(begin.getTime() + partDays * dayMs);
    if (end.getTime() > to.getTime()) return parts;
    parts.push({ from: begin, to: end, closesAt: end });
  }
}

/** The moment without its fraction of a second, which Stripe does not know. */
export function wholeSecond(moment: Date): Date {
  return new Date(Math.floor(moment.getTime() / 1000) * 1000);
}
