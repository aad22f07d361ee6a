import { isAbsolute, resolve } from "node:path";
import { z } from "zod";

/** What money a database holds: Almonry's own stand-in for Stripe, Stripe's test mode, or real money. */
export type Mode = "sandbox" | "test" | "live";

/** Keys of one Stripe account as the environment gives them, the newest first in each list. */
export type AccountKeys = {
  /** The account's slug, or null for the first account (settings without `__<ACCOUNT>`). */
  slug: string | null;
  secretKeys: string[];
  /** Without one the account's door answers 503. */
  webhookSecrets: string[];
};

/** Every setting of the service, read once at the start. */
export type Config = {
  port: number;
  host: string;
  /** How people reach the service, without a slash at the end. */
  baseUrl: string;
  /** Absolute path. */
  dataDir: string;
  /** True when nobody chose `dataDir`: only then may the embedded server put its files elsewhere. */
  dataDirIsDefault: boolean;
  /** Null: the embedded server. `ownerUrl` is `url` again when only one was given. */
  database: { url: string; ownerUrl: string } | null;
  mode: Mode;
  accounts: AccountKeys[];
  /** 32 bytes that encrypt settings kept in the database, or null. */
  settingsKey: Uint8Array | null;
  smtpUrl: string | null;
  mailFrom: string | null;
  trustedProxyHops: number;
  inboxKeepDays: number;
};

export type Environment = Record<string, string | undefined>;

/** A setting that cannot be used, in one line that names it and never repeats a secret. */
export class ConfigError extends Error {
  override name = "ConfigError";
}

const secretKey = /^(?:sk|rk)_(test|live)_[0-9A-Za-z_]+$/u;
const webhookSecret = /^whsec_\S+$/u;

/** How each setting is read. The README lists them all; tests/house.test.ts compares. */
const settings = z.object({
  PORT: number(1, 65_535).default(8787),
  HOST: z
    .string()
    .regex(/^[0-9A-Za-z.:_-]+$/u, "must be a host name or address such as 127.0.0.1")
    .default("127.0.0.1"),
  BASE_URL: z.string().transform(origin).optional(),
  DATA_DIR: z.string().optional(),
  DATABASE_URL: z
    .string()
    .refine(isPostgres, "must be an address such as postgres://user:password@host/database")
    .optional(),
  DATABASE_OWNER_URL: z
    .string()
    .refine(isPostgres, "must be an address such as postgres://owner:password@host/database")
    .optional(),
  SETTINGS_KEY: z.string().transform(thirtyTwoBytes).optional(),
  SMTP_URL: z
    .string()
    .refine(
      (text) => /^smtps?:\/\/\S+$/u.test(text) && URL.canParse(text),
      "must be an address such as smtp://user:password@host:587",
    )
    .optional(),
  MAIL_FROM: z
    .string()
    .regex(/^(?:[^<>]*<[^\s@<>]+@[^\s@<>]+>|[^\s@<>]+@[^\s@<>]+)$/u, "must be an e-mail address")
    .optional(),
  TRUSTED_PROXY_HOPS: number(0, 10).default(0),
  INBOX_KEEP_DAYS: number(1, 3_650).default(90),
  STRIPE_SECRET_KEY: list(secretKey, "must start with sk_test_, sk_live_, rk_test_ or rk_live_").optional(),
  STRIPE_WEBHOOK_SECRET: list(webhookSecret, "must start with whsec_").optional(),
});

/** The names of all settings; `STRIPE_...` ones may end in `__<ACCOUNT>`. */
export const settingNames: readonly string[] = Object.keys(settings.shape);

/**
 * Reads the settings, only by their form: Stripe is never called, the database not opened.
 * @throws ConfigError with one line when a setting cannot be used.
 */
export function readConfig(env: Environment = process.env, defaultDataDir = "./data"): Config {
  const stated = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ""),
  );
  const read = check(settings, stated, "");
  if (read.DATABASE_OWNER_URL !== undefined && read.DATABASE_URL === undefined) {
    throw new ConfigError("DATABASE_OWNER_URL is set without DATABASE_URL.");
  }
  if ((read.SMTP_URL === undefined) !== (read.MAIL_FROM === undefined)) {
    throw new ConfigError(
      read.SMTP_URL === undefined ? "MAIL_FROM is set without SMTP_URL." : "SMTP_URL is set without MAIL_FROM.",
    );
  }
  const accounts = readAccounts(stated);
  const dataDir = read.DATA_DIR ?? defaultDataDir;
  return {
    port: read.PORT,
    host: read.HOST,
    baseUrl: read.BASE_URL ?? `http://${read.HOST.includes(":") ? `[${read.HOST}]` : read.HOST}:${read.PORT}`,
    dataDir: isAbsolute(dataDir) ? dataDir : resolve(dataDir),
    dataDirIsDefault: read.DATA_DIR === undefined,
    database:
      read.DATABASE_URL === undefined
        ? null
        : { url: read.DATABASE_URL, ownerUrl: read.DATABASE_OWNER_URL ?? read.DATABASE_URL },
    mode: modeOf(accounts),
    accounts,
    settingsKey: read.SETTINGS_KEY ?? null,
    smtpUrl: read.SMTP_URL ?? null,
    mailFrom: read.MAIL_FROM ?? null,
    trustedProxyHops: read.TRUSTED_PROXY_HOPS,
    inboxKeepDays: read.INBOX_KEEP_DAYS,
  };
}

