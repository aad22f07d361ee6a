import type { Every } from "../core/order.ts";
import { dayAfter, dayBetween, dayOfTheRush, firstDay, laterDay, lastDay, momentOf } from "./calendar.ts";
import { storyFund } from "./catalogue.ts";
import type { Chance } from "./chance.ts";
import { checkoutBy } from "./checkout.ts";
import { monthlyGifts } from "./monthly.ts";
import type { Series } from "./monthly.ts";
import type { Person } from "./person.ts";
import type { StoryAction } from "./plan.ts";

/*
 * The joint fund for bereaved families. Published: 195 donors, $21,211.00 raised. Invented for this demo: how the sum is
 * made up, who gives monthly, and the returns.
 */
const donors = 195;
const givenMinor = 2_136_100n;
const unnamedGifts = 14;
/** Gifts of known people that were not wholly returned. */
const namedGifts = 598;

/** What people give, in dollars, and how often. */
const amounts = [
  [5, 5],
  [10, 15],
  [15, 4],
  [20, 22],
  [25, 14],
  [30, 6],
  [40, 5],
  [50, 16],
  [60, 2],
  [75, 2],
  [100, 5],
  [150, 1],
  [200, 1.4],
  [250, 0.4],
  [500, 0.3],
] as const;
const steps = amounts.map(([dollars]) => dollars);

const notes = [
  "With love from Ottawa.",
  "For the children.",
  "In memory of my grandmother.",
  "From our whole class.",
  "Thinking of you all.",
  "From our family to yours.",
  "Thank you for doing this.",
  "With warm wishes from Halifax.",
  "In memory of my father.",
  "Our office bake sale.",
  "Instead of birthday presents.",
] as const;

/** A gift before it becomes an action. */
type Gift = { payer: Person; day: string; dollars: number; note: string | null };

/** How many people give to this fund: the donors, and one whose only gift goes back. */
export const familiesPeople = donors + 1;

/** All that happens to the fund `families`; `people` are `familiesPeople` many. */
export function familiesStory(chance: Chance, people: Person[]): StoryAction[] {
  const given = people.slice(0, donors);
  const [regretful] = people.slice(donors);
  const cash = cashGifts(chance, given);
  const monthly = monthlyGifts(chance, given);
  const months = monthly.flatMap(({ dollars, months }) => Array.from({ length: months }, () => ({ dollars })));
  // One more of the named gifts is returned in part, some came in cash, and some by themselves every month.
  const single = namedGifts - 1 - cash.filter(({ payer }) => payer !== null).length - months.length;
  const gifts = namedGiftsOf(chance, given).slice(0, single);
  const [doubled, another, ...others] = gifts;
  if (regretful === undefined || doubled === undefined || another === undefined) throw new RangeError("too few people");
  doubled.dollars = 50;
  const returned = returnedGifts({ regretful, doubled, generous: another.payer });
  const planned = [...gifts, ...returned.map(({ gift }) => gift), ...cash, ...months];
  const missing = Number(givenMinor) / 100 - planned.reduce((sum, { dollars }) => sum + dollars, 0);
  spread(chance, others, missing);

  return [
    ...gifts.map((gift, index) => online(chance, `families-gift-${String(index + 1).padStart(3, "0")}`, gift)),
    ...monthly.flatMap((series, index) => everyMonth(chance, `families-monthly-${index + 1}`, series)),
    ...returned.flatMap(({ key, gift, back }) => [
      online(chance, `families-gift-${key}`, gift),
      back === "disputed" ? dispute(chance, key, gift.day) : refund(chance, key, gift.day, back),
    ]),
    ...cash.map((gift, index) => inCash(chance, `families-cash-${String(index + 1).padStart(2, "0")}`, gift)),
  ];
}

/** Everybody gives once; some give again and again, and one of them most of all. */
function namedGiftsOf(chance: Chance, given: Person[]): Gift[] {
  const first = given.map((payer) =>
    gift(chance, payer, chance.oneIn(3) ? laterDay(chance, firstDay) : dayOfTheRush(chance)),
  );
  const faithful = first.filter(() => chance.oneIn(2)).map((start) => [start, chance.next() ** 2 + 0.02] as const);
  const again = Array.from({ length: namedGifts - first.length }, () => {
    const start = chance.weighted(faithful);
    const soon = chance.oneIn(4) ? dayAfter(start.day, chance.between(1, 40)) : laterDay(chance, start.day);
    return gift(chance, start.payer, soon > lastDay ? lastDay : soon);
  });
  return [...first, ...again];
}

