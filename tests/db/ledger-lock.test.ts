import { afterAll, beforeEach, describe, expect, test } from "vitest";
import type { Fact } from "../../src/core/fact.ts";
import { openSql, type Session, type Sql } from "../../src/db/connect.ts";
import { setUpCharity } from "../charity.ts";
import { openTestDatabase, type TestDatabase } from "../database.ts";

const open: TestDatabase[] = [];
let sql: Sql;
let ownerUrl: string;
beforeEach(async () => {
  const database = await openTestDatabase();
  open.push(database);
  ({ sql, ownerUrl } = database);
  await setUpCharity(sql);
});
afterAll(async () => {
  for (const database of open) await database.close();
});

const gift = (id: number, email: string, day: string, fund = "families"): Fact => ({
  kind: "charge",
  account_id: "1",
  id: `ch_${id}`,
  fetched_at: null,
  status: "succeeded",
  captured: true,
  amount_minor: "5000",
  amount_captured_minor: "5000",
  currency: "CAD",
  created: `${day}T17:00:00Z`,
  payment_intent: `pi_${id}`,
  customer: null,
  balance_transaction: null,
  billing: { email, name: null },
  receipt_email: null,
  description: null,
  metadata: { fund },
});
const refund = (id: number, day: string): Fact => ({
  kind: "refund",
  account_id: "1",
  id: `re_${id}`,
  fetched_at: null,
  status: "succeeded",
  charge: `ch_${id}`,
  payment_intent: `pi_${id}`,
  amount_minor: "5000",
  currency: "CAD",
  created: `${day}T17:00:00Z`,
  balance_transaction: null,
  failure_balance_transaction: null,
  metadata: null,
});
const drain = async (on: Session, facts: Fact[]): Promise<unknown> =>
  await on`select * from drain(${on.json({ mode: "sandbox", tickets: [], facts })})`;

async function takeTheLockOut(): Promise<void> {
  const owner = openSql(ownerUrl, { max: 1 });
  await owner`create or replace function take_ledger_lock() returns void language sql as 'select'`;
  await owner.end();
}

/** Books `first` in a transaction that is still open when `second` is sent, and commits it once `second` has ended or waits. */
async function interleave(first: Fact[], second: Fact[]): Promise<void> {
  const one = await sql.reserve();
  await one`begin`;
  await drain(one, first);
  const other = drain(sql, second);
  const ended = other.then(() => true);
  const soon = async (): Promise<boolean> => await new Promise((resolve) => setTimeout(resolve, 20, false));
  while (!(await Promise.race([ended, soon()]))) if (await somebodyWaits()) break;
  await one`commit`;
  one.release();
  await other;
}

async function somebodyWaits(): Promise<boolean> {
  const [row] = await sql<{ waits: boolean }[]>`
    select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock') as waits`;
  return row?.waits ?? false;
}

const donors = async (): Promise<number> => {
  const [all] = await sql<{ donors: number }[]>`select donors::int from totals(null, null, 'CAD') where scope = 'all'`;
  return all?.donors ?? -1;
};
const findings = async (): Promise<string[]> =>
  (await sql<{ finding: string }[]>`select distinct finding from audit() order by 1`).map(({ finding }) => finding);

/** Somebody whom the books know from an e-mail only, and scopes that exist: so no other lock stands in for ours. */
async function knowHer(): Promise<void> {
  await drain(sql, [gift(1, "other@example.org", "2020-12-01")]);
  await sql`select know_identities(array['email:leyla@example.org'])`;
}

describe("two gifts of one person, booked at the same time", () => {
  test("count her once", async () => {
    await knowHer();
    await interleave([gift(2, "leyla@example.org", "2021-01-05")], [gift(3, "leyla@example.org", "2021-02-05")]);
    expect(await donors()).toBe(2);
    expect(await findings()).toEqual([]);
  });

  test("would count her twice without the ledger lock", async () => {
    await knowHer();
    await takeTheLockOut();
    await interleave([gift(2, "leyla@example.org", "2021-01-05")], [gift(3, "leyla@example.org", "2021-02-05")]);
    expect(await donors()).toBe(3);
    expect(await findings()).toContain("giving chain differs from its rows");
  });
});

