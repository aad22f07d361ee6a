/** The board's address as data: slugs and days as they stand in it, null for what is not said. */
export type BoardAddress = {
  organisation: string | null;
  fund: string | null;
  campaign: string | null;
  from: string | null;
  to: string | null;
  /** `none`, `previous`, `last-year`, or a campaign's slug. */
  compare: string | null;
  currency: string | null;
};

/** The question of an address, without "?": only what is said, always in the same order. */
export function boardQuery(address: BoardAddress): string {
  const { organisation, fund, campaign, from, to, compare, currency } = address;
  const said = Object.entries({ organisation, fund, campaign, from, to, compare, currency }).filter(
    (pair): pair is [string, string] => pair[1] !== null,
  );
  return new URLSearchParams(said).toString();
}
