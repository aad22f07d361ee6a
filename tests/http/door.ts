import Stripe from "stripe";
import type { Hono } from "hono";
import type { Sql } from "../../src/db/connect.ts";
import { webhookRoutes, type WebhookDeps } from "../../src/http/webhook.ts";
import type { Account } from "../../src/stripe/account.ts";
import { openTestDatabase } from "../database.ts";
import { signed } from "../stripe-event.ts";

export const secret = "whsec_current0123456789";
export const olderSecret = "whsec_older0123456789";
export const now = new Date("2026-11-21T12:00:00Z");

export const secondsLater = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);

type How = { at?: Date; by?: string; path?: string };
type Kept = { mark: string | null; hasTicket: boolean; body: string };

/** The door of an account `alov` (`acct_alov`, two secrets, mode test) on a database of its own. */
export type TestDoor = {
  sql: Sql;
  account: Account;
  /** What the door warned of, and how often it told the drain. */
  seen: { warnings: string[]; nudges: number };
  /** The door with other settings. */
  door: (overrides?: Partial<WebhookDeps>) => Hono;
  /** Signs and posts an event; returns the status. */
  deliver: (event: unknown, how?: How, app?: Hono) => Promise<number>;
  /** How many rows the inbox has. */
  rows: () => Promise<number>;
  kept: (eventId: string) => Promise<Kept[]>;
  close: () => Promise<void>;
};

export async function openDoor(): Promise<TestDoor> {
  const { sql, close } = await openTestDatabase();
  const [row] = await sql<{ id: bigint }[]>`
    insert into account (slug, stripe_account_id) values ('alov', 'acct_alov') returning id`;
  const account: Account = {
    id: row?.id ?? 0n,
    slug: "alov",
    stripeAccountId: "acct_alov",
    webhookSecrets: [secret, olderSecret],
    stripe: new Stripe("sk_test_never_used"),
  };
  const seen: TestDoor["seen"] = { warnings: [], nudges: 0 };
  const door = (overrides: Partial<WebhookDeps> = {}): Hono =>
    webhookRoutes({
      sql,
      findAccount: async (slug) => (slug === null || slug === account.slug ? account : null),
      mode: "test",
      now: () => now,
      log: (level, message) => level !== "info" && seen.warnings.push(message),
      onStored: () => (seen.nudges += 1),
      ...overrides,
    });
  const usual = door();
  return {
    sql,
    account,
    seen,
    door,
    close,
    deliver: async (event, { at = now, by = secret, path = "/webhooks/stripe" } = {}, app = usual) =>
      (await app.request(path, await signed(event, by, at))).status,
    rows: async () => (await sql<{ n: number }[]>`select count(*)::int as n from inbox`)[0]?.n ?? -1,
    kept: async (eventId) =>
      await sql<Kept[]>`
      select i.mark, i.body, t.inbox_id is not null as "hasTicket"
      from inbox i left join ticket t on t.inbox_id = i.id where i.event_id = ${eventId}`,
  };
}
