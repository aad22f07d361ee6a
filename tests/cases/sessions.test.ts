import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { charge } from "../fixtures/stripe/charge.ts";
import { checkoutSession } from "../fixtures/stripe/checkout-session.ts";
import { customer } from "../fixtures/stripe/customer.ts";
import { lineItem } from "../fixtures/stripe/line-item.ts";
import { stripeEvent, type TestEvent } from "../stripe-event.ts";
import { openBooks, listOf, type Books } from "./books.ts";

let books: Books;
beforeAll(async () => {
  books = await openBooks();
});
beforeEach(async () => await books.forget());
afterEach(async () => expect(await books.audit()).toEqual([]));
afterAll(async () => await books.close());

const linesOf = (session: string): string => `/v1/checkout/sessions/${session}/line_items`;
const line = (metadata: Record<string, string>, overrides: object = {}): object => ({
  ...lineItem,
  amount_total: 5000,
  quantity: 1,
  price: { ...lineItem.price, product: { id: "prod_1", object: "product", metadata } },
  ...overrides,
});
const giftLine = line({ kind: "gift", fund: "families" });
const pin = line({ kind: "sale", campaign: "shop", item: "pin", variant: "only" }, { quantity: 10 });

describe("[21] an order that a promotion code made free", () => {
  const free = {
    payment_status: "no_payment_required",
    payment_intent: null,
    amount_total: 0,
    total_details: { amount_discount: 5000, amount_shipping: 0, amount_tax: 0 },
  };
  const ofNothing = line(
    { kind: "sale", campaign: "shop", item: "pin", variant: "only" },
    { amount_total: 0, quantity: 10 },
  );

  test("[21] is kept with its goods, and is no payment and no gift", async () => {
    books.answers.set(linesOf(checkoutSession.id), listOf([ofNothing]));
    await books.bring(stripeEvent("checkout.session.completed", free));
    expect(books.asked).toEqual([linesOf(checkoutSession.id)]);
    await books.wait();
    expect([await books.states(), await books.gifts(), await books.sql`select from sale`]).toEqual([[], [], []]);
    const orders = await books.sql`
      select s.payment_status, s.metadata ->> 'order' as order, l.metadata ->> 'item' as item, l.quantity::int, l.amount_total_minor as amount
      from stripe_checkout_session s join stripe_line_item l on l.session = s.id`;
    expect(orders).toEqual([
      {
        payment_status: "no_payment_required",
        order: "alm_0123456789abcdefghij",
        item: "pin",
        quantity: 10,
        amount: 0n,
      },
    ]);
    expect(await books.sql`select from fetch_need`).toEqual([]);
    expect((await books.request(`/thanks/${checkoutSession.id}`)).status).toBe(200);
  });

  test("[21] told twice, or not ours, asks for its lines once, or not at all", async () => {
    const other = { ...free, id: "cs_test_notours1", metadata: { order: "somebody-else" } };
    books.answers.set(linesOf(checkoutSession.id), listOf([ofNothing]));
    await books.bring(
      stripeEvent("checkout.session.completed", free),
      stripeEvent("checkout.session.completed", free),
      stripeEvent("checkout.session.completed", other),
    );
    expect(books.asked).toEqual([linesOf(checkoutSession.id)]);
  });
});

test("[22] of a session that ran out and the one that recovered it, only the second counts", async () => {
  const expired = stripeEvent("checkout.session.expired", {
    id: "cs_test_expired01",
    status: "expired",
    payment_status: "unpaid",
    payment_intent: null,
    after_expiration: { recovery: { enabled: true, url: "https://buy.stripe.com/r/1", expires_at: 1604500000 } },
  });
  const recovered = stripeEvent("checkout.session.completed", { recovered_from: "cs_test_expired01" });
  for (const order of [
    [expired, recovered, stripeEvent("charge.succeeded")],
    [stripeEvent("charge.succeeded"), recovered, expired],
  ]) {
    await books.forget();
    books.answers.set(linesOf(checkoutSession.id), listOf([giftLine]));
    await books.bring(...order);
    expect(await books.states()).toEqual(["succeeded"]);
    expect(await books.fund("families")).toMatchObject({ givenMinor: 5000, gifts: 1, donors: 1 });
  }
});

describe("[31] a payment", () => {
  test.each([
    ["that names no fund", {}],
    ["that names a fund nobody knows", { fund: "no-such-fund" }],
    ["of an order whose session Stripe does not have", { order: "alm_0123456789abcdefghij", fund: "gone" }],
  ])("[31] %s waits for one, beside every total and in all of it", async (_claim, metadata) => {
    await books.bring(stripeEvent("charge.succeeded", { metadata }));
    await books.wait();
    expect(await books.gifts()).toMatchObject([{ fund: null, amount: 5000n }]);
    const totals = await books.sql`
      select scope, given_minor as given from totals(null, null, 'CAD') where scope in ('unassigned', 'all') order by scope`;
    expect(totals).toEqual([
      { scope: "all", given: 5000n },
      { scope: "unassigned", given: 5000n },
    ]);
  });

  test("[31] to a fund that was archived before it waits for one; to the same fund the day before it goes there", async () => {
    await books.sql`update fund set archived_on = '2020-11-01' where slug = 'families'`;
    const metadata = { fund: "families" };
    await books.bring(
      stripeEvent("charge.succeeded", { metadata }),
      stripeEvent("charge.succeeded", {
        metadata,
        id: "ch_2",
        payment_intent: "pi_2",
        created: charge.created - 86_400,
      }),
    );
    await books.sql`update fund set archived_on = null`;
    expect(await books.gifts()).toMatchObject([
      { fund: "families", day: "2020-10-31" },
      { fund: null, day: "2020-11-01" },
    ]);
    await books.sql`insert into dirty_payment (payment_id) select id from payment`;
    await books.book();
  });
});

