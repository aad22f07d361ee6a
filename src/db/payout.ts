import type { FileRow, KnownMovement } from "../core/payout-file.ts";
import type { OpenedPayout, PayoutLine, PayoutMember, PayoutPlace } from "../core/payout.ts";
import type { BookPlace } from "./book.ts";
import type { Sql } from "./connect.ts";
import { isTheirs, type Organisations } from "./theirs.ts";

/** Payouts of an organisation's accounts, newest first. */
export async function listPayouts(
  sql: Sql,
  organisationId: bigint,
  { before, limit }: { before: PayoutPlace | null; limit: number },
): Promise<PayoutLine[]> {
  return await sql<PayoutLine[]>`
    select id, account_slug as account, status, amount_minor as "amountMinor", currency, automatic, method, created,
      created_on as "createdOn", arrival_date as "arrivalDate", original_payout as "originalPayout", members_known as "membersKnown",
      members::int as members, is_estimated as "isEstimated", is_posted as "isPosted", unexplained_minor as "unexplainedMinor"
    from payout_list(${organisationId}, ${before?.created ?? null}, ${before?.id ?? null}, ${limit})`;
}

/** The organisation whose payout this is, when it is one of theirs. */
export async function findPayoutPlace(sql: Sql, theirs: Organisations, id: string): Promise<BookPlace | null> {
  const [row] = await sql<BookPlace[]>`
    select o.id, o.slug::text as slug, o.name, o.currency::text as currency, time_zone_at(o.id, now()) as "timeZone"
    from stripe_payout p
    join account a on a.id = p.account_id
    join organisation o on o.id = a.organisation_id
    where p.id = ${id} and ${isTheirs(sql, theirs, sql`o.id`)}
    limit 1`;
  return row ?? null;
}

/** Inside JSON amounts are text. */
type Written<Value> = Value extends bigint
  ? string
  : Value extends (infer Item)[]
    ? Written<Item>[]
    : Value extends object
      ? { [Key in keyof Value]: Written<Value[Key]> }
      : Value;

/** A payout of an organisation, opened; null when it has none of this id. */
export async function openPayout(sql: Sql, organisationId: bigint, id: string): Promise<OpenedPayout | null> {
  const [row] = await sql<{ payout: Written<OpenedPayout> | null }[]>`
    select payout_opened(${organisationId}, ${id}) as payout`;
  const payout = row?.payout ?? null;
  if (payout === null) return null;
  return {
    ...payout,
    amountMinor: BigInt(payout.amountMinor),
    kinds: payout.kinds.map((kind) => ({
      ...kind,
      amountMinor: BigInt(kind.amountMinor),
      feeMinor: BigInt(kind.feeMinor),
      netMinor: BigInt(kind.netMinor),
    })),
    shares: payout.shares.map((share) => ({ ...share, amountMinor: BigInt(share.amountMinor) })),
    movements: payout.movements.map((movement) => ({
      ...movement,
      amountMinor: BigInt(movement.amountMinor),
      feeMinor: BigInt(movement.feeMinor),
    })),
  };
}

/** What is in a payout, in the order in which it moved, after a place. */
export async function listPayoutMembers(
  sql: Sql,
  organisationId: bigint,
  payout: string,
  { after, limit }: { after: PayoutPlace | null; limit: number },
): Promise<PayoutMember[]> {
  const rows = await sql<(Omit<PayoutMember, "shares"> & { shares: Written<PayoutMember["shares"]> })[]>`
    select id, created, day, kind, payment_id as "paymentId", entry_id as "entryId", entry_number as "entryNumber", currency,
      amount_minor as "amountMinor", fee_minor as "feeMinor", net_minor as "netMinor", description, shares
    from payout_members(${organisationId}, ${payout}, ${after?.created ?? null}, ${after?.id ?? null}, ${limit})`;
  return rows.map((row) => ({
    ...row,
    shares: row.shares.map((share) => ({ ...share, amountMinor: BigInt(share.amountMinor) })),
  }));
}

/** What is known of the balance transactions that a file names, by the row's line. */
export async function findFileRows(
  sql: Sql,
  organisationId: bigint,
  rows: readonly FileRow[],
): Promise<Map<number, KnownMovement>> {
  const asked = rows.map(({ place, id }) => ({ place, id }));
  const found = await sql<(KnownMovement & { place: number })[]>`
    select place::int as place, amount_minor as "amountMinor", fee_minor as "feeMinor", net_minor as "netMinor", currency, payout,
      entry_id as "entryId", entry_number as "entryNumber"
    from rows_of_file(${organisationId}, ${sql.json(asked)})`;
  return new Map(found.map(({ place, ...known }) => [place, known]));
}

/** What is in the payouts that a file names and not in the file. */
export async function findUnlistedRows(
  sql: Sql,
  organisationId: bigint,
  rows: readonly FileRow[],
): Promise<{ id: string; payout: string; currency: string; netMinor: bigint }[]> {
  const payouts = [...new Set(rows.flatMap(({ payout }) => payout ?? []))];
  if (payouts.length === 0) return [];
  return await sql<{ id: string; payout: string; currency: string; netMinor: bigint }[]>`
    select id, payout, currency, net_minor as "netMinor"
    from rows_not_in_file(${organisationId}, ${sql.json(payouts)}, ${sql.json(rows.map(({ id }) => id))})`;
}
