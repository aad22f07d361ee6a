import { ConfigError, type Config } from "./config.ts";
import type { Log } from "./core/log.ts";
import { isSandboxKey } from "./core/stripe-key.ts";
import { findPayee, listAccounts } from "./db/account.ts";
import { listAccountKeys } from "./db/account-key.ts";
import type { Sql } from "./db/connect.ts";
import { fixMode, type Mode } from "./db/mode.ts";
import { sandboxStore } from "./db/sandbox.ts";
import type { KeyRoom } from "./http/deps.ts";
import { createSeal, type Seal } from "./seal.ts";
import type { AccountKeys } from "./stripe/accounts.ts";
import { stripeClient } from "./stripe/client.ts";
import type { ClockEar } from "./stripe/clock.ts";
import { createSandbox, type Sandbox } from "./stripe/sandbox/sandbox.ts";
import type { StripeObject } from "./stripe/sandbox/store.ts";

// What every entry point does alike: settings meet the database, and Stripe, real or played, meets the door.

/**
 * The mode in which this database is served: that of the settings' keys, else the one it was made for or has payments of,
 * else the sandbox.
 * @throws ConfigError in one line for keys of one mode on a database of another
 */
export async function requireMode(sql: Sql, { mode }: Config): Promise<Mode> {
  const hasKey = mode !== "sandbox";
  const standing = await fixMode(sql, mode, hasKey);
  if (!hasKey) return standing ?? "sandbox";
  if (standing === null || standing === mode) return mode;
  throw new ConfigError(
    `This database holds ${standing} payments and stays so, and STRIPE_SECRET_KEY is a ${mode} key: use another database.`,
  );
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

/** Who speaks to Stripe with a key: the sandbox for its own keys; Stripe itself for all others, whose answers say the time. */
function connectTo(sandbox: Sandbox | null, clock: ClockEar): KeyRoom["connect"] {
  return (key) =>
    sandbox !== null && isSandboxKey(key) ? stripeClient({ key, fetch: sandbox.fetch }) : stripeClient({ key, clock });
}

type KeyNeeds = {
  config: Config;
  sql: Sql;
  sandbox: Sandbox | null;
  settingsKey: Uint8Array;
  log: Log;
  clock: ClockEar;
};

/** The keys of all accounts: those of the settings come first, then what was pasted at the desk, then the sandbox's own. */
export async function openKeys(needs: KeyNeeds) {
  const { config, sql, sandbox, settingsKey, log, clock } = needs;
  const seal = await createSeal(settingsKey);
  const connect = connectTo(sandbox, clock);
  const fromSettings = (slug: string, isFirst: boolean): ConfiguredKeys =>
    sandbox === null ? configuredKeys(config, slug, isFirst) : { secretKeys: [], webhookSecrets: [] };

  async function keysOf(slug: string, isFirst: boolean): Promise<AccountKeys> {
    const configured = fromSettings(slug, isFirst);
    const stored = await openStored(sql, seal, slug, log);
    const played = sandbox === null ? [] : [sandbox.key(slug)];
    const [key] = [...configured.secretKeys, ...stored.secretKeys, ...played];
    return {
      stripe: key === undefined ? null : connect(key),
      webhookSecrets: [
        ...configured.webhookSecrets,
        ...stored.webhookSecrets,
        ...(sandbox === null ? [] : [await sandbox.webhookSecret(slug)]),
      ],
    };
  }
  return { seal, connect, fromSettings, keysOf };
}

type ConfiguredKeys = { secretKeys: string[]; webhookSecrets: string[] };

/** Keys of the settings: those without a name are the first account's. */
function configuredKeys({ accounts }: Config, slug: string, isFirst: boolean): ConfiguredKeys {
  const keys =
    accounts.find((each) => each.slug === slug) ?? (isFirst ? accounts.find((each) => each.slug === null) : undefined);
  return { secretKeys: keys?.secretKeys ?? [], webhookSecrets: keys?.webhookSecrets ?? [] };
}

/** What was pasted at the desk, the newest first. What another SETTINGS_KEY sealed cannot be used, and says so. */
async function openStored(sql: Sql, seal: Seal, slug: string, log: Log): Promise<ConfiguredKeys> {
  const opened: ConfiguredKeys = { secretKeys: [], webhookSecrets: [] };
  for (const row of await listAccountKeys(sql, slug)) {
    const text = await seal.open(row, [String(row.accountId), row.kind]);
    if (text === null) {
      const about = { account: slug, kind: row.kind, ours: seal.fingerprint, its: row.sealedBy };
      log("error", "a key in the database cannot be opened; SETTINGS_KEY is not the one that sealed it", about);
    } else (row.kind === "secret key" ? opened.secretKeys : opened.webhookSecrets).push(text);
  }
  return opened;
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
