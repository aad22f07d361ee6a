import { setTimeout as sleep } from "node:timers/promises";
import type { Config } from "../config.ts";
import type { Log } from "../core/log.ts";
import { readSetup } from "../core/read-setup.ts";
import type { Sql } from "../db/connect.ts";
import { storeBlocks } from "../db/block.ts";
import { applySetup, readKnownNames } from "../db/setup.ts";
import { makeDemoStaff } from "../db/staff.ts";
import { listStorySteps, readStoryRest } from "../db/story.ts";
import { start } from "../main-node.ts";
import type { Running } from "../main-node.ts";
import { storyDocument } from "./catalogue.ts";
import { createStoryClock } from "./clock.ts";
import { playStory } from "./play.ts";
import type { Progress } from "./play.ts";
import { demoStaff } from "./staff.ts";
import { story, storySeed } from "./story.ts";

export type DemoOptions = {
  log: Log;
  onProgress: (progress: Progress) => void;
};

/** A service that tells the story: `told` resolves when all of it is played and booked. */
export type Demo = { running: Running; told: Promise<void> };

/** How often we look whether everything is booked. */
const lookEveryMs = 200;

/**
 * Starts the service with the story in it. What of the story was played before stays; `/readyz` answers 503 until all of
 * it is played and booked.
 * @throws what `start` throws
 */
export async function startDemo(config: Config, { log, onProgress }: DemoOptions): Promise<Demo> {
  const plan = story(storySeed);
  const [first] = plan.actions;
  const clock = createStoryClock(new Date(first?.at ?? 0), () => new Date());
  let isTold = false;

  const running = await start(config, {
    log,
    sandboxClock: () => clock.now(),
    ready: [{ name: "story", holds: async () => isTold }],
    demoStaff,
    async prepare(sql) {
      await setUpStory(sql);
      await makeDemoStaff(sql, demoStaff);
      const played = (await listStorySteps(sql)).filter(({ isPlayed }) => isPlayed).length;
      // A story that was told before leaves the clock to whoever comes now.
      if (played === plan.actions.length) clock.finish();
    },
  });

  async function tell(): Promise<void> {
    const { sql, sandbox, accounts } = running;
    if (sandbox === null) throw new Error("the demo is played in the sandbox");
    const stripes = new Map(
      await Promise.all(storyAccounts(plan).map(async (slug) => [slug, await accounts.find(slug)] as const)),
    );
    const stripe = (slug: string) => {
      const account = stripes.get(slug);
      if (account === undefined || account === null) throw new Error(`the story's account ${slug} is not set up`);
      return account.stripe;
    };
    await playStory({ sandbox, stripe, sql, clock, baseUrl: config.baseUrl }, plan, onProgress);
    await waitUntilBooked(running);
    // Fees stand in balance transactions, of which the events only tell the names.
    await running.sweep.once("all");
    await waitUntilBooked(running);
    await storeBlocks(sql, new Date(), "complete");
    isTold = true;
  }
  return { running, told: tell() };
}

function storyAccounts({ actions }: ReturnType<typeof story>): string[] {
  return [
    ...new Set(
      actions.flatMap((action) =>
        action.kind === "checkout" ? action.order.account : "account" in action ? action.account : [],
      ),
    ),
  ];
}

async function setUpStory(sql: Sql): Promise<void> {
  const read = readSetup(storyDocument, await readKnownNames(sql));
  if (!read.ok) throw new Error(`the story's set-up file: ${read.problems.join("; ")}`);
  const applied = await applySetup(sql, read.setup);
  if (!applied.ok) throw new Error(`the story's set-up file was refused: ${applied.refusal}`);
}

/** Until nothing is on its way from the sandbox to the totals. */
async function waitUntilBooked({ sql, sandbox, drain }: Running): Promise<void> {
  await sandbox?.tick();
  for (;;) {
    const rest = await readStoryRest(sql);
    if (Object.values(rest).every((count) => count === 0)) return;
    drain.nudge();
    await sleep(lookEveryMs);
  }
}
