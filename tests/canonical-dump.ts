import type { Sql } from "../src/db/connect.ts";

type Dump = Record<string, string[]>;

/**
 * Everything the books say, with names for numbers, so that two databases can be compared: facts, payments, gifts, sales,
 * returns, people with a row, totals and giving chain, and the
 * net of what each source posted; a payout that failed before Stripe told its members, whose split is estimated when it is
 * posted, is one source with what brought it back. When we asked Stripe is left out; what it said is not.
 */
export async function canonicalDump(sql: Sql): Promise<Dump> {
  const dump: Dump = {};
  for (const table of facts) {
    const rows = await sql<{ row: string }[]>`
      select (to_jsonb(t) - 'fetched_at' - 'status_fetched_at')::text as row from ${sql(table)} t order by 1`;
    dump[table] = rows.map(({ row }) => row);
  }
  const named = await sql<{ what: string; row: string }[]>`
    select 'payment' as what, (to_jsonb(p) - 'id')::text as row from payment p
    union all
    select 'gift', jsonb_build_array(p.key, (to_jsonb(g) - 'payment_id' - 'identity_id'), i.key)::text
    from gift g join payment p on p.id = g.payment_id left join identity i on i.id = g.identity_id
    union all
    select 'sale', jsonb_build_array(p.key, (to_jsonb(s) - 'payment_id' - 'identity_id'), i.key)::text
    from sale s join payment p on p.id = s.payment_id left join identity i on i.id = s.identity_id
    union all
    select 'return', jsonb_build_array(p.key, (to_jsonb(r) - 'payment_id'))::text
    from return_part r join payment p on p.id = r.payment_id
    union all
    select 'person', string_agg(i.key, ' ' order by i.key)
    from identity i
    where exists (select from gift g where g.identity_id = i.id) or exists (select from sale s where s.identity_id = i.id)
    group by i.person_id
    union all
    select 'total', jsonb_build_array(scope.key, to_jsonb(t) - 'scope_id')::text from total t join scope on scope.id = t.scope_id
    where (t.given_minor, t.returned_minor, t.gifts, t.unnamed_gifts, t.awaiting_conversion, t.sold_minor, t.shipping_minor, t.units)
      <> (0, 0, 0, 0, 0, 0, 0, 0)
    union all
    select 'books', jsonb_build_array(o.slug, e.source, e.account_id, e.source_id, l.code, f.slug, c.slug, l.currency, sum(l.amount_minor))::text
    from (
      select e.id, e.organisation_id, e.source, e.account_id, coalesce('estimated ' || estimated.payout, e.source_id) as source_id
      from journal_entry e
      left join lateral (
        select bt.source as payout
        from stripe_balance_transaction bt
        where e.source = 'balance transaction' and bt.id = e.source_id and bt.account_id = e.account_id
          and bt.source like 'po\\_%' and not members_known(bt.account_id, bt.source)
      ) estimated on true
    ) e
    join journal_line l on l.entry_id = e.id
    join organisation o on o.id = e.organisation_id
    left join fund f on f.id = l.fund_id
    left join campaign c on c.id = l.campaign_id
    where e.source <> 'command'
    group by o.slug, e.source, e.account_id, e.source_id, l.code, f.slug, c.slug, l.currency having sum(l.amount_minor) <> 0
    union all
    select 'books by hand', jsonb_build_array(o.slug, l.code, f.slug, l.currency, sum(l.amount_minor))::text
    from journal_entry e
    join journal_line l on l.entry_id = e.id
    join organisation o on o.id = e.organisation_id
    left join fund f on f.id = l.fund_id
    where e.source = 'command'
    group by o.slug, l.code, f.slug, l.currency having sum(l.amount_minor) <> 0
    union all
    select 'awaits its fee', p.key from awaiting_fee a join payment p on p.id = a.payment_id
    union all
    select 'late movement', jsonb_build_array(p.key, to_jsonb(l) - 'payment_id')::text
    from late_movement l join payment p on p.id = l.payment_id
    union all
    select 'giving day', jsonb_build_array(scope.key, d.kind, d.day, d.previous, (
      select min(i.key) from identity i where i.person_id = d.person_id
    ))::text
    from giving_day d join scope on scope.id = d.scope_id
    union all
    select 'giving month', jsonb_build_array(scope.key, to_jsonb(m) - 'scope_id')::text
    from giving_month m join scope on scope.id = m.scope_id
    order by 1, 2`;
  for (const { what, row } of named) (dump[what] ??= []).push(row);
  return dump;
}

