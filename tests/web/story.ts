import type { Alert, AlertAbout, AlertKind } from "../../src/core/alert.ts";
import type { Campaign } from "../../src/core/campaign.ts";
import type { Fund, Organisation } from "../../src/core/fund.ts";
import type { GiftLine, OpenedPayment } from "../../src/core/gift-list.ts";
import type { FundTotal, MonthTotal, Outstanding, Total, Totals } from "../../src/core/total.ts";
import { boardData, type BesideTotals, type BoardData } from "../../web/charts/board-data.ts";
import type { Frame } from "../../web/parts/frame.ts";
import { answers } from "./answers.ts";

/** What pages need, with the figures of the story: they agree with each other, so a page that does not is wrong. */

const alov: Organisation = {
  slug: "alov",
  name: "Alov Foundation",
  legalName: "Alov Foundation Inc.",
  address: "12 Example Street\nToronto, Ontario",
  contact: "hello@alov.example",
  registrationNumber: null,
  accent: null,
  picture: null,
};
const center: Organisation = {
  slug: "acmc",
  name: "the Azerbaijani Canadian Multicultural Center",
  legalName: "Azerbaijani Canadian Multicultural Center",
  address: "34 Example Avenue\nCalgary, Alberta",
  contact: "https://acmc.example",
  registrationNumber: null,
  accent: null,
  picture: null,
};

export const frame: Frame = {
  assets: { style: "/assets/main-1.css", script: "/assets/main-1.js" },
  sandbox: true,
  boardIsOpen: true,
  staff: { name: "Tara Treasurer", seesDesk: true },
  organisations: [alov, center],
  timeZone: "America/Toronto",
  wording: {},
};

export const asOf = new Date("2026-11-21T19:05:00Z");

/** Something that needs a hand, nobody's yet. */
export const alert = (kind: AlertKind, subject = "", about: AlertAbout = {}): Alert => ({
  id: 1n,
  kind,
  subject,
  about,
  since: asOf,
  dueAt: new Date(asOf.getTime() + 86_400_000),
  owner: null,
});

export const families: Fund = {
  slug: "families",
  name: "Families fund",
  description: "Every gift goes to families who lost somebody.\n\nBoth organisations run it.",
  public: true,
  currency: "CAD",
  organisations: [alov, center],
  bearsFees: false,
  presetsMinor: [2500n, 5000n, 10000n, 25000n],
  account: "alov",
  firstGiftOn: "2020-10-20",
  remark: null,
  restriction: "",
  goalMinor: null,
  lasting: true,
  picture: null,
};

export const pin: Campaign = {
  slug: "khari-bulbul-pin",
  name: "Khari Bulbul pin",
  kind: "merchandise",
  description: "A pin.",
  fund: { slug: "families", name: "Families fund" },
  currency: "CAD",
  account: "alov",
  startsOn: null,
  endsOn: null,
  shippingMinor: null,
  promise: "$4.55 of every $5.00 pin goes to the Families fund.",
  items: [
    {
      slug: "pin",
      name: "Khari Bulbul pin",
      description: "",
      picture: null,
      variants: [{ slug: "one", name: "", priceMinor: 500n, left: null }],
    },
  ],
  remark: null,
  picture: null,
};

export const shirts: Campaign = {
  ...pin,
  slug: "we-are-karabakh",
  name: "We Are Karabakh",
  shippingMinor: 1200n,
  items: [
    {
      slug: "t-shirt",
      name: "T-shirt",
      description: "Cotton.",
      picture: null,
      variants: [
        { slug: "s", name: "S", priceMinor: 2500n, left: null },
        { slug: "m", name: "M", priceMinor: 2500n, left: null },
      ],
    },
    {
      slug: "sticker",
      name: "Sticker",
      description: "",
      picture: null,
      variants: [{ slug: "one", name: "", priceMinor: 300n, left: null }],
    },
  ],
};

export const pinTotal = {
  unitsSold: 45,
  grossMinor: 22500n,
  shippingMinor: 0n,
  feesMinor: 2025n,
  promisedMinor: 20475n,
  actualMinor: 20475n,
  differenceMinor: 0n,
};

/** A line of figures: given, returned, and the counts; all else is none. */
export function total(givenMinor: bigint, returnedMinor: bigint, counts: Partial<Total> = {}): Total {
  return {
    givenMinor,
    returnedMinor,
    raisedMinor: givenMinor - returnedMinor,
    proceedsMinor: 0n,
    feesMinor: 0n,
    feesUnknown: 0,
    reachedMinor: givenMinor - returnedMinor,
    gifts: 0,
    donors: 0,
    unnamedGifts: 0,
    supporters: 0,
    arriving: { payments: 0, amountMinor: 0n },
    awaitingConversion: 0,
    otherCurrencies: [],
    ...counts,
  };
}

