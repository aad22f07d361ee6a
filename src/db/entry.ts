import type { Entry, EntryFilter, EntryLine, EntryPlace, EntrySum, OpenedEntry } from "../core/entry-list.ts";
import type { Sql } from "./connect.ts";
import type { BookPart } from "./book.ts";
import { isTheirs, type Organisations } from "./theirs.ts";

type Row = Omit<Entry, "lines" | "corrects"> & {
  corrects: bigint | null;
  correctsNumber: bigint | null;
  lines: (Omit<EntryLine, "amountMinor"> & { amountMinor: string })[];
};

/** Entries of an organisation, newest first, each with the lines that were asked for. */
export async function listEntries(
  sql: Sql,
  organisationId: bigint,
  { codes, currency, source, payment, period }: EntryFilter,
  { fundId, isUnassigned }: BookPart,
  { before, limit }: { before: EntryPlace | null; limit: number },
): Promise<Entry[]> {
  const rows = await sql<Row[]>`
    select id, number, entered_on as "enteredOn", source, account_slug as account, source_id as "sourceId",
      source_number as "sourceNumber", corrects, corrects_number as "correctsNumber", lines
    from entries_of(
      ${organisationId}, ${codes === null ? null : sql.json(codes)}, ${fundId}, ${isUnassigned}, ${currency}, ${period.from}::date,
      ${period.to}::date, ${source}, ${payment}, ${before?.day ?? null}::date, ${before?.number ?? null}, ${limit}
    )`;
  return rows.map(asEntry);
}

/** What all lines of these accounts and this fund come to: what a total says that leads here. */
export async function sumEntries(
  sql: Sql,
  organisationId: bigint,
  { codes, currency, period }: EntryFilter,
  { fundId, isUnassigned }: BookPart,
): Promise<EntrySum[]> {
  return await sql<EntrySum[]>`
    select currency, sum(moved_minor)::bigint as "amountMinor"
    from trial_balance(${organisationId}, ${fundId}, ${isUnassigned}, ${period.from}::date, ${period.to}::date)
    where (${codes === null} or ${sql.json(codes ?? [])}::jsonb ? code) and (${currency === null} or currency = ${currency ?? ""})
    group by currency order by currency`;
}

/** An entry of these organisations, opened with all its lines; null when there is none. */
export async function openEntry(sql: Sql, theirs: Organisations, id: bigint): Promise<OpenedEntry | null> {
  const [row] = await sql<(Row & Omit<OpenedEntry, keyof Entry | "correctedBy"> & { correctedBy: Written[] })[]>`
    select e.id, e.number, e.entered_on as "enteredOn", e.source, a.slug::text as account, e.source_id as "sourceId",
      e.source_number as "sourceNumber", e.corrects, corrected.number as "correctsNumber", o.name as organisation,
      o.slug::text as "organisationSlug", e.posted_at as "postedAt", encode(e.hash, 'hex') as hash,
      encode(e.previous_hash, 'hex') as "previousHash", e.hash = journal_digest(e, journal_lines(e.id)) as "hashHolds",
      (
        select coalesce(jsonb_agg(jsonb_build_object('id', later.id::text, 'number', later.number::text) order by later.number), '[]')
        from journal_entry later where later.corrects = e.id
      ) as "correctedBy",
      (
        select jsonb_agg(jsonb_build_object(
          'code', l.code, 'name', named.name, 'fund', f.name, 'fundSlug', f.slug, 'campaign', c.name, 'currency', l.currency,
          'amountMinor', l.amount_minor::text
        ) order by l.line_number)
        from journal_line l
        join book_account named on named.code = l.code
        left join fund f on f.id = l.fund_id
        left join campaign c on c.id = l.campaign_id
        where l.entry_id = e.id
      ) as lines,
      coalesce(
        (select p.id from payment p where e.account_id is null and p.account_id is null and p.key = e.source_id),
        (
          select p.id
          from stripe_balance_transaction bt
          cross join lateral charge_behind(bt) charge
          join payment p on p.account_id = bt.account_id and p.key = coalesce(charge.payment_intent, charge.id)
          where e.source = 'balance transaction' and bt.id = e.source_id and bt.account_id = e.account_id
        ),
        (
          select p.id
          from stripe_dispute d
          join stripe_charge charge on charge.id = d.charge and charge.account_id = d.account_id
          join payment p on p.account_id = d.account_id and p.key = coalesce(charge.payment_intent, charge.id)
          where e.source = 'dispute outcome' and d.id = e.source_id and d.account_id = e.account_id
        )
      ) as "paymentId",
      coalesce(
        (select m.payout from stripe_payout_member m where m.id = e.source_id and m.account_id = e.account_id),
        (
          select p.id
          from stripe_balance_transaction bt join stripe_payout p on p.id = bt.source and p.account_id = bt.account_id
          where bt.id = e.source_id and bt.account_id = e.account_id
        )
      ) as payout
    from journal_entry e
    join organisation o on o.id = e.organisation_id
    left join account a on a.id = e.account_id
    left join journal_entry corrected on corrected.id = e.corrects
    where e.id = ${id} and ${isTheirs(sql, theirs, sql`e.organisation_id`)}`;
  if (row === undefined) return null;
  return {
    ...row,
    ...asEntry(row),
    correctedBy: row.correctedBy.map((later) => ({ id: BigInt(later.id), number: BigInt(later.number) })),
  };
}

type Written = { id: string; number: string };

function asEntry({ corrects, correctsNumber, lines, ...row }: Row): Entry {
  return {
    ...row,
    corrects: corrects === null || correctsNumber === null ? null : { id: corrects, number: correctsNumber },
    lines: lines.map((line) => ({ ...line, amountMinor: BigInt(line.amountMinor) })),
  };
}
