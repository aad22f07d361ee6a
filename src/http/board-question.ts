import type { Context } from "hono";
import { compareOf, placeAddress, unknownCompare, type BoardAddress } from "../core/board-address.ts";
import { boardAsked, comparedPeriod, presetPeriods, type Compare, type PresetName } from "../core/board-period.ts";
import type { AskedPlace, BoardAsked, ComparedAnswer } from "../core/board.ts";
import { minorToNumber } from "../core/money.ts";
import { localDay, type Period } from "../core/period.ts";
import { placesOf } from "../core/role.ts";
import type { BoardPlace } from "../core/total.ts";
import { readHouse, type House } from "../db/account.ts";
import {
  findBoardPlace,
  listBoardCampaigns,
  readBoardSubject,
  type BoardCampaign,
  type BoardSubject,
} from "../db/board-place.ts";
import type { Deps, Env } from "./deps.ts";
import { Refused } from "./failure.ts";
import { readBoardPlace, readCurrency } from "./board-place.ts";

/** What a request asks of a board, and what its page says around the answer. */
export type BoardQuestion = {
  asked: BoardAsked;
  place: BoardPlace;
  campaign: BoardCampaign | null;
  /** The address of the same, its place said. */
  address: BoardAddress;
  timeZone: string;
  presets: { name: PresetName; days: Period }[];
  preset: PresetName | null;
  /** What the period is really compared with: nothing where there is nothing to lay beside it. */
  compare: Compare;
  goalMinor: number | null;
  oneTime: boolean;
};

/**
 * Reads what is asked of a board of this period from the rest of its address.
 * @throws Refused for a place that is not theirs, a currency in which nothing is counted, and what nothing can be compared with
 */
export async function readBoardQuestion(
  c: Context<Env>,
  deps: Deps,
  named: BoardAddress,
  period: Period,
): Promise<BoardQuestion> {
  const { sql, now } = deps;
  const place = await readBoardPlace(c, deps, named);
  const [house, calendar, subject] = await Promise.all([
    readHouse(sql, place.organisationId),
    readCalendar(deps, place),
    readBoardSubject(sql, place),
  ]);
  const { fund, campaign } = subject;
  const usual = campaign?.currency ?? fund?.currency ?? house.currency;
  const currency = await readCurrency(c, deps, usual, place);
  const today = localDay(now(), house.timeZone);
  const presets = presetPeriods(today, (calendar ?? house).fiscalYearStart, campaign);
  const address = {
    ...named,
    ...placeAddress(place),
    ...period,
    currency: currency === usual && currency === house.currency ? null : currency,
  };
  const wanted = compareOf(address);
  const other = typeof wanted === "object" ? await readOther(c, deps, campaign, wanted.campaign) : null;
  const days = comparedPeriod(period, today, wanted, { own: campaign?.first ?? null, other: other?.first ?? null });
  const beside = other ?? (typeof wanted === "object" || wanted === "none" ? null : { with: wanted, place });
  const compared = beside === null || days === null ? null : { with: beside.with, place: idsOf(beside.place), days };
  return {
    asked: boardAsked({ place: idsOf(place), period, currency, today }, compared),
    place,
    campaign,
    address,
    timeZone: house.timeZone,
    presets,
    preset: presets.find(({ days: { from, to } }) => from === period.from && to === period.to)?.name ?? null,
    compare: compared === null ? "none" : wanted,
    ...besideOf(subject, period, currency),
  };
}

/** What a fund's settings say of its figures: a goal, and whether anybody is expected to come back. */
export function besideOf(
  subject: BoardSubject,
  period: Period,
  currency: string,
): Pick<BoardQuestion, "goalMinor" | "oneTime"> {
  const { fund } = subject;
  return { goalMinor: goalOf(subject, period, currency), oneTime: fund !== null && !fund.lasting };
}

/** A place as the database knows it. */
export function idsOf({ organisationId, fundId, campaignId }: BoardPlace): AskedPlace {
  return { organisationId, fundId, campaignId };
}

/** A fund's goal is for all that it raised since it began, so that no later period is measured against it. */
function goalOf({ fund, campaign }: BoardSubject, { from }: Period, currency: string): number | null {
  if (fund === null || fund.goalMinor === null || campaign !== null || fund.currency !== currency) return null;
  const isWhole = from === null || fund.firstGiftOn === null || from <= fund.firstGiftOn;
  return isWhole ? minorToNumber(fund.goalMinor) : null;
}

/** The house whose fiscal years are those of a fund or a campaign: the first one, as the database keeps them. */
async function readCalendar({ sql }: Pick<Deps, "sql">, { organisationId, fundId }: BoardPlace): Promise<House | null> {
  return organisationId === null || fundId === null ? null : await readHouse(sql);
}

/** The campaign that a campaign is compared with. @throws Refused when it cannot be, or is not theirs */
async function readOther(
  c: Context<Env>,
  { sql }: Pick<Deps, "sql">,
  own: BoardCampaign | null,
  slug: string,
): Promise<{ first: string; place: BoardPlace; with: ComparedAnswer["with"] }> {
  const named = { organisation: null, fund: null, campaign: slug };
  const place = own === null ? null : await findBoardPlace(sql, placesOf(c.get("staff"), "see board"), named);
  const [other] = place?.campaignId == null ? [] : await listBoardCampaigns(sql, [place.campaignId]);
  if (own === null || place === null || other === undefined || !isComparable(own, other))
    throw new Refused("not understood", unknownCompare(slug));
  return { first: other.first, place, with: { campaign: other.slug, name: other.name } };
}

/** Whether two campaigns can be laid beside each other. */
export function isComparable(own: BoardCampaign, other: BoardCampaign): other is BoardCampaign & { first: string } {
  return other.id !== own.id && other.currency === own.currency && other.first !== null;
}
