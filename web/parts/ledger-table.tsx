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
                <th scope="col" class={column.number ? "r" : ""}>
                  <Heading column={column} at={id} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.rows.map((row) => (
              <tr data-row={row.key}>
                <Cells cells={row.cells} columns={table.columns} />
              </tr>
            ))}
          </tbody>
          {table.sum === null ? null : (
            <tfoot>
              <tr>
                <Cells cells={table.sum} columns={table.columns} />
              </tr>
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

function Cells({ cells, columns }: { cells: Cell[]; columns: Column[] }) {
  return (
    <>
      {cells.map((cell, index) =>
        index === 0 ? (
          <th scope="row">
            <CellText cell={cell} />
          </th>
        ) : (
          <td class={columns[index]?.number === true ? "r" : ""}>
            <CellText cell={cell} />
          </td>
        ),
      )}
    </>
  );
}

function CellText({ cell }: { cell: Cell }) {
  return (
    <>
      {cell.href === undefined ? <span>{cell.text}</span> : <a href={cell.href}>{cell.text}</a>}
      {cell.chip === undefined ? null : (
        <>
          {" "}
          <span class="chip">{cell.chip}</span>
        </>
      )}
    </>
  );
}
