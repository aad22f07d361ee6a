/** Seeded chance: the same seed gives the same story on every machine. Not for secrets. */
export type Chance = {
  /** A number from 0 up to, but not including, 1. */
  next(): number;
  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number;
  /** True once in `n` times on average. */
  oneIn(n: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** Picks by weight: `[value, weight]`. */
  weighted<T>(list: readonly (readonly [T, number])[]): T;
  /** A copy in another order. */
  shuffled<T>(list: readonly T[]): T[];
};

/** Chance from a whole number. The generator is mulberry32: small, and good enough to make people up. */
export function chanceFrom(seed: number): Chance {
  let state = seed >>> 0;

  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  function between(least: number, most: number): number {
    return least + Math.floor(next() * (most - least + 1));
  }

  function pick<T>(list: readonly T[]): T {
    const [first] = list.slice(between(0, list.length - 1));
    if (first === undefined) throw new RangeError("nothing to pick from");
    return first;
  }

  function weighted<T>(list: readonly (readonly [T, number])[]): T {
    let left = next() * list.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [value, weight] of list) {
      left -= weight;
      if (left < 0) return value;
    }
    return pick(list)[0];
  }

  function shuffled<T>(list: readonly T[]): T[] {
    return list
      .map((value) => ({ value, rank: next() }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ value }) => value);
  }

  return { next, between, oneIn: (n) => next() * n < 1, pick, weighted, shuffled };
}
