import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestHarness } from "wrangler";
import { settingsKey } from "../staff.ts";

/** The Worker of wrangler.toml in the real runtime, on this machine and with no other. */
export type Workerd = {
  /** Where it answers. */
  url: string;
  /** Runs what the cron trigger runs, to its end. */
  cron: () => Promise<{ outcome: string }>;
  /** What it logged since the last question, a line each. */
  logged: () => string[];
  close: () => Promise<void>;
};

/** The address that pages, mails and Stripe use; it need not be where the test asks. */
export const baseUrl = "http://localhost:8787";

/**
 * Starts the Worker on a database.
 * @param settings variables and secrets beside BASE_URL
 */
export async function openWorkerd(databaseUrl: string, settings: Record<string, string> = {}): Promise<Workerd> {
  const home = await mkdtemp(join(tmpdir(), "almonry-wrangler-"));
  Object.assign(process.env, quiet(home), {
    CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_HYPERDRIVE: databaseUrl,
  });
  // Only now, since it reads some of these while it is loaded.
  const { createTestHarness } = await import("wrangler");
  const worker = { configPath: "wrangler.toml", vars: { BASE_URL: baseUrl, SETTINGS_KEY: settingsKey, ...settings } };
  const harness = createTestHarness({ workers: [worker] });
  const { url } = await harness.listen();
  return {
    url: url.origin,
    cron: async () => await harness.getWorker().scheduled({ cron: "* * * * *" }),
    logged: () => takeLogs(harness),
    async close() {
      await harness.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Wrangler tells nobody, asks nobody, and leaves nothing in anybody's home. */
export function quiet(home: string): Record<string, string> {
  return {
    XDG_CONFIG_HOME: home,
    XDG_CACHE_HOME: home,
    WRANGLER_SEND_METRICS: "false",
    WRANGLER_SEND_ERROR_REPORTS: "false",
    WRANGLER_WRITE_LOGS: "false",
    WRANGLER_CI_DISABLE_CONFIG_WATCHING: "true",
    CLOUDFLARE_CF_FETCH_ENABLED: "false",
  };
}

function takeLogs(harness: TestHarness): string[] {
  const lines = harness.getLogs().map(({ message }) => message);
  harness.clearLogs();
  return lines;
}
