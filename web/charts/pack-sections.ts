import { languagesOf, type PackLanguages } from "../../src/core/pack.ts";
import { type PackTongue, tongueOf } from "../parts/pack-format.ts";
import type { PackDocument, PackSection } from "./pack-block.ts";
import type { NamedPlace, PackDefinitions, PackSnapshot } from "./pack-data.ts";
import { changedSection, figuresSection, periodOf } from "./pack-figures.ts";
import { fundsSection, monthsSection } from "./pack-funds.ts";
import { costSection, merchandiseSection, spendableSection } from "./pack-money.ts";
import { concentrationSection, peopleSection, plansSection, sizeSection } from "./pack-people.ts";
import { proofSection, trustSection } from "./pack-proof.ts";

/** A pack as it was stored. */
export type StoredPack = {
  number: number;
  languages: PackLanguages;
  note: string;
  madeAt: string;
  madeBy: string;
  snapshot: PackSnapshot;
};

/** The pack in each of its languages, English first. */
export function packDocuments(pack: StoredPack): PackDocument[] {
  return languagesOf(pack.languages).map((language) =>
    packDocument(pack, tongueOf(language, pack.snapshot.board.currency)),
  );
}

function packDocument(pack: StoredPack, tongue: PackTongue): PackDocument {
  const { words, moment } = tongue;
  const { board, organisations } = pack.snapshot;
  return {
    language: tongue.language,
    title: words.title(pack.number),
    place: placeOf(pack.snapshot.place, words),
    period: periodOf(board, tongue),
    about: [
      words.asOf(moment(board.asOf, board.timeZone)),
      words.made(moment(pack.madeAt, board.timeZone), pack.madeBy),
    ],
    sections: sectionsOf(pack, tongue),
    organisations,
  };
}

function sectionsOf({ snapshot, note }: StoredPack, tongue: PackTongue): PackSection[] {
  const { board } = snapshot;
  return [
    proofSection(board, tongue),
    figuresSection(board, tongue),
    changedSection(snapshot, tongue),
    fundsSection(board, tongue),
    monthsSection(board, tongue),
    peopleSection(board, tongue),
    sizeSection(board, tongue),
    plansSection(board, tongue),
    concentrationSection(board, tongue),
    costSection(board, tongue),
    spendableSection(board, tongue),
    merchandiseSection(board, tongue),
    trustSection(board, tongue),
    noteSection(note, tongue),
    definitionsSection(snapshot.definitions, tongue),
  ].filter((section) => section !== null);
}

/** What the treasurer wrote, word for word; null where nothing was written. */
export function noteSection(note: string, { words }: PackTongue): PackSection | null {
  return note === "" ? null : { name: "note", heading: words.note.heading, blocks: [{ kind: "markdown", text: note }] };
}

/** What each number means, in the words in which it was defined when the pack was made. */
export function definitionsSection(definitions: PackDefinitions, { language, words }: PackTongue): PackSection {
  return {
    name: "definitions",
    heading: words.definitions.heading,
    blocks: [{ kind: "definitions", terms: definitions[language] ?? [] }],
  };
}

/** Whose figures these are. */
export function placeOf({ organisationName, fundName, campaignName }: NamedPlace, words: PackTongue["words"]): string {
  const named = words.placeOf(organisationName, fundName, campaignName);
  return named === "" ? words.everything : named;
}
