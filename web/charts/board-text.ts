import { formatMoney } from "../../src/core/money.ts";
import type { NumberName } from "../../src/core/definition.ts";
import { boardWords as words } from "../locales/en/board.ts";
import { formatCount } from "../locales/en/count.ts";
import { dayInWords, momentInWords, monthInWords } from "../parts/when.ts";
import type { BoardData } from "./board-data.ts";

/** One of the dashboard's large numbers: money in minor units, or a count. */
export type BoardFigure = { of: NumberName; money: boolean; value: number; note: string };

/** The large numbers, in the order in which they stand. */
export function boardFigures({ all, currency }: BoardData): BoardFigure[] {
  const money = (amountMinor: number) => moneyText(amountMinor, currency);
  return [
    {
      of: "raised",
      money: true,
      value: all.raisedMinor,
      note: words.figureNotes.raised(money(all.givenMinor), money(all.returnedMinor)),
    },
    {
      of: "reached",
      money: true,
      value: all.reachedMinor,
      note: all.feesUnknown === 0 ? words.figureNotes.reached : words.figureNotes.reachedProvisional(all.feesUnknown),
    },
    { of: "donors", money: false, value: all.donors, note: words.figureNotes.donors(all.unnamedGifts) },
    { of: "supporters", money: false, value: all.supporters, note: words.figureNotes.supporters },
    { of: "gifts", money: false, value: all.gifts, note: words.figureNotes.gifts },
  ];
}

/** What the bar under the heading says: what these figures do and do not contain. It claims no more than is known. */
export function boardStatus(data: BoardData): {
  tone: "good" | "warn";
  chip: string;
  asOf: string;
  sentences: string[];
} {
  const { all, unassigned, pending, currency, within } = data;
  const waits = [
    unassigned === null || unassigned.gifts === 0
      ? null
      : words.unassignedWait(unassigned.gifts, moneyText(unassigned.raisedMinor, currency)),
    all.arrivingPayments === 0 ? null : words.arriving(all.arrivingPayments, moneyText(all.arrivingMinor, currency)),
    all.awaitingConversion === 0 ? null : words.awaiting(all.awaitingConversion),
    pending === null || pending.payments === 0
      ? null
      : words.pending(pending.payments, moneyText(pending.amountMinor, currency)),
    ...renewalsInWords(data),
  ].filter((sentence) => sentence !== null);
  // Of one fund it is not known what waits for it.
  const isPart = within !== null && within.fund !== null;
  return {
    tone: waits.length === 0 && !isPart ? "good" : "warn",
    chip: waits.length > 0 ? words.statusChips.waiting : words.statusChips[isPart ? "part" : "complete"],
    asOf: words.asOf(momentInWords(new Date(data.asOf), data.timeZone)),
    sentences: [
      ...(waits.length === 0 && !isPart ? [words.nothingWaits] : waits),
      ...(isPart ? [words.onlyFund(within.organisationName)] : []),
      words.bankNotYet,
    ],
  };
}

function renewalsInWords({ renewals, timeZone }: BoardData): (string | null)[] {
  if (renewals === null) return [];
  const { retried, givenUp, nextAttempt } = renewals;
  const next = nextAttempt === null ? null : momentInWords(new Date(nextAttempt), timeZone);
  return [
    retried === 0 ? null : words.renewalsRetried(retried, next),
    givenUp === 0 ? null : words.renewalsGivenUp(givenUp),
  ];
}

/** Whose figures these are, above the period. */
export function placeInWords({ within }: Pick<BoardData, "within">): string {
  return within === null ? words.over : words.place(within.organisationName, within.fundName);
}

/** Sums in other currencies, a sentence each. */
export function otherCurrencies({ funds, unassigned }: BoardData): string[] {
  const lines = [
    ...funds.map((fund) => ({ name: fund.name, figures: fund })),
    ...(unassigned === null ? [] : [{ name: words.unassigned, figures: unassigned }]),
  ];
  return lines.flatMap(({ name, figures }) =>
    figures.otherCurrencies.map((other) =>
      words.otherCurrency(`${other.currency} ${moneyText(other.raisedMinor, other.currency)}`, name),
    ),
  );
}

/** The period as a heading: "All time", "October 2020", "2021", or "1 January 2021 to 15 March 2021". */
export function periodInWords({ from, to }: { from: string | null; to: string | null }): string {
  if (from === null && to === null) return words.allTime;
  if (from === null) return words.until(dayInWords(to ?? ""));
  if (to === null) return words.since(dayInWords(from));
  if (from.endsWith("-01-01") && to === `${from.slice(0, 4)}-12-31`) return from.slice(0, 4);
  if (from.endsWith("-01") && to === lastDayOfMonth(from)) return monthInWords(from.slice(0, 7));
  return `${dayInWords(from)} to ${dayInWords(to)}`;
}

/** An amount of JSON as text. */
export function moneyText(amountMinor: number, currency: string): string {
  return formatMoney({ amountMinor: BigInt(amountMinor), currency });
}

/** What is read aloud after a change: one sentence, however many gifts came. */
export function changeInWords({ all, currency }: BoardData): string {
  return words.changed(
    moneyText(all.raisedMinor, currency),
    `${formatCount(all.donors)} ${all.donors === 1 ? "person" : "people"}`,
  );
}

function lastDayOfMonth(day: string): string {
  return new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)), 0)).toISOString().slice(0, 10);
}
