import { createServer } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { readConfig } from "../../src/config.ts";
import { openSql, type Sql } from "../../src/db/connect.ts";
import { listArrivingTooLong, readClock } from "../../src/db/watch.ts";
import { createWatch } from "../../src/jobs/watch.ts";
import { start } from "../../src/main-node.ts";
import { empty } from "../charity.ts";
import { openTestDatabase, type TestDatabase } from "../database.ts";
import { settingsKey, signIn } from "../staff.ts";

let database: TestDatabase;
let sql: Sql;
let owner: Sql;
let logged: unknown[] = [];

beforeAll(async () => {
  database = await openTestDatabase();
  sql = database.sql;
  owner = openSql(database.ownerUrl, { max: 1 });
  await sql`insert into account (slug) values ('alov'), ('center')`;
});
afterAll(async () => {
  await owner.end();
  await database.close();
});
beforeEach(async () => {
  await empty(owner, "stripe_clock arriving_watch payment");
  logged = [];
});
afterEach(() => vi.unstubAllGlobals());

/** One look by a process of its own, which has heard this of the clock. */
async function look(aheadMs: number | null = null): Promise<void> {
  const watch = createWatch({ sql, log: (level, message, fields) => logged.push([level, message, fields]) });
  if (aheadMs !== null) watch.heard(aheadMs);
  await watch.once();
}

describe("[53] a clock that is not Stripe's", () => {
  const off = "the clock is not Stripe's; from 5 minutes on every delivery is refused: set it";

  test("[53] is told of once, by whichever process sees it, and once more when it is right again", async () => {
    for (const aheadMs of [900, 612_000, 614_000, -2_000, -300]) await look(aheadMs);
    expect(logged).toEqual([
      ["warn", off, { secondsAhead: 612 }],
      ["info", "the clock agrees with Stripe's again", { secondsAhead: -2 }],
    ]);
    expect(await readClock(sql)).toEqual({ aheadMs: -300, measuredAt: expect.any(Date) });
  });

  test("is not guessed at while Stripe says nothing", async () => {
    await look();
    expect([await readClock(sql), logged]).toEqual([null, []]);
  });

  test("[53] is measured by a running service without a question of its own, and stands on the desk", async () => {
    const questions: string[] = [];
    const there = globalThis.fetch;
    vi.stubGlobal("fetch", async (input: string | URL | Request, init?: RequestInit) => {
      const url = new URL(input instanceof Request ? input.url : input);
      if (url.hostname !== "api.stripe.com") return await there(input, init);
      questions.push(url.pathname);
      const headers = { date: new Date().toUTCString() };
      return Response.json({ object: "list", data: [], has_more: false, url: "/v1/events" }, { headers });
    });
    const own = await openTestDatabase();
    const port = await freePort();
    const settings = {
      DATABASE_URL: own.url,
      DATABASE_OWNER_URL: own.ownerUrl,
      STRIPE_SECRET_KEY: "sk_test_clock1",
      SETTINGS_KEY: settingsKey,
    };
    const service = await start(
      readConfig({ PORT: String(port), STRIPE_WEBHOOK_SECRET: "whsec_clock1", ...settings }),
      {
        log: (level, message) => logged.push([level, message]),
        now: () => new Date(Date.now() + 600_000),
      },
    );
    await expect.poll(() => logged).toContainEqual(["warn", off]);
    const { headers } = await signIn(own.sql, "reviewer");
    expect(await (await fetch(`${service.url}/desk`, { headers })).text()).toContain("10 minutes ahead of Stripe");
    await service.stop();
    await own.close();
    // What is asked at every start: lost events, the endpoint, and what the sweep lists.
    const usual =
      /^\/v1\/(?:events|webhook_endpoints|balance|balance_transactions|charges|checkout\/sessions|disputes|invoices|payouts|refunds|subscriptions)$/u;
    expect(questions).toContain("/v1/webhook_endpoints");
    expect(questions.filter((path) => !usual.test(path))).toEqual([]);
  });
});

describe("a payment that stays arriving", () => {
  async function arriving(key: string, account = 1): Promise<void> {
    await sql`insert into payment (account_id, key, state) values (${account}, ${key}, 'arriving')`;
  }
  const hoursLater = async (hours: number): Promise<void> => {
    await sql`
      update arriving_watch set
        since = since - make_interval(hours => ${hours}), told_at = told_at - make_interval(hours => ${hours})`;
  };
  const said = (accountId: string, payments: number): unknown => [
    "error",
    "payments have been arriving for more than a day and are in no number; see /desk",
    { accountId, payments },
  ];

  test("for a day is told of, once a day for each account, with how many there are", async () => {
    for (const key of ["pi_1", "pi_2"]) await arriving(key);
    await arriving("pi_1", 2);
    await look();
    await hoursLater(23);
    await look();
    expect(logged).toEqual([]);
    await hoursLater(2);
    await look();
    expect(logged).toEqual([said("1", 2), said("2", 1)]);
    await look();
    await hoursLater(23);
    await look();
    expect(logged).toHaveLength(2);
    await hoursLater(2);
    await look();
    expect(logged).toHaveLength(4);
  });

  test("beside others already told of is told of with them, not by itself within the day", async () => {
    await arriving("pi_1");
    await look();
    await hoursLater(20);
    await arriving("pi_2");
    await look();
    await hoursLater(5);
    await look();
    await hoursLater(20);
    await look();
    expect(logged).toEqual([said("1", 1)]);
    expect(await listArrivingTooLong(sql)).toEqual([{ account: "alov", payments: 2, since: expect.any(Date) }]);
    await hoursLater(5);
    await look();
    expect(logged).toEqual([said("1", 1), said("1", 2)]);
  });

  test("less than a day after it was first seen so says nothing, however long ago it was paid", async () => {
    await arriving("pi_1");
    await look();
    await hoursLater(30);
    await sql`update payment set state = 'succeeded'`;
    expect(await listArrivingTooLong(sql)).toEqual([]);
    await look();
    await sql`update payment set state = 'arriving'`;
    await look();
    expect([logged, await listArrivingTooLong(sql)]).toEqual([[], []]);
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
