import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { BalanceTransactionFact, DisputeFact, Fact } from "../../src/core/fact.ts";
import { openSql, type Sql } from "../../src/db/connect.ts";
import { canonicalDump, regardlessOfDays } from "../canonical-dump.ts";
import { forgetPayments, setUpCharity } from "../charity.ts";
import { openTestDatabase, type TestDatabase } from "../database.ts";
import { cashOf, dayOf, factsOf, histories, type Payment } from "../history.ts";

const seeds = process.env.PROVE === "1" ? 300 : 20;

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

/** What staff change while months close, each with what undoes it; what it touches is derived anew. */
const corrections = {
  "a fund is merged into another": [
    `insert into fund_alias (slug, since, fund_id) select 'families', '-infinity', id from fund where slug = 'general'`,
    `delete from fund_alias where slug = 'families'`,
  ],
  "an unknown name is given to a fund": [
    `insert into fund_alias (slug, since, fund_id) select 'nowhere', '-infinity', id from fund where slug = 'youth'`,
    `delete from fund_alias where slug = 'nowhere'`,
  ],
  "a fund takes no more through an account": [
    `delete from fund_account where account_id = 2 and fund_id = (select id from fund where slug = 'families')`,
    `insert into fund_account (fund_id, account_id) select id, 2 from fund where slug = 'families' on conflict do nothing`,
  ],
  "a shop's campaign goes": [
    `update campaign set slug = 'closed-shop' where account_id = 1`,
    `update campaign set slug = 'shop-1' where account_id = 1`,
  ],
  "another time zone": [
    `update organisation set time_zone = case id when 1 then 'Pacific/Kiritimati' else 'Pacific/Honolulu' end`,
    `update organisation set time_zone = 'America/Toronto'`,
  ],
  "an account comes to another organisation": [
    `update account set organisation_id = 1`,
    `update account set organisation_id = id`,
  ],
} as const;
type Correction = keyof typeof corrections;

/** What may become of a payment beside its refunds. */
const fate = fc.constantFrom("none", "none", "refund fails", "dispute lost", "dispute won", "foreign");
type Fate = typeof fate extends fc.Arbitrary<infer One> ? One : never;

type Step =
  | { kind: "facts"; facts: Fact[] }
  | { kind: "cash"; gift: NonNullable<ReturnType<typeof cashOf>> }
  | { kind: "correction"; correction: Correction; isUndone: boolean }
  | { kind: "close"; organisation: number; month: string };

const staff = fc.oneof(
  { weight: 2, arbitrary: fc.record({ organisation: fc.constantFrom(1, 2), month: fc.nat(22) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      correction: fc.constantFrom(...(Object.keys(corrections) as Correction[])),
      isUndone: fc.constantFrom(false, false, true),
    }),
  },
);

test(
  "whatever is learned of later, no sum of a closed month changes, all sums together are those of a house that closes none, and the audit is silent",
  { timeout: 1_800_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(
        histories(8),
        fc.infiniteStream(fate),
        fc.array(staff, { minLength: 3, maxLength: 9 }),
        fc.constantFrom(20, 60, 200),
        fc.infiniteStream(fc.nat()),
        async (history, fates, deeds, size, chance) => {
          const steps = shuffled(stepsOf(history, fates, size, chance), chance);
          for (const deed of deeds) {
            const at = (chance.next().value as number) % (steps.length + 1);
            const step: Step =
              "month" in deed
                ? { kind: "close", organisation: deed.organisation, month: `${dayOf(31 * deed.month).slice(0, 7)}-01` }
                : { kind: "correction", ...deed };
            steps.splice(at, 0, step);
          }
          await startAnew();
          let closed = new Map<string, string>();
          for (const step of steps) {
            await take(step);
            const now = await closedSums();
            const stayed = step.kind === "close" ? [...now].filter(([line]) => closed.has(line)) : now;
            expect(new Map(stayed), `after ${step.kind}`).toEqual(closed);
            closed = now;
          }
          expect(await sql`select * from audit()`).toEqual([]);
          const withClosing = regardlessOfDays(await canonicalDump(sql));

          await startAnew();
          for (const step of withoutClosing(steps)) await take(step);
          expect(withClosing).toEqual(regardlessOfDays(await canonicalDump(sql)));
        },
      ),
      { numRuns: seeds, endOnFailure: true },
    );
  },
);

async function startAnew(): Promise<void> {
  await forgetPayments(owner);
  await owner`alter table cash_gift alter column id restart`;
  for (const [, undone] of Object.values(corrections)) await sql.unsafe(undone);
}

async function take(step: Step): Promise<void> {
  switch (step.kind) {
    case "facts":
      return await book(step.facts);
    case "cash":
      await sql`select * from record_cash(${sql.json(step.gift)})`;
      return;
    case "correction": {
      const [done, undone] = corrections[step.correction];
      await sql.unsafe(undone);
      if (!step.isUndone) await sql.unsafe(done);
      await sql`select mark_account_dirty(id) from account`;
      return await book([]);
    }
    case "close":
      return await closeUpTo(step.organisation, step.month);
  }
}

async function book(facts: Fact[]): Promise<void> {
  await sql`select * from drain(${sql.json({ mode: "sandbox", tickets: [], facts })})`;
}

