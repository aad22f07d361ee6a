import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Account } from "../../src/stripe/account.ts";
import { signed, stripeEvent } from "../stripe-event.ts";
import { now, olderSecret, openDoor, secondsLater, secret, type TestDoor } from "./door.ts";

let the: TestDoor;

beforeAll(async () => {
  the = await openDoor();
});

afterAll(async () => await the.close());

test("a signed event is kept word for word, with a ticket, and the drain is told", async () => {
  const event = stripeEvent("charge.succeeded");
  const request = await signed(event, secret, now);
  const before = the.seen.nudges;
  const response = await the.door().request("/webhooks/stripe", request);
  expect([response.status, await response.json()]).toEqual([200, { received: true }]);
  expect(await the.kept(event.id)).toEqual([{ mark: null, hasTicket: true, body: request.body }]);
  expect(the.seen.nudges).toBe(before + 1);
});

test("any other account has its door under its name, and an unknown one has none", async () => {
  expect(await the.deliver(stripeEvent("charge.succeeded"), { path: "/webhooks/stripe/alov" })).toBe(200);
  expect(await the.deliver(stripeEvent("charge.succeeded"), { path: "/webhooks/stripe/nobody" })).toBe(404);
});

describe("what was signed by Stripe is taken", () => {
  test("up to five minutes old or ahead", async () => {
    expect(await the.deliver(stripeEvent("charge.succeeded"), { at: secondsLater(-300) })).toBe(200);
    expect(await the.deliver(stripeEvent("charge.succeeded"), { at: secondsLater(300) })).toBe(200);
  });

  test("[52] with the older of two secrets, so that a secret can be rolled without losing an event", async () => {
    expect(await the.deliver(stripeEvent("charge.succeeded"), { by: olderSecret })).toBe(200);
  });

  test("[52] with several signatures of which one is ours, as during a roll", async () => {
    const request = await signed(stripeEvent("charge.succeeded"), secret, now);
    const header = request.headers["stripe-signature"]?.replace(",v1=", `,v1=${"0".repeat(64)},v0=abc,v1=`) ?? "";
    const headers = { ...request.headers, "stripe-signature": header };
    expect((await the.door().request("/webhooks/stripe", { ...request, headers })).status).toBe(200);
  });

  test("[51] a number beyond 2^53, a key given twice, and an escaped U+0000 stay in the raw text as they were", async () => {
    const event = stripeEvent("charge.succeeded");
    const body = JSON.stringify(event)
      .replace('"amount":5000', '"amount":9007199254740993,"amount":5000')
      .replace("Leyla Mammadova", "Leyla\\u0000\\ud800");
    expect(await the.deliver(body)).toBe(200);
    expect((await the.kept(event.id))[0]?.body).toBe(body);
  });

  test("an event that does not say when it was created, and one without an object", async () => {
    expect(await the.deliver({ ...stripeEvent("charge.succeeded"), created: undefined })).toBe(200);
    expect(await the.deliver({ ...stripeEvent("charge.succeeded"), data: [] })).toBe(200);
  });
});

describe("an event is kept once", () => {
  test("[1] when it is delivered three times", async () => {
    const event = stripeEvent("charge.succeeded");
    expect([await the.deliver(event), await the.deliver(event), await the.deliver(event)]).toEqual([200, 200, 200]);
    expect(await the.kept(event.id)).toHaveLength(1);
  });

  test.each(["grouped", "single"] as const)("[2] when it is delivered 20 times at once (%s)", async (flush) => {
    const app = the.door({ flush });
    const event = stripeEvent("charge.succeeded");
    const before = the.seen.nudges;
    const answers = await Promise.all(Array.from({ length: 20 }, async () => await the.deliver(event, {}, app)));
    expect(answers).toEqual(Array.from({ length: 20 }, () => 200));
    expect(await the.kept(event.id)).toHaveLength(1);
    expect(the.seen.nudges).toBe(before + 1);
  });
});

let thinEvents = 0;

