import { type PackTongue, percentOf } from "../parts/pack-format.ts";
import { sentences, type PackSection } from "./pack-block.ts";
import type { BoardData } from "./board-data.ts";

import { barsDrawing, phoneWidth } from "./pack-drawing.ts";

/** Below so many people a share is not told. */
const fewestForShare = 20;

/** From this share on, one donor is a risk. */
const flaggedPercent = 25;

export function peopleSection({ answers: { people } }: BoardData, { words, percent }: PackTongue): PackSection {
  const { donors, newDonors, before } = people;
  const told = words.people;
  const samePoint = before?.samePoint ?? null;
  return {
    name: "people",
    heading: told.heading,
    blocks: sentences([
      told.sentence(donors, newDonors),
      before === null ? told.noBefore : told.back(before.returning, before.donors, before.lapsed),
      before !== null && before.donors >= fewestForShare ? told.share(percent(before.returning, before.donors)) : null,
      before === null || before.regained === 0 ? null : told.regained(before.regained),
      samePoint === null ? null : told.samePoint(samePoint.returning, samePoint.donors),
    ]),
  };
}

export function sizeSection({ answers: { size } }: BoardData, tongue: PackTongue): PackSection {
  const { words, money, count } = tongue;
  const { heading, sentence, none, caption, columns, chart, summary } = words.size;
  if (size.medianMinor === null || size.averageMinor === null)
    return { name: "size", heading, blocks: sentences([none]) };
  const rows = size.histogram.map(({ fromMinor, toMinor, gifts }) => ({
    label:
      toMinor === null
        ? words.size.over(money(fromMinor))
        : fromMinor === 0
          ? words.size.under(money(toMinor))
          : words.size.from(money(fromMinor), money(toMinor)),
    value: gifts,
    text: count(gifts),
    below: 0,
  }));
  return {
    name: "size",
    heading,
    blocks: [
      ...sentences([sentence(money(size.medianMinor), money(size.averageMinor))]),
      {
        kind: "drawing",
        heading: chart,
        summary: summary(size.gifts),
        drawing: barsDrawing(rows),
        narrow: barsDrawing(rows, phoneWidth),
      },
      {
        kind: "table",
        behind: true,
        table: {
          caption,
          columns: [columns.size, columns.gifts],
          rows: rows.map(({ label, text }) => [label, text]),
          sum: [words.total, count(size.gifts)],
        },
      },
    ],
  };
}

export function plansSection(
  { answers: { plans } }: BoardData,
  { words: { plans: told }, money }: PackTongue,
): PackSection {
  const { active, baseMinor, began, ended, activeAtStart, failing } = plans;
  const hasAny = active + began + ended + failing > 0;
  return {
    name: "plans",
    heading: told.heading,
    blocks: sentences(
      hasAny
        ? [
            told.sentence(active, money(baseMinor)),
            told.moved(began, ended),
            activeAtStart === null || ended === 0 ? null : told.ofStart(ended, activeAtStart),
            failing === 0 ? null : told.failing(failing),
          ]
        : [told.none],
    ),
  };
}

export function concentrationSection({ answers: { concentration } }: BoardData, tongue: PackTongue): PackSection {
  const { words, money, percent } = tongue;
  const { heading, missing, none, sentence, flag, caption, columns, top, few } = words.concentration;
  const section = (texts: (string | null)[]): PackSection => ({
    name: "concentration",
    heading,
    blocks: sentences(texts),
  });
  if (concentration === null) return section([missing]);
  const { stayedMinor, people } = concentration;
  const [first] = concentration.top;
  if (first === undefined || people === 0 || stayedMinor <= 0) return section([none]);
  const isFlagged = percentOf(first.minor, stayedMinor) > flaggedPercent;
  return {
    name: "concentration",
    heading,
    blocks: [
      ...sentences([
        sentence(percent(first.minor, stayedMinor)),
        isFlagged ? flag : null,
        people < fewestForShare ? few(people) : null,
      ]),
      {
        kind: "table",
        table: {
          caption,
          columns: [columns.people, columns.amount, columns.share],
          rows: concentration.top
            .filter((each) => each.people <= people || each.people === 1)
            .map((each) => [top(each.people), money(each.minor), percent(each.minor, stayedMinor)]),
          sum: null,
        },
      },
    ],
  };
}
