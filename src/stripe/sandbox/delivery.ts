import type { Log } from "../../core/log.ts";
import type { SandboxTask } from "../../core/sandbox.ts";
import { emptyChange } from "./entry.ts";
import { createPosting } from "./posting.ts";
import type { Posted, PostingNeeds } from "./posting.ts";
import type { Change, StripeObject } from "./store.ts";

type Needs = PostingNeeds & { log: Log };

type Job = { task: SandboxTask; event: StripeObject };
type Outcome = Posted["outcome"];
type Ended = { task: SandboxTask; outcome: Outcome };

/** Enough at once for the door to commit them together, few enough not to starve it. */
const concurrency = 32;
/** What is beyond this waits in the store only, so that a long story does not fill the memory. */
const queueMax = 4000;
const pullMax = 500;
const backOffMaxMs = 60 * 60 * 1000;

/**
 * Brings events to the webhook door. An event is stored as undelivered first and then posted; whatever the door does not
 * take with a 2xx stays in the store and is tried again later, signed anew, by this process or the next. Order is not kept.
 */
export function createDelivery(needs: Needs) {
  const { store, wallClock, log } = needs;
  const posting = createPosting(needs);
  const queue: Job[] = [];
  /** Ids of what is queued, under way, or not yet written down. */
  const held = new Set<string>();
  let running = 0;
  let outcomes: Ended[] = [];
  let writing = false;
  let waiting: (() => void)[] = [];

  function enqueue(jobs: readonly Job[]): void {
    for (const job of jobs) {
      if (queue.length >= queueMax || held.has(job.task.id)) continue;
      held.add(job.task.id);
      queue.push(job);
    }
    while (running < concurrency) {
      const job = queue.shift();
      if (job === undefined) return;
      running += 1;
      void run(job);
    }
  }

  async function run({ task, event }: Job): Promise<void> {
    const outcome = await post(task, event);
    running -= 1;
    outcomes.push({ task, outcome });
    enqueue([]);
    await writeDown();
  }

  async function post({ account, id }: SandboxTask, event: StripeObject): Promise<Outcome> {
    try {
      if (event.object !== "event") return "taken";
      const posted = await posting.post(account, event);
      if (posted.outcome !== "refused") return posted.outcome;
      log("warn", "the webhook door did not take a sandbox event", { account, event: id, status: posted.status });
    } catch (error) {
      log("warn", "a sandbox event could not be posted", {
        account,
        event: id,
        error: error instanceof Error ? error.name : "unknown",
      });
    }
    return "refused";
  }

  /** One statement at a time for all that came to an end meanwhile. */
  async function writeDown(): Promise<void> {
    if (writing) return;
    writing = true;
    while (outcomes.length > 0) {
      const ended = outcomes;
      outcomes = [];
      try {
        await store.save(outcomeOf(ended, wallClock()));
      } catch (error) {
        // Still marked undelivered, so they come again; the door knows an event it has seen.
        log("error", "sandbox deliveries could not be written down", {
          error: error instanceof Error ? error.name : "unknown",
        });
      }
      for (const { task } of ended) held.delete(task.id);
    }
    writing = false;
    if (held.size > 0) return;
    for (const resolve of waiting) resolve();
    waiting = [];
  }

  /** Takes up what the store holds and is due. @returns how many events that is */
  async function pull(): Promise<number> {
    if (queue.length > 0) return 0;
    const tasks = (await store.due(["deliver"], wallClock(), pullMax)).filter((task) => !held.has(task.id));
    const found = await Promise.all(
      [...Map.groupBy(tasks, (task) => task.account)].map(([account, its]) =>
        store.find(
          account,
          its.map((task) => task.id),
        ),
      ),
    );
    const events = new Map(found.flat().map((event) => [event.id, event]));
    const jobs = tasks.flatMap((task) => {
      const event = events.get(task.id);
      return event === undefined ? [] : [{ task, event }];
    });
    enqueue(jobs);
    return jobs.length;
  }

  return {
    /** Sends off the events of a change that has just been saved. */
    offer(change: Change): void {
      posting.notice(change);
      const events = new Map(change.entries.map((entry) => [entry.id, entry.doc]));
      const jobs = change.tasks.flatMap((task) => {
        const event = events.get(task.id);
        return task.kind === "deliver" && event !== undefined ? [{ task, event }] : [];
      });
      enqueue(jobs);
    },
    pull,
    /** Waits until every event that is due has been tried. */
    async idle(): Promise<void> {
      do {
        if (held.size > 0) await new Promise<void>((resolve) => waiting.push(resolve));
      } while ((await pull()) > 0 || held.size > 0);
    },
  };
}

/** An endpoint that is disabled gets nothing later either: the event stays undelivered, for whoever asks for those. */
const never = new Date("9999-12-31T00:00:00Z");

function outcomeOf(ended: readonly Ended[], at: Date): Change {
  const change = emptyChange();
  for (const { task, outcome } of ended) {
    if (outcome === "taken") change.done.push({ account: task.account, kind: task.kind, id: task.id });
    else {
      const dueAt = outcome === "not posted" ? never : new Date(at.getTime() + backOffMs(task.tries));
      change.tasks.push({ ...task, tries: task.tries + 1, dueAt });
    }
  }
  return change;
}

/** 1 s, 2 s, 4 s ... up to an hour. */
const backOffMs = (tries: number): number => Math.min(1000 * 2 ** Math.min(tries, 20), backOffMaxMs);