function thinEvent(type: string) {
  thinEvents += 1;
  return {
    id: `evt_test_thin${thinEvents}`,
    object: "v2.core.event",
    type,
    livemode: false,
    created: "2026-11-21T11:59:59.000Z",
    related_object: { id: "ch_1", type: "charge", url: "/v1/charges/ch_1" },
  };
}

describe("is kept and marked, never read, and still answered 200", () => {
  const cases: [string, ReturnType<typeof stripeEvent> | Record<string, unknown>, string, number][] = [
    ["[50] a type that nobody listens to", stripeEvent("transfer.created"), "type not listened to", 0],
    [
      "a type that nobody listens to around an object that we know",
      { ...stripeEvent("charge.succeeded"), type: "charge.invented" },
      "type not listened to",
      0,
    ],
    ["[56] an event of the other mode", stripeEvent("charge.succeeded", {}, { livemode: true }), "wrong mode", 1],
    [
      "[55] an event of another account",
      stripeEvent("charge.succeeded", {}, { account: "acct_other" }),
      "other account",
      1,
    ],
    [
      "[55] an event in the context of an organisation",
      stripeEvent("charge.succeeded", {}, { context: "org_1/acct_alov" }),
      "other account",
      1,
    ],
    [
      "another account's event of the other mode",
      stripeEvent("charge.succeeded", {}, { livemode: true, account: "acct_other" }),
      "wrong mode",
      1,
    ],
    [
      "another account's event that nobody listens to",
      stripeEvent("transfer.created", {}, { account: "acct_other" }),
      "other account",
      1,
    ],
    ["a thin event of a type that nobody listens to", thinEvent("v1.transfer.created"), "type not listened to", 0],
    ["a thin event of the other mode", { ...thinEvent("v1.charge.succeeded"), livemode: true }, "wrong mode", 1],
  ];
  test.each(cases)("%s", async (_claim, event, mark, alerts) => {
    the.seen.warnings = [];
    expect(await the.deliver(event)).toBe(200);
    expect(await the.kept(String(event.id))).toMatchObject([{ mark, hasTicket: false }]);
    expect(the.seen.warnings).toHaveLength(alerts);
  });
});

test("a thin event of a type that is listened to is read, although it only names its object", async () => {
  const event = thinEvent("v1.charge.succeeded");
  expect(await the.deliver(event)).toBe(200);
  expect(await the.kept(event.id)).toMatchObject([{ mark: null, hasTicket: true }]);
});

test("an event that names this very account is read", async () => {
  const event = stripeEvent("charge.succeeded", {}, { account: "acct_alov" });
  expect(await the.deliver(event)).toBe(200);
  expect(await the.kept(event.id)).toMatchObject([{ mark: null, hasTicket: true }]);
});

test("while the account's id is unknown an event that names one waits, and is read once it is known", async () => {
  const [row] = await the.sql<{ id: bigint }[]>`insert into account (slug) values ('center') returning id`;
  const center: Account = { ...the.account, id: row?.id ?? 0n, slug: "center", stripeAccountId: null };
  const app = the.door({ findAccount: async () => center });
  const [own, foreign, unnamed] = ["acct_center", "acct_other", undefined].map((name) =>
    stripeEvent("charge.succeeded", {}, name === undefined ? {} : { account: name }),
  );
  for (const event of [own, foreign, unnamed]) expect(await the.deliver(event, {}, app)).toBe(200);
  expect(await the.kept(own?.id ?? "")).toMatchObject([{ mark: "other account", hasTicket: false }]);
  expect(await the.kept(unnamed?.id ?? "")).toMatchObject([{ mark: null, hasTicket: true }]);
  await the.sql`update account set stripe_account_id = 'acct_center' where slug = 'center'`;
  expect(await the.kept(own?.id ?? "")).toMatchObject([{ mark: null, hasTicket: true }]);
  expect(await the.kept(foreign?.id ?? "")).toMatchObject([{ mark: "other account", hasTicket: false }]);
});
