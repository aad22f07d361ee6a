import { afterAll, afterEach, beforeAll, describe, expect, it, test } from "vitest";
import type { Fact } from "../../src/core/fact.ts";
import { openSql, type Sql } from "../../src/db/connect.ts";
import { forgetPayments, setUpCharity } from "../charity.ts";
import { openTestDatabase, type TestDatabase } from "../database.ts";

let database: TestDatabase;
let owner: Sql;
let sql: Sql;
beforeAll(async () => {
  database = await openTestDatabase();
  sql = database.sql;
  owner = openSql(database.ownerUrl, { max: 1 });
  await setUpCharity(sql);
});
afterEach(async () => {
  await forgetPayments(owner);
  await sql`delete from organisation_calendar`;
  await sql`update organisation set position = id`;
});
afterAll(async () => {
  await owner.end();
  await database.close();
});

let requests = 0;

async function give(day: string, amount: number, person: string | null, more: object = {}): Promise<void> {
  requests += 1;
  const gift = {
    request: `gift-${requests}`,
    fund: "families",
    amount_minor: `${amount}`,
    currency: "CAD",
    day,
    organisation: "organisation-1",
    ...(person === null ? {} : { email: `${person}@example.org` }),
    ...more,
  };
  await sql`select * from record_cash(${sql.json(gift)})`;
}

async function book(...facts: Fact[]): Promise<void> {
  await sql`select * from drain(${sql.json({ mode: "sandbox", tickets: [], facts })})`;
}

const audit = async (): Promise<object[]> => [...(await sql`select * from audit()`)];

const row = { account_id: "1", fetched_at: null };

/** A monthly gift of $20.00 from 5 March 2021 on, with its first payment; or none of it yet. */
function plan(changes: Partial<Extract<Fact, { kind: "subscription" }>> = {}): Fact {
  return {
    ...row,
    kind: "subscription",
    id: "sub_1",
    status: "active",
    customer: null,
    currency: "CAD",
    amount_minor: "2000",
    every: "month",
    created: "2021-03-05T17:00:00Z",
    cancel_at: null,
    ended_at: null,
    metadata: { order: "alm_0123456789abcdef", fund: "families" },
    status_fetched_at: null,
    ...changes,
  };
}

function payment(nth: number, fund = "families"): Fact[] {
  const created = `2021-0${2 + nth}-05T17:00:00Z`;
  const money = { currency: "CAD", created };
  return [
    {
      ...row,
      ...money,
      kind: "charge",
      id: `ch_${nth}`,
      status: "succeeded",
      captured: true,
      amount_minor: "2000",
      amount_captured_minor: "2000",
      payment_intent: `pi_${nth}`,
      customer: null,
      balance_transaction: null,
      billing: { email: "leyla@example.org", name: null },
      receipt_email: null,
      description: null,
      metadata: {},
    },
    {
      ...row,
      ...money,
      kind: "invoice",
      id: `in_${nth}`,
      status: "paid",
      billing_reason: "subscription_cycle",
      subscription: "sub_1",
      customer: null,
      customer_email: "leyla@example.org",
      total_minor: "2000",
      attempt_count: 1,
      next_attempt_at: null,
      metadata: { fund },
    },
    {
      ...row,
      kind: "invoice_payment",
      id: `inpay_${nth}`,
      invoice: `in_${nth}`,
      status: "paid",
      payment_intent: `pi_${nth}`,
      charge: null,
      amount_paid_minor: "2000",
    },
  ];
}

/** Something of everything that is folded. */
async function fill(): Promise<void> {
  await give("2020-02-03", 2000, "leyla");
  await give("2021-02-03", 2550, "leyla");
  await give("2021-05-09", 500, "kamran");
  await give("2021-05-09", 500, null);
  await book(plan(), ...payment(1));
  const sale = {
    request: "sale-1",
    organisation: "organisation-1",
    campaign: "shop-1",
    item: "pin",
    variant: "one",
    quantity: "2",
    amount_minor: "1000",
    day: "2021-06-01",
  };
  await sql`select * from record_cash_sale(${sql.json(sale)}, ${sql.json({ id: "treasurer", name: "The treasurer" })})`;
}

