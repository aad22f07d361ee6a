import { type PackTongue, tongueOf } from "../parts/pack-format.ts";
import { sentences, type PackDocument, type PackSection } from "./pack-block.ts";
import type { SharedPack } from "./pack-data.ts";
import { periodOf } from "./pack-figures.ts";
import { sharedProofSection } from "./pack-proof.ts";
import { definitionsSection, noteSection, placeOf } from "./pack-sections.ts";

/** What a link shows, in each of the pack's languages: nothing that could tell of fewer than five people. */
export function sharedDocuments(shared: SharedPack, number: number, expiresAt: string): PackDocument[] {
  return shared.languages.map((language) => {
    const tongue = tongueOf(language, shared.currency);
    const { words, moment } = tongue;
    return {
      language,
      title: words.title(number),
      place: placeOf(shared.place, words),
      period: periodOf(shared, tongue),
      about: [
        words.shared.sentence,
        words.asOf(moment(shared.asOf, shared.timeZone)),
        words.shared.ends(moment(expiresAt, shared.timeZone)),
      ],
      sections: [
        sharedProofSection(shared, tongue),
        sharedFunds(shared, tongue),
        sharedMerchandise(shared, tongue),
        noteSection(shared.note, tongue),
        definitionsSection(shared.definitions, tongue),
      ].filter((section) => section !== null),
      organisations: shared.organisations,
    };
  });
}

function sharedFunds({ funds, sum, isAllTime, unnamed }: SharedPack, { words, money, count }: PackTongue): PackSection {
  const { raised, gifts, donors } = words.shared.columns;
  const { why, whyAllTime, rounded, left, hidden, more } = words.shared;
  const rows = funds.flatMap(({ name, figures }) =>
    figures === null ? [] : [[name, money(figures.raisedMinor), count(figures.gifts), count(figures.donors)]],
  );
  return {
    name: "shared",
    heading: words.funds.heading,
    blocks: [
      ...(sum === null
        ? sentences([words.shared.none])
        : [
            {
              kind: "table" as const,
              table: {
                caption: words.funds.caption,
                columns: [words.fund, raised, gifts, donors],
                rows,
                sum: [words.shared.sum, money(sum.raisedMinor), count(sum.gifts), ""],
              },
            },
          ]),
      ...sentences([
        ...funds.map(({ name, figures }) => (figures === null ? hidden(name) : null)),
        unnamed === 0 ? null : more(unnamed),
      ]),
      ...sentences([isAllTime ? whyAllTime : why, isAllTime || rows.length === 0 ? null : rounded, left], true),
    ],
  };
}

function sharedMerchandise({ merchandise }: SharedPack, { words, money, count }: PackTongue): PackSection | null {
  if (merchandise.length === 0) return null;
  const { caption, columns, unknown } = words.merchandise;
  const known = (minor: number | null): string => (minor === null ? unknown : money(minor));
  return {
    name: "merchandise",
    heading: words.shared.merchandise,
    blocks: [
      {
        kind: "table",
        table: {
          caption,
          columns: [columns.campaign, columns.units, columns.gross, columns.promised, columns.actual],
          rows: merchandise.map((each) => [
            each.name,
            count(each.unitsSold),
            money(each.grossMinor),
            known(each.promisedMinor),
            known(each.actualMinor),
          ]),
          sum: null,
        },
      },
    ],
  };
}
