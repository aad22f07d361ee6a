import type { Table } from "../charts/table.ts";
import { boardWords as words } from "../locales/en/board.ts";
import { LedgerTable } from "./ledger-table.tsx";

type ChartProps = {
  name: string;
  heading: string;
  hint: string;
  summary: string;
  /** True when there is nothing to draw: a sentence says so in the empty frame. */
  isEmpty: boolean;
  table: Table;
};

/** A chart drawn by the browser's script, with the table of its figures one click away. */
export function Chart({ name, heading, hint, summary, isEmpty, table }: ChartProps) {
  return (
    <figure class="chart">
      <figcaption>
        <h2>{heading}</h2>
        <p class="small soft" data-live={`${name}-hint`}>
          {hint}
        </p>
      </figcaption>
      <div class={`plot ${name}`}>
        <canvas role="img" aria-label={summary} data-chart={name}></canvas>
        <p class="soft undrawn">{words.undrawn}</p>
        <p class="soft" data-live={`${name}-empty`} hidden={!isEmpty}>
          {words.empty}
        </p>
      </div>
      <details>
        <summary>{words.tableBehind}</summary>
        <LedgerTable id={`${name}-table`} table={table} long={table.rows.length > 13} />
      </details>
    </figure>
  );
}
