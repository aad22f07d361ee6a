import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { BalanceTransactionFact, ChargeFact, Fact, RefundFact } from "../../src/core/fact.ts";
import { localDay } from "../../src/core/period.ts";
import { openSql, type Sql } from "../../src/db/connect.ts";
import { changeSettings, readSettings, type Written } from "../../src/db/setting.ts";
import { empty, forgetPayments, setUpCharity } from "../charity.ts";
import { openTestDatabase, type TestDatabase } from "../database.ts";

let database: TestDatabase;
let owner: Sql;
let sql: Sql;
beforeAll(async () => {
  database = await openTestDatabase();
  // One connection plans each statement once.
  sql = openSql(database.url, { max: 1 });
  owner = openSql(database.ownerUrl, { max: 1 });
  await setUpCharity(sql);
  await sql`update fund set general_of = 1 where slug = 'general'`;
  await sql`update fund set general_of = 2 where slug = 'youth'`;
});
afterAll(async () => {
  await sql.end();
  await owner.end();
  await database.close();
});
beforeEach(async () => {
  await forgetPayments(owner);
  await empty(owner, "organisation_time_zone change");
});

const [toronto, baku] = ["America/Toronto", "Asia/Baku"];
const row = { account_id: "1", fetched_at: null };

/** A gift of 100.00 with its balance transaction, at a moment. */
function gift(id: string, created: string): Fact[] {
  const charge: ChargeFact = {
    ...row,
    kind: "charge",
    id: `ch_${id}`,
    status: "succeeded",
    captured: true,
    amount_minor: "10000",
    amount_captured_minor: "10000",
    currency: "CAD",
    created,
    payment_intent: `pi_${id}`,
    customer: null,
    balance_transaction: `txn_${id}`,
    billing: { email: `${id.toLowerCase()}@example.org`, name: null },
    receipt_email: null,
    description: null,
    metadata: { fund: "families" },
  };
  return [charge, movement(`txn_${id}`, `ch_${id}`, 10_000, created)];
}

/** Ten dollars of a gift given back at a moment. */
function refund(of: string, created: string): Fact[] {
  const given: RefundFact = {
    ...row,
    kind: "refund",
    id: `re_${of}`,
    status: "succeeded",
    charge: `ch_${of}`,
    payment_intent: `pi_${of}`,
    amount_minor: "1000",
    currency: "CAD",
    created,
    balance_transaction: `txn_re_${of}`,
    failure_balance_transaction: null,
    metadata: null,
  };
  return [given, movement(`txn_re_${of}`, `re_${of}`, -1000, created)];
}

const movement = (id: string, source: string, amount: number, created: string): BalanceTransactionFact => ({
  ...row,
  kind: "balance_transaction",
  id,
  source,
  type: source.startsWith("ch_") ? "charge" : "refund",
  amount_minor: `${amount}`,
  fee_minor: "0",
  net_minor: `${amount}`,
  currency: "CAD",
  exchange_rate: null,
  created,
  reporting_category: source.startsWith("ch_") ? "charge" : "refund",
  balance_type: null,
  description: null,
  fee_tax_minor: null,
});

async function book(...facts: Fact[]): Promise<void> {
  await sql`select * from drain(${sql.json({ mode: "sandbox", tickets: [], facts })})`;
}

/** What a treasurer saves: the zone and its first day, as the desk's form sends them. */
async function changeZone(timeZone: string, since?: string): Promise<Written> {
  const organisation = { slug: "organisation-1", name: "One", legalName: "One", address: "here", contact: "me" };
  const zone = { currency: "CAD", timeZone, ...(since !== undefined && { timeZoneSince: since }) };
  return await changeSettings(sql, { organisations: [{ ...organisation, ...zone }] }, { id: "u1", name: "Leyla" });
}

async function closeMonth(month: string): Promise<void> {
  await sql`select close_month(1, ${`${month}-01`}::date, 'the treasurer')`;
}

/** Each gift and return with the day it counts on, by the figures and by the journal's standing lines. */
async function countedDays(): Promise<Record<string, string>> {
  const rows = await sql<{ id: string; days: string }[]>`
    select r.id, concat_ws(' ', r.counted_on, (
      select string_agg(day::text, ',' order by day)
      from (
        select e.entered_on as day from journal_entry e join journal_line l on l.entry_id = e.id
        where e.source_id = 'txn_' || r.id and l.code in ('4000', '4090')
        group by 1 having sum(l.amount_minor) <> 0
      ) standing
    )) as days
    from (
      select substr(p.key, 4) as id, g.counted_on from gift g join payment p on p.id = g.payment_id
      union all
      select r.return_id, r.counted_on from return_part r
    ) r`;
  return Object.fromEntries(rows.map(({ id, days }) => [id, days]));
}

