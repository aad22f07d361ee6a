import type { BoardTotals, FundTotal, Total, Totals } from "../core/total.ts";
import type { Sql } from "./connect.ts";

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
  const { unassigned, ...totals } = asTotals(await readRows(sql, asked), asked, who);
  if (unassigned === null) throw new Error("totals() of everything answers a row for what is unassigned");
  return { ...totals, unassigned };
}

async function readRows(sql: Sql, { from, to, currency }: Period): Promise<TotalRow[]> {
  return await sql<TotalRow[]>`
    select scope, fund_slug as slug, fund_name as name, fund_public as public, given_minor::bigint as given,
      returned_minor::bigint as returned, raised_minor::bigint as raised, gifts::int as gifts, donors::int as donors,
      unnamed_gifts::int as "unnamedGifts", supporters::int as supporters, arriving_payments::int as "arrivingPayments",
      arriving_minor::bigint as arriving, awaiting_conversion::int as "awaitingConversion",
      other_currencies as "otherCurrencies", proceeds_minor::bigint as proceeds, fees_minor::bigint as fees,
      fees_unknown::int as "feesUnknown", now() as "asOf"
    from totals(${from}::date, ${to}::date, ${currency})`;
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
