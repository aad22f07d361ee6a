import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { readProofs } from "../../src/db/book.ts";
import type { Sql } from "../../src/db/connect.ts";
import { openSql } from "../../src/db/connect.ts";
import { beginBooks, readAtStripe } from "../../src/db/opening.ts";
import { readOlderThanBooks } from "../../src/db/backfill.ts";
import { stripeClient } from "../../src/stripe/client.ts";
import { readSetup } from "../../src/core/read-setup.ts";
import { correctGifts } from "../../src/db/correction.ts";
import { applySetup, readKnownNames } from "../../src/db/setup.ts";
import { canonicalDump, comparable } from "../canonical-dump.ts";
import { charity } from "./charity.ts";
import { count, fill } from "./filler.ts";
import { hand } from "./hand.ts";
import { openHouse, type House } from "./house.ts";
import { type LongHistory, makeLongHistory } from "./long-history.ts";
import { sweep } from "./sweeper.ts";

const isProof = process.env["PROVE"] !== undefined;
const size = isProof ? { charges: 10_000, plans: 60 } : { charges: 300, plans: 6 };
/** Interruptions are tried on the last of the history, in the proof on all of it. */
const late = isProof ? "2017-01-01" : "2021-01-01";
if (isProof) vi.setConfig({ testTimeout: 3_600_000, hookTimeout: 3_600_000 });

let history: LongHistory;
let house: House;
beforeAll(async () => {
  const began = performance.now();
  history = await makeLongHistory(size);
  sayTime(`${size.charges} charges made`, began);
  house = await openHouse(history);
});
afterAll(async () => await house.close());

