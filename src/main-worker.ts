import type { Hono, MiddlewareHandler } from "hono";
import { LinearRouter } from "hono/router/linear-router";
import { createApp } from "./app.ts";
import { createAuth, deriveSecret } from "./auth/auth.ts";
import { asAsked } from "./as-asked.ts";
import { ConfigError, readConfig, type Config } from "./config.ts";
import { allListenedTypes } from "./core/event.ts";
import type { Log } from "./core/log.ts";
import { listAccounts, makeFirstAccount } from "./db/account.ts";
import { storeBlocks } from "./db/block.ts";
import { isAnswering, openSql, type Sql } from "./db/connect.ts";
import { failureCode } from "./db/failure.ts";
import type { Mode } from "./db/mode.ts";
import { MigrationError, newestMigration, refuseOther, schemaState } from "./db/schema.ts";
import { readTypesAgain } from "./db/ticket.ts";
import type { Deps, Env } from "./http/deps.ts";
import { Refused } from "./http/failure.ts";
import { prepareMonth } from "./http/pack-month.ts";
import { emptyFrameMemory, type FrameMemory } from "./http/frame.ts";
import { manifestPath, readManifest } from "./http/manifest.ts";
import { createAlertJob } from "./jobs/alerts.ts";
import { createDrain } from "./jobs/drain.ts";
import { createFetchJob } from "./jobs/fetch.ts";
import { createMonthlyPackJob } from "./jobs/monthly-pack.ts";
import { createOldDeliveryJob } from "./jobs/old-deliveries.ts";
import { createSweep } from "./jobs/sweep.ts";
import { createUndeliveredSweep } from "./jobs/undelivered.ts";
import { createWatch } from "./jobs/watch.ts";
import { createAccounts } from "./stripe/accounts.ts";
import { whenSent } from "./when-sent.ts";
import { openKeys, openSandbox, randomId, requireMode, warnOfStrangers } from "./wiring.ts";

/** What wrangler.toml binds; beside it stand the settings, as variables and secrets. */
type Bindings = {
  HYPERDRIVE?: { connectionString: string };
  ASSETS: { fetch: (request: Request) => Promise<Response> };
  [setting: string]: unknown;
};

/** What the platform offers to work that outlives an answer: half a minute of it. */
type Lifetime = { waitUntil: (work: Promise<unknown>) => void };

/** A request's own service: nothing that talks to anybody is shared with another request, which the platform forbids. */
type Service = {
  app: Hono<Env>;
  /** Throws `Refused` until this code may serve this database. */
  admit: () => Promise<void>;
  /** Books what this request stored; does nothing when it stored nothing. */
  bookStored: () => Promise<void>;
  /** Does all that is due, as the loops on Node do, but comes to an end. */
  workOff: () => Promise<void>;
  /** Closes the database. */
  close: () => Promise<void>;
};

/** Each costs a handshake, and a Worker may hold six at once, those to Stripe among them. */
const connectionsMax = 2;

/** Fewer than on Node: a Worker has little time after its answer, and what is left is for the next minute. */
const bookedAtOnce = 100;

/** How long the work of one minute may take, so that it does not meet the next minute's too often. */
const workMs = 45_000;

/** What this instance of the Worker has seen to be so. Plain values only: whatever waits for an answer is a request's own. */
const seen: {
  isAdmitted: boolean;
  hasReadTypesAgain: boolean;
  mode: Mode | null;
  assets: Pick<Deps["assets"], "style" | "script"> | null;
  frame: FrameMemory;
} = {
  isAdmitted: false,
  hasReadTypesAgain: false,
  mode: null,
  assets: null,
  frame: emptyFrameMemory(),
};

export default {
  /** Answers a request; afterwards books what it stored and closes its database connections. */
  async fetch(request: Request, bindings: Bindings, lifetime: Lifetime): Promise<Response> {
    const service = await open(bindings).catch(explained);
    if (service === null) return notSetUp();
    const answer = await service.app.fetch(asAsked(request));
    const { response, sent } = whenSent(answer);
    lifetime.waitUntil(finish(service, sent, request.method));
    return response;
  },

  /** What runs without a request, each minute: retries, questions to Stripe, the sandbox's time; some of it hourly or daily. */
  async scheduled(_event: unknown, bindings: Bindings): Promise<void> {
    const service = await open(bindings);
    try {
      await service.admit();
      await service.workOff();
    } finally {
      await service.close();
    }
  },
};

