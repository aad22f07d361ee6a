import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { readConfig } from "../src/config.ts";
import { keepAccountKeys } from "../src/db/account-key.ts";
import { createSeal } from "../src/seal.ts";
import { openKeys, requireMode } from "../src/wiring.ts";
import { openTestDatabase, type TestDatabase } from "./database.ts";

let database: TestDatabase;
const settingsKey = new Uint8Array(32).fill(0x5a);
const logged: string[] = [];

beforeAll(async () => {
  database = await openTestDatabase();
  const { sql } = database;
  await sql`insert into account (slug) values ('alov')`;
  const seal = await createSeal(settingsKey);
  const sealed = async (kind: "secret key" | "webhook secret", text: string) => ({
    kind,
    ...(await seal.seal(text, ["1", kind])),
    sealedBy: seal.fingerprint,
    lastFour: text.slice(-4),
    endpointId: null,
  });
  const keys = [await sealed("secret key", "rk_test_pasted"), await sealed("webhook secret", "whsec_pasted")];
  await keepAccountKeys(sql, { id: "1", name: "A" }, { accountId: 1n, mode: "test", stripeAccountId: null, keys });
});
afterAll(async () => await database.close());
afterEach(() => logged.splice(0));

async function keysOf(env: Record<string, string>, key = settingsKey) {
  const log = (_level: string, message: string): void => void logged.push(message);
  const { keysOf: read } = await openKeys({
    config: readConfig(env),
    sql: database.sql,
    sandbox: null,
    settingsKey: key,
    log,
    clock: { now: () => new Date(), heard: () => undefined },
  });
  const { stripe, webhookSecrets } = await read("alov", true);
  return { hasKey: stripe !== null, webhookSecrets };
}

describe("the keys of an account", () => {
  test("are those pasted at the desk", async () => {
    expect(await keysOf({})).toEqual({ hasKey: true, webhookSecrets: ["whsec_pasted"] });
  });

  test("of the settings come first, and what was pasted is still taken at the door", async () => {
    const env = { STRIPE_SECRET_KEY: "sk_test_1", STRIPE_WEBHOOK_SECRET: "whsec_set" };
    expect(await keysOf(env)).toEqual({ hasKey: true, webhookSecrets: ["whsec_set", "whsec_pasted"] });
  });

  test("that another SETTINGS_KEY sealed are not there, and the log says why without them", async () => {
    expect(await keysOf({}, new Uint8Array(32).fill(1))).toEqual({ hasKey: false, webhookSecrets: [] });
    const line = "a key in the database cannot be opened; SETTINGS_KEY is not the one that sealed it";
    expect(logged).toEqual([line, line]);
  });
});

test("a database with a mode is served in it, whether or not the settings have a key", async () => {
  expect(await requireMode(database.sql, readConfig({}))).toBe("test");
  await expect(requireMode(database.sql, readConfig({ STRIPE_SECRET_KEY: "sk_live_1" }))).rejects.toThrow(
    "This database holds test payments and stays so, and STRIPE_SECRET_KEY is a live key: use another database.",
  );
});
