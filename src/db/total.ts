import type { BoardPlace, BoardTotals, FundTotal, MonthTotal, Outstanding, Total, Totals } from "../core/total.ts";
import type { Sql } from "./connect.ts";
import type { Places } from "./gift-list.ts";

/** A row of totals(). */
export type TotalRow = {
  scope: "fund" | "unassigned" | "all" | "public";
  slug: string | null;
  name: string | null;
  public: boolean | null;
  given: bigint;
  returned: bigint;
  raised: bigint;
  gifts: number;
  donors: number;
  unnamedGifts: number;
  supporters: number;
  arrivingPayments: number;
  arriving: bigint;
  awaitingConversion: number;
  proceeds: bigint;
  fees: bigint;
  feesUnknown: number;
  otherCurrencies: { currency: string; given_minor: string; returned_minor: string }[];
  asOf: Date;
};

type Period = {
  /** Local days, both included; null for no limit. */
  from: string | null;
  to: string | null;
  currency: string;
};

type Asked = Period & {
  /** "public": public funds and what is unassigned, and `all` means these; "board": everything. */
  who: "public" | "board";
};

/** The totals of a period in one currency, all read in one statement, so that they belong together. */
export async function readTotals(sql: Sql, { who, ...asked }: Asked): Promise<Totals> {
  const { unassigned, ...totals } = asTotals(await readRows(sql, asked, null), asked, who);
  if (unassigned === null) throw new Error("totals() of everything answers a row for what is unassigned");
  return { ...totals, unassigned };
}

/** The totals that a board shows: of everything, or within a place. */
export async function readBoardTotals(sql: Sql, asked: Period, within: BoardPlace | null): Promise<BoardTotals> {
  return asTotals(await readRows(sql, asked, within), asked, "board");
}

/** Totals by month and fund for the dashboard's chart, in any order; within an organisation, of what came to it. */
export async function readMonths(
  sql: Sql,
  { from, to, currency }: Period,
  within: BoardPlace | null,
): Promise<MonthTotal[]> {
  return await sql<MonthTotal[]>`
    select month, fund_slug as fund, given_minor::bigint as "givenMinor", returned_minor::bigint as "returnedMinor"
    from totals_by_month(${from}::date, ${to}::date, ${currency}, ${within?.organisationId ?? null}::bigint, ${within?.fundId ?? null}::bigint)`;
}

/** What stands in no total and somebody may have to look after, as it is now; null within one fund, of which it is not known. */
export async function readOutstanding(
  sql: Sql,
  currency: string,
  within: BoardPlace | null,
): Promise<Outstanding | null> {
  if (within !== null && within.fundId !== null) return null;
  const organisationId = within?.organisationId ?? null;
  const [row] = await sql<
    { payments: number; amountMinor: bigint; retried: number; nextAttempt: Date | null; givenUp: number }[]
  >`
    select p.payments::int as payments, p.amount_minor as "amountMinor", r.retried::int as retried,
      r.next_attempt_at as "nextAttempt", r.given_up::int as "givenUp"
    from pending_payments(${currency}, ${organisationId}::bigint) p cross join failed_renewals(${organisationId}::bigint) r`;
  if (row === undefined) throw new Error("pending_payments() and failed_renewals() answer a row each");
  const { payments, amountMinor, ...renewals } = row;
  return { pending: { payments, amountMinor }, renewals };
}

/** The places of somebody's board, each organisation before single funds of it; with "all" each organisation. */
export async function listBoardPlaces(sql: Sql, places: Places): Promise<BoardPlace[]> {
  const held =
    places === "all"
      ? sql`f.id is null`
      : sql`exists (
          select from jsonb_to_recordset(${sql.json(places.map(asText))}) held (organisation bigint, fund bigint)
          where held.organisation = o.id and held.fund is not distinct from f.id
        )`;
  return await sql<BoardPlace[]>`
    select o.id as "organisationId", o.slug::text as organisation, o.name as "organisationName", f.id as "fundId",
      f.slug as fund, f.name as "fundName"
    from organisation o
    cross join lateral (
      select null::bigint as id, null as slug, null as name, null::bigint as position
      union all
      select fund.id, fund.slug::text, fund.name, fund.position from fund where is_fund_of(fund.id, o.id)
    ) f
    where ${held}
    order by o.position, o.id, f.id is not null, f.position, f.id`;
}