/** What comes after an answer. A page that is looked at stores nothing, and so needs no look at what was stored. */
async function finish(service: Service, sent: Promise<void>, method: string): Promise<void> {
  try {
    await sent;
    if (method === "POST") await service.bookStored();
  } catch (error) {
    log("error", "booking after an answer failed and is tried again within a minute", { code: failureCode(error) });
  } finally {
    await service.close();
  }
}

async function open(bindings: Bindings): Promise<Service> {
  const { config, databaseUrl, settingsKey } = settingsOf(bindings);
  const now = (): Date => new Date();
  const owner = crypto.randomUUID();
  const assets = await builtAssets(bindings.ASSETS, config.baseUrl);
  const sql = openSql(databaseUrl, {
    max: connectionsMax,
    applicationName: `almonry worker ${owner}`,
  });
  const mode = await modeOf(sql, config);
  let hasStored = false;
  const onStored = (): void => void (hasStored = true);
  const door = async (request: Request): Promise<Response> => await app.fetch(request);
  const sandbox = mode === "sandbox" ? openSandbox({ config, sql, log, now, sandboxClock: now, door }) : null;
  const watch = createWatch({ sql, log });
  const { keysOf, ...keys } = await openKeys({
    config,
    sql,
    sandbox,
    settingsKey,
    log,
    clock: { now, heard: watch.heard },
  });
  const accounts = createAccounts({ list: async () => await listAccounts(sql), keysOf, now });
  const job = { sql, owner, mode, accountById: accounts.byId, now, log };
  const drain = createDrain({ ...job, batchMax: bookedAtOnce });
  const fetches = createFetchJob(job);
  const undelivered = createUndeliveredSweep(job);
  const book = async (): Promise<void> => await drain.idle();
  const sweep = createSweep({ ...job, now: sandbox?.now ?? now, book });
  // No mail is sent from here: it waits for a service on Node that uses the same database.
  const writesMail = config.smtpUrl !== null;
  const alerts = createAlertJob({ sql, baseUrl: config.baseUrl, accountById: accounts.byId, writesMail, log });
  const admit = async (): Promise<void> => await admitOnce(sql, config);
  const secret = await deriveSecret(settingsKey);
  const auth = createAuth({ databaseUrl, baseUrl: config.baseUrl, secret, connections: 1 });
  const deps: Deps = {
    sql,
    mode,
    baseUrl: config.baseUrl,
    host: config.host,
    auth,
    proxies: "platform",
    demoStaff: [],
    findAccount: accounts.find,
    live: null,
    keys: { ...keys, serveAnew: null },
    goLive: null,
    hasOwnDatabase: true,
    now,
    random: randomId,
    log,
    onStored,
    mail: writesMail ? "keeps" : "none",
    flush: "single",
    ready: [
      { name: "database", holds: async () => await isAnswering(sql) },
      { name: "migrations", holds: async () => (await schemaState(sql, newestMigration)).state === "current" },
    ],
    admit,
    assets,
    frameMemory: seen.frame,
    sandbox: sandbox?.app ?? null,
  };
  // Read from top to bottom: this app finds one route, which does not pay for preparing to find many (1.5 ms for 4.5).
  const app = createApp(deps, { router: new LinearRouter() });

  /** One round of booking and asking. @returns whether there was anything to do */
  async function round(): Promise<boolean> {
    const booked = await drain.once();
    const asked = await fetches.once();
    if (asked > 0) await drain.once();
    return booked + asked > 0;
  }

  return {
    app,
    admit,
    async bookStored() {
      // What the sandbox has to say of a payment comes in at the door, like Stripe's.
      await sandbox?.idle();
      if (hasStored) await round();
    },
    async workOff() {
      const until = Date.now() + workMs;
      if (!seen.hasReadTypesAgain) await readTypesAgain(sql, allListenedTypes());
      seen.hasReadTypesAgain = true;
      await sandbox?.tick();
      await sandbox?.idle();
      await undelivered.once("due");
      await watch.once();
      await alerts.once();
      await sweep.once("due");
      while (await round()) if (Date.now() > until) return;
      await createOldDeliveryJob({ sql, keepDays: config.inboxKeepDays, log }).once();
      // A look at what is due costs one question; the mails wait for a service on Node.
      if (writesMail)
        await createMonthlyPackJob({ sql, baseUrl: config.baseUrl, prepare: prepareMonth, now, log }).once();
      if (now().getUTCMinutes() === 0) await storeBlocks(sql, now());
    },
    close: async () => void (await Promise.all([sql.end({ timeout: 5 }), auth.close()])),
  };
}

