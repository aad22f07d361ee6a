import type { NumberName } from "../../src/core/definition.ts";
import { answerWords } from "../locales/en/answers.ts";
import { boardWords as words } from "../locales/en/board.ts";
import { formatCount } from "../locales/en/count.ts";
import { dayInWords, momentInWords } from "../parts/when.ts";
import type { BoardData } from "./board-data.ts";
import { moneyText } from "./money-text.ts";
import { provisionalSince } from "./provisional.ts";
import { leastForPercentage, percent, shareOf } from "./share.ts";
import { isBroken, isProved, stripeInWords } from "./trust-answer.ts";

/** One of the dashboard's large numbers: money in minor units, a count, or a share in words. `rows` leads to what is behind it. */
export type BoardFigure = {
  /** Under which name it is found on the page: the last one may be another number after a change. */
  name: "raised" | "reached" | "donors" | "last";
  of: NumberName;
  value: { money: number } | { text: string };
  note: string;
  rows: string;
};

/** The large numbers, in the order in which they stand. */
export function boardFigures(data: BoardData): BoardFigure[] {
  const { all, currency, compared } = data;
  const money = (amountMinor: number) => moneyText(amountMinor, currency);
  return [
    {
      name: "raised",
      of: "raised",
      value: { money: all.raisedMinor },
      note:
        compared === null
          ? words.figureNotes.raised(money(all.givenMinor), money(all.returnedMinor))
          : changeOf(compared.own.raisedMinor, compared.raisedMinor, compared, data),
      rows: data.within?.campaign == null ? "#funds" : "#reached-the-cause",
    },
    {
      name: "reached",
      of: "reached",
      value: { money: all.reachedMinor },
      note: all.feesUnknown === 0 ? words.figureNotes.reached : words.figureNotes.reachedProvisional(all.feesUnknown),
      rows: "#reached-the-cause",
    },
    {
      name: "donors",
      of: "donors",
      value: { text: formatCount(all.donors) },
      note: words.figureNotes.donors(all.unnamedGifts),
      rows: "#who-gave",
    },
    lastFigure(data),
  ];
}

/** How many came back; where nobody is expected to, how many supported. */
function lastFigure(data: BoardData): BoardFigure {
  const { before } = data.answers.people;
  if (before === null || before.donors === 0 || data.oneTime)
    return {
      name: "last",
      of: "supporters",
      value: { text: formatCount(data.all.supporters) },
      note: words.figureNotes.supporters,
      rows: "#who-gave",
    };
  const { returning, donors, samePoint } = before;
  return {
    name: "last",
    of: "retention",
    value: { text: shareOf(returning, donors) },
    note: words.figureNotes.retention(
      formatCount(returning),
      formatCount(donors),
      samePoint === null || samePoint.donors === 0 ? null : shareOf(samePoint.returning, samePoint.donors),
    ),
    rows: "#retention",
  };
}

/** How an amount changed against the other side: a percentage, of few gifts the difference. "▲ 12% on the same day last year". */
export function changeOf(
  ownMinor: number,
  thenMinor: number,
  compared: NonNullable<BoardData["compared"]>,
  { currency, to, today }: Pick<BoardData, "currency" | "to" | "today">,
): string {
  const { change } = answerWords;
  const isRunning = to === null || to > today;
  const than =
    typeof compared.with === "object"
      ? change.campaign(compared.with.name)
      : change.than[compared.with][isRunning ? "running" : "done"];
  if (compared.gifts === 0 && thenMinor === 0) return change.noneThen;
  const difference = ownMinor - thenMinor;
  if (difference === 0) return `${change.same} ${than.replace(/^on /u, "")}`;
  const size =
    compared.gifts < leastForPercentage || thenMinor <= 0
      ? moneyText(Math.abs(difference), currency)
      : percent(Math.abs(difference), thenMinor);
  return `${difference > 0 ? change.up(size) : change.down(size)} ${than}`;
}

/** What the bar under the heading says: whether the books agree with what can be compared, and what the figures leave out. It claims no more than is known. */
export function boardStatus(data: BoardData): {
  tone: "good" | "warn";
  chip: string;
  /** The first thing to read: whether books and Stripe agree, and as of when. */
  lead: string;
  /** What does not agree, and what the figures leave out. */
  sentences: string[];
  /** What else there is to know; it opens. */
  more: string[];
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
  // Of one fund or campaign it is not known what waits for it.
  const isPart = within !== null && (within.fund !== null || within.campaign !== null);
  const isGood = isProved(data) && waits.length === 0;
  const since = provisionalSince(data);
  const { statusChips: chips } = words;
  return {
    tone: isGood ? "good" : "warn",
    chip: isBroken(data)
      ? chips.broken
      : !isProved(data)
        ? chips.unproved
        : waits.length > 0
          ? chips.waiting
          : chips.proved,
    lead: `${isProved(data) ? words.booksMatch : isBroken(data) ? words.booksDiffer : words.booksUnproved} ${words.asOf(momentInWords(new Date(data.asOf), data.timeZone))}`,
    sentences: [...(isProved(data) ? [] : proofSentences(data)), ...waits],
    more: [
      ...(isProved(data) ? proofSentences(data) : []),
      since === null ? words.nothingClosed : words.provisionalSince(dayInWords(since)),
      ...(waits.length === 0 && !isPart ? [words.nothingWaits] : []),
      ...(isPart ? [words.onlyPart(within.fundName ?? within.campaignName ?? "")] : []),
      words.notComparedYet,
    ],
  };
}

/** What books and Stripe say of each other, a sentence for each organisation. */
function proofSentences(data: BoardData): string[] {
  const { organisations } = data.answers.trust;
  if (organisations.length === 0) return [words.noBooks];
  return organisations.flatMap((own) => [
    ...(own.proofsHold ? [] : [words.booksBroken(own.name)]),
    words.booksOf(own.name, stripeInWords(own, data)),
  ]);
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
  if (within === null) return words.over;
  if (within.campaignName !== null) return words.campaign(within.campaignName);
  if (within.organisationName === null) return words.fundOfAll(within.fundName ?? "");
  return words.place(within.organisationName, within.fundName);
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

/** What is read aloud after a change: one sentence, however many gifts came. */
export function changeInWords({ all, currency }: BoardData): string {
  return words.changed(
    moneyText(all.raisedMinor, currency),
    `${formatCount(all.donors)} ${all.donors === 1 ? "person" : "people"}`,
  );
}
