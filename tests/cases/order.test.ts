import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { factsOf, histories } from "../history.ts";
import { balanceTransaction } from "../fixtures/stripe/balance-transaction.ts";
import { charge } from "../fixtures/stripe/charge.ts";
import { checkoutSession } from "../fixtures/stripe/checkout-session.ts";
import { customer } from "../fixtures/stripe/customer.ts";
import { lineItem } from "../fixtures/stripe/line-item.ts";
import { stripeEvent } from "../stripe-event.ts";
import { openBooks, listOf, type Books } from "./books.ts";

let books: Books;
beforeAll(async () => {
  books = await openBooks();
});
beforeEach(async () => await books.forget());
afterEach(async () => expect(await books.audit()).toEqual([]));
afterAll(async () => await books.close());

const pins = { ...lineItem, metadata: {} };
const giftLine = {
  ...pins,
  id: "li_1SVgiftAlmonry01",
  amount_total: 5000,
  quantity: 1,
  description: "Gift to Families fund",
  price: {
    ...lineItem.price,
    product: { id: "prod_1", object: "product", metadata: { kind: "gift", fund: "families" } },
  },
};
const linesOf = (session: string): string => `/v1/checkout/sessions/${session}/line_items`;
const plain = { metadata: { fund: "families" } };

test("[3] two events about one charge, each with an id of its own, are two deliveries and one gift", async () => {
  await books.bring(stripeEvent("charge.succeeded", plain), stripeEvent("charge.succeeded", plain));
  expect(await books.sql`select from inbox`).toHaveLength(2);
  expect(await books.gifts()).toMatchObject([{ fund: "families", amount: 5000n }]);
});

test("[4] a charge, its payment intent and its session tell of one payment, which is one gift", async () => {
  books.answers.set(linesOf(checkoutSession.id), listOf([giftLine]));
  await books.bring(
    stripeEvent("charge.succeeded"),
    stripeEvent("payment_intent.succeeded"),
    stripeEvent("checkout.session.completed"),
  );
  expect(await books.states()).toEqual(["succeeded"]);
  expect(await books.gifts()).toMatchObject([{ fund: "families", amount: 5000n, name: "Leyla M." }]);
});

test("[6] whatever part of a shuffled year came before, once everything was told the books are the same", async () => {
  const year = fc.sample(histories(40), { numRuns: 10, seed: 6 }).toSorted((a, b) => b.length - a.length)[0] ?? [];
  const facts = year.filter(({ by }) => by === "stripe").flatMap(factsOf);
  const shuffled = (seed: number) => {
    const keys = fc.sample(fc.nat(), { numRuns: facts.length, seed });
    return facts
      .map((fact, place) => ({ fact, key: keys[place] ?? 0 }))
      .sort((a, b) => a.key - b.key)
      .map(({ fact }) => fact);
  };
  const book = async (some: typeof facts): Promise<void> => {
    for (let start = 0; start < some.length; start += 40) {
      const batch = { mode: "test", tickets: [], facts: some.slice(start, start + 40) };
      await books.sql`select * from drain(${books.sql.json(batch)})`;
    }
  };
  await book(facts);
  const whole = await books.dump();
  expect(whole["gift"]?.length).toBeGreaterThan(5);
  for (let cut = 0; cut < facts.length; cut += Math.ceil(facts.length / 12)) {
    await books.forget();
    await book(shuffled(cut).slice(0, cut));
    expect(await books.audit()).toEqual([]);
    await book(shuffled(cut + 1));
    expect(await books.dump(), `cut after ${cut} of ${facts.length}`).toEqual(whole);
  }
});

test("[7] an event from before the balance transaction, come late, does not take it away again", async () => {
  const known = { ...plain, balance_transaction: balanceTransaction };
  await books.bring(stripeEvent("charge.updated", known), stripeEvent("charge.succeeded", plain));
  expect(await books.sql`select balance_transaction as id from stripe_charge`).toEqual([{ id: balanceTransaction.id }]);
  expect(await books.sql`select fee_minor as fee from stripe_balance_transaction`).toEqual([{ fee: 175n }]);
});

test("[8] of two snapshots of the same second the one stands that Stripe confirms, whichever came first", async () => {
  const before = stripeEvent("charge.succeeded", plain);
  const after = stripeEvent("charge.updated", { metadata: { fund: "general" } });
  expect(before.created).toBe(after.created);
  for (const order of [
    [before, after],
    [after, before],
  ]) {
    await books.forget();
    books.answers.set(`/v1/charges/${charge.id}`, { ...charge, metadata: { fund: "general" } });
    await books.bring(...order);
    expect(await books.gifts()).toMatchObject([{ fund: "general", amount: 5000n }]);
  }
});

