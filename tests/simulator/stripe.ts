import type { FaultName } from "../../src/stripe/sandbox/fault-chance.ts";
import { createFaults, type Faults } from "../../src/stripe/sandbox/faults.ts";
import { memoryStore } from "../../src/stripe/sandbox/memory-store.ts";
import type { Deliver } from "../../src/stripe/sandbox/posting.ts";
import { eventInVersion } from "../../src/stripe/sandbox/rendering.ts";
import { createSandbox, type Sandbox } from "../../src/stripe/sandbox/sandbox.ts";
import type { Store } from "../../src/stripe/sandbox/store.ts";
import type { Mail } from "../flow/house.ts";

/** How a history comes to a house. */
export type Weather = {
  seed: number;
  /** Which share of the events comes in the words of an older API version. With 1 the endpoint itself is of that version. */
  older: 0 | 0.3 | 1;
  /** How likely the house books what has come after a step of the history or a day of it. */
  books: number;
};

/** How often each fault has happened. */
export type Counts = Partial<Record<FaultName, number>>;

/** A Stripe of which deliveries and answers meet faults; it starts anew for each history. */
export type ShakyStripe = {
  sandbox: Sandbox;
  /** Every event of the history once, in the newest version, as Stripe sent it first. */
  mail: () => Mail[];
  /** The API behind faults, which do not end. The SDK is told not to try again, so that our own back-off has to. */
  fetch: typeof globalThis.fetch;
  /** The real time as everybody sees it: it goes on with the sandbox's, and further while something is sent again. */
  wallClock: () => Date;
  /** Nothing has happened yet; the deliveries of what will go to `door`. */
  startOver: (weather: Weather, door: Deliver) => Promise<void>;
  /** A day goes by; what was late until then is posted. */
  passDay: () => Promise<void>;
  /** What was made so far is posted, unless something goes wrong with it. */
  post: () => Promise<void>;
  /** Deliveries meet no fault any more, and what is late or was not taken is posted, until nothing is under way. */
  calmDown: () => Promise<void>;
  counts: () => Counts;
};

const startMs = new Date("2021-03-10T15:00:00Z").getTime();
const hourMs = 60 * 60 * 1000;
const dayMs = 24 * hourMs;

/** In it invoices name their payment, and payments their invoice; endpoints of it get no events of invoice payments. */
const olderVersion = "2024-06-20";

/** A history asks Stripe a few times only, so it fails often. */
const chances = { tooMany: 0.2, serverError: 0.2, reset: 0.2, latency: 0.1 };

type Run = { store: Store; deliveries: Faults; deliver: Deliver; api: Faults; fetch: typeof globalThis.fetch };

export function openShakyStripe(): ShakyStripe {
  let [baseMs, aheadMs, ids] = [startMs, 0, 0];
  const mail = new Map<string, Mail>();
  let total: Counts = {};
  const wallClock = (): Date => new Date(Date.now() + aheadMs);
  const random = (): string => (ids += 1).toString(36).padStart(24, "0");
  const sleep = async (ms: number): Promise<void> => await new Promise((resolve) => setTimeout(resolve, ms));

  const sandbox = createSandbox({
    store: exchangeable(() => run.store),
    now: () => new Date(baseMs),
    wallClock,
    random,
    baseUrl: "http://localhost:8787",
    findAccount: async (slug) => ({ name: slug }),
    async deliver(account, body, signature) {
      const { id, type } = JSON.parse(body) as { id: string; type: string };
      if (!mail.has(id)) mail.set(id, { account, type, body, signature });
      return await run.deliver(account, body, signature);
    },
    log: () => undefined,
  });

  function begin({ seed, older }: Weather, door: Deliver): Run {
    const store = memoryStore();
    const inOlderVersion = async (account: string, id: string): Promise<string | null> => {
      const [event] = await store.find(account, [id]);
      return event === undefined ? null : JSON.stringify(eventInVersion(event, olderVersion));
    };
    const ownDoor: Deliver = async (account, body, signature) => {
      const { type } = JSON.parse(body) as { type: string };
      return older === 1 && type.startsWith("invoice_payment.") ? 200 : await door(account, body, signature);
    };
    const needs = { now: () => sandbox.now(), wallClock, secret: sandbox.webhookSecret, sleep, older: inOlderVersion };
    const deliveries = createFaults(seed, { ...needs, chances: { ...chances, olderVersion: older } });
    const api = createFaults(seed, { ...needs, chances });
    const fetch = notRetried(api.fetch(sandbox.fetch));
    return { store, deliveries, deliver: deliveries.deliver(ownDoor), api, fetch };
  }

  function counts(): Counts {
    const all = { ...total };
    for (const faults of [run.deliveries, run.api])
      for (const [name, times] of Object.entries(faults.counts()) as [FaultName, number][])
        all[name] = (all[name] ?? 0) + times;
    return all;
  }

  async function post(): Promise<void> {
    await sandbox.idle();
    await run.deliveries.release();
  }

  let run = begin({ seed: 0, older: 0, books: 1 }, async () => 200);

  return {
    sandbox,
    mail: () => [...mail.values()],
    fetch: async (input, init) => await run.fetch(input, init),
    wallClock,
    async startOver(weather, door) {
      await sandbox.idle();
      total = counts();
      mail.clear();
      ids = 0;
      baseMs += startMs - sandbox.now().getTime();
      run = begin(weather, door);
    },
    async passDay() {
      aheadMs += dayMs;
      await sandbox.advance(dayMs / 1000);
      await post();
    },
    post,
    async calmDown() {
      await sandbox.idle();
      let retried = 1;
      while (retried > 0) {
        await run.deliveries.end();
        aheadMs += 2 * hourMs;
        ({ retried } = await sandbox.tick());
        await sandbox.idle();
      }
      await run.deliveries.end();
    },
    counts,
  };
}

/** A store under a sandbox that can be exchanged for an empty one. */
function exchangeable(current: () => Store): Store {
  return new Proxy({} as Store, { get: (_, name) => current()[name as keyof Store] });
}

function notRetried(inner: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => {
    const answer = await inner(input, init);
    if (answer.status >= 400) answer.headers.set("stripe-should-retry", "false");
    return answer;
  };
}
