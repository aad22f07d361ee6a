import type { organisationsOf } from "../core/role.ts";
import type { Sql } from "./connect.ts";

/** The organisations of which somebody may see something; what is of no single one is only for those who see all. */
export type Organisations = Readonly<ReturnType<typeof organisationsOf>>;

/** Whether a row's organisation is one of theirs. */
export function isTheirs(sql: Sql, organisations: Organisations, column: ReturnType<Sql>): ReturnType<Sql> {
  if (organisations === "all") return sql`true`;
  return sql`coalesce(${sql.json(organisations.map(String))}::jsonb ? (${column})::text, false)`;
}
