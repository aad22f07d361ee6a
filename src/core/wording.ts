import type { Fields } from "./give.ts";

/** Places of the public pages whose words staff may write, and how long they may be. */
export const wordingLimits = { "funds-heading": 80, "funds-lead": 300, "shop-lead": 300, "thank-you": 500 } as const;

export type WordingKey = keyof typeof wordingLimits;
export const wordingKeys = Object.keys(wordingLimits) as WordingKey[];

/** What staff wrote in one language; what is left out says what it always says. */
export type Wording = Partial<Record<WordingKey, string>>;

/** What staff wrote, by language. */
export type Wordings = Readonly<Record<string, Wording>>;

/** What a page says in these places, and in which language each. */
export type ChosenWording = Partial<Record<WordingKey, { words: string; language: string }>>;

/** The language of our own words. */
export const ourLanguage = "en";

/**
 * The languages that somebody reads, the dearest first: the one that the address names (`?lang=fr`), then what the browser
 * says (Accept-Language). Both are foreign text: what is no language is passed over.
 */
export function readLanguages(asked: string | undefined, header: string | undefined): string[] {
  const ranked = (header ?? "")
    .slice(0, 200)
    .split(",")
    .map((part) => /^\s*(?<language>[\w-]+)\s*(?:;\s*q=(?<rank>[\d.]+))?\s*$/u.exec(part)?.groups)
    .flatMap((read) =>
      read?.["language"] === undefined ? [] : [{ language: read["language"], rank: Number(read["rank"] ?? 1) }],
    )
    .filter(({ rank }) => rank > 0)
    .toSorted((a, b) => b.rank - a.rank);
  return [...(asked === undefined ? [] : [asked]), ...ranked.map(({ language }) => language)]
    .map((language) => /^(?<main>[a-z]{2,3})(?:-(?<place>[a-z]{2}))?$/iu.exec(language)?.groups)
    .flatMap((read) => {
      const main = read?.["main"]?.toLowerCase();
      const place = read?.["place"]?.toUpperCase();
      if (main === undefined) return [];
      return place === undefined ? [main] : [`${main}-${place}`, main];
    });
}

/** Each place in the first of these languages in which it has words; ours count as English ones, and come last of all. */
export function chooseWording(wordings: Wordings, languages: readonly string[]): ChosenWording {
  const chosen: ChosenWording = {};
  for (const key of wordingKeys) {
    for (const language of [...languages, ourLanguage]) {
      const words = wordings[language]?.[key];
      if (words !== undefined) chosen[key] = { words, language };
      if (words !== undefined || language === ourLanguage) break;
    }
  }
  return chosen;
}

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
