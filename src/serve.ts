import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Hono } from "hono";
import { createApp } from "./app.ts";
import { createAuth, deriveSecret } from "./auth/auth.ts";
import { type Config } from "./config.ts";
import { allListenedTypes } from "./core/event.ts";
import type { Log } from "./core/log.ts";
import { listAccounts, makeFirstAccount } from "./db/account.ts";
import { isAnswering, type Sql } from "./db/connect.ts";
import { storeBlocks } from "./db/block.ts";
import { findLowDisk } from "./db/embedded/disk.ts";
import { releaseFetches } from "./db/fetch.ts";
import { openLive } from "./db/live.ts";
import { releaseMails } from "./db/mail.ts";
import { migrationState } from "./db/migrate.ts";
import type { Mode } from "./db/mode.ts";
import { type OpenDatabase } from "./db/open.ts";
import { readTypesAgain, releaseTickets } from "./db/ticket.ts";
import type { DemoPerson, Deps, Env, ReadyCheck } from "./http/deps.ts";
import { readAssets } from "./http/assets.ts";
import { prepareMonth } from "./http/pack-month.ts";
import { watchForProxies } from "./http/proxy-watch.ts";
import { createAlertJob } from "./jobs/alerts.ts";
import { createDrain, type Drain } from "./jobs/drain.ts";
import { createFetchJob } from "./jobs/fetch.ts";
import { createBell } from "./jobs/bell.ts";
import { every } from "./jobs/every.ts";
import { createMailJob, type MailJob } from "./jobs/mail.ts";
import { createMonthlyPackJob } from "./jobs/monthly-pack.ts";
import { createOldDeliveryJob } from "./jobs/old-deliveries.ts";
import { createSweep, type Sweep } from "./jobs/sweep.ts";
import { createUndeliveredSweep } from "./jobs/undelivered.ts";
import { createWatch } from "./jobs/watch.ts";
import { createMailer } from "./mail/smtp.ts";
import { createAccounts, type Accounts } from "./stripe/accounts.ts";
import type { Sandbox } from "./stripe/sandbox/sandbox.ts";
import { goLive } from "./go-live.ts";
import { keepSettingsKey } from "./settings-key.ts";
import { openKeys, openSandbox, randomId, requireMode, warnOfStrangers } from "./wiring.ts";

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

type ServeNeeds = {
  config: Config;
  database: OpenDatabase;
  options: StartOptions;
  serveAnew: () => Promise<void>;
};

/** Everything that lives as long as one database is served. */
export type Service = {
  mode: Mode;
  accounts: Accounts;
  drain: Drain;
  sweep: Sweep;
  /** Null when real payments are taken. */
  sandbox: Sandbox | null;
  app: Hono<Env>;
  /** Begins the background work. */
  run: () => void;
  /** Ends it, and the streams, within 10 s. The database stays open. */
  end: () => Promise<void>;
};

/** Puts everything together that one database is served with; nothing runs, and nobody is answered, before `run`. */
export async function serve({ config, database, options, serveAnew }: ServeNeeds): Promise<Service> {
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
  const sweepAsked = createBell();
  const sweep = createSweep({
    sql,
    mode,
    accountById: accounts.byId,
    // What the sandbox lists is dated by its own clock.
    now: sandbox?.now ?? now,
    log,
    async book() {
      drain.nudge();
      await drain.idle();
    },
    onWanted: () => fetches.nudge(),
    signal: stopping.signal,
  });
  const mail = openMail(config, sql, log);
  const proxies = watchForProxies({ hops: config.trustedProxyHops, now, log });
  const alerts = createAlertJob({
    sql,
    baseUrl: config.baseUrl,
    accountById: accounts.byId,
    // Another machine's database is on a disk that cannot be seen from here.
    ...(config.database === null && { disk: async () => await findLowDisk(database.dataDir) }),
    proxy: proxies.found,
    writesMail: mail !== null,
    log,
    onMail: () => mail?.nudge(),
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
    watchProxies: proxies.watch,
    demoStaff: options.demoStaff ?? [],
    findAccount: accounts.find,
    live,
    keys: { ...keys, serveAnew },
    goLive: async (by, going) => await goLive(config, { ...database, mode }, by, going),
    hasOwnDatabase: config.database !== null,
    now,
    random: randomId,
    log,
    onStored: () => drain.nudge(),
    onSweepAsked: () => sweepAsked.ring(),
    compresses: true,
    mail: mail === null ? "none" : "sends",
    onMail: () => mail?.nudge(),
    // Its letters are large, and most services never print.
    printPack: async (pack) => await (await import("./pdf/pack-pdf.ts")).printPack(pack),
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

  const monthlyPacks =
    mail === null
      ? null
      : createMonthlyPackJob({
          sql,
          baseUrl: config.baseUrl,
          prepare: prepareMonth,
          now,
          log,
          onMail: () => mail.nudge(),
        });
  const oldDeliveries = createOldDeliveryJob({ sql, keepDays: config.inboxKeepDays, log });
  let which: "all" | "due" = "all";
  const look = async (): Promise<void> => {
    await undelivered.once(which);
    which = "due";
    await watch.once();
    await alerts.once();
  };
  let isStarting = true;
  const compare = async (): Promise<void> => {
    await sweep.once(isStarting ? "all" : "due");
    isStarting = false;
  };
  const work: Promise<void>[] = [];
  return {
    mode,
    accounts,
    drain,
    sweep,
    sandbox,
    app,
    run() {
      work.push(drain.loop(stopping.signal), fetches.loop(stopping.signal));
      if (sandbox !== null) work.push(every(1_000, stopping.signal, log, "sandbox", sandbox.tick));
      if (mail !== null) work.push(mail.loop(stopping.signal));
      work.push(every(60_000, stopping.signal, log, "undelivered events, and the watch", look));
      work.push(every(60_000, stopping.signal, log, "the sweep", compare, sweepAsked));
      work.push(every(60_000, stopping.signal, log, "old deliveries", oldDeliveries.once));
      if (monthlyPacks !== null)
        work.push(every(hourMs, stopping.signal, log, "packs of the month", monthlyPacks.once));
      const store = async (): Promise<number> => await storeBlocks(sql, now());
      work.push(every(3_600_000, stopping.signal, log, "months for the public", store));
    },
    async end() {
      stopping.abort();
      live.stop();
      await Promise.race([Promise.allSettled([...work, sandbox?.idle()]), sleep(endWithinMs)]);
      await auth.close();
    },
  };
}

/** What sends mail; null where no mail server was set. */
function openMail({ smtpUrl, mailFrom, baseUrl }: Config, sql: Sql, log: Log): MailJob | null {
  if (smtpUrl === null || mailFrom === null) return null;
  const mailer = createMailer({ url: smtpUrl, from: mailFrom });
  return createMailJob({ sql, owner: crypto.randomUUID(), mailer, host: new URL(baseUrl).hostname, log });
}

const hourMs = 3_600_000;

/** How long requests and background work under way may take to end. */
export const endWithinMs = 10_000;

async function builtAssets(log: Log): Promise<Deps["assets"]> {
  const built = await readAssets(fileURLToPath(new URL("../dist/client", import.meta.url)));
  if (built !== null) return built;
  log("warn", "the browser's files are not built, so pages are plain; run npm run build");
  return { style: "/assets/style.css", script: "/assets/main.js", serve: null };
}
