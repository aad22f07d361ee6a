import type { CashSale } from "../core/cash-sale.ts";
import type { Sql } from "./connect.ts";
import { refusalOf } from "./refusal.ts";
import { type Author, who } from "./setting.ts";

export type RecordedSale = { ok: true; cashSaleId: bigint; isNew: boolean } | { ok: false; refusal: string };

/** Records a sale by hand and posts what its campaign's promise gives. The same `request` again records nothing. */
export async function recordCashSale(sql: Sql, sale: CashSale, author: Author): Promise<RecordedSale> {
  const said = {
    request: sale.request,
    campaign: sale.campaign,
    item: sale.item,
    variant: sale.variant,
    quantity: sale.quantity.toString(),
    amount_minor: sale.amountMinor?.toString() ?? null,
    day: sale.day,
    email: sale.email,
    person: sale.person?.toString() ?? null,
    name: sale.name,
    note: sale.note,
  };
  try {
    const [row] = await sql<{ id: bigint; recorded: boolean }[]>`
      select cash_sale_id as id, recorded from record_cash_sale(${sql.json(said)}, ${sql.json(who(author))})`;
    if (row === undefined) throw new Error("record_cash_sale answers one row");
    return { ok: true, cashSaleId: row.id, isNew: row.recorded };
  } catch (error) {
    return { ok: false, refusal: refusalOf(error) };
  }
}
