import type { KnownNames } from "../core/read-setup.ts";
import type { Setup } from "../core/setup.ts";
import type { Sql } from "./connect.ts";
import { refusalOf } from "./refusal.ts";

/** What became of one row of the file, such as `fund families: made`. */
export type SetupStep = { kind: string; name: string; outcome: "made" | "changed" | "unchanged" };

export type AppliedSetup = { ok: true; steps: SetupStep[] } | { ok: false; refusal: string };

/** The names that a set-up file may use because the database has them. */
export async function readKnownNames(sql: Sql): Promise<KnownNames> {
  const [known] = await sql<KnownNames[]>`
    select
      coalesce((
        select jsonb_agg(jsonb_build_object('slug', o.slug, 'generalFund', (select f.slug from fund f where f.general_of = o.id)))
        from organisation o
      ), '[]') as organisations,
      coalesce((select jsonb_agg(jsonb_build_object('slug', a.slug)) from account a), '[]') as accounts,
      coalesce((
        select jsonb_agg(jsonb_build_object('slug', f.slug, 'accounts', coalesce((
          select jsonb_agg(a.slug) from fund_account fa join account a on a.id = fa.account_id where fa.fund_id = f.id
        ), '[]')))
        from fund f
      ), '[]') as funds`;
  if (known === undefined) throw new Error("a select without from answers one row");
  return known;
}

/** Applies a set-up file that was read against `readKnownNames`: all of it, or nothing. Nothing is ever deleted. */
export async function applySetup(sql: Sql, setup: Setup): Promise<AppliedSetup> {
  try {
    // Nobody is signed in at a terminal: the trail names the file.
    const steps = await sql<SetupStep[]>`select kind, name, outcome from apply_setup(${sql.json(setup)})`;
    return { ok: true, steps: [...steps] };
  } catch (error) {
    return { ok: false, refusal: refusalOf(error) };
  }
}
