import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import { routePath } from "hono/route";
import type { Log } from "../core/log.ts";
import { failureCode, failureKind } from "../db/failure.ts";
import { refusalWords, type RefusalStatus } from "../../web/locales/en/refusal.ts";
import type { Env } from "./deps.ts";

/** What an answer with a failure says: its name, its status, the words for its page, and the reason in this very case. */
export type Failure = {
  code: string;
  status: RefusalStatus | 415;
  /** Which of the pages' words fit. */
  words: RefusalStatus;
  /** What exactly was refused, in one sentence; null when the words of the page say it all. */
  reason: string | null;
  retryAfterSeconds?: number;
};

const failures = {
  "not found": { status: 404, words: 404, reason: null },
  "from elsewhere": {
    status: 403,
    words: 400,
    reason: "This was not sent from our own page, so nothing was done. Open the page here and send it again.",
  },
  "sign in first": { status: 401, words: 401, reason: null },
  "not allowed": { status: 403, words: 403, reason: null },
  "second factor first": {
    status: 403,
    words: 403,
    reason: "Your role needs a second factor besides the password. Set it up under your name, Account, first.",
  },
  "not from this machine": {
    status: 403,
    words: 403,
    reason: "This answers only on the machine that runs this service, at its loopback address.",
  },
  "link used": { status: 410, words: 410, reason: null },
  "too often": { status: 429, words: 429, reason: null, retryAfterSeconds: 60 },
  "not a form": {
    status: 415,
    words: 400,
    reason: "This was not sent as a form (application/x-www-form-urlencoded), so nothing was done.",
  },
  "not understood": { status: 400, words: 400, reason: null },
  "too large": { status: 413, words: 413, reason: null },
  "too slow": { status: 503, words: 503, reason: "The answer did not come in time.", retryAfterSeconds: 10 },
  "not ready": { status: 503, words: 503, reason: null, retryAfterSeconds: 30 },
  "database away": { status: 503, words: 503, reason: null, retryAfterSeconds: 5 },
  broken: { status: 500, words: 500, reason: null },
} satisfies Record<string, Omit<Failure, "code">>;

export type FailureCode = keyof typeof failures;

/** A refusal with a name: thrown by routes, and turned into a status and words in this file only. */
export class Refused extends Error {
  override name = "Refused";
  readonly code: FailureCode;
  readonly reason: string | null;

  /** @param reason one sentence for this very case, in place of the general words */
  constructor(code: FailureCode, reason: string | null = null) {
    super(code);
    this.code = code;
    this.reason = reason;
  }
}

/** What is said of an error; whatever is not known is a fault of ours. */
export function failureOf(error: Error): Failure {
  if (error instanceof Refused) return named(error.code, error.reason);
  if (error instanceof HTTPException) {
    if (error.status === 504) return named("too slow");
    if (error.status < 500) return named("not understood");
  }
  // An address with a character that no text of the database can hold, such as NUL, names nothing.
  if (failureCode(error) === "22021") return named("not found");
  return named(failureKind(error) === "away" ? "database away" : "broken");
}

function named(code: FailureCode, reason: string | null = null): Failure {
  return { code: code.replaceAll(" ", "-"), ...failures[code], ...(reason !== null && { reason }) };
}

/**
 * Writes down a failure by names and numbers only: an error's message may quote what somebody typed, so its class, code
 * and place have to do. Refusals are ordinary and not written down.
 */
export function logFailure(c: Context<Env>, error: Error, { status }: Failure, log: Log): void {
  if (status < 500) return;
  const constraint = "constraint_name" in error ? String(error.constraint_name) : "";
  log("error", "a request failed", {
    request: c.get("requestId"),
    method: c.req.method,
    route: routePath(c),
    status,
    error: error.name,
    place: placeOf(error),
    code: failureCode(error),
    ...(constraint !== "" && { constraint }),
  });
}

/** The line of code an error comes from; unlike its message, it quotes nobody. */
export function placeOf(error: Error): string {
  return /^\s+at .*$/mu.exec(error.stack ?? "")?.[0].trim() ?? "";
}

/** Whether a failure is answered as JSON: on addresses that answer JSON, and to whoever asks for JSON and no page. */
export function wantsJson(c: Context): boolean {
  if (/^\/(?:api|webhooks|livez|readyz)(?:\/|$)|\.json$/u.test(c.req.path)) return true;
  const accept = c.req.header("accept") ?? "";
  return accept.includes("application/json") && !accept.includes("text/html");
}

/** The failure as JSON: what was wrong, what to do, and the number under which it stands in the log. */
export function failureJson(c: Context<Env>, { status, code, words, reason }: Failure): Response {
  const { text, todo } = refusalWords[words];
  return c.json(
    { error: { code, text: reason ?? text, todo: reason === null ? todo : null, request: c.get("requestId") } },
    status,
  );
}
