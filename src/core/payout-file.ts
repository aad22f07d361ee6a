import { exponent } from "./money.ts";

/**
 * Stripe's payout reconciliation, itemised, as a file: amounts in major units, unlike the API's.
 * Columns: https://docs.stripe.com/reports/report-types/payout-reconciliation
 */
const neededColumns = ["balance_transaction_id", "currency", "gross", "fee", "net"] as const;

/** More rows than any payout has; a file with more is cut by month at Stripe. */
export const fileRowsMax = 20_000;

/** A row of the file; `place` is its line, the head being line 1. */
export type FileRow = {
  place: number;
  id: string;
  currency: string;
  amountMinor: bigint;
  feeMinor: bigint;
  netMinor: bigint;
  /** The payout that the file names; null where it names none. */
  payout: string | null;
  category: string | null;
};

/** Why a file cannot be checked. */
export type FileRefusal =
  | { reason: "empty" | "no rows" | "not CSV" }
  | { reason: "columns missing"; columns: string[] }
  | { reason: "too many rows"; max: number }
  | { reason: "row not understood"; place: number; column: string; text: string };

export type ReadFile = { ok: true; rows: FileRow[] } | { ok: false; refusal: FileRefusal };

/** Reads the rows of a parsed file: its head, then one list of cells a row. */
export function readPayoutRows([head, ...records]: readonly (readonly string[])[]): ReadFile {
  if (head === undefined) return refused({ reason: "empty" });
  const columns = head.map((name) => name.trim().toLowerCase());
  const missing = neededColumns.filter((name) => !columns.includes(name));
  if (missing.length > 0) return refused({ reason: "columns missing", columns: missing });
  if (records.length === 0) return refused({ reason: "no rows" });
  if (records.length > fileRowsMax) return refused({ reason: "too many rows", max: fileRowsMax });
  const rows: FileRow[] = [];
  for (const [index, record] of records.entries()) {
    const cell = (name: string): string => record[columns.indexOf(name)]?.trim() ?? "";
    const place = index + 2;
    const wrong = (column: string): ReadFile =>
      refused({ reason: "row not understood", place, column, text: cell(column).slice(0, 40) });
    const [id, currency] = [cell("balance_transaction_id"), cell("currency").toUpperCase()];
    if (!/^\w{4,255}$/u.test(id)) return wrong("balance_transaction_id");
    if (!/^[A-Z]{3}$/u.test(currency)) return wrong("currency");
    const [amountMinor, feeMinor, netMinor] = (["gross", "fee", "net"] as const).map((name) =>
      readMajor(cell(name), currency),
    );
    if (amountMinor == null) return wrong("gross");
    if (feeMinor == null) return wrong("fee");
    if (netMinor == null) return wrong("net");
    rows.push({
      place,
      id,
      currency,
      amountMinor,
      feeMinor,
      netMinor,
      payout: cell("automatic_payout_id") || cell("payout_id") || null,
      category: cell("reporting_category").slice(0, 60) || null,
    });
  }
  return { ok: true, rows };
}

function refused(refusal: FileRefusal): ReadFile {
  return { ok: false, refusal };
}

/** An amount in major units as minor ones: `-12.50` is -1250 CAD, `500` is 500 JPY; null when it is none. */
export function readMajor(text: string, currency: string): bigint | null {
  const match = /^(?<sign>-?)(?<whole>\d{1,15})(?:\.(?<decimals>\d{1,12}))?$/u.exec(text);
  if (match?.groups === undefined) return null;
  const digits = exponent(currency);
  const decimals = match.groups["decimals"] ?? "";
  if (/[1-9]/u.test(decimals.slice(digits))) return null;
  const minor = BigInt(`${match.groups["whole"]}${decimals.slice(0, digits).padEnd(digits, "0")}`);
  return match.groups["sign"] === "-" ? -minor : minor;
}

/** What we know of a balance transaction that the file names. */
export type KnownMovement = {
  amountMinor: bigint;
  feeMinor: bigint;
  netMinor: bigint;
  currency: string;
  payout: string | null;
  entryId: bigint | null;
  entryNumber: bigint | null;
};

export type ComparedField = "currency" | "gross" | "fee" | "net" | "payout";

/** A row beside what we know: there and the same, not there, there and different, or a second time in the file. */
export type ComparedRow = FileRow & {
  outcome: "found" | "missing" | "different" | "twice";
  known: KnownMovement | null;
  differs: ComparedField[];
};

/** What the check of a file came to. */
export type FileCheck = {
  rows: ComparedRow[];
  /** Of the payouts that the file names: what is in them here and not in the file. */
  unlisted: { id: string; payout: string; currency: string; netMinor: bigint }[];
};

/** Compares each row with what is known under its line; `known` is by line. */
export function compareRows(rows: readonly FileRow[], known: ReadonlyMap<number, KnownMovement>): ComparedRow[] {
  const seen = new Set<string>();
  return rows.map((row) => {
    const ours = known.get(row.place) ?? null;
    const isTwice = seen.has(row.id);
    seen.add(row.id);
    const differs = ours === null ? [] : differencesOf(row, ours);
    const outcome = isTwice ? "twice" : ours === null ? "missing" : differs.length > 0 ? "different" : "found";
    return { ...row, outcome, known: ours, differs };
  });
}

function differencesOf(row: FileRow, ours: KnownMovement): ComparedField[] {
  const fields: [ComparedField, boolean][] = [
    ["currency", row.currency !== ours.currency],
    ["gross", row.amountMinor !== ours.amountMinor],
    ["fee", row.feeMinor !== ours.feeMinor],
    ["net", row.netMinor !== ours.netMinor],
    // A payout that Stripe has not told us the contents of is no difference.
    ["payout", row.payout !== null && ours.payout !== null && row.payout !== ours.payout],
  ];
  return fields.filter(([, differs]) => differs).map(([field]) => field);
}
