import { exponent } from "../../src/core/money.ts";
import { definitions } from "../../src/core/definition.ts";
import { answerWords } from "../locales/en/answers.ts";
import { dayInWords } from "../parts/when.ts";
import type { Answer } from "./answer.ts";
import type { BoardData } from "./board-data.ts";
import { moneyText } from "./money-text.ts";
import { entryRows, giftRows } from "./rows-link.ts";
import { percent } from "./share.ts";
import type { Column, Table } from "./table.ts";

const columns = (name: string): Column[] => [
  { label: name, number: false },
  { label: answerWords.amount, number: true },
];

/** How much reached the cause, as a sum that closes. */
export function reachedTheCause(data: BoardData): Answer {
  const words = answerWords.reached;
  const { givenMinor, feesMinor, reachedMinor, feesUnknown } = data.all;
  const money = (minor: number) => moneyText(minor, data.currency);
  return {
    name: "reached-the-cause",
    question: words.question,
    sentence: words.sentence(money(reachedMinor), givenMinor <= 0 ? null : percent(feesMinor, givenMinor)),
    notes: feesUnknown === 0 ? [] : [words.unknown(feesUnknown)],
    table: reachedTable(data),
    terms: ["raised", "proceeds", "fees", "reached"],
    rows: [
      ...entryRows(data, ["5000", "5010"]).map((link) => ({
        ...link,
        label: `${definitions.fees.label}: ${link.label}`,
      })),
      ...entryRows(data, ["3920"]).map((link) => ({ ...link, label: `${definitions.proceeds.label}: ${link.label}` })),
    ],
    basis: "net",
  };
}

/** Raised, plus proceeds, less fees: the one place where the sum is shown. */
function reachedTable({ all, currency }: BoardData): Table {
  const words = answerWords.reached;
  const row = (key: string, text: string, minor: number) => ({
    key,
    cells: [{ text }, { text: moneyText(minor, currency) }],
  });
  return {
    caption: words.caption,
    columns: columns(answerWords.what),
    rows: [
      row("given", definitions.given.label, all.givenMinor),
      row("returned", words.less(definitions.returned.label), -all.returnedMinor),
      row("proceeds", words.plus(definitions.proceeds.label), all.proceedsMinor),
      row("fees", words.less(definitions.fees.label), -all.feesMinor),
    ],
    sum: [{ text: definitions.reached.label }, { text: moneyText(all.reachedMinor, currency) }],
    empty: words.empty,
  };
}

/** What went back to donors. */
export function givenBack(data: BoardData): Answer {
  const words = answerWords.returned;
  const { all, funds, unassigned, currency, answers } = data;
  const money = (minor: number): string => moneyText(minor, currency);
  const lines = [
    ...funds.map((fund) => ({ key: fund.slug, ...fund })),
    ...(unassigned === null ? [] : [{ key: "-", name: answerWords.trust.unassigned, ...unassigned }]),
  ].filter(({ returnedMinor }) => returnedMinor !== 0);
  const { open, minor } = answers.trust.disputes;
  return {
    name: "given-back",
    question: words.question,
    sentence: all.returnedMinor === 0 ? words.none : words.sentence(money(all.returnedMinor), money(all.givenMinor)),
    notes: open === 0 ? [] : [words.disputes(open, money(minor))],
    table: {
      caption: words.caption,
      columns: [
        { label: answerWords.spendable.fund, number: false },
        { label: words.given, number: true },
        { label: words.returned, number: true },
      ],
      rows: lines.map(({ key, name, givenMinor, returnedMinor }) => ({
        key,
        cells: [{ text: name }, { text: money(givenMinor) }, { text: money(-returnedMinor) }],
      })),
      sum: null,
      empty: words.none,
    },
    terms: ["given", "returned"],
    rows: [giftRows(data, { returned: "any" }, answerWords.rowsInReturns)],
    basis: "gross",
  };
}

