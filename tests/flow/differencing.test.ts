import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { storeBlocks } from "../../src/db/block.ts";
import { openSql, type Sql } from "../../src/db/connect.ts";
import { setUpCharity, forgetPayments } from "../charity.ts";
import { openTestDatabase, type TestDatabase } from "../database.ts";
import { cashOf, factsOf, figures, funds, histories, type Payment } from "../history.ts";

const seeds = process.env.PROVE === "1" ? 300 : 20;

let database: TestDatabase;
let owner: Sql;
beforeAll(async () => {
  database = await openTestDatabase();
  owner = openSql(database.ownerUrl, { max: 1 });
  await setUpCharity(database.sql);
  // A link may show a fund that no page does.
  await database.sql`update fund set is_public = false where slug = 'youth'`;
});
afterAll(async () => {
  await owner.end();
  await database.close();
});

const peopleThere = 13;

/** What was answered of a fund's months, both included; `people` are those who stood behind when it was first answered. */
type Answer = { months: string[]; raised: bigint; gifts: number; donors: number; people: Set<number> };

test(
  "whoever asks for every range, before and after late gifts, refunds and a merge, finds no difference that is of one to four people",
  { timeout: 540_000 },
  async () => {
    let differences = 0;
    await fc.assert(
      fc.asyncProperty(
        histories(64, 56),
        fc.integer({ min: 30, max: 100 }),
        fc.nat(peopleThere - 1),
        fc.nat(peopleThere - 1),
        async (loose, percent, kept, merged) => {
          const history = loose.map(crowded);
          await forgetPayments(owner);
          const early = history
            .slice(0, Math.ceil((history.length * percent) / 100))
            .map((payment) => ({ ...payment, refunds: [] }));
          const together = history.map((payment) =>
            payment.person === merged ? { ...payment, person: kept } : payment,
          );
          const known = new Map<string, Answer>();

          await book(early);
          await look(known, early, "2021-04-01T12:00:00Z");
          await book(history);
          await look(known, history, "2021-06-01T12:00:00Z");
          await merge(kept, merged);
          await look(known, together, "2023-01-01T12:00:00Z");
          differences += differencesOf(known);
          expect(await database.sql`select * from audit()`).toEqual([]);
        },
      ),
      { numRuns: seeds, endOnFailure: true },
    );
    // There was something to be found.
    expect(differences).toBeGreaterThan(seeds * 5);
  },
);

/** The same payment as a gift to one of two funds in one of five months, so that there are enough people in each. */
function crowded(payment: Payment): Payment {
  const amount = payment.lines[0]?.amount ?? 1;
  let left = amount;
  const refunds = payment.refunds.map((refund) => {
    const back = { ...refund, amount: Math.min(refund.amount, left) };
    left -= back.amount;
    return back;
  });
  return {
    ...payment,
    account: 1,
    // What is drawn likes the smallest numbers best; its id spreads it.
    day: (payment.day + payment.id * 37) % 150,
    person: payment.person === null ? null : (payment.person + payment.id * 5) % peopleThere,
    lines: [{ kind: "gift", fund: payment.id % 4 === 0 ? "youth" : "families", amount }],
    shipping: 0,
    refunds: payment.id % 3 === 0 ? refunds.filter((refund) => refund.amount > 0) : [],
  };
}

async function book(history: Payment[]): Promise<void> {
  const { sql } = database;
  await sql`select * from drain(${sql.json({ mode: "sandbox", tickets: [], facts: history.flatMap(factsOf) })})`;
  for (const gift of history.map(cashOf).filter((one) => one !== null))
    await sql`select * from record_cash(${sql.json(gift)})`;
}

async function merge(kept: number, merged: number): Promise<void> {
  const key = (person: number): string => `email:person${person}@example.org`;
  await database.sql`
    update identity set person_id = k.person_id from (select person_id from identity where key = ${key(kept)}) k
    where key = ${key(merged)}`;
}

