import type { BoardAnswers, ComparedAnswer } from "../../src/core/board.ts";
import { definitions, numberNames } from "../../src/core/definition.ts";
import type { PackRow } from "../../src/core/pack.ts";
import type { BoardPlace } from "../../src/core/total.ts";
import type { BoardData } from "../../web/charts/board-data.ts";
import type { PackSnapshot, SharedPack } from "../../web/charts/pack-data.ts";
import { standingsOf } from "../../web/charts/pack-data.ts";
import type { StoredPack } from "../../web/charts/pack-sections.ts";
import { definitions as french } from "../../web/locales/fr/definition.ts";
import { asOf, board, frame } from "./story.ts";

/** What the story's dashboard answers beside its totals; it agrees with them. */
export const answers: BoardAnswers = {
  people: {
    donors: 201,
    newDonors: 58,
    before: {
      from: "2019-01-01",
      to: "2020-09-30",
      donors: 160,
      returning: 91,
      regained: 12,
      lapsed: 69,
      samePoint: { donors: 140, returning: 70 },
    },
  },
  size: {
    gifts: 618,
    medianMinor: 2500,
    averageMinor: 3514,
    histogram: [
      { fromMinor: 0, toMinor: 1000, gifts: 40 },
      { fromMinor: 1000, toMinor: 2500, gifts: 233 },
      { fromMinor: 2500, toMinor: 5000, gifts: 260 },
      { fromMinor: 5000, toMinor: 10000, gifts: 70 },
      { fromMinor: 10000, toMinor: null, gifts: 15 },
    ],
  },
  concentration: {
    stayedMinor: 2151100,
    people: 201,
    top: [
      { people: 1, minor: 600000 },
      { people: 5, minor: 900000 },
      { people: 10, minor: 1100000 },
    ],
  },
  cohorts: [{ from: "2020-01-01", people: 143, active: [143, 91] }],
  plans: { active: 14, baseMinor: 31250, began: 3, ended: 1, activeAtStart: 12, failing: 2 },
  cost: {
    revenueMinor: 2181100,
    costMinor: 63201,
    costs: [
      { code: "5000", name: "Processing fees", minor: 60201 },
      { code: "5100", name: "Postage", minor: 3000 },
    ],
  },
  spendable: {
    asOf: "2026-11-21",
    freeMinor: 120000,
    restrictedMinor: 2000000,
    waitingMinor: 7500,
    funds: [
      { slug: "families", name: "Families fund", restricted: true, minor: 2000000 },
      { slug: "youth", name: "Youth fund", restricted: false, minor: 120000 },
      { slug: null, name: null, restricted: false, minor: 7500 },
    ],
  },
  merchandise: [
    {
      slug: "khari-bulbul-pin",
      name: "Khari Bulbul pin",
      fund: "families",
      unitsSold: 45,
      grossMinor: 22500,
      shippingMinor: 0,
      feesMinor: 2025,
      promisedMinor: 20475,
      actualMinor: 20475,
      differenceMinor: 0,
      items: [{ item: "Khari Bulbul pin", variant: "", units: 45, soldMinor: 22500 }],
    },
  ],
  joint: {
    organisations: [
      { slug: "alov", name: "Alov Foundation", givenMinor: 1136100, returnedMinor: 15000, raisedMinor: 1121100 },
      {
        slug: "acmc",
        name: "the Azerbaijani Canadian Multicultural Center",
        givenMinor: 1000000,
        returnedMinor: 0,
        raisedMinor: 1000000,
      },
    ],
    owed: [{ from: "the Azerbaijani Canadian Multicultural Center", to: "Alov Foundation", minor: 123450 }],
  },
  trust: {
    organisations: [
      {
        slug: "alov",
        name: "Alov Foundation",
        closed: { month: "2026-10", at: "2026-11-04T15:00:00.000Z", by: "Tara Treasurer" },
        proofsHold: true,
        stripe: { state: "agrees", askedAt: "2026-11-21T18:40:00.000Z", differenceMinor: 0 },
      },
      {
        slug: "acmc",
        name: "the Azerbaijani Canadian Multicultural Center",
        closed: null,
        proofsHold: true,
        stripe: { state: "not yet", askedAt: null, differenceMinor: 0 },
      },
    ],
    disputes: { open: 1, minor: 5000 },
    unassigned: { gifts: 2, minor: 7500 },
    feesUnknown: 0,
    suspenseMinor: 0,
  },
  donorMonths: [],
  days: [],
};

