import type { OpenedPart, OpenedPayment, OpenedReturn } from "../core/gift-list.ts";
import type { Sql } from "./connect.ts";
import { isAllowed, type Places } from "./gift-list.ts";

type Row = Omit<OpenedPayment, "parts" | "returns"> & {
  parts: Written<OpenedPart>[];
  returns: Written<OpenedReturn>[];
};

/** Inside JSON amounts are text. */
type Written<Part> = Omit<Part, "amountMinor" | "returnedMinor"> & {
  amountMinor: string | null;
  returnedMinor?: string;
};

/**
 * A payment with its parts and returns, or null when there is none. Somebody with places of their own sees it when the
 * payment, or one part of it, lies there, and then only these parts.
 */
export async function findPayment(sql: Sql, id: bigint, places: Places): Promise<OpenedPayment | null> {
  const theirs = (organisation: string, fund: string) =>
    isAllowed(sql, places, sql`${sql(organisation)}`, sql`${sql(fund)}`) || sql`true`;
  const [row] = await sql<Row[]>`
    with part as (
      select g.part, 'gift' as kind, g.fund_id, g.campaign_id, null::text as description, 1 as quantity, g.currency,
        g.amount_minor, g.returned_minor, g.identity_id, g.note, g.every, g.counted_on, 0 as place
      from gift g where g.payment_id = ${id} and ${theirs("g.organisation_id", "g.fund_id")}
      union all
      select s.part, case when s.is_shipping then 'shipping' else 'sale' end, s.fund_id, s.campaign_id, s.description, s.quantity,
        s.currency, s.amount_minor, s.returned_minor, s.identity_id, null, null, s.counted_on, case when s.is_shipping then 2 else 1 end
      from sale s where s.payment_id = ${id} and ${theirs("s.organisation_id", "s.fund_id")}
    )
    select p.id, p.key, p.state, p.kind, p.occurred_on as "occurredOn", (select min(part.counted_on) from part) as "countedOn",
      o.name as organisation, o.id as "organisationId", a.slug::text as account, p.order_id as "order",
      payer_name(p.id, (select min(part.identity_id) from part)) as name,
      coalesce(
        (select substr(i.key, 7) from identity i where i.id = (select min(part.identity_id) from part) and i.key like 'email:%'),
        (select coalesce(c.billing ->> 'email', c.receipt_email) from stripe_charge c
          where c.account_id = p.account_id and coalesce(c.payment_intent, c.id) = p.key
          order by charge_rank(c.status) desc, c.created, c.id limit 1)
      ) as email,
      coalesce((select cash.note from cash_gift cash where cash.id = p.cash_gift_id), (select max(part.note) from part)) as note,
      (select max(part.every) from part) as every,
      coalesce(p.currency, (select c.currency from stripe_charge c
        where c.account_id = p.account_id and coalesce(c.payment_intent, c.id) = p.key order by c.id limit 1)) as currency,
      coalesce(p.amount_minor, (select c.amount_minor from stripe_charge c
        where c.account_id = p.account_id and coalesce(c.payment_intent, c.id) = p.key
        order by charge_rank(c.status) desc, c.created, c.id limit 1)) as "amountMinor",
      coalesce((
        select jsonb_agg(jsonb_build_object(
          'part', part.part, 'kind', part.kind, 'fund', f.name, 'campaign', c.name, 'description', part.description,
          'quantity', part.quantity, 'currency', part.currency, 'amountMinor', part.amount_minor::text,
          'returnedMinor', part.returned_minor::text
        ) order by part.place, part.part)
        from part left join fund f on f.id = part.fund_id left join campaign c on c.id = part.campaign_id
      ), '[]') as parts,
      coalesce((
        select jsonb_agg(jsonb_build_object(
          'returnId', r.return_id, 'kind', r.kind, 'part', r.part, 'fund', f.name, 'occurredOn', r.occurred_on,
          'countedOn', r.counted_on, 'currency', r.currency, 'amountMinor', r.amount_minor::text
        ) order by r.occurred_on, r.return_id, r.part)
        from return_part r left join fund f on f.id = r.fund_id
        where r.payment_id = p.id and ${theirs("r.organisation_id", "r.fund_id")}
      ), '[]') as returns
    from payment p
    left join account a on a.id = p.account_id
    left join organisation o on o.id = p.organisation_id
    where p.id = ${id} and (
      ${isAllowed(sql, places, sql`p.organisation_id`, sql`null::bigint`) || sql`true`} or exists (select from part)
    )`;
  if (row === undefined) return null;
  return {
    ...row,
    parts: row.parts.map((part) => ({
      ...part,
      amountMinor: minor(part.amountMinor),
      returnedMinor: minor(part.returnedMinor ?? "0") ?? 0n,
    })),
    returns: row.returns.map((one) => ({ ...one, amountMinor: minor(one.amountMinor) })),
  };
}

function minor(text: string | null): bigint | null {
  return text === null ? null : BigInt(text);
}
