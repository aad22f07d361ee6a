import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createApp } from "./app.ts";
import { createAuth, deriveSecret } from "./auth/auth.ts";
import { ConfigError, readConfig, type Config } from "./config.ts";
import { allListenedTypes } from "./core/event.ts";
import type { Log } from "./core/log.ts";
import { listAccounts, makeFirstAccount } from "./db/account.ts";
import { isAnswering, type Sql } from "./db/connect.ts";
import { findLowDisk } from "./db/embedded/disk.ts";
import { EmbeddedError } from "./db/embedded/error.ts";
import { releaseFetches } from "./db/fetch.ts";
import { releaseMails } from "./db/mail.ts";
import { makeLink } from "./db/link.ts";
import { openLive } from "./db/live.ts";
import { migrationState } from "./db/migrate.ts";
import { openDatabase, type OpenDatabase } from "./db/open.ts";
import { MigrationError } from "./db/schema.ts";
import { isStaffEmpty } from "./db/staff.ts";
import { readTypesAgain, releaseTickets } from "./db/ticket.ts";
import type { DemoPerson, Deps, ReadyCheck } from "./http/deps.ts";
import { readAssets } from "./http/assets.ts";
import { placeOf } from "./http/failure.ts";
import { listen, ListenError } from "./http/server.ts";
import { createAlertJob } from "./jobs/alerts.ts";
import { createDrain, type Drain } from "./jobs/drain.ts";
import { createFetchJob } from "./jobs/fetch.ts";
import { every } from "./jobs/every.ts";
import { createUndeliveredSweep } from "./jobs/undelivered.ts";
import { createMailJob, type MailJob } from "./jobs/mail.ts";
import { createWatch } from "./jobs/watch.ts";
import { createMailer } from "./mail/smtp.ts";
import { createAccounts, type Accounts } from "./stripe/accounts.ts";
import type { Sandbox } from "./stripe/sandbox/sandbox.ts";
import { keepSettingsKey } from "./settings-key.ts";
import { keysOf, openSandbox, randomId, requireMode, warnOfStrangers } from "./wiring.ts";

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

  const { sandboxClock = now } = options;
  const door = async (request: Request): Promise<Response> => await app.fetch(request);
  const sandbox = config.mode === "sandbox" ? openSandbox({ config, sql, log, now, sandboxClock, door }) : null;
  const watch = createWatch({ sql, log });
  const accounts = createAccounts({
    list: async () => await listAccounts(sql),
    keysOf: keysOf(config, sandbox, { now, heard: watch.heard }),
    now,
  });
  await warnOfStrangers(config, sql, log);

  const stopping = new AbortController();
  const mode = config.mode;
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
  const mail = openMail(config, sql, log);
  const alerts = createAlertJob({
    sql,
    baseUrl: config.baseUrl,
    accountById: accounts.byId,
    // Another machine's database is on a disk that cannot be seen from here.
    ...(config.database === null && { disk: async () => await findLowDisk(config.dataDir) }),
    writesMail: mail !== null,
    log,
    onMail: () => mail?.nudge(),
  });
  const live = await openLive(sql, log);
  const settingsKey = config.settingsKey ?? (await keepSettingsKey(database.dataDir));
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
    now,
    random: randomId,
    log,
    onStored: () => drain.nudge(),
    compresses: true,
    mail: mail === null ? "none" : "sends",
    onMail: () => mail?.nudge(),
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
  await Promise.all([releaseTickets(sql), releaseFetches(sql), releaseMails(sql)]);
  await readTypesAgain(sql, allListenedTypes());
  const server = await listen({ fetch: app.fetch, host: config.host, port: config.port });
  const work = [drain.loop(stopping.signal), fetches.loop(stopping.signal)];
  if (sandbox !== null) work.push(every(1_000, stopping.signal, log, "sandbox", sandbox.tick));
  if (mail !== null) work.push(mail.loop(stopping.signal));
  let which: "all" | "due" = "all";
  const look = async (): Promise<void> => {
    await undelivered.once(which);
    which = "due";
    await watch.once();
    await alerts.once();
  };
  work.push(every(60_000, stopping.signal, log, "undelivered events, and the watch", look));

  async function end(): Promise<void> {
    stopping.abort();
    live.stop();
    await server.close(endWithinMs);
    await Promise.race([Promise.allSettled([...work, sandbox?.idle()]), sleep(endWithinMs)]);
    await auth.close();
    await database.close();
  }
  let ending: Promise<void> | null = null;
  const stop = async (): Promise<void> => await (ending ??= end());
  return { url: config.baseUrl, sql, accounts, drain, sandbox, stop, isStopping: () => ending !== null };
}

/** What sends mail; null where no mail server was set. */
function openMail({ smtpUrl, mailFrom, baseUrl }: Config, sql: Sql, log: Log): MailJob | null {
  if (smtpUrl === null || mailFrom === null) return null;
  const mailer = createMailer({ url: smtpUrl, from: mailFrom });
  return createMailJob({ sql, owner: crypto.randomUUID(), mailer, host: new URL(baseUrl).hostname, log });
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

/** While nobody is on the staff: one line with the address, to whoever reads this terminal and nobody else. */
async function sayFirstAdmin({ sql, url }: Running): Promise<void> {
  if (!(await isStaffEmpty(sql))) return;
  const link = await makeLink(sql, { id: "start", name: "The start of the service" }, { kind: "set up" });
  if (!link.ok) return;
  process.stdout.write(
    `Nobody can sign in yet. Become the first admin, within 30 minutes: ${url}/setup/${link.value}\n`,
  );
}

async function main(): Promise<void> {
  try {
    const config = readConfig();
    const running = await start(config, { log: logLine });
    stopOnSignal(running, logLine);
    process.stdout.write(`Almonry is at ${running.url}\n`);
    await sayFirstAdmin(running);
    if (config.mode === "sandbox")
      process.stdout.write("No Stripe key is set: payments are played by the sandbox, and no real money moves.\n");
    if (config.mode === "test") process.stdout.write("The Stripe key is a test key: no real money moves.\n");
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exit(1);
  }
}

if (import.meta.main) await main();