/** A mode once fixed never changes; while a database is the sandbox's, a key pasted a moment ago may have changed it. */
async function modeOf(sql: Sql, config: Config): Promise<Mode> {
  if (config.mode !== "sandbox") return config.mode;
  if (seen.mode !== null) return seen.mode;
  // Why a database cannot be asked, or may not be served, `admit` says.
  const mode = await requireMode(sql, config).catch(() => config.mode);
  if (mode !== "sandbox") seen.mode = mode;
  return mode;
}

/** The settings are what is bound as text; the database is Hyperdrive's. @throws ConfigError in one line */
function settingsOf(bindings: Bindings): { config: Config; databaseUrl: string; settingsKey: Uint8Array } {
  const databaseUrl = bindings.HYPERDRIVE?.connectionString;
  if (databaseUrl === undefined) throw new ConfigError("HYPERDRIVE is not bound: see docs/workers.md.");
  const texts = Object.entries(bindings).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : []));
  const settings: Record<string, string> = Object.fromEntries(texts);
  // There is no port and no host to make an address of.
  if (settings["BASE_URL"] === undefined) throw new ConfigError("BASE_URL must be set: see docs/workers.md.");
  const config = readConfig({ ...settings, DATABASE_URL: databaseUrl });
  // There is no folder to keep one in.
  if (config.settingsKey === null) throw new ConfigError("SETTINGS_KEY must be set: see docs/workers.md.");
  return { config, databaseUrl, settingsKey: config.settingsKey };
}

/**
 * What the start does on Node, at the first request of each instance. Migrations run from Node only.
 * @throws Refused, with the line that says what to do, while this code may not serve this database
 */
async function admitOnce(sql: Sql, config: Config): Promise<void> {
  if (seen.isAdmitted) return;
  let mode: Mode;
  try {
    refuseOther(await schemaState(sql, newestMigration));
    mode = await requireMode(sql, config);
  } catch (error) {
    if (!(error instanceof MigrationError || error instanceof ConfigError)) throw error;
    log("error", error.message);
    throw new Refused("not ready", error.message);
  }
  if (mode !== "sandbox") await makeFirstAccount(sql, "main");
  await warnOfStrangers(config, sql, log);
  seen.isAdmitted = true;
}

/** The built files by their names. The Worker hands them out itself, so that they carry the headers of all answers. */
async function builtAssets(files: Bindings["ASSETS"], baseUrl: string): Promise<Deps["assets"]> {
  const serve: MiddlewareHandler = async (c, next) => {
    const file = await files.fetch(c.req.raw);
    return file.status === 404 ? await next() : new Response(file.body, file);
  };
  if (seen.assets === null) {
    const manifest = await files.fetch(new Request(`${baseUrl}/${manifestPath}`));
    seen.assets = manifest.ok ? readManifest(await manifest.text()) : null;
  }
  if (seen.assets !== null) return { ...seen.assets, serve };
  log("warn", "the browser's files are not built, so pages are plain; run npm run build before wrangler deploy");
  return { style: "/assets/style.css", script: "/assets/main.js", serve };
}

/** Null for settings that cannot be used, which one line in the log explains. */
function explained(error: unknown): null {
  if (!(error instanceof ConfigError)) throw error;
  log("error", error.message);
  return null;
}

function notSetUp(): Response {
  const headers = { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store", "retry-after": "30" };
  return new Response("This service is not set up completely; its log says what is missing.\n", {
    status: 503,
    headers,
  });
}

/** One JSON object a line, which the platform keeps for a few days. */
const log: Log = (level, message, fields = {}) => console[level](JSON.stringify({ level, message, ...fields }));
