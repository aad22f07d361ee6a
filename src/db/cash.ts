import type { Cash } from "../core/cash.ts";
import type { Sql } from "./connect.ts";
import { refusalOf } from "./refusal.ts";
import { type Author, who } from "./setting.ts";

export type RecordedCash = { ok: true; cashGiftId: bigint; isNew: boolean } | { ok: false; refusal: string };

/** Records a gift by hand. The same `request` again answers the same gift and records nothing. */
export async function recordCash(sql: Sql, cash: Cash): Promise<RecordedCash> {
  return await recorded(
    async () => await sql<Row[]>`select cash_gift_id as id, recorded from record_cash(${sql.json(asSaid(cash))})`,
  );
}

/** The same at the desk, where the fund must be one of the organisation's and the trail says who recorded it. */
export async function recordCashGift(sql: Sql, cash: Cash, author: Author): Promise<RecordedCash> {
  return await recorded(
    async () =>
      await sql<Row[]>`
      select cash_gift_id as id, recorded from record_cash_gift(${sql.json(asSaid(cash))}, ${sql.json(who(author))})`,
  );
}

type Row = { id: bigint; recorded: boolean };

function asSaid(cash: Cash) {
  return {
    request: cash.request,
    fund: cash.fund,
    organisation: cash.organisation,
    amount_minor: cash.amountMinor.toString(),
    currency: cash.currency,
    day: cash.day,
    email: cash.email,
    person: cash.person?.toString() ?? null,
    name: cash.name,
    note: cash.note,
  };
}

async function recorded(record: () => Promise<Row[]>): Promise<RecordedCash> {
  try {
    const [row] = await record();
    if (row === undefined) throw new Error("a gift by hand is answered with its number");
    return { ok: true, cashGiftId: row.id, isNew: row.recorded };
  } catch (error) {
    return { ok: false, refusal: refusalOf(error) };
  }
}

/** The currency in which a fund counts, or null when there is no such fund; it may be one that the public cannot see. */
export async function findFundCurrency(sql: Sql, slug: string): Promise<string | null> {
  const [row] = await sql<{ currency: string }[]>`select currency::text as currency from fund where slug = ${slug}`;
  return row?.currency ?? null;
}
