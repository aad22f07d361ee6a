/** Runs `work` alone among all work that names one of the same keys; others go on beside it. */
export type Locked = <Result>(keys: readonly string[], work: () => Promise<Result>) => Promise<Result>;

/**
 * Locks of one process, enough because the service refuses a second one on the same data. All keys are taken in one step,
 * so work only ever waits for work that asked earlier, and two pieces cannot wait for each other.
 */
export function createLocks(): Locked {
  const last = new Map<string, Promise<void>>();
  return async (keys, work) => {
    const before = keys.flatMap((key) => last.get(key) ?? []);
    const { promise: mine, resolve: release } = Promise.withResolvers<void>();
    for (const key of keys) last.set(key, mine);
    await Promise.all(before);
    try {
      return await work();
    } finally {
      release();
      for (const key of keys) if (last.get(key) === mine) last.delete(key);
    }
  };
}
