import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readConfig, type Config } from "../../src/config.ts";
import { runAudit } from "../../src/db/audit.ts";
import { startDemo, type Demo } from "../../src/demo/demo.ts";
import { story, storySeed } from "../../src/demo/story.ts";
import { openTestDatabase, type TestDatabase } from "../database.ts";
import { settingsKey } from "../staff.ts";

const total = story(storySeed).actions.length;
let database: TestDatabase;
let config: Config;

beforeAll(async () => {
  database = await openTestDatabase();
  const { url, ownerUrl } = database;
  config = readConfig({
    PORT: String(await freePort()),
    DATABASE_URL: url,
    DATABASE_OWNER_URL: ownerUrl,
    SETTINGS_KEY: settingsKey,
  });
});
afterAll(async () => {
  await database.close();
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** Starts the demo as `npm run demo` does; `reached` resolves when it has come so far. */
async function begin(enough: number): Promise<Demo & { reached: Promise<void>; progress: number[] }> {
  const progress: number[] = [];
  const { promise: reached, resolve } = Promise.withResolvers<void>();
  const onProgress = ({ played }: { played: number }): void => {
    progress.push(played);
    if (played >= enough) resolve();
  };
  return { ...(await startDemo(config, { log: () => undefined, onProgress })), reached, progress };
}

async function answer(path: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${config.baseUrl}${path}`);
  return { status: response.status, body: await response.json() };
}

describe("the demo", () => {
  it("is not ready while the story is told, and may be stopped in the middle", { timeout: 120_000 }, async () => {
    const { running, told, reached } = await begin(200);
    const end = told.then(
      () => "told",
      () => "broke off",
    );
    await reached;
    expect(await answer("/readyz")).toEqual({ status: 503, body: { ready: false, waitingFor: ["story"] } });
    await running.stop();
    expect(await end).toBe("broke off");
  });

  it("goes on where it ended, and is ready when all is told and booked", { timeout: 240_000 }, async () => {
    const { running, told, progress } = await begin(total);
    expect(progress[0] ?? 0).toBeLessThan(total);
    await told;
    expect(progress.at(-1)).toBe(total);
    expect(Math.min(...progress)).toBeGreaterThan(0);
    expect(await answer("/readyz")).toEqual({ status: 200, body: { ready: true, waitingFor: [] } });
    await running.stop();
  });

  it(
    "then starts at once and shows the real campaign's sums, each person counted once",
    { timeout: 120_000 },
    async () => {
      const { running, told, progress } = await begin(total);
      await told;
      expect(progress).toEqual([total]);
      const { body } = await answer("/api/totals");
      const [people] = await database.sql<{ supporters: number }[]>`
      select count(distinct i.person_id)::int as supporters from identity i
      where exists (select from gift g where g.identity_id = i.id and not g.wholly_returned)
        or exists (select from sale s where s.identity_id = i.id and not s.wholly_returned)`;
      expect(people?.supporters).toBeLessThan(500);
      expect(body).toMatchObject({
        all: { supporters: people?.supporters },
        unassigned: { gifts: 5, raisedMinor: 27_000 },
        funds: expect.arrayContaining([
          expect.objectContaining({
            slug: "families",
            givenMinor: 2_136_100,
            returnedMinor: 15_000,
            raisedMinor: 2_121_100,
            gifts: 612,
            donors: 195,
            unnamedGifts: 14,
            proceedsMinor: 20_475,
            feesMinor: 0,
            feesUnknown: 0,
            reachedMinor: 2_141_575,
          }),
        ]) as unknown,
      });
      // What the public may ask of months stands as soon as the story is told.
      const october = (await answer("/api/totals?from=2020-10-01&to=2020-10-31")).body as {
        from: string;
        funds: { slug: string; raisedMinor: number | null; donors: number | null }[];
      };
      expect(october.from).toBe("2020-10-01");
      expect(october.funds.find(({ slug }) => slug === "families")?.donors).toBeGreaterThanOrEqual(5);
      const pin = { unitsSold: 45, grossMinor: 22_500, feesMinor: 2_025, promisedMinor: 20_475, actualMinor: 20_475 };
      expect((await answer("/api/campaigns/khari-bulbul-pin")).body).toMatchObject(pin);
      await running.stop();
    },
  );

  it("brought everything but the cash through the signed door, and every number is what its facts say", async () => {
    const { sql } = database;
    const [counts] = await sql`
      select
        (select count(*)::int from gift where source = 'stripe' and payment_id not in (
          select p.id from payment p join stripe_charge c on c.account_id = p.account_id and coalesce(c.payment_intent, c.id) = p.key
          join inbox i on i.account_id = p.account_id and i.source = 'webhook' and i.type = 'charge.succeeded' and i.object_id = c.id
        )) as "notByWebhook",
        (select count(*)::int from ticket) as unbooked,
        (select count(*)::int from payment where kind = 'other income') as "otherIncome",
        (select count(distinct subscription)::int from gift where every = 'month') as monthly,
        (select count(*)::int from stripe_subscription where status <> 'canceled') as "stillMonthly",
        (select sum(amount_minor)::int from return_part where kind = 'dispute') as disputed`;
    expect(counts).toEqual({
      notByWebhook: 0,
      unbooked: 0,
      otherIncome: 2,
      monthly: 8,
      stillMonthly: 0,
      disputed: 2_500,
    });
    expect(await runAudit(sql)).toEqual([]);
  });
});
