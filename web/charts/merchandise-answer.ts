import { definitions } from "../../src/core/definition.ts";
import { answerWords } from "../locales/en/answers.ts";
import { formatCount } from "../locales/en/count.ts";
import type { Answer } from "./answer.ts";
import type { BoardData } from "./board-data.ts";
import { moneyText } from "./money-text.ts";
import { entryRows } from "./rows-link.ts";
import type { Table } from "./table.ts";

const words = answerWords.merchandise;

/** What merchandise brought, apart from gifts, and whether the promises to buyers were kept. Null where nothing is sold at all. */
export function merchandiseAnswer(data: BoardData): Answer | null {
  const sold = data.answers.merchandise;
  if (sold.length === 0) return null;
  const money = (minor: number): string => moneyText(minor, data.currency);
  const sum = (of: (campaign: (typeof sold)[number]) => number): number =>
    sold.reduce((all, each) => all + of(each), 0);
  const pieces = sum(({ unitsSold }) => unitsSold);
  const isPending = sold.some(({ actualMinor }) => actualMinor === null);
  const short = sum(({ differenceMinor }) => Math.min(0, differenceMinor ?? 0));
  const said = words.piecesInWords(pieces);
  const gross = money(sum(({ grossMinor }) => grossMinor));
  return {
    name: "what-merchandise-brought",
    question: words.question,
    muted: pieces === 0,
    sentence:
      pieces === 0
        ? words.none
        : isPending
          ? words.pending(said, gross)
          : words.sentence(said, gross, money(sum(({ actualMinor }) => actualMinor ?? 0))),
    notes: pieces === 0 || isPending ? [] : [short === 0 ? words.kept : words.short(money(-short))],
    table: merchandiseTable(data),
    charts: ["merchandise"],
    terms: ["sold", "promised", "actual", "difference"],
    rows: entryRows(data, ["4100", "4190", "3920", "5020"]),
    basis: null,
  };
}

function merchandiseTable({ answers, currency }: BoardData): Table {
  const money = (minor: number | null) => ({ text: minor === null ? words.unknown : moneyText(minor, currency) });
  return {
    caption: words.caption,
    columns: [
      { label: words.campaign, number: false },
      { label: words.pieces, number: true },
      { label: definitions.sold.label, number: true, definition: "sold" },
      { label: words.fees, number: true },
      { label: definitions.promised.label, number: true, definition: "promised" },
      { label: definitions.actual.label, number: true, definition: "actual" },
      { label: definitions.difference.label, number: true, definition: "difference" },
    ],
    rows: answers.merchandise.map((campaign) => ({
      key: campaign.slug,
      cells: [
        { text: campaign.name, href: `/campaigns/${campaign.slug}` },
        { text: formatCount(campaign.unitsSold) },
        money(campaign.grossMinor),
        money(campaign.feesMinor === null ? null : -campaign.feesMinor),
        money(campaign.promisedMinor),
        money(campaign.actualMinor),
        money(campaign.differenceMinor),
      ],
    })),
    sum: null,
    empty: words.none,
  };
}
