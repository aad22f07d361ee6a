import type Stripe from "stripe";
import { expect } from "vitest";
import type { House } from "../flow/house.ts";

const page = { limit: 100 };
const pages = { limit: 10_000 };

/** Sums by what they are of, such as "net of first in CAD", in minor units; those that are 0 are left out. */
type Sums = Record<string, number>;

/**
 * What Stripe's list of balance transactions says, added up here: the clearing account stands at their net sum, fees are what
 * they took, what Stripe holds back is what was held, each payout whose members are told is their sum. Nothing waits in suspense.
 * @returns what was compared, such as "payout"
 */
export async function expectStripesBooks({ sql }: House, stripeOf: House["stripe"]): Promise<string[]> {
  const stripes = await atStripe(stripeOf);
  expect(await sql`select * from audit()`).toEqual([]);
  expect(await inBooks(sql)).toEqual(stripes);
  return Object.keys(stripes).map((name) => name.replace(/ po_\w+$/u, ""));
}

async function atStripe(stripeOf: House["stripe"]): Promise<Sums> {
  const sums: Sums = {};
  const add = (name: string, minor: number): void => void (sums[name] = (sums[name] ?? 0) + minor);
  for (const account of ["first", "second"]) {
    const stripe = await stripeOf(account);
    for (const moved of await stripe.balanceTransactions.list(page).autoPagingToArray(pages)) {
      const currency = moved.currency.toUpperCase();
      add(`net of ${account} in ${currency}`, moved.net);
      add(`fees in ${currency}`, moved.fee + (isFee(moved) ? -moved.amount : 0));
      if (moved.type.startsWith("reserve")) add(`held back in ${currency}`, -moved.net);
    }
    for (const payout of await stripe.payouts.list(page).autoPagingToArray(pages)) {
      if (payout.reconciliation_status === "completed") add(`payout ${payout.id}`, payout.amount);
    }
  }
  return told(sums);
}

/** Fees that stand in rows of their own. Source: https://docs.stripe.com/reports/balance-transaction-types */
function isFee({ type }: Stripe.BalanceTransaction): boolean {
  return type === "stripe_fee" || type === "tax_fee";
}

async function inBooks(sql: House["sql"]): Promise<Sums> {
  const rows = await sql<{ name: string; minor: bigint }[]>`
    select 'net of ' || a.slug || ' in ' || l.currency as name, sum(l.amount_minor)::bigint as minor
    from journal_line l join journal_entry e on e.id = l.entry_id join account a on a.id = e.account_id
    where l.code = '1100'
    group by 1
    union all
    select case when code = '1120' then 'held back' when code = '2900' then 'suspense' else 'fees' end || ' in ' || currency,
      sum(amount_minor)::bigint
    from journal_line
    where code in ('1120', '2900', '5000', '5010', '5020')
    group by 1
    union all
    select 'payout ' || m.payout, sum(bt.net_minor)::bigint
    from stripe_payout_member m join stripe_balance_transaction bt on bt.account_id = m.account_id and bt.id = m.id
    group by 1`;
  return told(Object.fromEntries(rows.map(({ name, minor }) => [name, Number(minor)])));
}

function told(sums: Sums): Sums {
  return Object.fromEntries(Object.entries(sums).filter(([, minor]) => minor !== 0));
}
