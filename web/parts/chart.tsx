import type { BoardData } from "../charts/board-data.ts";
import { boardCharts, plotSize, type ChartName } from "../charts/board-charts.ts";
import { boardWords } from "../locales/en/board.ts";
import { chartWords as words } from "../locales/en/charts.ts";
import { LedgerTable } from "./ledger-table.tsx";

type ChartProps = {
  name: ChartName;
  data: BoardData;
  /** The page's own question, without "?": the table as a file is asked for the same. */
  query?: string;
  /** 4 where it stands inside an answer. */
  level?: 2 | 4;
};

/** A longer table than this, of days, is not printed with its chart: it would be a book. */
const rowsOnPaper = 62;

/** A chart drawn by the browser's script, with the table of its figures one click away. The browser's twin is `client/chart-texts.ts`. */
export function Chart({ name, data, query = "", level = 2 }: ChartProps) {
  const chart = boardCharts[name];
  const table = chart.table(data);
  return (
    <figure class="chart">
      <figcaption>
        {level === 2 ? <h2>{chart.heading}</h2> : <h4>{chart.heading}</h4>}
        <p class="small soft" data-live={`${name}-hint`}>
          {chart.hint(data)}
        </p>
      </figcaption>
      <div class={`plot ${name}`} data-size={plotSize(chart.rows?.(data) ?? null)}>
        <canvas role="img" aria-label={chart.summary(data)} data-chart={name}></canvas>
        <p class="soft undrawn">{boardWords.undrawn}</p>
        <p class="soft" data-live={`${name}-empty`} hidden={!chart.isEmpty(data)}>
          {table.empty}
        </p>
      </div>
      <p class="unseen" aria-live="polite" data-spoken></p>
      <p class="chart-files small">
        <a href={`/board/${name}.csv${query === "" ? "" : `?${query}`}`}>{words.tableFile}</a>
        <button type="button" data-save hidden>
          {words.savePicture}
        </button>
      </p>
      <details class={table.rows.length > rowsOnPaper ? "many" : undefined}>
        <summary>{boardWords.tableBehind}</summary>
        <LedgerTable id={`${name}-table`} table={table} long={table.rows.length > 13} />
      </details>
    </figure>
  );
}
