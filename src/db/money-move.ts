import type { Evidence, ListedMove, MoneyMove, MoveKind, MoveOutcome } from "../core/money-move.ts";
import type { Sql } from "./connect.ts";
import { isAllowed, type Places } from "./gift-list.ts";
import { refusalOf } from "./refusal.ts";
import { type Author, who } from "./setting.ts";

/** The function of sql/0030 that records each kind. */
const recorders: Record<MoveKind, string> = {
  transfer: "record_transfer",
  "administration share": "record_administration_share",
  disbursement: "record_disbursement",
  expense: "record_expense",
  "payable paid": "record_payable_paid",
  deposit: "record_deposit",
  "cash difference": "record_cash_difference",
  "collected for partner": "record_collected_for_partner",
  "partner payment": "record_partner_payment",
};

/** Records a move of money and posts it. The same `request` again answers the same move and records nothing. */
export async function recordMove(sql: Sql, move: MoneyMove, author: Author): Promise<MoveOutcome> {
  const record = sql(recorders[move.kind]);
  const said = sql.json(asSaid(move));
  const staff = sql.json(who(author));
  const takesPaper = move.kind === "disbursement" || move.kind === "expense";
  const paper = takesPaper && move.evidence !== null ? Buffer.from(move.evidence.bytes).toString("hex") : null;
  return await outcome(
    async () =>
      await (takesPaper
        ? sql<Row[]>`select move_id as id, recorded from ${record}(${said}, decode(${paper}, 'hex'), ${staff})`
        : sql<Row[]>`select move_id as id, recorded from ${record}(${said}, ${staff})`),
  );
}

/** What is voided: a move by its number, or a gift or sale by hand by its payment's key. */
export type Voided = { request: string; note: string } & ({ move: bigint } | { payment: string });

/** Takes back what was recorded by hand; the reversing entry is posted where the original stands, or in the first open month. */
export async function recordVoid(sql: Sql, voided: Voided, author: Author): Promise<MoveOutcome> {
  const said = { ...voided, ...("move" in voided && { move: voided.move.toString() }) };
  return await outcome(
    async () =>
      await sql<Row[]>`select move_id as id, recorded from record_void(${sql.json(said)}, ${sql.json(who(author))})`,
  );
}

type Row = { id: bigint; recorded: boolean };

async function outcome(record: () => Promise<Row[]>): Promise<MoveOutcome> {
  try {
    const [row] = await record();
    if (row === undefined) throw new Error("a move is answered with its number");
    return { ok: true, moveId: row.id, isNew: row.recorded };
  } catch (error) {
    return { ok: false, refusal: refusalOf(error) };
  }
}

type Said = string | boolean | null | { [key: string]: Said } | Said[];

/** The move as the functions read it: names with underscores, amounts as text, of a paper all but its bytes. */
function asSaid(value: unknown): Said {
  if (typeof value === "bigint") return value.toString();
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.map((each) => asSaid(each));
  if (typeof value !== "object") return null;
  const { bytes: _, ...fields } = value as Partial<Evidence>;
  return Object.fromEntries(
    Object.entries(fields).map(([name, each]) => [
      name.replaceAll(/[A-Z]/gu, (letter) => `_${letter.toLowerCase()}`),
      asSaid(each),
    ]),
  );
}

type MoveRow = Omit<ListedMove, "lines"> & {
  lines: (Omit<ListedMove["lines"][number], "amountMinor" | "fundId"> & { amountMinor: string; fundId: string })[];
};

/** The moves of these places, newest first, from before one on; a role for one fund sees those with a line of it. */
export async function listMoves(
  sql: Sql,
  places: Places,
  { before, limit }: { before: { day: string; id: bigint } | null; limit: number },
): Promise<ListedMove[]> {
  const allowed = isAllowed(sql, places, sql`m.organisation_id`, sql`null::bigint`) || sql`true`;
  const within = isAllowed(sql, places, sql`m.organisation_id`, sql`l.fund_id`) || sql`true`;
  const after = before === null ? sql`true` : sql`(m.day, m.id) < (${before.day}::date, ${before.id})`;
  const rows = await sql<MoveRow[]>`
    select m.id, m.kind, m.day, o.name as organisation, m.organisation_id as "organisationId", partner.name as partner, m.note,
      m.payee_kind as "payeeKind", m.payee, m.purpose, m.tag, m.rate_bp as "rateBp", m.evidence,
      coalesce('move_' || m.voids, m.voids_payment) as voids,
      (select v.id from money_move v where v.voids = coalesce(m.counterpart_of, m.id)) as "voidedBy",
      m.counterpart_of is not null as "isCounterpart",
      coalesce((select s.name from auth.staff s where s.id = m.made_by), m.made_by) as "madeBy",
      coalesce((
        select jsonb_agg(jsonb_build_object('code', l.code, 'account', b.name, 'fund', f.name, 'fundId', f.id::text,
          'currency', l.currency, 'amountMinor', l.amount_minor::text) order by l.line_number)
        from money_move_line l join book_account b on b.code = l.code join fund f on f.id = l.fund_id
        where l.move_id = m.id
      ), '[]') as lines
    from money_move m
    join organisation o on o.id = m.organisation_id
    left join organisation partner on partner.id = m.partner_id
    where ${after} and (
      ${allowed} or exists (select from money_move_line l where l.move_id = m.id and ${within})
    )
    order by m.day desc, m.id desc
    limit ${limit}`;
  return rows.map((row) => ({
    ...row,
    lines: row.lines.map((line) => ({
      ...line,
      amountMinor: BigInt(line.amountMinor),
      fundId: BigInt(line.fundId),
    })),
  }));
}

/** Whether somebody with these places keeps the money of all that such a void takes back. */
export async function mayVoid(
  sql: Sql,
  places: Places,
  target: { move: bigint } | { payment: string },
): Promise<boolean> {
  const theirs = isAllowed(sql, places, sql`t.organisation_id`, sql`null::bigint`) || sql`true`;
  const [row] = await ("move" in target
    ? sql<{ may: boolean }[]>`
        select count(*) > 0 and coalesce(bool_and(${theirs}), false) as may
        from money_move m
        join money_move t on coalesce(t.counterpart_of, t.id) = coalesce(m.counterpart_of, m.id)
        where m.id = ${target.move}`
    : sql<{ may: boolean }[]>`
        select count(*) > 0 and coalesce(bool_and(${theirs}), false) as may
        from payment t where t.key = ${target.payment} and t.account_id is null`);
  return row?.may ?? false;
}

/** The paper of a move that lies in these places. */
export async function findEvidence(
  sql: Sql,
  places: Places,
  moveId: bigint,
): Promise<{ type: string; name: string; bytes: Uint8Array } | null> {
  const theirs = isAllowed(sql, places, sql`m.organisation_id`, sql`l.fund_id`) || sql`true`;
  const [row] = await sql<{ type: string; name: string; bytes: Uint8Array }[]>`
    select e.type, e.name, e.bytes
    from money_move m join evidence e on e.id = m.evidence
    where m.id = ${moveId} and exists (select from money_move_line l where l.move_id = m.id and ${theirs})`;
  return row ?? null;
}
