import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSql, type Sql } from "../../src/db/connect.ts";
import { makeLink } from "../../src/db/link.ts";
import { openEmptyDatabase, openTestDatabase, type TestDatabase } from "../database.ts";
import { signIn } from "../staff.ts";
import { signed, stripeEvent } from "../stripe-event.ts";
import { baseUrl, openWorkerd, type Workerd } from "./workerd.ts";

const key = { STRIPE_SECRET_KEY: "sk_test_almonry1", STRIPE_WEBHOOK_SECRET: "whsec_almonry1" };

let database: TestDatabase;
let worker: Workerd;
beforeAll(async () => {
  database = await openTestDatabase();
  worker = await openWorkerd(database.url, key);
});
afterAll(async () => {
  await worker.close();
  await database.close();
});

/** The names of the clients that Workers hold on this database now, and how many of their statements wait for a lock. */
async function clients(sql: Sql): Promise<{ names: string[]; waiting: number }> {
  const rows = await sql<{ name: string; waits: boolean }[]>`
    select application_name as name, coalesce(wait_event_type = 'Lock', false) as waits from pg_stat_activity
    where application_name like 'almonry worker %' and datname = current_database()`;
  return { names: [...new Set(rows.map(({ name }) => name))], waiting: rows.filter(({ waits }) => waits).length };
}

async function until<Value>(look: () => Promise<Value>, isThere: (value: Value) => boolean): Promise<Value> {
  for (const end = Date.now() + 10_000; ;) {
    const value = await look();
    if (isThere(value) || Date.now() > end) return value;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const deliver = async (to: Workerd, path: string, id: string): Promise<Response> => {
  const event = stripeEvent("charge.succeeded", { id: `ch_${id}`, payment_intent: `pi_${id}`, metadata: {} });
  return await fetch(`${to.url}${path}`, await signed(event, key.STRIPE_WEBHOOK_SECRET, new Date()));
};

const gifts = async (of: Workerd): Promise<number> =>
  ((await (await fetch(`${of.url}/api/totals`)).json()) as { unassigned: { gifts: number } }).unassigned.gifts;

describe("a Worker with key and secret alone", () => {
  it("is ready, makes the first account, and books what its door takes, with no other request asking for it", async () => {
    expect((await fetch(`${worker.url}/readyz`)).status).toBe(200);
    expect((await deliver(worker, "/webhooks/stripe", "first")).status).toBe(200);
    const booked = async () => await database.sql`select state from payment where key = 'pi_first'`;
    expect(await until(booked, (rows) => rows.length > 0)).toEqual([{ state: "succeeded" }]);
    expect(await gifts(worker)).toBe(1);
    expect((await fetch(`${worker.url}/about-sandbox`)).status).toBe(404);
  });

  it("gives each of two requests at once a database client of its own, and closes both when they are answered", async () => {
    await until(
      async () => await clients(database.sql),
      ({ names }) => names.length === 0,
    );
    const holder = openSql(database.ownerUrl, { max: 1 });
    await holder`begin`;
    await holder`lock table inbox in access exclusive mode`;
    const answers = ["one", "two"].map(async (id) => await deliver(worker, "/webhooks/stripe", id));
    const atOnce = await until(
      async () => await clients(database.sql),
      ({ waiting }) => waiting === 2,
    );
    expect([atOnce.names.length, atOnce.waiting]).toEqual([2, 2]);
    // A third one comes and goes meanwhile, and takes nobody's client with it.
    expect((await fetch(`${worker.url}/api/totals`)).status).toBe(200);
    const left = await until(
      async () => await clients(database.sql),
      ({ names }) => names.length === 2,
    );
    expect(left.names.toSorted()).toEqual(atOnce.names.toSorted());
    await holder`commit`;
    await holder.end();
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200]);
    expect(
      await until(
        async () => await gifts(worker),
        (count) => count === 3,
      ),
    ).toBe(3);
    expect(
      await until(
        async () => await clients(database.sql),
        ({ names }) => names.length === 0,
      ),
    ).toEqual({
      names: [],
      waiting: 0,
    });
  });

  it("has no events to send to the board, which then asks for the figures by itself", async () => {
    const { headers } = await signIn(database.sql, "board");
    expect((await fetch(`${worker.url}/board/live`, { headers })).status).toBe(204);
    expect((await fetch(`${worker.url}/board/totals.json`, { headers })).status).toBe(200);
  });

  it("keeps the board shut for whoever has not signed in", async () => {
    const answer = await fetch(`${worker.url}/board`, { redirect: "manual" });
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/sign-in?to=%2Fboard"]);
    expect((await fetch(`${worker.url}/board/totals.json`)).status).toBe(401);
  });

  it("lets people join, sign in and out, through the library in this runtime", async () => {
    const roles = [{ role: "board", organisationId: null, fundId: null }] as const;
    const made = await makeLink(
      database.sql,
      { id: "test", name: "A test" },
      { kind: "join", name: "Bo", email: "bo@example.org", roles },
    );
    const password = "seven wet umbrellas";
    const post = async (path: string, fields: Record<string, string>, cookie = "") =>
      await fetch(`${worker.url}${path}`, {
        method: "POST",
        body: new URLSearchParams(fields),
        headers: { origin: baseUrl, cookie },
        redirect: "manual",
      });
    const cookieOf = (answer: Response): string => answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const joined = await post(`/join/${made.ok ? made.value : ""}`, { name: "Bo", password });
    expect([joined.status, cookieOf(joined).startsWith("almonry=")]).toEqual([303, true]);
    expect((await post("/sign-in", { email: "bo@example.org", password: "wrong" })).status).toBe(422);
    const cookie = cookieOf(await post("/sign-in", { email: "bo@example.org", password }));
    const board = async (): Promise<number> =>
      (await fetch(`${worker.url}/board`, { headers: { cookie }, redirect: "manual" })).status;
    expect(await board()).toBe(200);
    await post("/sign-out", {}, cookie);
    expect(await board()).toBe(303);
    const left = await until(
      async () =>
        await database.sql`select from pg_stat_activity where application_name like 'almonry sign-in%' and datname = current_database()`,
      (rows) => rows.length === 0,
    );
    expect(left).toHaveLength(0);
  });

  it("has had nothing to complain of", () => expect(worker.logged()).toEqual([]));
});

