import type { Picture } from "../core/picture.ts";
import type { SettingKind } from "../core/setting.ts";
import type { Sql } from "./connect.ts";
import { who, written, type Author, type Written } from "./setting.ts";

/** A picture as it is served. */
export async function findPicture(
  sql: Sql,
  id: string,
): Promise<{ type: Picture["type"]; bytes: Uint8Array<ArrayBuffer> } | null> {
  const [row] = await sql<{ type: Picture["type"]; bytes: Uint8Array<ArrayBuffer> }[]>`
    select type, bytes from picture where id = ${id}`;
  return row ?? null;
}

/** What a picture shows, in words, for those who cannot see it. */
export async function picturedWords(sql: Sql, id: string): Promise<string> {
  const [row] = await sql<{ shows: string }[]>`select shows from picture where id = ${id}`;
  return row?.shows ?? "";
}

export type NewPicture = Picture & { id: string; shows: string };

/** Keeps a picture and shows it with something; null takes away what was shown there. */
export async function showPicture(
  sql: Sql,
  at: { kind: SettingKind; id: bigint },
  kept: { picture: NewPicture; bytes: Uint8Array } | null,
  author: Author,
): Promise<Written> {
  const text = kept === null ? null : Array.from(kept.bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return await written(
    async () =>
      await sql`
        select show_picture(${at.kind}, ${at.id}, ${sql.json(kept?.picture ?? {})}, decode(${text}, 'hex'), ${sql.json(who(author))})`,
  );
}
