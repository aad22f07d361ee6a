import { exponent } from "../../core/money.ts";

/** What Stripe Canada bills for a card. https://stripe.com/en-ca/pricing */
const perMille = { domestic: 29n, foreign: 37n };
const fixedMinor = 30n;
const conversionPerMille = 20n;

/**
 * Accounts of the sandbox settle in Canadian dollars. One unit of these currencies in millionths of a dollar: fixed, so
 * that a story comes out the same every time. These are also the currencies the sandbox takes.
 */
const rateMillionths: Record<string, bigint> = {
  cad: 1_000_000n,
  usd: 1_370_000n,
  eur: 1_490_000n,
  gbp: 1_740_000n,
  azn: 806_000n,
  jpy: 9_100n,
};

export const settlementCurrency = "cad";
export const takesCurrency = (currency: string): boolean => Object.hasOwn(rateMillionths, currency);

/** Halves go up, away from the payer: Stripe bills 44.5 cents as 45. Both arguments are positive. */
const divideHalfUp = (value: bigint, by: bigint): bigint => (2n * value + by) / (2n * by);

export type Settlement = {
  amountMinor: bigint;
  /** The parts of the fee, in the settlement currency. */
  processingMinor: bigint;
  conversionMinor: bigint;
  /** Null without a conversion. */
  rate: number | null;
};

/** What a card payment of `amountMinor` in `currency` brings to an account: gross in Canadian dollars, and the fees. */
export function settle(amountMinor: bigint, currency: string, card: "domestic" | "foreign"): Settlement {
  const settled = settledMinor(amountMinor, currency);
  const isConverted = currency !== settlementCurrency;
  return {
    amountMinor: settled,
    processingMinor: divideHalfUp(settled * perMille[card] + fixedMinor * 1000n, 1000n),
    conversionMinor: isConverted ? divideHalfUp(settled * conversionPerMille, 1000n) : 0n,
    rate: isConverted ? Number(rateOf(currency)) / 1_000_000 : null,
  };
}

/** An amount in Canadian cents, at the sandbox's rate. */
export function settledMinor(amountMinor: bigint, currency: string): bigint {
  const cents = amountMinor * rateOf(currency) * 10n ** BigInt(exponent(settlementCurrency.toUpperCase()));
  return divideHalfUp(cents, 1_000_000n * 10n ** BigInt(exponent(currency.toUpperCase())));
}

function rateOf(currency: string): bigint {
  const rate = rateMillionths[currency];
  if (rate === undefined) throw new RangeError(`the sandbox has no rate for ${currency}`);
  return rate;
}
