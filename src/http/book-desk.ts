import type { Context } from "hono";
import { noFund } from "../core/gift-list.ts";
import { minorToNumber } from "../core/money.ts";
import { localDay, readPeriod } from "../core/period.ts";
import { organisationsOf, placesOf } from "../core/role.ts";
import { readHouse } from "../db/account.ts";
import { type BookFund, type BookPart, type BookPlace, listBookFunds, listBookPlaces } from "../db/book.ts";
import type { AskedPeriod } from "../../web/parts/book-head.tsx";
import type { Deps, Env } from "./deps.ts";
import { Refused } from "./failure.ts";

/** The organisations whose books somebody may see, and the one that the address names; else the first. */
export type BookDesk = { places: BookPlace[]; here: BookPlace };

/** Null for somebody whose roles are for single funds only. @throws Refused when the address names one that is not theirs */
export async function findBookDesk(c: Context<Env>, { sql }: Pick<Deps, "sql">): Promise<BookDesk | null> {
  const places = await listBookPlaces(sql, organisationsOf(c.get("staff"), "see desk"));
  const named = c.req.query("organisation");
  const here = named === undefined ? places[0] : places.find(({ slug }) => slug === named);
  if (here !== undefined) return { places, here };
  if (named !== undefined) throw new Refused("not found");
  return null;
}

/** @throws Refused when no organisation's books are open to whoever asks, or not the one that is named */
export async function openBookDesk(c: Context<Env>, deps: Pick<Deps, "sql">): Promise<BookDesk> {
  const desk = await findBookDesk(c, deps);
  if (desk === null) throw new Refused("not found");
  return desk;
}

/** The period of an address; what cannot be shown is told, and all time is shown. */
export function askedPeriod(c: Context<Env>): AskedPeriod {
  const typed = { from: c.req.query("from") ?? "", to: c.req.query("to") ?? "" };
  const read = readPeriod(typed);
  return read.ok
    ? { period: read.period, refusal: null, typed }
    : { period: { from: null, to: null }, refusal: read.refusal, typed };
}

/** The same for a file, which shows no wrong period. @throws Refused */
export function plainPeriod(c: Context<Env>): AskedPeriod["period"] {
  const { period, refusal } = askedPeriod(c);
  if (refusal !== null) throw new Refused("not understood", refusal.words);
  return period;
}

/** Today at an organisation, and when its fiscal year begins. */
export async function readBookClock(
  { sql, now }: Pick<Deps, "sql" | "now">,
  organisationId: bigint | null,
): Promise<{ today: string; fiscalYearStart: number }> {
  const { timeZone, fiscalYearStart } = await readHouse(sql, organisationId);
  return { today: localDay(now(), timeZone), fiscalYearStart };
}

/** The funds that somebody may see. */
export async function readBookFunds(c: Context<Env>, { sql }: Pick<Deps, "sql">): Promise<BookFund[]> {
  return await listBookFunds(sql, placesOf(c.get("staff"), "see desk"));
}

/** The part of the books that a fund's slug names. @throws Refused when there is no such fund here */
export function partOf(slug: string | null, funds: readonly BookFund[]): BookPart {
  if (slug === null) return { fundId: null, isUnassigned: false };
  if (slug === noFund) return { fundId: null, isUnassigned: true };
  const fund = funds.find((each) => each.slug === slug);
  if (fund === undefined) throw new Refused("not found");
  return { fundId: fund.id, isUnassigned: false };
}

/** Amounts and numbers as JSON has them. */
export function asJson(value: unknown): unknown {
  if (typeof value === "bigint") return minorToNumber(value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((each) => asJson(each));
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, asJson(each)]));
  return value;
}
