import Stripe from "stripe";
import { createDraw, usualChances } from "./fault-chance.ts";
import type { FaultChances, FaultName } from "./fault-chance.ts";
import { faultyFetch } from "./fault-fetch.ts";
import type { Deliver } from "./posting.ts";

export type FaultOptions = {
  /** What differs from `usualChances`. */
  chances?: Partial<FaultChances>;
  /** The sandbox's clock, by which events are late. */
  now: () => Date;
  /** The real time, which late events are signed at. */
  wallClock: () => Date;
  /** What an account's deliveries are signed with. */
  secret: (account: string) => Promise<string>;
  /** An event as endpoints of an older API version get it, null when they do not. Without it every event is of the newest. */
  older?: (account: string, eventId: string) => Promise<string | null>;
  sleep?: (ms: number) => Promise<void>;
};

export type Faults = {
  /** The door behind what goes wrong on the way to it. */
  deliver: (door: Deliver) => Deliver;
  /** The API behind what goes wrong on the way to and from it. */
  fetch: (api: typeof globalThis.fetch) => typeof globalThis.fetch;
  /** For `createSandbox`: whether Stripe makes an event at all. */
  generates: (account: string, type: string, objectId: string) => boolean;
  /** Posts the late events whose time has come. @returns how many */
  release: () => Promise<number>;
  /** Nothing goes wrong any more, and everything late is posted. */
  end: () => Promise<void>;
  /** How often each fault has happened. */
  counts: () => Record<FaultName, number>;
};

/** An event under way; it arrives at a moment of the sandbox's clock, or after so many later ones of its account. */
type Late = { account: string; payload: string; door: Deliver; at: number; behind: number };

const delayMaxMs = 72 * 60 * 60 * 1000;
const latencyMaxMs = 20;
const behindMax = 8;
/** A post that fails more often than this in a row would only make the test longer. */
const dropsMax = 4;
const retryMs = 60 * 60 * 1000;

/**
 * Faults drawn from a seed: the same seed, events and requests meet the same faults, whatever else goes on. Nothing is lost
 * for good but what `neverGenerated` says, once `end` has been called and the sandbox is idle.
 */
export function createFaults(seed: string | number, options: FaultOptions): Faults {
  const { now, wallClock, secret, older, sleep = async () => undefined } = options;
  const chances = { ...usualChances, ...options.chances };
  const draw = createDraw(seed);
  const counts = Object.fromEntries(Object.keys(chances).map((name) => [name, 0])) as Record<FaultName, number>;
  const tries = new Map<string, number>();
  let late: Late[] = [];
  let isOver = false;

  function happens(name: FaultName, ...words: (string | number)[]): boolean {
    if (isOver || draw(name, ...words) >= chances[name]) return false;
    counts[name] += 1;
    return true;
  }

  async function signed(account: string, payload: string): Promise<string> {
    const timestamp = Math.floor(wallClock().getTime() / 1000);
    return await Stripe.webhooks.generateTestHeaderStringAsync({ payload, secret: await secret(account), timestamp });
  }

  /** Posts those that `isDue` says; what the door does not take is late for another hour. */
  async function postLate(isDue: (one: Late) => boolean): Promise<number> {
    const due = late.filter(isDue);
    late = late.filter((one) => !due.includes(one));
    for (const one of due) {
      const status = await one.door(one.account, one.payload, await signed(one.account, one.payload)).catch(() => 0);
      if (status < 200 || status >= 300) late.push({ ...one, at: now().getTime() + retryMs, behind: 0 });
    }
    return due.length;
  }

  async function overtake(account: string): Promise<void> {
    late = late.map((one) => (one.account === account && one.behind > 0 ? { ...one, behind: one.behind - 1 } : one));
    await postLate((one) => one.account === account && one.at === 0 && one.behind === 0);
  }

  async function inSomeVersion(
    account: string,
    id: string,
    payload: string,
    header: string,
  ): Promise<[string, string]> {
    const told = older !== undefined && happens("olderVersion", id) ? await older(account, id) : null;
    return told === null ? [payload, header] : [told, await signed(account, told)];
  }

  function deliver(door: Deliver): Deliver {
    return async (account, newest, newestHeader) => {
      const { id } = JSON.parse(newest) as { id: string };
      const [payload, header] = await inSomeVersion(account, id, newest, newestHeader);
      const count = (tries.get(id) ?? 0) + 1;
      tries.set(id, count);
      if (happens("latency", id, count)) await sleep(draw("latency of", id, count) * latencyMaxMs);
      if (count <= dropsMax && happens("drop", id, count)) return 503;
      if (happens("delay", id)) {
        late.push({ account, payload, door, at: now().getTime() + draw("delay of", id) * delayMaxMs, behind: 0 });
        return 200;
      }
      if (happens("reorder", id)) {
        late.push({ account, payload, door, at: 0, behind: 1 + Math.floor(draw("behind", id) * behindMax) });
        return 200;
      }
      if (happens("wrongMode", id)) await postWrongMode(door, account, payload);
      const posts = happens("duplicate", id) ? 2 + Math.floor(draw("copies of", id) * 2) : 1;
      const answers = await Promise.all(Array.from({ length: posts }, () => door(account, payload, header)));
      await overtake(account);
      if (count <= dropsMax && happens("lostAnswer", id, count)) throw new TypeError("the connection was reset");
      return answers[0] ?? 503;
    };
  }

  /** The same event as live money would have made it: nothing of it may be read. */
  async function postWrongMode(door: Deliver, account: string, payload: string): Promise<void> {
    const event = JSON.parse(payload) as { id: string };
    const live = JSON.stringify({ ...event, id: `${event.id}live`, livemode: true });
    await door(account, live, await signed(account, live)).catch(() => 0);
  }

  return {
    deliver,
    fetch: (api) => faultyFetch(api, { draw, happens, sleep }),
    generates: (account, type, objectId) => !happens("neverGenerated", account, type, objectId),
    release: () => postLate((one) => one.at !== 0 && one.at <= now().getTime()),
    async end() {
      isOver = true;
      await postLate(() => true);
    },
    counts: () => ({ ...counts }),
  };
}
