import { afterAll, beforeAll, describe, expect, test } from "vitest";
import Stripe from "stripe";
import { type Hono } from "hono";
import { openSql, type Sql } from "../../src/db/connect.ts";
import { webhookRoutes, type WebhookDeps } from "../../src/http/webhook.ts";
import type { Account } from "../../src/stripe/account.ts";
import { openTestDatabase, type TestDatabase } from "../database.ts";
import { signed, stripeEvent } from "../stripe-event.ts";

const secret = "whsec_current0123456789";
const olderSecret = "whsec_older0123456789";
const now = new Date("2026-11-21T12:00:00Z");

let database: TestDatabase;
let sql: Sql;
let account: Account;
let app: Hono;
let warnings: string[] = [];
let nudges = 0;

function door(overrides: Partial<WebhookDeps> = {}): Hono {
  return webhookRoutes({
    sql,
    findAccount: async (slug) => (slug === null || slug === account.slug ? account : null),
    mode: "test",
    now: () => now,
    log: (level, message) => level !== "info" && warnings.push(message),
    onStored: () => (nudges += 1),
    ...overrides,
  });
}

beforeAll(async () => {
  database = await openTestDatabase();
  sql = database.sql;
  const [row] = await sql<
    { id: bigint }[]
  >`insert into account (slug, stripe_account_id) values ('alov', 'acct_alov') returning id`;
  const stripe = new Stripe("sk_test_never_used");
  account = {
    id: row?.id ?? 0n,
    slug: "alov",
    stripeAccountId: "acct_alov",
    webhookSecrets: [secret, olderSecret],
    stripe,
  };
  app = door();
});

afterAll(async () => await database.close());

async function deliver(event: unknown, { at = now, by = secret, path = "/webhooks/stripe" } = {}): Promise<number> {
  return (await app.request(path, await signed(event, by, at))).status;
}

async function rows(): Promise<number> {
  const [row] = await sql<{ n: number }[]>`select count(*)::int as n from inbox`;
  return row?.n ?? -1;
}

async function kept(eventId: string): Promise<{ mark: string | null; hasTicket: boolean; body: string }[]> {
  return await sql`
    select i.mark, i.body, t.inbox_id is not null as "hasTicket"
    from inbox i left join ticket t on t.inbox_id = i.id where i.event_id = ${eventId}`;
}

const secondsLater = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);

test("a signed event is kept word for word, with a ticket, and the drain is told", async () => {
  const event = stripeEvent("charge.succeeded");
  const request = await signed(event, secret, now);
  const before = nudges;
  const response = await app.request("/webhooks/stripe", request);
  expect([response.status, await response.json()]).toEqual([200, { received: true }]);
  expect(await kept(event.id)).toEqual([{ mark: null, hasTicket: true, body: request.body }]);
  expect(nudges).toBe(before + 1);
});

test("any other account has its door under its name, and an unknown one has none", async () => {
  expect(await deliver(stripeEvent("charge.succeeded"), { path: "/webhooks/stripe/alov" })).toBe(200);
  expect(await deliver(stripeEvent("charge.succeeded"), { path: "/webhooks/stripe/nobody" })).toBe(404);
});

