import type { Context } from "hono";
import type { Fields } from "../core/give.ts";
import type { PackPlace } from "../core/pack.ts";
import { may, placesOf } from "../core/role.ts";
import type { BoardPlace } from "../core/total.ts";
import { readHouse } from "../db/account.ts";
import type { Sql } from "../db/connect.ts";
import type { Places } from "../db/gift-list.ts";
import { findPackPlace, listMonthlyPacks } from "../db/pack.ts";
import { listBoardPlaces, listCurrencies } from "../db/total.ts";
import type { MonthlyChoice } from "../../web/pages/packs.tsx";
import { apiErrors } from "../../web/locales/en/order.ts";
import type { Deps, Env } from "./deps.ts";
import { Refused } from "./failure.ts";

const everything: PackPlace = {
  organisationId: null,
  organisation: null,
  organisationName: null,
  fundId: null,
  fund: null,
  fundName: null,
  campaignId: null,
  campaign: null,
  campaignName: null,
};

/**
 * The place that an address or a form names, of which this person keeps the money; where none is named everything, or else
 * the first of theirs.
 * @throws Refused when it is not theirs; nobody can tell whether there is one
 */
export async function readPackPlace(c: Context<Env>, { sql }: Pick<Deps, "sql">, named: Fields): Promise<PackPlace> {
  const staff = c.get("staff");
  const slug = (name: string): string | null => named[name]?.trim() || null;
  const slugs = { organisation: slug("organisation"), fund: slug("fund"), campaign: slug("campaign") };
  if (Object.values(slugs).every((each) => each === null) && !may(staff, "keep money", {})) {
    const [first] = await listBoardPlaces(sql, placesOf(staff, "keep money"));
    if (first === undefined) throw new Refused("not found");
    return { ...everything, ...first };
  }
  const place = await findPackPlace(sql, slugs);
  if (place === null || !may(staff, "keep money", place)) throw new Refused("not found");
  return place;
}

/** The currency of a pack: the one that is named, or the organisation's. @throws Refused when nothing is counted in it */
export async function readPackCurrency(
  { sql }: Pick<Deps, "sql">,
  place: PackPlace,
  named: string | undefined,
): Promise<string> {
  const { currency } = await readHouse(sql, place.organisationId);
  if (named === undefined || named === "" || named === currency) return currency;
  const known = await listCurrencies(sql, asBoardPlace(place));
  if (known.includes(named)) return named;
  throw new Refused("not understood", apiErrors.unknownCurrency(named.slice(0, 20), known));
}

/** The places whose pack of each month this person may switch on or off. */
export async function monthlyChoices(sql: Sql, places: Places): Promise<MonthlyChoice[]> {
  const [within, on] = await Promise.all([listBoardPlaces(sql, places), listMonthlyPacks(sql, places)]);
  const all = places === "all" ? [everything] : [];
  return [...all, ...within.map((place) => ({ ...everything, ...place }))].map((place) => ({
    place,
    languages:
      on.find((each) => each.organisationId === place.organisationId && each.fundId === place.fundId)?.languages ??
      null,
  }));
}

function asBoardPlace(place: PackPlace): BoardPlace | null {
  const { organisationId, organisation, organisationName, fundId, fund, fundName } = place;
  if (organisationId === null || organisation === null || organisationName === null) return null;
  return { organisationId, organisation, organisationName, fundId, fund, fundName };
}
