import postgres from "postgres";

/** How the database's own functions refuse: a rule is broken, or what was named is not there. */
const refusals = new Set(["23514", "P0002"]);

/**
 * The words in which the database refused a command.
 * @throws the error itself when it is anything else: a fault, or a database that is away
 */
export function refusalOf(error: unknown): string {
  if (error instanceof postgres.PostgresError && refusals.has(error.code)) return error.message;
  throw error;
}