async function months(): Promise<string[]> {
  const rows = await sql<{ line: string }[]>`
    select concat_ws(' ', month, given_minor / 100, returned_minor / 100) as line
    from totals_by_month(null, null, 'CAD', 1)`;
  return rows.map(({ line }) => line);
}

const audit = async (): Promise<object[]> => await sql`select finding, subject, stored, expected from audit()`;

describe("an organisation that takes another time zone from a day on", () => {
  test("keeps every day before it, and has what came since on the new zone's days: figures, journal and proofs", async () => {
    await book(
      ...gift("closed", "2021-03-01T04:30:00Z"),
      ...gift("before", "2021-04-14T22:00:00Z"),
      ...gift("boundary", "2021-04-15T03:30:00Z"),
      ...gift("first", "2021-04-15T04:30:00Z"),
      ...gift("evening", "2021-05-01T01:00:00Z"),
      ...refund("before", "2021-04-30T21:00:00Z"),
      ...gift("after", "2021-05-10T12:00:00Z"),
    );
    await closeMonth("2021-02");
    const before = await countedDays();
    expect(before).toMatchObject({ boundary: "2021-04-14 2021-04-14", evening: "2021-04-30 2021-04-30" });
    expect(await changeZone(baku, "2021-04-15")).toEqual({ ok: true });
    await book();
    expect(await countedDays()).toEqual({
      ...before,
      // 23:30 in Toronto on the day before, 07:30 of the first day in Baku.
      boundary: "2021-04-14 2021-04-14",
      first: "2021-04-15 2021-04-15",
      evening: "2021-05-01 2021-05-01",
      re_before: "2021-05-01 2021-05-01",
    });
    expect(await months()).toEqual(["2021-02 100 0", "2021-04 300 0", "2021-05 200 10"]);
    expect(await sql`select * from stripe_moved except select * from stripe_moved_view`).toEqual([]);
    expect(await audit()).toEqual([]);

    await book(...gift("learned later", "2021-04-30T23:00:00Z"));
    await closeMonth("2021-04");
    expect(await changeZone(toronto, "2021-05-01")).toEqual({ ok: true });
    await book();
    // The seam between two zones: on 1 May in Baku it was still April in Toronto, and it stays in May.
    expect(await countedDays()).toMatchObject({
      closed: "2021-02-28 2021-02-28",
      evening: "2021-05-01 2021-05-01",
      re_before: "2021-05-01 2021-05-01",
      "learned later": "2021-05-01 2021-05-01",
    });
    expect(await audit()).toEqual([]);
  });

  test("cannot do so in a closed month, and is told the first day possible", async () => {
    await book(...gift("1", "2021-03-20T12:00:00Z"));
    await closeMonth("2021-03");
    const refusal =
      "the time zone of organisation-1 cannot change on 2021-03-31, which is closed: the first day possible is 2021-04-01";
    expect(await changeZone(baku, "2021-03-31")).toEqual({ ok: false, refusal });
    await expect(
      sql`with held as materialized (select take_ledger_lock())
        insert into organisation_time_zone select 1, date '2021-03-31', ${baku} from held`,
    ).rejects.toMatchObject({ constraint_name: "a_time_zone_begins_in_an_open_month" });
    expect(await changeZone(baku, "2021-04-01")).toEqual({ ok: true });
    await book();
    await closeMonth("2021-04");
    expect(await changeZone(toronto, "2021-04-01")).toMatchObject({ ok: false });
    expect(await audit()).toEqual([]);
  });

  test("takes it on the first of next month where no day is said, and leaves its trace", async () => {
    await book(...gift("1", "2021-03-20T12:00:00Z"));
    expect(await changeZone(baku)).toEqual({ ok: true });
    const [next] = await sql<{ day: string }[]>`
      select (month_of(local_day(now(), ${toronto})) + interval '1 month')::date::text as day`;
    const timeZones = [
      { since: null, timeZone: toronto },
      { since: next?.day, timeZone: baku },
    ];
    expect((await readSettings(sql)).organisation[0]?.state).toMatchObject({ timeZone: baku, timeZones });
    const [change] = await sql`
      select staff_name as who, deed, before -> 'timeZones' as before, after -> 'timeZones' as after from change`;
    expect(change).toEqual({ who: "Leyla", deed: "changed", before: null, after: timeZones });
    // Taken back before it began, nothing of it is left.
    expect(await changeZone(toronto)).toEqual({ ok: true });
    expect((await readSettings(sql)).organisation[0]?.state).toMatchObject({ timeZone: toronto, timeZones: null });
  });

  test("only says which zone is its own while it has no days", async () => {
    expect(await changeZone(baku)).toEqual({ ok: true });
    expect((await readSettings(sql)).organisation[0]?.state).toMatchObject({ timeZone: baku, timeZones: null });
    await changeZone(toronto);
  });

  test("has what lies after it derived anew in batches, however much that is", async () => {
    const facts = Array.from({ length: 510 }, (_, n) => gift(`g${n}`, "2021-05-01T01:00:00Z"));
    await book(...facts.flat());
    // As autovacuum does; the audit's plans are for a table of some size then.
    await owner`analyze`;
    await changeZone(baku, "2021-04-02");
    expect(await months()).toEqual(["2021-04 51000 0"]);
    await book();
    expect(await months()).toEqual(["2021-04 1000 0", "2021-05 50000 0"]);
    // What waits is named as waiting, and nothing differs.
    expect(await sql`select finding, count(*)::int from audit() group by 1`).toEqual([
      { finding: "pending", count: 20 },
    ]);
    await book();
    expect(await months()).toEqual(["2021-05 51000 0"]);
    expect(await audit()).toEqual([]);
  });
});

