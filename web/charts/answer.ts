import type { NumberName } from "../../src/core/definition.ts";
import { answerWords as words } from "../locales/en/answers.ts";
import { boardWords } from "../locales/en/board.ts";
import { momentInWords } from "../parts/when.ts";
import type { ChartName } from "./board-charts.ts";
import type { BoardData } from "./board-data.ts";
import { periodInWords } from "./period-text.ts";
import { isClosed } from "./provisional.ts";
import type { Table } from "./table.ts";

/** The rows behind an answer, for those who may see them: at the desk, or whoever sees the board. */
export type RowsLink = { label: string; href: string; needs: "gifts" | "books" | "board" };

/** One question of a board member with its answer: one sentence, and what opens below it. */
export type Answer = {
  /** Its place on the page, and the name of its table as a file. */
  name: string;
  question: string;
  sentence: string;
  /** There is nothing to answer here, and the sentence says why. */
  muted?: boolean;
  /** Further sentences, the most important first. */
  notes?: string[];
  table?: Table | null;
  charts?: ChartName[];
  /** What the numbers mean. */
  terms: NumberName[];
  rows?: RowsLink[];
  /** Of which money: before or after fees, or as it is now, whatever the period. */
  basis: "gross" | "net" | "asItIsNow" | null;
};

/** The period, the moment, and how final it is: what every answer carries. */
export function contextOf(answer: Answer, data: BoardData): string {
  const asOf = boardWords.asOf(momentInWords(new Date(data.asOf), data.timeZone));
  if (answer.basis === "asItIsNow") return words.context(words.asItIsNow.slice(0, -1), asOf, "").trimEnd();
  const state = isClosed(data) ? words.closed : words.provisional;
  const basis = answer.basis === null ? "" : ` ${words[answer.basis]}`;
  return words.context(periodInWords(data), asOf, state) + basis;
}
