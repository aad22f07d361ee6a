import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createInbox } from "../../src/db/inbox.ts";
import { openSql, type Sql } from "../../src/db/connect.ts";
import { empty, forgetPayments } from "../charity.ts";
import { balanceTransaction } from "../fixtures/stripe/balance-transaction.ts";
import { signIn } from "../staff.ts";
import { stripeEvent, type TestEvent } from "../stripe-event.ts";
import { form, openService, type Service } from "./house.ts";

let service: Service;
let sql: Sql;
let owner: Sql;
let nudged = 0;

beforeAll(async () => {
  service = await openService({ onStored: () => (nudged += 1) });
  sql = service.deps.sql;
  owner = openSql(service.database.ownerUrl, { max: 1 });
});
afterAll(async () => {
  await owner.end();
  await service.close();
});
beforeEach(async () => {
  await forgetPayments(owner);
  await empty(owner, "alert stripe_pause undelivered_pause arriving_watch stripe_clock");
  nudged = 0;
});

const path = "/desk/dead-letters";
const get = async (query = "", headers: Record<string, string> = service.admin.headers): Promise<Response> =>
  await service.app.request(`${path}${query}`, { headers });
const text = async (query = ""): Promise<string> => await (await get(query)).text();
const post = async (letter: string, headers: Record<string, string> = {}): Promise<Response> =>
  await service.app.request(path, form({ letter }, { ...service.admin.headers, ...headers }));

async function store(event: TestEvent): Promise<void> {
  await createInbox({ sql, flush: "grouped" }).store({
    accountId: 1n,
    source: "webhook",
    eventId: event.id,
    livemode: false,
    type: event.type,
    apiVersion: null,
    stripeAccount: null,
    objectId: String(event.data.object["id"]),
    created: null,
    mark: null,
    body: JSON.stringify(event),
  });
}

/** An event that cannot be read, and one that the database refuses. */
async function deadLetters(): Promise<TestEvent[]> {
  const events = [
    stripeEvent("charge.succeeded", { id: "ch_unreadable", amount: "many" }),
    stripeEvent("charge.updated", { id: "ch_refused", balance_transaction: { ...balanceTransaction, net: 1 } }),
  ];
  for (const event of events) await store(event);
  await service.drain.idle();
  return events;
}

async function givenUp(objectId: string): Promise<void> {
  await sql`
    insert into fetch_need (account_id, kind, object_id, due_at, tries, error)
    values (1, 'charge', ${objectId}, 'infinity', 10, 'resource_missing')`;
}

const dead = async () => await sql`select from ticket where dead_at is not null`;

