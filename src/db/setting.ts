import type { Setup } from "../core/setup.ts";
import type { Settings, SettingKind } from "../core/setting.ts";
import type { Staff } from "../core/role.ts";
import type { Sql } from "./connect.ts";
import { refusalOf } from "./refusal.ts";

/** Who makes a change, as the trail names them. */
export type Author = Pick<Staff, "id" | "name">;

/** Done, or why the database refused. */
export type Written = { ok: true } | { ok: false; refusal: string };

/** Everything that can be set, as it stands. */
export async function readSettings(sql: Sql): Promise<Settings> {
  const rows = await sql<{ kind: SettingKind; id: string; subject: string; state: unknown }[]>`
    select kind, id, subject, state from settings_now() where kind <> 'words'
    order by kind, state -> 'archivedOn' <> 'null', (state ->> 'position')::bigint, (state ->> 'version')::bigint, id::bigint`;
  const settings: Record<SettingKind, unknown[]> = {
    organisation: [],
    account: [],
    fund: [],
    campaign: [],
    item: [],
    variant: [],
    promise: [],
    "sorting rule": [],
  };
  for (const { kind, id, subject, state } of rows) settings[kind].push({ id: BigInt(id), subject, state });
  return settings as Settings;
}

/** What the desk's forms say: parts of a set-up document; campaigns with nothing but items or a promise under `parts`. */
export type DeskDocument = Partial<Omit<Setup, "campaigns">> & {
  campaigns?: Omit<Setup["campaigns"][number], "items" | "promise">[];
  parts?: (Pick<Setup["campaigns"][number], "slug"> & Partial<Setup["campaigns"][number]>)[];
};

/** Makes or changes what the document names, and nothing else. */
export async function changeSettings(sql: Sql, document: DeskDocument, author: Author): Promise<Written> {
  return await written(
    async () =>
      await sql`select kind from apply_setup(${sql.json({ ...document, keepOrder: true })}, ${sql.json(who(author))})`,
  );
}

/** Archives something, or opens it again. */
export async function archiveSetting(
  sql: Sql,
  { kind, id, archived }: { kind: SettingKind; id: bigint; archived: boolean },
  author: Author,
): Promise<Written> {
  return await written(
    async () => await sql`select archive_setting(${kind}, ${id}, ${archived}, ${sql.json(who(author))})`,
  );
}

/** Moves something one place up or down among its like. */
export async function moveSetting(
  sql: Sql,
  { kind, id, up }: { kind: SettingKind; id: bigint; up: boolean },
  author: Author,
): Promise<Written> {
  return await written(async () => await sql`select move_setting(${kind}, ${id}, ${up}, ${sql.json(who(author))})`);
}

/** Gives a fund another address; the old one goes on meaning it. */
export async function renameFund(sql: Sql, id: bigint, slug: string, author: Author): Promise<Written> {
  return await written(async () => await sql`select rename_fund(${id}, ${slug}, ${sql.json(who(author))})`);
}

/** Takes away a sorting rule that sorts nothing. */
export async function removeRule(sql: Sql, id: bigint, author: Author): Promise<Written> {
  return await written(async () => await sql`select remove_rule(${id}, ${sql.json(who(author))})`);
}

/** Payments that a rule would sort anew: how many, and what they are now. */
export type RulePreview = {
  was: "gift" | "other income" | "not ours";
  /** The fund of what is a gift now; null for one that waits for a fund. */
  wasFund: string | null;
  payments: bigint;
  currency: string;
  amountMinor: bigint | null;
};

export async function previewRule(sql: Sql, rule: Setup["sortingRules"][number]): Promise<RulePreview[]> {
  return await sql<RulePreview[]>`
    select was, was_fund as "wasFund", payments, currency, amount_minor as "amountMinor" from preview_rule(${sql.json(rule)})`;
}

export function who({ id, name }: Author): Author {
  return { id, name };
}

export async function written(write: () => Promise<unknown>): Promise<Written> {
  try {
    await write();
    return { ok: true };
  } catch (error) {
    return { ok: false, refusal: refusalOf(error) };
  }
}
