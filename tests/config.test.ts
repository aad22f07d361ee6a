import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { ConfigError, demoConfig, readConfig } from "../src/config.ts";

describe("settings", () => {
  test("nothing set is a service on this machine, with its own database and the sandbox", () => {
    expect(readConfig({})).toEqual({
      port: 8787,
      host: "127.0.0.1",
      baseUrl: "http://127.0.0.1:8787",
      dataDir: resolve("data"),
      dataDirIsDefault: true,
      database: null,
      mode: "sandbox",
      accounts: [],
      settingsKey: null,
      smtpUrl: null,
      mailFrom: null,
      trustedProxyHops: 0,
      inboxKeepDays: 90,
    });
  });

  test("an empty setting is one that is not set", () => {
    expect(readConfig({ PORT: "", DATABASE_URL: " ", STRIPE_SECRET_KEY: "" })).toEqual(readConfig({}));
  });

  test("the address follows host and port, unless it is stated", () => {
    expect(readConfig({ HOST: "::1", PORT: "80" }).baseUrl).toBe("http://[::1]:80");
    expect(readConfig({ BASE_URL: "https://give.example.org/" }).baseUrl).toBe("https://give.example.org");
  });

  test("with one database address the owner and the service are the same role", () => {
    const url = "postgres://almonry:secret@db/almonry";
    expect(readConfig({ DATABASE_URL: url }).database).toEqual({ url, ownerUrl: url });
    const ownerUrl = "postgres://owner:secret@db/almonry";
    expect(readConfig({ DATABASE_URL: url, DATABASE_OWNER_URL: ownerUrl }).database).toEqual({ url, ownerUrl });
  });

  test("the key that encrypts settings is 32 bytes, as base64 or hex", () => {
    expect(readConfig({ SETTINGS_KEY: "00".repeat(32) }).settingsKey).toEqual(new Uint8Array(32));
    expect(readConfig({ SETTINGS_KEY: Buffer.alloc(32, 7).toString("base64") }).settingsKey).toEqual(
      new Uint8Array(32).fill(7),
    );
  });
});

describe("Stripe accounts", () => {
  test("the prefix of the key decides the mode", () => {
    expect(readConfig({ STRIPE_SECRET_KEY: "sk_test_1" }).mode).toBe("test");
    expect(readConfig({ STRIPE_SECRET_KEY: "rk_live_1" }).mode).toBe("live");
    expect(readConfig({ STRIPE_WEBHOOK_SECRET: "whsec_1" }).mode).toBe("sandbox");
  });

  test("several accounts, each with several secrets while they are changed", () => {
    const config = readConfig({
      STRIPE_SECRET_KEY: "sk_test_new, sk_test_old",
      STRIPE_WEBHOOK_SECRET: "whsec_new,whsec_old",
      STRIPE_SECRET_KEY__CULTURE_CENTER: "rk_test_1",
    });
    expect(config.accounts).toEqual([
      { slug: null, secretKeys: ["sk_test_new", "sk_test_old"], webhookSecrets: ["whsec_new", "whsec_old"] },
      { slug: "culture-center", secretKeys: ["rk_test_1"], webhookSecrets: [] },
    ]);
  });

  test("a test key beside a live key is refused: one database has one mode", () => {
    expect(() => readConfig({ STRIPE_SECRET_KEY: "sk_test_1", STRIPE_SECRET_KEY__B: "sk_live_1" })).toThrow(
      ConfigError,
    );
  });
});

describe("a malformed setting stops the start with one line that names it and keeps its secret", () => {
  const malformed: Record<string, string> = {
    PORT: "80 80",
    HOST: "not a host",
    BASE_URL: "give.example.org/path",
    DATABASE_URL: "mysql://topsecret@db",
    DATABASE_OWNER_URL: "topsecret",
    STRIPE_SECRET_KEY: "pk_live_topsecret",
    STRIPE_SECRET_KEY__B: "sk_topsecret",
    STRIPE_WEBHOOK_SECRET: "whsec_1,topsecret",
    STRIPE_WEBHOOK_SECRET__b: "whsec_topsecret",
    SETTINGS_KEY: "topsecret",
    SMTP_URL: "topsecret",
    MAIL_FROM: "nobody",
    TRUSTED_PROXY_HOPS: "-1",
    INBOX_KEEP_DAYS: "soon",
  };
  test.each(Object.entries(malformed))("%s=%s", (name, value) => {
    const start = (): unknown => readConfig({ [name]: value });
    expect(start).toThrow(ConfigError);
    expect(start).toThrow(new RegExp(`^${name} [^\\n]+\\.$`, "u"));
    expect(start).not.toThrow(/topsecret/u);
  });

  test.each(["SMTP_URL", "MAIL_FROM"])("%s alone: mail needs both", (name) => {
    const value = { SMTP_URL: "smtp://mail.example", MAIL_FROM: "hello@example.org" }[name];
    expect(() => readConfig({ [name]: value })).toThrow(
      new RegExp(`^${name} is set without (?:SMTP_URL|MAIL_FROM)\\.$`, "u"),
    );
  });

  test("a port beyond the last one", () => {
    expect(() => readConfig({ PORT: "65536" })).toThrow("PORT must be a whole number from 1 to 65535.");
  });

  test("an owner of no database", () => {
    expect(() => readConfig({ DATABASE_OWNER_URL: "postgres://o@h/d" })).toThrow(
      "DATABASE_OWNER_URL is set without DATABASE_URL.",
    );
  });
});

test("the demo never looks at a database, a Stripe key or a mail server", () => {
  const real = {
    PORT: "9000",
    DATABASE_URL: "not even an address",
    DATABASE_OWNER_URL: "x",
    STRIPE_SECRET_KEY: "sk_live_1",
    STRIPE_WEBHOOK_SECRET__B: "x",
    SMTP_URL: "x",
  };
  expect(demoConfig(real)).toEqual({ ...demoConfig({}), port: 9000, baseUrl: "http://127.0.0.1:9000" });
  expect(demoConfig({}).dataDir).toBe(resolve("data-demo"));
  expect(demoConfig({ DATA_DIR: "/srv/demo" })).toMatchObject({
    dataDir: "/srv/demo",
    dataDirIsDefault: false,
    mode: "sandbox",
  });
});
