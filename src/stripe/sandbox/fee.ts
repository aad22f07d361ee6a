import { exponent } from "../../core/money.ts";
import { usualSettings } from "./settings.ts";
import type { AccountSettings } from "./settings.ts";

/** What Stripe Canada bills. https://stripe.com/en-ca/pricing and https://stripe.com/en-ca/pricing/local-payment-methods */
const perMille = { domestic: 29n, foreign: 37n, debit: 10n };
const fixedMinor = { domestic: 30n, foreign: 30n, debit: 40n };
const debitMaxMinor = 500n;
const conversionPerMille = 20n;
/** For each dispute, kept or given back. https://stripe.com/en-ca/pricing */
const disputeMinor = 1500n;

/**
 * One unit of these currencies in millionths of a Canadian dollar: fixed, so that a story comes out the same every time.
 * These are also the currencies the sandbox takes.
 */
const rateMillionths: Record<string, bigint> = {
  cad: 1_000_000n,
  usd: 1_370_000n,
  eur: 1_490_000n,
  gbp: 1_740_000n,
  azn: 806_000n,
  jpy: 9_100n,
  clp: 1_450n,
  xaf: 2_270n,
  isk: 9_900n,
  ugx: 370n,
  huf: 3_800n,
  twd: 42_500n,
  bhd: 3_630_000n,
  jod: 1_930_000n,
  kwd: 4_460_000n,
  omr: 3_560_000n,
  tnd: 440_000n,
};

export const takesCurrency = (currency: string): boolean => Object.hasOwn(rateMillionths, currency);

/** How an account settles: its own currencies, and today's rates. */
export type Terms = Pick<AccountSettings, "settlesIn" | "rates">;

/** The currency in which money of `currency` arrives. */
const settlementCurrency = (currency: string, { settlesIn }: Terms): string =>
  settlesIn.includes(currency) ? currency : settlesIn[0];

/** Halves go up, away from the payer: Stripe bills 44.5 cents as 45. Both arguments are positive. */
const divideHalfUp = (value: bigint, by: bigint): bigint => (2n * value + by) / (2n * by);

export type Means = "domestic" | "foreign" | "debit";

export type Settlement = {
  currency: string;
  amountMinor: bigint;
  /** The parts of the fee, in the settlement currency. */
  processingMinor: bigint;
  conversionMinor: bigint;
  /** Null without a conversion. */
  rate: number | null;
};

/** What a payment of `amountMinor` in `currency` brings to an account: gross in its own currency, and the fees. */
export function settle(amountMinor: bigint, currency: string, means: Means, terms: Terms = usualSettings): Settlement {
  const { currency: into, amountMinor: settled, rate } = moved(amountMinor, currency, terms);
  const fixed = convert(fixedMinor[means], "cad", into, terms);
  const processing = divideHalfUp(settled * perMille[means] + fixed * 1000n, 1000n);
  const most = convert(debitMaxMinor, "cad", into, terms);
  return {
    currency: into,
    amountMinor: settled,
    processingMinor: means === "debit" && processing > most ? most : processing,
    conversionMinor: rate === null ? 0n : divideHalfUp(settled * conversionPerMille, 1000n),
    rate,
  };
}

/** An amount as it moves in the account's balance, without any fee. */
export function moved(
  amountMinor: bigint,
  currency: string,
  terms: Terms,
): Pick<Settlement, "currency" | "amountMinor" | "rate"> {
  const into = settlementCurrency(currency, terms);
  if (into === currency) return { currency, amountMinor, rate: null };
  const rate = Number((rateOf(currency, terms) * 1_000_000n) / rateOf(into, terms)) / 1_000_000;
  return { currency: into, amountMinor: convert(amountMinor, currency, into, terms), rate };
}

/** What a dispute costs, in the settlement currency. */
export const disputeFeeMinor = (into: string, terms: Terms): bigint => convert(disputeMinor, "cad", into, terms);

/** An amount in Canadian cents, at the usual rate. */
export const inCents = (amountMinor: bigint, currency: string): bigint =>
  convert(amountMinor, currency, "cad", usualSettings);

/** An amount as a payer sees it in another currency, at the usual rate. */
export const inCurrency = (amountMinor: bigint, from: string, into: string): bigint =>
  convert(amountMinor, from, into, usualSettings);

function convert(amountMinor: bigint, from: string, into: string, terms: Terms): bigint {
  const scale = (currency: string): bigint => 10n ** BigInt(exponent(currency.toUpperCase()));
  return divideHalfUp(amountMinor * rateOf(from, terms) * scale(into), rateOf(into, terms) * scale(from));
}

function rateOf(currency: string, { rates }: Terms): bigint {
  const rate = rates[currency] ?? rateMillionths[currency];
  if (rate === undefined) throw new RangeError(`the sandbox has no rate for ${currency}`);
  return rate;
}
