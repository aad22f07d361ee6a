import type { BoardAnswers, ComparedAnswer } from "../../src/core/board.ts";

/** What the dashboard answers beside the totals of the story: it agrees with the figures of `story.ts`. */

/** The days of the story: they add up to its months. */
const days: BoardAnswers["days"] = [
  { day: "2020-10-20", givenMinor: 250000, returnedMinor: 0 },
  { day: "2020-10-21", givenMinor: 900000, returnedMinor: 0 },
  { day: "2020-10-30", givenMinor: 350000, returnedMinor: 0 },
  { day: "2020-11-01", givenMinor: 400000, returnedMinor: 0 },
  { day: "2020-11-02", givenMinor: 0, returnedMinor: 10000 },
  { day: "2020-11-15", givenMinor: 200000, returnedMinor: 0 },
  { day: "2021-01-03", givenMinor: 7500, returnedMinor: 0 },
  { day: "2021-02-14", givenMinor: 36100, returnedMinor: 5000 },
  { day: "2021-02-28", givenMinor: 30000, returnedMinor: 0 },
];

export const answers: BoardAnswers = {
  people: {
    donors: 201,
    newDonors: 120,
    before: {
      from: "2019-10-01",
      to: "2020-09-30",
      donors: 110,
      returning: 64,
      regained: 17,
      lapsed: 46,
      samePoint: { donors: 98, returning: 50 },
    },
  },
  size: {
    gifts: 620,
    medianMinor: 2500,
    averageMinor: 3506,
    histogram: [
      { fromMinor: 0, toMinor: 1000, gifts: 40 },
      { fromMinor: 1000, toMinor: 2500, gifts: 228 },
      { fromMinor: 2500, toMinor: 5000, gifts: 210 },
      { fromMinor: 5000, toMinor: 10000, gifts: 96 },
      { fromMinor: 10000, toMinor: 25000, gifts: 31 },
      { fromMinor: 25000, toMinor: 50000, gifts: 9 },
      { fromMinor: 50000, toMinor: 100000, gifts: 0 },
      { fromMinor: 100000, toMinor: 250000, gifts: 4 },
      { fromMinor: 250000, toMinor: 500000, gifts: 0 },
      { fromMinor: 500000, toMinor: 1000000, gifts: 1 },
      { fromMinor: 1000000, toMinor: null, gifts: 1 },
    ],
  },
  concentration: {
    stayedMinor: 2158600,
    people: 201,
    top: [
      { people: 1, minor: 500000 },
      { people: 5, minor: 900000 },
      { people: 10, minor: 1100000 },
    ],
  },
  cohorts: [
    { from: "2018-01-01", people: 12, active: [12, 7, 5, 4] },
    { from: "2019-01-01", people: 69, active: [69, 31, 22] },
    { from: "2020-01-01", people: 105, active: [105, 43] },
    { from: "2021-01-01", people: 15, active: [15] },
  ],
  plans: { active: 31, baseMinor: 96500, began: 9, ended: 4, activeAtStart: 26, failing: 2 },
  cost: {
    revenueMinor: 2181100,
    costMinor: 62561,
    costs: [
      { code: "5000", name: "Processing fees", minor: 60561 },
      { code: "5100", name: "Cost of goods", minor: 2000 },
    ],
  },
  spendable: {
    asOf: "2021-02-28",
    freeMinor: 30000,
    restrictedMinor: 2121100,
    waitingMinor: 7500,
    funds: [
      { slug: "families", name: "Families fund", restricted: true, minor: 2121100 },
      { slug: "youth", name: "Youth fund", restricted: false, minor: 30000 },
      { slug: null, name: null, restricted: false, minor: 7500 },
    ],
  },
  merchandise: [
    {
      slug: "khari-bulbul-pin",
      name: "Khari Bulbul pin",
      fund: "Families fund",
      unitsSold: 45,
      grossMinor: 22500,
      shippingMinor: 0,
      feesMinor: 2025,
      promisedMinor: 20475,
      actualMinor: 20475,
      differenceMinor: 0,
      items: [{ item: "Khari Bulbul pin", variant: "", units: 45, soldMinor: 22500 }],
    },
    {
      slug: "we-are-karabakh",
      name: "We Are Karabakh",
      fund: "Families fund",
      unitsSold: 31,
      grossMinor: 66800,
      shippingMinor: 12000,
      feesMinor: null,
      promisedMinor: null,
      actualMinor: null,
      differenceMinor: null,
      items: [
        { item: "T-shirt", variant: "M", units: 16, soldMinor: 40000 },
        { item: "T-shirt", variant: "S", units: 9, soldMinor: 22500 },
        { item: "Sticker", variant: "", units: 6, soldMinor: 1800 },
      ],
    },
  ],
  joint: null,
  trust: {
    organisations: [
      {
        slug: "alov",
        name: "Alov Foundation",
        closed: { month: "2021-01", at: "2021-02-09T15:00:00.000Z", by: "Tara Treasurer" },
        proofsHold: true,
        stripe: { state: "agrees", askedAt: "2026-11-21T18:55:00.000Z", differenceMinor: 0 },
      },
    ],
    disputes: { open: 1, minor: 5000 },
    unassigned: { gifts: 2, minor: 7500 },
    feesUnknown: 0,
    suspenseMinor: 0,
  },
  donorMonths: [
    { month: "2020-10", newDonors: 61, returningDonors: 40 },
    { month: "2020-11", newDonors: 44, returningDonors: 71 },
    { month: "2021-01", newDonors: 0, returningDonors: 2 },
    { month: "2021-02", newDonors: 15, returningDonors: 8 },
  ],
  days,
};

/** The story's five months against the same a year before, in which a little was raised on the first of each month. */
export const compared: ComparedAnswer = {
  with: "last year",
  from: "2019-10-01",
  to: "2020-02-28",
  raisedMinor: 1500000,
  reachedMinor: 1470000,
  givenMinor: 1510000,
  gifts: 300,
  donors: 110,
  own: {
    from: "2020-10-01",
    to: "2021-02-28",
    raisedMinor: 2158600,
    reachedMinor: 2158600,
    givenMinor: 2173600,
    gifts: 620,
    donors: 201,
  },
  cumulative: {
    grain: "day",
    own: soFar((place) => {
      const day = days.find((each) => each.day === dayAt("2020-10-01", place));
      return day === undefined ? 0 : day.givenMinor - day.returnedMinor;
    }),
    compared: soFar((place) => (dayAt("2019-10-01", place).endsWith("-01") ? 300000 : 0)),
  },
};

function soFar(raised: (place: number) => number): number[] {
  let sum = 0;
  return Array.from({ length: 151 }, (_, place) => (sum += raised(place)));
}

function dayAt(first: string, place: number): string {
  return new Date(Date.parse(`${first}T00:00:00Z`) + place * 86_400_000).toISOString().slice(0, 10);
}
