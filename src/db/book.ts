import type { BookSum, FundSum } from "../core/book.ts";
import type { ProofRow, StripeLine } from "../core/proof.ts";
import type { Sql } from "./connect.ts";
import { isAllowed, type Places } from "./gift-list.ts";
import { isTheirs, type Organisations } from "./theirs.ts";

/** An organisation whose books somebody may see. */
export type BookPlace = { id: bigint; slug: string; name: string; currency: string; timeZone: string };

/** The organisations whose books these are, in the house's order. */
export async function listBookPlaces(sql: Sql, theirs: Organisations): Promise<BookPlace[]> {
  return await sql<BookPlace[]>`
    select o.id, o.slug::text as slug, o.name, o.currency::text as currency, time_zone_at(o.id, now()) as "timeZone"
    from organisation o where ${isTheirs(sql, theirs, sql`o.id`)}
    order by o.position, o.id`;
}

/** Which part of an organisation's books: of one fund, of what waits for one (`fundId` null), or of all. */
export type BookPart = { fundId: bigint | null; isUnassigned: boolean };

/** The sums of an organisation's books by account; days are included, null is no limit. */
export async function readTrialBalance(
  sql: Sql,
  organisationId: bigint,
  { fundId, isUnassigned }: BookPart,
  { from, to }: { from: string | null; to: string | null },
): Promise<BookSum[]> {
  return await sql<BookSum[]>`
    select currency, code, name, before_minor as "beforeMinor", moved_minor as "movedMinor"
    from trial_balance(${organisationId}, ${fundId}, ${isUnassigned}, ${from}::date, ${to}::date)`;
}

/** The sums of a fund by organisation and account. */
export async function readFundSums(
  sql: Sql,
  fundId: bigint,
  { from, to }: { from: string | null; to: string | null },
): Promise<FundSum[]> {
  return await sql<FundSum[]>`
    select o.slug::text as organisation, s.currency, s.code, a.name, s.before_minor as "beforeMinor", s.moved_minor as "movedMinor"
    from fund_statement(${fundId}, ${from}::date, ${to}::date) s
    join organisation o on o.id = s.organisation_id
    join book_account a on a.code = s.code
    order by o.position, o.id, s.currency, s.code`;
}

/** A fund whose statement somebody may see. `organisation` is whose general fund it is. */
export type BookFund = {
  id: bigint;
  slug: string;
  name: string;
  bearsFees: boolean;
  /** What alone its money is for; empty when it is not restricted. */
  restriction: string;
  organisation: string | null;
};

/**
 * The funds in which somebody may look: those that can be paid to within their places, and their organisations' general
 * funds.
 */
export async function listBookFunds(sql: Sql, places: Places): Promise<BookFund[]> {
  const through = isAllowed(sql, places, sql`a.organisation_id`, sql`f.id`) || sql`true`;
  const general = isAllowed(sql, places, sql`f.general_of`, sql`f.id`) || sql`true`;
  return await sql<BookFund[]>`
    select f.id, f.slug::text as slug, f.name, f.bears_fees as "bearsFees", f.restriction, o.slug::text as organisation
    from fund f left join organisation o on o.id = f.general_of
    where ${places === "all"} or (f.general_of is not null and ${general}) or exists (
      select from fund_account fa join account a on a.id = fa.account_id where fa.fund_id = f.id and ${through}
    )
    order by f.position, f.id`;
}

/** Where a fund stands in an organisation's books; without a slug: what waits for one. */
export type FundBalance = {
  fund: string | null;
  name: string | null;
  isRestricted: boolean;
  currency: string;
  balanceMinor: bigint;
};

/** Where the funds of an organisation stand in its books; null is what waits for a fund. */
export async function readFundBalances(sql: Sql, organisationId: bigint): Promise<FundBalance[]> {
  return await sql<FundBalance[]>`
    select f.slug::text as fund, f.name, coalesce(f.restriction, '') <> '' as "isRestricted", b.currency, b.balance_minor as "balanceMinor"
    from fund_balances(${organisationId}) b left join fund f on f.id = b.fund_id
    order by f.position nulls last, f.id nulls last, b.currency`;
}

/** The accounts of the books, by code. */
export async function listBookAccounts(sql: Sql): Promise<{ code: string; name: string }[]> {
  return await sql<{ code: string; name: string }[]>`select code::text as code, name from book_account order by code`;
}

/** What Stripe says that each account has, beside the books. */
export async function readStripeLines(sql: Sql, organisationId: bigint): Promise<StripeLine[]> {
  return await sql<StripeLine[]>`
    select account_slug as account, currency, booked_minor as "bookedMinor", at_stripe_minor as "atStripeMinor",
      asked_at as "askedAt", moved_since as "movedSince"
    from stripe_proof(${organisationId})`;
}

/** The identities of an organisation's books, one row a subject. */
export async function readProofs(sql: Sql, organisationId: bigint): Promise<ProofRow[]> {
  return await sql<ProofRow[]>`
    select proof, subject, currency, expected_minor as "expectedMinor", found_minor as "foundMinor"
    from proofs(${organisationId})`;
}

/** What of a fund's gifts and returns waits for a balance transaction, and so stands in no entry, by currency. */
export async function readWaiting(
  sql: Sql,
  organisationId: bigint,
): Promise<{ fund: string | null; currency: string; waitingMinor: bigint }[]> {
  return await sql<{ fund: string | null; currency: string; waitingMinor: bigint }[]>`
    select f.slug::text as fund, p.currency, p.waiting_minor as "waitingMinor"
    from fund_proof(${organisationId}) p left join fund f on f.id = p.fund_id
    where p.waiting_minor <> 0`;
}