describe("a delivery is refused with 400 and nothing is kept", () => {
  const event = stripeEvent("charge.succeeded");
  const cases: [string, unknown, { at?: Date; by?: string }][] = [
    ["signed with a secret that is not ours", event, { by: "whsec_somebody_else" }],
    ["signed 301 seconds ago", event, { at: secondsLater(-301) }],
    ["signed 301 seconds ahead of our clock", event, { at: secondsLater(301) }],
    ["signed a day ahead", event, { at: secondsLater(86_400) }],
    ["whose body is null", "null", {}],
    ["whose body is a list", "[]", {}],
    ["whose body is a text", '"str"', {}],
    ["whose body is an empty object", "{}", {}],
    ["whose body is not JSON", "{", {}],
    ["with a byte order mark", `\uFEFF${JSON.stringify(event)}`, {}],
    ["that has no id", { ...event, id: undefined }, {}],
    ["whose id is absurdly long", { ...event, id: "evt_".padEnd(300, "x") }, {}],
    ["that does not say its mode", { ...event, livemode: undefined }, {}],
    ["that is an object, but no event", { ...event, object: "charge" }, {}],
  ];
  test.each(cases)("%s", async (_claim, body, how) => {
    const before = await rows();
    expect(await deliver(body, how)).toBe(400);
    expect(await rows()).toBe(before);
  });

  const text = JSON.stringify(event);
  const seconds = Math.floor(now.getTime() / 1000);
  const headers: [string, (valid: string) => string | null][] = [
    ["without a signature header", () => null],
    ["with an empty signature header", () => ""],
    ["with only an old scheme's signature", (valid) => valid.replace("v1=", "v0=")],
    ["without a timestamp", (valid) => valid.replace(/^t=\d+,/u, "")],
    ["with a timestamp that is no number", (valid) => valid.replace(/^t=\d+/u, "t=noon")],
    ["with another timestamp than was signed", (valid) => valid.replace(/^t=\d+/u, `t=${seconds - 1}`)],
    ["with a header of 100 kB", (valid) => `${valid}${",v1=00".repeat(17_000)}`],
  ];
  test.each(headers)("%s", async (_claim, bend) => {
    const { headers: valid } = await signed(text, secret, now);
    const header = bend(valid["stripe-signature"] ?? "");
    const before = await rows();
    const response = await app.request("/webhooks/stripe", {
      method: "POST",
      body: text,
      headers: header === null ? {} : { "stripe-signature": header },
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toHaveProperty("error");
    expect(await rows()).toBe(before);
  });

  test("with broken UTF-8 where a replacement character was signed", async () => {
    const marked = JSON.stringify({ ...event, note: "\uFFFD" });
    const { headers: valid } = await signed(marked, secret, now);
    const bytes = new TextEncoder().encode(marked);
    const at = bytes.indexOf(0xef);
    const broken = new Uint8Array([...bytes.slice(0, at), 0xff, ...bytes.slice(at + 3)]);
    const before = await rows();
    const response = await app.request("/webhooks/stripe", { method: "POST", body: broken, headers: valid });
    expect(response.status).toBe(400);
    expect(await rows()).toBe(before);
  });
});

describe("what was signed by Stripe is taken", () => {
  test("up to five minutes old or ahead", async () => {
    expect(await deliver(stripeEvent("charge.succeeded"), { at: secondsLater(-300) })).toBe(200);
    expect(await deliver(stripeEvent("charge.succeeded"), { at: secondsLater(300) })).toBe(200);
  });

  test("with the older of two secrets, so that a secret can be rolled without losing an event", async () => {
    expect(await deliver(stripeEvent("charge.succeeded"), { by: olderSecret })).toBe(200);
  });

  test("with several signatures of which one is ours, as during a roll", async () => {
    const request = await signed(stripeEvent("charge.succeeded"), secret, now);
    const header = request.headers["stripe-signature"]?.replace(",v1=", `,v1=${"0".repeat(64)},v0=abc,v1=`) ?? "";
    const headers = { ...request.headers, "stripe-signature": header };
    expect((await app.request("/webhooks/stripe", { ...request, headers })).status).toBe(200);
  });

  test("a number beyond 2^53, a key given twice, and an escaped U+0000 stay in the raw text as they were", async () => {
    const event = stripeEvent("charge.succeeded");
    const body = JSON.stringify(event)
      .replace('"amount":5000', '"amount":9007199254740993,"amount":5000')
      .replace("Leyla Mammadova", "Leyla\\u0000\\ud800");
    expect(await deliver(body)).toBe(200);
    expect((await kept(event.id))[0]?.body).toBe(body);
  });

  test("an event that does not say when it was created, and one without an object", async () => {
    expect(await deliver({ ...stripeEvent("charge.succeeded"), created: undefined })).toBe(200);
    expect(await deliver({ ...stripeEvent("charge.succeeded"), data: [] })).toBe(200);
  });
});

describe("an event is kept once", () => {
  test("when it is delivered three times", async () => {
    const event = stripeEvent("charge.succeeded");
    expect([await deliver(event), await deliver(event), await deliver(event)]).toEqual([200, 200, 200]);
    expect(await kept(event.id)).toHaveLength(1);
  });

  test.each(["grouped", "single"] as const)("when it is delivered 20 times at once (%s)", async (flush) => {
    app = door({ flush });
    const event = stripeEvent("charge.succeeded");
    const before = nudges;
    const answers = await Promise.all(Array.from({ length: 20 }, async () => await deliver(event)));
    expect(answers).toEqual(Array.from({ length: 20 }, () => 200));
    expect(await kept(event.id)).toHaveLength(1);
    expect(nudges).toBe(before + 1);
    app = door();
  });
});

describe("is kept and marked, never read, and still answered 200", () => {
  const cases: [string, ReturnType<typeof stripeEvent> | Record<string, unknown>, string, number][] = [
    ["a type that nobody listens to", stripeEvent("charge.dispute.created"), "type not listened to", 0],
    [
      "a type that nobody listens to around an object that we know",
      { ...stripeEvent("charge.succeeded"), type: "charge.invented" },
      "type not listened to",
      0,
    ],
    ["an event of the other mode", stripeEvent("charge.succeeded", {}, { livemode: true }), "wrong mode", 1],
    ["an event of another account", stripeEvent("charge.succeeded", {}, { account: "acct_other" }), "other account", 1],
    [
      "an event in the context of an organisation",
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
      stripeEvent("payout.paid", {}, { account: "acct_other" }),
      "other account",
      1,
    ],
    [
      "a thin event, which only names its object",
      {
        id: "evt_test_thin1",
        object: "v2.core.event",
        type: "v1.charge.succeeded",
        livemode: false,
        created: "2026-11-21T11:59:59.000Z",
        related_object: { id: "ch_1", type: "charge", url: "/v1/charges/ch_1" },
      },
      "thin event",
      0,
    ],
  ];
  test.each(cases)("%s", async (_claim, event, mark, alerts) => {
    warnings = [];
    expect(await deliver(event)).toBe(200);
    expect(await kept(String(event.id))).toMatchObject([{ mark, hasTicket: false }]);
    expect(warnings).toHaveLength(alerts);
  });
});

test("an event that names this very account is read", async () => {
  const event = stripeEvent("charge.succeeded", {}, { account: "acct_alov" });
  expect(await deliver(event)).toBe(200);
  expect(await kept(event.id)).toMatchObject([{ mark: null, hasTicket: true }]);
});

test("while the account's id is unknown an event that names one waits, and is read once it is known", async () => {
  const [row] = await sql<{ id: bigint }[]>`insert into account (slug) values ('center') returning id`;
  const center: Account = { ...account, id: row?.id ?? 0n, slug: "center", stripeAccountId: null };
  app = door({ findAccount: async () => center });
  const [own, foreign, unnamed] = ["acct_center", "acct_other", undefined].map((name) =>
    stripeEvent("charge.succeeded", {}, name === undefined ? {} : { account: name }),
  );
  for (const event of [own, foreign, unnamed]) expect(await deliver(event)).toBe(200);
  expect(await kept(own?.id ?? "")).toMatchObject([{ mark: "other account", hasTicket: false }]);
  expect(await kept(unnamed?.id ?? "")).toMatchObject([{ mark: null, hasTicket: true }]);
  await sql`update account set stripe_account_id = 'acct_center' where slug = 'center'`;
  expect(await kept(own?.id ?? "")).toMatchObject([{ mark: null, hasTicket: true }]);
  expect(await kept(foreign?.id ?? "")).toMatchObject([{ mark: "other account", hasTicket: false }]);
  app = door();
});

describe("a body over 1 MiB is refused with 413", () => {
  const large = JSON.stringify(stripeEvent("charge.succeeded", { description: "x".repeat(1024 * 1024) }));

  test("when its length is announced", async () => {
    const request = await signed(large, secret, now);
    const headers = { ...request.headers, "content-length": String(large.length) };
    const before = await rows();
    expect((await app.request("/webhooks/stripe", { ...request, headers })).status).toBe(413);
    expect(await rows()).toBe(before);
  });

  test.each([undefined, "10"])("when it comes in pieces and the announced length is %s", async (announced) => {
    const request = await signed(large, secret, now);
    const headers = { ...request.headers, ...(announced === undefined ? {} : { "content-length": announced }) };
    let piecesRead = 0;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        piecesRead += 1;
        controller.enqueue(new TextEncoder().encode(large.slice(0, 64 * 1024)));
        if (piecesRead > 40) controller.close();
      },
    });
    const init = { method: "POST", headers, body, duplex: "half" as const };
    expect((await app.request("/webhooks/stripe", init)).status).toBe(413);
    if (announced === undefined) expect(piecesRead).toBeLessThan(25);
  });

  test("and one of exactly 1 MiB is taken, in one piece or in many", async () => {
    const empty = stripeEvent("charge.succeeded", { description: "" });
    const room = 1024 * 1024 - JSON.stringify(empty).length;
    const full = (): string => JSON.stringify(stripeEvent("charge.succeeded", { description: "x".repeat(room) }));
    expect(await deliver(full())).toBe(200);
    const request = await signed(full(), secret, now);
    const headers = { ...request.headers, "content-length": String(request.body.length) };
    expect((await app.request("/webhooks/stripe", { ...request, headers })).status).toBe(200);
  });
});

