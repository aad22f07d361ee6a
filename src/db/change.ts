import type { Sql } from "./connect.ts";

/** One change of the settings: who, when, what, and how it was before and after (null where it was not there). */
export type Change = {
  number: bigint;
  at: Date;
  staffName: string;
  deed: string;
  kind: string;
  subject: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
};

/** Which changes are asked for. */
export type ChangeQuery = {
  /** Only of this kind; null for all. */
  kind: string | null;
  /** Only those with a lesser number: where the page before ended; null for the newest. */
  before: bigint | null;
  /** Only what belongs to these organisations, by slug; null for all. */
  organisations: readonly string[] | null;
  limit: number;
};

/** The changes, the newest first. */
export async function listChanges(sql: Sql, { kind, before, organisations, limit }: ChangeQuery): Promise<Change[]> {
  return await sql<Change[]>`
    select c.number, c.at, c.staff_name as "staffName", c.deed, c.kind, c.subject, c.before, c.after
    from change c
    where (${kind}::text is null or c.kind = ${kind})
      and (${before}::bigint is null or c.number < ${before})
      and (${organisations === null} or exists (
        select from jsonb_array_elements_text(${sql.json(organisations ?? [])}) own (slug)
        where c.after -> 'organisations' ? own.slug or c.before -> 'organisations' ? own.slug
      ))
    order by c.number desc
    limit ${limit}`;
}

/** The kinds of which anything was ever changed, in the order of the alphabet. */
export async function listChangeKinds(sql: Sql): Promise<string[]> {
  const rows = await sql<{ kind: string }[]>`select distinct kind from change order by kind`;
  return rows.map(({ kind }) => kind);
}

/** The newest change and its hash, to be written down elsewhere: who has it can tell when changes were taken away. */
export async function newestChange(sql: Sql): Promise<{ number: bigint; hash: string } | null> {
  const [row] = await sql<{ number: bigint; hash: string }[]>`
    select number, encode(hash, 'hex') as hash from change order by number desc limit 1`;
  return row ?? null;
}
