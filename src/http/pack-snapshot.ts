import { boardAsked, comparedPeriod } from "../core/board-period.ts";
import type { BoardAsked } from "../core/board.ts";
import { definitions, numberNames, type Definition, type NumberName } from "../core/definition.ts";
import type { Pack, PackLanguages } from "../core/pack.ts";
import type { BoardPlace } from "../core/total.ts";
import { languagesOf } from "../core/pack.ts";
import { localDay, type Period } from "../core/period.ts";
import { minorToNumber } from "../core/money.ts";
import { listOrganisations, readHouse } from "../db/account.ts";
import { type BoardRead, readBoards } from "../db/board.ts";
import { isEverything, readBoardSubject } from "../db/board-place.ts";
import { listPublicCampaigns } from "../db/campaign.ts";
import type { Sql } from "../db/connect.ts";
import { listFundsOf } from "../db/pack.ts";
import { readShared } from "../db/shared.ts";
import { readTotals } from "../db/total.ts";
import { besideOf, idsOf } from "./board-question.ts";
import { boardData, type BoardData } from "../../web/charts/board-data.ts";
import {
  type PackDefinitions,
  type PackEarlier,
  type PackSnapshot,
  type SharedPack,
  type Standing,
  standingOf,
  standingsOf,
} from "../../web/charts/pack-data.ts";
import { definitions as french } from "../../web/locales/fr/definition.ts";

export type SnapshotAsked = { place: BoardPlace; period: Period; currency: string; earlier: Pack | null };

/** All that a pack keeps, read in one statement: the board of the period, and the same place over all time. */
export async function readSnapshot(
  sql: Sql,
  { place, period, currency, earlier }: SnapshotAsked,
  now: Date,
): Promise<PackSnapshot> {
  const [house, organisations, subject] = await Promise.all([
    readHouse(sql, place.organisationId),
    listOrganisations(sql),
    readBoardSubject(sql, place),
  ]);
  const { timeZone } = house;
  const today = localDay(now, timeZone);
  const then = earlier === null ? null : (earlier.snapshot as PackSnapshot);
  const ask = (days: Period): BoardAsked => packAsked({ place, period: days, currency, today });
  const [board, standing, again] = await readBoards(sql, [
    ask(period),
    ask({ from: null, to: null }),
    ...(earlier === null ? [] : [ask({ from: earlier.from, to: earlier.to })]),
  ]);
  if (board === undefined || standing === undefined) throw new Error("readBoards() answers each board");
  const asBoard = ({ totals, months, outstanding, answers, compared }: BoardRead): BoardData =>
    boardData(totals, months, outstanding, { today, timeZone }, isEverything(place) ? null : place, {
      answers,
      compared,
      ...besideOf(subject, totals, currency),
      asked: { preset: null, compare: compared === null ? "none" : "last year" },
    });
  return {
    place: { organisationName: place.organisationName, fundName: place.fundName, campaignName: place.campaignName },
    board: asBoard(board),
    standing: standingsOf(asBoard(standing)),
    earlier: earlier === null || then === null || again === undefined ? null : earlierOf(earlier, then, asBoard(again)),
    organisations: organisations
      .filter(({ slug }) => place.organisation === null || slug === place.organisation)
      .map(({ legalName, address, contact, registrationNumber }) => ({
        legalName,
        address,
        contact,
        registrationNumber,
      })),
    definitions: definitionsNow(),
  };
}

/** What a pack asks of the board: its period beside the one before, and beside the same days of last year. */
function packAsked({
  place,
  ...asked
}: {
  place: BoardPlace;
  period: Period;
  currency: string;
  today: string;
}): BoardAsked {
  const ids = idsOf(place);
  const days = asked.period.from === null ? null : comparedPeriod(asked.period, asked.today, "last year");
  return boardAsked({ ...asked, place: ids }, days === null ? null : { with: "last year", place: ids, days });
}

function earlierOf({ number, from, to }: Pack, then: PackSnapshot, again: BoardData): PackEarlier {
  return {
    number: Number(number),
    asOf: then.board.asOf,
    from,
    to,
    standing: then.standing,
    said: standingOf(then.board.all),
    stands: standingOf(again.all),
  };
}

