import type { Sql } from "../src/db/connect.ts";
import { foldBooks, foldChain, foldRest, foldTotals } from "./board-fold.ts";

/** The last day of the five years; a board of these gifts is looked at on it. */
export const lastDay = "2026-03-31";
const firstDay = "2021-04-01";

/** Only for loading: nothing waits for the disk, triggers and foreign keys are off, indexes are made at the end. */
export const loadSettings: Record<string, string> = {
  autovacuum: "off",
  checkpoint_timeout: "30min",
  fsync: "off",
  full_page_writes: "off",
  jit: "off",
  maintenance_work_mem: "1GB",
  max_wal_senders: "0",
  max_wal_size: "6GB",
  session_replication_role: "replica",
  shared_buffers: "2GB",
  synchronous_commit: "off",
  wal_level: "minimal",
  work_mem: "512MB",
};

/** The tables that grow with gifts. */
const large = [
  "giving_day",
  "giver_year",
  "journal_line",
  "journal_entry",
  "stripe_charge",
  "stripe_balance_transaction",
  "gift",
  "payment",
  "identity",
  "person",
  "stripe_invoice",
  "stripe_invoice_payment",
  "stripe_subscription",
  "stripe_refund",
  "return_part",
  "sale",
  "cash_sale",
] as const;

/**
 * Loads so many gifts of five years into the same tables that the service writes, from seeds, as it would have booked them:
 * two organisations, 20 funds (one of both, two hidden), one person for ten gifts, amounts as people give, few who give much
 * and many who give little, gifts that repeat, refunds, unnamed gifts, a second currency, and goods sold by hand. The facts
 * of Stripe are there (charges, balance transactions, refunds, invoices, subscriptions), the journal with its chain of
 * hashes, and every fold; not payment intents and sessions, which these gifts could do without, nor deliveries, which the
 * inbox empties. At a size where that is fast, the audit says that it is right.
 */