/** Closes a month and before it each earlier one in which there is anything, unless it is closed. */
async function closeUpTo(organisation: number, month: string): Promise<void> {
  for (;;) {
    const [next] = await sql<{ month: string; isOver: boolean }[]>`
      select coalesce(open_month_before(${organisation}, ${month}::date), ${month}::date)::text as month,
        is_closed(${organisation}, ${month}::date) as "isOver"`;
    if (next === undefined || next.isOver) return;
    await sql`select close_month(${organisation}, ${next.month}::date, 'the treasurer')`;
  }
}

/** The sums of every closed month and day that are not 0, of each organisation and of its funds, and those of its books. */
async function closedSums(): Promise<Map<string, string>> {
  const rows = await sql<{ line: string; sums: string }[]>`
    select concat_ws(' ', scope.key, t.grain, t.starts_on, t.currency) as line,
      concat_ws(' ', t.given_minor, t.returned_minor, t.sold_minor, t.shipping_minor) as sums
    from total t
    join scope on scope.id = t.scope_id
    join organisation o on scope.key ~ ('(^|/)organisation/' || o.id || '$')
    where is_closed(o.id, t.starts_on)
      and (t.given_minor, t.returned_minor, t.sold_minor, t.shipping_minor) <> (0, 0, 0, 0)
    union all
    select concat_ws(' ', 'books', organisation_id, coalesce(fund_id, 0), code, grain, starts_on, currency), sum(amount_minor)::text
    from book_total
    where is_closed(organisation_id, starts_on)
    group by organisation_id, fund_id, code, grain, starts_on, currency
    having sum(amount_minor) <> 0`;
  return new Map(rows.map(({ line, sums }) => [line, sums]));
}

/** The same in as few steps as can be: what no longer has a closing between is one batch. */
function withoutClosing(steps: Step[]): Step[] {
  const fewer: Step[] = [];
  for (const step of steps) {
    const last = fewer.at(-1);
    if (step.kind === "facts" && last?.kind === "facts") last.facts.push(...step.facts);
    else if (step.kind === "facts") fewer.push({ kind: "facts", facts: [...step.facts] });
    else if (step.kind !== "close") fewer.push(step);
  }
  return fewer;
}

function shuffled<Item>(items: Item[], chance: fc.Stream<number>): Item[] {
  return items
    .map((item) => ({ item, key: chance.next().value as number }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

/** A history in random order and batches, cash in between. */
function stepsOf(history: Payment[], fates: fc.Stream<Fate>, size: number, chance: fc.Stream<number>): Step[] {
  const facts = shuffled(
    history.flatMap((payment) => fated(payment, fates.next().value as Fate)),
    chance,
  );
  const steps: Step[] = [];
  for (let start = 0; start < facts.length; start += size)
    steps.push({ kind: "facts", facts: facts.slice(start, start + size) });
  for (const payment of history) {
    const gift = cashOf(payment);
    if (gift !== null) steps.push({ kind: "cash", gift });
  }
  return steps;
}

/** The facts of a payment with what became of it: its first refund failed, it was disputed, or it was paid in euros. */
function fated(payment: Payment, became: Fate): Fact[] {
  const facts = factsOf(payment);
  if (facts.length === 0) return facts;
  const { id, day } = payment;
  const row = { account_id: `${payment.account}`, fetched_at: null };
  const at = (after: number): string => `${dayOf(day + after)}T17:00:00.000Z`;
  const sources: Record<string, string> = {
    charge: `ch_${id}`,
    refund_failure: `re_${id}_0`,
    dispute: `dp_${id}`,
    dispute_reversal: `dp_${id}`,
  };
  const moved = (category: string, txn: string, amount: number, after: number): BalanceTransactionFact => ({
    ...row,
    kind: "balance_transaction",
    id: txn,
    source: sources[category] ?? null,
    type: category.startsWith("dispute") ? "adjustment" : category,
    amount_minor: `${amount}`,
    fee_minor: "0",
    net_minor: `${amount}`,
    currency: "CAD",
    exchange_rate: null,
    created: at(after),
    reporting_category: category,
    balance_type: null,
    description: null,
    fee_tax_minor: null,
  });
  const dispute: DisputeFact = {
    ...row,
    kind: "dispute",
    id: `dp_${id}`,
    charge: `ch_${id}`,
    payment_intent: `pi_${id}`,
    status: "needs_response",
    reason: "fraudulent",
    amount_minor: "100",
    currency: "CAD",
    created: at(10),
  };
  switch (became) {
    case "refund fails": {
      const [refund] = payment.refunds;
      const told = facts.find((fact) => fact.kind === "refund" && fact.status === "succeeded");
      if (refund === undefined || told === undefined) return facts;
      const failed = { ...told, status: "failed", failure_balance_transaction: `txn_f${id}` } as Fact;
      return [...facts, failed, moved("refund_failure", `txn_f${id}`, refund.amount, refund.after + 3)];
    }
    case "dispute lost":
      return [...facts, dispute, moved("dispute", `txn_d${id}`, -100, 12)];
    case "dispute won":
      return [
        ...facts,
        dispute,
        moved("dispute", `txn_d${id}`, -100, 12),
        moved("dispute_reversal", `txn_w${id}`, 100, 80),
      ];
    case "foreign": {
      const whole = facts.find((fact) => fact.kind === "charge")?.amount_minor ?? "0";
      const inEuros = facts.map((fact) => ("currency" in fact ? { ...fact, currency: "EUR" } : fact)) as Fact[];
      return [...inEuros, moved("charge", `txn_${id}`, Math.round(Number(whole) * 1.45), 0)];
    }
    case "none":
      return facts;
  }
}
