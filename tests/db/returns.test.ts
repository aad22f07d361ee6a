import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { BalanceTransactionFact, ChargeFact, DisputeFact, Fact, RefundFact } from "../../src/core/fact.ts";
import { openSql, type Sql } from "../../src/db/connect.ts";
import { forgetPayments, setUpCharity } from "../charity.ts";
import { openTestDatabase, type TestDatabase } from "../database.ts";

const runs = process.env.PROVE === "1" ? 300 : 20;

let database: TestDatabase;
let owner: Sql;
beforeAll(async () => {
  database = await openTestDatabase();
  owner = openSql(database.ownerUrl, { max: 1 });
  await setUpCharity(database.sql);
});
afterAll(async () => {
  await owner.end();
  await database.close();
});

const row = { account_id: "1", fetched_at: null };
const at = (day: number): string => new Date(Date.UTC(2021, 2, 1 + day, 17)).toISOString();

const charge: ChargeFact = {
  ...row,
  kind: "charge",
  id: "ch_1",
  status: "succeeded",
  captured: true,
  amount_minor: "10000",
  amount_captured_minor: "10000",
  currency: "CAD",
  created: at(0),
  payment_intent: "pi_1",
  customer: null,
  balance_transaction: "txn_1",
  billing: { email: "leyla@example.org", name: null },
  receipt_email: null,
  description: null,
  metadata: { fund: "families" },
};
const refund = (id: string, amount: number, day: number, change: Partial<RefundFact> = {}): RefundFact => ({
  ...row,
  kind: "refund",
  id,
  status: "succeeded",
  charge: "ch_1",
  payment_intent: "pi_1",
  amount_minor: `${amount}`,
  currency: "CAD",
  created: at(day),
  balance_transaction: `txn_${id}`,
  failure_balance_transaction: null,
  metadata: null,
  ...change,
});
const movement = (id: string, source: string, amount: number, day: number): BalanceTransactionFact => ({
  ...row,
  kind: "balance_transaction",
  id,
  source,
  type: "adjustment",
  amount_minor: `${amount}`,
  fee_minor: "0",
  net_minor: `${amount}`,
  currency: "CAD",
  exchange_rate: null,
  created: at(day),
  reporting_category: null,
  balance_type: null,
  description: null,
  fee_tax_minor: null,
});
const dispute = (id: string, status: string, amount = 10_000): DisputeFact => ({
  ...row,
  kind: "dispute",
  id,
  charge: "ch_1",
  payment_intent: "pi_1",
  status,
  reason: "fraudulent",
  amount_minor: `${amount}`,
  currency: "CAD",
  created: at(5),
});

async function book(facts: Fact[], batch = 500): Promise<void> {
  for (let start = 0; start < facts.length; start += batch) {
    const drained = { mode: "sandbox", tickets: [], facts: facts.slice(start, start + batch) };
    await database.sql`select * from drain(${database.sql.json(drained)})`;
  }
}

async function families(): Promise<{ given: bigint; returned: bigint; gifts: number; donors: number }> {
  const [fund] = await database.sql<{ given: bigint; returned: bigint; gifts: number; donors: number }[]>`
    select given_minor as given, returned_minor as returned, gifts::int, donors::int
    from totals(null, null, 'CAD') where fund_slug = 'families'`;
  if (fund === undefined) throw new Error("no fund");
  return fund;
}

describe("a dispute", () => {
  test("[40] lowers the fund by what was withdrawn, and the donor goes; won, both come back on their own day", async () => {
    await forgetPayments(owner);
    await book([charge, dispute("dp_1", "needs_response")]);
    expect(await families()).toMatchObject({ returned: 0n, donors: 1 });
    await book([dispute("dp_1", "under_review"), movement("txn_out", "dp_1", -10_000, 5)]);
    expect(await families()).toMatchObject({ given: 10_000n, returned: 10_000n, gifts: 0, donors: 0 });
    await book([dispute("dp_1", "won"), movement("txn_back", "dp_1", 10_000, 40)]);
    expect(await families()).toMatchObject({ given: 10_000n, returned: 0n, gifts: 1, donors: 1 });
    const parts =
      await database.sql`select kind, occurred_on as day, amount_minor as amount from return_part order by occurred_on`;
    expect(parts).toEqual([
      { kind: "dispute", day: "2021-03-06", amount: 10_000n },
      { kind: "dispute undone", day: "2021-04-10", amount: -10_000n },
    ]);
    expect(await database.sql`select * from audit()`).toEqual([]);
  });

  test("that is an inquiry, prevented, or of a status nobody has heard of moves no money", async () => {
    await forgetPayments(owner);
    await book([
      charge,
      dispute("dp_1", "warning_needs_response"),
      dispute("dp_2", "prevented"),
      dispute("dp_3", "moonlit"),
    ]);
    expect(await families()).toMatchObject({ returned: 0n, gifts: 1, donors: 1 });
  });

  test("[41] two on one charge and a refund between count each movement once", async () => {
    await forgetPayments(owner);
    await book([
      charge,
      dispute("dp_1", "lost", 3000),
      dispute("dp_2", "lost", 4000),
      refund("re_1", 3000, 7),
      movement("txn_a", "dp_1", -3000, 6),
      movement("txn_b", "dp_2", -4000, 8),
      movement("txn_a", "dp_1", -3000, 6),
    ]);
    expect(await families()).toMatchObject({ given: 10_000n, returned: 10_000n, donors: 0 });
  });
});

