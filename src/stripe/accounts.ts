import type Stripe from "stripe";
import type { Account } from "./account.ts";
import { stripeClient } from "./client.ts";

/** An account as the database knows it; where `keysStamp` is another text than before, its keys have changed. */
type AccountRow = { id: bigint; slug: string; stripeAccountId: string | null; keysStamp?: string };

/** What speaks for an account: its SDK client, null without a key, and what its deliveries may be signed with. */
export type AccountKeys = { stripe: Stripe | null; webhookSecrets: string[] };

type Needs = {
  /** All accounts, the first one first. */
  list: () => Promise<AccountRow[]>;
  /** Asked again only when the account's keys have changed. */
  keysOf: (slug: string, isFirst: boolean) => Promise<AccountKeys>;
  now: () => Date;
};

export type Accounts = {
  /** The account of this slug, the first one for null, or null when there is none. */
  find: (slug: string | null) => Promise<Account | null>;
  /** The account of this number if we have a key for it. */
  byId: (id: bigint) => Promise<Account | null>;
};

type Known = { account: Account; hasKey: boolean };

/** How long the accounts are kept in memory: the door asks for one with every delivery. */
const keptMs = 5_000;
/** How often an unknown name may have the database asked again. */
const missedMs = 250;

/**
 * The accounts of the database with their keys, kept in memory for a few seconds, so that one added by a set-up file, or
 * a key pasted at the desk, is found without a restart. While the database is away, those last seen stand.
 */
export function createAccounts({ list, keysOf, now }: Needs): Accounts {
  const keys = new Map<string, { of: string; asked: Promise<AccountKeys> }>();
  let known: Known[] = [];
  let readAt = -Infinity;
  let reading: Promise<void> | null = null;

  async function withKeys({ id, slug, stripeAccountId, keysStamp = "" }: AccountRow, isFirst: boolean): Promise<Known> {
    // The first account may be another one after a set-up file; settings without a name are those of whoever is first.
    const of = `${isFirst} ${keysStamp}`;
    const held = keys.get(slug);
    const asked = held?.of === of ? held.asked : keysOf(slug, isFirst);
    keys.set(slug, { of, asked });
    asked.catch(() => keys.delete(slug));
    const { stripe, webhookSecrets } = await asked;
    const account = { id, slug, stripeAccountId, webhookSecrets, stripe: stripe ?? keyless };
    return { account, hasKey: stripe !== null };
  }

  async function read(): Promise<void> {
    const rows = await list();
    known = await Promise.all(rows.map(async (row, index) => await withKeys(row, index === 0)));
    readAt = now().getTime();
  }

  async function fresh(olderThanMs: number): Promise<void> {
    if (now().getTime() - readAt < olderThanMs) return;
    reading ??= read().finally(() => (reading = null));
    try {
      await reading;
    } catch (error) {
      if (known.length === 0) throw error;
    }
  }

  async function pick(isIt: (account: Account, index: number) => boolean): Promise<Known | null> {
    const search = (): Known | undefined => known.find(({ account }, index) => isIt(account, index));
    await fresh(keptMs);
    if (search() === undefined) await fresh(missedMs);
    return search() ?? null;
  }

  return {
    find: async (slug) =>
      (await pick((account, index) => (slug === null ? index === 0 : account.slug === slug)))?.account ?? null,
    async byId(id) {
      const found = await pick((account) => account.id === id);
      return found?.hasKey === true ? found.account : null;
    },
  };
}

/** Speaks for accounts without a key: it never reaches Stripe, and says so as a connection that failed. */
const keyless = stripeClient({
  key: "sk_none",
  fetch: async () => await Promise.reject(new TypeError("no key is set for this account")),
});