function sayTime(what: string, began: number): void {
  if (isProof) console.log(`${what}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
}

/** What the audit and the identities of the books find wrong. */
async function wrong({ sql }: House): Promise<unknown[]> {
  const proofs = (await Promise.all([1n, 2n].map(async (id) => await readProofs(sql, id)))).flat();
  expect(proofs.length).toBeGreaterThan(0);
  const found = await sql`select * from audit()`;
  return [...found, ...proofs.filter(({ expectedMinor, foundMinor }) => expectedMinor !== foundMinor)];
}

/** Every table with what stands in it, as one digest each. */
async function contents(ownerUrl: string): Promise<unknown> {
  const owner = openSql(ownerUrl, { max: 1 });
  const tables = await owner<{ name: string }[]>`
    select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('public', 'auth') order by 1`;
  const digests = tables.map(
    ({ name }) =>
      `select '${name}' as name, md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as is from ${name} t`,
  );
  const rows = await owner.unsafe(digests.join(" union all "));
  await owner.end();
  return [...rows].toSorted((a, b) => (String(a["name"]) < String(b["name"]) ? -1 : 1));
}

type Year = { year: number; many: number; minor: bigint };
const byYear = async (rows: Promise<Year[]>): Promise<string[]> =>
  (await rows).map(({ year, many, minor }) => `${year}: ${many} ${minor}`);

const inbox = async (sql: Sql): Promise<number> => (await sql`select from inbox`).length;

test("interrupted, and killed between storing and booking, it goes on where it was and makes the same books", async () => {
  const began = performance.now();
  expect(await fill(house, { day: late })).toMatchObject({ ended: "whole" });
  sayTime("filled", began);
  const other = await openHouse(history);
  // Ctrl-C in the middle of a list.
  const ending = new AbortController();
  let asked = 0;
  const fetch: typeof globalThis.fetch = async (input, init) => {
    if ((asked += 1) === 30) ending.abort();
    return await history.sandbox.fetch(input, init);
  };
  const stripe = stripeClient({ key: history.sandbox.key("first"), fetch });
  expect(await fill(other, { day: late, stripe, signal: ending.signal })).toMatchObject({ ended: "interrupted" });
  const doneTo = async (): Promise<Date> =>
    (await other.sql<{ to: Date }[]>`select done_to as to from backfill`)[0]?.to ?? new Date(0);
  const interrupted = await doneTo();
  expect(interrupted.getTime()).toBeGreaterThan(Date.parse(late) + 35 * 24 * 3_600_000);
  // Killed with the inbox full: what it would have booked stays there.
  let books = 0;
  const book = async (): Promise<void> => {
    if ((books += 1) === 3) throw new Error("killed");
    await other.book();
  };
  await expect(fill(other, { day: late, book })).rejects.toThrow("killed");
  const killed = await doneTo();
  expect(killed.getTime()).toBeGreaterThan(interrupted.getTime());
  expect(await other.sql`select from ticket`).not.toHaveLength(0);

  expect(await fill(other, { day: late })).toMatchObject({ ended: "whole", from: killed });
  const [ours, theirs] = comparable(await canonicalDump(other.sql), await canonicalDump(house.sql));
  expect(ours).toEqual(theirs);
  expect(await other.sql`select from fetch_need`).toHaveLength(0);
  await other.close();
});

test("a dry run stores nothing, and says year by year what is booked once an earlier day extends it", async () => {
  const before = await contents(house.ownerUrl);
  let began = performance.now();
  const { money, sorted, foreign, unreadable } = await count(house);
  sayTime("counted", began);
  expect(await contents(house.ownerUrl)).toEqual(before);
  expect(unreadable).toEqual([]);

  began = performance.now();
  expect(await fill(house)).toMatchObject({ ended: "whole", differing: [], away: null });
  sayTime("extended", began);
  const { sql } = house;
  const told = (...whats: string[]): string[] =>
    [
      ...Map.groupBy(
        money.filter(({ what }) => whats.includes(what)),
        ({ year }) => year,
      ),
    ].map(
      ([year, lines]) =>
        `${year}: ${lines.reduce((sum, { many }) => sum + many, 0)} ${lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)}`,
    );
  expect(told("payment")).toHaveLength(5);
  expect(told("payment")).toEqual(
    await byYear(sql`
      select extract(year from occurred_on)::int as year, count(*)::int as many, sum(amount_minor)::bigint as minor
      from payment where state = 'succeeded' group by 1 order by 1`),
  );
  expect(told("return")).toEqual(
    await byYear(sql`
      select extract(year from created at time zone 'America/Toronto')::int as year, count(*)::int as many, -sum(amount_minor)::bigint as minor
      from stripe_refund group by 1 order by 1`),
  );
  const booked = async (...codes: string[]): Promise<string[]> =>
    (
      await sql<{ line: string }[]>`
      select extract(year from e.entered_on)::int || ': ' || -sum(l.amount_minor) as line
      from journal_entry e join journal_line l on l.entry_id = e.id
      where l.code in (select jsonb_array_elements_text(${sql.json(codes)})) group by extract(year from e.entered_on) order by 1`
    ).map(({ line }) => line);
  const sums = (...whats: string[]): string[] => told(...whats).map((line) => line.replace(/: \d+ /u, ": "));
  expect(sums("fee")).toEqual(await booked("5000", "5010", "5020"));
  expect(sums("payout")).toEqual(await booked("1105"));

  const many = (by: string): number =>
    sorted.filter(({ sortedBy }) => sortedBy === by).reduce((sum, line) => sum + line.many, 0);
  const [kinds] = await sql`
    select count(*) filter (where kind = 'order')::int as order, count(*) filter (where kind = 'other income')::int as rule,
      (select count(*) from gift where fund_id is null)::int as nothing
    from payment where state = 'succeeded'`;
  expect({ order: many("order"), rule: many("rule"), nothing: many("nothing") }).toEqual(kinds);
  const [plans] = await sql`
    select count(*)::int as plans, count(*) filter (where status = 'active')::int as running,
      (select count(*) from gift where subscription is not null)::int as payments
    from stripe_subscription`;
  expect(foreign).toEqual(plans);
  expect(foreign).toMatchObject({ plans: size.plans, running: size.plans / 2 });
});

test("run twice it finds nothing, keeps nothing more and leaves the books as they were", async () => {
  const [dump, kept] = [await canonicalDump(house.sql), await inbox(house.sql)];
  const began = performance.now();
  expect(await fill(house)).toMatchObject({ ended: "whole", found: 0 });
  sayTime("filled again", began);
  expect(await inbox(house.sql)).toBe(kept);
  expect(await canonicalDump(house.sql)).toEqual(dump);
});

test("it stands apart from the sweep, after which Stripe and the books have the same", async () => {
  const [state] =
    await house.sql`select begins_at is not null as begins, swept_to, last_started_at, found::int as found from sweep_state`;
  expect(state).toEqual({ begins: true, swept_to: null, last_started_at: null, found: 0 });
  expect((await sweep(house)).map(({ error }) => error)).toEqual([null, null]);
  expect(await wrong(house)).toEqual([]);
  const charges = await history.stripe.charges.list({ limit: 100 }).autoPagingToArray({ limit: 100_000 });
  const [row] = await house.sql`select count(*)::int as payments from payment where state = 'succeeded'`;
  expect(row).toEqual({ payments: charges.filter(({ status }) => status === "succeeded").length });
});

describe("books that begin in the middle", () => {
  let middle: House;
  beforeAll(async () => {
    middle = await openHouse(history);
    await sweep(middle);
    const day =
      (
        await middle.sql<{ day: string }[]>`
      select (date_trunc('month', max(created) at time zone 'America/Toronto'))::date::text as day from stripe_charge`
      )[0]?.day ?? "";
    const atStripe = await readAtStripe(middle.sql, 1n, day);
    const lines = atStripe.map((line) => ({ ...line, code: "1100" as const, fund: "general" }));
    await beginBooks(middle.sql, { request: "o1", organisation: "first", day, lines }, hand);
    await middle.book();
  });
  afterAll(async () => await middle.close());

  test("agree with Stripe without what was before, and with it, which is counted and not posted", async () => {
    const [begun] = await middle.sql`select books_begin_on is not null as begun from organisation where id = 1`;
    expect(begun).toEqual({ begun: true });
    expect(await wrong(middle)).toEqual([]);
    const entries = async () => [
      ...(await middle.sql`select source, source_id, number::int as number from journal_entry order by id`),
    ];
    const [before, all] = [await entries(), (await middle.totals()).all];
    const { money } = await count(middle, { day: "2021-06-01" });
    expect(money.every(({ early, what, many }) => what === "fee" || early === many)).toBe(true);
    expect(await fill(middle, { day: "2021-06-01" })).toMatchObject({ ended: "whole" });
    expect(await wrong(middle)).toEqual([]);
    expect(await entries()).toEqual(before);
    const grown = (await middle.totals()).all;
    expect(grown.gifts).toBeGreaterThan(all.gifts);
    expect(grown.donors).toBeGreaterThan(all.donors);
    const older = await readOlderThanBooks(middle.sql, 1n);
    expect(older?.payments).toBeGreaterThanOrEqual(grown.gifts - all.gifts);
  });

  test("what is of closed months is said before, counts on the first open day and keeps its own", async () => {
    const [{ month, open } = { month: "", open: "" }] = await middle.sql<{ month: string; open: string }[]>`
      select books_begin_on::text as month, (books_begin_on + interval '1 month')::date::text as open from organisation where id = 1`;
    await middle.sql`
        select close_month(1, m::date, 'a test')
        from generate_series('2021-06-01'::date, ${month}::date, interval '1 month') m order by m`;
    const { money } = await count(middle, { day: "2021-01-01" });
    const told = money.filter(({ what }) => what === "payment").reduce((sum, line) => sum + line.late, 0);
    const known = (await middle.sql`select from payment where state = 'succeeded' and occurred_on < '2021-11-01'`)
      .length;
    expect(await fill(middle, { day: "2021-01-01" })).toMatchObject({ ended: "whole" });
    const learned =
      await middle.sql`select distinct counted_on::text as "countedOn" from gift where occurred_on < '2021-06-01'`;
    expect([...learned]).toEqual([{ countedOn: open }]);
    const all = await middle.sql`
        select from payment p join stripe_charge c on c.payment_intent = p.key
        where p.state = 'succeeded' and c.created < (select begins_at from sweep_state where account_id = 1)`;
    expect(all.length).toBe(told);
    expect(told).toBeGreaterThan(known);
    expect(await wrong(middle)).toEqual([]);
  });
});

test("a key that may not read one of the lists is told apart, by the list that it lacks", async () => {
  const stripe = stripeClient({ key: "rk_test_sandbox_first__no_dispute_read", fetch: history.sandbox.fetch });
  await expect(count(house, { day: "2021-09-01", stripe })).rejects.toThrow(
    "not listed: disputes, StripePermissionError",
  );
  expect(await fill(house, { day: "2021-09-01", stripe })).toMatchObject({
    ended: "Stripe away",
    away: { list: "disputes", reason: "StripePermissionError", isKeyRefused: true },
  });
});

test("of two at once the one that was begun later goes on, and the other ends", async () => {
  const later: ReturnType<typeof fill>[] = [];
  const stripe = stripeClient({
    key: history.sandbox.key("first"),
    fetch: async (input, init) => {
      if (later.length === 0) later.push(fill(house, { day: "2021-08-01" }));
      await later[0];
      return await history.sandbox.fetch(input, init);
    },
  });
  expect(await fill(house, { day: "2021-08-01", stripe })).toMatchObject({ ended: "taken over", found: 0 });
  expect(await later[0]).toMatchObject({ ended: "whole", found: 0 });
});

test("plans of another tool go on under what was said of them: a rule for all of them, a correction for one", async () => {
  const { sql } = house;
  const sortingRules = [
    ...charity.sortingRules,
    { account: "first", description: "Subscription creation", becomes: "gift", fund: "families" },
    { account: "first", description: "Subscription update", becomes: "gift", fund: "families" },
  ];
  const read = readSetup({ ...charity, sortingRules }, await readKnownNames(sql));
  if (!read.ok) throw new Error(read.problems.join("\n"));
  await applySetup(sql, read.setup);
  await house.book();
  const [plan = ""] = history.plans;
  const [last] = await sql<{ payment: bigint; part: string }[]>`
    select payment_id as payment, part from gift where subscription = ${plan} order by occurred_on desc limit 1`;
  if (last === undefined) throw new Error("the plan has no gift");
  const correction = { request: "c1", gifts: [last], plan: true, fund: "quiet", reason: "It was always meant for it." };
  expect(await correctGifts(sql, correction, hand)).toEqual({ ok: true, count: 1n });
  const funds = async (): Promise<Record<string, number>> => {
    const rows = await sql<{ fund: string; gifts: number }[]>`
      select coalesce(f.slug, 'none') as fund, count(*)::int as gifts
      from gift g left join fund f on f.id = g.fund_id where g.subscription is not null group by 1 order by 1`;
    return Object.fromEntries(rows.map(({ fund, gifts }) => [fund, gifts]));
  };
  const before = await funds();
  expect(before).toMatchObject({ quiet: 1 });
  expect(before).not.toHaveProperty("none");

  await history.pass(33);
  expect((await sweep(house)).map(({ error }) => error)).toEqual([null, null]);
  const after = await funds();
  expect(after["quiet"]).toBeGreaterThan(1);
  expect(after["families"]).toBeGreaterThan(before["families"] ?? 0);
  expect(Object.keys(after)).toEqual(["families", "quiet"]);
  expect(await wrong(house)).toEqual([]);
});
