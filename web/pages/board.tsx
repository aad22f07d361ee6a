import type { NumberName } from "../../src/core/definition.ts";
import type { BoardPlace } from "../../src/core/total.ts";
import type { BoardData } from "../charts/board-data.ts";
import { fundTable } from "../charts/board-tables.ts";
import { boardFigures, otherCurrencies, periodInWords, placeInWords, type BoardFigure } from "../charts/board-text.ts";
import { boardWords as words } from "../locales/en/board.ts";
import { formatCount } from "../locales/en/count.ts";
import { Chart } from "../parts/chart.tsx";
import { HowWeCount } from "../parts/definition.tsx";
import { EmbeddedJson } from "../parts/embedded-json.tsx";
import { Figure, Figures } from "../parts/figure.tsx";
import type { Frame } from "../parts/frame.ts";
import { Layout } from "../parts/layout.tsx";
import { LedgerTable } from "../parts/ledger-table.tsx";
import { Amount } from "../parts/money.tsx";
import { PeriodChoice, type PeriodError } from "../parts/period-choice.tsx";
import { boardAddress } from "../parts/preset-periods.ts";
import { ProofBar } from "../parts/proof-bar.tsx";

export type BoardPageProps = {
  frame: Frame;
  data: BoardData;
  /** Where whoever looks may look; a choice when there are several. */
  places?: readonly BoardPlace[];
  /** The month (1 to 12) in which the fiscal year begins. */
  fiscalYearStart?: number;
  /** When the address names no period that can be shown: what was typed and why not; `data` is then of all time. */
  error?: PeriodError | null;
};

const counted: NumberName[] = [
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
];

/** `GET /board?from=&to=`: how much, from how many people, for which fund, and how far the numbers can be trusted. */
export function BoardPage({ frame, data, places = [], fiscalYearStart = 1, error = null }: BoardPageProps) {
  return (
    <Layout frame={frame} title={`${words.title}: ${periodInWords(data)}`} current="board">
      <main id="main" class="wrap board" data-board>
        <div class="board-head">
          <div>
            <p class="over">{placeInWords(data)}</p>
            <h1>{periodInWords(data)}</h1>
            <PlaceChoice data={data} places={places} />
          </div>
          <PeriodChoice
            period={data}
            within={data.within}
            today={data.today}
            fiscalYearStart={fiscalYearStart}
            error={error}
          />
        </div>
        <ProofBar data={data} />
        <p class="live small soft" data-live-state hidden></p>
        <p class="unseen" aria-live="polite" data-announce></p>
        <Figures>
          {boardFigures(data).map((figure) => (
            <BoardFigureView figure={figure} currency={data.currency} />
          ))}
        </Figures>
        <section class="two" aria-label={words.chartsLabel}>
          <Chart name="by-month" data={data} />
          <Chart name="by-fund" data={data} />
        </section>
        <section aria-labelledby="funds-heading">
          <h2 id="funds-heading">{words.fundsHeading}</h2>
          <LedgerTable id="funds" table={fundTable(data)} />
          <div class="tiny soft">
            <p>{words.onceNote}</p>
            {data.within === null || data.within.fund !== null ? null : (
              <p>{words.jointNote(data.within.organisationName)}</p>
            )}
            <div data-live="other-currencies">
              {otherCurrencies(data).map((sentence) => (
                <p>{sentence}</p>
              ))}
            </div>
          </div>
        </section>
        <HowWeCount of={counted} />
        <EmbeddedJson id="board-data" value={data} />
      </main>
    </Layout>
  );
}

/** Somebody with roles in several organisations looks at one after the other. */
function PlaceChoice({ data, places }: { data: BoardData; places: readonly BoardPlace[] }) {
  if (places.length < 2) return null;
  const { within } = data;
  return (
    <div class="periods">
      <nav aria-label={words.placeNavigation}>
        <ul role="list">
          {places.map((place) => (
            <li>
              <a
                class="btn quiet"
                href={boardAddress(data, place)}
                {...(place.organisation === within?.organisation && place.fund === within.fund
                  ? { "aria-current": "true" }
                  : {})}
              >
                {place.fundName ?? place.organisationName}
              </a>
            </li>
          ))}
        </ul>
      </nav>
    </div>
  );
}

function BoardFigureView({ figure, currency }: { figure: BoardFigure; currency: string }) {
  return (
    <Figure of={figure.of} rows="#funds" note={figure.note} live={figure.of}>
      <Value figure={figure} currency={currency} />
    </Figure>
  );
}

function Value({ figure: { value, money }, currency }: { figure: BoardFigure; currency: string }) {
  return money ? <Amount amountMinor={BigInt(value)} currency={currency} /> : <>{formatCount(value)}</>;
}
