import {
  type GiftFilter,
  type GiftLine,
  type GiftPlace,
  type GiftSearch,
  type GiftState,
  noFund,
} from "../core/gift-list.ts";
import type { placesOf } from "../core/role.ts";
import type { Sql } from "./connect.ts";

/** Where somebody may look: what `placesOf` says of them. */
export type Places = ReturnType<typeof placesOf>;

export type GiftQuestion = { filter: GiftFilter; search: GiftSearch | null; places: Places };

type Fragment = ReturnType<Sql>;

/** States of payments that are no gift (yet). */
type Unsettled = Exclude<GiftState, "awaiting">;

/** The lines after a place, newest first. The cost is that of what is shown, however many there are. */
export async function listGiftLines(
  sql: Sql,
  question: GiftQuestion,
  { before, limit }: { before: GiftPlace | null; limit: number },
): Promise<GiftLine[]> {
  const unsettled = unsettledOf(question.filter);
  return unsettled === null
    ? await listGifts(sql, question, before, limit)
    : await listUnsettled(sql, question, unsettled, before, limit);
}

/** How many gifts wait for a fund. */
export async function countUnassigned(sql: Sql, places: Places): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count from gift g
    where g.fund_id is null and ${isAllowed(sql, places, sql`g.organisation_id`, sql`g.fund_id`) || sql`true`}`;
  return row?.count ?? 0;
}

async function listGifts(
  sql: Sql,
  question: GiftQuestion,
  before: GiftPlace | null,
  limit: number,
): Promise<GiftLine[]> {
  const after =
    before === null
      ? sql`true`
      : sql`(g.counted_on, g.payment_id, g.part) < (${before.day}::date, ${before.paymentId}, ${before.part})`;
  return await sql<GiftLine[]>`
    select page.payment_id as "paymentId", page.part, case when page.amount_minor is null then 'awaiting' else 'counted' end as state,
      page.occurred_on as "occurredOn", page.counted_on as "countedOn", payer_name(page.payment_id, page.identity_id) as name,
      (select substr(i.key, 7) from identity i where i.id = page.identity_id and i.key like 'email:%') as email,
      fund.name as fund, campaign.name as campaign, organisation.name as organisation, page.source, page.every, page.currency,
      page.amount_minor as "amountMinor", page.returned_minor as "returnedMinor", p.key
    from (
      select g.* from gift g
      where ${giftRows(sql, question)} and ${after}
      order by g.counted_on desc, g.payment_id desc, g.part desc
      limit ${limit}
    ) page
    join payment p on p.id = page.payment_id
    left join fund on fund.id = page.fund_id
    left join campaign on campaign.id = page.campaign_id
    left join organisation on organisation.id = page.organisation_id
    order by page.counted_on desc, page.payment_id desc, page.part desc`;
}

async function listUnsettled(
  sql: Sql,
  question: GiftQuestion,
  state: Unsettled,
  before: GiftPlace | null,
  limit: number,
): Promise<GiftLine[]> {
  const after = before === null ? sql`true` : sql`(p.occurred_on, p.id) < (${before.day}::date, ${before.paymentId})`;
  return await sql<GiftLine[]>`
    select page.id as "paymentId", 'whole' as part, page.state, page.occurred_on as "occurredOn", page.occurred_on as "countedOn",
      payer_name(page.id, null) as name, page.email, null as fund, null as campaign, organisation.name as organisation,
      'stripe' as source, null as every, page.currency, page.amount_minor as "amountMinor", 0::bigint as "returnedMinor", page.key
    from (
      select p.id, p.state, p.occurred_on, p.organisation_id, p.key, coalesce(c.currency, '') as currency, c.amount_minor,
        coalesce(c.billing ->> 'email', c.receipt_email) as email
      from payment p
      ${chargeOf(sql)}
      where ${unsettledRows(sql, question, state)} and ${after}
      order by p.occurred_on desc, p.id desc
      limit ${limit}
    ) page
    left join organisation on organisation.id = page.organisation_id
    order by page.occurred_on desc, page.id desc`;
}

/** The charge that a payment stands for. */
export function chargeOf(sql: Sql): Fragment {
  return sql`
    left join lateral (
      select c.currency, c.amount_minor, c.billing, c.receipt_email
      from stripe_charge c
      where c.account_id = p.account_id and coalesce(c.payment_intent, c.id) = p.key
      order by charge_rank(c.status) desc, c.captured desc, c.created, c.id
      limit 1
    ) c on true`;
}

/** The state asked for when it is one of payments that are no gift (yet). */
export function unsettledOf({ state }: GiftFilter): Unsettled | null {
  return state === null || state === "awaiting" ? null : state;
}

/** The condition on gifts `g` that a question stands for. */
export function giftRows(sql: Sql, { filter, search, places }: GiftQuestion): Fragment {
  const { fund, campaign, organisation, source, returned, state, period } = filter;
  const conditions = [
    isAllowed(sql, places, sql`g.organisation_id`, sql`g.fund_id`),
    fund === noFund && sql`g.fund_id is null`,
    fund !== null && fund !== noFund && sql`g.fund_id = (select id from fund where slug = ${fund})`,
    campaign !== null && sql`g.campaign_id = (select id from campaign where slug = ${campaign})`,
    organisation !== null && sql`g.organisation_id = (select id from organisation where slug = ${organisation})`,
    // Written out, so that the index of what came by hand can be taken.
    source === "cash" && sql`g.source = 'cash'`,
    source === "stripe" && sql`g.source = 'stripe'`,
    state === "awaiting" && sql`g.amount_minor is null`,
    returned === "any" && sql`g.returned_minor <> 0`,
    returned === "wholly" && sql`g.wholly_returned`,
    returned === "none" && sql`g.returned_minor = 0`,
    period.from !== null && sql`g.counted_on >= ${period.from}::date`,
    period.to !== null && sql`g.counted_on <= ${period.to}::date`,
    search?.by === "amount" && sql`g.amount_minor = ${search.amountMinor}`,
    search !== null &&
      search.by !== "amount" &&
      sql`g.payment_id in (select f.payment_id from find_payments(${search.by}, ${search.text}) f)`,
  ];
  return all(sql, conditions);
}

/** The condition on payments `p` with their charges `c` that a question for unsettled payments stands for. */
export function unsettledRows(sql: Sql, { filter, search, places }: GiftQuestion, state: Unsettled): Fragment {
  const { fund, campaign, organisation, source, returned, period } = filter;
  const conditions = [
    // Written out, so that the index of these states can be taken.
    sql`p.state = ${state} and p.state in ('pending', 'failed', 'arriving') and p.occurred_on is not null and p.account_id is not null`,
    isAllowed(sql, places, sql`p.organisation_id`, sql`null::bigint`),
    // None of these is known of such a payment, but that it waits for a fund.
    ((fund !== null && fund !== noFund) ||
      campaign !== null ||
      source === "cash" ||
      returned === "any" ||
      returned === "wholly") &&
      sql`false`,
    organisation !== null && sql`p.organisation_id = (select id from organisation where slug = ${organisation})`,
    period.from !== null && sql`p.occurred_on >= ${period.from}::date`,
    period.to !== null && sql`p.occurred_on <= ${period.to}::date`,
    search?.by === "amount" && sql`c.amount_minor = ${search.amountMinor}`,
    search?.by === "email" &&
      sql`lower(coalesce(c.billing ->> 'email', c.receipt_email)) collate "C" between ${search.text} and ${`${search.text}\u{10FFFF}`}`,
    (search?.by === "name" || search?.by === "id") &&
      sql`p.id in (select f.payment_id from find_payments(${search.by}, ${search.text}) f)`,
  ];
  return all(sql, conditions);
}

/** Whether a row lies in one of somebody's places. */
export function isAllowed(sql: Sql, places: Places, organisation: Fragment, fund: Fragment): Fragment | false {
  if (places === "all") return false;
  const held = places.map(({ organisationId, fundId }) => ({
    organisation: organisationId?.toString() ?? null,
    fund: fundId?.toString() ?? null,
  }));
  return sql`exists (
    select from jsonb_to_recordset(${sql.json(held)}) held (organisation bigint, fund bigint)
    where (held.organisation is null or held.organisation = ${organisation}) and (held.fund is null or held.fund = ${fund})
  )`;
}

function all(sql: Sql, conditions: readonly (Fragment | false)[]): Fragment {
  return conditions
    .filter((condition) => condition !== false)
    .reduce((whole, condition) => sql`${whole} and ${condition}`, sql`true`);
}

/** What a list can be limited to, by slug and name, in the house's order. */
export type GiftChoices = Record<"funds" | "campaigns" | "organisations", { slug: string; name: string }[]>;

/** The organisations in which somebody may look, with the funds and campaigns that can be paid to there. */
export async function listGiftChoices(sql: Sql, places: Places): Promise<GiftChoices> {
  const organisation = isAllowed(sql, places, sql`o.id`, sql`null::bigint`) || sql`true`;
  const fund = isAllowed(sql, places, sql`a.organisation_id`, sql`f.id`) || sql`true`;
  const [row] = await sql<GiftChoices[]>`
    select
      coalesce((
        select jsonb_agg(jsonb_build_object('slug', o.slug, 'name', o.name) order by o.position, o.id)
        from organisation o where ${organisation} or ${isWithin(sql, places, sql`o.id`)}
      ), '[]') as organisations,
      coalesce((
        select jsonb_agg(jsonb_build_object('slug', f.slug, 'name', f.name) order by f.position, f.id)
        from fund f
        where ${places === "all"} or exists (
          select from fund_account fa join account a on a.id = fa.account_id where fa.fund_id = f.id and ${fund}
        )
      ), '[]') as funds,
      coalesce((
        select jsonb_agg(jsonb_build_object('slug', c.slug, 'name', c.name) order by c.position, c.id)
        from campaign c join account a on a.id = c.account_id join fund f on f.id = c.fund_id where ${fund}
      ), '[]') as campaigns`;
  return row ?? { funds: [], campaigns: [], organisations: [] };
}

/** Whether somebody may look at anything at all of an organisation, were it one fund. */
function isWithin(sql: Sql, places: Places, organisation: Fragment): Fragment {
  if (places === "all") return sql`true`;
  const held = places.map(({ organisationId }) => organisationId?.toString() ?? null);
  return sql`exists (
    select from jsonb_array_elements_text(${sql.json(held)}) held (id)
    where held.id is null or held.id::bigint = ${organisation}
  )`;
}
