import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readConfig } from "../src/config.ts";
import { readSetup } from "../src/core/read-setup.ts";
import { openSql, type Sql } from "../src/db/connect.ts";
import { applySetup, readKnownNames } from "../src/db/setup.ts";
import { goLive } from "../src/go-live.ts";
import { start, type Running } from "../src/main-node.ts";
import { openEmptyDatabase, openTestDatabase, type TestDatabase } from "./database.ts";
import { charity } from "./flow/charity.ts";
import { runCommand } from "./run-command.ts";
import { settingsKey, signIn, type SignedIn } from "./staff.ts";

async function setUp(sql: Sql): Promise<void> {
  const read = readSetup(charity, await readKnownNames(sql));
  if (!read.ok) throw new Error(read.problems.join("; "));
  const applied = await applySetup(sql, read.setup);
  if (!applied.ok) throw new Error(applied.refusal);
  await sql`
    insert into picture (id, type, bytes, width, height, shows) values ('00112233445566778899aabbccddeeff', 'image/png', '\\x89504e47ff', 1, 1, 'A logo')`;
  await sql`
    with held as materialized (select take_ledger_lock())
    insert into organisation_time_zone select id, date '2030-01-01', 'Asia/Baku' from organisation, held where slug = 'alov'`;
  await sql`update organisation set picture = '00112233445566778899aabbccddeeff'`;
}

/** Everything that was set up, as one text; accounts without what only their own mode knows. */
async function settingsOf(sql: Sql): Promise<string> {
  const [row] = await sql<{ text: string }[]>`select jsonb_pretty(carried_settings()) as text`;
  return row?.text ?? "";
}

/** How much of money, people, deliveries, sessions and keys there is. */
async function traces(sql: Sql): Promise<unknown> {
  return await sql`
    select (select count(*)::int from gift) as gifts, (select count(*)::int from payment) as payments,
      (select count(*)::int from person) as people, (select count(*)::int from inbox) as deliveries,
      (select count(*)::int from auth.session) as sessions, (select count(*)::int from account_key) as keys`;
}
const none = [{ gifts: 0, payments: 0, people: 0, deliveries: 0, sessions: 0, keys: 0 }];

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

describe("on the embedded server, from the sandbox to real money", () => {
  let folder: string;
  let service: Running;
  let admin: SignedIn;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "almonry-live-"));
    await chmod(folder, 0o711);
    const config = readConfig({
      PORT: String(await freePort()),
      DATA_DIR: join(folder, "data"),
      SETTINGS_KEY: settingsKey,
    });
    service = await start(config, { log: () => undefined });
    await setUp(service.sql);
    admin = await signIn(service.sql, "admin");
    await signIn(service.sql, "treasurer");
  }, 120_000);
  afterAll(async () => {
    await service.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const post = async (fields: Record<string, string>): Promise<Response> =>
    await fetch(`${service.url}/desk/settings/go-live`, {
      method: "POST",
      redirect: "manual",
      body: new URLSearchParams(fields),
      headers: { ...admin.headers, origin: service.url, "sec-fetch-site": "same-origin" },
    });

  test("nothing happens without the box ticked, or for a mode there is no way to", async () => {
    expect((await post({ mode: "live" })).status).toBe(422);
    expect((await post({ mode: "sandbox", confirm: "yes" })).status).toBe(422);
    expect(service.mode).toBe("sandbox");
  });

  test("the service goes over by itself, with all that was set up and none of the money; the old one stays readable", async () => {
    const old = service.sql;
    await old`insert into database_mode (mode) values ('sandbox')`;
    const before = await settingsOf(old);
    const answer = await post({ mode: "live", confirm: "yes" });
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/sign-in?to=%2Fdesk%2Fstart"]);
    expect([service.mode, service.sandbox]).toEqual(["live", null]);
    expect(await settingsOf(service.sql)).toBe(before);
    expect(await traces(service.sql)).toEqual(none);
    expect(await readFile(join(folder, "data", "database.txt"), "utf8")).toBe("almonry_live\n");
    expect((await fetch(`${service.url}/funds/families`)).status).toBe(200);
    expect((await fetch(`${service.url}/about-sandbox`)).status).toBe(404);
    // Whoever was signed in signs in again: sessions stay behind.
    const desk = await fetch(`${service.url}/desk/start`, { headers: admin.headers, redirect: "manual" });
    expect(desk.headers.get("location")).toMatch(/^\/sign-in/u);
    const { ownerPassword, port } = JSON.parse(await readFile(join(folder, "data", "server.json"), "utf8")) as {
      ownerPassword: string;
      port: number;
    };
    const left = openSql(`postgres://almonry_owner:${ownerPassword}@127.0.0.1:${port}/almonry`, { max: 1 });
    expect(await left`select mode from database_mode`).toEqual([{ mode: "sandbox" }]);
    expect(await settingsOf(left)).toBe(before);
    await left.end();
  });

  test("npm run go-live -- --old says how to look at what was left", async () => {
    const { ownerPassword, port } = JSON.parse(await readFile(join(folder, "data", "server.json"), "utf8")) as {
      ownerPassword: string;
      port: number;
    };
    const url = `postgres://almonry_owner:${ownerPassword}@127.0.0.1:${port}/almonry`;
    const old = await runCommand("go-live", ["--old"], { url: `${url}_live`, ownerUrl: `${url}_live` });
    expect([old.exitCode, old.stderr]).toEqual([0, ""]);
    expect(old.stdout).toBe(
      `almonry:\n  DATABASE_URL=${url} PORT=8788 npm start\nalmonry_live, served now:\n  DATABASE_URL=${url}_live PORT=8788 npm start\n`,
    );
  });

  test("new rows get numbers of their own after those that were carried over", async () => {
    const [row] = await service.sql<{ ok: boolean }[]>`
      insert into fund (slug, name) values ('new-one', 'New') returning id > (select count(*) from fund) as ok`;
    expect(row).toEqual({ ok: true });
  });
});

