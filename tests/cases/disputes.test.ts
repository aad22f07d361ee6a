import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { dispute, reinstatement, withdrawal } from "../fixtures/stripe/dispute.ts";
import { stripeEvent, type TestEvent } from "../stripe-event.ts";
import { openBooks, type Books } from "./books.ts";

let books: Books;
beforeAll(async () => {
  books = await openBooks();
});
beforeEach(async () => {
  await books.forget();
  await books.bring(stripeEvent("charge.succeeded", { metadata: { fund: "families" } }));
});
afterEach(async () => expect(await books.audit()).toEqual([]));
afterAll(async () => await books.close());

const told = (type: string, overrides: Record<string, unknown>): TestEvent =>
  stripeEvent(`charge.dispute.${type}`, overrides);

/** What the movements of all disputes come to, as Stripe listed them: amounts and fees. */
async function moved(): Promise<{ amount: number; fees: number }> {
  const [row] = await books.sql<{ amount: number; fees: number }[]>`
    select coalesce(sum(amount_minor), 0)::int as amount, coalesce(sum(fee_minor), 0)::int as fees from stripe_balance_transaction`;
  return row ?? { amount: -1, fees: -1 };
}

/** Brings the events in this order and the other way round; Stripe, when asked, answers how it ended. */
async function ends(...events: TestEvent[]): Promise<void> {
  const last = { ...dispute, ...events.at(-1)?.data.object };
  books.answers.set(`/v1/disputes/${dispute.id}`, last);
  await books.bring(...events);
  const inOrder = await books.dump();
  await books.forget();
  books.answers.set(`/v1/disputes/${dispute.id}`, last);
  await books.bring(...events.toReversed(), stripeEvent("charge.succeeded", { metadata: { fund: "families" } }));
  expect(await books.dump()).toEqual(inOrder);
}

const status = async (): Promise<unknown> => (await books.sql`select status from stripe_dispute`)[0]?.["status"];

describe("[40] a dispute", () => {
  test("[40] lost takes the gift and its fee", async () => {
    await ends(told("created", {}), told("funds_withdrawn", {}), told("closed", { status: "lost" }));
    expect(await books.fund("families")).toMatchObject({ givenMinor: 5000, returnedMinor: 5000, donors: 0 });
    expect([await status(), await moved()]).toEqual(["lost", { amount: -5000, fees: 1500 }]);
  });

  test.each([
    ["with its fee returned", -1500, 0],
    ["without its fee returned", 0, 1500],
  ])("[40] won %s gives back the gift, and what its movements say of the fee", async (_claim, fee, fees) => {
    const back = { ...reinstatement, fee, net: 5000 - fee };
    await ends(
      told("created", {}),
      told("funds_reinstated", { status: "won", balance_transactions: [withdrawal, back] }),
      told("closed", { status: "won", balance_transactions: [withdrawal, back] }),
    );
    expect(await books.fund("families")).toMatchObject({ givenMinor: 5000, returnedMinor: 0, gifts: 1, donors: 1 });
    expect([await status(), await moved()]).toEqual(["won", { amount: 0, fees }]);
  });

  test.each(["warning_needs_response", "warning_closed", "prevented", "a status nobody has heard of"])(
    "[40] that is %s moves nothing",
    async (state) => {
      await ends(told("created", { status: state, balance_transactions: [] }));
      expect(await books.fund("families")).toMatchObject({ givenMinor: 5000, returnedMinor: 0, donors: 1 });
      expect([await status(), await moved()]).toEqual([state, { amount: 0, fees: 0 }]);
    },
  );

  test("[40] lost and won on appeal is what its movements say, and its last status is kept", async () => {
    await ends(
      told("created", {}),
      told("closed", { status: "lost" }),
      told("updated", { status: "appeal_under_review" }),
      told("closed", { status: "won", balance_transactions: [withdrawal, reinstatement] }),
    );
    expect(await books.fund("families")).toMatchObject({ returnedMinor: 0, donors: 1 });
    expect(await status()).toBe("won");
    expect(await books.returns()).toEqual([
      { kind: "dispute", day: "2020-12-01", amount: 5000n },
      { kind: "dispute undone", day: "2021-01-05", amount: -5000n },
    ]);
  });
});

describe("[41] what is disputed", () => {
  const lost = (id: string, amount: number): TestEvent =>
    told("closed", {
      id,
      amount,
      status: "lost",
      balance_transactions: [{ ...withdrawal, id: `txn_${id}`, source: id, amount: -amount, net: -amount - 1500 }],
    });

  test.each([2000, 5000, 5600])(
    "[41] %i cents of a gift of 5000 are taken once, however often they are told of",
    async (amount) => {
      await books.bring(lost("du_1", amount), lost("du_1", amount));
      expect(await books.fund("families")).toMatchObject({ givenMinor: 5000, returnedMinor: amount });
    },
  );

  test("[41] in two disputes, with a refund between, counts each movement once", async () => {
    await books.bring(
      lost("du_1", 1000),
      stripeEvent("refund.created", { amount: 500 }),
      lost("du_2", 2000),
      lost("du_1", 1000),
      stripeEvent("refund.updated", { amount: 500 }),
    );
    expect(await books.fund("families")).toMatchObject({ givenMinor: 5000, returnedMinor: 3500, donors: 1 });
  });
});
