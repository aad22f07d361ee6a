import type { ForeignPlans, MoneyLine, SortedLine } from "./backfill.ts";
import { formatMoney } from "./money.ts";

/** The words for what moved, in the order in which they are said; what is not here is said last, by its own name. */
const movements: readonly (readonly [string, string])[] = [
  ["payment", "charges"],
  ["payment undone", "charges undone"],
  ["return", "refunds"],
  ["dispute", "disputes"],
  ["fee", "fees"],
  ["payout", "payouts"],
  ["reserve", "held back"],
  ["top-up", "top-ups"],
  ["unknown", "of a type that nobody knows"],
];

const sorters: readonly (readonly [SortedLine["sortedBy"], string])[] = [
  ["order", "by an order of ours"],
  ["fund", "by the fund they name"],
  ["rule", "by a sorting rule"],
  ["nothing", "by nothing: they wait for a fund"],
];

const places = (name: string): number => movements.findIndex(([what]) => what === name);

/**
 * What a back-fill would bring, a line a year and currency with what sorts its payments under it. Money is in the currency in
 * which the account settles, because only that is ever booked.
 */
export function countLines(money: readonly MoneyLine[], sorted: readonly SortedLine[]): string[] {
  const years = new Set([...money, ...sorted].map(({ year, currency }) => `${year} ${currency}`));
  return [...years].toSorted().flatMap((year) => {
    const ofYear = (line: { year: number; currency: string }): boolean => `${line.year} ${line.currency}` === year;
    const moved = money.filter(ofYear).toSorted((a, b) => places(a.what) - places(b.what));
    const said = moved.map(
      ({ what, many, amountMinor, currency }) =>
        `${movements.find(([name]) => name === what)?.[1] ?? what} ${many} (${formatMoney({ amountMinor, currency })})`,
    );
    const bySorter = sorters.flatMap(([name, words]) => {
      const many = sorted
        .filter((line) => ofYear(line) && line.sortedBy === name)
        .reduce((sum, each) => sum + each.many, 0);
      return many === 0 ? [] : [`${many} ${words}`];
    });
    return [`${year}: ${said.join(", ")}.`, ...(bySorter.length === 0 ? [] : [`  Sorted ${bySorter.join(", ")}.`])];
  });
}

/** Plans that another tool made, in one line; none where there is none. */
export function planLines({ plans, running, payments }: ForeignPlans): string[] {
  if (plans === 0) return [];
  return [
    `Plans of another tool: ${plans} (${running} still running), ${payments} payments. What a sorting rule makes of them, it makes of those to come.`,
  ];
}

/** What of it is of closed months, and of before the books begin. */
export function dayLines(money: readonly MoneyLine[], booksBeginOn: string | null, openFrom: string | null): string[] {
  const sum = (pick: (line: MoneyLine) => number): number => money.reduce((total, line) => total + pick(line), 0);
  const [late, early] = [sum(({ late: many }) => many), sum(({ early: many }) => many)];
  return [
    ...(openFrom === null || late === 0
      ? []
      : [
          `${late} movements are of closed months: they count on ${openFrom}, the first open day, and keep their own day.`,
        ]),
    ...(booksBeginOn === null || early === 0
      ? []
      : [`${early} movements are older than the books, which begin on ${booksBeginOn}: ${notPosted}`]),
  ];
}

/** What becomes of what is older than the books. */
export const notPosted = "they count in totals and donors and are not posted; the opening balances stay as they are.";
