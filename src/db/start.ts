import type { StartFacts } from "../core/start.ts";
import type { Sql } from "./connect.ts";
import { who, type Author } from "./setting.ts";

type Row = Omit<StartFacts, "isConnected"> & { hasKey: boolean; hasAccount: boolean };

/**
 * How far the house has come, by what is there.
 * @param hasKey whether some account is connected without a key of the database: by the settings, or by the sandbox
 */
export async function readStart(sql: Sql, hasKey: boolean): Promise<StartFacts> {
  const [row] = await sql<Row[]>`
    select
      exists (select from organisation) as "hasOrganisation",
      exists (select from account) as "hasAccount",
      exists (select from account_key where kind = 'secret key' and revoked_at is null) as "hasKey",
      (
        select slug::text from fund
        where is_public and archived_on is null and general_of is null order by position, id limit 1
      ) as fund,
      exists (select from gift) as "hasGift",
      (select count(*)::int from auth.staff where left_at is null) as staff,
      exists (select from works_alone) as "worksAlone"`;
  if (row === undefined) throw new Error("a select without from answers one row");
  const { hasKey: isKept, hasAccount, ...facts } = row;
  return { ...facts, isConnected: hasAccount && (hasKey || isKept) };
}

/** Says that nobody else is to look, for good; whoever invites somebody later does not have to take it back. */
export async function workAlone(sql: Sql, author: Author): Promise<void> {
  await sql`select work_alone(${sql.json(who(author))})`;
}
