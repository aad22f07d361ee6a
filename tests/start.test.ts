import { randomUUID } from "node:crypto";
import { createServer } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { readConfig, type Config } from "../src/config.ts";
import { createInbox } from "../src/db/inbox.ts";
import { claimTickets } from "../src/db/ticket.ts";
import { start, type Running } from "../src/main-node.ts";
import { openEmptyDatabase, openTestDatabase, type TestDatabase } from "./database.ts";
import { settingsKey, signIn } from "./staff.ts";
import { signed, stripeEvent } from "./stripe-event.ts";

let database: TestDatabase;
let empty: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  empty = await openEmptyDatabase();
});
afterAll(async () => {
  await database.close();
  await empty.close();
});

const running: Running[] = [];
afterEach(async () => await Promise.all(running.splice(0).map((service) => service.stop())));

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

async function run(
  env: Record<string, string>,
  on: TestDatabase = database,
): Promise<{ service: Running; config: Config; logged: string[] }> {
  const config = readConfig({
    PORT: String(await freePort()),
    DATABASE_URL: on.url,
    DATABASE_OWNER_URL: on.ownerUrl,
    SETTINGS_KEY: settingsKey,
    ...env,
  });
  const logged: string[] = [];
  const service = await start(config, { log: (_level, message) => logged.push(message) });
  running.push(service);
  return { service, config, logged };
}

const key = { STRIPE_SECRET_KEY: "sk_test_almonry1", STRIPE_WEBHOOK_SECRET: "whsec_almonry1" };

describe("starting the service", () => {
  it("brings an empty database up to date; key and secret alone make it ready and its door book", async () => {
    const { service } = await run(key, empty);
    const ready = await fetch(`${service.url}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([200, { ready: true, waitingFor: [] }]);
    const request = await signed(
      stripeEvent("charge.succeeded", { metadata: {} }),
      key.STRIPE_WEBHOOK_SECRET,
      new Date(),
    );
    expect((await fetch(`${service.url}/webhooks/stripe`, request)).status).toBe(200);
    await service.drain.idle();
    const totals = (await (await fetch(`${service.url}/api/totals`)).json()) as { unassigned: { gifts: number } };
    expect(totals.unassigned.gifts).toBe(1);
    expect((await fetch(`${service.url}/about-sandbox`)).status).toBe(404);
    expect((await fetch(`${service.url}/v1/charges`)).status).toBe(404);
  });

  it("refuses in one line a key of another mode than the database's payments", async () => {
    await expect(run({ ...key, STRIPE_SECRET_KEY: "sk_live_almonry1" }, empty)).rejects.toThrow(
      "This database holds test payments and stays so, and STRIPE_SECRET_KEY is a live key: use another database.",
    );
  });

  it("without a key goes on in the mode of the database's payments: nothing is played, and the door waits for a secret", async () => {
    const { service } = await run({}, empty);
    expect([service.mode, service.sandbox]).toEqual(["test", null]);
    expect((await fetch(`${service.url}/v1/charges`)).status).toBe(404);
    expect((await fetch(`${service.url}/webhooks/stripe`, { method: "POST", body: "{}" })).status).toBe(503);
  });

  it("without a key plays Stripe itself, and says so", async () => {
    const { service } = await run({});
    expect(service.sandbox).not.toBeNull();
    expect(await (await fetch(service.url)).text()).toContain("no real money");
    expect((await fetch(`${service.url}/v1/charges`)).status).toBe(401);
  });

  it("refuses a port that is taken in one line, and leaves the database", async () => {
    const first = await run({});
    await expect(run({ PORT: String(first.config.port) })).rejects.toThrow(
      `Port ${first.config.port} of 127.0.0.1 is taken`,
    );
  });

  it("books at once what a killed service had leased", async () => {
    const { service: first } = await run(key, empty);
    await first.stop();
    const event = stripeEvent("charge.succeeded", { id: "ch_leased", payment_intent: "pi_leased", metadata: {} });
    await createInbox({ sql: empty.sql, flush: "single" }).store({
      accountId: 1n,
      source: "webhook",
      eventId: event.id,
      livemode: false,
      type: event.type,
      apiVersion: event.api_version,
      stripeAccount: null,
      objectId: "ch_leased",
      created: null,
      mark: null,
      body: JSON.stringify(event),
    });
    expect(await claimTickets(empty.sql, randomUUID(), 500)).toHaveLength(1);
    const { service } = await run(key, empty);
    await service.drain.idle();
    expect(await empty.sql`select state from payment where key = 'pi_leased'`).toEqual([{ state: "succeeded" }]);
  });

  it("warns of keys for accounts that nobody set up", async () => {
    const { logged } = await run({ ...key, STRIPE_SECRET_KEY__OTHER: "sk_test_other1" }, empty);
    expect(logged).toContain("settings name an account that is not set up");
  });
});

describe("stopping it", () => {
  it("ends streams, takes no more requests, and may be asked twice", async () => {
    const { service } = await run({});
    const { headers } = await signIn(service.sql, "board");
    const stream = await fetch(`${service.url}/board/live`, { headers });
    const reader = stream.body?.getReader();
    await reader?.read();
    const since = Date.now();
    await Promise.all([service.stop(), service.stop()]);
    expect(Date.now() - since).toBeLessThan(9_000);
    for (let read = await reader?.read(); read?.done === false; read = await reader?.read());
    await expect(fetch(`${service.url}/livez`)).rejects.toThrow("fetch failed");
  });

  it("tells every viewer of the board as soon as something is booked", async () => {
    const { service } = await run({});
    const { headers } = await signIn(service.sql, "board");
    const stream = await fetch(`${service.url}/board/live`, { headers });
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    let heard = "";
    const hear = async (times: number): Promise<void> => {
      while (heard.split("event: totals").length - 1 < times) heard += (await reader?.read())?.value ?? "";
    };
    await hear(1);
    await service.sql`select pg_notify('almonry', '{}')`;
    await hear(2);
    expect(heard).toContain("retry: 3000");
    await reader?.cancel();
  });
});
