import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { refund } from "../fixtures/stripe/refund.ts";
import { stripeEvent } from "../stripe-event.ts";
import { openBooks, type Books } from "./books.ts";

let books: Books;
beforeAll(async () => {
  books = await openBooks();
});
beforeEach(async () => await books.forget());
afterEach(async () => expect(await books.audit()).toEqual([]));
afterAll(async () => await books.close());

const gift = () => stripeEvent("charge.succeeded", { metadata: { fund: "families" } });

test("[12] three refunds in part and the rest return what was given, and never Stripe's running sum", async () => {
  let refunded = 0;
  await books.bring(gift());
  for (const [place, amount] of [1000, 333, 1, 3666].entries()) {
    refunded += amount;
    await books.bring(
      stripeEvent("refund.created", { id: `re_${place}`, amount, created: refund.created + place }),
      stripeEvent("charge.refunded", {
        metadata: { fund: "families" },
        amount_refunded: refunded,
        refunded: refunded === 5000,
      }),
    );
    expect(await books.fund("families")).toMatchObject({ givenMinor: 5000, returnedMinor: refunded });
  }
  expect(await books.fund("families")).toMatchObject({ raisedMinor: 0, gifts: 0, donors: 0 });
});

test("[13] twelve refunds of one charge, more than Stripe sends inside it, all count", async () => {
  const refunds = Array.from({ length: 12 }, (_, place) => ({ id: `re_${place}`, amount: 100 + place }));
  const latest = { object: "list", has_more: true, data: refunds.slice(-10).map((one) => ({ ...refund, ...one })) };
  await books.bring(
    gift(),
    stripeEvent("charge.refunded", { metadata: { fund: "families" }, amount_refunded: 1266, refunds: latest }),
    ...refunds.slice(0, 2).map((one) => stripeEvent("refund.created", one)),
  );
  expect(await books.fund("families")).toMatchObject({ givenMinor: 5000, returnedMinor: 1266, donors: 1 });
});

test("[14] a refund that waits for money in the account returns nothing until it has left", async () => {
  const waits = { status: "pending", pending_reason: "insufficient_funds", balance_transaction: null };
  await books.bring(gift(), stripeEvent("refund.created", waits));
  expect(await books.fund("families")).toMatchObject({ returnedMinor: 0, donors: 1 });
  expect(await books.sql`select status from stripe_refund`).toEqual([{ status: "pending" }]);
  await books.bring(stripeEvent("refund.updated"));
  expect(await books.fund("families")).toMatchObject({ returnedMinor: 2000, donors: 1 });
});

test("[15] a refund made in Stripe's own dashboard, which names nothing, belongs to its charge's fund", async () => {
  await books.bring(gift(), stripeEvent("refund.created", { metadata: {}, payment_intent: null, reason: null }));
  expect(await books.gifts()).toMatchObject([{ fund: "families", amount: 5000n, returned: 2000n }]);
  expect(await books.returns()).toEqual([{ kind: "refund", day: "2020-11-06", amount: 2000n }]);
});
