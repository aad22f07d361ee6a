import type { BoardAnswers, ComparedAnswer } from "../../src/core/board.ts";
import type { Compare, PresetName } from "../../src/core/board-period.ts";
import { minorToNumber } from "../../src/core/money.ts";
import type { BoardPlace, BoardTotals, FundTotal, MonthTotal, Outstanding, Total } from "../../src/core/total.ts";

/** The figures of one line of the dashboard, as JSON: integer minor units. */
export type BoardFigures = {
  givenMinor: number;
  returnedMinor: number;
  raisedMinor: number;
  proceedsMinor: number;
  feesMinor: number;
  feesUnknown: number;
  reachedMinor: number;
  gifts: number;
  donors: number;
  unnamedGifts: number;
  supporters: number;
  arrivingPayments: number;
  arrivingMinor: number;
  awaitingConversion: number;
  otherCurrencies: { currency: string; givenMinor: number; returnedMinor: number; raisedMinor: number }[];
};

export type BoardFund = BoardFigures & { slug: string; name: string; public: boolean };

/** One month over all funds and what is unassigned; `month` is YYYY-MM. */
export type BoardMonth = { month: string; givenMinor: number; returnedMinor: number; raisedMinor: number };

/**
 * All that the dashboard shows: embedded in the page, and the body of `GET /board/totals.json`. Figures, tables and
 * charts are drawn from this object alone, so they cannot disagree.
 */
export type BoardData = {
  asOf: string;
  from: string | null;
  to: string | null;
  currency: string;
  /** The local day at which this was made, and the zone it is local to. */
  today: string;
  timeZone: string;
  /** The organisation, or the one fund of it, at which the figures end; null for everything. */
  within: Within | null;
  /** Within an organisation those given to through it, each whole: of a joint fund, what all its organisations raised. */
  funds: BoardFund[];
  /** Null within one fund. */
  unassigned: BoardFigures | null;
  /** Within an organisation: what came to it. */
  all: BoardFigures;
  /** Every month from the first to the last one shown, months without a gift included. */
  months: BoardMonth[];
  /** As it is now, whatever the period: payments that a bank has not decided, and gifts that repeat and failed; null within one fund. */
  pending: { payments: number; amountMinor: number } | null;
  renewals: { retried: number; nextAttempt: string | null; givenUp: number } | null;
  answers: BoardAnswers;
  compared: ComparedAnswer | null;
  /** What the fund wants to raise, where the figures are what it raised so far; else null. */
  goalMinor: number | null;
  /** A fund for one occasion: nobody is expected to come back. */
  oneTime: boolean;
  /** How the address asked for this. */
  asked: { preset: PresetName | null; compare: Compare };
};

/** What a place is called, and its addresses. */
export type Within = Omit<BoardPlace, "organisationId" | "fundId" | "campaignId">;

/** What stands beside the totals. */
export type BesideTotals = Pick<BoardData, "answers" | "compared" | "goalMinor" | "oneTime" | "asked">;

/** Nothing beside the totals. */
const nothingBeside: BesideTotals = {
  answers: {
    people: { donors: 0, newDonors: 0, before: null },
    size: { gifts: 0, medianMinor: null, averageMinor: null, histogram: [] },
    concentration: null,
    cohorts: [],
    plans: { active: 0, baseMinor: 0, began: 0, ended: 0, activeAtStart: null, failing: 0 },
    cost: null,
    spendable: null,
    merchandise: [],
    joint: null,
    trust: {
      organisations: [],
      disputes: { open: 0, minor: 0 },
      unassigned: { gifts: 0, minor: 0 },
      feesUnknown: 0,
      suspenseMinor: 0,
    },
    donorMonths: [],
    days: [],
  },
  compared: null,
  goalMinor: null,
  oneTime: false,
  asked: { preset: "all time", compare: "none" },
};

/** The longest period whose months without a gift are drawn even before the first and after the last gift. */
const monthsDrawnEmpty = 36;

/**
 * The dashboard's data from the database's totals.
 * @param months rows by month and fund, in any order
 * @param outstanding what stands in no total, in the currency of the totals; null within one fund
 * @param clock the local day (YYYY-MM-DD) and its zone; months after that day are not drawn
 * @throws RangeError when an amount does not fit a JSON number
 */
