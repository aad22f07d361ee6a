import type { NumberName } from "../../src/core/definition.ts";
import { boardQuery, type BoardAddress } from "../../src/core/board-address.ts";
import type { Answer } from "../charts/answer.ts";
import { answersOf } from "../charts/answers.ts";
import type { BoardData } from "../charts/board-data.ts";
import { fundTable } from "../charts/board-tables.ts";
import { boardFigures, otherCurrencies, type BoardFigure } from "../charts/board-text.ts";
import { periodInWords } from "../charts/period-text.ts";
import { answerWords } from "../locales/en/answers.ts";
import { boardWords as words } from "../locales/en/board.ts";
import { chartWords } from "../locales/en/charts.ts";
import { BoardAnswer } from "../parts/board-answer.tsx";
import { BoardChoice, PlaceChoice, type BoardChoices, type PeriodError } from "../parts/board-choice.tsx";
import { Chart } from "../parts/chart.tsx";
import { HowWeCount } from "../parts/definition.tsx";
import { EmbeddedJson } from "../parts/embedded-json.tsx";
import { Figure, Figures } from "../parts/figure.tsx";
import type { Frame } from "../parts/frame.ts";
import { Layout } from "../parts/layout.tsx";
import { LedgerTable } from "../parts/ledger-table.tsx";
import { Amount } from "../parts/money.tsx";
import { ProofBar } from "../parts/proof-bar.tsx";

export type BoardPageProps = BoardChoices & {
  frame: Frame;
  data: BoardData;
  /** The address of what is shown. */
  address: BoardAddress;
  may: { makePack: boolean; openGifts: boolean; openBooks: boolean };
  /** When the address names no period that can be shown: what was typed and why not; `data` is then of all time. */
  error: PeriodError | null;
};

/** What the large numbers and the table of funds show. */
const alwaysCounted: NumberName[] = [
  "given",
  "returned",
  "raised",
  "proceeds",
  "fees",
  "reached",
  "gifts",
  "donors",
  "unnamedGifts",
  "supporters",
  "retention",
];

/** What the page's footnote defines: every number that a figure or a table's head names. */
function countedOn(answers: readonly Answer[]): NumberName[] {
  const heads = answers.flatMap(({ table }) => table?.columns ?? []);
  return [...new Set([...alwaysCounted, ...heads.flatMap(({ definition }) => definition ?? [])])];
}

/**
 * `GET /board`: how much, from how many people, for which fund, and how far the numbers can be trusted. Three layers: the
 * large numbers, the funds with one chart, and the questions whose answers open.
 */
export function BoardPage({ frame, data, address, places, may, error, ...choices }: BoardPageProps) {
  const query = boardQuery(address);
  const second = secondChart(data);
  const answers = answersOf(data);
  return (
    <Layout frame={frame} title={`${words.title}: ${periodInWords(data)}`} current="board">
      <main id="main" class="wrap board" data-board data-query={query}>
        <div class="board-head">
          <div>
            <PlaceChoice data={data} address={address} places={places} />
            <h1>{periodInWords(data)}</h1>
          </div>
          <div class="board-deeds">
            <BoardChoice data={data} address={address} error={error} {...choices} />
            <p class="small">
              <PackLinks query={query} mayMake={may.makePack} />
            </p>
          </div>
        </div>
        <ProofBar data={data} />
        <p class="live small soft" data-live-state hidden></p>
        <p class="unseen" aria-live="polite" data-announce></p>
        <Figures>
          {boardFigures(data).map((figure) => (
            <BoardFigureView figure={figure} currency={data.currency} />
          ))}
        </Figures>
        {data.within?.campaign == null ? <Funds data={data} query={query} may={may} /> : null}
        <section class="two" aria-label={words.chartsLabel}>
          <Chart name="by-month" data={data} query={query} />
          {second === null ? null : <Chart name={second} data={data} query={query} />}
        </section>
        <section aria-labelledby="questions-heading" class="answers">
          <h2 id="questions-heading">{answerWords.heading}</h2>
          <p class="soft small">{answerWords.lead}</p>
          {answers.map((answer) => (
            <BoardAnswer answer={answer} data={data} query={query} may={may} />
          ))}
        </section>
        <section aria-label={words.daysLabel}>
          <Chart name="calendar" data={data} query={query} />
        </section>
        <HowWeCount of={countedOn(answers)} />
        <EmbeddedJson id="board-data" value={data} />
      </main>
    </Layout>
  );
}

/** Every fund; a campaign has none below it. */
function Funds({ data, query, may }: Pick<BoardPageProps, "data" | "may"> & { query: string }) {
  return (
    <section aria-labelledby="funds-heading">
      <h2 id="funds-heading">{words.fundsHeading}</h2>
      <LedgerTable id="funds" table={fundTable(data)} />
      <div class="tiny soft">
        <p>
          {words.onceNote} <a href={`/board/funds.csv${query === "" ? "" : `?${query}`}`}>{chartWords.tableFile}</a>
        </p>
        {data.within === null || data.within.organisationName === null || data.within.fund !== null ? null : (
          <p>{words.jointNote(data.within.organisationName)}</p>
        )}
        <div data-live="other-currencies">
          {otherCurrencies(data).map((sentence) => (
            <p>{sentence}</p>
          ))}
        </div>
      </div>
      <p class="board-packs small">
        <PackLinks query={query} mayMake={may.makePack} />
      </p>
    </section>
  );
}

/** What stands beside the months: how far it came, where there is something to hold it against, else the funds. */
function secondChart({ compared, goalMinor, within }: BoardData): "cumulative" | "by-fund" | null {
  if (compared !== null || goalMinor !== null) return "cumulative";
  return within?.campaign == null ? "by-fund" : null;
}

function PackLinks({ query, mayMake }: { query: string; mayMake: boolean }) {
  return (
    <>
      {mayMake ? (
        <>
          <a class="btn quiet" href={`/board/packs/new${query === "" ? "" : `?${query}`}`}>
            {words.makePack}
          </a>{" "}
        </>
      ) : null}
      <a href="/board/packs">{words.packs}</a>
    </>
  );
}

function BoardFigureView({ figure, currency }: { figure: BoardFigure; currency: string }) {
  const { name, of, value, note, rows } = figure;
  return (
    <Figure of={of} rows={rows} note={note} live={name}>
      {"money" in value ? <Amount amountMinor={BigInt(value.money)} currency={currency} /> : <>{value.text}</>}
    </Figure>
  );
}
