import type { Organisation } from "../core/fund.ts";
import type { Sql } from "./connect.ts";

/** An account as the database knows it. `keysStamp` is another text whenever keys that the database keeps of it changed. */
export type AccountRow = {
  id: bigint;
  slug: string;
  stripeAccountId: string | null;
  position: bigint;
  keysStamp: string;
};

/** All accounts, the first one (whose door is `/webhooks/stripe`) first. */
export async function listAccounts(sql: Sql): Promise<AccountRow[]> {
  return await sql<AccountRow[]>`
    select id, slug::text as slug, stripe_account_id as "stripeAccountId", position, account_keys_stamp(id) as "keysStamp"
    from account order by position, id`;
}

/**
 * Makes the account that the settings' key belongs to, on a database that has none yet: key and secret alone are enough
 * to take payments. Harmless when several processes start at once.
 */
export async function makeFirstAccount(sql: Sql, slug: string): Promise<void> {
  await sql`
    insert into account (slug) select ${slug} where not exists (select from account)
    on conflict on constraint account_slug_is_taken do nothing`;
}

/** The name under which an account is paid: its organisation's, or its own; null when there is no such account. */
export async function findPayee(sql: Sql, slug: string): Promise<{ name: string } | null> {
  const [row] = await sql<{ name: string }[]>`
    select coalesce(o.name, a.slug) as name from account a left join organisation o on o.id = a.organisation_id
    where a.slug = ${slug}`;
  return row ?? null;
}

/** What a page needs to know of the organisations as a whole. */
export type House = {
  currency: string;
  /** The one in force now. */
  timeZone: string;
  /** The month (1 to 12) in which the fiscal year begins that holds today. */
  fiscalYearStart: number;
};

/** Currency, time zone and fiscal year of an organisation, or of the first one; Canadian ones while there is none. */
export async function readHouse(sql: Sql, organisationId: bigint | null = null): Promise<House> {
  const [row] = await sql<House[]>`
    select currency::text as currency, time_zone_at(id, now()) as "timeZone",
      fiscal_year_start(id, organisation_day(id, now()))::int as "fiscalYearStart"
    from organisation
    where case when ${organisationId}::bigint is null then archived_on is null else id = ${organisationId}::bigint end
    order by position, id limit 1`;
  return row ?? { currency: "CAD", timeZone: "America/Toronto", fiscalYearStart: 1 };
}

/** The organisations that every public page names. */
export async function listOrganisations(sql: Sql): Promise<Organisation[]> {
  return await sql<Organisation[]>`
    select slug::text as slug, name, legal_name as "legalName", address, contact, registration_number as "registrationNumber",
      accent, (select jsonb_build_object('id', pic.id, 'width', pic.width, 'height', pic.height, 'shows', pic.shows) from picture pic where pic.id = organisation.picture) as picture
    from organisation
    where archived_on is null order by position, id`;
}
