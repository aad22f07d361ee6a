import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { BalanceTransactionFact, ChargeFact, Fact, RefundFact } from "../../src/core/fact.ts";
import { openSql, type Sql } from "../../src/db/connect.ts";
import { forgetPayments, setUpCharity } from "../charity.ts";
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
});
afterAll(async () => {
  await sql.end();
  await owner.end();
  await database.close();
});
beforeEach(async () => await forgetPayments(owner));

const row = { account_id: "1", fetched_at: null };

const charge = (id: string, created: string, change: Partial<ChargeFact> = {}): ChargeFact => ({
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
  billing: { email: "leyla@example.org", name: null },
  receipt_email: null,
  description: null,
  metadata: { fund: "families" },
  ...change,
});
const refund = (of: string, amount: number, created: string, change: Partial<RefundFact> = {}): RefundFact => ({
  ...row,
  kind: "refund",
  id: `re_${of}`,
  status: "succeeded",
  charge: `ch_${of}`,
  payment_intent: `pi_${of}`,
  amount_minor: `${amount}`,
  currency: "CAD",
  created,
  balance_transaction: null,
  failure_balance_transaction: null,
  metadata: null,
  ...change,
});
const movement = (id: string, source: string, amount: number, created: string): BalanceTransactionFact => ({
  ...row,
  kind: "balance_transaction",
  id,
  source,
  type: source.startsWith("ch_") ? "charge" : "refund_failure",
  amount_minor: `${amount}`,
  fee_minor: "0",
  net_minor: `${amount}`,
  currency: "CAD",
  exchange_rate: null,
  created,
  reporting_category: source.startsWith("ch_") ? "charge" : "refund_failure",
  balance_type: null,
  description: null,
  fee_tax_minor: null,
});

async function book(...facts: Fact[]): Promise<void> {
  await sql`select * from drain(${sql.json({ mode: "sandbox", tickets: [], facts })})`;
}

/** Derives every payment of the first account anew, as a changed setting does. */
async function deriveAnew(): Promise<void> {
  await sql`select mark_account_dirty(1)`;
  await book();
}

const close = async (month: string, organisation = 1): Promise<void> => {
  await sql`select close_month(${organisation}, ${`${month}-01`}::date, 'the treasurer')`;
};

/** What the first organisation received and gave back: "month fund given returned", in dollars. */
async function months(): Promise<string[]> {
  const rows = await sql<{ line: string }[]>`
    select concat_ws(' ', month, coalesce(fund_slug, 'unassigned'), given_minor / 100, returned_minor / 100) as line
    from totals_by_month(null, null, 'CAD', 1)`;
  return rows.map(({ line }) => line);
}

/** The days of gifts and returns: the own one, and the one on which it counts. */
async function days(): Promise<string[]> {
  const rows = await sql<{ line: string }[]>`
    select concat_ws(' ', occurred_on, counted_on) as line
    from (select occurred_on, counted_on from gift union all select occurred_on, counted_on from return_part) r order by 1`;
  return rows.map(({ line }) => line);
}

const audit = async (): Promise<object[]> => await sql`select finding, subject from audit() order by 1, 2`;

