import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createApp } from "./app.ts";
import { ConfigError, readConfig, type Config } from "./config.ts";
import type { Log } from "./core/log.ts";
import { findPayee, listAccounts, makeFirstAccount } from "./db/account.ts";
import { isAnswering, type Sql } from "./db/connect.ts";
import { EmbeddedError } from "./db/embedded/error.ts";
import { releaseFetches } from "./db/fetch.ts";
import { openLive } from "./db/live.ts";
import { MigrationError, migrationState } from "./db/migrate.ts";
import { fixMode } from "./db/mode.ts";
import { openDatabase, type OpenDatabase } from "./db/open.ts";
import { sandboxStore } from "./db/sandbox.ts";
import { releaseTickets } from "./db/ticket.ts";
import type { Deps, ReadyCheck } from "./http/deps.ts";
import { readAssets } from "./http/assets.ts";
import { placeOf } from "./http/failure.ts";
import { listen, ListenError } from "./http/server.ts";
import { createDrain, type Drain } from "./jobs/drain.ts";
import { createFetchJob } from "./jobs/fetch.ts";
import { every } from "./jobs/every.ts";
import { createAccounts, type Accounts, type AccountKeys } from "./stripe/accounts.ts";
import { stripeClient } from "./stripe/client.ts";
import { createSandbox, type Sandbox } from "./stripe/sandbox/sandbox.ts";
import type { StripeObject } from "./stripe/sandbox/store.ts";

