import type { Hono } from "hono";
import { createApp } from "../../src/app.ts";
import { readSetup } from "../../src/core/read-setup.ts";
import { findPayee, listAccounts } from "../../src/db/account.ts";
import { openLive, type Live } from "../../src/db/live.ts";
import { applySetup, readKnownNames } from "../../src/db/setup.ts";
import type { Deps, Env } from "../../src/http/deps.ts";
import { createDrain, type Drain } from "../../src/jobs/drain.ts";
import { createFetchJob } from "../../src/jobs/fetch.ts";
import { randomId } from "../../src/wiring.ts";
import { createAccounts } from "../../src/stripe/accounts.ts";
import { stripeClient } from "../../src/stripe/client.ts";
import { memoryStore } from "../../src/stripe/sandbox/memory-store.ts";
import { createSandbox, type Sandbox } from "../../src/stripe/sandbox/sandbox.ts";
import { keyRoom } from "../key-room.ts";
import { openTestDatabase, type TestDatabase } from "../database.ts";
import { signIn, testAuth, type SignedIn } from "../staff.ts";

export const baseUrl = "http://127.0.0.1:8787";

/** The whole service without a port: a database, the sandbox, the drain; what it logged is kept. */
export type Service = {
  app: Hono<Env>;
  deps: Deps;
  database: TestDatabase;
  sandbox: Sandbox;
  live: Live;
  /** An admin for all organisations, signed in: `headers: service.admin.headers`. */
  admin: SignedIn;
  drain: Drain;
  logged: { level: string; message: string; fields: Record<string, unknown> }[];
  /** Everything the sandbox sent is booked. */
  settle: () => Promise<void>;
  /** Turns the sandbox's clock on by days, and books what has happened by itself meanwhile. */
  daysLater: (days: number) => Promise<void>;
  close: () => Promise<void>;
};

const charity = {
  organisations: [
    { slug: "house", name: "House", legalName: "House Society", address: "1 Main St", contact: "hi@example.org" },
  ],
  accounts: [{ slug: "main", organisation: "house", settlesIn: ["CAD"] }],
  funds: [
    {
      slug: "families",
      name: "Families",
      description: "For families.",
      accounts: ["main"],
      presetsMinor: [2500, 5000],
    },
    { slug: "quiet", name: "Quiet", description: "Nobody sees it.", accounts: ["main"], public: false },
    { slug: "general", name: "General", description: "For all else.", accounts: ["main"], generalOf: "house" },
  ],
  campaigns: [
    {
      slug: "pins",
      name: "Pins",
      kind: "merchandise",
      fund: "families",
      account: "main",
      description: "Pins.",
      shippingMinor: 1200,
      items: [
        { slug: "pin", name: "Pin", priceMinor: 500 },
        {
          slug: "shirt",
          name: "Shirt",
          variants: [
            { slug: "m", name: "M", priceMinor: 2500 },
            { slug: "l", name: "L", priceMinor: 2600 },
          ],
        },
      ],
      promise: { basis: "net of processing", wording: "All of it.", inForceFrom: "2020-01-01" },
    },
    {
      slug: "whispers",
      name: "Whispers",
      kind: "merchandise",
      fund: "quiet",
      account: "main",
      description: "Hidden.",
      items: [{ slug: "pin", name: "Pin", priceMinor: 500 }],
      promise: { basis: "gross", wording: "All of it.", inForceFrom: "2020-01-01" },
    },
  ],
};

export async function openService(overrides: Partial<Deps> = {}): Promise<Service> {
  const database = await openTestDatabase();
  const { sql } = database;
  const read = readSetup(charity, await readKnownNames(sql));
  if (!read.ok) throw new Error(read.problems.join("; "));
  const applied = await applySetup(sql, read.setup);
  if (!applied.ok) throw new Error(applied.refusal);

  const logged: Service["logged"] = [];
  const log: Deps["log"] = (level, message, fields = {}) => void logged.push({ level, message, fields });
  const now = (): Date => new Date();
  const sandbox = createSandbox({
    store: memoryStore(),
    now,
    wallClock: now,
    random: randomId,
    baseUrl,
    log,
    delayMs: 0,
    findAccount: async (slug) => await findPayee(sql, slug),
    deliver: async (slug, body, signature) => {
      const headers = { "stripe-signature": signature };
      return (await app.request(`/webhooks/stripe/${slug}`, { method: "POST", body, headers })).status;
    },
  });
  const accounts = createAccounts({
    list: async () => await listAccounts(sql),
    now,
    keysOf: async (slug) => ({
      stripe: stripeClient({ key: sandbox.key(slug), fetch: sandbox.fetch }),
      webhookSecrets: [await sandbox.webhookSecret(slug)],
    }),
  });
  const drain = createDrain({ sql, owner: crypto.randomUUID(), mode: "sandbox", log, now });
  const fetches = createFetchJob({ sql, owner: crypto.randomUUID(), mode: "sandbox", accountById: accounts.byId, log });
  const live = await openLive(sql, log);
  const deps: Deps = {
    sql,
    mode: "sandbox",
    baseUrl,
    host: "127.0.0.1",
    auth: testAuth(database.url, baseUrl),
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
    printPack: async (pack) => await (await import("../../src/pdf/pack-pdf.ts")).printPack(pack),
    ready: [],
    assets: { style: "/assets/style.css", script: "/assets/main.js", serve: null },
    sandbox: sandbox.app,
    ...overrides,
  };
  const app = createApp(deps);
  const settle = async (): Promise<void> => {
    await sandbox.idle();
    await sandbox.tick();
    await sandbox.idle();
    do await drain.idle();
    while ((await fetches.once()) > 0);
  };
  return {
    app,
    deps,
    database,
    sandbox,
    live,
    admin: await signIn(sql, "admin", { name: "Ada Admin" }),
    drain,
    logged,
    settle,
    async daysLater(days) {
      await sandbox.advance(days * 86_400);
      await settle();
    },
    async close() {
      live.stop();
      await deps.auth.close();
      await database.close();
    },
  };
}

/** A form as a browser on our own page sends it. */
export function form(fields: Record<string, string>, headers: Record<string, string> = {}): RequestInit {
  return {
    method: "POST",
    body: new URLSearchParams(fields),
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      origin: baseUrl,
      "sec-fetch-site": "same-origin",
      ...headers,
    },
  };
}
