import { exponent } from "./money.ts";
import type { Period } from "./period.ts";

/** Where the bars of gift sizes begin, in hundredths. */
const bars = [0n, 1000n, 2500n, 5000n, 10_000n, 25_000n, 50_000n, 100_000n, 250_000n, 500_000n, 1_000_000n];

/** The least amounts of the histogram's bars, in minor units: $10, $25, $50, $100 and so on; ¥1000 where there are no cents. */
export function histogramBounds(currency: string): bigint[] {
  return exponent(currency) === 3 ? bars.map((bound) => bound * 10n) : bars;
}

/** Local days, both included. */
export type Span = { from: string; to: string };

/** What a board is about: everything where all are null, else the narrowest that is named. */
export type AskedPlace = { organisationId: bigint | null; fundId: bigint | null; campaignId: bigint | null };

/** What is asked of a board. Its period may end in the future, as this fiscal year does. */
export type BoardAsked = {
  place: AskedPlace;
  period: Period;
  currency: string;
  today: string;
  /** The period before, which ends on the day before the period begins; null for one without a first day. */
  before: Span | null;
  /** The same two one period earlier: `period` begins with `before` of above, and is cut where the period stands today. */
  samePoint: { before: Span; period: Span } | null;
  /** What the period is compared with, and the days of its own that are. */
  compared: { with: ComparedAnswer["with"]; place: AskedPlace; from: string; to: string; own: Span } | null;
};

/**
 * What the dashboard answers beside the totals, as JSON: amounts are integer minor units of the board's currency, days are
 * local, YYYY-MM-DD, both included. What each number means stands in `definition.ts`.
 *
 * Everything is about one scope (all, an organisation, a fund, a campaign), and is read in the one statement that reads the
 * totals, so that all of it belongs together.
 */
export type BoardAnswers = {
  people: PeopleAnswer;
  size: SizeAnswer;
  /** Null where nobody keeps it: it is kept for fiscal years and for all time. */
  concentration: ConcentrationAnswer | null;
  /** One row a fiscal year in which somebody gave for the first time, the oldest first. */
  cohorts: CohortAnswer[];
  plans: PlansAnswer;
  /** Null within one fund or campaign of several organisations' books: costs are an organisation's. */
  cost: CostAnswer | null;
  /** Null within a campaign. */
  spendable: SpendableAnswer | null;
  merchandise: MerchandiseAnswer[];
  /** Only within a fund that several organisations raise for. */
  joint: JointAnswer | null;
  trust: TrustAnswer;
  /** A row for each month of the period with a donor, the oldest first; a cut month counts its days within the period. */
  donorMonths: { month: string; newDonors: number; returningDonors: number }[];
  /** A row for each day on which something was given or returned, the oldest first: of the last 400 days of the period. */
  days: { day: string; givenMinor: number; returnedMinor: number }[];
};

/** Who gave, beside the period before. `donors` is that of the totals. */
export type PeopleAnswer = {
  donors: number;
  newDonors: number;
  /** Null for a period without a first day, which has none before it. */
  before: BeforeAnswer | null;
};

/** The period before ends on the day before the period begins. */
export type BeforeAnswer = {
  from: string;
  to: string;
  /** Who gave in it. */
  donors: number;
  /** Who gave in it and in the period: they came back. */
  returning: number;
  /** Who gave before it, not in it, and again in the period. */
  regained: number;
  /** Who gave in it and not (or not yet) in the period. */
  lapsed: number;
  /** The same one period earlier, up to the same point; null where the period before is the first one with a gift. */
  samePoint: { donors: number; returning: number } | null;
};

/** Gifts in the board's currency that were not wholly returned, each at what was given. Null where there is none. */
export type SizeAnswer = {
  gifts: number;
  medianMinor: number | null;
  averageMinor: number | null;
  /** Sums up to `gifts`; a bar holds amounts from `fromMinor` up to, not including, `toMinor` (null: no limit). */
  histogram: { fromMinor: number; toMinor: number | null; gifts: number }[];
};