/** A service that runs. */
export type Running = {
  /** How people reach it. */
  url: string;
  sql: Sql;
  accounts: Accounts;
  drain: Drain;
  /** Null when real payments are taken. */
  sandbox: Sandbox | null;
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
    return await serve(config, database, options);
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function serve(config: Config, database: OpenDatabase, options: StartOptions): Promise<Running> {
  const { log, now = () => new Date() } = options;
  const { sql } = database;
  await requireMode(sql, config);
  if (config.mode !== "sandbox") await makeFirstAccount(sql, "main");
  await options.prepare?.(sql);

  const sandbox =
    config.mode === "sandbox" ? openSandbox(config, sql, options, async (request) => await app.fetch(request)) : null;
  const keysOf = sandbox === null ? configuredKeys(config) : sandboxKeys(sandbox);
  const accounts = createAccounts({ list: async () => await listAccounts(sql), keysOf, now });
  await warnOfStrangers(config, sql, log);

  const stopping = new AbortController();
  const mode = config.mode;
  const owner = crypto.randomUUID();
  const drain = createDrain({ sql: database.drainSql, owner, mode, log, now, onBooked: () => fetches.nudge() });
  const fetches = createFetchJob({ sql, owner, mode, accountById: accounts.byId, log, onStored: () => drain.nudge() });
  const live = await openLive(sql, log);
  const app = createApp({
    sql,
    mode,
    baseUrl: config.baseUrl,
    host: config.host,
    findAccount: accounts.find,
    live,
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
  const server = await listen({ fetch: app.fetch, host: config.host, port: config.port });
  const work = [drain.loop(stopping.signal), fetches.loop(stopping.signal)];
  if (sandbox !== null) work.push(every(1_000, stopping.signal, log, "sandbox", sandbox.tick));

  async function end(): Promise<void> {
    stopping.abort();
    live.stop();
    await server.close(endWithinMs);
    await Promise.race([Promise.allSettled([...work, sandbox?.idle()]), sleep(endWithinMs)]);
    await database.close();
  }
  let ending: Promise<void> | null = null;
  const stop = async (): Promise<void> => await (ending ??= end());
  return { url: config.baseUrl, sql, accounts, drain, sandbox, stop, isStopping: () => ending !== null };
}

/** How long requests and background work under way may take to end. */
const endWithinMs = 10_000;

/** Refuses keys of one mode on a database that holds payments of another. */
async function requireMode(sql: Sql, { mode }: Config): Promise<void> {
  const standing = await fixMode(sql, mode, mode !== "sandbox");
  if (standing === null || standing === mode) return;
  const asked = mode === "sandbox" ? "there is no STRIPE_SECRET_KEY" : `STRIPE_SECRET_KEY is a ${mode} key`;
  throw new ConfigError(`This database holds ${standing} payments and stays so, and ${asked}: use another database.`);
}

/** The sandbox on this database; its webhooks go through the real door, in the same process. */
function openSandbox(
  config: Config,
  sql: Sql,
  options: StartOptions,
  fetch: (request: Request) => Promise<Response>,
): Sandbox {
  const { log, now = () => new Date(), sandboxClock = now } = options;
  return createSandbox({
    store: sandboxStore<StripeObject>(sql),
    now: sandboxClock,
    wallClock: now,
    random: randomId,
    baseUrl: config.baseUrl,
    log,
    findAccount: async (slug) => await findPayee(sql, slug),
    async deliver(account, body, signature) {
      const headers = { "content-type": "application/json", "stripe-signature": signature };
      const address = `${config.baseUrl}/webhooks/stripe/${account}`;
      return (await fetch(new Request(address, { method: "POST", headers, body }))).status;
    },
  });
}

/** Keys of the sandbox are made from the account's name. */
function sandboxKeys(sandbox: Sandbox) {
  return async (slug: string): Promise<AccountKeys> => ({
    stripe: stripeClient({ key: sandbox.key(slug), fetch: sandbox.fetch }),
    webhookSecrets: [await sandbox.webhookSecret(slug)],
  });
}

/** Keys of the settings: those without a name are the first account's. */
function configuredKeys({ accounts }: Config) {
  return async (slug: string, isFirst: boolean): Promise<AccountKeys> => {
    const keys =
      accounts.find((each) => each.slug === slug) ??
      (isFirst ? accounts.find((each) => each.slug === null) : undefined);
    const key = keys?.secretKeys[0];
    return { stripe: key === undefined ? null : stripeClient({ key }), webhookSecrets: keys?.webhookSecrets ?? [] };
  };
}

/** Keys of an account that nobody set up are a slip of the pen, but must not keep the others from working. */
async function warnOfStrangers({ accounts }: Config, sql: Sql, log: Log): Promise<void> {
  const known = new Set((await listAccounts(sql)).map(({ slug }) => slug));
  for (const { slug } of accounts) {
    if (slug !== null && !known.has(slug))
      log("warn", "settings name an account that is not set up", { account: slug });
  }
}

async function builtAssets(log: Log): Promise<Deps["assets"]> {
  const built = await readAssets(fileURLToPath(new URL("../dist/client", import.meta.url)));
  if (built !== null) return built;
  log("warn", "the browser's files are not built, so pages are plain; run npm run build");
  return { style: "/assets/style.css", script: "/assets/main.js", serve: null };
}

/** A fresh text of 24 characters 0-9 a-z: 124 bits of chance. */
export function randomId(): string {
  let text = "";
  while (text.length < 24) {
    // Bytes from 252 on would make the first letters likelier.
    for (const byte of crypto.getRandomValues(new Uint8Array(32))) if (byte < 252) text += (byte % 36).toString(36);
  }
  return text.slice(0, 24);
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

/** One Ctrl-C comes twice: from the terminal, and handed on by what started us. A later one is a new wish. */
const oneWishMs = 1_000;

/**
 * Stops the service at Ctrl-C, when it is told to end, and after an error that nobody caught; what it has acknowledged is
 * on disk. A second signal does not wait.
 */
export function stopOnSignal(running: Running, log: Log): void {
  let askedAt: number | null = null;
  const stop = async (exitCode: number): Promise<void> => {
    if (running.isStopping()) process.exit(1);
    await running
      .stop()
      .catch((error: unknown) => log("error", "the service did not stop cleanly", { error: nameOf(error) }));
    process.exit(exitCode);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (askedAt !== null && performance.now() - askedAt < oneWishMs) return;
      askedAt = performance.now();
      log("info", "stopping", { signal });
      void stop(0);
    });
  }
  process.on("uncaughtException", (error) => {
    log("error", "stopping after an error that nobody caught", { error: nameOf(error), place: placeOf(error) });
    void stop(1);
  });
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "unknown";
}

async function main(): Promise<void> {
  try {
    const config = readConfig();
    const running = await start(config, { log: logLine });
    stopOnSignal(running, logLine);
    process.stdout.write(`Almonry is at ${running.url}\n`);
    if (config.mode === "sandbox")
      process.stdout.write("No Stripe key is set: payments are played by the sandbox, and no real money moves.\n");
    if (config.mode === "test") process.stdout.write("The Stripe key is a test key: no real money moves.\n");
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exit(1);
  }
}

if (import.meta.main) await main();
