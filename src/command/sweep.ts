import { readConfig, type Config } from "../config.ts";
import { listAccounts } from "../db/account.ts";
import { withDatabase } from "../db/borrow.ts";
import type { Sql } from "../db/connect.ts";
import { askForSweep } from "../db/sweep.ts";
import { createDrain } from "../jobs/drain.ts";
import { createFetchJob } from "../jobs/fetch.ts";
import { createSweep } from "../jobs/sweep.ts";
import { keepSettingsKey } from "../settings-key.ts";
import { createAccounts } from "../stripe/accounts.ts";
import { openKeys, openSandbox, requireMode } from "../wiring.ts";
import { commandLog, runCommand } from "./run.ts";

/**
 * `npm run sweep`: compares what Stripe lists with what is booked, the last 35 days included, books what is missing, and says
 * of each account how that ended. Exit 0 only when Stripe and the books have the same.
 */
await runCommand(async () => {
  const config = readConfig();
  return await withDatabase(config, "as it is", commandLog, async ({ sql, dataDir }) => {
    const settingsKey = config.settingsKey ?? (await keepSettingsKey(dataDir));
    const rows = await listAccounts(sql);
    await askForSweep(sql);
    const reports = await sweepOnce(sql, config, settingsKey);
    for (const { accountId, found, differences, error } of reports) {
      const account = rows.find(({ id }) => id === accountId)?.slug ?? String(accountId);
      const left = error === null || error === "differences" ? `Differences: ${differences}.` : `Stripe: ${error}.`;
      console.log(`${account}: ${found} found. ${left}`);
    }
    for (const { slug } of rows.filter(({ id }) => reports.every(({ accountId }) => accountId !== id)))
      console.log(`${slug}: not swept; it has no key here, or rests because Stripe asked for that.`);
    return reports.length === rows.length && reports.every(({ error }) => error === null) ? 0 : 1;
  });
});

/** Sweeps beside a running service or without one, and has what was in payouts asked for. */
async function sweepOnce(sql: Sql, config: Config, settingsKey: Uint8Array) {
  const mode = await requireMode(sql, config);
  const now = (): Date => new Date();
  const shared = { config, sql, log: commandLog };
  // The sandbox only answers here; what it posts is for the service.
  const door = async (): Promise<Response> => await Promise.resolve(new Response(null, { status: 503 }));
  const sandbox = mode === "sandbox" ? openSandbox({ ...shared, now, sandboxClock: now, door }) : null;
  const { keysOf } = await openKeys({ ...shared, sandbox, settingsKey, clock: { now, heard: () => undefined } });
  const accounts = createAccounts({ list: async () => await listAccounts(sql), keysOf, now });
  const job = { sql, mode, owner: crypto.randomUUID(), log: commandLog, accountById: accounts.byId, now };
  const drain = createDrain(job);
  const fetches = createFetchJob(job);
  const reports = await createSweep({ ...job, book: async () => await drain.idle() }).once("all");
  while ((await fetches.once()) > 0) await drain.idle();
  return reports;
}
