/** Writes one line about what happened. Fields carry ids and counts only, never a name, an e-mail or a card. */
export type Log = (
  level: "info" | "warn" | "error",
  message: string,
  fields?: Record<string, string | number | boolean>,
) => void;
