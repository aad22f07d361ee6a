import type { Context } from "hono";
import type { Fields } from "../core/give.ts";
import { placesOf } from "../core/role.ts";
import type { BoardPlace } from "../core/total.ts";
import { readHouse } from "../db/account.ts";
import type { Sql } from "../db/connect.ts";
import type { Places } from "../db/gift-list.ts";
import { findBoardPlace, listBoardPlaces, listCurrencies } from "../db/board-place.ts";
import { listMonthlyPacks } from "../db/pack.ts";
import type { MonthlyChoice } from "../../web/pages/packs.tsx";
import { apiErrors } from "../../web/locales/en/order.ts";
import type { Deps, Env } from "./deps.ts";
import { Refused } from "./failure.ts";

/**
 * The place that an address or a form names, of which this person keeps the money; where none is named everything, or else
 * the first of theirs.
 * @throws Refused when it is not theirs; nobody can tell whether there is one
 */
export async function readPackPlace(c: Context<Env>, { sql }: Pick<Deps, "sql">, named: Fields): Promise<BoardPlace> {
  const slug = (name: string): string | null => named[name]?.trim() || null;
  const slugs = { organisation: slug("organisation"), fund: slug("fund"), campaign: slug("campaign") };
  const place = await findBoardPlace(sql, placesOf(c.get("staff"), "keep money"), slugs);
  if (place === null) throw new Refused("not found");
  return place;
}

/** The currency of a pack: the one that is named, or the organisation's. @throws Refused when nothing is counted in it */
export async function readPackCurrency(
  { sql }: Pick<Deps, "sql">,
  place: BoardPlace,
  named: string | undefined,
): Promise<string> {
  const { currency } = await readHouse(sql, place.organisationId);
  if (named === undefined || named === "" || named === currency) return currency;
  const known = await listCurrencies(sql, place);
  if (known.includes(named)) return named;
  throw new Refused("not understood", apiErrors.unknownCurrency(named.slice(0, 20), known));
}

/** The places whose pack of each month this person may switch on or off: everything and organisations, or just what they hold. */
export async function monthlyChoices(sql: Sql, places: Places): Promise<MonthlyChoice[]> {
  const [within, on] = await Promise.all([listBoardPlaces(sql, places), listMonthlyPacks(sql, places)]);
  return within
    .filter(({ organisationId, fundId, campaignId }) => {
      if (campaignId !== null) return false;
      if (places === "all") return fundId === null;
      return places.some((held) => held.organisationId === organisationId && held.fundId === fundId);
    })
    .map((place) => ({
      place,
      languages:
        on.find((each) => each.organisationId === place.organisationId && each.fundId === place.fundId)?.languages ??
        null,
    }));
}
