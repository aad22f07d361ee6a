import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openSql } from "../../src/db/connect.ts";
import type { Account } from "../../src/stripe/account.ts";
import { signed, stripeEvent } from "../stripe-event.ts";
import { now, openDoor, secondsLater, secret, type TestDoor } from "./door.ts";

let the: TestDoor;

beforeAll(async () => {
  the = await openDoor();
});

afterAll(async () => await the.close());

describe("a delivery is refused with 400 and nothing is kept", () => {
  const event = stripeEvent("charge.succeeded");
  const cases: [string, unknown, { at?: Date; by?: string }][] = [
    ["[52] signed with a secret that is not ours", event, { by: "whsec_somebody_else" }],
    ["[53] signed 301 seconds ago", event, { at: secondsLater(-301) }],
    ["signed 301 seconds ahead of our clock", event, { at: secondsLater(301) }],
    ["[53] signed a day ahead", event, { at: secondsLater(86_400) }],
    ["[51] whose body is null", "null", {}],
    ["whose body is a list", "[]", {}],
    ["whose body is a text", '"str"', {}],
    ["whose body is an empty object", "{}", {}],
    ["[51] whose body is not JSON", "{", {}],
    ["[51] with a byte order mark", `\uFEFF${JSON.stringify(event)}`, {}],
    ["that has no id", { ...event, id: undefined }, {}],
    ["whose id is absurdly long", { ...event, id: "evt_".padEnd(300, "x") }, {}],
    ["that does not say its mode", { ...event, livemode: undefined }, {}],
    ["that is an object, but no event", { ...event, object: "charge" }, {}],
  ];
  test.each(cases)("%s", async (_claim, body, how) => {
    const before = await the.rows();
    expect(await the.deliver(body, how)).toBe(400);
    expect(await the.rows()).toBe(before);
  });

  const text = JSON.stringify(event);
  const seconds = Math.floor(now.getTime() / 1000);
  const headers: [string, (valid: string) => string | null][] = [
    ["[52] without a signature header", () => null],
    ["with an empty signature header", () => ""],
    ["[52] with only an old scheme's signature", (valid) => valid.replace("v1=", "v0=")],
    ["without a timestamp", (valid) => valid.replace(/^t=\d+,/u, "")],
    ["with a timestamp that is no number", (valid) => valid.replace(/^t=\d+/u, "t=noon")],
    ["with another timestamp than was signed", (valid) => valid.replace(/^t=\d+/u, `t=${seconds - 1}`)],
    ["[52] with a header of 100 kB", (valid) => `${valid}${",v1=00".repeat(17_000)}`],
  ];
  test.each(headers)("%s", async (_claim, bend) => {
    const { headers: valid } = await signed(text, secret, now);
    const header = bend(valid["stripe-signature"] ?? "");
    const before = await the.rows();
    const response = await the.door().request("/webhooks/stripe", {
      method: "POST",
      body: text,
      headers: header === null ? {} : { "stripe-signature": header },
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toHaveProperty("error");
    expect(await the.rows()).toBe(before);
  });

  test("with broken UTF-8 where a replacement character was signed", async () => {
    const marked = JSON.stringify({ ...event, note: "\uFFFD" });
    const { headers: valid } = await signed(marked, secret, now);
    const bytes = new TextEncoder().encode(marked);
    const at = bytes.indexOf(0xef);
    const broken = new Uint8Array([...bytes.slice(0, at), 0xff, ...bytes.slice(at + 3)]);
    const before = await the.rows();
    const response = await the.door().request("/webhooks/stripe", { method: "POST", body: broken, headers: valid });
    expect(response.status).toBe(400);
    expect(await the.rows()).toBe(before);
  });
});

describe("a body over 1 MiB is refused with 413", () => {
  const large = JSON.stringify(stripeEvent("charge.succeeded", { description: "x".repeat(1024 * 1024) }));

  test("[51] when its length is announced", async () => {
    const request = await signed(large, secret, now);
    const headers = { ...request.headers, "content-length": String(large.length) };
    const before = await the.rows();
    expect((await the.door().request("/webhooks/stripe", { ...request, headers })).status).toBe(413);
    expect(await the.rows()).toBe(before);
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
    expect((await the.door().request("/webhooks/stripe", init)).status).toBe(413);
    expect(piecesRead).toBeLessThan(announced === undefined ? 25 : 50);
  });

  test("and one of exactly 1 MiB is taken, in one piece or in many", async () => {
    const empty = stripeEvent("charge.succeeded", { description: "" });
    const room = 1024 * 1024 - JSON.stringify(empty).length;
    const full = (): string => JSON.stringify(stripeEvent("charge.succeeded", { description: "x".repeat(room) }));
    expect(await the.deliver(full())).toBe(200);
    const request = await signed(full(), secret, now);
    const headers = { ...request.headers, "content-length": String(request.body.length) };
    expect((await the.door().request("/webhooks/stripe", { ...request, headers })).status).toBe(200);
  });
});

describe("Stripe is asked to send again, with 503", () => {
  test("while the account has no secret, or there is no account yet", async () => {
    const withoutSecret = the.door({ findAccount: async () => ({ ...the.account, webhookSecrets: [] }) });
    expect(await the.deliver(stripeEvent("charge.succeeded"), {}, withoutSecret)).toBe(503);
    const withoutAccount = the.door({ findAccount: async () => null });
    expect(await the.deliver(stripeEvent("charge.succeeded"), {}, withoutAccount)).toBe(503);
  });

  test.each(["grouped", "single"] as const)("[58] while the database is away (%s)", async (flush) => {
    const away = openSql("postgres://nobody:x@127.0.0.1:1/none", { connectTimeoutSeconds: 1 });
    const app = the.door({ sql: away, flush });
    const answers = await Promise.all(
      [1, 2, 3].map(async () => await the.deliver(stripeEvent("charge.succeeded"), {}, app)),
    );
    expect(answers).toEqual([503, 503, 503]);
    await away.end({ timeout: 0 });
  });

  test("when there is no answer in time", async () => {
    const app = the.door({ findAccount: async () => await new Promise<never>(() => undefined), answerWithinMs: 20 });
    expect(await the.deliver(stripeEvent("charge.succeeded"), {}, app)).toBe(503);
  });
});

test("a delivery that the database refuses does not hold up those that came with it", async () => {
  const unknown: Account = { ...the.account, id: 999_999n, slug: "unknown" };
  const app = the.door({ findAccount: async (slug) => (slug === "unknown" ? unknown : the.account) });
  const answers = await Promise.all(
    ["alov", "unknown", "alov", "unknown", "alov"].map(
      async (slug) => await the.deliver(stripeEvent("charge.succeeded"), { path: `/webhooks/stripe/${slug}` }, app),
    ),
  );
  expect(answers).toEqual([200, 503, 200, 503, 200]);
});
