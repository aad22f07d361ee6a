import type { Log } from "./core/log.ts";
import { placeOf } from "./http/failure.ts";

/** What can be told to stop, and be asked whether it was. */
type Stoppable = { stop: () => Promise<void>; isStopping: () => boolean };

/** One Ctrl-C comes twice: from the terminal, and handed on by what started us. A later one is a new wish. */
const oneWishMs = 1_000;

/**
 * Stops the service at Ctrl-C, when it is told to end, and after an error that nobody caught; what it has acknowledged is
 * on disk. A second signal does not wait.
 */
export function stopOnSignal(running: Stoppable, log: Log): void {
  let askedAt: number | null = null;
  const stop = async (exitCode: number): Promise<void> => {
    if (running.isStopping()) process.exit(1);
    await running
      .stop()
      .catch((error: unknown) => log("error", "the service did not stop cleanly", { error: nameOf(error) }));
    process.exit(exitCode);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (askedAt !== null && performance.now() - askedAt < oneWishMs) return;
      askedAt = performance.now();
      log("info", "stopping", { signal });
      void stop(0);
    });
  }
  process.on("uncaughtException", (error) => {
    log("error", "stopping after an error that nobody caught", { error: nameOf(error), place: placeOf(error) });
    void stop(1);
  });
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "unknown";
}