/** Each fold, as something that is wrong of it, what the audit calls that, and what makes the fold anew. */
const folds = [
  [
    "update gift_size set gifts = gifts + 1 where amount_minor = 500",
    "gift sizes differ from the gifts",
    "fold_gift_sizes",
  ],
  ["delete from gift_band where band_minor = 2500", "band of gift sizes differs from the gifts", "fold_gift_sizes"],
  [
    "update giver_year set stayed_minor = stayed_minor + 1 where year = '-infinity'",
    "what stayed of a person differs from the gifts",
    "fold_giver_years",
  ],
  ["update giver_year_sum set people = people + 1", "what stayed of a year differs from the gifts", "fold_giver_years"],
  [
    "update top_sum set people = people + 1 where year = '-infinity'",
    "highest sums differ from what stayed of people",
    "fold_top_sums",
  ],
  [
    "insert into top_sum_floor select scope_id, currency, year, 1 from giver_year_sum",
    "too few of the highest sums are kept",
    "fold_top_sums",
  ],
  [
    "update giving_day_month set people = people + 1",
    "people of a day differ from the giving chain",
    "fold_giving_days",
  ],
  ["delete from giving_month_day", "people of a month differ from the giving chain", "fold_giving_days"],
  ["update cohort set people = people + 1", "cohort differs from the giving chain", "fold_cohorts"],
  ["update item_total set units = units + 1", "items sold differ from the sales", "fold_item_totals"],
  ["update plan set monthly_minor = 1", "plan differs from its subscription", "fold_plans"],
  ["delete from plan_total where grain = 'day'", "sum of plans differs from the plans", "fold_plans"],
] as const;

test("the audit says of each fold when it is not what its rows say, and the fold can be made anew", async () => {
  await fill();
  expect(await audit()).toEqual([]);
  for (const [wrong, finding, fold] of folds) {
    await owner.unsafe(wrong);
    const found = await sql<{ finding: string }[]>`select distinct finding from audit()`;
    expect(found.map((one) => one.finding)).toContain(finding);
    await owner.unsafe(`select ${fold}()`);
    expect(await audit(), fold).toEqual([]);
  }
});

test("folding anew changes nothing of what was kept gift by gift", async () => {
  await fill();
  const kept = await dump();
  await sql`select fold_gift_sizes(), fold_giver_years(), fold_giving_days(), fold_cohorts(), fold_item_totals(), fold_plans()`;
  expect(await dump()).toEqual(kept);
});

/** All folds, row by row; persons by number. */
async function dump(): Promise<string[]> {
  const tables = [
    "gift_size",
    "gift_band",
    "giver_year",
    "giver_year_sum",
    "top_sum",
    "giving_day_month",
    "giving_month_day",
    "cohort",
    "item_total",
    "plan",
    "plan_total",
  ];
  const rows = await Promise.all(
    tables.map(async (table) => [
      ...(await sql<{ line: string }[]>`select t::text as line from ${sql(table)} t order by 1`),
    ]),
  );
  return rows.flatMap((lines, index) => lines.map(({ line }) => `${tables[index]} ${line}`));
}

describe("people who are merged", () => {
  const cohorts = async (): Promise<object[]> => [
    ...(await sql`
      select c.first_year as first, c.year, c.people::int from cohort c join scope s on s.id = c.scope_id
      where s.key = 'all' order by 1, 2`),
  ];
  const merge = async (): Promise<void> => {
    await sql`
      update identity set person_id = (select person_id from identity where key = 'email:leyla@example.org')
      where key = 'email:kamran@example.org'`;
  };

  it("are one person of their first year, to whom all of it belongs", async () => {
    await give("2020-02-03", 2000, "leyla");
    await give("2021-05-09", 500, "kamran");
    await merge();
    expect(await cohorts()).toEqual([
      { first: "2020-01-01", year: "2020-01-01", people: 1 },
      { first: "2020-01-01", year: "2021-01-01", people: 1 },
    ]);
    expect(await ofAllTime()).toEqual({ stayed: 2500n, people: 1, most: 2500n });
    expect(await audit()).toEqual([]);
  });

  it("and told apart again leave every fold as it was", async () => {
    await fill();
    const [{ person } = { person: 0n }] = await sql<{ person: bigint }[]>`
      select person_id as person from identity where key = 'email:kamran@example.org'`;
    const kept = await dump();
    await merge();
    expect(await dump()).not.toEqual(kept);
    await sql`update identity set person_id = ${person} where key = 'email:kamran@example.org'`;
    expect(await dump()).toEqual(kept);
  });

  async function ofAllTime() {
    const [sums] = await sql`
      select t.stayed_minor as stayed, t.people::int,
        (select max(g.stayed_minor) from giver_year g where g.scope_id = s.id and g.year = t.year) as most
      from giver_year_sum t join scope s on s.id = t.scope_id
      where s.key = 'all' and t.year = '-infinity'`;
    return sums;
  }
});

