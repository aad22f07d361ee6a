import type { Period } from "../core/period.ts";
import type { DrawnGift, SpotCheck, TickOutcome } from "../core/spot-check.ts";
import type { Sql } from "./connect.ts";
import { refusalOf } from "./refusal.ts";
import { type Author, who } from "./setting.ts";
import { isTheirs, type Organisations } from "./theirs.ts";

/** The number of the check, or why the database refused. */
export type Drawn = { ok: true; id: bigint } | { ok: false; refusal: string };

/** Draws a check; the same request twice is one. `chances` are whole numbers, one for each gift to be drawn. */
export async function drawSpotCheck(
  sql: Sql,
  said: Period & { request: string; organisation: string },
  chances: readonly number[],
  author: Author,
): Promise<Drawn> {
  try {
    const [row] = await sql<{ id: bigint }[]>`
      select draw_spot_check(${sql.json(said)}, ${sql.json(chances.map(String))}, ${sql.json(who(author))}) as id`;
    return { ok: true, id: row?.id ?? 0n };
  } catch (error) {
    return { ok: false, refusal: refusalOf(error) };
  }
}

/** Adds what somebody found of a drawn gift; the same request twice is one. */
export async function tickSpotCheck(
  sql: Sql,
  said: { request: string; check: bigint; place: number; outcome: TickOutcome; remark: string },
  author: Author,
): Promise<{ ok: true } | { ok: false; refusal: string }> {
  try {
    await sql`select tick_spot_check(${sql.json({ ...said, check: said.check.toString() })}, ${sql.json(who(author))})`;
    return { ok: true };
  } catch (error) {
    return { ok: false, refusal: refusalOf(error) };
  }
}

/** An organisation's checks, the newest first. */
export async function listSpotChecks(sql: Sql, organisationId: bigint, limit: number): Promise<SpotCheck[]> {
  return await sql<SpotCheck[]>`
    ${spotCheck(sql)} where s.organisation_id = ${organisationId} order by s.id desc limit ${limit}`;
}

/** A check of these organisations, with what was drawn; null when there is none. */
export async function findSpotCheck(
  sql: Sql,
  theirs: Organisations,
  id: bigint,
): Promise<{ check: SpotCheck; gifts: DrawnGift[] } | null> {
  const [check] = await sql<SpotCheck[]>`
    ${spotCheck(sql)} where s.id = ${id} and ${isTheirs(sql, theirs, sql`s.organisation_id`)}`;
  return check === undefined ? null : { check, gifts: await listDrawn(sql, id) };
}

function spotCheck(sql: Sql): ReturnType<Sql> {
  return sql`
    select s.id, o.slug::text as organisation, o.name as "organisationName", o.id as "organisationId", s.from_day as from,
      s.to_day as to, s.gifts::int, s.drawn_at as "drawnAt",
      coalesce((select staff.name from auth.staff where staff.id = s.drawn_by), s.drawn_by) as "drawnBy",
      (select count(*)::int from spot_check_gift g where g.spot_check_id = s.id) as drawn,
      (select count(*)::int from spot_check_outcome t where t.spot_check_id = s.id and t.outcome = 'found') as found,
      (select count(*)::int from spot_check_outcome t where t.spot_check_id = s.id and t.outcome = 'differs') as differ
    from spot_check s join organisation o on o.id = s.organisation_id`;
}

/** Inside JSON a moment is text. */
type Row = Omit<DrawnGift, "ticks"> & {
  ticks: (Omit<DrawnGift["ticks"][number], "at"> & { at: string })[];
};

async function listDrawn(sql: Sql, id: bigint): Promise<DrawnGift[]> {
  const rows = await sql<Row[]>`
    select d.place::int, d.payment_id as payment, d.counted_on as "countedOn", f.name as fund, d.currency,
      d.amount_minor as "amountMinor", p.account_id is not null as "isThroughStripe", a.slug::text as account,
      c.payment_intent as "paymentIntent", c.id as charge, c.balance_transaction as "balanceTransaction", m.payout,
      (
        select jsonb_build_object('id', e.id::text, 'number', e.number) from journal_entry e
        where (e.source, e.source_id) = (case when p.account_id is null then 'command' else 'balance transaction' end,
            case when p.account_id is null then p.key else c.balance_transaction end)
          and e.account_id is not distinct from p.account_id
        order by e.source_number limit 1
      ) as entry,
      coalesce((
        select jsonb_agg(jsonb_build_object('outcome', t.outcome, 'remark', t.remark, 'at', t.ticked_at,
          'by', coalesce((select staff.name from auth.staff where staff.id = t.ticked_by), t.ticked_by)) order by t.id)
        from spot_check_tick t where (t.spot_check_id, t.place) = (d.spot_check_id, d.place)
      ), '[]') as ticks
    from spot_check_gift d
    join payment p on p.id = d.payment_id
    left join fund f on f.id = d.fund_id
    left join account a on a.id = p.account_id
    left join lateral (
      select charge.id, charge.payment_intent, coalesce(charge.balance_transaction, (
        select bt.id from stripe_balance_transaction bt
        where bt.account_id = charge.account_id and bt.source = charge.id and becomes(bt) = 'payment' order by bt.id limit 1
      )) as balance_transaction
      from stripe_charge charge
      where charge.account_id = p.account_id and coalesce(charge.payment_intent, charge.id) = p.key and charge.status = 'succeeded'
      order by charge.created, charge.id
      limit 1
    ) c on true
    left join stripe_payout_member m on m.account_id = p.account_id and m.id = c.balance_transaction
    where d.spot_check_id = ${id}
    order by d.place`;
  return rows.map((row) => ({ ...row, ticks: row.ticks.map((tick) => ({ ...tick, at: new Date(tick.at) })) }));
}
