import type { ClockReading } from "../core/clock.ts";
import type { ArrivingTooLong } from "../core/watch.ts";
import type { Sql } from "./connect.ts";

/** Keeps how far our clock is ahead of Stripe's; answers what was known before, null when nothing was. */
export async function noteClock(sql: Sql, aheadMs: number): Promise<number | null> {
  const [before] = await sql<{ aheadMs: number }[]>`
    with before as (
      select ahead_ms from stripe_clock
    ), noted as (
      insert into stripe_clock (ahead_ms) values (${aheadMs})
      on conflict (only_row) do update set ahead_ms = excluded.ahead_ms, measured_at = excluded.measured_at
    )
    select ahead_ms::float8 as "aheadMs" from before`;
  return before?.aheadMs ?? null;
}

/** How far our clock was ahead when Stripe last said the time; null when it never has. */
export async function readClock(sql: Sql): Promise<ClockReading | null> {
  const [row] = await sql<ClockReading[]>`
    select ahead_ms::float8 as "aheadMs", measured_at as "measuredAt" from stripe_clock`;
  return row ?? null;
}

/** Looks at what is arriving now; answers, once a day, how many payments of each account have been so for too long. */
export async function watchArriving(sql: Sql): Promise<{ accountId: bigint; payments: number }[]> {
  return await sql<{ accountId: bigint; payments: number }[]>`
    select account_id as "accountId", payments::int as payments from watch_arriving()`;
}

/** The payments that have been arriving for longer than a day, by account. */
export async function listArrivingTooLong(sql: Sql): Promise<ArrivingTooLong[]> {
  return await sql<ArrivingTooLong[]>`
    select a.slug::text as account, count(*)::int as payments, min(late.since) as since
    from arriving_too_long late join account a on a.id = late.account_id
    group by a.id
    order by a.position, a.id`;
}
