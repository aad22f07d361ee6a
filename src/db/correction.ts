import type { Correction, SuspenseAssignment, SuspenseLine, UnassignedGift } from "../core/correction.ts";
import type { Sql } from "./connect.ts";
import { isAllowed, type Places } from "./gift-list.ts";
import { refusalOf } from "./refusal.ts";
import { type Author, who } from "./setting.ts";

/** How many payments or lines it concerned, or why the database refused. */
export type Decided = { ok: true; count: bigint } | { ok: false; refusal: string };

/** Corrects gifts: totals, counts and books follow, the books by reversing entries in the open period. */
export async function correctGifts(sql: Sql, correction: Correction, author: Author): Promise<Decided> {
  const said = {
    ...correction,
    gifts: correction.gifts.map(({ payment, part }) => ({ payment: payment.toString(), part })),
  };
  return await decided(
    async () =>
      await sql<{ count: bigint }[]>`select correct_gifts(${sql.json(said)}, ${sql.json(who(author))}) as count`,
  );
}

/** Says what money in suspense is. */
export async function assignSuspense(sql: Sql, assignment: SuspenseAssignment, author: Author): Promise<Decided> {
  const said = { ...assignment, lines: assignment.lines.map(({ account, id }) => ({ account, id })) };
  return await decided(
    async () =>
      await sql<{ count: bigint }[]>`select assign_suspense(${sql.json(said)}, ${sql.json(who(author))}) as count`,
  );
}

async function decided(decide: () => Promise<{ count: bigint }[]>): Promise<Decided> {
  try {
    const [row] = await decide();
    return { ok: true, count: row?.count ?? 0n };
  } catch (error) {
    return { ok: false, refusal: refusalOf(error) };
  }
}

/** The gifts of these places that wait for a fund, oldest first. */
export async function listUnassigned(sql: Sql, places: Places, limit: number): Promise<UnassignedGift[]> {
  return await sql<UnassignedGift[]>`
    select u.payment_id as payment, u.part, u.occurred_on as "occurredOn", payer_name(u.payment_id, u.identity_id) as name,
      (select substr(i.key, 7) from identity i where i.id = u.identity_id and i.key like 'email:%') as email,
      u.description, o.name as organisation, u.organisation_id as "organisationId", u.subscription, u.currency,
      u.amount_minor as "amountMinor", f.slug::text as "likelyFund", f.name as "likelyFundName", u.because
    from (
      select * from unassigned_gift g
      where ${isAllowed(sql, places, sql`g.organisation_id`, sql`null::bigint`) || sql`true`}
      order by g.counted_on, g.payment_id, g.part
      limit ${limit}
    ) u
    left join organisation o on o.id = u.organisation_id
    left join fund f on f.id = u.likely_fund_id
    order by u.counted_on, u.payment_id, u.part`;
}

/** The money of these places that the books hold in suspense, oldest first. */
export async function listSuspense(sql: Sql, places: Places, limit: number): Promise<SuspenseLine[]> {
  return await sql<SuspenseLine[]>`
    select a.slug::text as account, s.balance_transaction as id, o.name as organisation, s.organisation_id as "organisationId",
      s.entered_on as "enteredOn", s.type, s.description, s.currency, s.amount_minor as "amountMinor",
      s.can_be_assigned as "canBeAssigned"
    from suspense_line s
    join account a on a.id = s.account_id
    join organisation o on o.id = s.organisation_id
    where ${isAllowed(sql, places, sql`s.organisation_id`, sql`null::bigint`) || sql`true`}
    order by s.entered_on, s.balance_transaction
    limit ${limit}`;
}
