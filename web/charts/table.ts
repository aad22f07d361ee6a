import type { NumberName } from "../../src/core/definition.ts";

/** A cell as text; `href` makes it a link, `chip` a small word beside it. */
export type Cell = { text: string; href?: string; chip?: string };

/** `definition` puts the number's meaning behind the column's label. */
export type Column = { label: string; number: boolean; definition?: NumberName };

/**
 * A ledger as data, so that the server's markup, the browser's redrawing, the charts and the tests all read the same
 * rows. The first cell of a row is its name; `key` finds the row again when numbers change.
 */
export type Table = {
  caption: string;
  columns: Column[];
  rows: { key: string; cells: Cell[] }[];
  /** The line that closes the table, double ruled; null when there is nothing to add up. */
  sum: Cell[] | null;
  /** What stands there instead when there is no row. */
  empty: string;
};
