import { definitions } from "../../src/core/definition.ts";
import { answerWords } from "../locales/en/answers.ts";
import { formatCount } from "../locales/en/count.ts";
import type { Answer } from "./answer.ts";
import type { BoardData } from "./board-data.ts";
import { moneyText } from "./money-text.ts";
import { giftRows } from "./rows-link.ts";
import { leastForPercentage, percent } from "./share.ts";
import type { Table } from "./table.ts";

/** What a typical gift is: the median, and the average beside it. */
export function typicalGift(data: BoardData): Answer {
  const words = answerWords.size;
  const { gifts, medianMinor, averageMinor } = data.answers.size;
  const base = {
    name: "typical-gift",
    question: words.question,
    terms: ["median", "average"] as Answer["terms"],
    charts: ["gift-sizes"] as Answer["charts"] & string[],
    rows: [giftRows(data)],
    basis: "gross" as const,
  };
  if (medianMinor === null || averageMinor === null)
    return { ...base, muted: true, sentence: words.none, table: amounts(words.caption, words.none, []) };
  const money = (minor: number) => moneyText(minor, data.currency);
  return {
    ...base,
    sentence: `${words.sentence(money(medianMinor))} ${words.average(money(averageMinor), answerWords.gifts(gifts))}`,
    notes: averageMinor > 1.2 * medianMinor ? [words.lifted] : [],
    table: amounts(words.caption, words.none, [
      ["median", definitions.median.label, money(medianMinor)],
      ["average", definitions.average.label, money(averageMinor)],
      ["gifts", definitions.gifts.label, formatCount(gifts)],
    ]),
  };
}

/** What comes regularly, and how much of it ended. */
export function regularGifts(data: BoardData): Answer {
  const words = answerWords.plans;
  const { active, baseMinor, began, ended, activeAtStart, failing } = data.answers.plans;
  const isNone = active === 0 && ended === 0;
  const few = (activeAtStart ?? 0) < leastForPercentage;
  return {
    name: "regular-gifts",
    question: words.question,
    muted: isNone,
    sentence: isNone ? words.none : words.sentence(active, moneyText(baseMinor, data.currency)),
    notes:
      activeAtStart === null || activeAtStart === 0
        ? []
        : [words.churn(few ? formatCount(ended) : percent(ended, activeAtStart), activeAtStart)],
    table: amounts(
      words.caption,
      words.none,
      isNone
        ? []
        : [
            ["active", words.active, formatCount(active)],
            ["base", definitions.monthlyBase.label, moneyText(baseMinor, data.currency)],
            ["began", words.began, formatCount(began)],
            ["ended", words.ended, formatCount(ended)],
            ["failing", words.failing, formatCount(failing)],
          ],
    ),
    terms: ["monthlyBase", "churn"],
    rows: [giftRows(data)],
    basis: "gross",
  };
}

/** From so much of one person on, a board should know. */
const flaggedShare = 0.25;

/** How much came from the few who gave most. */
export function fewWhoGaveMost(data: BoardData): Answer {
  const words = answerWords.concentration;
  const known = data.answers.concentration;
  const base = {
    name: "few-who-gave-most",
    question: words.question,
    terms: ["concentration"] as Answer["terms"],
    rows: [giftRows(data)],
    basis: "gross" as const,
  };
  if (known === null) return { ...base, muted: true, sentence: words.notKept };
  const { stayedMinor, people, top } = known;
  if (stayedMinor <= 0 || people === 0)
    return { ...base, muted: true, sentence: words.none, table: amounts(words.caption, words.none, []) };
  const of = (count: number): number => top.find((each) => each.people === count)?.minor ?? 0;
  const alone = of(1);
  return {
    ...base,
    sentence: people <= 10 ? words.few(answerWords.people(people)) : words.sentence(percent(of(10), stayedMinor)),
    notes: alone > flaggedShare * stayedMinor ? [words.flagged(percent(alone, stayedMinor))] : [],
    table: {
      caption: words.caption,
      columns: [
        { label: answerWords.what, number: false },
        { label: answerWords.amount, number: true },
        { label: answerWords.share, number: true },
      ],
      rows: top
        .filter((each) => each.people <= people)
        .map((each) => ({
          key: String(each.people),
          cells: [
            { text: words.top(each.people) },
            { text: moneyText(each.minor, data.currency) },
            { text: percent(each.minor, stayedMinor) },
          ],
        })),
      sum: [{ text: words.stayed }, { text: moneyText(stayedMinor, data.currency) }, { text: "100%" }],
      empty: words.none,
    },
  };
}

/** Names with a figure each, which do not add up to anything. */
function amounts(caption: string, empty: string, lines: [key: string, name: string, figure: string][]): Table {
  return {
    caption,
    columns: [
      { label: answerWords.what, number: false },
      { label: answerWords.number, number: true },
    ],
    rows: lines.map(([key, text, figure]) => ({ key, cells: [{ text }, { text: figure }] })),
    sum: null,
    empty,
  };
}
