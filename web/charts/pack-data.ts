import type { BoardAnswers } from "../../src/core/board.ts";
import type { Definition, NumberName } from "../../src/core/definition.ts";
import type { PackLanguage } from "../../src/core/pack.ts";
import type { BoardData, BoardFigures } from "./board-data.ts";

/** Whose figures a pack shows; all null is everything. */
export type NamedPlace = { organisationName: string | null; fundName: string | null; campaignName: string | null };

/** Who stands behind a pack. */
export type PackOrganisation = {
  legalName: string;
  address: string;
  contact: string;
  registrationNumber: string | null;
};

/** What was raised, from how many; amounts are integer minor units. */
export type Standing = Pick<BoardFigures, "raisedMinor" | "gifts" | "donors">;

/** The same of every fund, of what waits for a fund (null within one fund), and of all. */
export type Standings = {
  funds: (Standing & { slug: string; name: string })[];
  unassigned: Standing | null;
  all: Standing;
};

/** Definitions in the words in which they stood when the pack was made. */
export type PackDefinitions = Partial<Record<PackLanguage, (Definition & { name: NumberName })[]>>;

/** What the pack of the last meeting said, and what is said now of the same. */
export type PackEarlier = {
  number: number;
  asOf: string;
  from: string | null;
  to: string | null;
  /** Over all time, as that pack had it. */
  standing: Standings;
  /** Its own period, as it said then and as it stands now. */
  said: Standing;
  stands: Standing;
};

/** All that a pack shows: read in one statement, so that all of it is of one moment. */
export type PackSnapshot = {
  place: NamedPlace;
  board: BoardData;
  /** Over all time, whatever the period: what the next pack compares itself with. */
  standing: Standings;
  earlier: PackEarlier | null;
  organisations: PackOrganisation[];
  definitions: PackDefinitions;
};

/** A fund in a shared pack: its figures, or none where they would tell of fewer than five people. */
export type SharedFund = { name: string; figures: Standing | null };

/** What a link shows to whoever has it. Stored with the link, so that two looks never differ. */
export type SharedPack = {
  languages: PackLanguage[];
  asOf: string;
  from: string | null;
  to: string | null;
  timeZone: string;
  currency: string;
  place: NamedPlace;
  trust: (Pick<BoardAnswers["trust"]["organisations"][number], "name" | "stripe" | "proofsHold"> & {
    closed: { month: string } | null;
  })[];
  funds: SharedFund[];
  /** Whether these are the figures that public pages show of all time, in no blocks and not rounded. */
  isAllTime: boolean;
  /** Funds that are not public and cannot be shown: they are not named either. */
  unnamed: number;
  sum: { raisedMinor: number; gifts: number } | null;
  merchandise: {
    name: string;
    unitsSold: number;
    grossMinor: number;
    promisedMinor: number | null;
    actualMinor: number | null;
  }[];
  note: string;
  organisations: PackOrganisation[];
  definitions: PackDefinitions;
};

/** The figures of a board that packs are compared by. */
export function standingsOf({ funds, unassigned, all }: BoardData): Standings {
  return {
    funds: funds.map((fund) => ({ slug: fund.slug, name: fund.name, ...standingOf(fund) })),
    unassigned: unassigned === null ? null : standingOf(unassigned),
    all: standingOf(all),
  };
}

export function standingOf({ raisedMinor, gifts, donors }: BoardFigures): Standing {
  return { raisedMinor, gifts, donors };
}