describe("what is learned of after March was closed", () => {
  test("a refund of March lowers April, and its row says both days", async () => {
    await book(charge("1", "2021-03-10T17:00:00Z"));
    await close("2021-03");
    await book(refund("1", 4000, "2021-03-20T17:00:00Z"));
    expect(await months()).toEqual(["2021-03 families 100 0", "2021-04 families 0 40"]);
    expect(await days()).toEqual(["2021-03-10 2021-03-10", "2021-03-20 2021-04-01"]);
    expect(await audit()).toEqual([]);
  });

  test("a refund that failed comes back in the open month, though the refund itself had lowered March", async () => {
    await book(charge("1", "2021-03-10T17:00:00Z"), refund("1", 4000, "2021-03-20T17:00:00Z"));
    await close("2021-03");
    await book(
      refund("1", 4000, "2021-03-20T17:00:00Z", { status: "failed", failure_balance_transaction: "txn_f" }),
      movement("txn_f", "re_1", 4000, "2021-03-28T17:00:00Z"),
    );
    expect(await months()).toEqual(["2021-03 families 100 40", "2021-04 families 0 -40"]);
    expect(await audit()).toEqual([]);
  });

  test("a gift of March counts in April and stays March on its row, by card and in cash", async () => {
    await close("2021-03");
    await book(charge("1", "2021-03-10T17:00:00Z"));
    const cash = { request: "one", fund: "families", organisation: "organisation-1", day: "2021-03-11" };
    await sql`select * from record_cash(${sql.json({ ...cash, amount_minor: "500", currency: "CAD" })})`;
    expect(await months()).toEqual(["2021-04 families 105 0"]);
    expect(await days()).toEqual(["2021-03-10 2021-04-01", "2021-03-11 2021-04-01"]);
    await close("2021-04");
    await deriveAnew();
    expect(await days()).toEqual(["2021-03-10 2021-04-01", "2021-03-11 2021-04-01"]);
    expect(await audit()).toEqual([]);
  });

  test("a gift that was arriving when March closed counts in April", async () => {
    const paid = {
      ...row,
      kind: "invoice_payment" as const,
      id: "ip_1",
      invoice: "in_1",
      status: "paid",
      amount_paid_minor: null,
    };
    await book(charge("1", "2021-03-10T17:00:00Z"), { ...paid, payment_intent: "pi_1", charge: null });
    expect(await sql`select state, counted_on from payment`).toEqual([{ state: "arriving", counted_on: null }]);
    await close("2021-03");
    await owner`delete from stripe_invoice_payment`;
    await deriveAnew();
    expect(await months()).toEqual(["2021-04 families 100 0"]);
  });

  test("what a foreign gift came to counts in April, and the gift itself in March", async () => {
    await book(charge("1", "2021-03-10T17:00:00Z", { currency: "EUR", balance_transaction: "txn_1" }));
    await close("2021-03");
    await book(movement("txn_1", "ch_1", 14_500, "2021-03-10T17:00:00Z"));
    expect(await months()).toEqual(["2021-04 families 145 0"]);
    expect(await days()).toEqual(["2021-03-10 2021-03-10"]);
    expect(await audit()).toEqual([]);
  });
});

const belongsTo = async (fund: string): Promise<void> => {
  await owner`delete from fund_alias`;
  await sql`insert into fund_alias (slug, since, fund_id) select 'spring', '-infinity', id from fund where slug = ${fund}`;
  await deriveAnew();
};

test("a gift that belongs to another fund moves in the open month only, as often as it moves, and as if it had never moved once it is back", async () => {
  await book(charge("1", "2021-03-10T17:00:00Z", { metadata: { fund: "spring" } }));
  await close("2021-03");
  await belongsTo("youth");
  expect(await months()).toEqual(["2021-03 unassigned 100 0", "2021-04 youth 100 0", "2021-04 unassigned -100 0"]);
  await belongsTo("families");
  expect(await months()).toEqual(["2021-03 unassigned 100 0", "2021-04 families 100 0", "2021-04 unassigned -100 0"]);
  await expect(close("2021-05")).rejects.toThrow("April 2021 of organisation-1 is still open");
  await close("2021-04");
  await belongsTo("general");
  expect(await months()).toEqual([
    "2021-03 unassigned 100 0",
    "2021-04 families 100 0",
    "2021-04 unassigned -100 0",
    "2021-05 families -100 0",
    "2021-05 general 100 0",
  ]);
  expect(await audit()).toEqual([]);
  await belongsTo("families");
  expect(await months()).toEqual(["2021-03 unassigned 100 0", "2021-04 families 100 0", "2021-04 unassigned -100 0"]);
  expect(await audit()).toEqual([]);
  await owner`delete from fund_alias`;
});

test("another time zone moves the days of open months only, and into no closed one", async () => {
  await book(
    charge("late in March", "2021-04-01T03:00:00Z"),
    charge("early in April", "2021-04-01T05:00:00Z"),
    charge("late in April", "2021-05-01T03:00:00Z"),
    refund("late in March", 1000, "2021-04-01T03:30:00Z"),
  );
  await close("2021-03");
  const before = ["2021-03 families 100 10", "2021-04 families 200 0"];
  expect(await months()).toEqual(before);
  await sql`update organisation set time_zone = 'UTC' where id = 1`;
  await deriveAnew();
  expect(await days()).toEqual([
    "2021-03-31 2021-03-31",
    "2021-03-31 2021-03-31",
    "2021-04-01 2021-04-01",
    "2021-05-01 2021-05-01",
  ]);
  expect(await audit()).toEqual([]);
  await sql`update organisation set time_zone = 'Pacific/Honolulu' where id = 1`;
  await deriveAnew();
  expect(await days()).toEqual([
    "2021-03-31 2021-03-31",
    "2021-03-31 2021-03-31",
    "2021-03-31 2021-04-01",
    "2021-04-30 2021-04-30",
  ]);
  expect(await months()).toEqual(before);
  expect(await audit()).toEqual([]);
  await sql`update organisation set time_zone = 'America/Toronto' where id = 1`;
});