export async function loadGifts(ownerSql: Sql, gifts: number, tell: (step: string) => void): Promise<void> {
  const told = async (step: string, work: () => Promise<unknown>): Promise<void> => {
    const start = performance.now();
    await work();
    tell(`${step}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
  };
  await furnish(ownerSql);
  await makeTools(ownerSql);
  await ownerSql`select bench_sleep(t) from unnest(string_to_array(${large.join()}, ',')) t`;
  await told("who gave what", async () => await drawGifts(ownerSql, gifts));
  await told("people", async () => await writePeople(ownerSql, gifts));
  await told("facts", async () => await writeFacts(ownerSql));
  await told("payments, gifts and returns", async () => await writeGifts(ownerSql, gifts));
  await told("totals", async () => await foldTotals(ownerSql));
  // These three write different tables, and the owner's two connections take what comes next.
  await Promise.all([
    told("giving chain", async () => await foldChain(ownerSql, gifts)),
    told("journal", async () => await foldBooks(ownerSql)),
    told("what stayed of whom", async () => await ownerSql`select fold_giver_years()`),
  ]);
  await told("indexes", async () => await wake(ownerSql));
  await told("statistics", async () => await ownerSql`vacuum (analyze)`);
  await told("other folds", async () => await foldRest(ownerSql));
  await ownerSql`analyze`;
}

/** Houses, accounts, funds and what is sold: few rows, as somebody sets them up. Triggers are off here, so what they keep is written. */
async function furnish(sql: Sql): Promise<void> {
  await sql`
    insert into organisation (slug, name, legal_name, address, contact)
    values ('alov', 'Alov', 'Alov', 'here', 'us'), ('beacon', 'Beacon', 'Beacon', 'there', 'them')`;
  await sql`
    insert into account (slug, organisation_id, settles_in)
    values ('alov', 1, '{CAD,USD}'), ('beacon', 2, '{CAD,USD}')`;
  await sql`
    insert into fund (slug, name, is_public, general_of, position)
    select case n when 1 then 'families' when 2 then 'general' when 20 then 'together' else 'fund-' || n end, 'Fund ' || n,
      n not in (7, 15), case n when 2 then 1 when 19 then 2 end, n
    from generate_series(1, 20) n`;
  await sql`
    insert into fund_account (fund_id, account_id, position)
    select f.id, a.id, a.id from fund f join account a on f.id = 20 or (f.id < 13) = (a.id = 1)`;
  await sql`insert into fund_fee_bearing (fund_id, since, bears_fees) select id, '-infinity', bears_fees from fund`;
  await sql`
    insert into campaign (slug, fund_id, account_id, kind, name, starts_on)
    values ('pins', 1, 1, 'merchandise', 'Pins', ${firstDay})`;
  await sql`insert into item (campaign_id, slug, name) values (1, 'pin', 'Pin'), (1, 'shirt', 'Shirt')`;
  await sql`
    insert into variant (item_id, slug, name, price_minor)
    values (1, 'one', '', 500), (2, 's', 'S', 2500), (2, 'm', 'M', 2500), (2, 'l', 'L', 2600)`;
  await sql`
    insert into promise (campaign_id, version, in_force_from, basis, wording)
    values (1, 1, ${firstDay}, 'gross', 'All of it.')`;
}

/** `bench_draw` is a number from a seed; an index asleep is neither kept nor used until `bench_wake` makes it anew. */
async function makeTools(sql: Sql): Promise<void> {
  await sql`
    create function bench_draw(p_n bigint, p_what bigint) returns bigint language sql immutable parallel safe as $$
      select hashint8extended(p_n, p_what) & 1099511627775
    $$`;
  await sql`
    create function bench_sleep(p_table text) returns void language sql as $$
      update pg_index set indisready = false, indisvalid = false where indrelid = p_table::regclass
    $$`;
  await sql`
    create function bench_wake(p_table text) returns void language plpgsql as $$
    begin
      execute format('reindex table %I', p_table);
    end $$`;
}

/** One row a gift: what the tables are then written from. */
async function drawGifts(sql: Sql, gifts: number): Promise<void> {
  const people = Math.max(1, Math.floor(gifts / 10));
  await sql`
    create unlogged table bench_gift as
    with drawn as (
      select n, bench_draw(n, 1) as who, bench_draw(n, 2) as what, bench_draw(n, 3) as how_much, bench_draw(n, 4) as back,
        case when bench_draw(n, 5) % 5 = 0
          -- Every fifth in a December.
          then date '2021-12-01' + (bench_draw(n, 6) % 5 * 365.25)::int + (bench_draw(n, 7) % 30)::int
          else ${firstDay}::date + (bench_draw(n, 6) % (${lastDay}::date - ${firstDay}::date + 1))::int
        end as day
      from generate_series(1, ${gifts}::bigint) n
    ), whose as (
      -- The first of a thousand gives much more often than the last; 7919 is a prime, so that ids do not tell who does.
      select *, case when who % 100 < 97 then
        1 + (floor(${people} * power((who / 100 % 1000000) / 1000000.0::float8, 1.5))::bigint * 7919) % ${people}::bigint end as person
      from drawn
    ), placed as (
      select *, coalesce(person % 25 = 0, false) as repeats,
        1 + coalesce(case when person % 25 = 0 then person / 25 % 2 end, (what % 10 >= 7)::int) as account
      from whose
    )
    select
      n, person, account, repeats, day,
      case when what / 10 % 10 = 0 then 20
        when account = 1 then 1 + (what / 100 % 12) * (what / 1200 % 12) / 11
        else 13 + (what / 100 % 7) * (what / 700 % 7) / 6 end as fund,
      case when not repeats and what % 50 = 0 then 'USD' else 'CAD' end as currency,
      case when repeats then 1000 + person % 9 * 500 else
        case
          when how_much % 100 < 20 then 2000 when how_much % 100 < 40 then 2500 when how_much % 100 < 62 then 5000
          when how_much % 100 < 76 then 10000 when how_much % 100 < 83 then 1000 when how_much % 100 < 86 then 25000
          when how_much % 100 < 87 then 50000 when how_much % 1000 = 999 then 500000
          else 500 + how_much / 1000 % 20000
        end
      end::bigint as amount,
      -- In the afternoon, everywhere on the same day.
      (day + time '14:00' + make_interval(secs => back / 1000 % 20000)) at time zone 'UTC' as created,
      case when repeats then 0 when back % 200 = 0 then 2 when back % 200 = 1 then 1 else 0 end as halves_back,
      least(day + (back / 200 % 30)::int, ${lastDay}::date) as back_on
    from placed`;
  await sql`analyze bench_gift`;
}

async function writePeople(sql: Sql, gifts: number): Promise<void> {
  const people = Math.max(1, Math.floor(gifts / 10));
  await sql`
    insert into person (id, name) overriding system value select n, null from generate_series(1, ${people}::bigint) n`;
  await sql`
    insert into identity (id, key, person_id) overriding system value
    select n, 'email:donor' || n - 1 || '@example.org', n from generate_series(1, ${people}::bigint) n`;
  await sql`select setval('person_id_seq', ${people}::bigint), setval('identity_id_seq', ${people}::bigint)`;
}

/** What Stripe would have told of these gifts. */
async function writeFacts(sql: Sql): Promise<void> {
  await inTwo(
    async () =>
      await sql`
      insert into stripe_charge (
        account_id, id, status, captured, amount_minor, amount_captured_minor, currency, created, payment_intent,
        balance_transaction, billing, metadata
      )
      select account, 'ch_3L' || n, 'succeeded', true, amount, amount, g.currency, created, 'pi_3L' || n, 'txn_3L' || n,
        case when person is null then jsonb_build_object('name', null, 'email', null)
          else jsonb_build_object('name', 'Donor ' || person, 'email', 'donor' || person - 1 || '@example.org') end,
        jsonb_build_object('fund', f.slug)
      from bench_gift g join fund f on f.id = g.fund
      order by n`,
    async () =>
      await sql`
      insert into stripe_balance_transaction (
        account_id, id, source, type, amount_minor, fee_minor, net_minor, currency, created, reporting_category
      )
      select account, 'txn_3L' || n, 'ch_3L' || n, 'charge', amount, fee, amount - fee, currency, created, 'charge'
      from bench_gift cross join lateral (select (amount * 29 + 500) / 1000 + 30 as fee) taken
      order by n`,
  );
  await sql`
    create unlogged table bench_refund as
    select *, case halves_back when 2 then amount else amount / 2 end as back,
      greatest(created, (back_on + time '20:00') at time zone 'UTC') as back_at
    from bench_gift where halves_back > 0`;
  await sql`
    insert into stripe_refund (
      account_id, id, status, charge, payment_intent, amount_minor, currency, created, balance_transaction, metadata
    )
    select account, 're_3L' || n, 'succeeded', 'ch_3L' || n, 'pi_3L' || n, back, currency, back_at, 'txn_r3L' || n, '{}'
    from bench_refund`;
  await sql`
    insert into stripe_balance_transaction (
      account_id, id, source, type, amount_minor, fee_minor, net_minor, currency, created, reporting_category
    )
    select account, 'txn_r3L' || n, 're_3L' || n, 'refund', -back, 0, -back, currency, back_at, 'refund' from bench_refund`;
  await sql`
    insert into stripe_moved (account_id, currency, day, transactions, amount_minor, fee_minor, net_minor, unequal)
    select account_id, currency, (created at time zone 'UTC')::date, count(*), sum(amount_minor), sum(fee_minor), sum(net_minor), 0
    from stripe_balance_transaction group by 1, 2, 3`;
  await sql`
    insert into stripe_balance (account_id, id, currency, available_minor, pending_minor, reserved_minor, fetched_at)
    select account_id, 'payments ' || currency, currency, sum(net_minor), 0, 0, ${lastDay}::date + interval '22 hours' from stripe_moved group by account_id, currency`;
  await writePlans(sql);
}

/** A plan for each who gives monthly; three in ten have ended. */
async function writePlans(sql: Sql): Promise<void> {
  await sql`
    insert into stripe_subscription (account_id, id, status, currency, amount_minor, every, created, ended_at)
    select account, 'sub_3L' || person, case when person / 25 % 10 < 3 then 'canceled' else 'active' end, 'CAD', min(amount), 'month',
      min(created), case when person / 25 % 10 < 3 then max(created) + interval '10 days' end
    from bench_gift where repeats group by account, person`;
  await sql`
    insert into stripe_invoice (
      account_id, id, status, billing_reason, subscription, currency, total_minor, attempt_count, created, metadata
    )
    select account, 'in_3L' || n, 'paid', 'subscription_cycle', 'sub_3L' || person, currency, amount, 1, created, '{}'
    from bench_gift where repeats`;
  await sql`
    insert into stripe_invoice_payment (account_id, id, invoice, status, payment_intent, amount_paid_minor)
    select account, 'inpay_3L' || n, 'in_3L' || n, 'paid', 'pi_3L' || n, amount from bench_gift where repeats`;
}

/** Sales are one for fifty gifts, at a table, and come after them. */
async function writeGifts(sql: Sql, gifts: number): Promise<void> {
  await inTwo(
    async () =>
      await sql`
      insert into payment (
        id, account_id, key, state, kind, organisation_id, occurred_on, counted_on, currency, amount_minor
      ) overriding system value
      select n, account, 'pi_3L' || n, 'succeeded', 'gift', account, day, day, currency, amount from bench_gift order by n`,
    async () =>
      await sql`
      insert into gift (
        payment_id, part, source, account_id, organisation_id, fund_id, identity_id, occurred_on, counted_on, currency,
        amount_minor, returned_minor, wholly_returned, subscription, every
      )
      select n, 'whole', 'stripe', account, account, fund, person, day, day, currency, amount,
        case halves_back when 0 then 0 when 2 then amount else amount / 2 end, halves_back = 2,
        case when repeats then 'sub_3L' || person end, case when repeats then 'month' end
      from bench_gift order by n`,
  );
  await sql`
    insert into return_part (
      payment_id, part, return_id, kind, is_sale, organisation_id, fund_id, occurred_on, counted_on, currency, amount_minor
    )
    select n, 'whole', 're_3L' || n, 'refund', false, account, fund, (back_at at time zone 'America/Toronto')::date,
      (back_at at time zone 'America/Toronto')::date, currency, back
    from bench_refund`;
  const sales = Math.floor(gifts / 50);
  await sql`
    insert into cash_sale (
      id, request, campaign_id, variant_id, organisation_id, identity_key, occurred_on, quantity, amount_minor, currency
    ) overriding system value
    select n, 'bench ' || n, 1, v.id, 1,
      case when bench_draw(n, 8) % 2 = 0 then 'email:donor' || bench_draw(n, 9) % greatest(1, ${gifts}::bigint / 10) || '@example.org' end,
      ${firstDay}::date + (bench_draw(n, 10) % (${lastDay}::date - ${firstDay}::date + 1))::int, q.quantity, q.quantity * v.price_minor, 'CAD'
    from generate_series(1, ${sales}::bigint) n
    join variant v on v.id = 1 + bench_draw(n, 11) % 4
    cross join lateral (select 1 + bench_draw(n, 12) % 3 as quantity) q`;
  await sql`
    insert into payment (
      id, key, cash_sale_id, state, kind, organisation_id, occurred_on, counted_on, currency, amount_minor
    ) overriding system value
    select ${gifts}::bigint + id, 'sale_' || id, id, 'succeeded', 'order', 1, occurred_on, occurred_on, currency, amount_minor
    from cash_sale`;
  await sql`
    insert into sale (
      payment_id, part, organisation_id, fund_id, campaign_id, item_id, variant_id, identity_id, occurred_on, counted_on,
      currency, amount_minor, quantity
    )
    select ${gifts}::bigint + s.id, 'whole', 1, 1, 1, v.item_id, v.id, 1 + substring(s.identity_key from 'donor(\\d+)')::bigint,
      s.occurred_on, s.occurred_on, s.currency, s.amount_minor, s.quantity
    from cash_sale s join variant v on v.id = s.variant_id`;
  await sql`
    select setval('payment_id_seq', ${gifts + sales}::bigint), setval('cash_sale_id_seq', greatest(1, ${sales}::bigint))`;
  await sql`analyze gift, identity, sale, return_part`;
}

/** Two tables at a time, the largest first, and what they were written from goes. */
async function wake(sql: Sql): Promise<void> {
  await sql`drop table bench_gift, bench_refund, bench_place, bench_entry`;
  const waiting = large.values();
  const next = async (): Promise<void> => {
    for (const table of waiting) await sql`select bench_wake(${table})`;
  };
  await inTwo(next, next);
}

/** On the owner's two connections. */
async function inTwo(first: () => Promise<unknown>, second: () => Promise<unknown>): Promise<void> {
  await Promise.all([first(), second()]);
}
