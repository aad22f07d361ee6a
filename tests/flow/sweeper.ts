import type Stripe from "stripe";
import { listAccounts } from "../../src/db/account.ts";
import { createSweep, type SweepReport } from "../../src/jobs/sweep.ts";
import type { House } from "./house.ts";

type Ways = { which?: "all" | "due"; stripeOf?: (account: string) => Promise<Stripe> };

/** Sweeps all accounts of a house, and then asks for what that showed to be missing and books it. */
export async function sweep(
  house: House,
  { which = "all", stripeOf = house.stripe }: Ways = {},
): Promise<SweepReport[]> {
  const rows = await listAccounts(house.sql);
  const job = createSweep({
    sql: house.sql,
    mode: "sandbox",
    now: house.sandbox.now,
    log: () => undefined,
    book: house.book,
    async accountById(id) {
      const row = rows.find((account) => account.id === id);
      return row === undefined ? null : { ...row, webhookSecrets: [], stripe: await stripeOf(row.slug) };
    },
  });
  const reports = await job.once(which);
  await house.book();
  return reports;
}
