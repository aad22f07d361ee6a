import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openSql, type Sql } from "../../src/db/connect.ts";
import { failureKind } from "../../src/db/failure.ts";
import { createInbox, type Delivery } from "../../src/db/inbox.ts";
import { claimTickets, releaseTickets, replayDeadLetters } from "../../src/db/ticket.ts";
import { createDrain, type Drain, type DrainDeps } from "../../src/jobs/drain.ts";
import { balanceTransaction } from "../fixtures/stripe/balance-transaction.ts";
import { openTestDatabase, type TestDatabase } from "../database.ts";
import { stripeEvent, type TestEvent } from "../stripe-event.ts";

let database: TestDatabase;
let sql: Sql;
let owner: Sql;
let logged: string[] = [];

beforeEach(async () => {
  database = await openTestDatabase();
  sql = database.sql;
  owner = openSql(database.ownerUrl, { max: 1 });
  await sql`insert into account (slug) values ('alov')`;
  logged = [];
});

afterEach(async () => {
  await owner.end();
  await database.close();
});

function drain(overrides: Partial<DrainDeps> = {}): Drain {
  const log: DrainDeps["log"] = (level, message) => level !== "info" && logged.push(message);
  return createDrain({ sql, owner: randomUUID(), mode: "test", log, now: () => new Date(), ...overrides });
}

function delivery(event: TestEvent): Delivery {
  return {
    accountId: 1n,
    source: "webhook",
    eventId: event.id,
    livemode: event.livemode,
    type: event.type,
    apiVersion: event.api_version,
    stripeAccount: event.account ?? null,
    objectId: null,
    created: null,
    mark: null,
    body: JSON.stringify(event),
  };
}

async function store(events: TestEvent[]): Promise<void> {
  const inbox = createInbox({ sql, flush: "grouped" });
  await Promise.all(events.map(async (event) => await inbox.store(delivery(event))));
}

/** Gifts of a dollar, each with a charge of its own. */
function gifts(count: number, prefix = "a"): TestEvent[] {
  return Array.from({ length: count }, (_, index) =>
    stripeEvent("charge.succeeded", {
      id: `ch_${prefix}${index}`,
      payment_intent: `pi_${prefix}${index}`,
      amount: 100,
      amount_captured: 100,
      metadata: {},
    }),
  );
}

async function count(table: "gift" | "ticket" | "stripe_charge"): Promise<number> {
  const [row] = await sql<{ n: number }[]>`select count(*)::int as n from ${sql(table)}`;
  return row?.n ?? -1;
}

async function tickets(): Promise<
  { tries: number; isDead: boolean; isLeased: boolean; isDue: boolean; error: string | null }[]
> {
  return await sql`
    select tries::int as tries, dead_at is not null as "isDead", lease_owner is not null as "isLeased", next_at <= now() as "isDue", error
    from ticket order by inbox_id`;
}

/** Puts `body` (PL/pgSQL) before the real drain, for this test's database only; n counts the calls, also failed ones. */
async function before(body: string): Promise<void> {
  await owner`alter function drain(jsonb) rename to drain_itself`;
  await owner`create sequence calls`;
  await owner.unsafe(`
    create function drain(p_batch jsonb) returns table (payments bigint, gifts bigint, sales bigint, returns bigint)
    language plpgsql security definer as $$
    declare n bigint := nextval('calls');
    begin ${body} return query select * from drain_itself(p_batch); end $$`);
}

test("what stands in the inbox is booked, and its tickets go", async () => {
  await store(gifts(3));
  expect(await drain().once()).toBe(3);
  expect([await count("gift"), await count("ticket")]).toEqual([3, 0]);
});

test("a loop books what comes while it runs, and is idle when all is booked", async () => {
  const booking = drain();
  const stop = new AbortController();
  const looping = booking.loop(stop.signal);
  await booking.idle();
  for (const part of ["a", "b", "c"]) {
    await store(gifts(300, part));
    booking.nudge();
  }
  await booking.idle();
  expect([await count("gift"), await count("ticket")]).toEqual([900, 0]);
  stop.abort();
  await looping;
});

test("three drains at once book everything once", async () => {
  await store(gifts(400));
  await Promise.all([drain().idle(), drain().idle(), drain().idle()]);
  expect([await count("gift"), await count("ticket")]).toEqual([400, 0]);
  const [sum] = await sql<{ cents: bigint }[]>`select sum(amount_minor)::bigint as cents from gift`;
  expect(sum?.cents).toBe(40_000n);
});

test("payments that a command marked dirty are derived anew, although no event comes", async () => {
  await store(gifts(2));
  await drain().idle();
  await sql`insert into dirty_payment (payment_id) select id from payment`;
  await drain().once();
  expect(await sql`select from dirty_payment`).toHaveLength(0);
});

test("a donor's name with U+0000 or half a surrogate pair is booked with U+FFFD in its place", async () => {
  await store([stripeEvent("charge.succeeded", { billing_details: { email: null, name: "Ley\u0000la \ud800" } })]);
  await drain().once();
  expect(await sql`select billing ->> 'name' as name from stripe_charge`).toEqual([{ name: "Ley\uFFFDla \uFFFD" }]);
});

