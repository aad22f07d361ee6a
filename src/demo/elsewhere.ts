import { dayBetween, firstDay, lastDay, momentOf } from "./calendar.ts";
import { storyFund } from "./catalogue.ts";
import type { Chance } from "./chance.ts";
import { checkoutBy } from "./checkout.ts";
import type { Person } from "./person.ts";
import type { Linked, StoryAction } from "./plan.ts";

/** Gifts to the two general funds, most of them online. */
export function generalStory(chance: Chance, people: Person[]): StoryAction[] {
  return people.map((payer, index) => {
    const account = index % 5 < 3 ? "alov" : "acmc";
    const fund = storyFund(`${account}-general`);
    const day = dayBetween(chance, firstDay, lastDay);
    const amountMinor = chance.pick([1000n, 2000n, 2500n, 2500n, 5000n, 10_000n]);
    const entry = { key: `general-${String(index + 1).padStart(2, "0")}`, at: momentOf(chance, day) };
    if (index % 9 === 8)
      return { ...entry, kind: "cash", fund: fund.slug, day, amountMinor, payer, note: "At the door" };
    const wish = { account, lines: [{ kind: "gift" as const, fund, amountMinor }], backPath: `/funds/${fund.slug}` };
    return { ...entry, ...checkoutBy(chance, payer, wish) };
  });
}

/** What came through links of Stripe's own dashboard: some for no fund that we know, some that are no gifts at all. */
const links = [
  { account: "alov", amountMinor: 5000n, description: "Donation" },
  { account: "acmc", amountMinor: 3000n, description: "Membership dues" },
  { account: "alov", amountMinor: 2500n, description: "Donation" },
  { account: "acmc", amountMinor: 10_000n, description: "Quick payment" },
  { account: "alov", amountMinor: 3500n, description: "Evening of music, ticket" },
  { account: "acmc", amountMinor: 2000n, description: "Donation" },
  { account: "alov", amountMinor: 7500n, description: "Donation" },
] as const;

/** How many people pay through such a link. */
export const linkPeople = links.length;

export function linkStory(chance: Chance, people: Person[]): StoryAction[] {
  return links.flatMap((link, index) => {
    const payer = people[index];
    if (payer === undefined) return [];
    const paid: Linked = { kind: "link", ...link, payer, card: payer.card };
    return [{ key: `link-${index + 1}`, at: momentOf(chance, dayBetween(chance, "2021-01-10", lastDay)), ...paid }];
  });
}
