import { readConfig, type Config } from "../config.ts";
import { listAccounts } from "../db/account.ts";
import { withDatabase } from "../db/borrow.ts";
import type { Sql } from "../db/connect.ts";
import { askForSweep } from "../db/sweep.ts";
import { createSweep } from "../jobs/sweep.ts";
import { keepSettingsKey } from "../settings-key.ts";
import { openAtStripe } from "./at-stripe.ts";
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
  const { ask, ...job } = await openAtStripe(sql, config, settingsKey);
  const reports = await createSweep(job).once("all");
  await ask();
  return reports;
}