describe("[32] metadata that somebody made up", () => {
  test("[32] moves no gift into a fund of another organisation, be it the payment's or a line's", async () => {
    books.answers.set(linesOf(checkoutSession.id), listOf([line({ kind: "gift", fund: "youth" })]));
    await books.bring(
      stripeEvent("charge.succeeded", { id: "ch_2", payment_intent: "pi_2", metadata: { fund: "youth" } }),
      stripeEvent("charge.succeeded"),
      stripeEvent("checkout.session.completed"),
    );
    expect(await books.gifts()).toMatchObject([{ fund: null }, { fund: null }]);
    expect(await books.fund("youth")).toMatchObject({ givenMinor: 0, gifts: 0 });
  });

  test("[32] is text on every page, cut to its length, and never an instruction", async () => {
    const note = `<script>alert(1)</script> ' ; drop table gift; -- ${"x".repeat(600)}`;
    books.answers.set(linesOf(checkoutSession.id), listOf([giftLine]));
    await books.bring(
      stripeEvent("charge.succeeded"),
      stripeEvent("checkout.session.completed", {
        metadata: { ...checkoutSession.metadata, note },
        customer_details: { ...checkoutSession.customer_details, name: "<b>Leyla</b> <i>Mammadova</i>" },
      }),
    );
    const [gift] = await books.sql<{ note: string }[]>`select note from gift`;
    expect(gift?.note).toBe(note.slice(0, 140));
    const page = await (await books.request("/funds/families")).text();
    expect(page).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(page).not.toContain("<script>alert(1)");
    expect(page).not.toContain("<b>Leyla");
  });

  test("[32] that is no text, too long or too much is left out, and the payment is booked", async () => {
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, place) => [`key${place}`, "y"]));
    const metadata = { fund: "families", note: 5, order: { not: "text" }, long: "z".repeat(100_000), ...many };
    await books.bring(stripeEvent("charge.succeeded", { metadata }));
    expect(await books.gifts()).toMatchObject([{ fund: "families", amount: 5000n }]);
  });
});

describe("[33] a product", () => {
  test("[33] that was deleted after its sale changes nothing of what was sold", async () => {
    books.answers.set(linesOf(checkoutSession.id), listOf([pin]));
    await books.bring(stripeEvent("charge.succeeded"), stripeEvent("checkout.session.completed"));
    const sold = await books.dump();
    expect(sold["sale"]?.[0]).toContain('"quantity": 10');
    for (const product of ["prod_1", { id: "prod_1", object: "product", deleted: true }]) {
      const gone = { ...pin, price: { ...lineItem.price, product } };
      books.answers.set(linesOf(checkoutSession.id), listOf([gone]));
      await books.sql`
        insert into fetch_need (account_id, kind, object_id, due_at)
        select id, 'line_items', ${checkoutSession.id}, now() from account where slug = 'first'`;
      await books.book();
      expect(await books.dump()).toEqual(sold);
    }
  });

  test("[33] whose lines Stripe does not have any more leaves the payment waiting, never guessed at", async () => {
    books.answers.set(linesOf(checkoutSession.id), 404);
    await books.bring(stripeEvent("charge.succeeded"), stripeEvent("checkout.session.completed"));
    expect([await books.states(), await books.gifts()]).toEqual([["arriving"], []]);
  });
});

describe("[34] a customer that was deleted at Stripe", () => {
  const ofCustomer = (name: string): TestEvent =>
    stripeEvent("charge.succeeded", {
      id: `ch_${name}`,
      payment_intent: `pi_${name}`,
      customer: customer.id,
      billing_details: { email: null, name: null },
      metadata: { fund: "families" },
    });

  test("[34] names its gifts no longer, and the money stays to the cent", async () => {
    await books.bring(stripeEvent("customer.created"), ofCustomer("1"));
    expect(await books.fund("families")).toMatchObject({ givenMinor: 5000, donors: 1, unnamedGifts: 0 });
    books.answers.set(`/v1/customers/${customer.id}`, { id: customer.id, object: "customer", deleted: true });
    await books.bring(stripeEvent("customer.deleted"));
    expect(await books.fund("families")).toMatchObject({ givenMinor: 5000, gifts: 1, donors: 0, unnamedGifts: 1 });
    await books.bring(stripeEvent("customer.updated", { name: "Leyla" }), ofCustomer("2"));
    expect(await books.fund("families")).toMatchObject({ givenMinor: 10_000, gifts: 2, donors: 0, unnamedGifts: 2 });
  });
});

test("[68] two accounts whose orders, charges and sessions have the same names are kept apart", async () => {
  for (const account of ["first", "second"]) {
    books.answers.set(linesOf(checkoutSession.id), listOf([giftLine]));
    const events = [stripeEvent("charge.succeeded"), stripeEvent("checkout.session.completed")];
    expect(await books.deliver(events, account)).toEqual([200, 200]);
    await books.book();
  }
  const gifts = await books.sql`
    select a.slug::text as account, o.slug::text as organisation, g.amount_minor as amount
    from gift g join account a on a.id = g.account_id join organisation o on o.id = g.organisation_id order by 1`;
  expect(gifts).toEqual([
    { account: "first", organisation: "first", amount: 5000n },
    { account: "second", organisation: "second", amount: 5000n },
  ]);
  await books.deliver([stripeEvent("refund.created")], "second");
  await books.book();
  const returned = await books.sql`
    select a.slug::text as account, g.returned_minor as amount from gift g join account a on a.id = g.account_id order by 1`;
  expect(returned).toEqual([
    { account: "first", amount: 0n },
    { account: "second", amount: 2000n },
  ]);
});
