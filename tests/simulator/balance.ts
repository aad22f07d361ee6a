import type { House } from "../flow/house.ts";

/** What came in and stayed, in minor units, by payment; nothing of a payment of which nothing stayed. */
export type Stayed = Record<string, number>;

const accounts = ["first", "second"];
const page = { limit: 100 };
const pages = { limit: 10_000 };

/**
 * What stayed of each payment in Canadian dollars as Stripe's balance shows it: its movements for the charge, its refunds and
 * its disputes, without fees. A movement of another currency is left out, since there a return counts at the charge's own
 * rate (what Stripe took more or less is exchange).
 */
export async function stayedAtStripe(house: House): Promise<Stayed> {
  const stayed: Stayed = {};
  for (const account of accounts) {
    const stripe = await house.stripe(account);
    const charges = await stripe.charges.list(page).autoPagingToArray(pages);
    const intents = new Map(
      charges
        .filter(({ currency }) => currency === "cad")
        .map(({ id, payment_intent: intent }) => [id, typeof intent === "string" ? intent : id]),
    );
    const chargeOf = new Map<string, string>(charges.map(({ id }) => [id, id]));
    for (const list of [stripe.refunds.list(page), stripe.disputes.list(page)])
      for (const { id, charge } of await list.autoPagingToArray(pages))
        chargeOf.set(id, typeof charge === "string" ? charge : "");
    for (const { source, amount } of await stripe.balanceTransactions.list(page).autoPagingToArray(pages)) {
      const intent = intents.get(chargeOf.get(typeof source === "string" ? source : "") ?? "");
      if (intent !== undefined) stayed[intent] = (stayed[intent] ?? 0) + amount;
    }
  }
  return whatStayed(stayed);
}

/** The same as the books have it: gifts and sales less returns. */
export async function stayedInBooks({ sql }: House): Promise<Stayed> {
  const rows = await sql<{ key: string; minor: number }[]>`
    select p.key, coalesce(sum(part.minor), 0)::int as minor
    from payment p
    join stripe_charge c on c.account_id = p.account_id and c.payment_intent = p.key and c.status = 'succeeded'
    left join lateral (
      select amount_minor as minor from gift where payment_id = p.id
      union all select amount_minor from sale where payment_id = p.id
      union all select -amount_minor from return_part where payment_id = p.id
    ) part on true
    where c.currency = 'CAD'
    group by p.id, p.key`;
  return whatStayed(Object.fromEntries(rows.map(({ key, minor }) => [key, minor])));
}

/** Payments that are other income than gifts and sales: the books keep them, and nothing of them in a fund. */
export async function otherIncome({ sql }: House): Promise<string[]> {
  const rows = await sql<{ key: string }[]>`select key from payment where kind = 'other income'`;
  return rows.map(({ key }) => key);
}

function whatStayed(sums: Stayed): Stayed {
  return Object.fromEntries(Object.entries(sums).filter(([, minor]) => minor !== 0));
}
