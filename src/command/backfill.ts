import { readConfig } from "../config.ts";
import { countLines, dayLines, notPosted, planLines } from "../core/backfill-words.ts";
import { isDay } from "../core/period.ts";
import { listAccounts } from "../db/account.ts";
import { type BackfillPlan, planBackfill, readOlderThanBooks } from "../db/backfill.ts";
import { withDatabase } from "../db/borrow.ts";
import { countBackfill } from "../jobs/backfill-count.ts";
import { type BackfillReport, runBackfill } from "../jobs/backfill.ts";
import { type NotListed, partDays } from "../jobs/sweep-part.ts";
import { keepSettingsKey } from "../settings-key.ts";
import type { Account } from "../stripe/account.ts";
import { openAtStripe } from "./at-stripe.ts";
import { CommandError, commandLog, readOptions, runCommand } from "./run.ts";

/**
 * `npm run backfill -- --account main --from 2021-01-01 [--dry-run]`: brings in what an account has at Stripe from before our
 * sweep of it begins, or only counts it. Interrupted, it goes on when it is run again. Exit 0 only when all of it was.
 */
await runCommand(async (words) => {
  const isDry = words.includes("--dry-run");
  const { account: slug, from: day } = readOptions(
    ["account", "from"],
    words.filter((word) => word !== "--dry-run"),
  );
  if (slug === undefined || day === undefined)
    throw new CommandError("say which --account and --from which day, such as 2021-01-01");
  if (!isDay(day)) throw new CommandError(`${day} is no day such as 2021-01-01`);
  const config = readConfig();
  return await withDatabase(config, "as it is", commandLog, async ({ sql, dataDir }) => {
    const row = (await listAccounts(sql)).find((each) => each.slug === slug);
    if (row === undefined) throw new CommandError(`there is no account ${slug}`);
    const settingsKey = config.settingsKey ?? (await keepSettingsKey(dataDir));
    const { accounts, ...job } = await openAtStripe(sql, config, settingsKey);
    const account = await accounts.byId(row.id);
    if (account === null) throw new CommandError(`account ${slug} has no key here`);
    const plan = await planBackfill(sql, row.id, { day, at: job.now(), sweepDays: partDays });
    if (plan === null || plan.from.getTime() >= plan.to.getTime()) {
      console.log(`${slug}: nothing to do; the sweep itself begins before ${day}.`);
      return 0;
    }
    const signal = abortOnSignal();
    if (isDry) return await count({ ...job, account, signal }, slug, plan);
    const report = await runBackfill(
      {
        ...job,
        account,
        signal,
        run: crypto.randomUUID(),
        onPart: ({ to, part, parts, found, differences }) =>
          console.log(
            `${slug}: done to ${dayOf(to)}, part ${part} of ${parts}, ${found} found${differences === 0 ? "" : `, ${differences} differ`}`,
          ),
      },
      plan.from,
    );
    sayEnd(slug, report);
    const older = await readOlderThanBooks(sql, row.id);
    if (older !== null && older.payments > 0)
      console.log(
        `${older.payments} payments are older than the books, which begin on ${older.booksBeginOn}: ${notPosted}`,
      );
    return report.ended === "whole" || report.ended === "nothing to do" ? 0 : 1;
  });
});

type CountJob = Parameters<typeof countBackfill>[0] & { account: Account };

async function count(job: CountJob, slug: string, plan: BackfillPlan): Promise<number> {
  const onPart = ({ to, part, parts }: { to: Date; part: number; parts: number }): void =>
    void process.stderr.write(`${slug}: counted to ${dayOf(to)}, part ${part} of ${parts}\n`);
  const counted = await countBackfill({ ...job, onPart }, plan.from, plan.to).catch((error: unknown) => {
    if (job.signal?.aborted === true) throw new CommandError(`${slug}: interrupted; nothing was stored`);
    throw error;
  });
  if ("list" in counted) {
    console.log(`${slug}: ${notListed(counted)}`);
    return 1;
  }
  console.log(
    `${slug}: what Stripe has from ${dayOf(plan.from)} on and before ${plan.to.toISOString()}, where the sweep begins. Nothing was stored.`,
  );
  const lines = [
    ...countLines(counted.money, counted.sorted),
    ...planLines(counted.foreign),
    ...dayLines(counted.money, plan.booksBeginOn, plan.openFrom),
    ...(counted.unreadable.length === 0
      ? []
      : [`${counted.unreadable.length} cannot be read: ${some(counted.unreadable)}`]),
  ];
  for (const line of lines) console.log(line);
  return counted.unreadable.length === 0 ? 0 : 1;
}

function sayEnd(slug: string, { ended, from, to, found, differing, away }: BackfillReport): void {
  const again = "Run it again: it goes on where it was.";
  const said: Record<BackfillReport["ended"], string> = {
    whole: `From ${dayOf(from)} to where the sweep begins (${to.toISOString()}) Stripe and we have the same.`,
    "nothing to do": "The sweep itself begins before that day.",
    differences: `Differences: ${differing.length} (${some(differing)}). Run it again once they are mended.`,
    "Stripe away": away === null ? again : `${notListed(away)} ${again}`,
    interrupted: `Interrupted. ${again}`,
    "taken over": "Another back-fill of this account was begun and goes on instead.",
  };
  console.log(`${slug}: ${found} found. ${said[ended]}`);
}

/** A key that lacks a permission is named with it; https://docs.stripe.com/keys#limit-access */
function notListed({ list, reason, isKeyRefused }: NotListed): string {
  const what = list.replaceAll("_", " ");
  if (!isKeyRefused) return `Stripe could not be asked for its ${what} (${reason}).`;
  return `Stripe does not let this key read ${what} (${reason}): npm run stripe:check says which permission it lacks.`;
}

function some(ids: readonly string[]): string {
  return `${ids.slice(0, 10).join(" ")}${ids.length > 10 ? " ..." : ""}`;
}

function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}

/** Ends it between two pages at Ctrl-C, or when it is told to end; a second signal does not wait. */
function abortOnSignal(): AbortSignal {
  const ending = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => ending.abort());
  return ending.signal;
}
