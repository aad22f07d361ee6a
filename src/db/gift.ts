import type { RecentGift } from "../core/total.ts";
import type { Sql } from "./connect.ts";

/**
 * The newest gifts to a public fund whose donors let us show them, at most ten: the amount given, the name only where
 * the donor chose so. Of one that repeats only the newest payment is shown, looked for among a few dozen, so that others
 * keep their place. A gift wholly returned is not shown; one whose amount is not known yet waits.
 */
export async function listRecentGifts(sql: Sql, fundSlug: string): Promise<RecentGift[]> {
  return await sql<RecentGift[]>`
    select g.amount_minor as "amountMinor", g.currency, g.occurred_on as "occurredOn", g.note, g.every,
      case when g.show = 'name' then g.shown_name end as name
    from (
      select newest.*, row_number() over (
        partition by coalesce(newest.subscription, newest.payment_id || ' ' || newest.part)
        order by newest.occurred_on desc, newest.payment_id desc, newest.part
      ) as payment_of_it
      from (
        select * from gift
        where fund_id = (select f.id from fund f where f.slug = ${fundSlug} and f.is_public)
          and show <> 'nothing' and not wholly_returned and amount_minor is not null
        order by occurred_on desc, payment_id desc, part
        limit 60
      ) newest
    ) g
    where g.payment_of_it = 1
    order by g.occurred_on desc, g.payment_id desc, g.part
    limit 10`;
}

/**
 * One line of a payment as the payer may see it again. `fund` is the slug of a gift's fund, null while it waits for one;
 * `amountMinor` is null while it awaits conversion; `every` says how often a gift repeats, such as `month`.
 */
export type PaidLine = {
  kind: "gift" | "sale" | "shipping";
  fund: string | null;
  name: string | null;
  amountMinor: bigint | null;
  /** What of it went back by refund or dispute. */
  returnedMinor: bigint;
  currency: string;
  quantity: number;
  every: string | null;
};

/** What we know ourselves of a Checkout session. Nothing in it names a person. */
export type SessionKnown = {
  /** Null while only the session has come and not its payment. */
  paymentState: "pending" | "failed" | "arriving" | "succeeded" | null;
  /** Stripe's `payment_status` and `status`, as far as events told. */
  paymentStatus: string;
  status: string | null;
  amountMinor: bigint | null;
  currency: string | null;
  /** Slugs of the public fund and campaign that it was for. */
  fund: string | null;
  campaign: string | null;
  lines: PaidLine[];
};

type SessionRow = Omit<SessionKnown, "lines"> & {
  lines: (Omit<PaidLine, "amountMinor" | "returnedMinor"> & { amount: string | null; returned: string })[];
};

/**
 * The session of this id with what was booked of it, or null when no event of it has come yet. A session that began a
 * subscription has no payment of its own: it is the one of its invoice, which is the subscription's first.
 */
export async function findSession(sql: Sql, sessionId: string): Promise<SessionKnown | null> {
  const [row] = await sql<SessionRow[]>`
    select p.state as "paymentState", s.payment_status as "paymentStatus", s.status, s.amount_total_minor as "amountMinor", s.currency,
      (select f.slug::text from fund f where f.is_public and f.slug::text = s.metadata ->> 'fund') as fund,
      (
        select c.slug::text from campaign c join fund f on f.id = c.fund_id and f.is_public
        where c.slug::text = s.metadata ->> 'campaign'
      ) as campaign,
      coalesce((select jsonb_agg(to_jsonb(line) - '{part,item,variant}'::text[] order by line.item, line.variant, line.part) from (
        select g.part, null::bigint as item, null::bigint as variant, 'gift' as kind, f.slug as fund, null as name,
          g.amount_minor::text as amount, g.returned_minor::text as returned, g.currency, 1 as quantity, g.every
        from gift g left join fund f on f.id = g.fund_id
        where g.payment_id = p.id
        union all
        select l.part, i.position, v.position, case when l.is_shipping then 'shipping' else 'sale' end, null, l.description,
          l.amount_minor::text, l.returned_minor::text, l.currency, l.quantity, null
        from sale l left join item i on i.id = l.item_id left join variant v on v.id = l.variant_id
        where l.payment_id = p.id
      ) line), '[]') as lines
    from account a
    join stripe_checkout_session s on s.account_id = a.id and s.id = ${sessionId}
    left join lateral (
      select coalesce(ip.payment_intent, ip.charge) as key
      from stripe_invoice_payment ip
      where s.payment_intent is null and ip.account_id = s.account_id and ip.invoice = coalesce(s.invoice, (
        select i.id from stripe_invoice i
        where i.account_id = s.account_id and i.subscription = s.subscription
        order by i.created, i.id limit 1
      ))
      order by invoice_payment_rank(ip.status) desc, ip.id limit 1
    ) first on true
    left join payment p on p.account_id = s.account_id and p.key = coalesce(s.payment_intent, first.key)
    order by a.id limit 1`;
  if (row === undefined) return null;
  const lines = row.lines.map(({ amount, returned, ...line }) => ({
    ...line,
    amountMinor: amount === null ? null : BigInt(amount),
    returnedMinor: BigInt(returned),
  }));
  return { ...row, lines };
}

/** Whether an order of this name has been paid already, so that the same form sent again must be another order. */
export async function isOrderPaid(sql: Sql, orderId: string): Promise<boolean> {
  const [row] = await sql<{ paid: boolean }[]>`
    select exists (select from payment where order_id = ${orderId} and state in ('arriving', 'succeeded'))
      or exists (
        select from stripe_checkout_session where subscription is not null and metadata ->> 'order' = ${orderId}
      ) as paid`;
  return row?.paid ?? false;
}
