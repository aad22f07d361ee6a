import { randomUUID } from "node:crypto";
import type { Hono } from "hono";
import type Stripe from "stripe";
import type { Env } from "../../src/http/deps.ts";
import { createApp } from "../../src/app.ts";
import type { Log } from "../../src/core/log.ts";
import { readSetup } from "../../src/core/read-setup.ts";
import { listAccounts } from "../../src/db/account.ts";
import type { Sql } from "../../src/db/connect.ts";
import { openLive } from "../../src/db/live.ts";
import { applySetup, readKnownNames } from "../../src/db/setup.ts";
import { createDrain } from "../../src/jobs/drain.ts";
import { createFetchJob } from "../../src/jobs/fetch.ts";
import { createAccounts } from "../../src/stripe/accounts.ts";
import { stripeClient } from "../../src/stripe/client.ts";
import type { Card } from "../../src/stripe/sandbox/card.ts";
import { memoryStore } from "../../src/stripe/sandbox/memory-store.ts";
import { createSandbox, type Sandbox } from "../../src/stripe/sandbox/sandbox.ts";
import { keyRoom } from "../key-room.ts";
import { openTestDatabase } from "../database.ts";
import { signIn, testAuth, type SignedIn } from "../staff.ts";
import { charity } from "./charity.ts";

const log: Log = () => undefined;
const baseUrl = "http://localhost:8787";
const randomId = (): string => randomUUID().replaceAll("-", "").slice(0, 24);

/** A delivery on its way from Stripe, with the signature that belongs to it. */
export type Mail = { account: string; type: string; body: string; signature: string };

/** Stripe's side, with its own clock; what it would deliver is kept until a test delivers it. */
export type StripeSide = {
  sandbox: Sandbox;
  mail: Mail[];
  /** Sets the clock of Stripe's side. */
  setClock: (moment: string) => void;
  /** Time passes until every balance transaction has come. */
  settle: () => Promise<void>;
};

export function openStripe(): StripeSide {
  let clock = new Date("2021-03-10T15:00:00Z");
  const mail: Mail[] = [];
  const sandbox = createSandbox({
    store: memoryStore(),
    now: () => clock,
    wallClock: () => new Date(),
    random: randomId,
    baseUrl,
    findAccount: async (slug) => ({ name: slug }),
    deliver: async (account, body, signature) => {
      mail.push({ account, type: (JSON.parse(body) as { type: string }).type, body, signature });
      return 200;
    },
    log,
  });
  return {
    sandbox,
    mail,
    setClock: (moment) => (clock = new Date(moment)),
    settle: async () => {
      clock = new Date(clock.getTime() + 60_000);
      await sandbox.tick();
      await sandbox.idle();
    },
  };
}

export type House = StripeSide & {
  sql: Sql;
  /** An admin for all organisations, signed in; `text` and `totals` ask as this person. */
  admin: SignedIn;
  /** A pool of the owner, for what the service may not do. */
  ownerUrl: string;
  app: Hono<Env>;
  /** Posts a delivery to the door; answers the status. */
  deliver: (mail: Mail) => Promise<number>;
  /** Everything that Stripe has sent so far goes in at the door, once each, and is booked. */
  receive: () => Promise<void>;
  /** Books what stands in the inbox, and what has to be asked of Stripe for it. */
  book: () => Promise<void>;
  /** Books, asks Stripe for what is due, and leaves the answers in the inbox. */
  ask: () => Promise<void>;
  /** Sends the give form or shop form; answers the session that a person would be led to, or the page of a refusal. */
  submit: (
    path: string,
    fields: Record<string, string>,
  ) => Promise<{ session: string | null; status: number; text: string }>;
  /** The form sent, the card paid. Answers the session's id. */
  payFor: (path: string, fields: Record<string, string>, card?: Card) => Promise<string>;
  /** Refunds the payment of a session, wholly or in part. */
  refund: (account: string, session: string, amountMinor?: number) => Promise<void>;
  /** The SDK client of an account. */
  stripe: (account: string) => Promise<Stripe>;
  text: (path: string) => Promise<string>;
  totals: () => Promise<PublicTotals>;
  fund: (slug: string) => Promise<PublicTotal>;
  campaign: (slug: string) => Promise<Record<string, unknown>>;
  close: () => Promise<void>;
};

export type PublicTotal = {
  slug?: string;
  givenMinor: number;
  returnedMinor: number;
  raisedMinor: number;
  gifts: number;
  donors: number;
  unnamedGifts: number;
  supporters: number;
  feesMinor: number | null;
};
export type PublicTotals = { funds: PublicTotal[]; unassigned: PublicTotal; all: PublicTotal };

/** How a house asks Stripe, and what its clock says. */
type Ways = { fetch?: typeof globalThis.fetch; now?: () => Date };

