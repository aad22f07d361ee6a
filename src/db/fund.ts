import type { Fund } from "../core/fund.ts";
import type { Sql } from "./connect.ts";

type FundRow = Omit<Fund, "presetsMinor"> & { presets: (string | number)[] };

/** The funds that anybody may see, in their order. */
export async function listPublicFunds(sql: Sql): Promise<Fund[]> {
  return toFunds(
    await sql<FundRow[]>`${fundRows(sql)} where f.is_public and f.archived_on is null order by f.position, f.id`,
  );
}

/** The address that a fund has now which had this one earlier; null when none had. */
export async function findRenamedFund(sql: Sql, slug: string): Promise<string | null> {
  const [row] = await sql<{ slug: string }[]>`
    select f.slug::text as slug from fund_alias a join fund f on f.id = a.fund_id and f.is_public
    where a.slug = ${slug} order by a.since desc limit 1`;
  return row?.slug ?? null;
}

/** A fund that anybody may see; null when there is none of that name or it is hidden, which nobody can tell apart. */
export async function findPublicFund(sql: Sql, slug: string): Promise<Fund | null> {
  const funds = toFunds(await sql<FundRow[]>`${fundRows(sql)} where f.is_public and f.slug = ${slug}`);
  return funds[0] ?? null;
}

// The organisation that receives online gifts stands first; one with several accounts for the fund stands once.
function fundRows(sql: Sql) {
  return sql`
    select f.slug::text as slug, f.name, f.description, f.is_public as public, f.currency::text as currency, f.remark,
      f.bears_fees as "bearsFees", f.presets_minor as presets, f.restriction,
      f.goal_minor as "goalMinor", f.lasting,
      (select jsonb_build_object('id', pic.id, 'width', pic.width, 'height', pic.height, 'shows', pic.shows) from picture pic where pic.id = f.picture) as picture,
      coalesce((
        select jsonb_agg(jsonb_build_object('slug', o.slug, 'name', o.name, 'legalName', o.legal_name, 'address', o.address,
          'contact', o.contact, 'registrationNumber', o.registration_number, 'accent', o.accent, 'picture', null) order by first_position, first_account)
        from (
          select organisation_id, min(fa.position) as first_position, min(a.id) as first_account
          from fund_account fa join account a on a.id = fa.account_id
          where fa.fund_id = f.id and a.organisation_id is not null group by organisation_id
        ) receiving join organisation o on o.id = receiving.organisation_id
      ), '[]') as organisations,
      (
        select a.slug::text from fund_account fa join account a on a.id = fa.account_id
        where fa.fund_id = f.id and f.archived_on is null order by fa.position, a.id limit 1
      ) as account,
      first_gift_on(f.id) as "firstGiftOn"
    from fund f`;
}

function toFunds(rows: FundRow[]): Fund[] {
  return rows.map(({ presets, ...fund }) => ({ ...fund, presetsMinor: presets.map((minor) => BigInt(minor)) }));
}
