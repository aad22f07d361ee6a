import { randomUUID } from "node:crypto";
import Stripe from "stripe";
import { createApp } from "../../src/app.ts";
import { readSetup } from "../../src/core/read-setup.ts";
import { listAccounts } from "../../src/db/account.ts";
import { openSql, type Sql } from "../../src/db/connect.ts";
import { applySetup, readKnownNames } from "../../src/db/setup.ts";
import { createDrain } from "../../src/jobs/drain.ts";
import { createFetchJob, type FetchJob } from "../../src/jobs/fetch.ts";
import { createUndeliveredSweep } from "../../src/jobs/undelivered.ts";
import type { Account } from "../../src/stripe/account.ts";
import { randomId } from "../../src/wiring.ts";
import { canonicalDump } from "../canonical-dump.ts";
import { empty, forgetPayments } from "../charity.ts";
import { openTestDatabase } from "../database.ts";
import { testAuth } from "../staff.ts";
import { charity } from "../flow/charity.ts";
import { keyRoom } from "../key-room.ts";
import { signed, type TestEvent } from "../stripe-event.ts";

const baseUrl = "http://localhost:8787";

/** What Stripe answers to a path, or to a path with its query: an object, an error of that status, or a whole response. */
type Answer = object | number | (() => Promise<object>);

/** The signing secret of an account's endpoint. */
export const secretOf = (account: string): string => `whsec_${account}0123456789`;

export type Fund = {
  givenMinor: number;
  returnedMinor: number;
  raisedMinor: number;
  gifts: number;
  donors: number;
  unnamedGifts: number;
  supporters: number;
};

export type Gift = {
  fund: string | null;
  day: string;
  currency: string;
  amount: bigint | null;
  returned: bigint;
  name: string | null;
  who: string | null;
  every: string | null;
};

/** The service on a database of its own with the flow tests' charity, its door, and a Stripe that answers what it is told. */
export type Books = {
  sql: Sql;
  /** By path such as `/v1/charges/ch_1`; a list that is not told is empty, an object that is not told does not exist. */
  answers: Map<string, Answer>;
  /** The paths that Stripe was asked for. */
  asked: string[];
  /** Delivers events to an account's door, signed, one after the other; answers the statuses. */
  deliver: (events: TestEvent[], account?: string) => Promise<number[]>;
  request: (path: string, init?: RequestInit) => Promise<Response>;
  /** Books what stands in the inbox, and asks Stripe for what is due now. */
  book: () => Promise<void>;
  /** Delivers and books each event by itself. */
  bring: (...events: TestEvent[]) => Promise<void>;
  /** Time passes until whatever is to be asked of Stripe is due, and is booked. */
  wait: () => Promise<void>;
  fetchJob: () => FetchJob;
  /** Asks Stripe for the first account's events that it could not deliver; answers how many were new. */
  sweep: () => Promise<number>;
  gifts: () => Promise<Gift[]>;
  states: () => Promise<string[]>;
  fund: (slug: string) => Promise<Fund>;
  returns: () => Promise<{ kind: string; day: string; amount: bigint }[]>;
  audit: () => Promise<object[]>;
  dump: () => Promise<Record<string, string[]>>;
  /** Forgets all payments and answers, so that one database serves many tests. */
  forget: () => Promise<void>;
  close: () => Promise<void>;
};

