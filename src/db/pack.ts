import type { MonthlyPack, Pack, PackLanguages, PackRow } from "../core/pack.ts";
import type { BoardPlace } from "../core/total.ts";
import type { Sql } from "./connect.ts";
import type { Places } from "./gift-list.ts";
import { refusalOf } from "./refusal.ts";
import type { By, Outcome } from "./staff.ts";

/** A pack as it is stored. */
export type NewPack = Pick<
  Pack,
  "from" | "to" | "currency" | "languages" | "note" | "earlier" | "month" | "snapshot"
> & {
  place: BoardPlace;
  /** When it is made: what its PDF is dated by. */
  at: Date;
};

/** Stores a pack, which is never changed afterwards. @returns its number */
export async function makePack(sql: Sql, by: By, pack: NewPack): Promise<Outcome<bigint>> {
  try {
    const [row] = await sql<{ number: bigint }[]>`
      select make_board_pack(${sql.json({ id: by.id, name: by.name })}, ${sql.json(asStored(pack))}) as number`;
    if (row === undefined) throw new Error("make_board_pack() answers a number");
    return { ok: true, value: row.number };
  } catch (error) {
    return { ok: false, refusal: refusalOf(error) };
  }
}

/** A pack as the database's functions take it. */
export function asStored({ place, at, earlier, snapshot, ...pack }: NewPack) {
  return {
    ...pack,
    organisation: place.organisationId?.toString() ?? null,
    fund: place.fundId?.toString() ?? null,
    campaign: place.campaignId?.toString() ?? null,
    earlier: earlier?.toString() ?? null,
    at: at.toISOString(),
    snapshot: snapshot as object,
  };
}

/** The packs of these places, the newest first. */
export async function listPacks(sql: Sql, places: Places): Promise<PackRow[]> {
  return await sql<
    PackRow[]
  >`select ${packColumns(sql)} ${packRows(sql)} where ${inPlaces(sql, places)} order by p.number desc`;
}

/** A pack with all that stands in it; null when it is not there, or not of these places. */
export async function findPack(sql: Sql, places: Places, number: bigint): Promise<Pack | null> {
  const [row] = await sql<Pack[]>`
    select ${packColumns(sql)}, p.note, p.snapshot ${packRows(sql)}
    where p.number = ${number} and ${inPlaces(sql, places)}`;
  return row ?? null;
}

/** The place of these numbers. @throws when one of them is nothing's */
export async function findPlaceOf(
  sql: Sql,
  { organisationId, fundId }: Pick<BoardPlace, "organisationId" | "fundId">,
): Promise<BoardPlace> {
  const [row] = await sql<BoardPlace[]>`
    select ${placeColumns(sql)}, null::bigint as "campaignId", null as campaign, null as "campaignName"
    from (values (1)) one (row) left join organisation o on o.id = ${organisationId}::bigint left join fund f on f.id = ${fundId}::bigint`;
  if (row === undefined) throw new Error("a place is always answered");
  return row;
}

/** The funds of a place, by number: what a link of its pack is about. */
export async function listFundsOf(sql: Sql, { organisationId, fundId, campaignId }: BoardPlace): Promise<bigint[]> {
  const rows = await sql<{ id: bigint }[]>`
    select f.id from fund f
    where (${organisationId}::bigint is null or is_fund_of(f.id, ${organisationId}::bigint))
      and (${fundId}::bigint is null or f.id = ${fundId}::bigint) and ${campaignId}::bigint is null
    order by f.position, f.id`;
  return rows.map(({ id }) => id);
}

/** Where packs of each month go by mail, as far as these places reach. */
export async function listMonthlyPacks(sql: Sql, places: Places): Promise<MonthlyPack[]> {
  return await sql<MonthlyPack[]>`
    select p.languages, ${placeColumns(sql)}, null::bigint as "campaignId", null as campaign, null as "campaignName"
    from monthly_pack p left join organisation o on o.id = p.organisation_id left join fund f on f.id = p.fund_id
    where ${inPlaces(sql, places)}
    order by p.id`;
}

/** Switches the pack of each month on for a place, or off with null. `day` is the place's own. */
export async function switchMonthlyPack(
  sql: Sql,
  by: By,
  { organisationId, fundId }: Pick<BoardPlace, "organisationId" | "fundId">,
  languages: PackLanguages | null,
  day: string,
): Promise<void> {
  await sql`
    select switch_monthly_pack(${sql.json({ id: by.id, name: by.name })}, ${organisationId}, ${fundId}, ${languages}, ${day}::date)`;
}

function placeColumns(sql: Sql) {
  return sql`o.id as "organisationId", o.slug::text as organisation, o.name as "organisationName", f.id as "fundId",
    f.slug::text as fund, f.name as "fundName"`;
}

function packColumns(sql: Sql) {
  return sql`p.number, ${placeColumns(sql)}, c.id as "campaignId", c.slug::text as campaign, c.name as "campaignName",
    p.period_from::text as from, p.period_to::text as to, p.currency, p.languages, p.earlier, p.month::text as month,
    p.made_at as "madeAt", p.staff_name as "madeBy"`;
}

function packRows(sql: Sql) {
  return sql`
    from board_pack p left join organisation o on o.id = p.organisation_id left join fund f on f.id = p.fund_id
    left join campaign c on c.id = p.campaign_id`;
}

/** Whether a pack lies within one of the places: one of a whole organisation's is not within a single fund of it. */
function inPlaces(sql: Sql, places: Places) {
  if (places === "all") return sql`true`;
  const held = places.map(({ organisationId, fundId }) => ({
    organisation: organisationId?.toString() ?? null,
    fund: fundId?.toString() ?? null,
  }));
  return sql`exists (
    select from jsonb_to_recordset(${sql.json(held)}) held (organisation bigint, fund bigint)
    where (held.organisation is null or held.organisation = p.organisation_id)
      and (held.fund is null or held.fund = p.fund_id)
  )`;
}
