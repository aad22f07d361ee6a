import { expect, test } from "vitest";
import { openSql } from "../../src/db/connect.ts";
import { canonicalDump } from "../canonical-dump.ts";
import { forgetPayments } from "../charity.ts";
import { openHouse, openStripe, type Mail } from "./house.ts";

const basket = {
  "q.pin.only": "2",
  "q.shirt.black-m": "1",
  gift: "5000",
  email: "leyla@example.org",
  show: "name",
  note: "For my grandfather",
};

/** A basket paid and settled at Stripe, and the four events of it that Stripe sends in any order. */
async function paidBasket() {
  const side = openStripe();
  const shop = await openHouse(side);
  await shop.payFor("/campaigns/shop/order", basket);
  await side.sandbox.idle();
  await side.settle();
  await shop.close();
  const wanted = ["checkout.session.completed", "charge.succeeded", "payment_intent.succeeded", "charge.updated"];
  const events = wanted.map((type) => {
    const found = side.mail.find((mail) => mail.type === type);
    if (found === undefined) throw new Error(`Stripe sent no ${type}`);
    return found;
  });
  return { side, events };
}

function permutations<Item>(items: Item[]): Item[][] {
  if (items.length <= 1) return [items];
  return items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}

test(
  "[5] all 24 orders of session, charge, intent and charge.updated leave the same books",
  { timeout: 300_000 },
  async () => {
    const { side, events } = await paidBasket();
    const house = await openHouse(side);
    const owner = openSql(house.ownerUrl, { max: 1 });
    const books = async (order: Mail[], each: boolean) => {
      await forgetPayments(owner);
      for (const mail of order) {
        expect(await house.deliver(mail)).toBe(200);
        if (each) await house.book();
      }
      await house.book();
      const dump = await canonicalDump(house.sql);
      const findings = await house.sql`select * from audit()`;
      return { dump, findings };
    };
    const orders = permutations(events);
    expect(orders).toHaveLength(24);
    const first = await books(events, true);
    expect(first.dump["gift"]).toHaveLength(1);
    expect(first.dump["sale"]).toHaveLength(3);
    expect(first.findings).toEqual([]);
    for (const order of orders) {
      const names = order.map(({ type }) => type).join(", ");
      expect(await books(order, true), names).toEqual(first);
    }
    for (const order of orders.filter((_, index) => index % 3 === 0)) {
      const names = order.map(({ type }) => type).join(", ");
      expect(await books(order, false), `in one batch: ${names}`).toEqual(first);
    }
    await owner.end();
    await house.close();
  },
);

test(
  "[1] every event delivered three times, in one batch or after another, changes nothing",
  { timeout: 60_000 },
  async () => {
    const { side, events } = await paidBasket();
    const house = await openHouse(side);
    for (const mail of events) await house.deliver(mail);
    await house.book();
    const once = await canonicalDump(house.sql);
    for (const mail of [...events, ...events.toReversed()]) expect(await house.deliver(mail)).toBe(200);
    await house.book();
    expect(await canonicalDump(house.sql)).toEqual(once);
    const [inbox] = await house.sql<
      { rows: number }[]
    >`select count(*)::int as rows from inbox where source = 'webhook'`;
    expect(inbox).toEqual({ rows: 4 });
    await house.close();
  },
);

test("[2] twenty deliveries of one event at the same time make one row", async () => {
  const { side, events } = await paidBasket();
  const house = await openHouse(side);
  const [event] = events;
  if (event === undefined) throw new Error("no event");
  const statuses = await Promise.all(Array.from({ length: 20 }, async () => await house.deliver(event)));
  expect(new Set(statuses)).toEqual(new Set([200]));
  const [inbox] = await house.sql<{ rows: number }[]>`select count(*)::int as rows from inbox where source = 'webhook'`;
  expect(inbox).toEqual({ rows: 1 });
  await house.close();
});

test("[7] a batch with the same charge twice, once with and once without its balance transaction, keeps it", async () => {
  const { side, events } = await paidBasket();
  const house = await openHouse(side);
  await Promise.all(events.toReversed().map(async (mail) => await house.deliver(mail)));
  await house.book();
  const [charge] = await house.sql<
    { known: boolean }[]
  >`select balance_transaction is not null as known from stripe_charge`;
  expect(charge).toEqual({ known: true });
  await house.close();
});
