import type { OrderLine } from "../core/order.ts";
import { dayBetween, lastDay, momentOf } from "./calendar.ts";
import { storyCampaign, storyFund } from "./catalogue.ts";
import type { Ware } from "./catalogue.ts";
import type { Chance } from "./chance.ts";
import { checkoutBy } from "./checkout.ts";
import type { Person } from "./person.ts";
import type { StoryAction } from "./plan.ts";

/** Published: 45 pins at $5.00, $4.55 of each; that is so for payments of their own by domestic cards. */
const pinsSold = 45;
const shopOrders = 128;

/** Every pin is bought alone; a few people come back for another. */
export function pinStory(chance: Chance, buyers: Person[]): StoryAction[] {
  const { slug, account, wares } = storyCampaign("khari-bulbul-pin");
  const athome = buyers.filter(({ card }) => card === "domestic");
  return Array.from({ length: pinsSold }, (_, index) => {
    const payer = athome[index] ?? chance.pick(athome);
    const day = dayBetween(chance, "2021-02-20", chance.oneIn(4) ? "2022-06-30" : "2021-05-31");
    const lines = [saleOf(slug, chance.pick(wares), 1)];
    return {
      key: `pin-${String(index + 1).padStart(2, "0")}`,
      at: momentOf(chance, day),
      ...checkoutBy(chance, payer, { account, lines, backPath: `/campaigns/${slug}` }),
    };
  });
}

/** Orders of the We Are Karabakh shop: up to four lines, in sizes and colours, by post, some with a gift on top. */
export function shopStory(chance: Chance, buyers: Person[]): StoryAction[] {
  const { slug, account, shippingMinor, wares } = storyCampaign("we-are-karabakh");
  return Array.from({ length: shopOrders }, (_, index) => {
    const payer = buyers[index] ?? chance.pick(buyers);
    const day = dayBetween(chance, "2020-11-01", chance.oneIn(3) ? lastDay : "2021-02-28");
    const lines = [...basket(chance, slug, wares), ...giftOnTop(chance)];
    return {
      key: `shop-${String(index + 1).padStart(3, "0")}`,
      at: momentOf(chance, day),
      ...checkoutBy(chance, payer, { account, lines, shippingMinor, backPath: `/campaigns/${slug}` }),
    };
  });
}

function basket(chance: Chance, campaign: string, wares: Ware[]): OrderLine[] {
  const many = chance.weighted([
    [1, 10],
    [2, 6],
    [3, 3],
    [4, 1],
  ]);
  const items = chance.shuffled([...new Set(wares.map(({ item }) => item.slug))]).slice(0, many);
  return items.map((slug) => {
    const choices = wares.filter(({ item }) => item.slug === slug);
    return saleOf(
      campaign,
      chance.pick(choices),
      chance.weighted([
        [1, 14],
        [2, 4],
        [3, 1],
      ]),
    );
  });
}

function saleOf(campaign: string, ware: Ware, quantity: number): OrderLine {
  return { kind: "sale", campaign: { slug: campaign }, item: ware.item, variant: ware.variant, quantity };
}

function giftOnTop(chance: Chance): OrderLine[] {
  if (!chance.oneIn(7)) return [];
  return [{ kind: "gift", fund: storyFund("we-are-karabakh"), amountMinor: chance.pick([500n, 1000n, 1000n, 2500n]) }];
}