test("[9] the answer to a question that was asked earlier does not replace that to a later one, though it comes last", async () => {
  const path = `/v1/customers/${customer.id}`;
  const [slow, quick] = [books.fetchJob(), books.fetchJob()];
  const gate = Promise.withResolvers<object>();
  const isAsked = Promise.withResolvers<void>();
  await books.sql`
    insert into fetch_need (account_id, kind, object_id, due_at)
    select id, 'customer', ${customer.id}, now() from account where slug = 'first'`;
  books.answers.set(path, async () => {
    isAsked.resolve();
    return await gate.promise;
  });
  const slowAnswer = slow.once();
  await isAsked.promise;
  await books.sql`update fetch_need set lease_until = now() - interval '1 second'`;
  books.answers.set(path, { ...customer, email: "new@example.org" });
  expect(await quick.once()).toBe(1);
  gate.resolve({ ...customer, email: "old@example.org" });
  await slowAnswer;
  await books.book();
  expect(await books.sql`select details ->> 'email' as email from stripe_customer`).toEqual([
    { email: "new@example.org" },
  ]);
});

test("[10] a refund that comes before its charge has the charge asked for, and then counts", async () => {
  await books.bring(stripeEvent("refund.created"));
  expect(await books.gifts()).toEqual([]);
  books.answers.set(`/v1/charges/${charge.id}`, { ...charge, ...plain });
  await books.wait();
  expect(await books.gifts()).toMatchObject([{ fund: "families", amount: 5000n, returned: 2000n }]);
});

test("[16] a session told of twice while its payer looks at the thank-you page is one order", async () => {
  books.answers.set(linesOf(checkoutSession.id), listOf([giftLine]));
  books.answers.set(`/v1/checkout/sessions/${checkoutSession.id}`, checkoutSession);
  await books.bring(stripeEvent("charge.succeeded"));
  const page = async () => (await books.request(`/thanks/${checkoutSession.id}`)).status;
  const completed = [stripeEvent("checkout.session.completed"), stripeEvent("checkout.session.completed")];
  const answers = await Promise.all([page(), books.deliver(completed), page(), books.book(), page()]);
  expect(answers.flat()).toEqual([200, 200, 200, 200, undefined, 200]);
  await books.book();
  expect(await books.gifts()).toMatchObject([{ fund: "families", amount: 5000n }]);
});

test("[65] a gift at a minute to midnight on 31 December is of the old year, though Stripe's day is 1 January", async () => {
  const created = Date.parse("2021-01-01T04:59:00Z") / 1000;
  const money = { ...balanceTransaction, created: created + 60 };
  await books.bring(stripeEvent("charge.succeeded", { ...plain, created, balance_transaction: money }));
  expect(await books.gifts()).toMatchObject([{ day: "2020-12-31", amount: 5000n }]);
  const [moved] = await books.sql<{ at: Date }[]>`select created as at from stripe_balance_transaction`;
  expect(moved?.at.toISOString()).toBe("2021-01-01T05:00:00.000Z");
});

test("[66] the whole inbox read again into an empty database makes the same books", async () => {
  books.answers.set(linesOf(checkoutSession.id), listOf([pins, { ...giftLine, amount_total: 4000 }]));
  await books.bring(
    stripeEvent("refund.created"),
    stripeEvent("charge.succeeded"),
    stripeEvent("checkout.session.completed"),
    stripeEvent("charge.dispute.created", { amount: 1000 }),
    stripeEvent("charge.updated", { balance_transaction: balanceTransaction }),
  );
  const once = await books.dump();
  expect([once["gift"]?.length, once["sale"]?.length]).toEqual([1, 1]);
  const inbox = await books.sql<{ row: Record<string, string> }[]>`select to_jsonb(i) as row from inbox i order by id`;
  const again = await openBooks();
  try {
    await again.sql`
      insert into inbox (account_id, event_id, livemode, source, type, api_version, stripe_account, object_id, created, mark, body)
      select account_id, event_id, livemode, source, type, api_version, stripe_account, object_id, created, mark, body
      from jsonb_populate_recordset(null::inbox, ${again.sql.json(inbox.map(({ row }) => row))}) order by id`;
    await again.sql`insert into ticket (inbox_id, account_id) select id, account_id from inbox`;
    await again.book();
    expect(await again.dump()).toEqual(once);
    expect(again.asked).toEqual([]);
  } finally {
    await again.close();
  }
});
