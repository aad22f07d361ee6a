import { ConfigError, type Config } from "./config.ts";
import type { Log } from "./core/log.ts";
import { findPayee, listAccounts } from "./db/account.ts";
import type { Sql } from "./db/connect.ts";
import { fixMode } from "./db/mode.ts";
import { sandboxStore } from "./db/sandbox.ts";
import type { AccountKeys } from "./stripe/accounts.ts";
import { stripeClient } from "./stripe/client.ts";
import type { ClockEar } from "./stripe/clock.ts";
import { createSandbox, type Sandbox } from "./stripe/sandbox/sandbox.ts";
import type { StripeObject } from "./stripe/sandbox/store.ts";

// What every entry point does alike: settings meet the database, and Stripe, real or played, meets the door.

/**
 * Refuses keys of one mode on a database that holds payments of another.
 * @throws ConfigError in one line
 */
export async function requireMode(sql: Sql, { mode }: Config): Promise<void> {
  const standing = await fixMode(sql, mode, mode !== "sandbox");
  if (standing === null || standing === mode) return;
  const asked = mode === "sandbox" ? "there is no STRIPE_SECRET_KEY" : `STRIPE_SECRET_KEY is a ${mode} key`;
  throw new ConfigError(`This database holds ${standing} payments and stays so, and ${asked}: use another database.`);
}

/** Keys of an account that nobody set up are a slip of the pen, but must not keep the others from working. */
export async function warnOfStrangers({ accounts }: Config, sql: Sql, log: Log): Promise<void> {
  const known = new Set((await listAccounts(sql)).map(({ slug }) => slug));
  for (const { slug } of accounts) {
    if (slug !== null && !known.has(slug))
      log("warn", "settings name an account that is not set up", { account: slug });
  }
}

type SandboxNeeds = {
  config: Config;
  sql: Sql;
  log: Log;
  now: () => Date;
  /** The sandbox's own clock, which a story may set to any day. */
  sandboxClock: () => Date;
  /** The app: the sandbox's webhooks go through the real door, without a port. */
  door: (request: Request) => Promise<Response>;
};

/** The sandbox on this database. */
export function openSandbox({ config, sql, log, now, sandboxClock, door }: SandboxNeeds): Sandbox {
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
      return (await door(new Request(address, { method: "POST", headers, body }))).status;
    },
  });
}

/** What speaks for an account: the sandbox where there is one, else the keys of the settings, whose answers say the time. */
export function keysOf(config: Config, sandbox: Sandbox | null, clock: ClockEar) {
  return sandbox === null ? configuredKeys(config, clock) : sandboxKeys(sandbox);
}

/** Keys of the sandbox are made from the account's name. */
function sandboxKeys(sandbox: Sandbox) {
  return async (slug: string): Promise<AccountKeys> => ({
    stripe: stripeClient({ key: sandbox.key(slug), fetch: sandbox.fetch }),
    webhookSecrets: [await sandbox.webhookSecret(slug)],
  });
}

/** Keys of the settings: those without a name are the first account's. */
function configuredKeys({ accounts }: Config, clock: ClockEar) {
  return async (slug: string, isFirst: boolean): Promise<AccountKeys> => {
    const keys =
      accounts.find((each) => each.slug === slug) ??
      (isFirst ? accounts.find((each) => each.slug === null) : undefined);
    const key = keys?.secretKeys[0];
    const stripe = key === undefined ? null : stripeClient({ key, clock });
    return { stripe, webhookSecrets: keys?.webhookSecrets ?? [] };
  };
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