describe("those who gave most, among more than 200 different sums", () => {
  /** Donor after donor, each with a sum of their own: the first one of all $10.00, the next $10.01. */
  const giveEach = async (first: number, last: number): Promise<void> => {
    requests += 1;
    await sql`
      select record_cash(jsonb_build_object(
        'request', ${`many-${requests}-`}::text || n, 'fund', 'families', 'amount_minor', (1000 + n)::text, 'currency', 'CAD',
        'day', '2021-02-03', 'organisation', 'organisation-1', 'email', 'donor' || n || '@example.org'
      )) from generate_series(${first}::int, ${last}::int) n`;
  };
  const takeBack = async (from: number, to: number): Promise<void> => {
    await sql`
      update gift set returned_minor = amount_minor, wholly_returned = true
      where amount_minor between ${1000 + from} and ${1000 + to}`;
  };
  const kept = async () => {
    const [all] = await sql`
      select count(*)::int as sums, sum(t.people)::int as people, max(f.from_minor) as floor
      from top_sum t
      join scope s on s.id = t.scope_id
      left join top_sum_floor f on (f.scope_id, f.currency, f.year) = (t.scope_id, t.currency, t.year)
      where s.key = 'all' and t.year = '-infinity'`;
    return all;
  };
  /** What came from the one, the five and the ten who gave most of all time: as the board says, and from what stayed of each. */
  const most = async () => {
    const [board] = await sql<{ top: { minor: string }[] }[]>`
      select concentration_answer(s.id, 0, null, null, 'CAD', '2022-01-01') -> 'top' as top from scope s where s.key = 'all'`;
    const people = await sql<{ minor: bigint }[]>`
      select g.stayed_minor as minor from giver_year g join scope s on s.id = g.scope_id
      where s.key = 'all' and g.year = '-infinity' order by 1 desc`;
    const counted = [1, 5, 10].map((first) => people.slice(0, first).reduce((sum, { minor }) => sum + minor, 0n));
    return { board: board?.top.map(({ minor }) => BigInt(minor)), counted };
  };

  it("are known from the hundred highest, which follow every gift and refund", async () => {
    await giveEach(1, 200);
    expect(await kept()).toEqual({ sums: 200, people: 200, floor: null });
    await giveEach(198, 203);
    // Donors 198, 199 and 200 gave twice now.
    expect(await kept()).toEqual({ sums: 102, people: 102, floor: 1102n });
    const first = await most();
    expect(first.board).toEqual(first.counted);
    expect(first.board?.[0]).toBe(2400n);
    expect(await audit()).toEqual([]);

    await takeBack(199, 200);
    const second = await most();
    expect(second.board).toEqual(second.counted);
    expect(second.board?.[0]).toBe(2396n);
    expect(await sql`select * from audit_of_giving()`).toEqual([]);
  });

  it("are looked for anew once fewer than ten people are left above the least sum kept", async () => {
    await giveEach(0, 200);
    expect(await kept()).toEqual({ sums: 100, people: 100, floor: 1101n });
    await takeBack(105, 200);
    expect(await kept()).toEqual({ sums: 100, people: 100, floor: 1005n });
    const left = await most();
    expect(left.board).toEqual(left.counted);
    await takeBack(20, 104);
    await takeBack(3, 19);
    expect(await kept()).toEqual({ sums: 3, people: 3, floor: null });
    expect((await most()).board).toEqual([1002n, 3003n, 3003n]);
  });

  it("are one sum with many people, where all give the same", async () => {
    await sql`
      select record_cash(jsonb_build_object(
        'request', 'same-' || n, 'fund', 'families', 'amount_minor', '2500', 'currency', 'CAD', 'day', '2021-02-03',
        'organisation', 'organisation-1', 'email', 'donor' || n || '@example.org'
      )) from generate_series(1, 12) n`;
    expect(await kept()).toEqual({ sums: 1, people: 12, floor: null });
    expect((await most()).board).toEqual([2500n, 12_500n, 25_000n]);
  });
});

