import type { Context } from "hono";
import { RefusalPage } from "../../web/pages/refusal.tsx";
import type { Deps, Env } from "./deps.ts";
import { failureJson, failureOf, logFailure, wantsJson } from "./failure.ts";
import type { Frames } from "./frame.ts";

/** Answers whatever a route threw, as a page or as JSON, and writes down what is our fault. */
export async function showFailure(
  c: Context<Env>,
  error: Error,
  frames: Frames,
  { log }: Pick<Deps, "log">,
): Promise<Response> {
  const failure = failureOf(error);
  logFailure(c, error, failure, log);
  if (failure.retryAfterSeconds !== undefined && !c.res.headers.has("retry-after"))
    c.header("retry-after", String(failure.retryAfterSeconds));
  if (wantsJson(c)) return failureJson(c, failure);
  c.status(failure.status);
  const reason = failure.reason === null ? {} : { reason: failure.reason };
  return await c.html(<RefusalPage frame={frames.lastKnown(c)} status={failure.words} {...reason} />);
}
