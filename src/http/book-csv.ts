import type { Context } from "hono";
import { stringify } from "csv-stringify/sync";
import type { Env } from "./deps.ts";

/** So many rows are read and written at a time: a file of any length needs the memory of these. */
export const csvRowsAtOnce = 1_000;

type Heads = Readonly<Record<string, string>>;
type Row<Names extends Heads> = { [Name in keyof Names]: string };

/**
 * A file for spreadsheets, as `giftCsv` makes one: comma-separated, with a byte order mark. Texts must come through `csvText`,
 * so that none is a formula.
 * @param read the next rows, null after the last
 */
export function csvFile<Names extends Heads>(
  c: Context<Env>,
  name: string,
  heads: Names,
  read: () => Promise<Row<Names>[] | null>,
): Response {
  const encoder = new TextEncoder();
  let isFirst = true;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const rows = await read();
      if (rows === null && !isFirst) return controller.close();
      const text = stringify(rows ?? [], {
        columns: Object.entries(heads).map(([key, header]) => ({ key, header })),
        header: isFirst,
        bom: isFirst,
        record_delimiter: "\r\n",
      });
      isFirst = false;
      controller.enqueue(encoder.encode(text));
      if (rows === null) controller.close();
    },
  });
  c.header("content-type", "text/csv; charset=utf-8");
  c.header("content-disposition", `attachment; filename="${name}.csv"`);
  return c.body(body);
}

/** Rows that are all there. */
export function once<Rows>(rows: Rows): () => Promise<Rows | null> {
  let left: Rows | null = rows;
  return async () => {
    const next = left;
    left = null;
    return next;
  };
}