/** The demo's settings: its own data, the sandbox, no mail, whatever database or keys the environment knows. */
export function demoConfig(env: Environment = process.env): Config {
  const harmless = Object.entries(env).filter(
    ([name]) => !/^(?:DATABASE_|STRIPE_|SMTP_|MAIL_|SETTINGS_KEY)/u.test(name),
  );
  return readConfig(Object.fromEntries(harmless), "./data-demo");
}

function readAccounts(env: Environment): AccountKeys[] {
  const keys = {
    STRIPE_SECRET_KEY: settings.shape.STRIPE_SECRET_KEY,
    STRIPE_WEBHOOK_SECRET: settings.shape.STRIPE_WEBHOOK_SECRET,
  };
  const suffixes = new Set<string>();
  for (const name of Object.keys(env)) {
    const match = /^STRIPE_(?:SECRET_KEY|WEBHOOK_SECRET)(?:__(?<account>.*))?$/u.exec(name);
    if (match === null) continue;
    const account = match.groups?.["account"];
    if (account !== undefined && !/^[A-Z0-9]+(?:_[A-Z0-9]+)*$/u.test(account)) {
      throw new ConfigError(
        `${name} must end in an account's slug in upper case with - as _, such as __CULTURE_CENTER.`,
      );
    }
    suffixes.add(account === undefined ? "" : `__${account}`);
  }
  return [...suffixes].sort().map((suffix) => {
    const own = {
      STRIPE_SECRET_KEY: env[`STRIPE_SECRET_KEY${suffix}`],
      STRIPE_WEBHOOK_SECRET: env[`STRIPE_WEBHOOK_SECRET${suffix}`],
    };
    const read = check(z.object(keys), own, suffix);
    return {
      slug: suffix === "" ? null : suffix.slice(2).toLowerCase().replaceAll("_", "-"),
      secretKeys: read.STRIPE_SECRET_KEY ?? [],
      webhookSecrets: read.STRIPE_WEBHOOK_SECRET ?? [],
    };
  });
}

/** One database, one mode: the prefix of the keys says which, and no key at all means the sandbox. */
function modeOf(accounts: AccountKeys[]): Mode {
  const modes = new Set(accounts.flatMap(({ secretKeys }) => secretKeys.map((key) => secretKey.exec(key)?.[1])));
  if (modes.size > 1) throw new ConfigError("STRIPE_SECRET_KEY: a test key and a live key cannot be used together.");
  if (modes.has("live")) return "live";
  return modes.has("test") ? "test" : "sandbox";
}

function check<T>(schema: z.ZodType<T>, values: Environment, suffix: string): T {
  const result = schema.safeParse(values);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new ConfigError(`${String(issue?.path[0])}${suffix} ${issue?.message}.`);
}

function number(least: number, most: number) {
  const words = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,9}$/u, words)
    .transform(Number)
    .refine((value) => value >= least && value <= most, words);
}

function list(form: RegExp, words: string) {
  return z
    .string()
    .transform((text) =>
      text
        .split(",")
        .map((part) => part.trim())
        .filter((part) => part !== ""),
    )
    .refine((parts) => parts.length > 0 && parts.every((part) => form.test(part)), words);
}

function isPostgres(text: string): boolean {
  return /^postgres(?:ql)?:\/\/\S+$/u.test(text) && URL.canParse(text);
}

function origin(text: string, context: z.RefinementCtx): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (
    url !== null &&
    /^https?:$/u.test(url.protocol) &&
    url.pathname === "/" &&
    `${url.search}${url.hash}${url.username}` === ""
  )
    return url.origin;
  context.addIssue("must be an address without a path, such as https://give.example.org");
  return z.NEVER;
}

function thirtyTwoBytes(text: string, context: z.RefinementCtx): Uint8Array {
  const bytes = Buffer.from(text, /^[0-9a-f]{64}$/iu.test(text) ? "hex" : "base64");
  if (bytes.length === 32 && /^[0-9A-Za-z+/_=-]+$/u.test(text)) return new Uint8Array(bytes);
  context.addIssue("must be 32 random bytes as base64 or hex (openssl rand -base64 32)");
  return z.NEVER;
}