/** The rule in plain words: a later zone holds once its first day has come, by the zone before it and by itself. */
function dayByRule(moment: Date, first: string, later: readonly { since: string; zone: string }[]): string {
  let day = localDay(moment, first);
  for (const { since, zone } of later) {
    if (day >= since && localDay(moment, zone) >= since) day = localDay(moment, zone);
  }
  return day;
}

const zone = fc.constantFrom(
  toronto,
  baku,
  "UTC",
  "Pacific/Kiritimati",
  "Pacific/Pago_Pago",
  "Asia/Kathmandu",
  "America/Havana",
);
const minute = fc.integer({ min: 0, max: 60 * 24 * 40 });
const march = Date.UTC(2021, 2, 1);

test("whatever two zones follow the first one, a moment's day is the plain rule's, and no change moves a day before it or back before it", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(zone, zone, zone),
      fc.uniqueArray(fc.integer({ min: 3, max: 36 }), { minLength: 2, maxLength: 2 }),
      fc.array(fc.tuple(minute, fc.constantFrom(0, 1, 2)), { minLength: 20, maxLength: 40 }),
      async ([first, second, third], days, minutes) => {
        const [one, two] = days.toSorted((a, b) => a - b).map((day) => new Date(march + day * 86_400_000));
        if (one === undefined || two === undefined) throw new Error("two days were asked for");
        const later = [
          { since: one.toISOString().slice(0, 10), zone: second },
          { since: two.toISOString().slice(0, 10), zone: third },
        ];
        // Some anywhere, some close to one of the changes.
        const moments = minutes.map(([at, near]) =>
          near === 0 ? march + at * 60_000 : (near === 1 ? one : two).getTime() + ((at % 3120) - 1560) * 60_000,
        );
        await owner.unsafe(`
          set local session_replication_role = replica;
          delete from organisation_time_zone;
          update organisation set time_zone = '${first}' where id = 2;
          insert into organisation_time_zone values ${later.map((z) => `(2, '${z.since}', '${z.zone}')`).join(", ")}`);
        const found = await sql<{ day: string }[]>`
          select organisation_day(2, m::timestamptz)::text as day
          from jsonb_array_elements_text(${sql.json(moments.map((at) => new Date(at).toISOString()))}) with ordinality t (m, n) order by n`;
        for (const [index, at] of moments.entries()) {
          const day = found[index]?.day ?? "";
          expect(day).toBe(dayByRule(new Date(at), first, later));
          const was = dayByRule(new Date(at), first, later.slice(0, 1));
          const since = later[1]?.since ?? "";
          expect(was < since ? day : day >= since).toBe(was < since ? was : true);
        }
      },
    ),
    { numRuns: process.env.PROVE === "1" ? 500 : 30 },
  );
  await owner.unsafe(
    `set local session_replication_role = replica; delete from organisation_time_zone; update organisation set time_zone = '${toronto}'`,
  );
});
