import type { CampaignDays } from "../core/board-period.ts";
import type { BoardPlace } from "../core/total.ts";
import type { Sql } from "./connect.ts";
import type { Places } from "./gift-list.ts";

/** Slugs that name a place together; null is not said. */
export type NamedPlace = { organisation: string | null; fund: string | null; campaign: string | null };

/** What a board has to know of the fund and the campaign that it is of. */
export type BoardSubject = {
  fund: { currency: string; goalMinor: bigint | null; lasting: boolean; firstGiftOn: string | null } | null;
  campaign: BoardCampaign | null;
};

/** A campaign as a board lays it beside another. */
export type BoardCampaign = CampaignDays & { id: bigint; slug: string; name: string; currency: string };

/** Everything, where somebody may see it. */
const everything: BoardPlace = {
  organisationId: null,
  organisation: null,
  organisationName: null,
  fundId: null,
  fund: null,
  fundName: null,
  campaignId: null,
  campaign: null,
  campaignName: null,
};

/**
 * The places to choose from: everything for those who see all, then organisations, funds and campaigns. Who sees all chooses a
 * fund of all its organisations together.
 */
export async function listBoardPlaces(sql: Sql, places: Places): Promise<BoardPlace[]> {
  const rows = await sql<BoardPlace[]>`
    ${placeRows(sql, places)}
    where ${places !== "all"} or place.kind <> 'fund' or place.organisation_id is null
    ${placeOrder(sql)}`;
  return places === "all" ? [everything, ...rows] : rows;
}

/**
 * The place that these slugs name among those that somebody may see: null for another, and for one that there is not. Where none
 * is named it is everything, or the first of theirs.
 */
export async function findBoardPlace(sql: Sql, places: Places, named: NamedPlace): Promise<BoardPlace | null> {
  const { organisation, fund, campaign } = named;
  if (places === "all" && organisation === null && fund === null && campaign === null) return everything;
  const [row] = await sql<BoardPlace[]>`
    ${placeRows(sql, places)}
    where (${organisation}::text is null or o.slug = ${organisation}) and (${fund}::text is null or f.slug = ${fund})
      and case when ${campaign}::text is null then place.kind <> 'campaign' else c.slug = ${campaign} end
    ${placeOrder(sql)}
    limit 1`;
  return row ?? null;
}

// A role for an organisation reaches its funds and campaigns, a role for a fund that fund's. A campaign is of the organisation of
// its account and of its fund: who sees either sees it.
function placeRows(sql: Sql, places: Places) {
  const held = places === "all" ? [] : places.map((place) => asText(place));
  return sql`
    with held as (
      select h.organisation, h.fund from jsonb_to_recordset(${sql.json(held)}) h (organisation bigint, fund bigint)
    ), seen as (
      select null::bigint as organisation_id, f.id as fund_id from fund f where ${places === "all"}
      union all
      select o.id, f.id
      from organisation o join fund f on is_fund_of(f.id, o.id)
      where ${places === "all"} or exists (select from held h where h.organisation = o.id and coalesce(h.fund, f.id) = f.id)
    ), place as (
      select 'organisation' as kind, o.id as organisation_id, null::bigint as fund_id, null::bigint as campaign_id
      from organisation o
      where ${places === "all"} or exists (select from held h where h.organisation = o.id and h.fund is null)
      union all
      select 'fund', seen.organisation_id, seen.fund_id, null from seen
      union all
      select 'campaign', a.organisation_id, c.fund_id, c.id
      from campaign c join account a on a.id = c.account_id
      where ${places === "all"} or exists (select from held h where h.organisation = a.organisation_id and h.fund is null)
        or exists (select from seen where seen.fund_id = c.fund_id)
    )
    select place.organisation_id as "organisationId", o.slug::text as organisation, o.name as "organisationName",
      place.fund_id as "fundId", f.slug::text as fund, f.name as "fundName",
      place.campaign_id as "campaignId", c.slug::text as campaign, c.name as "campaignName"
    from place
    left join organisation o on o.id = place.organisation_id
    left join fund f on f.id = place.fund_id
    left join campaign c on c.id = place.campaign_id`;
}

function placeOrder(sql: Sql) {
  return sql`
    order by case place.kind when 'organisation' then 1 when 'fund' then 2 else 3 end, c.position, c.id,
      o.id is not null and f.id is not null, o.position, o.id, f.position, f.id`;
}

/** Whether a place is all there is. */
export function isEverything({ organisationId, fundId, campaignId }: BoardPlace): boolean {
  return organisationId === null && fundId === null && campaignId === null;
}

/** The fund and the campaign of a place. */
export async function readBoardSubject(sql: Sql, { fundId, campaignId }: BoardPlace): Promise<BoardSubject> {
  if (fundId === null) return { fund: null, campaign: null };
  const [[fund], [campaign]] = await Promise.all([
    sql<NonNullable<BoardSubject["fund"]>[]>`
      select currency::text as currency, goal_minor as "goalMinor", lasting, first_gift_on(id) as "firstGiftOn"
      from fund where id = ${fundId}`,
    campaignId === null ? [] : listBoardCampaigns(sql, [campaignId]),
  ]);
  return { fund: fund ?? null, campaign: campaign ?? null };
}

/** Campaigns by their ids, in the order of their pages. */
export async function listBoardCampaigns(sql: Sql, ids: readonly bigint[]): Promise<BoardCampaign[]> {
  return await sql<BoardCampaign[]>`
    select c.id, c.slug::text as slug, c.name, c.currency::text as currency, c.ends_on as last, coalesce(c.starts_on, least(
      (select min(t.starts_on) from total t where t.scope_id = scope_id('campaign/' || c.id) and t.grain = 'day'),
      (select min(t.starts_on) from item_total t where t.campaign_id = c.id and t.grain = 'day')
    )) as first
    from campaign c
    where c.id in (select asked.id::bigint from jsonb_array_elements_text(${sql.json(ids.map(String))}) asked (id))
    order by c.position, c.id`;
}

/** The currencies that can be asked for: those of organisations, funds and campaigns, and CAD while there are none. */
export async function listCurrencies(sql: Sql, within: BoardPlace = everything): Promise<string[]> {
  const { organisationId, fundId, campaignId } = within;
  const rows = await sql<{ currency: string }[]>`
    with own as (
      select f.id, f.currency from fund f
      where case
        when ${fundId}::bigint is not null then f.id = ${fundId}::bigint
        else ${organisationId}::bigint is null or is_fund_of(f.id, ${organisationId}::bigint)
      end
    )
    select o.currency::text as currency from organisation o
    where case
      when ${organisationId}::bigint is not null then o.id = ${organisationId}::bigint
      else ${fundId}::bigint is null or is_fund_of(${fundId}::bigint, o.id)
    end
    union select own.currency from own
    union select c.currency from campaign c join own on own.id = c.fund_id
    where ${campaignId}::bigint is null or c.id = ${campaignId}::bigint
    union select 'CAD' where not exists (select from organisation)
    order by 1`;
  return rows.map((row) => row.currency);
}

function asText({ organisationId, fundId }: Exclude<Places, "all">[number]) {
  return { organisation: organisationId?.toString() ?? null, fund: fundId?.toString() ?? null };
}
