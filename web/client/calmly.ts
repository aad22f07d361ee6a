/**
 * Calls `act` with the latest value at once, then at most once every `everyMs`; the last value is never lost.
 * For what is read aloud or redrawn: people need time.
 */
export function calmly<T>(everyMs: number, act: (value: T) => void, now: () => number = Date.now): (value: T) => void {
  let last = -Infinity;
  let waiting: { value: T } | null = null;
  const go = () => {
    if (waiting === null) return;
    const { value } = waiting;
    waiting = null;
    last = now();
    act(value);
  };
  return (value) => {
    const isFirst = waiting === null;
    waiting = { value };
    if (!isFirst) return;
    const wait = last + everyMs - now();
    if (wait <= 0) go();
    else setTimeout(go, wait);
  };
}
