import { likelyEarlier } from "../core/pack.ts";
import { lastDayOfMonth } from "../core/period.ts";
import { readHouse } from "../db/account.ts";
import type { Sql } from "../db/connect.ts";
import { findPack, findPlaceOf, listPacks } from "../db/pack.ts";
import type { DuePack } from "../db/pack-link.ts";
import type { PreparedPack } from "../jobs/monthly-pack.ts";
import { readSnapshot, shareOf } from "./pack-snapshot.ts";

/** The pack of a month that is due, with what its link will show: what `src/jobs/monthly-pack.ts` stores and sends. */
export async function prepareMonth(
  sql: Sql,
  { organisationId, fundId, languages, month }: DuePack,
  at: Date,
): Promise<PreparedPack> {
  const period = { from: month, to: lastDayOfMonth(month) };
  const [place, house, packs] = await Promise.all([
    findPlaceOf(sql, { organisationId, fundId }),
    readHouse(sql, organisationId),
    listPacks(sql, "all"),
  ]);
  const { currency } = house;
  const last = likelyEarlier(
    packs.filter((pack) => pack.currency === currency),
    place,
    period,
  );
  const earlier = last === null ? null : await findPack(sql, "all", last.number);
  const snapshot = await readSnapshot(sql, { place, period, currency, earlier }, at);
  const pack = {
    place,
    ...period,
    currency,
    languages,
    note: "",
    earlier: earlier?.number ?? null,
    month,
    snapshot,
    at,
  };
  const shared = await shareOf(sql, pack, snapshot);
  return { pack, shared };
}
