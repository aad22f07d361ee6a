import type { Sql } from "./connect.ts";

/** What Stripe says of our own webhook endpoint of an account; unknown where our key may not ask. */
export type EndpointStatus = "enabled" | "disabled" | "missing" | "unknown";

/** An account whose endpoint is to be asked for; `isFirst` is the one whose door is `/webhooks/stripe`. */
export type EndpointNeed = { accountId: bigint; slug: string; isFirst: boolean };

/** Accounts whose endpoint was not asked for within the last hour; one that was disabled is looked at each minute. */
export async function listEndpointNeeds(sql: Sql): Promise<EndpointNeed[]> {
  return await sql<EndpointNeed[]>`
    select a.id as "accountId", a.slug::text as slug, row_number() over (order by a.position, a.id) = 1 as "isFirst"
    from account a
    left join endpoint_watch w on w.account_id = a.id
    where w.asked_at is null or w.status = 'disabled' or w.asked_at < now() - interval '1 hour'
    order by a.position, a.id`;
}

/** Keeps what Stripe said. */
export async function noteEndpoint(sql: Sql, accountId: bigint, status: EndpointStatus): Promise<void> {
  await sql`
    insert into endpoint_watch (account_id, status) values (${accountId}, ${status})
    on conflict (account_id) do update set status = excluded.status, asked_at = excluded.asked_at`;
}
