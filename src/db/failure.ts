/**
 * What a failed statement means for whoever sent it:
 * "away": the database could not be asked, the statement says nothing against its data;
 * "again": it lost against another transaction and may be sent once more;
 * "data": what was sent is refused and always will be;
 * "other": none of these, perhaps our fault, perhaps passing.
 */
export type FailureKind = "away" | "again" | "data" | "other";

/** What postgres.js says when a connection could not be made or broke, and what the system below it says. */
const awayCodes = new Set([
  "CONNECTION_FAILED",
  "CONNECTION_CLOSED",
  "CONNECTION_ENDED",
  "CONNECTION_DESTROYED",
  "CONNECT_TIMEOUT",
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOENT",
]);

/** Sorts an error of the database by its code. Source: https://www.postgresql.org/docs/current/errcodes-appendix.html */
export function failureKind(error: unknown): FailureKind {
  const code = failureCode(error);
  if (code === "40P01" || code === "40001") return "again";
  // 08 connection, 53 no resources left, 57P0x the server is stopping or starting, 58 trouble with its own files.
  if (awayCodes.has(code) || /^(?:08|53|57P0|58)/u.test(code)) return "away";
  if (/^(?:22|23)/u.test(code) || code === "P0001") return "data";
  return "other";
}

/** The code of an error, such as `23505` or `ECONNREFUSED`; "unknown" when it carries none. Safe for logs. */
export function failureCode(error: unknown): string {
  if (typeof error !== "object" || error === null || !("code" in error)) return "unknown";
  return typeof error.code === "string" ? error.code : "unknown";
}

/** One line for a ticket's `error`, which people who repair it read; not for logs, since it may quote what was sent. */
export function failureText(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return `${failureCode(error)}: ${message}`.slice(0, 500);
}