describe("with databases of one's own", () => {
  let from: TestDatabase;
  let test1: TestDatabase;
  let live1: TestDatabase;
  beforeAll(async () => {
    from = await openTestDatabase();
    test1 = await openEmptyDatabase();
    live1 = await openEmptyDatabase();
    await setUp(from.sql);
    await signIn(from.sql, "admin");
    await from.sql`insert into database_mode (mode) values ('sandbox')`;
  });
  afterAll(async () => await Promise.all([from.close(), test1.close(), live1.close()]));

  test("npm run go-live -- test --to ... carries the sandbox's settings into the test database", async () => {
    const usage = await runCommand("go-live", [], from);
    expect([usage.exitCode, usage.stderr]).toEqual([
      1,
      "Say which: npm run go-live -- test, or npm run go-live -- live\n",
    ]);
    const bare = await runCommand("go-live", ["test"], from);
    expect(bare.stderr).toContain("Nothing was made: the address of an empty database is needed");
    const done = await runCommand("go-live", ["test", "--to", test1.url, "--to-owner", test1.ownerUrl], from);
    expect([done.exitCode, done.stderr]).toEqual([0, ""]);
    expect(done.stdout).toContain("Set DATABASE_URL");
    expect(await settingsOf(test1.sql)).toBe(await settingsOf(from.sql));
    expect(await traces(test1.sql)).toEqual(none);
    expect(await test1.sql`select mode from database_mode`).toEqual([{ mode: "test" }]);
    expect(await test1.sql`select staff_name, kind, subject from change`).toEqual([
      { staff_name: "npm run go-live", kind: "database", subject: "test" },
    ]);
    const again = await runCommand("go-live", ["live", "--to", test1.url, "--to-owner", test1.ownerUrl], from);
    expect(again.stderr).toContain("this database is not empty: going live needs one that has never been used");
  });

  test("npm run stripe:check says how each account stands, and that nothing is missing", async () => {
    const checked = await runCommand("stripe-check", [], from);
    expect([checked.exitCode, checked.stderr]).toEqual([0, ""]);
    for (const words of ["Stripe for The first", "Stripe for The second"]) expect(checked.stdout).toContain(words);
  });

  test("from test to live, and no further; a key of another mode is refused in one line", async () => {
    const given = { DATABASE_URL: test1.url, DATABASE_OWNER_URL: test1.ownerUrl, SETTINGS_KEY: settingsKey };
    const leaving = { sql: test1.sql, url: test1.url, ownerUrl: test1.ownerUrl, dataDir: "", mode: "test" as const };
    const by = { id: "1", name: "Ada" };
    const live = { mode: "live" as const, to: live1.url, toOwner: live1.ownerUrl };
    const keyed = readConfig({ ...given, STRIPE_SECRET_KEY: "sk_test_1" });
    expect(await goLive(keyed, leaving, by, live)).toEqual({
      ok: false,
      refusal: "STRIPE_SECRET_KEY is a test key, and the new database is for live payments: take the setting out first",
    });
    const config = readConfig(given);
    const same = { mode: "live" as const, to: test1.url, toOwner: null };
    expect(await goLive(config, leaving, by, same)).toMatchObject({ ok: false });
    expect(await goLive(config, leaving, by, live)).toEqual({ ok: true, database: null });
    expect(await settingsOf(live1.sql)).toBe(await settingsOf(test1.sql));
    expect(await traces(live1.sql)).toEqual(none);
    await expect(
      start(
        readConfig({
          ...given,
          DATABASE_URL: live1.url,
          DATABASE_OWNER_URL: live1.ownerUrl,
          STRIPE_SECRET_KEY: "sk_test_1",
        }),
        {
          log: () => undefined,
        },
      ),
    ).rejects.toThrow("This database holds live payments and stays so, and STRIPE_SECRET_KEY is a test key");
    expect(await goLive(config, { ...leaving, mode: "live" }, by, { ...live, mode: "test" })).toEqual({
      ok: false,
      refusal: "a live database cannot become one of test payments",
    });
  });

  test("the form asks for the address of an empty database, shows it to nobody, and carries everything there", async () => {
    const formed = await openEmptyDatabase();
    const service = await start(
      readConfig({
        PORT: String(await freePort()),
        DATABASE_URL: from.url,
        DATABASE_OWNER_URL: from.ownerUrl,
        SETTINGS_KEY: settingsKey,
      }),
      { log: () => undefined },
    );
    const { headers } = await signIn(from.sql, "admin");
    const post = async (fields: Record<string, string>): Promise<Response> =>
      await fetch(`${service.url}/desk/settings/go-live`, {
        method: "POST",
        redirect: "manual",
        body: new URLSearchParams({ mode: "live", confirm: "yes", ...fields }),
        headers: { ...headers, origin: service.url },
      });
    for (const [to, says] of [
      ["", "the address of an empty database is needed"],
      ["https://db.example/one", "the address of an empty database is needed"],
      [from.url, "this is the database that is served now"],
      [test1.url, "not empty"],
    ] as const) {
      const refused = await post({ to, toOwner: to === test1.url ? test1.ownerUrl : "" });
      const page = await refused.text();
      expect([refused.status, page.includes(says)], says).toEqual([422, true]);
      expect(page).not.toContain(to || "postgres://almonry");
    }
    const made = await post({ to: formed.url, toOwner: formed.ownerUrl });
    expect([made.status, made.headers.get("location")]).toEqual([303, "/desk/settings/go-live?made"]);
    const says = await fetch(`${service.url}/desk/settings/go-live?made`, { headers });
    expect(await says.text()).toContain("DATABASE_URL");
    expect(await settingsOf(formed.sql)).toBe(await settingsOf(from.sql));
    expect(await traces(formed.sql)).toEqual(none);
    expect(await formed.sql`select mode from database_mode`).toEqual([{ mode: "live" }]);
    // Whoever keeps a database of their own says by its settings which one is served.
    expect(service.mode).toBe("sandbox");
    await service.stop();
    await formed.close();
  });

  test("every table either goes along or is one that must not", async () => {
    const stays =
      /^(?:alert|awaiting_fee|balance_transaction_rule|board_pack|pack_(?:link|opening)|monthly_pack|book_account|book_total|cash_sale|correction|dirty_source|endpoint_watch|evidence|fund_fee_bearing|journal_(?:entry|line)|late_movement|money_move|money_move_line|opening|opening_line|payout_estimate|period|period_sum|promise_total|suspense_assignment|mail|auth\.(?:session|link|throttle|challenge)|account_key|arriving_watch|cash_gift|change|database_mode|dirty_payment|fetch_need|gift|gift_(?:size|band)|giver_year(?:_sum)?|cohort|item_total|plan(?:_total)?|giving_(?:day|month|day_month|month_day)|top_sum(?:_floor)?|identity|inbox(?:_emptying)?|payment|person|return_part|sale|sandbox_\w+|schema_migration|scope|shared_(?:block|donors)|block_wait|spot_check(?:_gift|_tick)?|stock_hold|story_step|stripe_\w+|sweep_state|backfill|ticket|total|undelivered_\w+)$/u;
    const rows = await from.sql<{ name: string }[]>`
      select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'r' and n.nspname in ('public', 'auth')
        and c.oid not in (select name::regclass from carried_tables())`;
    expect(rows.map(({ name }) => name).filter((name) => !stays.test(name))).toEqual([]);
  });
});
