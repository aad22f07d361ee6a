import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { balanceTransaction } from "../fixtures/stripe/balance-transaction.ts";
import { charge } from "../fixtures/stripe/charge.ts";
import { stripeEvent } from "../stripe-event.ts";
import { openBooks, listOf, type Books } from "./books.ts";
import { signIn } from "../staff.ts";

let books: Books;
beforeAll(async () => {
  books = await openBooks();
});
beforeEach(async () => await books.forget());
afterEach(async () => expect(await books.audit()).toEqual([]));
afterAll(async () => await books.close());

const plain = { metadata: { fund: "families" } };
const path = `/v1/balance_transactions/${balanceTransaction.id}`;

/** An answer whose connection breaks after half of it. */
function brokenOff(): Response {
  const half = new TextEncoder().encode(JSON.stringify(balanceTransaction).slice(0, 200));
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(half),
    pull: (controller) => controller.error(new TypeError("terminated")),
  });
  return new Response(body, { headers: { "content-type": "application/json" } });
}

const timeout = async (): Promise<never> => await Promise.reject(new DOMException("timed out", "TimeoutError"));

test("[59] while Stripe cannot say what came of a gift in euros, the gift is there and no try is counted", async () => {
  const failing = [timeout, brokenOff(), 500, 429, 401, 403];
  books.answers.set(path, 500);
  await books.bring(
    stripeEvent("charge.succeeded", { ...plain, currency: "eur", balance_transaction: balanceTransaction.id }),
  );
  for (const answer of failing) {
    books.answers.set(path, answer);
    await books.wait();
    expect(await books.fund("families")).toMatchObject({ givenMinor: 0, gifts: 1, donors: 1, feesUnknown: 1 });
    expect(await books.sql`select tries::int, error is not null as told from fetch_need`).toEqual([
      { tries: 0, told: true },
    ]);
  }
  books.answers.set(path, balanceTransaction);
  await books.wait();
  expect(await books.gifts()).toMatchObject([{ currency: "CAD", amount: 5000n }]);
  expect(await books.sql`select from fetch_need`).toHaveLength(0);
});

test("[60] a gift whose balance transaction is not there for hours counts from the start, its fee unknown and never 0", async () => {
  await books.bring(stripeEvent("charge.succeeded", plain));
  await books.wait();
  expect(await books.fund("families")).toMatchObject({ givenMinor: 5000, gifts: 1, feesUnknown: 1 });
  expect(await books.sql`select balance_transaction as id from stripe_charge`).toEqual([{ id: null }]);
  const late = { ...balanceTransaction, created: balanceTransaction.created + 7200 };
  await books.bring(stripeEvent("charge.updated", { ...plain, balance_transaction: late }));
  expect(await books.gifts()).toMatchObject([{ day: "2020-11-01", amount: 5000n }]);
  expect(await books.sql`select fee_minor as fee from stripe_balance_transaction`).toEqual([{ fee: 175n }]);
});

describe("[60] a gift in euros whose balance transaction is not there yet", () => {
  const euros = { ...plain, currency: "eur" };
  const path = `/v1/charges/${charge.id}`;
  const need = async () =>
    await books.sql<{ kind: string; tries: number; dueInMinutes: number | null; error: string | null }[]>`
    select kind, tries::int as tries, error,
      case when due_at < 'infinity' then round(extract(epoch from due_at - now()) / 60)::int end as "dueInMinutes"
    from fetch_need`;

  test("[60] has its charge asked for after five minutes, then less and less often, until it is; then it is converted", async () => {
    books.answers.set(path, { ...charge, ...euros });
    await books.bring(stripeEvent("charge.succeeded", euros), stripeEvent("charge.updated", euros));
    expect(await need()).toEqual([{ kind: "charge", tries: 0, dueInMinutes: 5, error: null }]);
    for (const [place, dueInMinutes] of [5, 10, 20, 40].entries()) {
      await books.wait();
      expect(await need()).toEqual([{ kind: "charge", tries: place + 1, dueInMinutes, error: null }]);
      await books.bring(stripeEvent("charge.updated", euros));
      expect(await need()).toMatchObject([{ dueInMinutes }]);
    }
    expect(books.asked).toEqual([path, path, path, path]);
    expect(await books.fund("families")).toMatchObject({ givenMinor: 0, gifts: 1, donors: 1 });
    const settled = { ...balanceTransaction, amount: 7231, fee: 310, net: 6921, exchange_rate: 1.446 };
    books.answers.set(path, { ...charge, ...euros, balance_transaction: settled });
    await books.wait();
    expect(await books.gifts()).toMatchObject([{ currency: "CAD", amount: 7231n }]);
    expect(await need()).toEqual([]);
  });

  test("[60] asks nothing when an event tells it within the five minutes", async () => {
    await books.bring(stripeEvent("charge.succeeded", euros));
    await books.bring(stripeEvent("charge.updated", { ...euros, balance_transaction: balanceTransaction }));
    expect([await need(), books.asked]).toEqual([[], []]);
  });

  test("[60] is a dead letter after ten answers without one, until it is told after all", async () => {
    books.answers.set(path, { ...charge, ...euros });
    await books.bring(stripeEvent("charge.succeeded", euros));
    for (let tries = 1; tries <= 10; tries += 1) await books.wait();
    expect(await need()).toEqual([{ kind: "charge", tries: 10, dueInMinutes: null, error: "answer not booked" }]);
    const { headers } = await signIn(books.sql, "reviewer");
    expect(await (await books.request("/desk/dead-letters", { headers })).text()).toContain("1 dead letter");
    await books.bring(stripeEvent("charge.updated", { ...euros, balance_transaction: balanceTransaction }));
    expect(await need()).toEqual([]);
  });

  test("[60] of a charge that failed, or in a currency that the account keeps, asks nothing", async () => {
    const failed = { ...euros, id: "ch_failed1", status: "failed", captured: false };
    await books.bring(
      stripeEvent("charge.failed", failed),
      stripeEvent("charge.succeeded", { ...plain, id: "ch_cad1", payment_intent: "pi_cad1" }),
    );
    expect(await need()).toEqual([]);
  });
});

test("[61] what an endpoint missed while it was disabled for five days is fetched, and the books are the same", async () => {
  const day = (number: number): number => 1604259000 + number * 86_400;
  const events = Array.from({ length: 5 }, (_, number) => {
    const of = { id: `ch_${number}`, payment_intent: `pi_${number}`, created: day(number), ...plain };
    const refunded = {
      id: `re_${number}`,
      charge: `ch_${number}`,
      payment_intent: `pi_${number}`,
      created: day(number),
    };
    return [
      stripeEvent("charge.succeeded", of, { created: day(number) }),
      stripeEvent("refund.created", { ...refunded, amount: 100 + number }, { created: day(number) }),
    ];
  }).flat();
  await books.bring(...events);
  const undisturbed = await books.dump();
  await books.forget();
  await books.bring(...events.slice(0, 2));
  const [newest, ...older] = events.toReversed();
  books.answers.set("/v1/events", listOf([newest ?? {}, stripeEvent("transfer.created"), ...older]));
  expect(await books.sweep()).toBe(8);
  await books.book();
  expect(await books.dump()).toEqual(undisturbed);
  expect(await books.sweep()).toBe(0);
});
