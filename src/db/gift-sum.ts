import { type GiftSum, type GiftSums, noFund } from "../core/gift-list.ts";
import type { Sql } from "./connect.ts";
import { chargeOf, type GiftQuestion, giftRows, unsettledOf, unsettledRows } from "./gift-list.ts";

/** So many lines are read to add them up; what is more is not added up, so that no page costs what all gifts cost. */
const linesMax = 10_000;

/**
 * What all lines of a list add up to, by currency. Of all gifts, or those of a fund, an organisation or a period, the kept
 * totals say it, in the time that days and months take. Else the rows do; null when there are more than 10,000 of them.
 */
export async function sumGiftLines(sql: Sql, question: GiftQuestion): Promise<GiftSums | null> {
  if (isKept(question)) return { byCurrency: await readKept(sql, question), isByDay: true };
  const byCurrency = await sumRows(sql, question);
  const lines = byCurrency.reduce((sum, each) => sum + each.lines, 0);
  return lines > linesMax ? null : { byCurrency, isByDay: false };
}

function isKept({ filter: { campaign, state, source, returned }, search }: GiftQuestion): boolean {
  return [campaign, state, source, returned, search].every((limit) => limit === null);
}

/** The totals of every place asked for, none within another; and the gifts that they do not count, which went back whole. */
async function readKept(sql: Sql, question: GiftQuestion): Promise<GiftSum[]> {
  const { filter, places } = question;
  const { fund, organisation, period } = filter;
  const held =
    places === "all"
      ? [{ organisation: null, fund: null }]
      : places.map((place) => ({
          organisation: place.organisationId?.toString() ?? null,
          fund: place.fundId?.toString() ?? null,
        }));
  const ofFund =
    fund === null
      ? sql`select h.organisation, case when h.fund is null then '' else 'fund/' || h.fund end as part from held h`
      : fund === noFund
        ? sql`select h.organisation, 'unassigned' as part from held h where h.fund is null`
        : sql`
            select h.organisation, 'fund/' || f.id as part from held h
            join fund f on f.slug = ${fund} and (h.fund is null or h.fund = f.id)`;
  const ofOrganisation =
    organisation === null
      ? sql`select a.organisation as id, a.part from asked_fund a`
      : sql`
          select o.id, a.part from asked_fund a
          join organisation o on o.slug = ${organisation} and (a.organisation is null or a.organisation = o.id)`;
  return await sql<GiftSum[]>`
    with told as materialized (
      select distinct t.organisation, t.fund from jsonb_to_recordset(${sql.json(held)}) t (organisation bigint, fund bigint)
    ), held as (
      select t.organisation, t.fund from told t
      where t.fund is null or not exists (select from told w where w.fund is null and w.organisation = t.organisation)
    ), asked_fund as (${ofFund}), asked as (${ofOrganisation}), kept as (
      select t.currency, sum(t.gifts)::int as gifts, sum(t.awaiting_conversion)::int as awaiting,
        sum(t.given_minor)::bigint as given_minor, sum(t.returned_minor)::bigint as returned_minor
      from (select distinct id, part from asked) asked
      join scope on scope.key = coalesce(nullif(concat_ws('/', nullif(asked.part, ''), 'organisation/' || asked.id), ''), 'all')
      cross join range_pieces(${period.from}::date, ${period.to}::date) piece
      join total t on t.scope_id = scope.id and t.grain = piece.grain and t.starts_on between piece.first_on and piece.last_on
      group by t.currency
    ), gone as (
      select g.currency, count(*)::int as lines from gift g
      where g.wholly_returned and ${giftRows(sql, question)}
      group by g.currency
    )
    select kept.currency, kept.gifts + coalesce(gone.lines, 0) as lines, kept.awaiting, kept.given_minor as "givenMinor",
      kept.returned_minor as "returnedMinor"
    from kept left join gone on gone.currency = kept.currency
    where (kept.gifts + coalesce(gone.lines, 0), kept.given_minor, kept.returned_minor) <> (0, 0, 0)
    order by 2 desc, 1`;
}

async function sumRows(sql: Sql, question: GiftQuestion): Promise<GiftSum[]> {
  const unsettled = unsettledOf(question.filter);
  if (unsettled !== null) {
    return await sql<GiftSum[]>`
      select coalesce(p.currency, '') as currency, count(*)::int as lines, 0 as awaiting,
        coalesce(sum(p.amount_minor), 0)::bigint as "givenMinor", 0::bigint as "returnedMinor"
      from (
        select c.currency, c.amount_minor
        from payment p
        ${chargeOf(sql)}
        where ${unsettledRows(sql, question, unsettled)}
        limit ${linesMax + 1}
      ) p
      group by p.currency
      order by 2 desc, 1`;
  }
  return await sql<GiftSum[]>`
    select g.currency, count(*)::int as lines, (count(*) filter (where g.amount_minor is null))::int as awaiting,
      coalesce(sum(g.amount_minor), 0)::bigint as "givenMinor", coalesce(sum(g.returned_minor), 0)::bigint as "returnedMinor"
    from (select g.* from gift g where ${giftRows(sql, question)} limit ${linesMax + 1}) g
    group by g.currency
    order by 2 desc, 1`;
}