export function boardData(
  totals: BoardTotals,
  months: readonly MonthTotal[],
  outstanding: Outstanding | null,
  clock: { today: string; timeZone: string },
  within: BoardPlace | null = null,
  beside: BesideTotals = nothingBeside,
): BoardData {
  return {
    asOf: totals.asOf.toISOString(),
    from: totals.from,
    to: totals.to,
    currency: totals.currency,
    today: clock.today,
    timeZone: clock.timeZone,
    within: within === null ? null : withinOf(within),
    funds: totals.funds.map((fund) => boardFund(fund)),
    unassigned: totals.unassigned === null ? null : figures(totals.unassigned),
    all: figures(totals.all),
    months: everyMonth(months, totals, clock.today.slice(0, 7)),
    ...stillOut(outstanding),
    ...beside,
  };
}

function withinOf({ organisationId: _o, fundId: _f, campaignId: _c, ...within }: BoardPlace): Within {
  return within;
}

function stillOut(outstanding: Outstanding | null): Pick<BoardData, "pending" | "renewals"> {
  if (outstanding === null) return { pending: null, renewals: null };
  const { pending, renewals } = outstanding;
  return {
    pending: { payments: pending.payments, amountMinor: minorToNumber(pending.amountMinor) },
    renewals: { ...renewals, nextAttempt: renewals.nextAttempt?.toISOString() ?? null },
  };
}

function boardFund(fund: FundTotal): BoardFund {
  return { slug: fund.slug, name: fund.name, public: fund.public, ...figures(fund) };
}

function figures(total: Total): BoardFigures {
  return {
    givenMinor: minorToNumber(total.givenMinor),
    returnedMinor: minorToNumber(total.returnedMinor),
    raisedMinor: minorToNumber(total.raisedMinor),
    proceedsMinor: minorToNumber(total.proceedsMinor),
    feesMinor: minorToNumber(total.feesMinor),
    feesUnknown: total.feesUnknown,
    reachedMinor: minorToNumber(total.reachedMinor),
    gifts: total.gifts,
    donors: total.donors,
    unnamedGifts: total.unnamedGifts,
    supporters: total.supporters,
    arrivingPayments: total.arriving.payments,
    arrivingMinor: minorToNumber(total.arriving.amountMinor),
    awaitingConversion: total.awaitingConversion,
    otherCurrencies: total.otherCurrencies.map((other) => ({
      currency: other.currency,
      givenMinor: minorToNumber(other.givenMinor),
      returnedMinor: minorToNumber(other.returnedMinor),
      raisedMinor: minorToNumber(other.raisedMinor),
    })),
  };
}

/** The months without gaps; a chosen period that is not too long keeps its empty edges, so that a chart shows all of it. */
function everyMonth(rows: readonly MonthTotal[], { from, to }: BoardTotals, thisMonth: string): BoardMonth[] {
  const sums = new Map<string, { given: bigint; returned: bigint }>();
  for (const { month, givenMinor, returnedMinor } of rows) {
    const sum = sums.get(month) ?? { given: 0n, returned: 0n };
    sums.set(month, { given: sum.given + givenMinor, returned: sum.returned + returnedMinor });
  }
  const seen = [...sums.keys()].sort();
  const [first, last] = edges(seen, from?.slice(0, 7), to?.slice(0, 7), thisMonth);
  if (first === undefined || last === undefined) return [];
  return monthsBetween(first, last).map((month) => {
    const { given, returned } = sums.get(month) ?? { given: 0n, returned: 0n };
    return {
      month,
      givenMinor: minorToNumber(given),
      returnedMinor: minorToNumber(returned),
      raisedMinor: minorToNumber(given - returned),
    };
  });
}

function edges(
  seen: string[],
  from: string | undefined,
  to: string | undefined,
  thisMonth: string,
): [string?, string?] {
  const first = seen[0];
  const last = seen.at(-1);
  const chosenLast =
    to !== undefined && to > thisMonth ? (last !== undefined && last > thisMonth ? last : thisMonth) : to;
  if (from !== undefined && chosenLast !== undefined && from <= chosenLast) {
    const chosen = monthsBetween(from, chosenLast, monthsDrawnEmpty + 1);
    if (chosen.length <= monthsDrawnEmpty) return [from, chosenLast];
  }
  return first === undefined || last === undefined ? [] : [first, last];
}

function monthsBetween(first: string, last: string, limit = Infinity): string[] {
  const months: string[] = [];
  for (let month = first; month <= last && months.length < limit; month = nextMonth(month)) months.push(month);
  return months;
}

function nextMonth(month: string): string {
  const year = Number(month.slice(0, 4));
  const number = Number(month.slice(5, 7));
  return number === 12
    ? `${String(year + 1).padStart(4, "0")}-01`
    : `${month.slice(0, 5)}${String(number + 1).padStart(2, "0")}`;
}
