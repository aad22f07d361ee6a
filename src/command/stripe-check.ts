import { readConfig, type Config } from "../config.ts";
import type { TriedKey } from "../core/stripe-key.ts";
import { listAccounts, readHouse } from "../db/account.ts";
import { withDatabase } from "../db/borrow.ts";
import type { Sql } from "../db/connect.ts";
import type { Mode } from "../db/mode.ts";
import { listStripeAccounts } from "../db/stripe-account.ts";
import { readStripeState } from "../http/stripe-state.ts";
import { keepSettingsKey } from "../settings-key.ts";
import { createAccounts } from "../stripe/accounts.ts";
import { tryKey } from "../stripe/permission.ts";
import { stripeWords as words } from "../../web/locales/en/stripe-settings.ts";
import { stripeLines, stripeWarnings } from "../../web/parts/stripe-lines.ts";
import { openKeys, openSandbox, requireMode } from "../wiring.ts";
import { commandLog, runCommand } from "./run.ts";

/**
 * `npm run stripe:check`: says of each Stripe account what the desk's page says, and tries each permission of its key.
 * Exit 0 only when every account has a key that may do all that is asked of it.
 */
await runCommand(async () => {
  const config = readConfig();
  return await withDatabase(config, "as it is", commandLog, async ({ sql, dataDir }) => {
    const mode = await requireMode(sql, config);
    const settingsKey = config.settingsKey ?? (await keepSettingsKey(dataDir));
    const desk = await openDesk(sql, config, mode, settingsKey);
    const { timeZone } = await readHouse(sql);
    let isFine = true;
    for (const row of await listStripeAccounts(sql)) {
      const state = await readStripeState(desk, row);
      console.log(words.accountTitle(row.organisation ?? row.slug));
      for (const { label, text } of stripeLines(mode, state, timeZone)) console.log(`  ${label}: ${text}`);
      for (const text of stripeWarnings(mode, state)) console.log(`  ${text}`);
      const account = state.key === null ? null : await desk.findAccount(row.slug);
      isFine = account !== null && report(await tryKey(account.stripe)) && isFine;
    }
    return isFine ? 0 : 1;
  });
});

/** What the desk's page knows an account by. */
async function openDesk(sql: Sql, config: Config, mode: Mode, settingsKey: Uint8Array) {
  const now = (): Date => new Date();
  const shared = { config, sql, log: commandLog };
  // Nothing is posted while a command looks.
  const door = async (): Promise<Response> => await Promise.resolve(new Response(null, { status: 503 }));
  const sandbox = mode === "sandbox" ? openSandbox({ ...shared, now, sandboxClock: now, door }) : null;
  const clock = { now, heard: () => undefined };
  const { keysOf, ...keys } = await openKeys({ ...shared, sandbox, settingsKey, clock });
  const accounts = createAccounts({ list: async () => await listAccounts(sql), keysOf, now });
  return { mode, baseUrl: config.baseUrl, findAccount: accounts.find, keys };
}

/** @returns whether nothing is missing */
function report(tried: TriedKey): boolean {
  if (tried.outcome !== "tried") {
    console.log(
      `  ${tried.outcome === "refused" ? words.errors.refused(tried.words) : words.errors.away(tried.words)}`,
    );
    return false;
  }
  const missing = tried.permissions.filter(({ outcome }) => outcome !== "granted");
  for (const { name, outcome, words: said } of missing) {
    console.log(`  ${words.permissions[name]}: ${words.outcomes[outcome]}`);
    if (said !== null) console.log(`    ${words.stripeSays(said)}`);
  }
  console.log(`  ${missing.length === 0 ? words.triedAll : words.triedMissing(missing.length)}`);
  return missing.length === 0;
}