const compared: ComparedAnswer = {
  with: "last year",
  from: "2019-10-01",
  to: "2020-09-30",
  raisedMinor: 1900000,
  reachedMinor: 1890000,
  givenMinor: 1910000,
  gifts: 480,
  donors: 160,
  own: {
    from: "2020-10-01",
    to: "2021-09-30",
    raisedMinor: 2158600,
    reachedMinor: 2158600,
    givenMinor: 2173600,
    gifts: 620,
    donors: 201,
  },
  cumulative: { grain: "month", own: [], compared: [] },
};

export const packBoard: BoardData = { ...board({ from: "2020-10-01", to: "2021-09-30" }), answers, compared };

const now = standingsOf(packBoard);

export const snapshot: PackSnapshot = {
  place: { organisationName: null, fundName: null, campaignName: null },
  board: packBoard,
  standing: now,
  earlier: {
    number: 6,
    asOf: "2026-10-17T14:00:00.000Z",
    from: "2019-10-01",
    to: "2020-09-30",
    standing: {
      funds: [
        { slug: "families", name: "Families fund", raisedMinor: 2051100, gifts: 590, donors: 189 },
        { slug: "old", name: "Şəhid ailələri fondu", raisedMinor: 0, gifts: 0, donors: 0 },
      ],
      unassigned: { raisedMinor: 0, gifts: 0, donors: 0 },
      all: { raisedMinor: 2051100, gifts: 590, donors: 189 },
    },
    said: { raisedMinor: 1900000, gifts: 480, donors: 160 },
    stands: { raisedMinor: 1895000, gifts: 479, donors: 160 },
  },
  organisations: frame.organisations,
  definitions: {
    en: numberNames.map((name) => ({ name, ...definitions[name] })),
    fr: numberNames.map((name) => ({ name, ...french[name] })),
  },
};

/** A pack's place that is no part of anything. */
export const everything: BoardPlace = {
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

export const packRow: PackRow = {
  ...everything,
  number: 7n,
  from: "2020-10-01",
  to: "2021-09-30",
  currency: "CAD",
  languages: "en fr",
  earlier: 6n,
  month: null,
  madeAt: asOf,
  madeBy: "Tara Treasurer",
};

export const storedPack: StoredPack = {
  number: 7,
  languages: "en fr",
  note: [
    "## What we decided",
    "",
    "We paid **two families** in October. The receipts are with *Nigar Əliyeva*; see [the report](https://alov.example/report).",
    "",
    "1. Books closed for October.",
    "2. Gözəl ğ, ş, ə and é stand in every text.",
    "",
    "- One dispute is open; the bank decides by 12 December.",
  ].join("\n"),
  madeAt: asOf.toISOString(),
  madeBy: "Tara Treasurer",
  snapshot,
};

/** What a link to it shows. */
export const sharedPack: SharedPack = {
  languages: ["en", "fr"],
  asOf: packBoard.asOf,
  from: packBoard.from,
  to: packBoard.to,
  timeZone: packBoard.timeZone,
  currency: "CAD",
  place: { organisationName: null, fundName: null, campaignName: null },
  trust: answers.trust.organisations.map(({ name, stripe, proofsHold, closed }) => ({
    name,
    stripe,
    proofsHold,
    closed: closed === null ? null : { month: closed.month },
  })),
  funds: [
    { name: "Families fund", figures: { raisedMinor: 2121100, gifts: 612, donors: 195 } },
    { name: "Youth fund", figures: null },
  ],
  isAllTime: false,
  unnamed: 1,
  sum: { raisedMinor: 2121100, gifts: 612 },
  merchandise: [
    { name: "Khari Bulbul pin", unitsSold: 45, grossMinor: 22500, promisedMinor: 20475, actualMinor: 20475 },
  ],
  note: storedPack.note,
  organisations: frame.organisations,
  definitions: snapshot.definitions,
};
