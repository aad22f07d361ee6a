import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { charge } from "../fixtures/stripe/charge.ts";
import { signed, stripeEvent, type TestEvent } from "../stripe-event.ts";
import { openBooks, secretOf, type Books } from "./books.ts";

let books: Books;
beforeAll(async () => {
  books = await openBooks();
});
beforeEach(async () => await books.forget());
afterEach(async () => expect(await books.audit()).toEqual([]));
afterAll(async () => await books.close());

const plain = { metadata: { fund: "families" } };
const gift = (): TestEvent => stripeEvent("charge.succeeded", plain);
const door = "/webhooks/stripe/first";
const inboxRows = async (): Promise<number> => (await books.sql`select from inbox`).length;

describe("[49] an event", () => {
  test.each([["2019-05-16"], ["2099-01-01.zinnia"], [null]])("[49] of the API version %s is read", async (version) => {
    const event = { ...gift(), api_version: version };
    const mail = await signed(event, secretOf("first"), new Date());
    expect((await books.request(door, mail)).status).toBe(200);
    await books.book();
    expect(await books.gifts()).toMatchObject([{ fund: "families", amount: 5000n }]);
  });

  test("[49] in the shape of years ago, with what came later left out, is read as far as it goes", async () => {
    const { amount_captured: _, payment_intent: __, ...old } = charge;
    await books.bring({ ...gift(), data: { object: { ...old, ...plain, source: { id: "card_1", object: "card" } } } });
    expect(await books.states()).toEqual(["succeeded"]);
    expect(await books.gifts()).toMatchObject([{ fund: "families", amount: 5000n }]);
  });
});

describe("[50] what nobody has heard of", () => {
  test("[50] is taken and kept: a type, a status, a field, and a field that is missing", async () => {
    const { receipt_email: _, billing_details: __, description: ___, ...bare } = charge;
    const events = [
      stripeEvent("comet.sighted"),
      stripeEvent("charge.updated", { ...plain, status: "levitating", captured: false }),
      stripeEvent("charge.updated", { ...plain, orbit: { inclination: 1.5 } }),
      { ...gift(), data: { object: { ...bare, ...plain } } },
      stripeEvent("refund.updated", { status: "wandering", amount: 100 }),
      stripeEvent("payment_intent.processing", { ...plain, status: "dreaming" }),
    ];
    expect(await books.deliver(events)).toEqual(events.map(() => 200));
    await books.book();
    expect(await books.sql`select error from ticket`).toEqual([]);
    expect(await books.gifts()).toMatchObject([{ fund: "families", amount: 5000n, returned: 0n }]);
    expect(await books.sql`select status from stripe_refund`).toEqual([{ status: "wandering" }]);
  });
});

describe("[51] a body", () => {
  test("[51] that was compressed, or is empty, is refused and not kept", async () => {
    const mail = await signed(gift(), secretOf("first"), new Date());
    const zipped = { ...mail.headers, "content-encoding": "gzip" };
    const answers = [
      await books.request(door, { method: "POST", body: gzipSync(mail.body), headers: zipped }),
      await books.request(door, await signed("", secretOf("first"), new Date())),
    ];
    expect(answers.map(({ status }) => status)).toEqual([400, 400]);
    expect(await inboxRows()).toBe(0);
  });

  test("[51] of 5 MB is refused as too large and not kept", async () => {
    const mail = await signed(
      stripeEvent("charge.succeeded", { padding: "x".repeat(5_000_000) }),
      secretOf("first"),
      new Date(),
    );
    expect((await books.request(door, mail)).status).toBe(413);
    expect(await inboxRows()).toBe(0);
  });

  test("[51] with an amount beyond 2^53 is kept word for word, is a dead letter, and is never rounded", async () => {
    const event = gift();
    const text = JSON.stringify(event).replace('"amount":5000', '"amount":9007199254740993');
    expect((await books.request(door, await signed(text, secretOf("first"), new Date()))).status).toBe(200);
    await books.book();
    expect(await books.sql`select body from inbox`).toEqual([{ body: text }]);
    const [letter] = await books.sql<{ error: string }[]>`select error from ticket where dead_at is not null`;
    expect(letter?.error).toContain("amount must be a whole number");
    expect(await books.gifts()).toEqual([]);
    await books.sql`delete from ticket`;
  });
});

test("[52] an event signed for another account's endpoint is refused, be it ever so well signed", async () => {
  const mail = await signed(gift(), secretOf("second"), new Date());
  expect((await books.request(door, mail)).status).toBe(400);
  expect((await books.request("/webhooks/stripe/second", mail)).status).toBe(200);
});

test("[54] a delivery that somebody caught and sends again is taken and changes nothing", async () => {
  const mail = await signed(gift(), secretOf("first"), new Date());
  for (let times = 0; times < 3; times += 1) {
    expect((await books.request(door, mail)).status).toBe(200);
    await books.book();
  }
  expect(await inboxRows()).toBe(1);
  expect(await books.fund("families")).toMatchObject({ givenMinor: 5000, gifts: 1 });
});

test("[55] an event of a connected account, or told in the name of an organisation, is kept and never booked", async () => {
  const outside = [{ account: "acct_other" }, { context: "org_1/acct_other" }];
  const events = outside.map((names) => stripeEvent("charge.succeeded", plain, names));
  expect(await books.deliver(events)).toEqual([200, 200]);
  await books.book();
  expect(await books.sql`select mark from inbox`).toEqual([{ mark: "other account" }, { mark: "other account" }]);
  expect(await books.gifts()).toEqual([]);
});

test("[56] a live event at the door of a test database is kept and never mixed in", async () => {
  const event = gift();
  expect(await books.deliver([{ ...event, livemode: true }, event])).toEqual([200, 200]);
  await books.book();
  expect(await books.sql`select livemode, mark from inbox order by livemode`).toEqual([
    { livemode: false, mark: null },
    { livemode: true, mark: "wrong mode" },
  ]);
  expect(await books.gifts()).toHaveLength(1);
});

test("[56] what Stripe does not have under our key is given up after ten tries, with the reason", async () => {
  await books.bring(
    stripeEvent("charge.succeeded", { ...plain, currency: "eur", balance_transaction: "txn_of_other_mode" }),
  );
  for (let tries = 0; tries < 12; tries += 1) await books.wait();
  expect(await books.sql`select tries::int, error, due_at = 'infinity' as never from fetch_need`).toEqual([
    { tries: 10, error: "resource_missing", never: true },
  ]);
});
