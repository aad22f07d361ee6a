import type { Wording } from "../core/wording.ts";
import type { Sql } from "./connect.ts";
import { who, written, type Author, type Written } from "./setting.ts";

/** The language that the pages speak. */
const language = "en";

/** The words that staff wrote for places of the public pages. */
export async function readWords(sql: Sql): Promise<Wording> {
  const rows = await sql<{ key: string; words: string }[]>`select key, words from wording where language = ${language}`;
  return Object.fromEntries(rows.map(({ key, words }) => [key, words]));
}

/** Writes them; an empty text gives a place our own words back. */
export async function writeWords(sql: Sql, words: Required<Wording>, author: Author): Promise<Written> {
  return await written(
    async () => await sql`select write_words(${language}, ${sql.json(words)}, ${sql.json(who(author))})`,
  );
}
