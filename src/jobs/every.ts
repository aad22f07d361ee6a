import type { Log } from "../core/log.ts";
import { failureCode } from "../db/failure.ts";
import { type Bell, createBell } from "./bell.ts";

/**
 * Does `work` again and again, `ms` after it ended or when `bell` rings, until `signal` is aborted. What it throws is logged
 * and survived.
 */
export async function every(
  ms: number,
  signal: AbortSignal,
  log: Log,
  name: string,
  work: () => Promise<unknown>,
  bell: Bell = createBell(),
): Promise<void> {
  while (!signal.aborted) {
    try {
      await work();
    } catch (error) {
      log("error", "work in the background failed and is tried again", { name, code: failureCode(error) });
    }
    await bell.sleep(ms, signal);
  }
}
