/** What can go wrong, with how likely it is each time, from 0 to 1. */
export type FaultChances = {
  /** An event is posted two or three times. */
  duplicate: number;
  /** An event comes after some that were made later. */
  reorder: number;
  /** An event comes hours or days later, on the sandbox's clock. */
  delay: number;
  /** A post never reaches the door, and is tried again. */
  drop: number;
  /** The door takes an event and its answer is lost, so that it comes again. */
  lostAnswer: number;
  /** An event of live mode comes to this door too. */
  wrongMode: number;
  /** An event comes in the words of an older API version, every time it comes. */
  olderVersion: number;
  /** Stripe never makes the event: it is delivered to nobody and in no list. */
  neverGenerated: number;
  /** A request or a post takes a while. */
  latency: number;
  /** An answer of the API breaks off in the middle of its body, after the request has been carried out. */
  reset: number;
  /** The API is asked too often: 429 with `Retry-After`. */
  tooMany: number;
  /** The API fails, before or after it has carried out the request: 500. */
  serverError: number;
};

export type FaultName = keyof FaultChances;

/** Enough of each to be met in a history of a hundred events; nothing is lost for good. */
export const usualChances: FaultChances = {
  duplicate: 0.2,
  reorder: 0.2,
  delay: 0.1,
  drop: 0.15,
  lostAnswer: 0.1,
  wrongMode: 0.05,
  olderVersion: 0.2,
  neverGenerated: 0,
  latency: 0.05,
  reset: 0.05,
  tooMany: 0.05,
  serverError: 0.05,
};

/** A number from 0 up to 1, the same for the same words: it depends on nothing else, least of all on what else goes on. */
export type Draw = (...words: readonly (string | number)[]) => number;

/** FNV-1a over the words, stirred once more, since neighbours like `evt_1` and `evt_2` would lie close together. */
export function createDraw(seed: string | number): Draw {
  return (...words) => {
    let hash = 0x811c9dc5;
    for (const letter of [seed, ...words].join("\u0000"))
      hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
  };
}