export const familiesTotal: FundTotal = {
  ...total(2136100n, 15000n, { gifts: 612, donors: 195, unnamedGifts: 14, supporters: 231 }),
  slug: "families",
  name: "Families fund",
  public: true,
};
const youthTotal: FundTotal = {
  ...total(30000n, 0n, { gifts: 6, donors: 6, supporters: 6 }),
  slug: "youth",
  name: "Youth fund",
  public: false,
};

export const months: MonthTotal[] = [
  { month: "2020-10", fund: "families", givenMinor: 1500000n, returnedMinor: 0n },
  { month: "2020-11", fund: "families", givenMinor: 600000n, returnedMinor: 10000n },
  { month: "2021-02", fund: "families", givenMinor: 36100n, returnedMinor: 5000n },
  { month: "2021-02", fund: "youth", givenMinor: 30000n, returnedMinor: 0n },
  { month: "2021-01", fund: null, givenMinor: 7500n, returnedMinor: 0n },
];

/** The months of the families' fund as a public page shows them. */
export const blocks = [
  { from: "2020-10", to: "2020-10", raisedMinor: 1500000n },
  { from: "2020-11", to: "2020-11", raisedMinor: 590000n },
  { from: "2020-12", to: "2021-02", raisedMinor: 31100n },
];

/** All totals of the story; `changes` stand in for later ones. */
export function totals(changes: Partial<Totals> = {}): Totals {
  return {
    asOf,
    from: null,
    to: null,
    currency: "CAD",
    funds: [familiesTotal, youthTotal],
    unassigned: total(7500n, 0n, { gifts: 2, donors: 2, supporters: 2 }),
    all: total(2173600n, 15000n, { gifts: 620, donors: 201, unnamedGifts: 14, supporters: 237 }),
    ...changes,
  };
}

/** Nothing that anybody has to look after. */
const nothingOutstanding: Outstanding = {
  pending: { payments: 0, amountMinor: 0n },
  renewals: { retried: 0, nextAttempt: null, givenUp: 0 },
};

/** The dashboard's data of the story. */
export function board(
  changes: Partial<Totals & Outstanding> = {},
  rows: MonthTotal[] = months,
  today = "2026-11-21",
  beside: Partial<BesideTotals> = {},
): BoardData {
  const { pending, renewals, ...others } = { ...nothingOutstanding, ...changes };
  const clock = { today, timeZone: "America/Toronto" };
  const asked = { preset: "all time", compare: "none" } as const;
  const all = { answers, compared: null, goalMinor: null, oneTime: false, asked, ...beside };
  return boardData(totals(others), rows, { pending, renewals }, clock, null, all);
}

/** What stands around the figures on the dashboard's page, of somebody who may see everything. */
export const boardAround = {
  frame,
  address: { organisation: null, fund: null, campaign: null, from: null, to: null, compare: null, currency: null },
  places: [],
  presets: [{ name: "all time" as const, days: { from: null, to: null } }],
  comparisons: [],
  may: { makePack: true, openGifts: true, openBooks: true },
  error: null,
};

export const giftLine: GiftLine = {
  paymentId: 12n,
  part: "whole",
  state: "counted",
  occurredOn: "2021-03-05",
  countedOn: "2021-03-05",
  name: "Leyla Mammadova",
  email: "leyla@example.org",
  fund: "Families fund",
  campaign: null,
  organisation: "Alov Foundation",
  source: "stripe",
  every: "month",
  currency: "CAD",
  amountMinor: 5_000n,
  returnedMinor: 500n,
  key: "pi_1",
};

export const openedPayment: OpenedPayment = {
  id: 12n,
  key: "pi_1",
  state: "succeeded",
  kind: "order",
  occurredOn: "2021-03-05",
  countedOn: "2021-03-05",
  organisation: "Alov Foundation",
  organisationId: 1n,
  account: "alov",
  name: "Leyla Mammadova",
  email: "leyla@example.org",
  note: "For <b>all</b>",
  every: "month",
  order: "alm_0123456789abcdef01234567",
  currency: "CAD",
  amountMinor: 6_000n,
  parts: [
    {
      part: "li_1",
      kind: "gift",
      fund: "Families fund",
      campaign: null,
      description: null,
      quantity: 1,
      currency: "CAD",
      amountMinor: 5_000n,
      returnedMinor: 500n,
    },
    {
      part: "li_2",
      kind: "sale",
      fund: "Families fund",
      campaign: "Pins",
      description: "Pin",
      quantity: 2,
      currency: "CAD",
      amountMinor: 1_000n,
      returnedMinor: 100n,
    },
  ],
  returns: ["li_1", "li_2"].map((part, index) => ({
    returnId: "re_1",
    kind: "refund",
    part,
    fund: "Families fund",
    occurredOn: "2021-03-06",
    countedOn: "2021-03-06",
    currency: "CAD",
    amountMinor: index === 0 ? 500n : 100n,
  })),
};