test("an event read again that nobody listens to is marked, and its ticket goes", async () => {
  await store([stripeEvent("transfer.created")]);
  await drain().once();
  expect(await sql`select mark from inbox`).toEqual([{ mark: "type not listened to" }]);
  expect(await count("ticket")).toBe(0);
});

describe("one poisonous event among 200 good ones", () => {
  const netIsWrong = { ...balanceTransaction, net: 1 };
  test.each([
    [
      "that cannot be read",
      stripeEvent("charge.succeeded", { id: "ch_bad", amount: "many" }),
      "data.object.amount must be",
    ],
    [
      "that the database refuses",
      stripeEvent("charge.succeeded", { id: "ch_bad", balance_transaction: netIsWrong }),
      "net_is_amount_less_fee",
    ],
  ])("%s is a dead letter, and the 200 are booked", async (_claim, bad, reason) => {
    await store([...gifts(100, "a"), bad, ...gifts(100, "b")]);
    await drain().idle();
    expect(await count("gift")).toBe(200);
    expect(await tickets()).toMatchObject([{ isDead: true, error: expect.stringContaining(reason) }]);
    expect(logged.some((line) => line.includes("dead letter"))).toBe(true);
  });
});

test("a dead letter is kept until it is replayed, and is then tried again", async () => {
  await store([stripeEvent("charge.succeeded", { amount: "many" })]);
  await drain().idle();
  expect(await drain().once()).toBe(0);
  expect(await replayDeadLetters(sql, "all")).toBe(1);
  expect(await drain().once()).toBe(1);
  expect(await tickets()).toMatchObject([{ isDead: true }]);
});

test("what waits to be derived anew is derived in one go, however many payments a new rule touches", async () => {
  await sql`insert into payment (account_id, key) select 1, 'ch_' || number from generate_series(1, 1201) number`;
  await sql`insert into dirty_payment (payment_id) select id from payment`;
  await drain().idle();
  expect(await sql`select from dirty_payment`).toHaveLength(0);
});

describe("a lease", () => {
  test("keeps others away until it ends, and never keeps away who holds it", async () => {
    await store(gifts(2));
    const [mine, others] = [randomUUID(), randomUUID()];
    expect(await claimTickets(sql, mine, 1)).toHaveLength(1);
    expect(await claimTickets(sql, others, 500)).toHaveLength(1);
    expect(await claimTickets(sql, randomUUID(), 500)).toHaveLength(0);
    expect(await claimTickets(sql, mine, 500)).toHaveLength(1);
    await sql`update ticket set lease_until = now() - interval '1 second' where lease_owner = ${others}`;
    expect(await claimTickets(sql, mine, 500)).toHaveLength(2);
  });

  test("[57] is void at the next start, so what a killed process held is booked at once", async () => {
    await store(gifts(2));
    await claimTickets(sql, randomUUID(), 500);
    await releaseTickets(sql);
    await drain().once();
    expect(await count("gift")).toBe(2);
  });

  test("covers no more bodies at once than fit in memory", async () => {
    await store(gifts(20).map((event) => ({ ...event, padding: "x".repeat(1_000_000) })));
    expect((await claimTickets(sql, randomUUID(), 500)).length).toBeLessThan(20);
    await drain().idle();
    expect(await count("gift")).toBeGreaterThan(0);
  });
});

describe("when booking fails", () => {
  test("a lost race against another transaction is run again and counts as nothing", async () => {
    await before(`if n <= 2 then raise exception 'lost' using errcode = '40P01'; end if;`);
    await store(gifts(3));
    await drain().once();
    expect([await count("gift"), await count("ticket")]).toEqual([3, 0]);
  });

  test("[57] a database that goes away counts as no try; the same drain goes on as soon as it is back", async () => {
    await before(`if n = 1 then perform pg_terminate_backend(pg_backend_pid()); end if;`);
    await store(gifts(3));
    const pool = openSql(database.url);
    const booking = drain({ sql: pool });
    // The driver tells of it with the server's last word or with its own, whichever it notices first.
    expect(failureKind(await booking.once().catch((error: unknown) => error))).toBe("away");
    expect(await tickets()).toMatchObject([0, 1, 2].map(() => ({ tries: 0, isDead: false, isLeased: true })));
    await booking.once();
    expect([await count("gift"), await count("ticket")]).toEqual([3, 0]);
    await pool.end({ timeout: 0 });
  });

  test("only the bad ticket is put off, each time longer, and is a dead letter after ten tries", async () => {
    await before(`if p_batch::text like '%ch_bad%' then raise exception 'no room' using errcode = '54000'; end if;`);
    await store([...gifts(5), stripeEvent("charge.succeeded", { id: "ch_bad" })]);
    const booking = drain();
    await booking.idle();
    expect(await count("gift")).toBe(5);
    expect(await tickets()).toMatchObject([
      { tries: 1, isDead: false, isLeased: false, isDue: false, error: "54000: no room" },
    ]);
    for (let tries = 2; tries <= 10; tries += 1) {
      await sql`update ticket set next_at = now()`;
      await booking.once();
    }
    expect(await tickets()).toMatchObject([{ tries: 10, isDead: true }]);
    expect(await booking.once()).toBe(0);
  });
});
