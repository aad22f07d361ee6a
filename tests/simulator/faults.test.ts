import fc from "fast-check";
import { expect, test } from "vitest";
import { openSql } from "../../src/db/connect.ts";
import { canonicalDump } from "../canonical-dump.ts";
import { forgetPayments } from "../charity.ts";
import { openHouse, type House, type Mail } from "../flow/house.ts";
import { histories, play } from "./deeds.ts";

const seeds = process.env.PROVE === "1" ? 500 : 20;

/** How the mail of a history reaches the door: how often each piece, when, and how many are booked at a time. */
const disturbances = fc.record({
  chance: fc.infiniteStream(fc.nat(9999)),
  bookEvery: fc.constantFrom(1, 4, 30, 10_000),
});

test(
  "a history that reaches the door in any order, twice over and in any batches leaves the books of an undisturbed one",
  { timeout: 900_000 },
  async () => {
    const house = await openHouse();
    const owner = openSql(house.ownerUrl, { max: 1 });
    await fc.assert(
      fc.asyncProperty(histories, disturbances, async (deeds, { chance, bookEvery }) => {
        await forgetPayments(owner);
        await play(house, deeds);
        const mail = house.mail.splice(0);

        for (const one of mail) expect(await house.deliver(one)).toBe(200);
        await bookAll(house);
        const undisturbed = await canonicalDump(house.sql);
        expect(await house.sql`select * from audit()`).toEqual([]);

        await forgetPayments(owner);
        const disturbed = mail
          .flatMap((one): { one: Mail; at: number }[] =>
            Array.from({ length: 1 + ((chance.next().value as number) % 3) }, () => ({
              one,
              at: chance.next().value as number,
            })),
          )
          .sort((a, b) => a.at - b.at);
        for (const [place, { one }] of disturbed.entries()) {
          expect(await house.deliver(one)).toBe(200);
          if (place % bookEvery === bookEvery - 1) await house.book();
        }
        await bookAll(house);
        expect(await canonicalDump(house.sql)).toEqual(undisturbed);
        expect(await house.sql`select * from audit()`).toEqual([]);
        expect(await house.sql`select * from ticket`).toEqual([]);
      }),
      { numRuns: seeds, endOnFailure: true },
    );
    await owner.end();
    await house.close();
  },
);

/** Books everything, and asks Stripe also for what it would only ask in a while. */
async function bookAll(house: House): Promise<void> {
  await house.book();
  await house.sql`update fetch_need set due_at = now() where due_at < 'infinity'`;
  await house.book();
}
