import type { Context } from "hono";
import { placesOf } from "../core/role.ts";
import type { BoardPlace } from "../core/total.ts";
import { findBoardPlace, listCurrencies, type NamedPlace } from "../db/board-place.ts";
import { apiErrors } from "../../web/locales/en/order.ts";
import type { Deps, Env } from "./deps.ts";
import { Refused } from "./failure.ts";

/**
 * Where a board ends: at the place that its address names, if this person may see it; else at everything for those who see
 * all, and at the first of their places for others.
 * @throws Refused when it is not theirs; nobody can tell whether there is one
 */
export async function readBoardPlace(
  c: Context<Env>,
  { sql }: Pick<Deps, "sql">,
  named: NamedPlace,
): Promise<BoardPlace> {
  const place = await findBoardPlace(sql, placesOf(c.get("staff"), "see board"), named);
  if (place === null) throw new Refused("not found");
  return place;
}

/** The currency asked for, or the usual one. @throws Refused when nothing is counted in it */
export async function readCurrency(
  c: Context,
  deps: Pick<Deps, "sql">,
  usual: string,
  within?: BoardPlace,
): Promise<string> {
  const asked = c.req.query("currency");
  if (asked === undefined || asked === "" || asked === usual) return usual;
  const known = await listCurrencies(deps.sql, within);
  if (known.includes(asked)) return asked;
  throw new Refused("not understood", apiErrors.unknownCurrency(asked.slice(0, 20), known));
}
