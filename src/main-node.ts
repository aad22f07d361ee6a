import { setTimeout as sleep } from "node:timers/promises";
import { ConfigError, readConfig, type Config } from "./config.ts";
import type { Log } from "./core/log.ts";
import { type Sql } from "./db/connect.ts";
import { EmbeddedError } from "./db/embedded/error.ts";
import { failureKind } from "./db/failure.ts";
import { makeLink } from "./db/link.ts";
import type { Mode } from "./db/mode.ts";
import { openDatabase, type OpenDatabase } from "./db/open.ts";
import { MigrationError } from "./db/schema.ts";
import { isStaffEmpty } from "./db/staff.ts";
import { listen, ListenError } from "./http/server.ts";
import { type Drain } from "./jobs/drain.ts";
import { type Sweep } from "./jobs/sweep.ts";
import { type Accounts } from "./stripe/accounts.ts";
import type { Sandbox } from "./stripe/sandbox/sandbox.ts";
import { every } from "./jobs/every.ts";
import { endWithinMs, serve, type Service, type StartOptions } from "./serve.ts";
import { stopOnSignal } from "./stop-on-signal.ts";

/** A service that runs. What it is served from may change while it does: the parts are those of now. */
export type Running = {
  /** How people reach it. */
  url: string;
  readonly mode: Mode;
  readonly sql: Sql;
  readonly accounts: Accounts;
  readonly drain: Drain;
  readonly sweep: Sweep;
  /** Null when real payments are taken. */
  readonly sandbox: Sandbox | null;
  /** Stops taking requests, ends what is under way within 10 s, closes the database. Harmless when called again. */
  stop: () => Promise<void>;
  isStopping: () => boolean;
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
  let changing: Promise<void> | null = null;
  const serveAnew = async (): Promise<void> => await (changing ??= goOver().finally(() => (changing = null)));
  let now = { database, service: await serve({ config, database, options, serveAnew }) };
  const server = await listen({
    fetch: async (request, env) => await now.service.app.fetch(request, env),
    host: config.host,
    port: config.port,
  }).catch(async (error: unknown) => {
    await now.service.end();
    throw error;
  });
  now.service.run();
  const stopping = new AbortController();
  // A command beside the service may have gone live.
  const watching = every(movedEveryMs, stopping.signal, log, "another database", async () => {
    if (await now.database.hasMoved()) await serveAnew();
  });

  /** The new one answers before the old one ends, so that nobody finds the door closed. */
  async function goOver(): Promise<void> {
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
    stopping.abort();
    await Promise.allSettled([watching, changing]);
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
    get sweep() {
      return now.service.sweep;
    },
    get sandbox() {
      return now.service.sandbox;
    },
    stop,
    isStopping: () => ending !== null,
  };
}

/** How often the service looks whether another database is to be served. */
const movedEveryMs = 2_000;

/** Lets go of what was served before, once the answers under way have gone out. */
async function retire(service: Service, database: OpenDatabase): Promise<void> {
  await sleep(1_000);
  await service.end();
  await database.leave();
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

/**
 * While nobody is on the staff: one line with the address, to whoever reads this terminal and nobody else. The service
 * answers already, so a database that goes away for a moment delays the line and ends nothing.
 */
async function sayFirstAdmin({ sql, url, isStopping }: Running): Promise<void> {
  while (!isStopping()) {
    try {
      const token = await firstAdminToken(sql);
      if (token !== null) {
        process.stdout.write(
          `Nobody can sign in yet. Become the first admin, within 30 minutes: ${url}/setup/${token}\n`,
        );
      }
      return;
    } catch (error) {
      if (failureKind(error) !== "away") throw error;
      await sleep(250);
    }
  }
}

async function firstAdminToken(sql: Sql): Promise<string | null> {
  if (!(await isStaffEmpty(sql))) return null;
  const link = await makeLink(sql, { id: "start", name: "The start of the service" }, { kind: "set up" });
  return link.ok ? link.value : null;
}

async function main(): Promise<void> {
  try {
    const config = readConfig();
    const running = await start(config, { log: logLine });
    stopOnSignal(running, logLine);
    process.stdout.write(`Almonry is at ${running.url}\n`);
    await sayFirstAdmin(running);
    if (running.mode === "sandbox")
      process.stdout.write("No Stripe key is set: payments are played by the sandbox, and no real money moves.\n");
    if (running.mode === "test") process.stdout.write("This is Stripe's test mode: no real money moves.\n");
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exit(1);
  }
}

if (import.meta.main) await main();
