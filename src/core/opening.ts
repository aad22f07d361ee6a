/** Where opening balances can stand: bank, cash box, undeposited cash, Stripe. */
export const openingCodes = ["1000", "1010", "1050", "1100"] as const;

/** What a fund had when the books of its organisation begin. */
export type OpeningLine = {
  code: (typeof openingCodes)[number];
  fund: string;
  /** The Stripe account of what stands there; null elsewhere. */
  account: string | null;
  currency: string | null;
  amountMinor: bigint;
};

/** When the books of an organisation begin, and with what. */
export type Opening = { request: string; organisation: string; day: string; lines: readonly OpeningLine[] };
