import type { Money } from "./money.ts";

/**
 * The figures of one fund, of what waits for a fund, or of everything together, over one period and in one currency.
 * What each number means stands in `definition.ts`, which pages and API documentation print.
 */
export type Total = {
  givenMinor: bigint;
  returnedMinor: bigint;
  raisedMinor: bigint;
  /** What the books know of proceeds and fees. */
  proceedsMinor: bigint;
  feesMinor: bigint;
  /** Gifts whose fee is not known yet: not in `feesMinor`, so that `reachedMinor` is provisional while there are any. */
  feesUnknown: number;
  reachedMinor: bigint;
  gifts: number;
  donors: number;
  unnamedGifts: number;
  supporters: number;
  /** Paid through our Checkout, but its lines are not known yet: in no other number. */
  arriving: { payments: number; amountMinor: bigint };
  /** Gifts whose settlement amount is not known yet: counted in `gifts` and `donors`, not in any amount. */
  awaitingConversion: number;
  /** What was raised in other currencies; never added to the amounts above. */
  otherCurrencies: { currency: string; givenMinor: bigint; returnedMinor: bigint; raisedMinor: bigint }[];
};

/** A fund's figures with its name. */
export type FundTotal = Total & { slug: string; name: string; public: boolean };

/** All totals of one period. `from` and `to` are local days (YYYY-MM-DD, both included) or null for no limit. */
export type Totals = {
  asOf: Date;
  from: string | null;
  to: string | null;
  currency: string;
  funds: FundTotal[];
  unassigned: Total;
  all: Total;
};

/** The totals of a board: of everything, or within a place, where of one fund nothing is known of what waits for a fund. */
export type BoardTotals = Omit<Totals, "unassigned"> & { unassigned: Total | null };

/** Where a board ends: at an organisation, at one fund (of it, or of all that raise for it), or at one campaign. */
export type BoardPlace = {
  organisationId: bigint | null;
  organisation: string | null;
  organisationName: string | null;
  fundId: bigint | null;
  fund: string | null;
  fundName: string | null;
  campaignId: bigint | null;
  campaign: string | null;
  campaignName: string | null;
};

/** What stands in no total and somebody may have to look after, as it is now, whatever the period. */
export type Outstanding = {
  /** Payments that a bank has not decided yet, as with delayed debits; the amount of those in the currency asked for. */
  pending: { payments: number; amountMinor: bigint };
  /** Gifts that repeat and whose last payment failed. */
  renewals: {
    /** Tried again by Stripe, the next one at `nextAttempt`. */
    retried: number;
    nextAttempt: Date | null;
    /** Not tried again any more, and not stopped either. */
    givenUp: number;
  };
};

/** One month of one fund (slug) for the dashboard's chart; month is YYYY-MM. Unassigned gifts have slug null. */
export type MonthTotal = { month: string; fund: string | null; givenMinor: bigint; returnedMinor: bigint };

/**
 * What a campaign sold, promised and gave. Fees and actual are null while the fee of one of its sales is not known; promised
 * where some of its wordings name an amount and others do not.
 */
export type CampaignTotal = {
  unitsSold: number;
  grossMinor: bigint;
  shippingMinor: bigint;
  feesMinor: bigint | null;
  promisedMinor: bigint | null;
  actualMinor: bigint | null;
  differenceMinor: bigint | null;
};

/**
 * A gift that its donor let us show: `name` is null when it is shown without a name; `every` is `month`, `year` or such
 * as `3 month` when it repeats.
 */
export type RecentGift = Money & {
  occurredOn: string;
  name: string | null;
  note: string | null;
  every: string | null;
};