describe("the desk", () => {
  const desk = async (headers: Record<string, string> = service.admin.headers): Promise<Response> =>
    await service.app.request("/desk", { headers });

  test("says that nothing needs a hand when nothing does", async () => {
    const page = await desk();
    expect([page.status, page.headers.get("cache-control")]).toEqual([200, "no-store"]);
    expect(await page.text()).toContain("Nothing came that needs a hand");
  });

  test("counts the dead letters and leads to them, and has no such link when there are none", async () => {
    await deadLetters();
    await givenUp("ch_unknown");
    expect(await (await desk()).text()).toMatch(
      /3 dead letters of account main.*class="btn quiet" href="\/desk\/dead-letters"/u,
    );
    await post("all");
    expect(await (await desk()).text()).not.toContain("dead letter of");
  });

  test("names what stays arriving, what Stripe is not asked for, and a clock that is wrong", async () => {
    await sql`insert into payment (account_id, key, state) values (1, 'pi_1', 'arriving'), (1, 'pi_2', 'arriving')`;
    await sql`insert into arriving_watch (payment_id, since) select id, now() - interval '25 hours' from payment`;
    await sql`
      insert into stripe_pause (account_id, until, reason) values (1, now() + interval '5 minutes', 'StripeAuthenticationError')`;
    await sql`
      insert into undelivered_pause (account_id, since, until, reason) values (1, now(), now(), 'StripePermissionError')`;
    await sql`insert into stripe_clock (ahead_ms) values (-400000)`;
    const page = `${await (await desk()).text()} ${await (await service.app.request("/desk/alerts", { headers: service.admin.headers })).text()}`;
    for (const words of [
      "2 payments of account main have been arriving for more than a day",
      "Stripe does not take our key",
      "our key may not ask for this",
      "6 minutes behind Stripe",
    ])
      expect(page).toContain(words);
    expect(page).not.toContain("Nothing needs a hand");
  });

  test("lets somebody say that they look after something, once it was raised, and says so to everybody", async () => {
    await givenUp("ch_unknown");
    await sql`select watch_alerts('[]', '[]')`;
    const take = async (fields: Record<string, string>): Promise<[number, string | null]> => {
      const answer = await service.app.request("/desk/alerts", form(fields, service.admin.headers));
      return [answer.status, answer.headers.get("location")];
    };
    const [alert] = await sql<{ id: bigint }[]>`select id from alert where cleared_at is null`;
    const named = { alert: String(alert?.id) };
    expect(await take({ ...named, take: "yes" })).toEqual([303, "/desk/alerts?done=taken"]);
    expect(await (await desk()).text()).toMatch(/\w looks after it\./u);
    expect(await take({ ...named, take: "no" })).toEqual([303, "/desk/alerts?done=given-back"]);
    expect(await take({ alert: "999", take: "yes" })).toEqual([303, "/desk/alerts?done=gone"]);
    expect((await take({ alert: "1; drop table alert" }))[0]).toBe(400);
  });

  test("tells admins of it on every page while they are signed in, but not on the desk itself; nobody else hears of it", async () => {
    const treasurer = await signIn(sql, "treasurer");
    const says = async (page: string, headers: Record<string, string> = service.admin.headers): Promise<boolean> =>
      (await (await service.app.request(page, { headers })).text()).includes("One thing needs a hand.");
    await givenUp("ch_unknown");
    expect(await says("/desk/gifts")).toBe(false);
    await sql`select watch_alerts('[]', '[]')`;
    for (const page of ["/desk/gifts", "/desk/dead-letters", "/board", "/", "/funds/families"])
      expect([page, await says(page), await says(page, treasurer.headers), await says(page, {})]).toEqual([
        page,
        true,
        false,
        false,
      ]);
    expect([await says("/desk"), await says("/desk/alerts")]).toEqual([false, false]);
    await sql`delete from fetch_need`;
    await sql`select watch_alerts('[]', '[]')`;
    expect(await says("/desk/gifts")).toBe(false);
  });

  test("has mails that were given up sent again", async () => {
    await sql`insert into mail (key, recipient, subject, body, given_up_at, error) values ('x', 'a@b.example', 'x', 'x', now(), 'EENVELOPE 550')`;
    expect(await (await desk()).text()).toContain("1 mail was given up");
    const answer = await service.app.request("/desk/mail", form({}, service.admin.headers));
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/desk/alerts?done=1"]);
    expect(await sql`select tries::int as tries from mail where given_up_at is null`).toEqual([{ tries: 0 }]);
    await sql`delete from mail`;
  });

  test("opens to nobody who is not signed in, and not to the board", async () => {
    expect((await desk({})).headers.get("location")).toBe("/sign-in?to=%2Fdesk");
    expect((await desk((await signIn(sql, "board")).headers)).status).toBe(403);
  });
});