/** How far the fund is on the way to its goal; null where there is none. */
export function onTrack(data: BoardData): Answer | null {
  const words = answerWords.pace;
  const { goalMinor, all, currency } = data;
  if (goalMinor === null) return null;
  const money = (minor: number): string => moneyText(minor, currency);
  const row = (key: string, text: string, minor: number) => ({ key, cells: [{ text }, { text: money(minor) }] });
  const isReached = all.raisedMinor >= goalMinor;
  return {
    name: "on-track",
    question: words.question,
    sentence: isReached
      ? words.reachedGoal(money(all.raisedMinor), money(goalMinor))
      : words.sentence(money(all.raisedMinor), money(goalMinor), percent(Math.max(0, all.raisedMinor), goalMinor)),
    table: {
      caption: words.caption,
      columns: columns(answerWords.what),
      rows: [
        row("raised", definitions.raised.label, all.raisedMinor),
        row("to-go", words.toGo, Math.max(0, goalMinor - all.raisedMinor)),
      ],
      sum: isReached ? null : [{ text: words.goal }, { text: money(goalMinor) }],
      empty: "",
    },
    terms: ["pace"],
    basis: "gross",
  };
}

/** What may be spent freely and what is restricted; null where it is not known. */
export function mayBeSpent(data: BoardData): Answer | null {
  const words = answerWords.spendable;
  const { spendable } = data.answers;
  if (spendable === null) return null;
  const money = (minor: number): string => moneyText(minor, data.currency);
  const { freeMinor, restrictedMinor, waitingMinor, funds, asOf } = spendable;
  const hasRestricted = funds.some((fund) => fund.restricted);
  const hasFree = funds.some((fund) => !fund.restricted && fund.slug !== null);
  return {
    name: "may-be-spent",
    question: words.question,
    sentence:
      hasRestricted && !hasFree
        ? words.onlyRestricted(money(restrictedMinor))
        : hasRestricted
          ? words.sentence(money(freeMinor), money(restrictedMinor))
          : words.onlyFree(money(freeMinor)),
    notes: [
      ...(waitingMinor === 0 ? [] : [words.waiting(money(waitingMinor))]),
      ...(funds.some(({ minor }) => minor < 0) ? [words.below] : []),
      words.asOf(dayInWords(asOf)),
    ],
    table: {
      caption: words.caption,
      columns: [
        { label: words.fund, number: false },
        { label: words.has, number: true },
      ],
      rows: funds.map(({ slug, name, restricted, minor }) => ({
        key: slug ?? "-",
        cells: [
          { text: name ?? answerWords.trust.unassigned, ...(restricted ? { chip: words.restrictedChip } : {}) },
          { text: money(minor) },
        ],
      })),
      sum: [{ text: answerWords.joint.together }, { text: money(freeMinor + restrictedMinor + waitingMinor) }],
      empty: words.caption,
    },
    terms: ["free", "restricted"],
    rows: [{ label: answerWords.rowsInPayouts, href: "/desk/books", needs: "books" }],
    basis: "net",
  };
}

/** What it cost to raise a dollar; null where costs are not known apart. */
export function costOfADollar(data: BoardData): Answer | null {
  const words = answerWords.cost;
  const { cost } = data.answers;
  if (cost === null) return null;
  const { currency } = data;
  const money = (minor: number): string => moneyText(minor, currency);
  const base = {
    name: "cost-of-a-dollar",
    question: words.question,
    terms: ["costToRaise"] as Answer["terms"],
    rows:
      cost.costs.length === 0
        ? []
        : entryRows(
            data,
            cost.costs.map(({ code }) => code),
          ),
    basis: null,
  };
  const table: Table = {
    caption: words.caption,
    columns: columns(answerWords.what),
    rows: cost.costs.map(({ code, name, minor }) => ({ key: code, cells: [{ text: name }, { text: money(minor) }] })),
    sum: [{ text: words.costs }, { text: money(cost.costMinor) }],
    empty: words.free,
  };
  if (cost.revenueMinor <= 0) return { ...base, muted: true, sentence: words.none, table };
  const each = money(Math.round((cost.costMinor / cost.revenueMinor) * 10 ** exponent(currency)));
  return {
    ...base,
    sentence:
      cost.costMinor === 0
        ? words.free
        : ["CAD", "USD", "AUD", "NZD"].includes(currency)
          ? words.sentence(each)
          : words.perUnit(each, currency),
    notes: [words.against(money(cost.revenueMinor)), words.includes],
    table,
  };
}
