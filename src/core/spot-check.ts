import type { Period } from "./period.ts";

/** Some gifts of an organisation, drawn at random so that a person compares them with Stripe and the bank. */
export type SpotCheck = Period & {
  id: bigint;
  organisation: string;
  organisationName: string;
  organisationId: bigint;
  /** How many gifts there were to be drawn from. */
  gifts: number;
  drawnAt: Date;
  drawnBy: string;
  drawn: number;
  found: number;
  differ: number;
};

/** What somebody found of a drawn gift. A later tick counts instead of an earlier one, which stays to be seen. */
export type Tick = { outcome: TickOutcome; remark: string; at: Date; by: string };
export const tickOutcomes = ["found", "differs"] as const;
export type TickOutcome = (typeof tickOutcomes)[number];

/** A gift as it was when it was drawn, and where it stands at Stripe and in the books. */
export type DrawnGift = {
  place: number;
  payment: bigint;
  countedOn: string;
  fund: string | null;
  currency: string;
  amountMinor: bigint;
  /** False for what was recorded by hand. */
  isThroughStripe: boolean;
  account: string | null;
  paymentIntent: string | null;
  charge: string | null;
  balanceTransaction: string | null;
  payout: string | null;
  entry: { id: string; number: number } | null;
  /** The first one first. */
  ticks: Tick[];
};

/** How many gifts are drawn, where there are as many. */
const drawnMax = 10;

/**
 * Whole numbers from 0 to 36^10, one for each gift to be drawn.
 * @param random answers letters and digits, each as likely as any other
 */
export function chances(random: () => string): number[] {
  return Array.from({ length: drawnMax }, () => Number.parseInt(random().slice(0, 10), 36));
}
