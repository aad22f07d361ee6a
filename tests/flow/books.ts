import { drainBatch } from "../../src/db/drain.ts";
import { balanceTransactionFact } from "../../src/stripe/balance-transaction.ts";
import { Fields } from "../../src/stripe/field.ts";
import type { House } from "./house.ts";

const accounts = [
  ["first", "1"],
  ["second", "2"],
] as const;

/** All that Stripe sent goes in at the door, and every balance transaction is read, as a sweep does. */
export async function swept(house: House): Promise<void> {
  await house.settle();
  await house.receive();
  for (const [account, accountId] of accounts) {
    const stripe = await house.stripe(account);
    const list = await stripe.balanceTransactions.list({ limit: 100 }).autoPagingToArray({ limit: 10_000 });
    const facts = list.map((row) => balanceTransactionFact(new Fields(row, "row"), { accountId, fetchedAt: null }));
    await drainBatch(house.sql, { mode: "sandbox", tickets: [], facts });
  }
}

/** The journal as a treasurer reads it: account, fund and sum, debits above zero; what is even is left out. */
export async function balances({ sql }: House): Promise<string[]> {
  const rows = await sql<{ line: string }[]>`
    select concat_ws(' ', l.code, coalesce(f.slug, 'unassigned'), sum(l.amount_minor)) as line
    from journal_line l left join fund f on f.id = l.fund_id
    group by l.code, f.slug having sum(l.amount_minor) <> 0 order by l.code, f.slug nulls first`;
  return rows.map(({ line }) => line);
}
