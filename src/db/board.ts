import { histogramBounds, type BoardAnswers, type BoardAsked, type ComparedAnswer } from "../core/board.ts";
import type { BoardTotals, MonthTotal, Outstanding } from "../core/total.ts";
import { boardAnswers, numbersOf, type AnswersRow } from "./board-answer.ts";
import type { Sql } from "./connect.ts";
import { asTotals, type TotalRow } from "./total.ts";

/** Everything that a board shows, of one moment. */
export type BoardRead = {
  totals: BoardTotals;
  months: MonthTotal[];
  /** Null within one fund or campaign, of which it is not known. */
  outstanding: Outstanding | null;
  answers: BoardAnswers;
  compared: ComparedAnswer | null;
};

type Amounts = "given" | "returned" | "raised" | "arriving" | "proceeds" | "fees";

/** What board() answers: amounts are text. */
type BoardRow = {
  asOf: string;
  totals: (Omit<TotalRow, Amounts | "asOf"> & Record<Amounts, string>)[];
  months: { month: string; fund: string | null; given: string; returned: string }[];
  outstanding: {
    payments: number;
    amount: string;
    retried: number;
    nextAttempt: string | null;
    givenUp: number;
  } | null;
  answers: AnswersRow;
  compared: object | null;
};

/**
 * Reads all of a board in one statement, so that its numbers belong together.
 * @throws RangeError when an amount does not fit a JSON number
 */
export async function readBoard(sql: Sql, asked: BoardAsked): Promise<BoardRead> {
  const [row] = await sql<{ board: BoardRow }[]>`select board(${sql.json(questionOf(asked))}) as board`;
  if (row === undefined) throw new Error("board() answers one row");
  return boardRead(row.board, asked);
}

/** Reads several boards in one statement, in their order: all of them are of one moment. */
export async function readBoards(sql: Sql, asked: readonly BoardAsked[]): Promise<BoardRead[]> {
  const rows = await sql<{ board: BoardRow }[]>`
    select board(question) as board
    from jsonb_array_elements(${sql.json(asked.map((each) => questionOf(each)))}) with ordinality asked (question, place)
    order by asked.place`;
  return rows.map(({ board }, index) => boardRead(board, asked[index] as BoardAsked));
}

function questionOf({ place, period, currency, today, before, samePoint, compared }: BoardAsked) {
  return {
    place: placeAsText(place),
    ...period,
    currency,
    today,
    before,
    samePoint,
    compared: compared === null ? null : { ...compared, place: placeAsText(compared.place) },
    bounds: histogramBounds(currency).map(String),
  };
}

function boardRead(board: BoardRow, { period, currency, compared }: BoardAsked): BoardRead {
  const asOf = new Date(board.asOf);
  return {
    totals: asTotals(
      board.totals.map((total) => totalRow(total, asOf)),
      { ...period, currency },
      "board",
    ),
    months: board.months.map(({ month, fund, given, returned }) => ({
      month,
      fund,
      givenMinor: BigInt(given),
      returnedMinor: BigInt(returned),
    })),
    outstanding: board.outstanding === null ? null : outstanding(board.outstanding),
    answers: boardAnswers(board.answers, currency, asOf),
    compared: compared === null || board.compared === null ? null : comparedAnswer(board.compared, compared.with),
  };
}

function placeAsText({ organisationId, fundId, campaignId }: BoardAsked["place"]): Record<string, string | null> {
  return {
    organisationId: organisationId?.toString() ?? null,
    fundId: fundId?.toString() ?? null,
    campaignId: campaignId?.toString() ?? null,
  };
}

function totalRow(row: BoardRow["totals"][number], asOf: Date): TotalRow {
  return {
    ...row,
    asOf,
    given: BigInt(row.given),
    returned: BigInt(row.returned),
    raised: BigInt(row.raised),
    arriving: BigInt(row.arriving),
    proceeds: BigInt(row.proceeds),
    fees: BigInt(row.fees),
  };
}

function outstanding(row: NonNullable<BoardRow["outstanding"]>): Outstanding {
  const { payments, amount, retried, nextAttempt, givenUp } = row;
  return {
    pending: { payments, amountMinor: BigInt(amount) },
    renewals: { retried, nextAttempt: nextAttempt === null ? null : new Date(nextAttempt), givenUp },
  };
}

function comparedAnswer(row: object, compared: ComparedAnswer["with"]): ComparedAnswer {
  return { with: compared, ...numbersOf(row as Omit<ComparedAnswer, "with">) };
}
