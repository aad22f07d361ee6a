import type { Fields } from "./give.ts";

/** Places of the public pages whose words staff may write, and how long they may be. */
export const wordingLimits = { "funds-heading": 80, "funds-lead": 300, "shop-lead": 300, "thank-you": 500 } as const;

export type WordingKey = keyof typeof wordingLimits;
export const wordingKeys = Object.keys(wordingLimits) as WordingKey[];

/** What staff wrote; what is left out says what it always says. */
export type Wording = Partial<Record<WordingKey, string>>;

/** Reads the form of the words; empty ones mean ours again. What is too long is named with the most it may have. */
export function readWording(
  fields: Fields,
): { ok: true; words: Record<WordingKey, string> } | { ok: false; tooLong: WordingKey[] } {
  const typed = wordingKeys.map((key): [WordingKey, string] => [
    key,
    (fields[key] ?? "")
      .normalize("NFC")
      .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
      .trim(),
  ]);
  const tooLong = typed.filter(([key, words]) => words.length > wordingLimits[key]).map(([key]) => key);
  if (tooLong.length > 0) return { ok: false, tooLong };
  return { ok: true, words: Object.fromEntries(typed) as Record<WordingKey, string> };
}
