import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Hono } from "hono";
import { createApp } from "./app.ts";
import { createAuth, deriveSecret } from "./auth/auth.ts";
import { ConfigError, readConfig, type Config } from "./config.ts";
import { allListenedTypes } from "./core/event.ts";
import type { Log } from "./core/log.ts";
import { listAccounts, makeFirstAccount } from "./db/account.ts";
import { isAnswering, type Sql } from "./db/connect.ts";
import { EmbeddedError } from "./db/embedded/error.ts";
import { releaseFetches } from "./db/fetch.ts";
import { openLive } from "./db/live.ts";
import { migrationState } from "./db/migrate.ts";
import type { Mode } from "./db/mode.ts";
import { openDatabase, type OpenDatabase } from "./db/open.ts";
import { MigrationError } from "./db/schema.ts";
import { readTypesAgain, releaseTickets } from "./db/ticket.ts";
import type { DemoPerson, Deps, Env, ReadyCheck } from "./http/deps.ts";
import { readAssets } from "./http/assets.ts";
import { listen, ListenError } from "./http/server.ts";
import { createDrain, type Drain } from "./jobs/drain.ts";
import { createFetchJob } from "./jobs/fetch.ts";
import { every } from "./jobs/every.ts";
import { createUndeliveredSweep } from "./jobs/undelivered.ts";
import { createWatch } from "./jobs/watch.ts";
import { createAccounts, type Accounts } from "./stripe/accounts.ts";
import type { Sandbox } from "./stripe/sandbox/sandbox.ts";
import { keepSettingsKey } from "./settings-key.ts";
import { stopOnSignal } from "./stop-on-signal.ts";
import { openKeys, openSandbox, randomId, requireMode, warnOfStrangers } from "./wiring.ts";

/** A service that runs. What it is served from may change while it does: the parts are those of now. */
export type Running = {
  /** How people reach it. */
  url: string;
  readonly mode: Mode;
  readonly sql: Sql;
  readonly accounts: Accounts;
  readonly drain: Drain;
  /** Null when real payments are taken. */
  readonly sandbox: Sandbox | null;
  /** Stops taking requests, ends what is under way within 10 s, closes the database. Harmless when called again. */
  stop: () => Promise<void>;
  isStopping: () => boolean;
};

export type StartOptions = {
  log: Log;
  now?: () => Date;
  /** The sandbox's clock, which a story may set to any day; the real one if not said. */
  sandboxClock?: () => Date;
  /** Set-up that is done on the open database before anything is served. */
  prepare?: (sql: Sql) => Promise<void>;
  /** The demo's people, whom sign-in then offers at this machine. */
  demoStaff?: readonly DemoPerson[];
  /** What else must hold before `/readyz` says so. */
  ready?: ReadyCheck[];
};

/**
 * Starts the service: database, accounts, app, background work, HTTP.
 * @throws ConfigError, EmbeddedError or MigrationError, in one line that says what to do
 */
