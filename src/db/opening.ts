import type { Opening } from "../core/opening.ts";
import type { Sql } from "./connect.ts";
import { type Author, who, type Written, written } from "./setting.ts";

/**
 * Begins an organisation's books on a day, with opening balances. It can be stated anew until a month is closed; the drain
 * then posts what that changes.
 */
export async function beginBooks(sql: Sql, opening: Opening, author: Author): Promise<Written> {
  const said = {
    ...opening,
    lines: opening.lines.map(({ amountMinor, ...line }) => ({ ...line, amount_minor: amountMinor.toString() })),
  };
  return await written(
    async () => await sql`select opening_id from begin_books(${sql.json(said)}, ${sql.json(who(author))})`,
  );
}
