import type { Sql } from "./connect.ts";

/** Consecutive months, YYYY-MM, both included, that a public page shows as one line. */
export type Block = { from: string; to: string; givenMinor: bigint; returnedMinor: bigint };

/**
 * What a public page may show of a fund over time: finished months, joined into blocks of at least five donors each, so
 * that no line speaks of fewer people. A block ends with the first month by which five have given in it; what came
 * after the last block is in the total of all time only.
 *
 * The people of a block are counted from the giving chain: those of a month whose previous month lies before the block.
 */
export async function listBlocks(
  sql: Sql,
  { slug, currency, today }: { slug: string; currency: string; today: string },
): Promise<Block[]> {
  return await sql<Block[]>`
    with recursive this_scope as (
      select s.id from scope s join fund f on s.key = 'fund/' || f.id where f.slug = ${slug} and f.is_public
    ), span as (
      select min(t.starts_on) as first_month, (date_trunc('month', ${today}::date) - interval '1 month')::date as last_month
      from total t join this_scope on t.scope_id = this_scope.id where t.grain = 'month'
    ), step (first_month, month, people) as (
      select span.first_month, span.first_month, newcomers.people
      from span
      cross join this_scope
      cross join lateral (
        select coalesce(sum(g.people), 0)::bigint as people from giving_month g
        where g.scope_id = this_scope.id and g.kind = 'donor' and g.month = span.first_month
          and (g.previous_month is null or g.previous_month < span.first_month)
      ) newcomers
      where span.first_month <= span.last_month
      union all
      select next.first_month, next.month, next.people_before + newcomers.people
      from (
        select case when step.people >= 5 then (step.month + interval '1 month')::date else step.first_month end as first_month,
          (step.month + interval '1 month')::date as month, case when step.people >= 5 then 0 else step.people end as people_before
        from step
      ) next
      cross join span
      cross join this_scope
      cross join lateral (
        select coalesce(sum(g.people), 0)::bigint as people from giving_month g
        where g.scope_id = this_scope.id and g.kind = 'donor' and g.month = next.month
          and (g.previous_month is null or g.previous_month < next.first_month)
      ) newcomers
      where next.month <= span.last_month
    )
    select to_char(step.first_month, 'YYYY-MM') as from, to_char(step.month, 'YYYY-MM') as to,
      coalesce(sum(t.given_minor), 0)::bigint as "givenMinor", coalesce(sum(t.returned_minor), 0)::bigint as "returnedMinor"
    from step
    cross join this_scope
    left join total t on t.scope_id = this_scope.id and t.grain = 'month' and t.currency = ${currency}
      and t.starts_on between step.first_month and step.month
    where step.people >= 5
    group by step.first_month, step.month
    order by step.first_month`;
}