const facts = [
  "stripe_charge",
  "stripe_payment_intent",
  "stripe_checkout_session",
  "stripe_line_item",
  "stripe_refund",
  "stripe_balance_transaction",
  "stripe_customer",
  "stripe_invoice",
  "stripe_invoice_payment",
  "stripe_subscription",
  "stripe_dispute",
  "stripe_payout",
  "stripe_payout_member",
  "stripe_fetched",
];

type Total = { grain: string; starts_on?: string; currency: string } & Record<string, string | number | undefined>;

/**
 * A dump without days, so that houses that closed their months at other times, or never, can be compared: totals are those
 * over all time, people stand without their days, and late movements, which add up to nothing, are left out.
 */
export function regardlessOfDays(dump: Dump): Dump {
  const kept = (what: string): unknown[] => (dump[what] ?? []).map((row) => withoutDays(JSON.parse(row)));
  const sums = new Map<string, Record<string, number>>();
  for (const row of dump["total"] ?? []) {
    const [scope, { grain, starts_on: _day, currency, ...figures }] = JSON.parse(row) as [string, Total];
    if (grain !== "month") continue;
    const key = `${scope} ${currency}`;
    const sum = sums.get(key) ?? {};
    for (const [name, figure] of Object.entries(figures)) sum[name] = (sum[name] ?? 0) + Number(figure);
    sums.set(key, sum);
  }
  const people = (dump["giving day"] ?? []).map((row) => {
    const [scope, kind, , , person] = JSON.parse(row) as string[];
    return `${scope} ${kind} ${person}`;
  });
  const byHand = new Map<string, number>();
  for (const row of dump["books by hand"] ?? []) {
    const [organisation, , code, fund, currency, minor] = JSON.parse(row) as [
      string,
      string,
      string,
      string,
      string,
      number,
    ];
    const key = `${organisation} ${code} ${fund} ${currency}`;
    byHand.set(key, (byHand.get(key) ?? 0) + minor);
  }
  return {
    ...Object.fromEntries(Object.entries(dump).filter(([what]) => what !== "late movement" && what !== "giving month")),
    ...Object.fromEntries(["payment", "gift", "sale", "return"].map((what) => [what, sorted(kept(what))])),
    total: sorted([...sums].filter(([, sum]) => Object.values(sum).some((figure) => figure !== 0))),
    "giving day": sorted([...new Set(people)]),
    "books by hand": sorted([...byHand].filter(([, minor]) => minor !== 0)),
  };
}

const sorted = (rows: unknown[]): string[] => rows.map((row) => JSON.stringify(row)).sort();

function withoutDays(row: unknown): unknown {
  if (Array.isArray(row)) return row.map(withoutDays);
  if (typeof row !== "object" || row === null) return row;
  const { occurred_on: _, counted_on: __, ...rest } = row as Record<string, unknown>;
  return rest;
}

type Row = { id: string; what: string; found: number; status: string; next_attempt_at: string | null };

/**
 * Two dumps of houses that asked Stripe at different times, made comparable. Left out is what is counted nowhere and only an
 * answer of Stripe brings: questions whose answer decided nothing (a session's lines and that there is none decide),
 * balance transactions and open invoice payments that only one of them knows, and when an invoice was to be tried again
 * that is not open any more.
 */
export function comparable(a: Dump, b: Dump): [Dump, Dump] {
  return [inCommon(a, b), inCommon(b, a)];
}

function inCommon(dump: Dump, other: Dump): Dump {
  const rows = (table: string, of = dump): Row[] => (of[table] ?? []).map((row) => JSON.parse(row) as Row);
  const kept = (table: string, isKept: (row: Row) => boolean): string[] =>
    (dump[table] ?? []).filter((row) => isKept(JSON.parse(row) as Row));
  const movements = new Set(rows("stripe_balance_transaction", other).map(({ id }) => id));
  const isSwept = rows("stripe_balance_transaction").length === movements.size;
  const instalments = new Set(rows("stripe_invoice_payment", other).map(({ id }) => id));
  return {
    ...dump,
    stripe_fetched: kept(
      "stripe_fetched",
      ({ what, found }) => what === "line_items" || (what === "session_of_payment" && found === 0),
    ),
    stripe_balance_transaction: kept("stripe_balance_transaction", ({ id }) => movements.has(id)),
    // What is posted, and of what the fee is awaited, follows from the balance transactions.
    books: (dump["books"] ?? []).filter((row) => isSwept || movements.has(String((JSON.parse(row) as unknown[])[3]))),
    "awaits its fee": isSwept ? (dump["awaits its fee"] ?? []) : [],
    stripe_invoice_payment: kept(
      "stripe_invoice_payment",
      ({ id, status }) => status !== "open" || instalments.has(id),
    ),
    stripe_invoice: rows("stripe_invoice").map((row) =>
      JSON.stringify(row.status === "open" ? row : { ...row, next_attempt_at: null }),
    ),
  };
}
