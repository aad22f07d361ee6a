/** Wakes a loop that sleeps. A ring while it is at work is not lost: the next sleep then ends at once. */
export type Bell = {
  ring(): void;
  /** Sleeps until the bell rings, `ms` have passed, or `signal` is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
};

/** A bell for one sleeper. */
export function createBell(): Bell {
  let hasRung = false;
  let wake: (() => void) | null = null;
  return {
    ring() {
      hasRung = true;
      wake?.();
    },
    async sleep(ms, signal) {
      if (!hasRung) await pause(ms, signal, (end) => (wake = end));
      hasRung = false;
      wake = null;
    },
  };
}

/** Waits `ms`, less if `signal` is aborted or the function handed to `offer` is called. */
export async function pause(
  ms: number,
  signal: AbortSignal,
  offer: (end: () => void) => void = () => undefined,
): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end);
    offer(end);
  });
}