describe("a Worker that may not serve", () => {
  it("says so in one line while its database is behind, and never migrates it", async () => {
    const empty = await openEmptyDatabase();
    const behind = await openWorkerd(empty.url, key);
    const ready = await fetch(`${behind.url}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([503, { ready: false, waitingFor: ["migrations"] }]);
    const line = "The database is at migration 0 and this version needs";
    const page = await fetch(`${behind.url}/`);
    expect([page.status, page.headers.get("retry-after")]).toEqual([503, "30"]);
    expect(await page.text()).toContain(line);
    expect((await deliver(behind, "/webhooks/stripe", "early")).status).toBe(503);
    expect((await behind.cron()).outcome).toBe("exception");
    expect(behind.logged().some((text) => text.includes(line))).toBe(true);
    expect(await empty.sql`select to_regclass('schema_migration') as there`).toEqual([{ there: null }]);
    await behind.close();
    await empty.close();
  });

  it("says which setting is wrong in its log, and nobody else hears of it", async () => {
    const wrong = await openWorkerd(database.url, { STRIPE_SECRET_KEY: "pk_test_public" });
    const answer = await fetch(`${wrong.url}/readyz`);
    expect([answer.status, await answer.text()]).toEqual([
      503,
      "This service is not set up completely; its log says what is missing.\n",
    ]);
    expect(wrong.logged().join("\n")).toContain("STRIPE_SECRET_KEY must start with");
    await wrong.close();
  });

  it("answers 503 while its database is away, at the door too", async () => {
    const away = await openWorkerd("postgres://almonry:none@127.0.0.1:1/almonry", key);
    for (const path of ["/readyz", "/", "/api/totals"]) expect((await fetch(`${away.url}${path}`)).status).toBe(503);
    expect((await deliver(away, "/webhooks/stripe", "away")).status).toBe(503);
    await away.close();
  });
});
