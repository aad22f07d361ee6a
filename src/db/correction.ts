import type {
  CorrectableGift,
  Correction,
  GiftPart,
  SuspenseAssignment,
  SuspenseLine,
  UnassignedGift,
} from "../core/correction.ts";
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

/** A gift as its correction begins; null when there is none in these places. Of a payment that is no gift, fund and person are not known. */
export async function findCorrectable(
  sql: Sql,
  places: Places,
  { payment, part }: { payment: bigint; part: string },
): Promise<CorrectableGift | null> {
  const theirs = isAllowed(sql, places, sql`p.organisation_id`, sql`g.fund_id`) || sql`true`;
  const [row] = await sql<CorrectableGift[]>`
    select p.id as payment, ${part} as part, p.kind, p.organisation_id as "organisationId", o.slug::text as organisation,
      coalesce(g.occurred_on, p.occurred_on) as "occurredOn", coalesce(g.currency, p.currency) as currency,
      coalesce(g.amount_minor, p.amount_minor) as "amountMinor", f.slug::text as fund, f.name as "fundName",
      c.slug::text as campaign, c.name as "campaignName", g.subscription,
      case when g.payment_id is not null then payer_name(p.id, g.identity_id) end as name,
      (select substr(i.key, 7) from identity i where i.id = g.identity_id and i.key like 'email:%') as email
    from payment p
    left join gift g on g.payment_id = p.id and g.part = ${part}
    left join organisation o on o.id = p.organisation_id
    left join fund f on f.id = g.fund_id
    left join campaign c on c.id = g.campaign_id
    where p.id = ${payment} and p.state = 'succeeded' and ${theirs}
      and (g.payment_id is not null or (p.kind in ('other income', 'not ours') and ${part} = 'whole'))`;
  return row ?? null;
}

/** Which of these gifts lie in these places: only they may be decided about. */
export async function countTheirs(sql: Sql, places: Places, gifts: readonly GiftPart[]): Promise<number> {
  const asked = gifts.map(({ payment, part }) => ({ payment: payment.toString(), part }));
  const theirs = isAllowed(sql, places, sql`g.organisation_id`, sql`g.fund_id`) || sql`true`;
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count
    from jsonb_to_recordset(${sql.json(asked)}) asked (payment bigint, part text)
    join gift g on g.payment_id = asked.payment and g.part = asked.part
    where ${theirs}`;
  return row?.count ?? 0;
}