describe("the page of dead letters", () => {
  test("says so when there are none", async () => {
    const page = await get();
    expect([page.status, page.headers.get("cache-control")]).toEqual([200, "no-store"]);
    expect(await page.text()).toContain("There are no dead letters");
  });

  test("names each event with its type, object and reason, and each question that Stripe did not answer", async () => {
    const events = await deadLetters();
    await givenUp("ch_unknown");
    const page = await text();
    expect(page).toContain("3 dead letters");
    for (const { id, type } of events) {
      expect(page).toContain(id);
      expect(page).toContain(type);
    }
    expect(page).toContain("ch_unreadable");
    expect(page).toContain("data.object.amount must be a whole number of minor units");
    expect(page).toContain("net_is_amount_less_fee");
    expect(page).toContain("Stripe does not know it.");
  });

  test("says which account rests, until when and why", async () => {
    await sql`
      insert into stripe_pause (account_id, until, reason) values (1, now() + interval '5 minutes', 'StripeAuthenticationError')`;
    expect(await text()).toMatch(/Account main, until .*: Stripe does not take our key/u);
    await sql`update stripe_pause set until = now()`;
    expect(await text()).not.toContain("is not asked just now");
  });

  test("escapes what strangers wrote", async () => {
    await store(stripeEvent("charge.succeeded", { id: "<script>alert(1)</script>", amount: "many" }));
    await service.drain.idle();
    expect(await text()).not.toContain("<script>alert");
  });
});

describe("trying again", () => {
  test("one: it is booked once what kept it is repaired; the others stay", async () => {
    const [unreadable] = await deadLetters();
    await sql`update inbox set body = replace(body, '"many"', '5000') where event_id = ${unreadable?.id ?? ""}`;
    const page = await text();
    const name = /value="(event \d+)"/gu;
    const names = [...page.matchAll(name)].map(([, found]) => found ?? "");
    expect(names).toHaveLength(2);
    for (const one of names) {
      const answer = await post(one);
      expect([answer.status, answer.headers.get("location")]).toEqual([303, `${path}?replayed=1`]);
    }
    expect(nudged).toBe(2);
    expect(await dead()).toHaveLength(0);
    await service.drain.idle();
    expect(await dead()).toHaveLength(1);
    expect(await sql`select id from stripe_charge`).toEqual([{ id: "ch_unreadable" }]);
  });

  test("a question: it is asked at once", async () => {
    await givenUp("ch_1");
    await givenUp("ch_2");
    expect((await post("question 1 charge ch_1")).headers.get("location")).toBe(`${path}?replayed=1`);
    expect(await sql`select object_id as id, tries::int as tries from fetch_need where due_at <= now()`).toEqual([
      { id: "ch_1", tries: 0 },
    ]);
  });

  test("all at once, and what is not there any more is no mistake", async () => {
    await deadLetters();
    await givenUp("ch_1");
    expect((await post("all")).headers.get("location")).toBe(`${path}?replayed=3`);
    expect(await dead()).toHaveLength(0);
    expect((await post("all")).headers.get("location")).toBe(`${path}?replayed=0`);
    expect(nudged).toBe(1);
    expect(await text("?replayed=3")).toContain("3 letters are being tried again.");
    expect(await text("?replayed=0")).toContain("It was not there any more.");
  });

  test.each([
    "",
    "event",
    "event x",
    "event 1; drop table ticket",
    "question 1 transfer tr_1",
    "question x charge ch_1",
  ])("a form that names no dead letter is refused: %j", async (letter) => {
    expect((await post(letter)).status).toBe(400);
  });
});

describe("nobody else", () => {
  test("may see or do it who is not signed in, or may only look", async () => {
    await deadLetters();
    const { headers: reviewer } = await signIn(sql, "reviewer");
    const { headers: board } = await signIn(sql, "board");
    expect((await get("", {})).status).toBe(303);
    expect((await get("", board)).status).toBe(403);
    expect((await get("", reviewer)).status).toBe(200);
    for (const [headers, status] of [
      [{ cookie: "" }, 401],
      [board, 403],
      [reviewer, 403],
    ] as const)
      expect((await post("all", headers)).status).toBe(status);
    expect(await dead()).toHaveLength(2);
  });

  test("may have a browser of ours do it from another site", async () => {
    await deadLetters();
    const answer = await post("all", { origin: "https://evil.example", "sec-fetch-site": "cross-site" });
    expect(answer.status).toBe(403);
    expect(await dead()).toHaveLength(2);
  });
});
