import type { Config } from "../config.ts";
import { listAccounts } from "../db/account.ts";
import type { Sql } from "../db/connect.ts";
import { isDue, newestTicket } from "../db/ticket.ts";
import { createDrain } from "../jobs/drain.ts";
import { createFetchJob } from "../jobs/fetch.ts";
import { createAccounts } from "../stripe/accounts.ts";
import { openKeys, openSandbox, requireMode } from "../wiring.ts";
import { commandLog } from "./run.ts";

/** How often a command looks whether the service beside it has booked what it holds. */
const beside = 100;

/** The accounts with their keys, as the service has them; where Stripe is played, it only answers here. */
export async function openAccounts(sql: Sql, config: Config, settingsKey: Uint8Array) {
  const mode = await requireMode(sql, config);
  const now = (): Date => new Date();
  const shared = { config, sql, log: commandLog };
  // What the sandbox posts is for the service.
  const door = async (): Promise<Response> => await Promise.resolve(new Response(null, { status: 503 }));
  const sandbox = mode === "sandbox" ? openSandbox({ ...shared, now, sandboxClock: now, door }) : null;
  const { keysOf, ...keys } = await openKeys({
    ...shared,
    sandbox,
    settingsKey,
    clock: { now, heard: () => undefined },
  });
  const accounts = createAccounts({ list: async () => await listAccounts(sql), keysOf, now });
  return { mode, now, keys, accounts };
}

/** What a command needs that asks Stripe and books the answers, beside a running service or without one. */
export async function openAtStripe(sql: Sql, config: Config, settingsKey: Uint8Array) {
  const { mode, now, accounts } = await openAccounts(sql, config, settingsKey);
  const job = { sql, mode, owner: crypto.randomUUID(), log: commandLog, accountById: accounts.byId, now };
  const drain = createDrain(job);
  const fetches = createFetchJob(job);

  /** Resolves once all that stands in the inbox now was tried to book, whoever holds it. */
  async function book(): Promise<void> {
    const newest = await newestTicket(sql);
    for (;;) {
      await drain.idle();
      if (newest === null || !(await isDue(sql, newest))) return;
      await new Promise((resolve) => setTimeout(resolve, beside));
    }
  }

  /** Asks Stripe for what booking showed to be missing, and books the answers, until nothing more is due. */
  async function ask(): Promise<void> {
    while ((await fetches.once()) > 0) await book();
  }
  return { ...job, accounts, book, ask };
}
