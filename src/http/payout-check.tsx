import { parse } from "csv-parse/sync";
import { Hono } from "hono";
import { csvAmount, csvText } from "../core/csv.ts";
import {
  type ComparedRow,
  compareRows,
  type FileCheck,
  type FileRow,
  fileRowsMax,
  type ReadFile,
  readPayoutRows,
} from "../core/payout-file.ts";
import type { Sql } from "../db/connect.ts";
import { findFileRows, findUnlistedRows } from "../db/payout.ts";
import { payoutWords } from "../../web/locales/en/payouts.ts";
import { PayoutCheckPage } from "../../web/pages/payout-check.tsx";
import { csvFile, once } from "./book-csv.ts";
import { openBookDesk } from "./book-desk.ts";
import type { Deps, Env } from "./deps.ts";
import { readUpload } from "./form.ts";
import type { Frames } from "./frame.ts";
import { guard } from "./guard.ts";
import { neverKept } from "./headers.ts";

/**
 * `/desk/books/payouts/check`: a payout reconciliation that Stripe made, beside the books. The file is read, compared and
 * forgotten: it names donors, and nothing of it is kept.
 */
export function payoutCheckRoutes(deps: Deps, frames: Frames): Hono<Env> {
  const { sql } = deps;
  const app = new Hono<Env>();
  app.use("/desk/books/*", neverKept, guard(deps, "see desk"));

  app.get("/desk/books/payouts/check", async (c) => {
    const [frame, { places, here }] = await Promise.all([frames.read(c), openBookDesk(c, deps)]);
    return await c.html(<PayoutCheckPage {...{ frame, places, here }} answer={null} />);
  });

  app.post("/desk/books/payouts/check", async (c) => {
    const [frame, { places, here }] = await Promise.all([frames.read(c), openBookDesk(c, deps)]);
    const { file, fields } = await readUpload(c, "file");
    const read = readFile(file.bytes);
    if (!read.ok) {
      c.status(422);
      return await c.html(<PayoutCheckPage {...{ frame, places, here }} answer={{ refusal: read.refusal }} />);
    }
    const check = await checkRows(sql, here.id, read.rows);
    if (fields["answer"] === "csv") return csvFile(c, "payout-check", payoutWords.file.csv, once(checkedRows(check)));
    return await c.html(<PayoutCheckPage {...{ frame, places, here }} answer={{ check }} />);
  });

  return app;
}

/** The rows of a file, or why there are none to compare. */
function readFile(bytes: Uint8Array): ReadFile {
  if (bytes.length === 0) return { ok: false, refusal: { reason: "empty" } };
  let records: string[][];
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    // A file of another kind, such as a spreadsheet, has characters that no CSV has.
    if (text.includes("\0")) return { ok: false, refusal: { reason: "not CSV" } };
    records = parse(text, {
      bom: true,
      skip_empty_lines: true,
      max_record_size: 100_000,
      to: fileRowsMax + 2,
      relax_column_count: true,
    });
  } catch {
    // Broken quotes, a line without end, letters that are not UTF-8.
    return { ok: false, refusal: { reason: "not CSV" } };
  }
  return readPayoutRows(records);
}

async function checkRows(sql: Sql, organisationId: bigint, rows: readonly FileRow[]): Promise<FileCheck> {
  const [known, unlisted] = await Promise.all([
    findFileRows(sql, organisationId, rows),
    findUnlistedRows(sql, organisationId, rows),
  ]);
  return { rows: compareRows(rows, known), unlisted };
}

type CheckedRow = Record<keyof typeof payoutWords.file.csv, string>;

function checkedRows({ rows, unlisted }: FileCheck): CheckedRow[] {
  const { counts } = payoutWords.file;
  const nothing = { line: "", differs: "", grossInFile: "", grossHere: "", feeInFile: "", feeHere: "", netInFile: "" };
  return [
    ...rows.map(checkedRow),
    ...unlisted.map(({ id, payout, currency, netMinor }) => ({
      ...nothing,
      id: csvText(id),
      outcome: counts.unlisted,
      currency,
      netHere: csvAmount({ amountMinor: netMinor, currency }),
      payoutInFile: "",
      payoutHere: csvText(payout),
    })),
  ];
}

function checkedRow({ currency, known, ...row }: ComparedRow): CheckedRow {
  const here = (amountMinor: bigint | undefined): string =>
    known === null ? "" : csvAmount({ amountMinor: amountMinor ?? null, currency: known.currency });
  return {
    line: String(row.place),
    id: csvText(row.id),
    outcome: payoutWords.file.outcomes[row.outcome],
    differs: row.differs.length === 0 ? "" : payoutWords.file.differs(row.differs),
    currency,
    grossInFile: csvAmount({ amountMinor: row.amountMinor, currency }),
    grossHere: here(known?.amountMinor),
    feeInFile: csvAmount({ amountMinor: row.feeMinor, currency }),
    feeHere: here(known?.feeMinor),
    netInFile: csvAmount({ amountMinor: row.netMinor, currency }),
    netHere: here(known?.netMinor),
    payoutInFile: csvText(row.payout),
    payoutHere: csvText(known?.payout ?? null),
  };
}
