import { definitions } from "../../src/core/definition.ts";
import { answerWords } from "../locales/en/answers.ts";
import { formatCount } from "../locales/en/count.ts";
import { dayInWords } from "../parts/when.ts";
import type { Answer } from "./answer.ts";
import type { BoardData } from "./board-data.ts";
import { giftRows } from "./rows-link.ts";
import { leastForPercentage, shareOf } from "./share.ts";
import type { Table } from "./table.ts";

/** Who gave: for the first time, again, or again after a pause. */
export function whoGave(data: BoardData): Answer {
  const words = answerWords.who;
  const { donors, newDonors, before } = data.answers.people;
  const people = answerWords.people(donors);
  return {
    name: "who-gave",
    question: words.question,
    sentence:
      donors === 0
        ? words.empty
        : before === null
          ? words.allTime(people)
          : newDonors === donors
            ? words.first(people)
            : words.sentence(people, newDonors, before.returning, before.regained),
    notes: before === null ? [] : [words.before(dayInWords(before.from), dayInWords(before.to))],
    table: before === null ? null : whoGaveTable(data),
    charts: ["donors-by-month"],
    terms: before === null ? ["donors", "unnamedGifts"] : ["newDonors", "returning", "regained", "lapsed"],
    rows: [giftRows(data)],
    basis: null,
  };
}

/** New, returning and regained people add up to the donors; who has not given again is not among them. */
function whoGaveTable({ answers: { people } }: BoardData): Table {
  const words = answerWords.who;
  const { donors, newDonors, before } = people;
  const row = (key: string, text: string, number: number) => ({
    key,
    cells: [{ text }, { text: formatCount(number) }],
  });
  return {
    caption: words.caption,
    columns: [
      { label: answerWords.what, number: false },
      { label: answerWords.number, number: true },
    ],
    rows: [
      row("new", definitions.newDonors.label, newDonors),
      row("returning", definitions.returning.label, before?.returning ?? 0),
      row("regained", definitions.regained.label, before?.regained ?? 0),
    ],
    sum: [{ text: words.donors }, { text: formatCount(donors) }],
    empty: words.empty,
  };
}

/** How many of those who gave in the period before came back. */
export function retention(data: BoardData): Answer {
  const words = answerWords.retention;
  const { before } = data.answers.people;
  const base = {
    name: "retention",
    question: words.question,
    terms: ["retention", "lapsed", "cohort"] as Answer["terms"],
    charts: ["cohorts"] as Answer["charts"] & string[],
    basis: null,
  };
  if (data.oneTime) return { ...base, charts: [], muted: true, sentence: words.oneTime };
  if (before === null) return { ...base, muted: true, sentence: words.allTime };
  if (before.donors === 0) return { ...base, muted: true, sentence: words.nobodyBefore, table: retentionTable(data) };
  const { donors, returning, samePoint } = before;
  return {
    ...base,
    sentence: retentionInWords(returning, donors),
    notes:
      samePoint === null || samePoint.donors === 0
        ? []
        : [words.samePoint(shareOf(samePoint.returning, samePoint.donors))],
    table: retentionTable(data),
  };
}

function retentionInWords(returning: number, donors: number): string {
  const words = answerWords.retention;
  if (donors < leastForPercentage) return words.few(returning, donors);
  return words.sentence(shareOf(returning, donors), returning, donors);
}

function retentionTable({ answers: { people } }: BoardData): Table {
  const words = answerWords.retention;
  const returning = people.before?.returning ?? 0;
  const lapsed = people.before?.lapsed ?? 0;
  const row = (key: string, text: string, number: number) => ({
    key,
    cells: [{ text }, { text: formatCount(number) }],
  });
  return {
    caption: words.caption,
    columns: [
      { label: answerWords.what, number: false },
      { label: answerWords.number, number: true },
    ],
    rows: [row("returning", definitions.returning.label, returning), row("lapsed", definitions.lapsed.label, lapsed)],
    sum: [{ text: words.ofBefore }, { text: formatCount(people.before?.donors ?? 0) }],
    empty: words.nobodyBefore,
  };
}
