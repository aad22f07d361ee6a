import { usualCompare, type Compare } from "./board-period.ts";

/** What a board's address says; null is what it leaves out. `compare` is `none`, `previous`, `last-year` or a campaign's slug. */
export type BoardAddress = {
  organisation: string | null;
  fund: string | null;
  campaign: string | null;
  from: string | null;
  to: string | null;
  compare: string | null;
  currency: string | null;
};

const names = ["organisation", "fund", "campaign", "from", "to", "compare", "currency"] as const;

/** No more of a word is read: nothing that could be named is longer. */
const lengthMax = 100;

/** Reads the address of a board; a field that was left empty says nothing. */
export function readBoardAddress(query: Readonly<Record<string, string | undefined>>): BoardAddress {
  const word = (name: (typeof names)[number]): string | null => query[name]?.trim().slice(0, lengthMax) || null;
  return {
    organisation: word("organisation"),
    fund: word("fund"),
    campaign: word("campaign"),
    from: word("from"),
    to: word("to"),
    compare: word("compare"),
    currency: word("currency"),
  };
}

/** The address after the "?", always in one order, without what would be so anyway; "" for everything of all time. */
export function boardQuery(address: BoardAddress): string {
  const isUsual = address.compare === compareWord(usualCompare(address));
  const said = { ...address, compare: isUsual ? null : address.compare };
  const pairs = names.flatMap((name) => {
    const word = said[name];
    return word === null ? [] : [[name, word]];
  });
  return new URLSearchParams(pairs).toString();
}

/** What an address compares with: what it says, or else what is usual. A campaign's slug is not looked up. */
export function compareOf(address: BoardAddress): Compare {
  switch (address.compare) {
    case null:
      return usualCompare(address);
    case "none":
    case "previous":
      return address.compare;
    case "last-year":
      return "last year";
    default:
      return { campaign: address.compare };
  }
}

/** How an address says what it compares with. */
export function compareWord(compare: Compare): string {
  if (typeof compare === "object") return compare.campaign;
  return compare === "last year" ? "last-year" : compare;
}

/** The address of a place; a campaign's slug alone names it. */
export function placeAddress(
  place: Pick<BoardAddress, "organisation" | "fund" | "campaign"> | null,
): Pick<BoardAddress, "organisation" | "fund" | "campaign"> {
  const { organisation, fund, campaign } = place ?? { organisation: null, fund: null, campaign: null };
  return campaign === null ? { organisation, fund, campaign } : { organisation: null, fund: null, campaign };
}

/** Why nothing can be laid beside the period as an address says, and what can. */
export function unknownCompare(word: string): string {
  return `“${word.slice(0, 40)}” is nothing to compare with here. Use none, previous or last-year; a campaign is also compared with another one in its currency that has begun, by the last part of that one's address.`;
}
