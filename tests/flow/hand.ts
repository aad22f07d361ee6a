import { openSql, type Sql } from "../../src/db/connect.ts";
import { readSetup } from "../../src/core/read-setup.ts";
import type { MoneyMove } from "../../src/core/money-move.ts";
import { recordCash } from "../../src/db/cash.ts";
import { recordMove } from "../../src/db/money-move.ts";
import { applySetup, readKnownNames } from "../../src/db/setup.ts";
import { expect } from "vitest";
import { openTestDatabase } from "../database.ts";
import { charity } from "./charity.ts";

/** Whoever keeps the books in these tests. */
export const hand = { id: "treasurer", name: "Tess Treasurer" };

/** The charity of the flow tests without Stripe: what is done by hand, and what the books say of it. */
export type Hand = {
  sql: Sql;
  /** A gift by hand, and a donor with it. */
  cash: (fund: string, amountMinor: bigint, day?: string, email?: string) => Promise<void>;
  restrict: (fund: string) => Promise<void>;
  /** Why this move is refused; it must be. */
  refusal: (move: MoneyMove) => Promise<string>;
  /** What the journal holds by account and fund, debits above zero. */
  books: (organisation?: string) => Promise<string[]>;
  /** Raised, gifts and donors of each fund that has had any. */
  people: () => Promise<string[]>;
  owed: () => Promise<string[]>;
  changes: () => Promise<string[]>;
  /** Entries that correct another: source and number. */
  corrections: () => Promise<string[]>;
  entries: () => Promise<number>;
  /** A statement of the role that owns the tables. */
  asOwner: (statement: string) => Promise<void>;
  /** Closes, once the audit has found nothing. */
  close: () => Promise<void>;
};

export async function openHand(): Promise<Hand> {
  const database = await openTestDatabase();
  const { sql } = database;
  const read = readSetup(charity, await readKnownNames(sql));
  if (!read.ok) throw new Error(read.problems.join("\n"));
  await applySetup(sql, read.setup);
  let cash = 0;
  return {
    sql,
    async cash(fund, amountMinor, day = "2021-03-10", email = "nigar@example.org") {
      cash += 1;
      const given = { request: `cash ${cash}`, fund, amountMinor, day, email, organisation: null, currency: null };
      const recorded = await recordCash(sql, { ...given, person: null, name: null, note: null });
      if (!recorded.ok) throw new Error(recorded.refusal);
    },
    async restrict(fund) {
      await sql`update fund set restriction = 'Only for what it is for.' where slug = ${fund}`;
    },
    async refusal(move) {
      const recorded = await recordMove(sql, move, hand);
      if (recorded.ok) throw new Error("it was taken");
      return recorded.refusal;
    },
    books: async (organisation) => await booksOf(sql, organisation),
    async people() {
      const rows = await sql<{ line: string }[]>`
        select fund_slug || ' ' || round(raised_minor / 100.0, 2) || ' ' || gifts || ' gifts ' || donors || ' donors' as line
        from totals(null, null, 'CAD') t
        where scope = 'fund' and exists (select from scope s join fund f on s.key = 'fund/' || f.id where f.slug = t.fund_slug)
        order by 1`;
      return rows.map(({ line }) => line);
    },
    async owed() {
      const rows = await sql<{ line: string }[]>`
        select a.slug || ' owes ' || b.slug || ' ' || round(o.amount_minor / 100.0, 2) || ' of ' || f.slug as line
        from owed_between o
        join organisation a on a.id = o.owing_organisation_id
        join organisation b on b.id = o.owed_organisation_id
        join fund f on f.id = o.fund_id
        order by 1`;
      return rows.map(({ line }) => line);
    },
    async changes() {
      const rows = await sql<{ line: string }[]>`
        select deed || ' ' || kind || ' ' || subject || ' ' || (after -> 'organisations' ->> 0) as line
        from change where kind not in ('organisation', 'account', 'fund', 'campaign', 'item', 'variant', 'promise', 'sorting rule')
        order by number`;
      return rows.map(({ line }) => line);
    },
    async corrections() {
      const rows = await sql<{ line: string }[]>`
        select source_id || ' ' || source_number as line from journal_entry where corrects is not null order by number`;
      return rows.map(({ line }) => line);
    },
    async entries() {
      const [row] = await sql<{ count: number }[]>`select count(*)::int as count from journal_entry`;
      return row?.count ?? 0;
    },
    async asOwner(statement) {
      const owner = openSql(database.ownerUrl, { max: 1 });
      try {
        await owner.unsafe(statement);
      } finally {
        await owner.end();
      }
    },
    async close() {
      expect([...(await sql`select * from audit()`)]).toEqual([]);
      expect([...(await sql`select * from change_chain_breaks()`)]).toEqual([]);
      await database.close();
    },
  };
}

/** The journal as a treasurer reads it: account, fund and sum, debits above zero. */
export async function booksOf(sql: Sql, organisation?: string): Promise<string[]> {
  const rows = await sql<{ line: string }[]>`
    select concat_ws(' ', l.code, coalesce(f.slug::text, 'unassigned'), round(sum(l.amount_minor) / 100.0, 2)) as line
    from journal_line l
    join journal_entry e on e.id = l.entry_id
    join organisation o on o.id = e.organisation_id
    left join fund f on f.id = l.fund_id
    where ${organisation ?? null}::text is null or o.slug = ${organisation ?? null}
    group by l.code, f.slug having sum(l.amount_minor) <> 0 order by l.code, f.slug nulls first`;
  return rows.map(({ line }) => line);
}
