import type { Child } from "hono/jsx";
import type { Cell, Column, Table } from "../charts/table.ts";
import { tableWords } from "../locales/en/table.ts";
import { Term } from "./definition.tsx";

type LedgerTableProps = {
  table: Table;
  /** The table's id, unique on the page. */
  id: string;
  /** Long tables scroll inside their frame, with head and sum staying in sight. */
  long?: boolean;
};

/** A table with right-aligned figures and a sum that closes. The browser's twin is `client/draw-table.ts`. */
export function LedgerTable({ table, id, long = false }: LedgerTableProps) {
  if (table.rows.length === 0)
    return (
      <p class="soft" id={id}>
        {table.empty}
      </p>
    );
  return (
    <>
      {long ? <p class="tiny soft scroll-hint">{tableWords.scrolls(table.rows.length)}</p> : null}
      <div class={long ? "scroll long" : "scroll"} role="region" aria-labelledby={`${id}-caption`} tabindex={0}>
        <table id={id} data-table={id}>
          <caption id={`${id}-caption`} class="unseen">
            {table.caption}
          </caption>
          <thead>
            <tr>
              {table.columns.map((column) => (
                <th scope="col" class={column.number ? "r" : undefined}>
                  <Heading column={column} at={id} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.rows.map((row) => (
              <tr data-row={row.key}>{cellsOf(row.cells, table.columns)}</tr>
            ))}
          </tbody>
          {table.sum === null ? null : (
            <tfoot>
              <tr>{cellsOf(table.sum, table.columns)}</tr>
            </tfoot>
          )}
        </table>
      </div>
    </>
  );
}

function Heading({ column, at }: { column: Column; at: string }) {
  return column.definition === undefined ? <>{column.label}</> : <Term of={column.definition} at={at} />;
}

/** There are thousands of cells on a board: no component for each, and no element around a text that stands alone. */
function cellsOf(cells: readonly Cell[], columns: readonly Column[]): Child[] {
  return cells.map((cell, index) =>
    index === 0 ? (
      <th scope="row">{contentOf(cell)}</th>
    ) : (
      <td class={columns[index]?.number === true ? "r" : undefined}>{contentOf(cell)}</td>
    ),
  );
}

function contentOf({ text, href, chip }: Cell): Child {
  const link = href === undefined ? text : <a href={href}>{text}</a>;
  if (chip === undefined) return link;
  return [href === undefined ? <span>{text}</span> : link, " ", <span class="chip">{chip}</span>];
}