describe("Stripe is asked to send again, with 503", () => {
  test("while the account has no secret, or there is no account yet", async () => {
    app = door({ findAccount: async () => ({ ...account, webhookSecrets: [] }) });
    expect(await deliver(stripeEvent("charge.succeeded"))).toBe(503);
    app = door({ findAccount: async () => null });
    expect(await deliver(stripeEvent("charge.succeeded"))).toBe(503);
    app = door();
  });

  test.each(["grouped", "single"] as const)("while the database is away (%s)", async (flush) => {
    const away = openSql("postgres://nobody:x@127.0.0.1:1/none", { connectTimeoutSeconds: 1 });
    app = door({ sql: away, flush });
    const answers = await Promise.all([1, 2, 3].map(async () => await deliver(stripeEvent("charge.succeeded"))));
    expect(answers).toEqual([503, 503, 503]);
    app = door();
    await away.end({ timeout: 0 });
  });

  test("when there is no answer in time", async () => {
    app = door({ findAccount: async () => await new Promise<never>(() => undefined), answerWithinMs: 20 });
    expect(await deliver(stripeEvent("charge.succeeded"))).toBe(503);
    app = door();
  });
});

test("a delivery that the database refuses does not hold up those that came with it", async () => {
  const unknown: Account = { ...account, id: 999_999n, slug: "unknown" };
  app = door({ findAccount: async (slug) => (slug === "unknown" ? unknown : account) });
  const answers = await Promise.all(
    ["alov", "unknown", "alov", "unknown", "alov"].map(
      async (slug) => await deliver(stripeEvent("charge.succeeded"), { path: `/webhooks/stripe/${slug}` }),
    ),
  );
  expect(answers).toEqual([200, 503, 200, 503, 200]);
  app = door();
});
