import { readConfig } from "../config.ts";
import type { TriedKey } from "../core/stripe-key.ts";
import { readHouse } from "../db/account.ts";
import { withDatabase } from "../db/borrow.ts";
import { listStripeAccounts } from "../db/stripe-account.ts";
import { readStripeState } from "../http/stripe-state.ts";
import { keepSettingsKey } from "../settings-key.ts";
import { tryKey } from "../stripe/permission.ts";
import { stripeWords as words } from "../../web/locales/en/stripe-settings.ts";
import { stripeLines, stripeWarnings } from "../../web/parts/stripe-lines.ts";
import { openAccounts } from "./at-stripe.ts";
import { commandLog, runCommand } from "./run.ts";

/**
 * `npm run stripe:check`: says of each Stripe account what the desk's page says, and tries each permission of its key.
 * Exit 0 only when every account has a key that may do all that is asked of it.
 */
await runCommand(async () => {
  const config = readConfig();
  return await withDatabase(config, "as it is", commandLog, async ({ sql, dataDir }) => {
    const settingsKey = config.settingsKey ?? (await keepSettingsKey(dataDir));
    const { mode, keys, accounts } = await openAccounts(sql, config, settingsKey);
    const desk = { mode, baseUrl: config.baseUrl, findAccount: accounts.find, keys };
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
