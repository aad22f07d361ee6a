import fc from "fast-check";
import type { BalanceTransactionFact, Fact } from "../src/core/fact.ts";
import type { Sql } from "../src/db/connect.ts";
import { refusalOf } from "../src/db/refusal.ts";
import { cashOf, dayOf, factsOf, funds, histories, type Payment } from "./history.ts";

/** A gift that repeats, as a person would tell it. */
type Plan = {
  account: 1 | 2;
  person: number;
  fund: string;
  every: string | null;
  amount: number | null;
  currency: "CAD" | "USD";
  began: number;
  paid: number;
  /** Days after its last payment. */
  ended: number | null;
  status: "active" | "past_due" | "canceled" | "incomplete_expired";
  failsNow: boolean;
};

/** What staff do in between; `of` is a random number by which something is chosen. */
type Deed =
  | { kind: "merge" | "other fund" | "campaign" | "other person"; of: number; to: number }
  | { kind: "apart" | "first organisation"; of: number }
  | { kind: "calendar"; organisation: 1 | 2; month: number; since: string };

/** A history of a house in two currencies, with plans, merged people, corrections and other fiscal years. */
export type Tale = { payments: Told[]; plans: Plan[]; deeds: Deed[] };
type Told = Payment & { currency: "CAD" | "USD"; isMoved: boolean; isDisputed: boolean };

const currency = fc.constantFrom("CAD" as const, "CAD" as const, "CAD" as const, "USD" as const);

const isDisputed = fc.constantFrom(false, false, false, true);

const plan: fc.Arbitrary<Plan> = fc.record({
  account: fc.constantFrom(1, 2),
  person: fc.nat(8),
  fund: fc.constantFrom(...funds, "nowhere"),
  every: fc.constantFrom("month", "month", "year", "3 month", "week", "2 week", "day", "2 year", null),
  amount: fc.option(fc.integer({ min: 1, max: 9999 }), { freq: 8 }),
  currency,
  began: fc.nat(400),
  paid: fc.nat(4),
  ended: fc.option(fc.nat(60)),
  status: fc.constantFrom("active", "active", "past_due", "canceled", "incomplete_expired"),
  failsNow: fc.boolean(),
});

const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({
    kind: fc.constantFrom("merge", "other fund", "campaign", "other person"),
    of: fc.nat(),
    to: fc.nat(),
  }),
  fc.record({ kind: fc.constantFrom("apart", "first organisation"), of: fc.nat() }),
  fc.record({
    kind: fc.constant("calendar"),
    organisation: fc.constantFrom(1, 2),
    month: fc.integer({ min: 1, max: 12 }),
    since: fc.constantFrom("0001-01-01", "2021-03-01", "2021-08-17", "2022-01-01"),
  }),
);

/** Tales of up to `size` payments. Amounts are often the same, as when people are offered some. */
export const tales = (size: number): fc.Arbitrary<Tale> =>
  fc.record({
    payments: histories(size).chain((payments) =>
      fc
        .array(
          fc.record({ currency, isMoved: fc.boolean(), isDisputed, usual: fc.constantFrom(0, 0, 1000, 2500, 10_000) }),
          {
            minLength: payments.length,
            maxLength: payments.length,
          },
        )
        .map((told) => payments.map((payment, index): Told => tell(payment, told[index]))),
    ),
    plans: fc.array(plan, { maxLength: 4 }),
    deeds: fc.array(deed, { maxLength: 8 }),
  });

type Draft = Pick<Told, "currency" | "isMoved" | "isDisputed"> & { usual: number };

function tell(payment: Payment, draft: Draft | undefined): Told {
  const { usual, ...told } = draft ?? { currency: "CAD", isMoved: false, isDisputed: false, usual: 0 };
  const lines = payment.lines.map((line) => (usual > 0 && line.kind === "gift" ? { ...line, amount: usual } : line));
  const isUsual = usual > 0 && payment.refunds.length === 0;
  return { ...payment, lines: isUsual ? lines : payment.lines, ...told };
}