describe("fiscal years", () => {
  const years = async (scope = "all"): Promise<string[]> => {
    const rows = await sql<{ year: string }[]>`
      select y.year from giver_year_sum y join scope s on s.id = y.scope_id
      where s.key = ${scope} and y.year > '-infinity' order by 1`;
    return rows.map(({ year }) => year);
  };
  const startIn = async (month: number, since = "0001-01-01", organisation = 1): Promise<void> => {
    await sql`insert into organisation_calendar values (${organisation}, ${since}::date, ${month})`;
  };

  it("begin in January while nobody says otherwise, and are others as soon as somebody does", async () => {
    await give("2021-03-31", 2000, "leyla");
    await give("2021-04-01", 2000, "leyla");
    expect(await years()).toEqual(["2021-01-01"]);
    await startIn(4);
    expect(await years()).toEqual(["2020-04-01", "2021-04-01"]);
    expect(await audit()).toEqual([]);
    await sql`update organisation_calendar set fiscal_year_start = 7`;
    expect(await years()).toEqual(["2020-07-01"]);
    await sql`delete from organisation_calendar`;
    expect(await years()).toEqual(["2021-01-01"]);
    expect(await audit()).toEqual([]);
  });

  it("that begin elsewhere from a day on make one year shorter, so that each day has one", async () => {
    for (const day of ["2020-05-01", "2021-02-01", "2021-04-01", "2021-12-31", "2022-03-31", "2022-04-01"])
      await give(day, 2000, "leyla");
    await startIn(4, "2021-02-15");
    expect(await years()).toEqual(["2020-01-01", "2021-01-01", "2021-04-01", "2022-04-01"]);
  });

  it("are an organisation's own, and of everything the first one's, whichever that becomes", async () => {
    await give("2021-03-31", 2000, "leyla");
    await startIn(4, "0001-01-01", 2);
    expect(await years("organisation/1")).toEqual(["2021-01-01"]);
    await sql`update organisation set position = case id when 2 then 0 else 1 end`;
    expect(await years("all")).toEqual(["2020-04-01"]);
    expect(await years("organisation/1")).toEqual(["2021-01-01"]);
    await sql`update organisation set archived_on = '2022-01-01' where id = 2`;
    expect(await years("all")).toEqual(["2021-01-01"]);
    await sql`update organisation set archived_on = null`;
    expect(await audit()).toEqual([]);
  });
});

describe("a gift that repeats", () => {
  const plans = async (): Promise<object[]> => [
    ...(await sql`
      select f.slug::text as fund, p.monthly_minor as monthly, p.began_on as began, p.ended_on as ended
      from plan p left join fund f on f.id = p.fund_id`),
  ];
  const hers = { fund: "families", monthly: 2000n, began: "2021-03-05", ended: null };

  it("is a plan once it brought a gift, whichever is known first", async () => {
    await book(plan());
    expect(await plans()).toEqual([]);
    await book(...payment(1));
    expect(await plans()).toEqual([hers]);
    await book(plan(), ...payment(1));
    expect(await plans()).toEqual([hers]);
    expect(await audit()).toEqual([]);
  });

  it("is where its latest gift went", async () => {
    await book(plan(), ...payment(1), ...payment(2, "general"));
    expect(await plans()).toEqual([{ ...hers, fund: "general" }]);
  });

  it("ends on its organisation's day, and is none if it never began", async () => {
    await book(plan(), ...payment(1));
    await book(plan({ status: "canceled", ended_at: "2021-06-02T01:00:00Z" }));
    expect(await plans()).toEqual([{ ...hers, ended: "2021-06-01" }]);
    await sql`update organisation set time_zone = 'Asia/Baku'`;
    expect(await plans()).toMatchObject([{ ended: "2021-06-02" }]);
    expect(await sql`select * from audit_of_folds()`).toEqual([]);
    await sql`update organisation set time_zone = 'America/Toronto'`;
    await forgetPayments(owner);
    await book(plan({ status: "incomplete_expired" }), ...payment(1));
    expect(await plans()).toEqual([]);
  });

  it.each([
    ["month", 2000n],
    ["3 month", 667n],
    ["year", 167n],
    ["2 year", 83n],
    ["week", 8667n],
    ["2 week", 4333n],
    ["day", 60_833n],
    ["fortnight", null],
    ["0 month", null],
    [null, null],
  ])("of $20.00 every %s comes to %s cents a month, half a cent up", async (every, cents) => {
    const [row] = await sql`select monthly_of(2000, ${every}) as cents`;
    expect(row).toEqual({ cents });
  });
});

test("a band holds the amounts with the same first two digits", async () => {
  const bands = await sql<{ amount: bigint; band: bigint; end: bigint }[]>`
    select amount, band_of(amount) as band, band_end(band_of(amount)) as end
    from unnest(array[0, 7, 99, 100, 2550, 2599, 2600, 99999, 9123372036854770000]::bigint[]) amount`;
  expect(bands.map(({ amount, band, end }) => [amount, band, end])).toEqual([
    [0n, 0n, 1n],
    [7n, 7n, 8n],
    [99n, 99n, 100n],
    [100n, 100n, 110n],
    [2550n, 2500n, 2600n],
    [2599n, 2500n, 2600n],
    [2600n, 2600n, 2700n],
    [99_999n, 99_000n, 100_000n],
    [9_123_372_036_854_770_000n, 9_100_000_000_000_000_000n, 9_200_000_000_000_000_000n],
  ]);
});