/** The currencies that can be asked for: those of organisations, funds and campaigns, and CAD while there are none. */
export async function listCurrencies(sql: Sql, within: BoardPlace | null): Promise<string[]> {
  if (within !== null) return await listCurrenciesWithin(sql, within);
  const rows = await sql<{ currency: string }[]>`
    select currency::text as currency from organisation union select currency from fund union select currency from campaign
    union select 'CAD' where not exists (select from organisation) order by 1`;
  return rows.map((row) => row.currency);
}

async function listCurrenciesWithin(sql: Sql, { organisationId, fundId }: BoardPlace): Promise<string[]> {
  const rows = await sql<{ currency: string }[]>`
    with own as (
      select id, currency from fund
      where is_fund_of(id, ${organisationId}) and (${fundId}::bigint is null or id = ${fundId}::bigint)
    )
    select currency::text as currency from organisation where id = ${organisationId}
    union select currency from own
    union select c.currency from campaign c join own on own.id = c.fund_id
    order by 1`;
  return rows.map((row) => row.currency);
}

async function readRows(sql: Sql, { from, to, currency }: Period, within: BoardPlace | null): Promise<TotalRow[]> {
  return await sql<TotalRow[]>`
    select scope, fund_slug as slug, fund_name as name, fund_public as public, given_minor::bigint as given,
      returned_minor::bigint as returned, raised_minor::bigint as raised, gifts::int as gifts, donors::int as donors,
      unnamed_gifts::int as "unnamedGifts", supporters::int as supporters, arriving_payments::int as "arrivingPayments",
      arriving_minor::bigint as arriving, awaiting_conversion::int as "awaitingConversion",
      other_currencies as "otherCurrencies", proceeds_minor::bigint as proceeds, fees_minor::bigint as fees,
      fees_unknown::int as "feesUnknown", now() as "asOf"
    from totals(${from}::date, ${to}::date, ${currency}, ${within?.organisationId ?? null}::bigint, ${within?.fundId ?? null}::bigint)`;
}

/** The totals that these rows say together. */
export function asTotals(rows: readonly TotalRow[], { from, to, currency }: Period, who: Asked["who"]): BoardTotals {
  const all = rows.find((row) => row.scope === (who === "public" ? "public" : "all"));
  const unassigned = rows.find((row) => row.scope === "unassigned");
  if (all === undefined) throw new Error("totals() answers a row for everything");
  const funds = rows.filter((row) => row.scope === "fund" && (who === "board" || row.public === true));
  return {
    asOf: all.asOf,
    from,
    to,
    currency,
    funds: funds.map(toFundTotal),
    unassigned: unassigned === undefined ? null : toTotal(unassigned),
    all: toTotal(all),
  };
}

function asText({ organisationId, fundId }: Exclude<Places, "all">[number]) {
  return { organisation: organisationId?.toString() ?? null, fund: fundId?.toString() ?? null };
}

function toFundTotal(row: TotalRow): FundTotal {
  if (row.slug === null || row.name === null || row.public === null) throw new Error("a fund's total names its fund");
  return { slug: row.slug, name: row.name, public: row.public, ...toTotal(row) };
}

function toTotal(row: TotalRow): Total {
  return {
    givenMinor: row.given,
    returnedMinor: row.returned,
    raisedMinor: row.raised,
    proceedsMinor: row.proceeds,
    feesMinor: row.fees,
    feesUnknown: row.feesUnknown,
    reachedMinor: row.raised + row.proceeds - row.fees,
    gifts: row.gifts,
    donors: row.donors,
    unnamedGifts: row.unnamedGifts,
    supporters: row.supporters,
    arriving: { payments: row.arrivingPayments, amountMinor: row.arriving },
    awaitingConversion: row.awaitingConversion,
    otherCurrencies: row.otherCurrencies.map((other) => toOtherCurrency(other)),
  };
}

function toOtherCurrency({
  currency,
  given_minor,
  returned_minor,
}: TotalRow["otherCurrencies"][number]): Total["otherCurrencies"][number] {
  const [givenMinor, returnedMinor] = [BigInt(given_minor), BigInt(returned_minor)];
  return { currency, givenMinor, returnedMinor, raisedMinor: givenMinor - returnedMinor };
}
