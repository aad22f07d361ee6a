import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openHouse, type House } from "./house.ts";

let house: House;
beforeEach(async () => {
  house = await openHouse();
});
afterEach(async () => {
  expect(await house.sql`select * from audit()`).toEqual([]);
  await house.close();
});

const person = { email: "nigar@example.org", show: "nothing" };

describe("a sale", () => {
  test("of two pins and a shirt with a gift on top: goods, shipping and gift each count as what they are", async () => {
    await house.payFor("/campaigns/shop/order", { ...person, "q.pin.only": "2", "q.shirt.black-l": "1", gift: "5000" });
    await house.receive();
    expect(await house.campaign("shop")).toMatchObject({
      slug: "shop",
      fund: "families",
      kind: "merchandise",
      unitsSold: 3,
      grossMinor: 3500,
      feesMinor: null,
      promisedMinor: 1365,
      actualMinor: null,
      differenceMinor: null,
    });
    expect(await house.fund("families")).toMatchObject({ givenMinor: 5000, gifts: 1, donors: 1, supporters: 1 });
    const sales = await house.sql`
      select coalesce(i.slug::text, 'shipping') as item, v.slug::text as variant, s.quantity, s.amount_minor as amount
      from sale s left join item i on i.id = s.item_id left join variant v on v.id = s.variant_id order by 1`;
    expect(sales).toEqual([
      { item: "pin", variant: "only", quantity: 2n, amount: 1000n },
      { item: "shipping", variant: null, quantity: 0n, amount: 700n },
      { item: "shirt", variant: "black-l", quantity: 1n, amount: 2500n },
    ]);
  });

  test("makes a supporter, not a donor", async () => {
    await house.payFor("/campaigns/stickers/order", { ...person, "q.sticker.only": "3" });
    await house.receive();
    expect(await house.fund("families")).toMatchObject({ givenMinor: 0, gifts: 0, donors: 0, supporters: 1 });
    expect(await house.campaign("stickers")).toMatchObject({ unitsSold: 3, grossMinor: 900 });
  });

  test("[13] keeps its lines though there are more than Stripe sends on one page", { timeout: 60_000 }, async () => {
    const stripe = await house.stripe("first");
    const session = await stripe.checkout.sessions.create({
      mode: "payment",
      success_url: "http://localhost:8787/thanks/x",
      metadata: { order: "alm_0123456789abcdefghijklmn", campaign: "shop" },
      payment_intent_data: { metadata: { order: "alm_0123456789abcdefghijklmn", campaign: "shop" } },
      line_items: Array.from({ length: 250 }, (_, index) => ({
        quantity: 1,
        price_data: {
          currency: "cad",
          unit_amount: 500 + index,
          product_data: {
            name: `Pin ${index}`,
            metadata: { kind: "sale", campaign: "shop", item: "pin", variant: "only" },
          },
        },
      })),
    });
    await house.sandbox.pay("first", session.id, { email: "nigar@example.org", name: "Nigar", card: "domestic" });
    await house.receive();
    expect(await house.campaign("shop")).toMatchObject({ unitsSold: 250, grossMinor: 250 * 500 + (249 * 250) / 2 });
  });
});

describe("a refund", () => {
  const gift = { ...person, amount: "5000" };

  test("in part lowers the fund by the refunded part only, and the donor stays", async () => {
    const session = await house.payFor("/funds/families/give", gift);
    await house.refund("first", session, 1250);
    await house.receive();
    expect(await house.fund("families")).toMatchObject({
      givenMinor: 5000,
      returnedMinor: 1250,
      raisedMinor: 3750,
      gifts: 1,
      donors: 1,
    });
    expect(await house.text("/funds/families")).toMatch(/\$37/u);
  });

  test("in full takes the gift and its donor out of the counts, and returns show what was given", async () => {
    const session = await house.payFor("/funds/families/give", gift);
    await house.receive();
    await house.refund("first", session);
    await house.receive();
    expect(await house.fund("families")).toMatchObject({
      givenMinor: 5000,
      returnedMinor: 5000,
      raisedMinor: 0,
      gifts: 0,
      donors: 0,
      supporters: 0,
    });
  });

  test("[10] that comes before its charge is kept and counts when the charge comes", async () => {
    const session = await house.payFor("/funds/families/give", gift);
    await house.refund("first", session, 2000);
    await house.sandbox.idle();
    const mail = house.mail.splice(0);
    for (const one of mail.filter(({ type }) => type.startsWith("refund."))) await house.deliver(one);
    await house.book();
    expect(await house.fund("families")).toMatchObject({ givenMinor: 0, returnedMinor: 0 });
    for (const one of mail.filter(({ type }) => !type.startsWith("refund."))) await house.deliver(one);
    await house.book();
    expect(await house.fund("families")).toMatchObject({ givenMinor: 5000, returnedMinor: 2000, donors: 1 });
  });

  test("[12] three in part and then the rest return exactly what was paid, part by part of a basket", async () => {
    const session = await house.payFor("/campaigns/shop/order", { ...person, "q.pin.only": "1", gift: "2500" });
    await house.receive();
    for (const amount of [333, 334, 1]) await house.refund("first", session, amount);
    await house.refund("first", session);
    await house.receive();
    const parts = await house.sql`
      select p.part = 'shipping' as shipping, p.is_sale, sum(p.amount_minor)::bigint as returned
      from return_part p group by 1, 2, p.part order by 3`;
    expect(parts).toEqual([
      { shipping: false, is_sale: true, returned: 500n },
      { shipping: true, is_sale: true, returned: 700n },
      { shipping: false, is_sale: false, returned: 2500n },
    ]);
    expect(await house.fund("families")).toMatchObject({
      givenMinor: 2500,
      returnedMinor: 2500,
      gifts: 0,
      donors: 0,
      supporters: 0,
    });
  });

  test("of a sale leaves what was given as it was", async () => {
    const session = await house.payFor("/campaigns/stickers/order", { ...person, "q.sticker.only": "1" });
    await house.refund("first", session);
    await house.receive();
    expect(await house.fund("families")).toMatchObject({ givenMinor: 0, returnedMinor: 0, supporters: 0 });
  });

  test("counts on its own day, so the month of the gift keeps what was given then", async () => {
    house.setClock("2021-03-31T15:00:00Z");
    const session = await house.payFor("/funds/families/give", gift);
    await house.receive();
    house.setClock("2021-04-02T15:00:00Z");
    await house.refund("first", session, 1000);
    await house.receive();
    const months =
      await house.sql`select month, given_minor as given, returned_minor as returned from totals_by_month(null, null, 'CAD') order by 1`;
    expect(months).toEqual([
      { month: "2021-03", given: 5000n, returned: 0n },
      { month: "2021-04", given: 0n, returned: 1000n },
    ]);
  });
});
