import type { ShownKey, StripeAccountRow } from "../core/stripe-account.ts";
import type { Sql } from "./connect.ts";

type Row = Omit<StripeAccountRow, "keys"> & {
  keys: (Omit<ShownKey, "since" | "until"> & { since: string; until: string | null })[];
};

/** All accounts with what is known of each without asking Stripe, the first one first. */
export async function listStripeAccounts(sql: Sql): Promise<StripeAccountRow[]> {
  const rows = await sql<Row[]>`
    select a.id, a.slug::text as slug, a.organisation_id as "organisationId", o.name as organisation,
      a.stripe_account_id as "stripeAccountId", row_number() over (order by a.position, a.id) = 1 as "isFirst",
      (
        select i.received_at from inbox i
        where i.account_id = a.id and i.source in ('webhook', 'sweep') order by i.id desc limit 1
      ) as "lastEventAt",
      s.swept_to as "sweptTo",
      coalesce((
        select jsonb_agg(
          jsonb_build_object('kind', k.kind, 'lastFour', k.last_four, 'since', k.since, 'until', k.revoked_at, 'endpointId', k.endpoint_id)
          order by k.revoked_at is not null, k.id desc
        )
        from account_key k
        where k.account_id = a.id and (k.revoked_at is null or k.revoked_at > now())
      ), '[]') as keys
    from account a
    left join organisation o on o.id = a.organisation_id
    left join undelivered_sweep s on s.account_id = a.id
    order by a.position, a.id`;
  return rows.map(({ keys, ...row }) => ({
    ...row,
    keys: keys.map((key) => ({
      ...key,
      since: new Date(key.since),
      until: key.until === null ? null : new Date(key.until),
    })),
  }));
}