/** The whole house on a database of its own, with a charity set up, beside `side` of Stripe. */
export async function openHouse(side: StripeSide = openStripe(), ways: Ways = {}): Promise<House> {
  const { fetch = side.sandbox.fetch, now = () => new Date() } = ways;
  const database = await openTestDatabase();
  const { sql } = database;
  const { sandbox, mail } = side;
  const read = readSetup(charity, await readKnownNames(sql));
  if (!read.ok) throw new Error(read.problems.join("\n"));
  await applySetup(sql, read.setup);
  const accounts = createAccounts({
    list: async () => await listAccounts(sql),
    now,
    keysOf: async (slug) => ({
      stripe: stripeClient({ key: sandbox.key(slug), fetch }),
      webhookSecrets: [await sandbox.webhookSecret(slug)],
    }),
  });
  const drain = createDrain({ sql, owner: randomUUID(), mode: "sandbox", log, now });
  const fetches = createFetchJob({ sql, owner: randomUUID(), mode: "sandbox", accountById: accounts.byId, log });
  const live = await openLive(sql, log);
  const auth = testAuth(database.url, baseUrl);
  const admin = await signIn(sql, "admin");
  const app = createApp({
    sql,
    mode: "sandbox",
    baseUrl,
    host: "127.0.0.1",
    auth,
    proxies: 0,
    demoStaff: [],
    findAccount: accounts.find,
    live,
    keys: await keyRoom(sandbox),
    goLive: null,
    hasOwnDatabase: true,
    now,
    random: randomId,
    log,
    ready: [],
    assets: { style: "/style.css", script: "/main.js", serve: null },
    sandbox: sandbox.app,
  });

  const stripeOf = async (slug: string): Promise<Stripe> => {
    const account = await accounts.find(slug);
    if (account === null) throw new Error(`there is no account ${slug}`);
    return account.stripe;
  };
  const deliver = async ({ account, body, signature }: Mail): Promise<number> => {
    const headers = { "stripe-signature": signature };
    return (await app.request(`/webhooks/stripe/${account}`, { method: "POST", body, headers })).status;
  };
  const book = async (): Promise<void> => {
    do await drain.idle();
    while ((await fetches.once()) > 0);
    await drain.idle();
  };
  const get = async (path: string): Promise<Response> =>
    await app.request(`${baseUrl}${path}`, { headers: { host: "localhost:8787", ...admin.headers } });
  const json = async <Shape>(path: string): Promise<Shape> => (await (await get(path)).json()) as Shape;
  const submit: House["submit"] = async (path, fields) => {
    const answer = await app.request(`${baseUrl}${path}`, {
      method: "POST",
      body: new URLSearchParams(fields),
      headers: { origin: baseUrl, host: "localhost:8787" },
    });
    const session = /\/sandbox\/pay\/(cs_[A-Za-z0-9_]+)/u.exec(answer.headers.get("location") ?? "")?.[1] ?? null;
    return { session, status: answer.status, text: await answer.text() };
  };

  return {
    ...side,
    sql,
    admin,
    ownerUrl: database.ownerUrl,
    app,
    deliver,
    book,
    async ask() {
      await drain.idle();
      await fetches.once();
    },
    submit,
    async receive() {
      await sandbox.idle();
      for (const one of mail.splice(0)) await deliver(one);
      await book();
    },
    async payFor(path, fields, card = "domestic") {
      const { session, text } = await submit(path, fields);
      if (session === null) throw new Error(`no Checkout: ${text.slice(0, 400)}`);
      const account = path.includes("youth") ? "second" : "first";
      await sandbox.pay(account, session, {
        email: fields["email"] ?? "leyla@example.org",
        name: fields["name"] ?? "Leyla Mammadova",
        card,
      });
      return session;
    },
    async refund(account, sessionId, amountMinor) {
      const stripe = await stripeOf(account);
      const { payment_intent: intent } = await stripe.checkout.sessions.retrieve(sessionId);
      if (typeof intent !== "string") throw new Error("nothing was paid");
      await stripe.refunds.create({
        payment_intent: intent,
        ...(amountMinor === undefined ? {} : { amount: amountMinor }),
      });
    },
    stripe: stripeOf,
    text: async (path) => await (await get(path)).text(),
    totals: async () => await json<PublicTotals>("/api/totals"),
    async fund(slug) {
      const found = (await json<PublicTotals>("/api/totals")).funds.find((fund) => fund.slug === slug);
      if (found === undefined) throw new Error(`there is no fund ${slug}`);
      return found;
    },
    campaign: async (slug) => await json<Record<string, unknown>>(`/api/campaigns/${slug}`),
    async close() {
      live.stop();
      await auth.close();
      await database.close();
    },
  };
}