test("an account that comes to another organisation leaves the closed months of the one and of the other as they were", async () => {
  await book(charge("1", "2021-03-10T17:00:00Z"));
  await close("2021-03");
  await close("2021-04", 2);
  await sql`update account set organisation_id = 2 where id = 1`;
  await deriveAnew();
  expect(await months()).toEqual(["2021-03 families 100 0", "2021-04 families -100 0"]);
  expect(await days()).toEqual(["2021-03-10 2021-05-01"]);
  expect(await sql`select month, given_minor from totals_by_month(null, null, 'CAD', 2)`).toEqual([
    { month: "2021-05", given_minor: 10_000n },
  ]);
  expect(await audit()).toEqual([]);
  await sql`update account set organisation_id = 1 where id = 1`;
  await deriveAnew();
  expect(await audit()).toEqual([]);
});

describe("closing a month", () => {
  test("waits until it is over where the organisation is", async () => {
    const month = new Intl.DateTimeFormat("en-CA", { timeZone: "America/Toronto" }).format().slice(0, 7);
    await expect(close(month)).rejects.toThrow(/ is not over yet for organisation-1$/u);
  });

  test("is done once, of an organisation there is, and the earlier months first", async () => {
    await book(charge("1", "2021-02-10T17:00:00Z"));
    await expect(close("2021-03")).rejects.toThrow(
      "February 2021 of organisation-1 is still open: close it before March 2021",
    );
    await close("2021-02");
    await close("2021-04");
    await expect(close("2021-04")).rejects.toThrow("April 2021 of organisation-1 is closed already");
    await expect(close("2021-03")).rejects.toThrow("March 2021 of organisation-1 is closed already");
    await expect(close("2021-03", 99)).rejects.toThrow("there is no such organisation");
  });

  test("closes what came before it, of this organisation only", async () => {
    await close("2021-03");
    const asked = await sql`
      select is_closed(1, '2021-03-31') as march, is_closed(1, '2020-12-01') as before, is_closed(1, '2021-04-01') as april,
        is_closed(2, '2021-03-31') as other, is_closed(null, '2021-03-31') as nobody,
        first_open_day(1, '2021-01-15') as pushed, first_open_day(1, '2021-04-15') as own, first_open_day(2, '2021-01-15') as others`;
    const closed = { march: true, before: true, april: false, other: false, nobody: false };
    expect(asked).toEqual([{ ...closed, pushed: "2021-04-01", own: "2021-04-15", others: "2021-01-15" }]);
  });

  test("cannot be undone by a statement, and neither can its sums", async () => {
    await book(charge("1", "2021-03-10T17:00:00Z"));
    await close("2021-03");
    await expect(sql`delete from period`).rejects.toThrow("March 2021 stays closed");
    await expect(sql`update period set status = 'open'`).rejects.toThrow("March 2021 stays closed");
    const stay = "the sums of March 2021 stay";
    await expect(sql`update period_sum set given_minor = 1`).rejects.toThrow(stay);
    await expect(sql`delete from period_sum`).rejects.toThrow(stay);
    await expect(
      sql`insert into period_sum select organisation_id, month, null, 'CAD', 1, 0, 0, 0 from period`,
    ).rejects.toThrow(stay);
  });
});

test("the audit names a closed month that is not what it was, and late movements that add something", async () => {
  await book(charge("1", "2021-03-10T17:00:00Z"), refund("1", 4000, "2021-03-20T17:00:00Z"));
  await close("2021-03");
  await book(refund("1", 4000, "2021-03-20T17:00:00Z", { status: "canceled" }));
  await sql`update late_movement set amount_minor = 3900 where counted_on < '2021-04-01'`;
  const findings = new Set((await audit()).map((found) => (found as { finding: string }).finding));
  expect([...findings]).toEqual(["closed month differs from what it was", "late movements do not add up to nothing"]);
});
