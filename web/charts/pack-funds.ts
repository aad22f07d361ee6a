import type { BoardData, BoardFigures, BoardMonth } from "./board-data.ts";
import type { PackTongue } from "../parts/pack-format.ts";
import { asStart, sentences, type PackBlock, type PackSection } from "./pack-block.ts";

import { columnsDrawing, phoneWidth } from "./pack-drawing.ts";

/** More months than this are drawn, but only the last ones have a line of their own in the table. */
const monthsListed = 24;

/** Every fund with what it raised and what reached it; of a joint fund what each organisation did. */
export function fundsSection(board: BoardData, tongue: PackTongue): PackSection {
  const { words, money, count } = tongue;
  const { raised, proceeds, fees, reached, donors } = words.funds.columns;
  const line = (name: string, figures: BoardFigures): string[] => [
    name,
    money(figures.raisedMinor),
    money(figures.proceedsMinor),
    money(-figures.feesMinor),
    money(figures.reachedMinor),
    count(figures.donors),
  ];
  const waits = board.unassigned === null || board.unassigned.gifts === 0 ? null : board.unassigned;
  const organisation = board.within === null || board.within.fund !== null ? null : board.within.organisationName;
  const others = [
    ...board.funds,
    ...(board.unassigned === null ? [] : [{ name: words.unassigned, ...board.unassigned }]),
  ];
  return {
    name: "funds",
    heading: words.funds.heading,
    blocks: [
      {
        kind: "table",
        table: {
          caption: words.funds.caption,
          columns: [words.fund, raised, proceeds, fees, reached, donors],
          rows: [
            ...board.funds.map((fund) => line(fund.name, fund)),
            ...(waits === null ? [] : [line(words.unassigned, waits)]),
          ],
          // Within an organisation it is no sum of the lines above it.
          sum: line(organisation === null ? words.total : words.cameTo(organisation), board.all),
        },
      },
      ...sentences(
        [
          board.funds.length < 2 ? null : words.funds.once,
          organisation === null || board.funds.length < 2 ? null : words.funds.joint(organisation),
          ...others.flatMap(({ name, otherCurrencies }) =>
            otherCurrencies.map((other) =>
              words.funds.other(`${other.currency} ${money(other.raisedMinor, other.currency)}`, name),
            ),
          ),
        ],
        true,
      ),
      ...jointBlocks(board, tongue),
    ],
  };
}

function jointBlocks({ answers: { joint } }: BoardData, { words, money }: PackTongue): PackBlock[] {
  if (joint === null) return [];
  const { columns } = words.months;
  const sum = joint.organisations.reduce((total, { raisedMinor }) => total + raisedMinor, 0);
  const [given, returned] = (["givenMinor", "returnedMinor"] as const).map((of) =>
    joint.organisations.reduce((total, organisation) => total + organisation[of], 0),
  );
  return [
    {
      kind: "table",
      table: {
        caption: words.funds.jointCaption,
        columns: [words.funds.organisation, columns.given, columns.returned, columns.raised],
        rows: joint.organisations.map(({ name, givenMinor, returnedMinor, raisedMinor }) => [
          asStart(name),
          money(givenMinor),
          money(-returnedMinor),
          money(raisedMinor),
        ]),
        sum: [words.total, money(given ?? 0), money(-(returned ?? 0)), money(sum)],
      },
    },
    ...sentences(
      joint.owed.length === 0
        ? [words.funds.owesNothing]
        : joint.owed.map(({ from, to, minor }) => words.funds.owed(asStart(from), money(minor), to)),
    ),
  ];
}

/** Raised month by month, with what was returned below the line. */
export function monthsSection({ months }: BoardData, tongue: PackTongue): PackSection {
  const { words, money } = tongue;
  const { heading, chart, summary, below, none } = words.months;
  if (months.length === 0) return { name: "months", heading, blocks: sentences([none]) };
  const raised = sumOf(months).raisedMinor;
  const best = months.reduce((most, month) => (month.raisedMinor > most.raisedMinor ? month : most));
  const bars = months.map(({ month, givenMinor, returnedMinor }) => ({
    label: tongue.shortMonth(month),
    value: givenMinor,
    text: money(givenMinor),
    below: returnedMinor,
  }));
  return {
    name: "months",
    heading,
    blocks: [
      {
        kind: "drawing",
        heading: chart,
        summary: summary(months.length, money(raised), tongue.month(best.month)),
        drawing: columnsDrawing(bars),
        narrow: columnsDrawing(bars, phoneWidth),
      },
      ...sentences([months.some(({ returnedMinor }) => returnedMinor !== 0) ? below : null], true),
      { kind: "table", table: monthsTable(months, tongue) },
    ],
  };
}

function monthsTable(
  months: readonly BoardMonth[],
  { words, money, month }: PackTongue,
): Extract<PackBlock, { kind: "table" }>["table"] {
  const cells = (name: string, { givenMinor, returnedMinor, raisedMinor }: Omit<BoardMonth, "month">): string[] => [
    name,
    money(givenMinor),
    money(-returnedMinor),
    money(raisedMinor),
  ];
  const listed = months.slice(-monthsListed);
  const before = months.slice(0, -monthsListed);
  const { given, returned, raised } = words.months.columns;
  return {
    caption: words.months.caption,
    columns: [words.month, given, returned, raised],
    rows: [
      ...(before.length === 0 ? [] : [cells(words.months.earlier(before.length), sumOf(before))]),
      ...listed.map((each) => cells(month(each.month), each)),
    ],
    sum: cells(words.total, sumOf(months)),
  };
}

function sumOf(months: readonly BoardMonth[]): Omit<BoardMonth, "month"> {
  const sum = { givenMinor: 0, returnedMinor: 0, raisedMinor: 0 };
  for (const { givenMinor, returnedMinor, raisedMinor } of months) {
    sum.givenMinor += givenMinor;
    sum.returnedMinor += returnedMinor;
    sum.raisedMinor += raisedMinor;
  }
  return sum;
}
