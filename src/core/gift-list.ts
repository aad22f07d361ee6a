import { parseAmount } from "./money.ts";
import { isDay, readPeriod, type Period, type PeriodRefusal } from "./period.ts";

/** Gifts that count (null), gifts whose money waits for conversion, and payments that are no gift yet or never will be. */
export const giftStates = ["awaiting", "arriving", "pending", "failed"] as const;
export type GiftState = (typeof giftStates)[number];

export const giftSources = ["stripe", "cash"] as const;
export type GiftSource = (typeof giftSources)[number];

/** Of which something, all or nothing was returned. */
export const giftReturns = ["any", "wholly", "none"] as const;
export type GiftReturned = (typeof giftReturns)[number];

/** The slug that stands for gifts which wait for a fund; no fund can have it. */
export const noFund = "-";

/** Which gifts are shown; it lives in the address. Slugs are as they were typed, null is no limit. */
export type GiftFilter = {
  fund: string | null;
  campaign: string | null;
  organisation: string | null;
  state: GiftState | null;
  source: GiftSource | null;
  returned: GiftReturned | null;
  period: Period;
};

export const everyGift: GiftFilter = {
  fund: null,
  campaign: null,
  organisation: null,
  state: null,
  source: null,
  returned: null,
  period: { from: null, to: null },
};

type Query = Record<string, string | undefined>;

/**
 * Reads a filter from an address or a form. What is no filter at all is no limit; a period that cannot be shown is told and
 * left out.
 */
export function readGiftFilter(query: Query): { filter: GiftFilter; refusal: PeriodRefusal | null } {
  const slug = (name: string): string | null => query[name]?.trim().slice(0, 60) || null;
  const one = <Choice extends string>(name: string, of: readonly Choice[]): Choice | null =>
    of.find((each) => each === query[name]) ?? null;
  const read = readPeriod({ from: query["from"], to: query["to"] });
  return {
    filter: {
      fund: slug("fund"),
      campaign: slug("campaign"),
      organisation: slug("organisation"),
      state: one("state", giftStates),
      source: one("source", giftSources),
      returned: one("returned", giftReturns),
      period: read.ok ? read.period : { from: null, to: null },
    },
    refusal: read.ok ? null : read.refusal,
  };
}

/** The fields of a filter that limit anything, by name, as they stand in an address or a form. */
export function filterFields({ period, ...rest }: GiftFilter): [string, string][] {
  return Object.entries({ ...rest, ...period }).flatMap(([name, value]): [string, string][] =>
    value === null ? [] : [[name, value]],
  );
}

/** The address of a list: `/desk/gifts?fund=families&from=2021-01-01`, from a place in it on. */
export function giftsAddress(filter: GiftFilter, before: GiftPlace | null = null, path = "/desk/gifts"): string {
  const query = new URLSearchParams(filterFields(filter));
  if (before !== null) query.set("before", writePlace(before));
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}

/** A place in the list, newest first: what comes after it is older. */
export type GiftPlace = { day: string; paymentId: bigint; part: string };

/** A place as a word of an address, such as `2021-03-10.12.whole`. */
export function writePlace({ day, paymentId, part }: GiftPlace): string {
  return `${day}.${paymentId}.${part}`;
}

/** The place that a word of an address means; null when it means none. */
export function readPlace(text: string | undefined): GiftPlace | null {
  const match = /^(?<day>\d{4}-\d{2}-\d{2})\.(?<id>\d{1,18})\.(?<part>[\w-]{0,255})$/u.exec(text ?? "");
  if (match?.groups === undefined || !isDay(match.groups["day"] ?? "")) return null;
  return {
    day: match.groups["day"] ?? "",
    paymentId: BigInt(match.groups["id"] ?? "0"),
    part: match.groups["part"] ?? "",
  };
}

/** What somebody looks for. A search is never part of an address: it may name a person. */
export type GiftSearch =
  | { by: "name" | "email" | "id"; text: string }
  /** In minor units of the currency that the desk keeps. */
  | { by: "amount"; amountMinor: bigint };

const stripeId = /^(?:pi|ch|py|pyr|re|cs|sub|alm|cash)_\w{1,250}$/u;

/** What a search means: an e-mail has an @, an id a known beginning (or is our number, `#12`), an amount is one, the rest is a name. */
export function readSearch(typed: string, currency: string): GiftSearch | null {
  const text = typed.normalize("NFC").trim().slice(0, 255);
  if (text === "") return null;
  if (text.includes("@")) return { by: "email", text: text.toLowerCase() };
  if (stripeId.test(text)) return { by: "id", text };
  if (/^#\d{1,18}$/u.test(text)) return { by: "id", text: text.slice(1) };
  const amount = parseAmount(text, currency);
  return amount.ok ? { by: "amount", amountMinor: amount.amountMinor } : { by: "name", text };
}

/** A line of the list: one part of a payment. Of a payment that is no gift yet, fund and campaign are not known. */
export type GiftLine = {
  paymentId: bigint;
  part: string;
  state: "counted" | GiftState;
  occurredOn: string;
  countedOn: string;
  name: string | null;
  email: string | null;
  fund: string | null;
  campaign: string | null;
  organisation: string | null;
  source: GiftSource;
  every: string | null;
  currency: string;
  /** Null while it is not known. */
  amountMinor: bigint | null;
  returnedMinor: bigint;
  /** Stripe's name for the payment, or ours of a cash gift. */
  key: string;
};

/** What all lines of a list add up to, in one currency. */
export type GiftSum = { currency: string; lines: number; awaiting: number; givenMinor: bigint; returnedMinor: bigint };

/**
 * What all lines add up to, by currency. By day: given and returned each by the day on which it counts, as on the board; else
 * what was ever returned of the gifts in the list.
 */
export type GiftSums = { byCurrency: GiftSum[]; isByDay: boolean };

/** A part of a payment, opened. */
export type OpenedPart = {
  part: string;
  kind: "gift" | "sale" | "shipping";
  fund: string | null;
  campaign: string | null;
  description: string | null;
  quantity: number;
  currency: string;
  amountMinor: bigint | null;
  returnedMinor: bigint;
};

/** What went back of a part, or came back after all. */
export type OpenedReturn = {
  returnId: string;
  kind: "refund" | "failed refund" | "dispute" | "dispute undone";
  part: string;
  fund: string | null;
  occurredOn: string;
  countedOn: string;
  currency: string;
  amountMinor: bigint | null;
};

/** A payment with all its parts and returns. */
export type OpenedPayment = {
  id: bigint;
  key: string;
  state: "pending" | "failed" | "arriving" | "succeeded";
  kind: string | null;
  occurredOn: string | null;
  countedOn: string | null;
  organisation: string | null;
  organisationId: bigint | null;
  account: string | null;
  name: string | null;
  email: string | null;
  note: string | null;
  every: string | null;
  order: string | null;
  currency: string | null;
  amountMinor: bigint | null;
  parts: OpenedPart[];
  returns: OpenedReturn[];
};