export async function start(config: Config, options: StartOptions): Promise<Running> {
  const database = await openDatabase(config, options.log);
  try {
    return await listenFor(config, database, options);
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** One port, and behind it the service of the database that is the one to be served now. */
async function listenFor(config: Config, database: OpenDatabase, options: StartOptions): Promise<Running> {
  const { log } = options;
  const { prepare: _, ...later } = options;
  let now = { database, service: await serve({ config, database, options, serveAnew }) };
  const server = await listen({
    fetch: async (request) => await now.service.app.fetch(request),
    host: config.host,
    port: config.port,
  }).catch(async (error: unknown) => {
    await now.service.end();
    throw error;
  });
  now.service.run();

  /** The new one answers before the old one ends, so that nobody finds the door closed. */
  async function serveAnew(): Promise<void> {
    const before = now;
    const opened = await before.database.again();
    try {
      now = { database: opened, service: await serve({ config, database: opened, options: later, serveAnew }) };
    } catch (error) {
      await opened.leave();
      throw error;
    }
    now.service.run();
    log("info", "the service goes on with what was set", { mode: now.service.mode });
    // Whoever asked for this still waits for the answer of the old one.
    retiring = retire(before.service, before.database);
  }

  let retiring: Promise<void> = Promise.resolve();
  async function end(): Promise<void> {
    const ended = now.service.end();
    await server.close(endWithinMs);
    await Promise.all([ended, retiring]);
    await now.database.close();
  }
  let ending: Promise<void> | null = null;
  const stop = async (): Promise<void> => await (ending ??= end());
  return {
    url: config.baseUrl,
    get mode() {
      return now.service.mode;
    },
    get sql() {
      return now.database.sql;
    },
    get accounts() {
      return now.service.accounts;
    },
    get drain() {
      return now.service.drain;
    },
    get sandbox() {
      return now.service.sandbox;
    },
    stop,
    isStopping: () => ending !== null,
  };
}

/** Lets go of what was served before, once the answers under way have gone out. */
async function retire(service: Service, database: OpenDatabase): Promise<void> {
  await sleep(1_000);
  await service.end();
  await database.leave();
}

type ServeNeeds = {
  config: Config;
  database: OpenDatabase;
  options: StartOptions;
  serveAnew: () => Promise<void>;
};

/** Everything that lives as long as one database is served. */
type Service = Pick<Running, "mode" | "accounts" | "drain" | "sandbox"> & {
  app: Hono<Env>;
  /** Begins the background work. */
  run: () => void;
  /** Ends it, and the streams, within 10 s. The database stays open. */
  end: () => Promise<void>;
};

async function serve({ config, database, options, serveAnew }: ServeNeeds): Promise<Service> {
  const { log, now = () => new Date() } = options;
  const { sql } = database;
  const mode = await requireMode(sql, config);
  const settingsKey = config.settingsKey ?? (await keepSettingsKey(database.dataDir));
  if (mode !== "sandbox") await makeFirstAccount(sql, "main");
  await options.prepare?.(sql);

  const { sandboxClock = now } = options;
  const door = async (request: Request): Promise<Response> => await app.fetch(request);
  const sandbox = mode === "sandbox" ? openSandbox({ config, sql, log, now, sandboxClock, door }) : null;
  const watch = createWatch({ sql, log });
  const { keysOf, ...keys } = await openKeys({
    config,
    sql,
    sandbox,
    settingsKey,
    log,
    clock: { now, heard: watch.heard },
  });
  const accounts = createAccounts({
    list: async () => await listAccounts(sql),
    keysOf,
    now,
  });
  await warnOfStrangers(config, sql, log);

  const stopping = new AbortController();
  const owner = crypto.randomUUID();
  const drain = createDrain({ sql: database.drainSql, owner, mode, log, now, onBooked: () => fetches.nudge() });
  const fetches = createFetchJob({ sql, owner, mode, accountById: accounts.byId, log, onStored: () => drain.nudge() });
  const undelivered = createUndeliveredSweep({
    sql,
    mode,
    accountById: accounts.byId,
    now,
    log,
    onStored: () => drain.nudge(),
  });
  const live = await openLive(sql, log);
  const secret = await deriveSecret(settingsKey);
  const auth = createAuth({ databaseUrl: database.url, baseUrl: config.baseUrl, secret });
  const app = createApp({
    sql,
    mode,
    baseUrl: config.baseUrl,
    host: config.host,
    auth,
    proxies: config.trustedProxyHops,
    demoStaff: options.demoStaff ?? [],
    findAccount: accounts.find,
    live,
    keys: { ...keys, serveAnew },
    now,
    random: randomId,
    log,
    onStored: () => drain.nudge(),
    ready: [
      { name: "running", holds: async () => !stopping.signal.aborted },
      { name: "database", holds: async () => database.isHealthy() && (await isAnswering(sql)) },
      { name: "migrations", holds: async () => (await migrationState(sql)).state === "current" },
      ...(options.ready ?? []),
    ],
    assets: await builtAssets(log),
    sandbox: sandbox?.app ?? null,
  });
  // Leases of a process that was killed would hold up its work for half a minute.
  await Promise.all([releaseTickets(sql), releaseFetches(sql)]);
  await readTypesAgain(sql, allListenedTypes());

  let which: "all" | "due" = "all";
  const look = async (): Promise<void> => {
    await undelivered.once(which);
    which = "due";
    await watch.once();
  };
  const work: Promise<void>[] = [];
  return {
    mode,
    accounts,
    drain,
    sandbox,
    app,
    run() {
      work.push(drain.loop(stopping.signal), fetches.loop(stopping.signal));
      if (sandbox !== null) work.push(every(1_000, stopping.signal, log, "sandbox", sandbox.tick));
      work.push(every(60_000, stopping.signal, log, "undelivered events, and the watch", look));
    },
    async end() {
      stopping.abort();
      live.stop();
      await Promise.race([Promise.allSettled([...work, sandbox?.idle()]), sleep(endWithinMs)]);
      await auth.close();
    },
  };
}

/** How long requests and background work under way may take to end. */
const endWithinMs = 10_000;

async function builtAssets(log: Log): Promise<Deps["assets"]> {
  const built = await readAssets(fileURLToPath(new URL("../dist/client", import.meta.url)));
  if (built !== null) return built;
  log("warn", "the browser's files are not built, so pages are plain; run npm run build");
  return { style: "/assets/style.css", script: "/assets/main.js", serve: null };
}

/** One JSON object a line on the error stream, so that what people read stays apart. */
export const logLine: Log = (level, message, fields = {}) => {
  process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...fields })}\n`);
};

/** Errors that one line explains; any other is a fault of ours and shows its place. */
export function explain(error: unknown): string {
  const isExpected = [ConfigError, EmbeddedError, MigrationError, ListenError].some((kind) => error instanceof kind);
  if (isExpected && error instanceof Error) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

async function main(): Promise<void> {
  try {
    const config = readConfig();
    const running = await start(config, { log: logLine });
    stopOnSignal(running, logLine);
    process.stdout.write(`Almonry is at ${running.url}\n`);
    if (running.mode === "sandbox")
      process.stdout.write("No Stripe key is set: payments are played by the sandbox, and no real money moves.\n");
    if (running.mode === "test") process.stdout.write("This is Stripe's test mode: no real money moves.\n");
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exit(1);
  }
}

if (import.meta.main) await main();