/** Asks for every range of whole months of every fund, and compares with what was answered before, or with a count by hand. */
async function look(known: Map<string, Answer>, history: Payment[], moment: string): Promise<void> {
  await storeBlocks(database.sql, new Date(moment), "complete");
  const rows = await database.sql<
    { fund: string; from: string; to: string; raised: bigint; gifts: number; donors: number }[]
  >`
    select distinct f.slug::text as fund, r.from_day as from, r.to_day as to, r.raised_minor as raised, r.gifts::int, r.donors::int
    from fund f
    cross join generate_series('2020-12-01'::date, '2021-09-01', '1 month') first
    cross join generate_series(first, '2021-09-01', '1 month') last
    cross join shared_range(f.id, first::date, (last + interval '1 month')::date - 1, 'CAD') r
    where r.from_day is not null`;
  const before = [...known];
  for (const { fund, from, to, ...answer } of rows) {
    const key = `${fund} ${from} ${to}`;
    const said = known.get(key);
    const months = monthsBetween(from, to);
    // What was answered of a part of it stays as it was; the rest is counted now.
    const old = new Set(before.filter(([name]) => name.startsWith(`${fund} `)).flatMap(([, one]) => one.months));
    const fresh = months.filter((month) => !old.has(month));
    const first = fresh.length === months.length ? countedByHand(history, fund, from, to) : answer;
    expect(answer, key).toEqual(
      said === undefined ? first : { raised: said.raised, gifts: said.gifts, donors: said.donors },
    );
    if (said !== undefined) continue;
    const then = before
      .filter(([name, one]) => name.startsWith(`${fund} `) && one.months.every((month) => months.includes(month)))
      .flatMap(([, one]) => [...one.people]);
    const now = fresh.flatMap((month) => [...peopleOf(history, fund, month)]);
    known.set(key, { ...answer, months, people: new Set([...then, ...now]) });
  }
}

/**
 * Takes every two answers about one fund from each other, where one lies within the other, and looks who stands behind the
 * rest. @returns how many there were
 */
function differencesOf(known: Map<string, Answer>): number {
  let found = 0;
  for (const fund of funds) {
    const answers = [...known].filter(([name]) => name.startsWith(`${fund} `)).map(([, answer]) => answer);
    for (const { people: behind, donors } of answers) {
      expect(behind.size).toBeGreaterThanOrEqual(5);
      expect(donors % 5).toBe(0);
    }
    for (const all of answers) {
      for (const part of answers) {
        if (all === part || !part.months.every((month) => all.months.includes(month))) continue;
        found += 1;
        expect(all.gifts - part.gifts).toBeGreaterThanOrEqual(5);
        expect([0, 5, 10]).toContain(all.donors - part.donors);
        // The rest is one range or two, each of which was answered, too.
        const rest = all.months.filter((month) => !part.months.includes(month));
        const behind = answers.filter(({ months }) => months.every((month) => rest.includes(month)));
        const covered = new Set(behind.flatMap(({ months }) => months));
        expect(rest.filter((month) => !covered.has(month))).toEqual([]);
        expect(new Set(behind.flatMap((one) => [...one.people])).size).toBeGreaterThanOrEqual(5);
      }
    }
  }
  return found;
}

function countedByHand(history: Payment[], fund: string, from: string, to: string) {
  const { given, returned, gifts, donors } = figures(history, fund, from, to);
  return { raised: given - returned, gifts, donors: Math.floor(donors / 5) * 5 };
}

function peopleOf(history: Payment[], fund: string, month: string): Set<number> {
  const everybody = [...new Set(history.flatMap(({ person }) => person ?? []))];
  const [from, to] = [`${month}-01`, `${month}-31`];
  return new Set(
    everybody.filter(
      (person) =>
        figures(
          history.filter((one) => one.person === person),
          fund,
          from,
          to,
        ).donors > 0,
    ),
  );
}

function monthsBetween(from: string, to: string): string[] {
  const months: string[] = [];
  for (let at = new Date(`${from}T00:00:00Z`); at <= new Date(`${to}T00:00:00Z`); at.setUTCMonth(at.getUTCMonth() + 1))
    months.push(at.toISOString().slice(0, 7));
  return months;
}
