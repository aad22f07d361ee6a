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

/** What stood at Stripe before a day began, by account and currency; without a day, what stands there now. */
export async function readAtStripe(
  sql: Sql,
  organisationId: bigint,
  day: string | null,
): Promise<{ account: string; currency: string; amountMinor: bigint }[]> {
  return await sql<{ account: string; currency: string; amountMinor: bigint }[]>`
    select a.slug::text as account, s.currency, s.amount_minor as "amountMinor"
    from stripe_opening(${organisationId}, coalesce(${day}::date, 'infinity')) s
    join account a on a.id = s.account_id
    order by a.position, a.id, s.currency`;
}