/** What stayed of the gifts of a fiscal year (or of all time), and how much of it came from the few who gave most. */
export type ConcentrationAnswer = {
  stayedMinor: number;
  people: number;
  top: { people: 1 | 5 | 10; minor: number }[];
};

/** Those who first gave in the fiscal year that begins on `from`, and how many of them gave in each year from it on. */
export type CohortAnswer = { from: string; people: number; active: number[] };

/** Gifts that repeat, at the end of the period (or today). */
export type PlansAnswer = {
  active: number;
  /** What they bring a month: yearly gifts by 12, weekly ones by 52/12, rounded once for each plan. */
  baseMinor: number;
  /** In the period. */
  began: number;
  ended: number;
  /** Running when the period began; null for a period without a first day. */
  activeAtStart: number | null;
  /** Running now, with a payment that failed and was not made good yet. */
  failing: number;
};

/** What it cost to raise what was raised, by the accounts of the books. */
export type CostAnswer = {
  /** Raised, and sales less what was returned of them. */
  revenueMinor: number;
  costMinor: number;
  /** The costs by account, such as `{ code: "5000", name: "Processing fees", minor: 1234 }`; they add up to `costMinor`. */
  costs: { code: string; name: string; minor: number }[];
};

/** Where the funds stood in the books at the end of the period (or today). */
export type SpendableAnswer = {
  asOf: string;
  freeMinor: number;
  restrictedMinor: number;
  /** What waits for a fund. */
  waitingMinor: number;
  /** They add up to the three sums; `slug` null is what waits for a fund. */
  funds: { slug: string | null; name: string | null; restricted: boolean; minor: number }[];
};

/** What a campaign sold in the period. Null as in `CampaignTotal`. */
export type MerchandiseAnswer = {
  slug: string;
  name: string;
  fund: string;
  unitsSold: number;
  grossMinor: number;
  shippingMinor: number;
  feesMinor: number | null;
  promisedMinor: number | null;
  actualMinor: number | null;
  differenceMinor: number | null;
  /** Goods by size or kind, the most sold first; `variant` is empty for an item without choices. */
  items: { item: string; variant: string; units: number; soldMinor: number }[];
};

/** What each organisation raised for a joint fund, and what one holds for another. People are one union: `people`. */
export type JointAnswer = {
  organisations: { slug: string; name: string; givenMinor: number; returnedMinor: number; raisedMinor: number }[];
  owed: { from: string; to: string; minor: number }[];
};

/** How far the numbers can be trusted, as it is now, whatever the period. */
export type TrustAnswer = {
  organisations: {
    slug: string;
    name: string;
    /** The last closed month, YYYY-MM, who closed it and when; null while none is. */
    closed: { month: string; at: string; by: string } | null;
    /** Whether the identities of its books hold. */
    proofsHold: boolean;
    /** `agrees` as of `askedAt`, or why not: see `StripeState`. */
    stripe: {
      state: "not yet" | "agrees" | "stale" | "moving" | "differs";
      askedAt: string | null;
      differenceMinor: number;
    };
  }[];
  disputes: { open: number; minor: number };
  unassigned: { gifts: number; minor: number };
  feesUnknown: number;
  /** Money at Stripe of a kind that nobody knows yet. */
  suspenseMinor: number;
};

/**
 * What the period is compared with. The two sides have the same number of days, or whole months up to the same point; of the
 * year before the same days of the calendar, which a leap day makes one more or less.
 */
export type ComparedAnswer = {
  with: "previous" | "last year" | { campaign: string; name: string };
  from: string;
  to: string;
  raisedMinor: number;
  reachedMinor: number;
  givenMinor: number;
  gifts: number;
  donors: number;
  /** The period's own figures up to the same point, which `to` of an unfinished one lies before its end. */
  own: {
    from: string;
    to: string;
    raisedMinor: number;
    reachedMinor: number;
    givenMinor: number;
    gifts: number;
    donors: number;
  };
  /** Raised, added up day by day (or month by month over 400 days) from the first day on: place 0 is the first. */
  cumulative: { grain: "day" | "month"; own: number[]; compared: number[] };
};