/** The words that stand today, so that the pack still says what it meant when they were changed. */
function definitionsNow(): PackDefinitions {
  const named = (words: Readonly<Record<NumberName, Definition>>) =>
    numberNames.map((name) => ({ name, ...words[name] }));
  return { en: named(definitions), fr: named(french) };
}

/** The numbers that a link shows. */
const sharedNumbers: NumberName[] = ["raised", "gifts", "donors", "sold", "promised", "actual"];

function sharedDefinitions(definitions: PackDefinitions): PackDefinitions {
  const shared = Object.entries(definitions).map(([language, terms]) => [
    language,
    terms.filter(({ name }) => sharedNumbers.includes(name)),
  ]);
  return Object.fromEntries(shared) as PackDefinitions;
}

/**
 * What a link to a pack shows, worked out once: figures of which none tells of fewer than five people. Over all time those are
 * what public pages show of public funds at this moment.
 */
export async function shareOf(
  sql: Sql,
  pack: Pick<Pack, "from" | "to" | "currency" | "note"> & { place: BoardPlace; languages: PackLanguages },
  { board, place, organisations, definitions }: PackSnapshot,
): Promise<SharedPack> {
  const { from, to, currency } = pack;
  const fundIds = await listFundsOf(sql, pack.place);
  const isAllTime = from === null && to === null;
  const [shared, campaigns, open] = await Promise.all([
    readShared(sql, { fundIds, from, to, currency }),
    listPublicCampaigns(sql),
    isAllTime ? readTotals(sql, { from, to, currency, who: "public" }) : null,
  ]);
  const isPublic = new Set(board.funds.filter((fund) => fund.public).map(({ slug }) => slug));
  const openFunds = new Map(open?.funds.map((fund) => [fund.slug, fund]));
  const funds = shared.funds.map(({ slug, name, figures }) => ({
    name,
    isPublic: isPublic.has(slug),
    figures: standingIn(isAllTime ? openFunds.get(slug) : figures),
  }));
  const shown = funds.flatMap(({ figures }) => figures ?? []);
  const slugs = new Set(board.funds.map(({ slug }) => slug));
  return {
    languages: languagesOf(pack.languages),
    asOf: board.asOf,
    from,
    to,
    timeZone: board.timeZone,
    currency,
    place,
    trust: board.answers.trust.organisations.map(({ name, stripe, proofsHold, closed }) => ({
      name,
      // An amount of a difference could be that of one gift.
      stripe: { ...stripe, differenceMinor: 0 },
      proofsHold,
      closed: closed === null ? null : { month: closed.month },
    })),
    funds: funds
      .filter((fund) => fund.figures !== null || fund.isPublic)
      .map(({ name, figures }) => ({ name, figures })),
    isAllTime,
    unnamed: funds.filter((fund) => fund.figures === null && !fund.isPublic).length,
    sum:
      shown.length === 0
        ? null
        : {
            raisedMinor: shown.reduce((sum, { raisedMinor }) => sum + raisedMinor, 0),
            gifts: shown.reduce((sum, { gifts }) => sum + gifts, 0),
          },
    merchandise: campaigns
      .filter(
        ({ campaign, total }) => total.unitsSold > 0 && slugs.has(campaign.fund.slug) && campaign.currency === currency,
      )
      .map(({ campaign: { name }, total }) => ({
        name,
        unitsSold: total.unitsSold,
        grossMinor: minorToNumber(total.grossMinor),
        promisedMinor: total.promisedMinor === null ? null : minorToNumber(total.promisedMinor),
        actualMinor: total.actualMinor === null ? null : minorToNumber(total.actualMinor),
      })),
    note: pack.note,
    organisations,
    definitions: sharedDefinitions(definitions),
  };
}

function standingIn(
  figures: { raisedMinor: bigint; gifts: number; donors: number } | null | undefined,
): Standing | null {
  if (figures === null || figures === undefined) return null;
  return { raisedMinor: minorToNumber(figures.raisedMinor), gifts: figures.gifts, donors: figures.donors };
}
