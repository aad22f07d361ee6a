import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalDump, comparable } from "../canonical-dump.ts";
import type { House, Mail } from "../flow/house.ts";
import { sweep } from "../flow/sweeper.ts";
import { otherIncome, stayedAtStripe, stayedInBooks } from "./balance.ts";
import { expectStripesBooks } from "./clearing.ts";
import { play } from "./deeds.ts";
import { histories } from "./histories.ts";
import type { Weather } from "./stripe.ts";
import { askForEverything, bookAll, openWorld, type World } from "./world.ts";

const seeds = process.env.PROVE === "1" ? 500 : 20;

const weathers: fc.Arbitrary<Weather> = fc.record({
  seed: fc.nat(),
  older: fc.constantFrom(0, 0.3, 1),
  books: fc.constantFrom(0.4, 0.15, 0.05),
});

/** How the mail of a history comes to the door: how often each piece, when, and how many are booked at a time. */
const shuffles = fc.record({
  chance: fc.infiniteStream(fc.nat(9999)),
  bookEvery: fc.constantFrom(4, 15, 50, 10_000),
});
type Shuffle = { chance: Iterator<number>; bookEvery: number };

test(
  "a history leaves the same books undisturbed, through every fault of Stripe, with its mail shuffled and repeated, and with a quarter of it lost for ever; each cent of Stripe's balance is explained",
  { timeout: 3_600_000 },
  async () => {
    const world = await openWorld();
    const { stripe, calm, shaken } = world;
    const compared = new Set<string>();
    await fc.assert(
      fc.asyncProperty(histories, weathers, shuffles, async (deeds, weather, shuffle) => {
        await world.startOver(weather);
        await play(calm, deeds, world.pass);
        await world.pass(33);
        await stripe.calmDown();
        await bookAll(shaken);
        const mail = stripe.mail();

        expect(await world.post(mail)).toEqual(mail.map(() => 200));
        await bookAll(calm);
        const undisturbed = await books(calm);
        for (const { sql } of [calm, shaken]) expect(await sql`select * from audit()`).toEqual([]);
        await expectWholeInbox(world);
        await expectStripesMoney(calm);
        expectSame(await books(shaken), undisturbed);

        await world.forget();
        await postShuffled(world, mail, shuffle);
        await bookAll(calm);
        expectSame(await books(calm), undisturbed);

        await askForEverything(calm);
        expectSame(await books(calm), undisturbed);

        // While Stripe is as it was a sweep may break off anywhere; the next one goes on.
        await sweep(shaken);
        await shaken.sql`delete from stripe_pause`;
        await sweepAll(shaken, calm.stripe);
        const swept = await books(shaken);
        await expectStripesBooks(shaken, calm.stripe);

        await world.forget();
        const told = mail.filter(() => Number(shuffle.chance.next().value) % 4 > 0);
        await postShuffled(world, told, shuffle);
        await bookAll(calm);
        await sweepAll(calm, calm.stripe);
        expectSame(await books(calm), swept);
        for (const what of await expectStripesBooks(calm, calm.stripe)) compared.add(what);
      }),
      { numRuns: seeds, endOnFailure: true },
    );
    const { neverGenerated, ...met } = stripe.counts();
    console.info(`faults met in ${seeds} histories:`, met);
    expect(neverGenerated).toBe(0);
    for (const [name, times] of Object.entries(met)) expect(times, name).toBeGreaterThan(seeds / 10);
    expect([...compared]).toEqual(
      expect.arrayContaining([
        "net of first in CAD",
        "net of second in CAD",
        "fees in CAD",
        "held back in CAD",
        "payout",
      ]),
    );
    await world.close();
  },
);

/** Sweeps a house until nothing differs any more, asks for what that showed to be missing, and books it. */
async function sweepAll(house: House, stripeOf: House["stripe"]): Promise<void> {
  const errors = [];
  while (errors.length < 3) {
    const reports = await sweep(house, { stripeOf });
    await bookAll(house);
    if (reports.every(({ error }) => error === null)) return;
    errors.push(reports.map(({ error }) => error));
  }
  throw new Error(`Stripe and the books still differ: ${JSON.stringify(errors)}`);
}

type Books = Awaited<ReturnType<typeof canonicalDump>>;

/** What the house has written down, once nothing is left to do. */
async function books({ sql }: House): Promise<Books> {
  expect(await sql`select * from ticket`).toEqual([]);
  expect(await sql`select * from fetch_need`).toEqual([]);
  return await canonicalDump(sql);
}

function expectSame(a: Books, b: Books): void {
  const [ours, theirs] = comparable(a, b);
  expect(ours).toEqual(theirs);
}

/** What stayed of each payment is what Stripe's balance says. */
async function expectStripesMoney(house: House): Promise<void> {
  const atStripe = await stayedAtStripe(house);
  for (const payment of await otherIncome(house)) delete atStripe[payment];
  expect(await stayedInBooks(house)).toEqual(atStripe);
}

/** Whatever was answered with 200 is kept, and what is of the other mode is never read. */
async function expectWholeInbox({ shaken, taken }: World): Promise<void> {
  const rows = await shaken.sql<{ id: string; livemode: boolean; mark: string | null }[]>`
    select event_id as id, livemode, mark from inbox where source = 'webhook' order by 1, 2`;
  const answered = taken().toSorted((a, b) => (a.id < b.id ? -1 : 1));
  expect(rows.map(({ id, livemode }) => ({ id, livemode }))).toEqual(answered);
  for (const { livemode, mark } of rows) expect(mark === "wrong mode").toBe(livemode);
}

/** The mail in any order, each piece once to three times, some of it booked before the rest has come. */
async function postShuffled(world: World, mail: readonly Mail[], { chance, bookEvery }: Shuffle): Promise<void> {
  const next = (): number => chance.next().value as number;
  const pieces = mail
    .flatMap((one) => Array.from({ length: 1 + (next() % 3) }, () => ({ one, at: next() })))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one);
  for (let from = 0; from < pieces.length; from += bookEvery) {
    const some = pieces.slice(from, from + bookEvery);
    expect(await world.post(some)).toEqual(some.map(() => 200));
    await world.calm.book();
  }
}
