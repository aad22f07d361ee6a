import { dayAfter, dayBetween, lastDay, monthsAfter } from "./calendar.ts";
import type { Chance } from "./chance.ts";
import type { Person } from "./person.ts";

/** A gift of the same sum on the same day of `months` months, the first one on `day`; it is stopped on `until`. */
export type Series = { payer: Person; day: string; months: number; until: string; dollars: number };

/** How many give every month, some to the end, and for how long. Invented for this demo: the sources do not say. */
const monthlyGivers = 8;
const toTheEnd = 3;
const monthsLeast = 5;
const monthsMost = 20;

/** The monthly gifts of some of `people`, each ended before the story does. */
export function monthlyGifts(chance: Chance, people: Person[]): Series[] {
  return chance
    .shuffled(people)
    .slice(0, monthlyGivers)
    .map((payer, index) => {
      const months = chance.between(monthsLeast, monthsMost);
      const begun =
        index < toTheEnd
          ? monthsAfter(lastDay, 1 - months)
          : dayBetween(chance, "2020-11-01", monthsAfter(lastDay, -months));
      // A day that every month has, so that nobody need know what Stripe does in February.
      const day = `${begun.slice(0, 8)}${chance.between(10, 20)}`;
      return {
        payer,
        day,
        months,
        until: dayAfter(monthsAfter(day, months - 1), chance.between(2, 10)),
        dollars: chance.pick([10, 15, 20, 20, 25, 30, 50]),
      };
    });
}