export async function openBooks(): Promise<Books> {
  const database = await openTestDatabase();
  const { sql } = database;
  const owner = openSql(database.ownerUrl, { max: 1 });
  const read = readSetup(charity, await readKnownNames(sql));
  if (!read.ok) throw new Error(read.problems.join("\n"));
  await applySetup(sql, read.setup);

  const answers = new Map<string, Answer>();
  const asked: string[] = [];
  const stripe = new Stripe("sk_test_stub", {
    maxNetworkRetries: 0,
    httpClient: Stripe.createFetchHttpClient(async (input: RequestInfo | URL) => {
      const url = new URL(input instanceof Request ? input.url : input);
      asked.push(url.pathname);
      return await respond(answers.get(`${url.pathname}${url.search}`) ?? answers.get(url.pathname), url.pathname);
    }),
  });
  const accounts = (await listAccounts(sql)).map(({ id, slug, stripeAccountId }): Account => ({
    id,
    slug,
    stripeAccountId,
    webhookSecrets: [secretOf(slug)],
    stripe,
  }));

  const shared = { sql, mode: "test" as const, log: () => undefined, now: () => new Date() };
  const drain = createDrain({ ...shared, owner: randomUUID() });
  const accountById = async (id: bigint): Promise<Account | null> =>
    accounts.find((account) => account.id === id) ?? null;
  const fetchJob = (): FetchJob => createFetchJob({ ...shared, owner: randomUUID(), accountById });
  const [main] = accounts;
  const undelivered = createUndeliveredSweep({
    ...shared,
    accountById: async (id) => (id === main?.id ? main : null),
  });
  const fetches = fetchJob();
  const app = createApp({
    ...shared,
    baseUrl,
    keys: await keyRoom(null),
    goLive: null,
    hasOwnDatabase: true,
    host: "127.0.0.1",
    auth: testAuth(database.url, baseUrl),
    proxies: 0,
    demoStaff: [],
    findAccount: async (slug) => accounts.find((account) => slug === null || account.slug === slug) ?? null,
    live: null,
    random: randomId,
    ready: [],
    assets: { style: "/style.css", script: "/main.js", serve: null },
    sandbox: null,
  });

  const request: Books["request"] = async (path, init = {}) => {
    const headers = new Headers(init.headers);
    headers.set("host", "localhost:8787");
    return await app.request(`${baseUrl}${path}`, { ...init, headers });
  };
  const deliver: Books["deliver"] = async (events, account = "first") => {
    const statuses: number[] = [];
    for (const event of events) {
      const mail = await signed(event, secretOf(account), new Date());
      statuses.push((await request(`/webhooks/stripe/${account}`, mail)).status);
    }
    return statuses;
  };
  const book: Books["book"] = async () => {
    do await drain.idle();
    while ((await fetches.once()) > 0);
    await drain.idle();
  };

  return {
    sql,
    answers,
    asked,
    deliver,
    request,
    book,
    fetchJob,
    sweep: async () => await undelivered.once("all"),
    async bring(...events) {
      for (const event of events) {
        const [status] = await deliver([event]);
        if (status !== 200) throw new Error(`the door answered ${status} to ${event.type}`);
        await book();
      }
    },
    async wait() {
      await sql`delete from stripe_pause`;
      await sql`update fetch_need set due_at = now() where due_at < 'infinity'`;
      await book();
    },
    gifts: async () => [
      ...(await sql<Gift[]>`
        select f.slug::text as fund, g.occurred_on as day, g.currency, g.amount_minor as amount,
          g.returned_minor as returned, g.shown_name as name, i.key as who, g.every
        from gift g left join fund f on f.id = g.fund_id left join identity i on i.id = g.identity_id
        order by g.occurred_on, g.amount_minor, g.payment_id, g.part`),
    ],
    states: async () =>
      (await sql<{ state: string }[]>`select state from payment order by id`).map(({ state }) => state),
    async fund(slug) {
      const totals = (await (await request("/api/totals")).json()) as { funds: (Fund & { slug: string })[] };
      const found = totals.funds.find((fund) => fund.slug === slug);
      if (found === undefined) throw new Error(`there is no fund ${slug}`);
      return found;
    },
    returns: async () => [
      ...(await sql<{ kind: string; day: string; amount: bigint }[]>`
        select kind, occurred_on as day, amount_minor as amount from return_part order by occurred_on, return_id, part`),
    ],
    audit: async () => [...(await sql`select * from audit()`)],
    dump: async () => await canonicalDump(sql),
    async forget() {
      await forgetPayments(owner);
      await empty(owner, "stripe_pause undelivered_sweep");
      answers.clear();
      asked.length = 0;
    },
    async close() {
      await owner.end();
      await database.close();
    },
  };
}

async function respond(answer: Answer | undefined, path: string): Promise<Response> {
  if (answer instanceof Response) return answer;
  if (typeof answer === "function") return Response.json(await answer());
  if (typeof answer === "object") return Response.json(answer);
  const isList = /^\/v1\/(?:checkout\/sessions(?:\/[^/]+\/line_items)?|invoice_payments|events|refunds)$/u.test(path);
  if (answer === undefined && isList) return Response.json(listOf([]));
  const status = answer ?? 404;
  const error = { type: "invalid_request_error", code: status === 404 ? "resource_missing" : undefined, message: "no" };
  return Response.json({ error }, { status, headers: { "stripe-should-retry": "false" } });
}

/** A whole list of Stripe's, on one page. */
export function listOf(data: object[]): object {
  return { object: "list", data, has_more: false, url: "/v1/x" };
}
