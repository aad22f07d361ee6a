import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readProofs } from "../../src/db/book.ts";
import type { Sql } from "../../src/db/connect.ts";
import { openSql } from "../../src/db/connect.ts";
import { beginBooks, readAtStripe } from "../../src/db/opening.ts";
import { readOlderThanBooks } from "../../src/db/backfill.ts";
import { stripeClient } from "../../src/stripe/client.ts";
import { canonicalDump, comparable } from "../canonical-dump.ts";
import { count, fill } from "./filler.ts";
import { hand } from "./hand.ts";
import { openHouse, type House } from "./house.ts";
import { type LongHistory, makeLongHistory } from "./long-history.ts";
import { sweep } from "./sweeper.ts";

const isProof = process.env["PROVE"] !== undefined;
const size = isProof ? { charges: 10_000, plans: 60 } : { charges: 300, plans: 6 };
const timeout = isProof ? 3_600_000 : 60_000;

let history: LongHistory;
let house: House;
beforeAll(async () => {
  const began = performance.now();
  history = await makeLongHistory(size);
  sayTime(`${size.charges} charges made`, began);
  house = await openHouse(history);
}, timeout);
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
  return [...rows];
}

type Year = { year: number; many: number; minor: bigint };
const byYear = async (rows: Promise<Year[]>): Promise<string[]> =>
  (await rows).map(({ year, many, minor }) => `${year}: ${many} ${minor}`);

const inbox = async (sql: Sql): Promise<number> => (await sql`select from inbox`).length;

test(
  "a dry run stores nothing, and says year by year what is then booked",
  async () => {
    const before = await contents(house.ownerUrl);
    let began = performance.now();
    const { money, sorted, foreign, unreadable } = await count(house);
    sayTime("counted", began);
    expect(await contents(house.ownerUrl)).toEqual(before);
    expect(unreadable).toEqual([]);

    began = performance.now();
    expect(await fill(house)).toMatchObject({ ended: "whole", differing: [], away: null });
    sayTime("filled", began);
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
  },
  timeout,
);

test(
  "run twice it finds nothing, keeps nothing more and leaves the books as they were",
  async () => {
    const [dump, kept] = [await canonicalDump(house.sql), await inbox(house.sql)];
    const began = performance.now();
    expect(await fill(house)).toMatchObject({ ended: "whole", found: 0 });
    sayTime("filled again", began);
    expect(await inbox(house.sql)).toBe(kept);
    expect(await canonicalDump(house.sql)).toEqual(dump);
  },
  timeout,
);

test(
  "interrupted, killed between storing and booking, and resumed it makes the same books; an earlier day extends it",
  async () => {
    const other = await openHouse(history);
    const day = "2020-01-01";
    const key = history.sandbox.key("first");
    // Ctrl-C in the middle of a list.
    const ending = new AbortController();
    let asked = 0;
    const fetch: typeof globalThis.fetch = async (input, init) => {
      if ((asked += 1) === 60) ending.abort();
      return await history.sandbox.fetch(input, init);
    };
    const stripe = stripeClient({ key, fetch });
    expect(await fill(other, { day, stripe, signal: ending.signal })).toMatchObject({ ended: "interrupted" });
    const goneTo = async (): Promise<unknown> => (await other.sql`select done_to from backfill`)[0];
    const interrupted = await goneTo();
    expect(interrupted).not.toEqual({ done_to: new Date("2020-01-01T05:00:00Z") });
    // Killed with the inbox full: what a process would have booked stays there.
    let books = 0;
    const book = async (): Promise<void> => {
      if ((books += 1) === 4) throw new Error("killed");
      await other.book();
    };
    await expect(fill(other, { day, book })).rejects.toThrow("killed");
    expect(await goneTo()).not.toEqual(interrupted);
    expect(await other.sql`select from ticket`).not.toHaveLength(0);

    expect(await fill(other, { day })).toMatchObject({ ended: "whole" });
    expect(await fill(other)).toMatchObject({ ended: "whole", from: new Date("2017-01-01T05:00:00Z") });
    const [ours, theirs] = comparable(await canonicalDump(other.sql), await canonicalDump(house.sql));
    expect(ours).toEqual(theirs);
    expect(await other.sql`select from fetch_need`).toHaveLength(0);
    await other.close();
  },
  timeout,
);

test(
  "it stands apart from the sweep, after which Stripe and the books have the same",
  async () => {
    const [state] =
      await house.sql`select begins_at is not null as begins, swept_to, last_started_at, found::int as found from sweep_state`;
    expect(state).toEqual({ begins: true, swept_to: null, last_started_at: null, found: 0 });
    expect((await sweep(house)).map(({ error }) => error)).toEqual([null, null]);
    expect(await wrong(house)).toEqual([]);
    const charges = await history.stripe.charges.list({ limit: 100 }).autoPagingToArray({ limit: 20_000 });
    const [row] = await house.sql`select count(*)::int as payments from payment where state = 'succeeded'`;
    expect(row).toEqual({ payments: charges.filter(({ status }) => status === "succeeded").length });
  },
  timeout,
);

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
    expect(await beginBooks(middle.sql, { request: "o1", organisation: "first", day, lines }, hand)).toEqual({
      ok: true,
    });
    await middle.book();
  }, timeout);
  afterAll(async () => await middle.close());

  test(
    "agree with Stripe without what was before, and with it, which is counted and not posted",
    async () => {
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
    },
    timeout,
  );

  test(
    "what is of closed months is said before, counts on the first open day and keeps its own",
    async () => {
      const [{ month, open } = { month: "", open: "" }] = await middle.sql<{ month: string; open: string }[]>`
      select books_begin_on::text as month, (books_begin_on + interval '1 month')::date::text as open from organisation where id = 1`;
      await middle.sql`select close_month(1, ${month}, 'a test')`;
      const { money } = await count(middle, { day: "2021-01-01" });
      const late = money.filter(({ what }) => what === "payment").reduce((sum, line) => sum + line.late, 0);
      expect(late).toBeGreaterThan(0);
      const known = (await middle.sql`select from gift`).length;
      expect(await fill(middle, { day: "2021-01-01" })).toMatchObject({ ended: "whole" });
      const learned = await middle.sql<{ counted_on: string; is_of_its_own: boolean }[]>`
      select distinct g.counted_on, g.occurred_on < '2021-06-01' as is_of_its_own
      from gift g order by g.counted_on desc limit 1`;
      expect([...learned]).toEqual([{ counted_on: open, is_of_its_own: true }]);
      expect((await middle.sql`select from gift`).length).toBeGreaterThan(known);
      expect(await wrong(middle)).toEqual([]);
    },
    timeout,
  );
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

test("of two at once the later one goes on and the earlier one ends", async () => {
  let second: Promise<unknown> | null = null;
  const book = async (): Promise<void> => {
    second ??= fill(house, { day: "2021-06-01" });
    await house.book();
  };
  // Forgets a little, so that there is something to book.
  expect(await fill(house, { day: "2021-06-01", book: async () => await book() })).toMatchObject({ found: 0 });
  await second;
});
