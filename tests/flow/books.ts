import { drainBatch } from "../../src/db/drain.ts";
import { balanceTransactionFact } from "../../src/stripe/balance-transaction.ts";
import { Fields } from "../../src/stripe/field.ts";
import type { House } from "./house.ts";

export async function swept(house: House): Promise<void> {
  await house.settle();
  await house.receive();
  for (const [account, accountId] of [
    ["first", "1"],
    ["second", "2"],
  ] as const) {
    const stripe = await house.stripe(account);
    const list = await stripe.balanceTransactions.list({ limit: 100 }).autoPagingToArray({ limit: 10_000 });
    await drainBatch(house.sql, {
      mode: "sandbox",
      tickets: [],
      facts: list.map((bt) => balanceTransactionFact(new Fields(bt, "bt"), { accountId, fetchedAt: null })),
    });
  }
}
