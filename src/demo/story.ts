import { chanceFrom } from "./chance.ts";
import { generalStory, linkPeople, linkStory } from "./elsewhere.ts";
import { familiesPeople, familiesStory } from "./families.ts";
import { pinStory, shopStory } from "./merchandise.ts";
import { makePeople } from "./person.ts";
import type { StoryAction, StoryPlan } from "./plan.ts";

/** The seed of the story that `npm run demo` tells. */
export const storySeed = 2020;

/** New faces outside the fund for bereaved families. */
const newBuyersOfPins = 24;
const newBuyersOfShop = 50;
const newGeneralGivers = 10;
const newLinkPayers = 4;

/**
 * The story of a real campaign of 2020 to 2023, told with generated people: the published sums are met to the cent for
 * every seed, all else is chance. Pure: the same seed gives the same plan. Actions come in the order of time.
 */
export function story(seed: number): StoryPlan {
  const chance = chanceFrom(seed);
  const crowd = makePeople(
    chance,
    familiesPeople + newBuyersOfPins + newBuyersOfShop + newGeneralGivers + newLinkPayers,
  );
  const take = (count: number) => crowd.splice(0, count);

  const families = take(familiesPeople);
  // The last of them is the one whose only gift goes back: nobody else meets that person.
  const donors = chance.shuffled(families.slice(0, -1));
  const pinBuyers = [...donors.slice(0, 22), ...take(newBuyersOfPins)];
  const shopBuyers = [...donors.slice(16, 50), ...pinBuyers.slice(-8), ...take(newBuyersOfShop)];
  const generalGivers = [...donors.slice(60, 82), ...take(newGeneralGivers), ...shopBuyers.slice(-4)];
  const linkPayers = [...take(newLinkPayers), ...donors.slice(90, 90 + linkPeople - newLinkPayers)];

  const actions = [
    ...familiesStory(chance, families),
    ...pinStory(chance, chance.shuffled(pinBuyers)),
    ...shopStory(chance, chance.shuffled(shopBuyers)),
    ...generalStory(chance, chance.shuffled(generalGivers)),
    ...linkStory(chance, linkPayers),
  ];
  return { actions: actions.toSorted(byTime) };
}

/** By time; by key at the same moment, so that a plan has one order only. */
function byTime(a: StoryAction, b: StoryAction): number {
  if (a.at !== b.at) return a.at < b.at ? -1 : 1;
  return a.key < b.key ? -1 : 1;
}
