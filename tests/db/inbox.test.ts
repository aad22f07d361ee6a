import { afterEach, beforeEach, expect, test } from "vitest";
import { openSql, type Sql } from "../../src/db/connect.ts";
import { createInbox, type Delivery } from "../../src/db/inbox.ts";
import { openTestDatabase, type TestDatabase } from "../database.ts";

let database: TestDatabase;
let sql: Sql;

beforeEach(async () => {
  database = await openTestDatabase();
  sql = database.sql;
  await sql`insert into account (slug) values ('alov')`;
});

afterEach(async () => await database.close());

function delivery(eventId: string, overrides: Partial<Delivery> = {}): Delivery {
  const nothing = { apiVersion: null, stripeAccount: null, objectId: null, created: null, mark: null };
  return {
    accountId: 1n,
    source: "webhook",
    eventId,
    livemode: false,
    type: "charge.succeeded",
    body: "{}",
    ...nothing,
    ...overrides,
  };
}

/** Keeps every write to the inbox waiting until the returned function is called. */
async function holdInbox(): Promise<() => Promise<void>> {
  const owner = openSql(database.ownerUrl, { max: 1 });
  const connection = await owner.reserve();
  await connection`begin`;
  await connection`lock table inbox in access exclusive mode`;
  return async () => {
    await connection`commit`;
    connection.release();
    await owner.end();
  };
}

test("deliveries that wait together are committed together, each answered for itself", async () => {
  const inbox = createInbox({ sql, flush: "grouped" });
  const stored = await Promise.all(
    Array.from({ length: 300 }, async (_, index) => await inbox.store(delivery(`evt_${index}`))),
  );
  expect(stored.every(({ isNew, mark }) => isNew && mark === null)).toBe(true);
  const [row] = await sql<{ rows: number; commits: number }[]>`
    select count(*)::int as rows, count(distinct xmin::text)::int as commits from inbox`;
  expect(row?.rows).toBe(300);
  expect(row?.commits).toBeLessThan(10);
});

test("of one event in a batch, in its own words or others, the first is kept and is the only new one", async () => {
  const inbox = createInbox({ sql, flush: "grouped" });
  const release = await holdInbox();
  const waiting = ["first", "second", "third"].map(async (body) => await inbox.store(delivery("evt_1", { body })));
  await release();
  expect((await Promise.all(waiting)).map(({ isNew }) => isNew)).toEqual([true, false, false]);
  expect(await sql`select body from inbox`).toEqual([{ body: "first" }]);
});

test("the same event id of another account, or of the other mode, is another event", async () => {
  await sql`insert into account (slug) values ('center')`;
  const inbox = createInbox({ sql, flush: "grouped" });
  const [one, two, three] = [
    delivery("evt_1"),
    delivery("evt_1", { accountId: 2n }),
    delivery("evt_1", { livemode: true, mark: "wrong mode" }),
  ];
  const stored = await Promise.all([inbox.store(one), inbox.store(two), inbox.store(three)]);
  expect(stored.map(({ isNew }) => isNew)).toEqual([true, true, true]);
  expect(await sql`select from ticket`).toHaveLength(2);
});

test("when more waits than memory should hold, what comes next is refused at once and nothing that waited is lost", async () => {
  const inbox = createInbox({ sql, flush: "grouped" });
  const release = await holdInbox();
  const body = "x".repeat(1024 * 1024);
  const waiting = Array.from({ length: 66 }, async (_, index) => await inbox.store(delivery(`evt_${index}`, { body })));
  await expect(inbox.store(delivery("evt_late"))).rejects.toThrow("too many deliveries wait for the database");
  await release();
  expect((await Promise.all(waiting)).every(({ isNew }) => isNew)).toBe(true);
  expect((await inbox.store(delivery("evt_late"))).isNew).toBe(true);
});
