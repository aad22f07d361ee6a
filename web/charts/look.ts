/** Colours and letters of a chart, read from the page's style so that light and dark agree with it. */
export type Look = {
  ink: string;
  soft: string;
  hair: string;
  paper: string;
  given: string;
  givenUnfinished: string;
  returned: string;
  unassigned: string;
  font: string;
  /** False for people who asked for less motion. */
  moves: boolean;
};

/** Largest power-of-ten-friendly text for an axis: `$8k`, `$1.2m`, `$250`. */
export function axisMoney(amountMinor: number, symbol: string, decimals: number): string {
  const sign = amountMinor < 0 ? "−" : "";
  const amount = Math.abs(amountMinor) / 10 ** decimals;
  if (amount >= 1_000_000) return `${sign}${symbol}${trim(amount / 1_000_000)}m`;
  if (amount >= 1_000) return `${sign}${symbol}${trim(amount / 1_000)}k`;
  return `${sign}${symbol}${trim(amount)}`;
}

function trim(amount: number): string {
  return String(Math.round(amount * 100) / 100);
}
