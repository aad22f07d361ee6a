import { addMoney, collectListed, type ForeignPlans, type MoneyLine, type SortedLine } from "../core/backfill.ts";
import { countSorting, sumMoney } from "../db/backfill.ts";
import type { Sql } from "../db/connect.ts";
import { readNow } from "../db/sweep.ts";
import type { Account } from "../stripe/account.ts";
import { eachPage, factsOf, type SweptList, sweptLists, type Window } from "../stripe/sweep.ts";
import { partsBetween } from "./backfill.ts";
import { idOf } from "./sweep-news.ts";
import type { NotListed } from "./sweep-part.ts";

export type CountDeps = {
  sql: Sql;
  account: Pick<Account, "id" | "stripe">;
  /** Called after each part of the history. */
  onPart?: (progress: { to: Date; part: number; parts: number }) => void;
  signal?: AbortSignal;
};

/** What a back-fill would bring, by year of the organisation and currency. */
export type BackfillCount = {
  money: MoneyLine[];
  sorted: SortedLine[];
  foreign: ForeignPlans;
  /** Ids of objects that cannot be read and would become dead letters. */
  unreadable: string[];
};

/**
 * Counts what Stripe lists of an account's history, and stores nothing of it.
 * @returns why Stripe could not be asked, and for what, if it could not
 * @throws when aborted, or the database is away
 */
export async function countBackfill(deps: CountDeps, from: Date, to: Date): Promise<BackfillCount | NotListed> {
  const { sql, account, onPart, signal } = deps;
  const startedAt = await readNow(sql);
  const listed = collectListed();
  const money: MoneyLine[] = [];
  const unreadable: string[] = [];

  async function list(name: SweptList, window: Window): Promise<NotListed | null> {
    const failure = await eachPage(account.stripe, name, window, async (objects) => {
      signal?.throwIfAborted();
      const read = objects.map((object) => ({ object, facts: factsOf(object, account.id, startedAt) }));
      for (const { object, facts } of read)
        if (facts === null) unreadable.push(idOf(object));
        else listed.take(facts);
      const moved = read.flatMap(({ facts }) => facts?.[0] ?? []);
      if (name === "balance_transactions") money.push(...(await sumMoney(sql, account.id, moved)));
    });
    return failure === null ? null : { ...failure, list: name };
  }

  // A plan may be older than all that is looked through, and its payments not.
  const failure = await list("subscriptions", null);
  if (failure !== null) return failure;
  const parts = partsBetween(from, to);
  for (const [place, part] of parts.entries()) {
    for (const name of sweptLists) {
      const failed = name === "subscriptions" ? null : await list(name, part);
      if (failed !== null) return failed;
    }
    onPart?.({ to: part.to, part: place + 1, parts: parts.length });
  }
  const sorted = await countSorting(sql, account.id, listed.payments());
  return { money: addMoney(money), sorted, foreign: listed.foreignPlans(), unreadable };
}