function gift(chance: Chance, payer: Person, day: string): Gift {
  return { payer, day, dollars: chance.weighted(amounts), note: chance.oneIn(14) ? chance.pick(notes) : null };
}

/** Fourteen from nobody known, and two by known donors who do not like cards. */
function cashGifts(chance: Chance, given: Person[]): (Omit<Gift, "payer"> & { payer: Person | null })[] {
  const unnamed = Array.from({ length: unnamedGifts }, (_, index) => ({
    payer: null,
    day: dayBetween(chance, dayAfter(firstDay, index * 60), dayAfter(firstDay, index * 60 + 59)),
    dollars: chance.pick([10, 20, 20, 40, 50, 60, 100]),
    note: index % 5 === 0 ? "Donation box" : null,
  }));
  const known = given
    .slice(-2)
    .map((payer) => ({ payer, day: dayBetween(chance, "2021-03-01", lastDay), dollars: 40, note: null }));
  return [...unnamed, ...known];
}

/**
 * Three returns, $150.00 in all: a gift made twice, a person's only gift, which the bank takes back, and a slip of the
 * finger, three quarters of which go back.
 */
function returnedGifts(who: { regretful: Person; doubled: Gift; generous: Person }): Returned[] {
  const { regretful, doubled, generous } = who;
  return [
    { key: "twice", back: 50, gift: { ...doubled, note: null } },
    { key: "only", back: "disputed", gift: { payer: regretful, day: "2020-11-12", dollars: 25, note: null } },
    { key: "slip", back: 75, gift: { payer: generous, day: "2021-05-27", dollars: 100, note: null } },
  ];
}
type Returned = { key: string; back: number | "disputed"; gift: Gift };

/** Moves amounts up or down the usual steps until `missing` dollars are made up; the last few go onto one gift. */
function spread(chance: Chance, gifts: Gift[], missing: number): void {
  let left = missing;
  while (Math.abs(left) >= 5) {
    const chosen = chance.pick(gifts);
    const next = steps[steps.indexOf(chosen.dollars as (typeof steps)[number]) + Math.sign(left)];
    if (next === undefined || Math.abs(next - chosen.dollars) > Math.abs(left)) continue;
    left -= next - chosen.dollars;
    chosen.dollars = next;
  }
  const last = gifts.find(({ dollars }) => dollars === 20);
  if (last === undefined) throw new RangeError("nobody gives $20");
  last.dollars += left;
}

function online(chance: Chance, key: string, { payer, day, dollars, note }: Gift, every: Every = "once"): StoryAction {
  const fund = storyFund("families");
  const wish = {
    account: chance.oneIn(3) ? "acmc" : "alov",
    lines: [{ kind: "gift" as const, fund, amountMinor: BigInt(dollars) * 100n }],
    backPath: "/funds/families",
    note,
    every,
  };
  return { key, at: momentOf(chance, day), ...checkoutBy(chance, payer, wish) };
}

/** A monthly gift begins, and is stopped after its last month; the payments between come by themselves. */
function everyMonth(chance: Chance, key: string, { payer, day, dollars, until }: Series): StoryAction[] {
  return [
    online(chance, key, { payer, day, dollars, note: null }, "month"),
    { key: `${key}-stop`, at: momentOf(chance, until), kind: "stop", of: key },
  ];
}

/** A bank takes its time. */
function dispute(chance: Chance, key: string, day: string): StoryAction {
  const at = momentOf(chance, dayAfter(day, chance.between(20, 60)));
  return { key: `families-dispute-${key}`, at, kind: "dispute", of: `families-gift-${key}` };
}

function refund(chance: Chance, key: string, day: string, dollars: number): StoryAction {
  const at = momentOf(chance, dayAfter(day, chance.between(1, 6)));
  return {
    key: `families-refund-${key}`,
    at,
    kind: "refund",
    of: `families-gift-${key}`,
    amountMinor: BigInt(dollars) * 100n,
  };
}

function inCash(chance: Chance, key: string, given: Omit<Gift, "payer"> & { payer: Person | null }): StoryAction {
  const { payer, day, dollars, note } = given;
  return {
    key,
    at: momentOf(chance, day),
    kind: "cash",
    fund: "families",
    day,
    amountMinor: BigInt(dollars) * 100n,
    payer,
    note,
  };
}
