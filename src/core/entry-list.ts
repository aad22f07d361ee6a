import { isDay, readPeriod, type Period, type PeriodRefusal } from "./period.ts";

/** What an entry can come from. */
export const entrySources = ["balance transaction", "dispute outcome", "command", "bank line", "opening"] as const;
export type EntrySource = (typeof entrySources)[number];

/** Which entries are shown; it lives in the address. */
export type EntryFilter = {
  /** Accounts of the books; null is all of them. */
  codes: string[] | null;
  /** A fund's slug, or `noFund`. */
  fund: string | null;
  currency: string | null;
  source: EntrySource | null;
  /** Only what says something of this payment. */
  payment: bigint | null;
  period: Period;
};

export const everyEntry: EntryFilter = {
  codes: null,
  fund: null,
  currency: null,
  source: null,
  payment: null,
  period: { from: null, to: null },
};

type Query = Record<string, string | undefined>;

/** Reads a filter from an address. What is no filter at all is no limit; a period that cannot be shown is told and left out. */
export function readEntryFilter(query: Query): { filter: EntryFilter; refusal: PeriodRefusal | null } {
  const codes = (query["code"] ?? "").split(",").filter((code) => /^\d{4}$/u.test(code));
  const read = readPeriod({ from: query["from"], to: query["to"] });
  const payment = query["payment"] ?? "";
  const currency = query["currency"] ?? "";
  return {
    filter: {
      codes: codes.length === 0 ? null : codes.slice(0, 40),
      fund: query["fund"]?.trim().slice(0, 60) || null,
      currency: /^[A-Z]{3}$/u.test(currency) ? currency : null,
      source: entrySources.find((source) => source === query["source"]) ?? null,
      payment: /^\d{1,18}$/u.test(payment) ? BigInt(payment) : null,
      period: read.ok ? read.period : { from: null, to: null },
    },
    refusal: read.ok ? null : read.refusal,
  };
}

/** The fields of a filter that limit anything, by name, as they stand in an address or a form. */
export function entryFields({ codes, period, payment, ...rest }: EntryFilter): [string, string][] {
  const fields = { code: codes?.join(",") ?? null, ...rest, ...period, payment: payment?.toString() ?? null };
  return Object.entries(fields).flatMap(([name, value]): [string, string][] => (value === null ? [] : [[name, value]]));
}

/** The address of the entries of an organisation: `/desk/books/entries?organisation=alov&code=4000&fund=families`. */
export function entriesAddress(
  organisation: string,
  filter: Partial<EntryFilter>,
  before: EntryPlace | null = null,
  path = "/desk/books/entries",
): string {
  const query = new URLSearchParams([["organisation", organisation], ...entryFields({ ...everyEntry, ...filter })]);
  if (before !== null) query.set("before", `${before.day}.${before.number}`);
  return `${path}?${query.toString().replaceAll("%2C", ",")}`;
}

/** A place in the list, newest first: what comes after it is older. */
export type EntryPlace = { day: string; number: bigint };

export function readEntryPlace(text: string | undefined): EntryPlace | null {
  const match = /^(?<day>\d{4}-\d{2}-\d{2})\.(?<number>\d{1,18})$/u.exec(text ?? "");
  if (match?.groups === undefined || !isDay(match.groups["day"] ?? "")) return null;
  return { day: match.groups["day"] ?? "", number: BigInt(match.groups["number"] ?? "0") };
}

/** A line of an entry: debits above zero, credits below. */
export type EntryLine = {
  code: string;
  name: string;
  fund: string | null;
  fundSlug: string | null;
  campaign: string | null;
  currency: string;
  amountMinor: bigint;
};

/** An entry in the list, with its lines: those that were asked for. */
export type Entry = {
  id: bigint;
  number: bigint;
  enteredOn: string;
  source: EntrySource;
  account: string | null;
  sourceId: string;
  sourceNumber: bigint;
  corrects: { id: bigint; number: bigint } | null;
  lines: EntryLine[];
};

/** What all lines of a list come to, in one currency. */
export type EntrySum = { currency: string; amountMinor: bigint };

/** An entry opened: with its place in the chain, and what its source belongs to. */
export type OpenedEntry = Entry & {
  organisation: string;
  organisationSlug: string;
  postedAt: Date;
  hash: string;
  previousHash: string | null;
  /** Whether its hash is that of what it says. */
  hashHolds: boolean;
  correctedBy: { id: bigint; number: bigint }[];
  paymentId: bigint | null;
  payout: string | null;
};
