import { type Wording, type WordingKey, type Wordings } from "../core/wording.ts";
import type { Sql } from "./connect.ts";
import { who, written, type Author, type Written } from "./setting.ts";

/** The words that staff wrote for places of the public pages, in every language. */
export async function readWordings(sql: Sql): Promise<Wordings> {
  const rows = await sql<
    { language: string; key: WordingKey; words: string }[]
  >`select language, key, words from wording`;
  const wordings: Record<string, Wording> = {};
  for (const { language, key, words } of rows) wordings[language] = { ...wordings[language], [key]: words };
  return wordings;
}

/** Writes those of one language; an empty text gives a place our own words back. */
export async function writeWords(
  sql: Sql,
  language: string,
  words: Required<Wording>,
  author: Author,
): Promise<Written> {
  return await written(
    async () => await sql`select write_words(${language}, ${sql.json(words)}, ${sql.json(who(author))})`,
  );
}