/** What happens in a house, in random order and batches. */
export async function play(sql: Sql, tale: Tale, size: number, chance: fc.Stream<number>): Promise<void> {
  const facts = shuffled([...tale.payments.flatMap(factsOfTold), ...tale.plans.flatMap(factsOfPlan)], chance);
  const steps: (() => Promise<unknown>)[] = [];
  for (let start = 0; start < facts.length; start += size) {
    const batch = { mode: "sandbox", tickets: [], facts: facts.slice(start, start + size) };
    steps.push(async () => await sql`select * from drain(${sql.json(batch)})`);
  }
  for (const payment of tale.payments) {
    const gift = cashOf(payment);
    if (gift !== null) {
      const cash = { ...gift, currency: payment.currency };
      steps.splice(draw(chance, steps.length), 0, async () => await sql`select * from record_cash(${sql.json(cash)})`);
    }
  }
  for (const [index, one] of tale.deeds.entries())
    steps.splice(draw(chance, steps.length), 0, async () => await take(sql, one, index));
  for (const step of steps) await step();
}

function shuffled<Item>(items: Item[], chance: fc.Stream<number>): Item[] {
  return items
    .map((item) => ({ item, key: chance.next().value as number }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

const draw = (chance: fc.Stream<number>, upTo: number): number => (chance.next().value as number) % (upTo + 1);

/** A payment in its currency, and for some what Stripe moved for it, with its fee. */
function factsOfTold(payment: Told): Fact[] {
  const facts = factsOf(payment).map((fact) => ("currency" in fact ? { ...fact, currency: payment.currency } : fact));
  const charge = facts.find((fact) => fact.kind === "charge");
  if (charge === undefined || !payment.isMoved) return facts;
  const fee = 30 + Math.floor(Number(charge.amount_minor) / 40);
  const refunds = payment.refunds.map(({ amount, after }, index) =>
    moved(
      payment,
      `txn_r${payment.id}_${index}`,
      { source: `re_${payment.id}_${index}`, type: "refund" },
      -amount,
      after,
    ),
  );
  return [
    ...facts,
    moved(payment, `txn_${payment.id}`, { source: charge.id, type: "charge" }, Number(charge.amount_minor), 0, fee),
    ...refunds,
    ...(payment.isDisputed && payment.refunds.length === 0 ? disputeOf(payment, charge.amount_minor) : []),
  ];
}

/** What a bank took back of a payment, all of it. */
function disputeOf(payment: Told, amount: string): Fact[] {
  const { id, day, currency: one } = payment;
  const dispute: Fact = {
    account_id: `${payment.account}`,
    fetched_at: null,
    kind: "dispute",
    id: `dp_${id}`,
    charge: `ch_${id}`,
    payment_intent: `pi_${id}`,
    status: "needs_response",
    reason: "fraudulent",
    amount_minor: amount,
    currency: one,
    created: noon(day + 10),
  };
  const source = { source: `dp_${id}`, type: "adjustment", reporting_category: "dispute" };
  return [dispute, moved(payment, `txn_d${id}`, source, -Number(amount), 12, 1500)];
}

function moved(
  { account, currency: one, day }: Told,
  id: string,
  kind: Pick<BalanceTransactionFact, "source" | "type"> & { reporting_category?: string },
  amount: number,
  after: number,
  fee = 0,
): BalanceTransactionFact {
  return {
    account_id: `${account}`,
    fetched_at: null,
    kind: "balance_transaction",
    id,
    reporting_category: kind.type,
    ...kind,
    amount_minor: `${amount}`,
    fee_minor: `${fee}`,
    net_minor: `${amount - fee}`,
    currency: one,
    exchange_rate: null,
    created: noon(day + after),
    balance_type: null,
    description: null,
    fee_tax_minor: null,
  };
}

const noon = (day: number): string => `${dayOf(day)}T17:00:00.000Z`;

function factsOfPlan(told: Plan, number: number): Fact[] {
  const row = { account_id: `${told.account}`, fetched_at: null };
  const metadata = { order: `alm_plan${String(number).padStart(14, "0")}`, fund: told.fund };
  const amount = `${told.amount ?? 2000}`;
  const last = told.began + 30 * Math.max(told.paid - 1, 0);
  const invoice = (name: string, status: string, day: number, reason: string): Fact => ({
    ...row,
    kind: "invoice",
    id: `in_${number}_${name}`,
    status,
    billing_reason: reason,
    subscription: `sub_${number}`,
    customer: null,
    customer_email: `person${told.person}@example.org`,
    currency: told.currency,
    total_minor: amount,
    attempt_count: 1,
    next_attempt_at: null,
    created: noon(day),
    metadata,
  });
  const payments = Array.from({ length: told.paid }, (_, nth): Fact[] => {
    const day = told.began + 30 * nth;
    const id = `plan${number}_${nth}`;
    return [
      invoice(`${nth}`, "paid", day, nth === 0 ? "subscription_create" : "subscription_cycle"),
      {
        ...row,
        kind: "invoice_payment",
        id: `inpay_${id}`,
        invoice: `in_${number}_${nth}`,
        status: "paid",
        payment_intent: `pi_${id}`,
        charge: null,
        amount_paid_minor: amount,
      },
      {
        ...row,
        kind: "charge",
        id: `ch_${id}`,
        status: "succeeded",
        captured: true,
        amount_minor: amount,
        amount_captured_minor: amount,
        currency: told.currency,
        created: noon(day),
        payment_intent: `pi_${id}`,
        customer: null,
        balance_transaction: null,
        billing: { email: `person${told.person}@example.org`, name: null },
        receipt_email: null,
        description: "Subscription update",
        metadata: {},
      },
    ];
  }).flat();
  const subscription: Fact = {
    ...row,
    kind: "subscription",
    id: `sub_${number}`,
    status: told.status,
    customer: null,
    currency: told.currency,
    amount_minor: told.amount === null ? null : amount,
    every: told.every,
    created: noon(told.began),
    cancel_at: told.status === "canceled" && told.ended === null ? noon(last + 20) : null,
    ended_at: told.ended === null ? null : noon(last + told.ended),
    metadata,
    status_fetched_at: null,
  };
  const failed = told.failsNow ? [invoice("failed", "open", last + 30, "subscription_cycle")] : [];
  return [subscription, ...payments, ...failed];
}

/** Deeds choose among what is known by then; where there is nothing yet, nothing is done. */
async function take(sql: Sql, one: Deed, index: number): Promise<void> {
  switch (one.kind) {
    case "merge":
      await sql`
        update identity set person_id = other.person_id
        from (select person_id from identity order by (id * 7919 + ${one.to}) % 31, id limit 1) other
        where id = (select id from identity order by (id * 7919 + ${one.of}) % 37, id limit 1)`;
      return;
    case "apart":
      // A person of its own again.
      await sql`
        with alone as (insert into person (name) select null where exists (select from identity) returning id)
        update identity set person_id = alone.id
        from alone
        where identity.id = (select id from identity order by (id * 7919 + ${one.of}) % 37, id limit 1)`;
      return;
    case "first organisation":
      await sql`update organisation set position = case when id = ${(one.of % 2) + 1} then 0 else 1 end`;
      return;
    case "calendar":
      await sql`
        insert into organisation_calendar (organisation_id, since, fiscal_year_start)
        values (${one.organisation}, ${one.since}::date, ${one.month})
        on conflict (organisation_id, since) do update set fiscal_year_start = excluded.fiscal_year_start`;
      return;
    case "other fund":
      return await correct(sql, one.of, index, { fund: one.to % 2 === 0 ? "general" : "families" });
    case "campaign":
      return await correct(sql, one.of, index, { campaign: "shop" });
    case "other person":
      return await correct(sql, one.of, index, { person: { email: `person${one.to % 9}@example.org` } });
  }
}

async function correct(sql: Sql, of: number, index: number, said: Record<string, unknown>): Promise<void> {
  const [gift] = await sql<{ payment: string; part: string; account: bigint | null }[]>`
    select payment_id::text as payment, part, account_id as account from gift
    where account_id is not null and (${said["campaign"] === undefined} or fund_id = (select id from fund where slug = 'general'))
    order by (payment_id * 7919 + ${of}) % 41, payment_id, part limit 1`;
  if (gift === undefined) return;
  const correction = {
    request: `correction-${index}`,
    gifts: [{ payment: gift.payment, part: gift.part }],
    reason: "as they told us",
    ...said,
    ...("campaign" in said ? { campaign: `shop-${gift.account}` } : {}),
  };
  try {
    await sql`select correct_gifts(${sql.json(correction)}, ${sql.json({ id: "treasurer", name: "The treasurer" })})`;
  } catch (error) {
    // A disputed gift cannot leave a restricted fund short; all else is a fault.
    if (!refusalOf(error).includes("would be left")) throw error;
  }
}
