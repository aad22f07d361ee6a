import { answerWords } from "../locales/en/answers.ts";
import { formatCount, listInWords } from "../locales/en/count.ts";
import { momentInWords, monthInWords } from "../parts/when.ts";
import type { Answer } from "./answer.ts";
import type { BoardData } from "./board-data.ts";
import { moneyText } from "./money-text.ts";
import type { Table } from "./table.ts";

type Organisation = BoardData["answers"]["trust"]["organisations"][number];

/** How an organisation's books stand to Stripe: "agree to the cent, 21 November 2026, 14:05". */
export function stripeInWords({ stripe }: Organisation, { currency, timeZone }: BoardData): string {
  const words = answerWords.stripe;
  const at = stripe.askedAt === null ? "" : momentInWords(new Date(stripe.askedAt), timeZone);
  switch (stripe.state) {
    case "agrees":
    case "stale":
      return words[stripe.state](at);
    case "differs":
      return words.differs(moneyText(Math.abs(stripe.differenceMinor), currency));
    default:
      return words[stripe.state];
  }
}

/** Whether books and Stripe agree in all that can be compared, freshly, and prove themselves. */
export function isProved({ answers: { trust } }: BoardData): boolean {
  return (
    trust.organisations.length > 0 &&
    trust.organisations.every(({ proofsHold, stripe }) => proofsHold && stripe.state === "agrees")
  );
}

/** Whether something is known not to agree. */
export function isBroken({ answers: { trust } }: BoardData): boolean {
  return trust.organisations.some(({ proofsHold, stripe }) => !proofsHold || stripe.state === "differs");
}

/** How far the numbers can be trusted, as it is now. */
export function trustAnswer(data: BoardData): Answer {
  const words = answerWords.trust;
  const { trust } = data.answers;
  const open = trust.disputes.open + trust.unassigned.gifts + trust.feesUnknown + Math.abs(trust.suspenseMinor);
  return {
    name: "trust",
    question: words.question,
    sentence:
      trust.organisations.length === 0
        ? words.nothing
        : isBroken(data)
          ? words.no
          : isProved(data) && open === 0
            ? words.yes
            : words.partly,
    table: trustTable(data),
    terms: [],
    rows: [
      { label: answerWords.rowsInPayouts, href: "/desk/books", needs: "books" },
      ...trust.organisations.map(({ slug, name }) => ({
        label: words.spotChecks(name),
        href: `/board/spot-checks?organisation=${slug}`,
        needs: "board" as const,
      })),
    ],
    basis: "asItIsNow",
  };
}

function trustTable(data: BoardData): Table {
  const words = answerWords.trust;
  const { trust } = data.answers;
  const row = (key: string, name: string, text: string) => ({ key, cells: [{ text: name }, { text }] });
  const many = (count: number, minor: number): string =>
    count === 0 ? formatCount(0) : `${formatCount(count)}, ${moneyText(minor, data.currency)}`;
  return {
    caption: words.caption,
    columns: [
      { label: answerWords.what, number: false },
      { label: words.state, number: false },
    ],
    rows: [
      ...trust.organisations.flatMap((own) => [
        row(`proofs-${own.slug}`, words.proofs(own.name), own.proofsHold ? words.proofsHold : words.proofsBroken),
        row(`stripe-${own.slug}`, words.stripe(own.name), stripeInWords(own, data)),
        row(
          `closed-${own.slug}`,
          words.closed(own.name),
          own.closed === null ? words.noneClosed : words.closedBy(monthInWords(own.closed.month), own.closed.by),
        ),
      ]),
      row("disputes", words.disputes, many(trust.disputes.open, trust.disputes.minor)),
      row("unassigned", words.unassigned, many(trust.unassigned.gifts, trust.unassigned.minor)),
      row("fees", words.fees, formatCount(trust.feesUnknown)),
      row("suspense", words.suspense, moneyText(trust.suspenseMinor, data.currency)),
      row("bank", words.bank, words.notYet),
      row("doubles", words.doubles, words.notYet),
    ],
    sum: null,
    empty: words.nothing,
  };
}

/** What each organisation raised for a joint fund; null elsewhere. */
export function jointAnswer(data: BoardData): Answer | null {
  const words = answerWords.joint;
  const { joint, people } = data.answers;
  if (joint === null) return null;
  const money = (minor: number): string => moneyText(minor, data.currency);
  const { organisations, owed } = joint;
  const sum = (of: (own: (typeof organisations)[number]) => number): number =>
    organisations.reduce((all, own) => all + of(own), 0);
  const nameOf = (slug: string): string => organisations.find((own) => own.slug === slug)?.name ?? slug;
  return {
    name: "joint-fund",
    question: words.question,
    sentence: words.sentence(
      listInWords(organisations.map(({ name, raisedMinor }) => words.part(name, money(raisedMinor)))),
      answerWords.people(people.donors),
    ),
    notes:
      owed.length === 0
        ? [words.nothingOwed]
        : owed.map(({ from, to, minor }) => words.owes(nameOf(from), nameOf(to), money(minor))),
    table: {
      caption: words.caption,
      columns: [
        { label: words.organisation, number: false },
        { label: answerWords.returned.given, number: true, definition: "given" },
        { label: answerWords.returned.returned, number: true, definition: "returned" },
        { label: "Raised", number: true, definition: "raised" },
      ],
      rows: organisations.map((own) => ({
        key: own.slug,
        cells: [
          { text: own.name },
          { text: money(own.givenMinor) },
          { text: money(-own.returnedMinor) },
          { text: money(own.raisedMinor) },
        ],
      })),
      sum: [
        { text: words.together },
        { text: money(sum(({ givenMinor }) => givenMinor)) },
        { text: money(-sum(({ returnedMinor }) => returnedMinor)) },
        { text: money(sum(({ raisedMinor }) => raisedMinor)) },
      ],
      empty: words.nothingOwed,
    },
    terms: ["owed"],
    basis: "gross",
  };
}
