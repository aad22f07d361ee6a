import type { FundTotal, MonthTotal, Outstanding, Total, Totals } from "../core/total.ts";
import type { Sql } from "./connect.ts";

type TotalRow = {
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
  otherCurrencies: { currency: string; given_minor: string; returned_minor: string }[];
  asOf: Date;
};

type Asked = {
  /** Local days, both included; null for no limit. */
  from: string | null;
  to: string | null;
  currency: string;
  /** "public": public funds and what is unassigned, and `all` means these; "board": everything. */
  who: "public" | "board";
};

/** The totals of a period in one currency, all read in one statement, so that they belong together. */
export async function readTotals(sql: Sql, { from, to, currency, who }: Asked): Promise<Totals> {
  const rows = await sql<TotalRow[]>`
    select scope, fund_slug as slug, fund_name as name, fund_public as public, given_minor::bigint as given,
      returned_minor::bigint as returned, raised_minor::bigint as raised, gifts::int as gifts, donors::int as donors,
      unnamed_gifts::int as "unnamedGifts", supporters::int as supporters, arriving_payments::int as "arrivingPayments",
      arriving_minor::bigint as arriving, awaiting_conversion::int as "awaitingConversion",
      other_currencies as "otherCurrencies", now() as "asOf"
    from totals(${from}::date, ${to}::date, ${currency})`;
  const all = rows.find((row) => row.scope === (who === "public" ? "public" : "all"));
  const unassigned = rows.find((row) => row.scope === "unassigned");
  if (all === undefined || unassigned === undefined)
    throw new Error("totals() answers a row for everything and one for what is unassigned");
  const funds = rows.filter((row) => row.scope === "fund" && (who === "board" || row.public === true));
  return {
    asOf: all.asOf,
    from,
    to,
    currency,
    funds: funds.map(toFundTotal),
    unassigned: toTotal(unassigned),
    all: toTotal(all),
  };
}

/** Totals by month and fund for the dashboard's chart, in any order. */
export async function readMonths(sql: Sql, { from, to, currency }: Omit<Asked, "who">): Promise<MonthTotal[]> {
  return await sql<MonthTotal[]>`
    select month, fund_slug as fund, given_minor::bigint as "givenMinor", returned_minor::bigint as "returnedMinor"
    from totals_by_month(${from}::date, ${to}::date, ${currency})`;
}

/** What stands in no total and somebody may have to look after, as it is now. */
export async function readOutstanding(sql: Sql, currency: string): Promise<Outstanding> {
  const [row] = await sql<
    { payments: number; amountMinor: bigint; retried: number; nextAttempt: Date | null; givenUp: number }[]
  >`
    select p.payments::int as payments, p.amount_minor as "amountMinor", r.retried::int as retried,
      r.next_attempt_at as "nextAttempt", r.given_up::int as "givenUp"
    from pending_payments(${currency}) p cross join failed_renewals() r`;
  if (row === undefined) throw new Error("pending_payments() and failed_renewals() answer a row each");
  const { payments, amountMinor, ...renewals } = row;
  return { pending: { payments, amountMinor }, renewals };
}

/** The currencies that can be asked for: those of organisations, funds and campaigns, and CAD while there are none. */
export async function listCurrencies(sql: Sql): Promise<string[]> {
  const rows = await sql<{ currency: string }[]>`
    select currency::text as currency from organisation union select currency from fund union select currency from campaign
    union select 'CAD' where not exists (select from organisation) order by 1`;
  return rows.map((row) => row.currency);
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
    // Only the books will know these; until then they are unknown and never 0.
    proceedsMinor: null,
    feesMinor: null,
    feesUnknown: null,
    reachedMinor: null,
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