describe("a refund that fails", () => {
  test("before the money left changes nothing", async () => {
    await forgetPayments(owner);
    await book([charge, refund("re_1", 4000, 1, { status: "pending", balance_transaction: null })]);
    await book([refund("re_1", 4000, 1, { status: "failed", balance_transaction: null })]);
    expect(await families()).toMatchObject({ returned: 0n, donors: 1 });
  });

  test("[11] after the money left is undone by a row of its own, whichever of its events came first", async () => {
    const failed = refund("re_1", 10_000, 1, { status: "failed", failure_balance_transaction: "txn_fail" });
    for (const facts of [
      [charge, failed, refund("re_1", 10_000, 1)],
      [refund("re_1", 10_000, 1), failed, charge],
    ]) {
      await forgetPayments(owner);
      await book(facts, 1);
      const [need] = await database.sql<{ kind: string }[]>`select kind from fetch_need`;
      expect(need).toEqual({ kind: "balance_transaction" });
      await book([movement("txn_fail", "re_1", 10_000, 12)]);
      expect(await families()).toMatchObject({ given: 10_000n, returned: 0n, gifts: 1, donors: 1 });
      expect(
        await database.sql`select kind, amount_minor as amount from return_part order by amount_minor desc`,
      ).toEqual([
        { kind: "refund", amount: 10_000n },
        { kind: "failed refund", amount: -10_000n },
      ]);
      expect(await database.sql`select * from fetch_need`).toEqual([]);
    }
  });
});

test(
  "what a fund lost is what left less what came back, whatever the order and however often it is told",
  { timeout: 1_200_000 },
  async () => {
    const event = fc.record({
      kind: fc.constantFrom("refund", "failed", "dispute lost", "dispute won"),
      share: fc.constantFrom(0.1, 0.3, 0.5),
      day: fc.nat(60),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { maxLength: 6 }),
        fc.infiniteStream(fc.nat()),
        fc.constantFrom(1, 3, 50),
        async (events, chance, batch) => {
          await forgetPayments(owner);
          let left = 10_000;
          let returned = 0;
          const facts: Fact[] = [charge];
          for (const [index, { kind, share, day }] of events.entries()) {
            const amount = Math.ceil(left * share);
            if (kind === "refund") facts.push(refund(`re_${index}`, amount, day));
            if (kind === "failed") {
              facts.push(
                refund(`re_${index}`, amount, day, { status: "failed", failure_balance_transaction: `txn_f${index}` }),
                movement(`txn_f${index}`, `re_${index}`, amount, day + 3),
              );
            }
            if (kind.startsWith("dispute"))
              facts.push(
                dispute(`dp_${index}`, kind.slice(8), amount),
                movement(`txn_d${index}`, `dp_${index}`, -amount, day),
              );
            if (kind === "dispute won") facts.push(movement(`txn_w${index}`, `dp_${index}`, amount, day + 20));
            if (kind === "refund" || kind === "dispute lost") {
              left -= amount;
              returned += amount;
            }
          }
          const order = [...facts, ...facts]
            .map((fact) => ({ fact, key: chance.next().value as number }))
            .sort((a, b) => a.key - b.key);
          await book(
            order.map(({ fact }) => fact),
            batch,
          );
          expect(await families()).toEqual({
            given: 10_000n,
            returned: BigInt(returned),
            gifts: left > 0 ? 1 : 0,
            donors: left > 0 ? 1 : 0,
          });
          expect(await database.sql`select * from audit()`).toEqual([]);
        },
      ),
      { numRuns: runs, endOnFailure: true },
    );
  },
);

describe("a fund that changes", () => {
  const again = (id: string, day: number): Fact => ({
    ...charge,
    id: `ch_${id}`,
    payment_intent: `pi_${id}`,
    created: at(day),
  });

  test("[39] by a merge takes renewals under the old name from that day on, and what was given before stays where it was", async () => {
    await forgetPayments(owner);
    await database.sql`insert into fund_alias (slug, since, fund_id) select 'families', '2021-03-10', id from fund where slug = 'general'`;
    await book([charge, again("late", 20)]);
    const rows =
      await database.sql`select f.slug::text as fund, count(*)::int as gifts from gift g join fund f on f.id = g.fund_id group by 1 order by 1`;
    expect(rows).toEqual([
      { fund: "families", gifts: 1 },
      { fund: "general", gifts: 1 },
    ]);
    await owner`delete from fund_alias`;
  });

  test("by being archived takes no more: what comes later waits for a fund", async () => {
    await forgetPayments(owner);
    await database.sql`update fund set archived_on = '2021-03-10' where slug = 'families'`;
    await book([charge, again("late", 20)]);
    const rows =
      await database.sql`select fund_id is null as waits, count(*)::int as gifts from gift group by 1 order by 1`;
    expect(rows).toEqual([
      { waits: false, gifts: 1 },
      { waits: true, gifts: 1 },
    ]);
    await database.sql`update fund set archived_on = null`;
  });
});
