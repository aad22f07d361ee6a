import fc from "fast-check";
import { expect, test } from "vitest";
import { listAccounts } from "../../src/db/account.ts";
import { createUndeliveredSweep } from "../../src/jobs/undelivered.ts";
import { canonicalDump, comparable } from "../canonical-dump.ts";
import type { House } from "../flow/house.ts";
import { sweep } from "../flow/sweeper.ts";
import { play } from "./deeds.ts";
import { histories } from "./histories.ts";
import { bookAll, openWorld, type World } from "./world.ts";

const seeds = process.env.PROVE === "1" ? 100 : 4;
/** These go over more than a month, of two accounts, and so take longer. */
const longSeeds = process.env.PROVE === "1" ? 50 : 2;
const outageDays = 5;

/** Looks through the undelivered events of all accounts until Stripe has answered for each; answers how many were new. */
async function undeliveredOf({ shaken, stripe }: World): Promise<() => Promise<number>> {
  const rows = await listAccounts(shaken.sql);
  const sweep = createUndeliveredSweep({
    sql: shaken.sql,
    mode: "sandbox",
    now: stripe.sandbox.now,
    log: () => undefined,
    async accountById(id) {
      const row = rows.find((account) => account.id === id);
      return row === undefined ? null : { ...row, webhookSecrets: [], stripe: await shaken.stripe(row.slug) };
    },
  });
  return async () => {
    let found = 0;
    let swept = 0;
    while (swept < rows.length) {
      await shaken.sql`delete from stripe_pause`;
      found += await sweep.once("all");
      const now = stripe.sandbox.now();
      swept = (await shaken.sql`select from undelivered_sweep where swept_to = ${now}`).length;
    }
    return found;
  };
}

test(
  "five days in which the endpoint was disabled are made good for from Stripe's list of undelivered events, in any history",
  { timeout: 3_600_000 },
  async () => {
    const world = await openWorld();
    const { stripe, calm, shaken } = world;
    const look = await undeliveredOf(world);
    let recovered = 0;
    await fc.assert(
      fc.asyncProperty(histories, histories, fc.nat(), async (before, during, seed) => {
        await world.startOver({ seed, older: 0, books: 0.2 });
        await play(calm, before, world.pass);
        await look();

        await setEndpoints(calm, { disabled: true });
        const duringOutage = during.filter(({ kind }) => kind !== "days");
        await play(calm, duringOutage, async () => undefined);
        for (let day = 0; day < outageDays; day += 1) await stripe.passDay();
        await setEndpoints(calm, { disabled: false });
        recovered += await look();

        await world.pass(20);
        await stripe.calmDown();
        await look();
        await bookAll(shaken);

        const mail = await everyEvent(calm);
        expect(await world.post(mail)).toEqual(mail.map(() => 200));
        await bookAll(calm);
        const [theirs, ours] = comparable(await canonicalDump(calm.sql), await canonicalDump(shaken.sql));
        expect(ours).toEqual(theirs);
        expect(await shaken.sql`select * from audit()`).toEqual([]);
        expect(await shaken.sql`select * from ticket`).toEqual([]);
      }),
      { numRuns: seeds, endOnFailure: true },
    );
    console.info(`events recovered after outages in ${seeds} histories: ${recovered}`);
    expect(recovered).toBeGreaterThan(seeds * 10);
    await world.close();
  },
);

/** What Stripe lists nowhere afterwards, and tells of only by its events: what becomes of payers who do not pay again. */
const untold = ["new address", "forgotten"];
const longOutageDays = 40;

test(
  "[62] an outage of forty days, longer than Stripe keeps events, is made good for from the objects alone, in any history",
  { timeout: 3_600_000 },
  async () => {
    const world = await openWorld();
    const { stripe, calm, shaken } = world;
    // The faults of single requests are for other tests: here all of them would have to go well in a row.
    const errors = async (house: House) => (await sweep(house, { stripeOf: calm.stripe })).map(({ error }) => error);
    await fc.assert(
      fc.asyncProperty(histories, histories, fc.nat(), async (before, during, seed) => {
        await world.startOver({ seed, older: 0, books: 0.2 });
        await play(calm, before, world.pass);
        await world.pass(5);
        await bookAll(shaken);
        expect(await errors(shaken)).toEqual([null, null]);

        await setEndpoints(calm, { disabled: true });
        const duringOutage = during.filter(({ kind }) => kind !== "days" && !untold.includes(kind));
        await play(calm, duringOutage, async () => undefined);
        for (let day = 0; day < longOutageDays; day += 1) await stripe.passDay();
        await setEndpoints(calm, { disabled: false });
        await shaken.sql`update sweep_state set look_back_at = now()`;
        expect(await errors(shaken)).toEqual([null, null]);
        await bookAll(shaken);

        const mail = await everyEvent(calm);
        expect(await world.post(mail)).toEqual(mail.map(() => 200));
        await bookAll(calm);
        // Fees are in no event either way.
        expect(await errors(calm)).toEqual([null, null]);
        const [theirs, ours] = comparable(await canonicalDump(calm.sql), await canonicalDump(shaken.sql));
        expect(ours).toEqual(theirs);
        expect(await shaken.sql`select * from audit()`).toEqual([]);
        expect(await shaken.sql`select * from ticket`).toEqual([]);
      }),
      { numRuns: longSeeds, endOnFailure: true },
    );
    await world.close();
  },
);

const accounts = ["first", "second"];

async function setEndpoints(house: House, { disabled }: { disabled: boolean }): Promise<void> {
  for (const account of accounts) {
    const { webhookEndpoints } = await house.stripe(account);
    for (const { id } of (await webhookEndpoints.list()).data) await webhookEndpoints.update(id, { disabled });
  }
}

/** What Stripe would have sent, oldest first, delivered or not. */
async function everyEvent(house: House): Promise<{ account: string; body: string }[]> {
  const mail = [];
  for (const account of accounts) {
    const list = (await house.stripe(account)).events.list({ limit: 100 });
    const events = await list.autoPagingToArray({ limit: 10_000 });
    mail.push(...events.toReversed().map((event) => ({ account, body: JSON.stringify(event) })));
  }
  return mail;
}