describe("a refund booked beside its charge", () => {
  test("lowers the fund and the donors", async () => {
    await knowHer();
    await interleave([gift(2, "leyla@example.org", "2021-01-05")], [refund(2, "2021-01-06")]);
    expect(await donors()).toBe(1);
    expect(await findings()).toEqual([]);
  });

  test("would be missed without the ledger lock", async () => {
    await knowHer();
    await takeTheLockOut();
    await interleave([gift(2, "leyla@example.org", "2021-01-05")], [refund(2, "2021-01-06")]);
    expect(await donors()).toBe(2);
    expect(await findings()).toContain("return differs from its facts");
  });
});

test("a plain statement on gifts takes the lock as well, so nobody can forget it", async () => {
  const one = await sql.reserve();
  await one`begin`;
  await one`delete from gift where false`;
  const [held] = await sql<{ held: boolean }[]>`
    select exists (select from pg_locks where locktype = 'advisory' and objid = 4171 and granted) as held`;
  await one`rollback`;
  one.release();
  expect(held).toEqual({ held: true });
});

test(
  "three drains and eight writers over 300 people and 20 funds: nobody waits for ever, nothing is counted twice",
  { timeout: 120_000 },
  async () => {
    for (let number = 1; number <= 20; number += 1) {
      await sql`insert into fund (slug, name) values (${`fund-${number}`}, 'Fund')`;
      await sql`insert into fund_account (fund_id, account_id) select f.id, a.id from fund f cross join account a where f.slug = ${`fund-${number}`}`;
    }
    // Each ninth is refunded.
    const many = process.env["PROVE"] === "1" ? 1800 : 900;
    const day = (number: number): string => new Date(Date.UTC(2021, 0, 1 + (number % 700))).toISOString().slice(0, 10);
    const payments = Array.from({ length: many }, (_, number) => ({
      number,
      person: `person${(number * 7919) % 300}@example.org`,
      fund: `fund-${1 + ((number * 31) % 20)}`,
    }));
    const queue = Array.from({ length: many / 100 }, (_, start) => payments.slice(start * 100, start * 100 + 100));
    const url = open.at(-1)?.url ?? "";
    const drainer = async (): Promise<void> => {
      const own = openSql(url, { max: 1 });
      for (let batch = queue.pop(); batch !== undefined; batch = queue.pop()) {
        await drain(
          own,
          batch.flatMap(({ number, person, fund }) => [
            gift(number, person, day(number), fund),
            ...(number % 9 === 0 ? [refund(number, day(number + 3))] : []),
          ]),
        );
      }
      await own.end();
    };
    const writer = async (which: number): Promise<void> => {
      const own = openSql(url, { max: 1 });
      for (let number = 0; number < 25; number += 1) {
        const cash = {
          request: `${which}-${number}`,
          fund: `fund-${1 + ((which * 5 + number) % 20)}`,
          amount_minor: "700",
          currency: "CAD",
          day: day(which * 90 + number * 11),
          email: `person${(which * 41 + number * 13) % 300}@example.org`,
        };
        await own`select * from record_cash(${own.json(cash)})`;
      }
      await own.end();
    };
    await Promise.all([drainer(), drainer(), drainer(), ...Array.from({ length: 8 }, (_, which) => writer(which))]);

    expect(await findings()).toEqual([]);
    const [all] = await sql<{ given: bigint; returned: bigint; gifts: number; donors: number }[]>`
    select given_minor as given, returned_minor as returned, gifts::int, donors::int from totals(null, null, 'CAD') where scope = 'all'`;
    expect(all).toEqual({
      given: BigInt(many * 5000 + 200 * 700),
      returned: BigInt((many / 9) * 5000),
      gifts: many - many / 9 + 200,
      donors: 300,
    });
  },
);
