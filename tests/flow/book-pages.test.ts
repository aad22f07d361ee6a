import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fundStatements } from "../../src/core/book.ts";
import { openedState, payoutState } from "../../src/core/payout.ts";
import { proofState, type ProofState } from "../../src/core/proof.ts";
import type { Sql } from "../../src/db/connect.ts";
import { findPayoutPlace, listPayoutMembers, listPayouts, openPayout } from "../../src/db/payout.ts";
import { readFundSums, readProofs, readStripeLines } from "../../src/db/book.ts";
import { signIn, type SignedIn } from "../staff.ts";
import { openHouse, type House } from "./house.ts";
import { fileHead, payoutFile } from "./payout-file.ts";
import { sweep } from "./sweeper.ts";

// One history of both organisations, and what the pages of the books say of it.

const daySeconds = 86_400;
const baseUrl = "http://localhost:8787";
const donor = { email: "nigar@example.org", name: "Nigar", show: "nothing" };

let house: House;
let automatic = "";
let manual = "";
let gift = "";
beforeAll(async () => {
  house = await openHouse();
  const { payFor, sandbox, refund, receive, sql } = house;
  await payFor("/funds/families/give", { ...donor, amount: "10000" });
  await payFor("/funds/general/give", { ...donor, amount: "5000" });
  await payFor("/campaigns/shop/order", { ...donor, "q.pin.only": "1" });
  const partly = await payFor("/funds/families/give", { ...donor, amount: "2500" });
  await sandbox.advance(4 * daySeconds);
  await refund("first", partly, 1000);
  await sandbox.move("first", { type: "stripe_fee", reportingCategory: "fee", amount: -48, description: "Radar" });
  await sandbox.advance(3600);
  await receive();
  await sweep(house);
  automatic = (await sandbox.payOut("first"))?.id ?? "";
  await sandbox.advance(daySeconds);
  await payFor("/funds/families/give", { ...donor, amount: "2500" });
  await sandbox.advance(4 * daySeconds);
  const stripe = await house.stripe("first");
  manual = (await stripe.payouts.create({ amount: 1000, currency: "cad" })).id;
  await sandbox.advance(3 * daySeconds);
  await receive();
  await sql`
    select from record_cash(${sql.json({ request: randomUUID(), fund: "youth", amount_minor: "2000", day: "2021-03-01" })})`;
  await sweep(house);
  const [row] = await sql<{ id: string }[]>`
    select payment_id::text as id from gift where returned_minor <> 0 limit 1`;
  gift = row?.id ?? "";
});
afterAll(async () => {
  await house.close();
});

const get = async (path: string, who: SignedIn = house.admin): Promise<Response> =>
  await house.app.request(`${baseUrl}${path}`, { headers: who.headers });
const text = async (path: string, who?: SignedIn): Promise<string> => await (await get(path, who)).text();
const json = async <Shape>(path: string): Promise<Shape> => (await (await get(path)).json()) as Shape;
const idOf = async (slug: string): Promise<bigint> => {
  const [row] = await house.sql<{ id: bigint }[]>`select id from organisation where slug = ${slug}`;
  return row?.id ?? 0n;
};
const proof = async (slug = "first"): Promise<ProofState> => {
  const id = await idOf(slug);
  return proofState(await readProofs(house.sql, id), await readStripeLines(house.sql, id), new Date());
};

describe("the proof line", () => {
  test("is green when the books and Stripe agree to the cent and every identity holds", async () => {
    const { isGood, stripe, checks } = await proof();
    expect(checks.filter(({ wrong }) => wrong.length > 0)).toEqual([]);
    expect(checks.map(({ name, checked }) => [name, checked > 0])).toEqual([
      ["net", true],
      ["posted", true],
      ["balance", true],
      ["payout", true],
      // Nothing ever had to wait there.
      ["suspense", expect.any(Boolean)],
      ["fund", true],
    ]);
    expect([stripe.state, isGood]).toEqual(["agrees", true]);
    const page = await text("/desk/books?organisation=first");
    expect(page).toContain("The books match Stripe to the cent");
    expect(page).toContain("Bank: not yet compared");
  });

  test("says by how much Stripe differs, and that yesterday's answer says nothing of today", async () => {
    const { sql } = house;
    await sql`update stripe_balance set available_minor = available_minor + 7 where account_id = 1`;
    const off = await proof();
    expect([off.isGood, off.stripe.state]).toEqual([false, "differs"]);
    expect(await text("/desk/books")).toContain("The books and Stripe differ by −$0.07");
    await sql`update stripe_balance set available_minor = available_minor - 7, fetched_at = fetched_at - interval '7 hours'`;
    const old = await proof();
    // Entries were posted since then, and yet it agrees.
    expect([old.isGood, old.stripe.state]).toEqual([false, "stale"]);
    await sql`update stripe_balance set available_minor = available_minor + 7`;
    expect((await proof()).stripe.state).toBe("moving");
    await sql`update stripe_balance set available_minor = available_minor - 7, fetched_at = now()`;
    expect((await proof()).isGood).toBe(true);
  });

  test("leaves what waits for its balance transaction out of both sides, and says so", async () => {
    await house.payFor("/funds/families/give", { ...donor, amount: "5000" });
    await house.receive();
    const { checks } = await proof();
    expect(checks.find(({ name }) => name === "fund")?.wrong).toEqual([]);
    expect(await text("/desk/books?organisation=first")).toContain("$50.00 waits for its balance transaction");
    await house.settle();
    await sweep(house);
    expect((await proof()).isGood).toBe(true);
  });

  test("needs no look at single movements: their sums are kept as they come, and when a zone changes", async () => {
    expect(await house.sql`select * from stripe_moved except select * from stripe_moved_view`).toEqual([]);
    await house.sql`update organisation set time_zone = 'Asia/Baku' where slug = 'first'`;
    expect(await house.sql`select * from stripe_moved except select * from stripe_moved_view`).toEqual([]);
    await house.sql`update organisation set time_zone = 'America/Toronto' where slug = 'first'`;
  });
});

describe("a payout", () => {
  test("opened is everything in it, and adds up by kind, by fund and movement by movement", async () => {
    const payout = await openPayout(house.sql, await idOf("first"), automatic);
    if (payout === null) throw new Error("no payout");
    expect(openedState(payout)).toBe("adds up");
    expect(payout.kinds.map(({ kind, count }) => [kind, count])).toEqual([
      ["fee", 1],
      ["gift", 3],
      ["refund", 1],
      ["sale", 1],
    ]);
    const net = payout.kinds.reduce((sum, { netMinor }) => sum + netMinor, 0n);
    const whose = payout.shares.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
    expect([net, whose]).toEqual([payout.amountMinor, payout.amountMinor]);
    // Families bears no fees, and is given what the pin leaves; the general fund pays the fees, and keeps the shipping.
    expect(payout.shares.map(({ slug, amountMinor }) => [slug, Number(amountMinor)])).toEqual([
      ["families", 10_000 + 2500 - 1000 + 473],
      ["general", 5000 - 175 - 320 - 103 + (1200 - 65 - 473) - 48],
    ]);
    const members = await listPayoutMembers(house.sql, await idOf("first"), automatic, { after: null, limit: 100 });
    expect(members.reduce((sum, { netMinor }) => sum + netMinor, 0n)).toBe(payout.amountMinor);
    for (const { shares, netMinor } of members)
      expect(shares.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)).toBe(netMinor);
    const page = await text(`/desk/books/payouts/${automatic}`);
    expect(page).toContain("6 movements add up to this payout.");
    expect(page).toContain(`/desk/gifts/${gift}`);
  });

  test("goes from page to page without leaving anything out", async () => {
    const id = await idOf("first");
    const seen: string[] = [];
    let after = null;
    for (;;) {
      const [member] = await listPayoutMembers(house.sql, id, automatic, { after, limit: 1 });
      if (member === undefined) break;
      seen.push(member.id);
      after = member;
    }
    expect(new Set(seen).size).toBe(6);
  });

  test("by hand is split as the funds stood at Stripe, and says that this is estimated", async () => {
    const payout = await openPayout(house.sql, await idOf("first"), manual);
    if (payout === null) throw new Error("no payout");
    expect([openedState(payout), payout.kinds]).toEqual(["estimated", []]);
    expect(payout.shares.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)).toBe(1000n);
    expect(await text(`/desk/books/payouts/${manual}`)).toContain("Stripe does not say what is in a manual");
  });

  test("is in the list of its organisation only, the newest first", async () => {
    const payouts = await listPayouts(house.sql, await idOf("first"), { before: null, limit: 10 });
    expect(payouts.map((payout) => [payout.id, payoutState(payout), payout.members])).toEqual([
      [manual, "estimated", 0],
      [automatic, "adds up", 6],
    ]);
    expect(await listPayouts(house.sql, await idOf("second"), { before: null, limit: 10 })).toEqual([]);
    const rest = await listPayouts(house.sql, await idOf("first"), { before: payouts[0] ?? null, limit: 10 });
    expect(rest.map(({ id }) => id)).toEqual([automatic]);
    expect((await text("/desk/books/payouts.csv")).split("\r\n")).toHaveLength(4);
  });

  test("that the bank sent back has failed, and the books undo it", async () => {
    await house.sandbox.failPayout("first", manual);
    await house.receive();
    await sweep(house);
    expect(await text(`/desk/books/payouts/${manual}`)).toContain("Came back from the bank");
    expect(await text("/desk/books/payouts")).toContain("failed");
    expect((await proof()).checks.filter(({ wrong }) => wrong.length > 0)).toEqual([]);
  });
});

describe("a fund's statement", () => {
  test("goes from opening to closing, and closing is where its money is", async () => {
    const { sql } = house;
    const [fund] = await sql<{ id: bigint }[]>`select id from fund where slug = 'families'`;
    const sums = await readFundSums(sql, fund?.id ?? 0n, { from: "2021-03-12", to: null });
    const [statement] = fundStatements(sums);
    if (statement === undefined) throw new Error("no statement");
    const { organisations, opening, lines, closing, places } = statement;
    expect([organisations, opening]).toEqual([["first"], [12_973n]]);
    expect(lines.map(({ line, amounts }) => [line, Number(amounts[0])])).toEqual([
      ["given", 2500 + 5000],
      ["returned", -1000],
    ]);
    expect(closing).toEqual([12_973n + 7500n - 1000n]);
    expect(places.reduce((sum, { amounts }) => sum + (amounts[0] ?? 0n), 0n)).toBe(closing[0]);
  });

  test("leads from each of its sums to the entries that make it", async () => {
    const page = await text("/desk/books/funds/families");
    const href = /href="(?<href>\/desk\/books\/entries[^"]*code=4000[^"]*)"/u.exec(page)?.groups?.["href"] ?? "";
    expect(page).toContain("$200.00");
    expect(await text(href.replaceAll("&amp;", "&"))).toContain("All lines like these come to $200.00 credit.");
    const csv = await text("/desk/books/funds/families/statement.csv");
    expect(csv).toContain("Gifts,first,CAD,200.00");
  });

  test("of a joint fund shows each organisation's part and their sum, to both", async () => {
    const { sql } = house;
    await sql`
      select from record_cash(${sql.json({ request: randomUUID(), fund: "families", organisation: "second", amount_minor: "3000", day: "2021-03-01" })})`;
    const theirs = await signIn(sql, [{ role: "treasurer", organisationId: await idOf("second") }]);
    const page = await text("/desk/books/funds/families", theirs);
    for (const word of ["The first", "The second", "Together", "$230.00"]) expect(page).toContain(word);
    // The other organisation's sums, and none of its rows.
    expect(page).not.toContain("organisation=first");
    expect(page).toContain("organisation=second");
    expect((await get("/desk/books/entries?organisation=first", theirs)).status).toBe(404);
    expect((await get(`/desk/books/payouts/${automatic}`, theirs)).status).toBe(404);
  });

  test("is all that somebody of a single fund sees of the books", async () => {
    const { sql } = house;
    const [fund] = await sql<{ id: bigint }[]>`select id from fund where slug = 'youth'`;
    const own = await signIn(sql, [
      { role: "treasurer", organisationId: await idOf("second"), fundId: fund?.id ?? 0n },
    ]);
    expect(await text("/desk/books", own)).toContain("Youth fund");
    expect(await text("/desk/books", own)).not.toContain("Second general fund");
    expect(await text("/desk/books/funds/youth", own)).toContain("$20.00");
    for (const path of ["/desk/books/trial-balance", "/desk/books/entries", "/desk/books/payouts"])
      expect((await get(path, own)).status).toBe(404);
  });
});

describe("the trial balance", () => {
  test("has the same debits as credits, over all time, a cut month, a fund and no fund", async () => {
    type Trial = {
      balances: { debitMinor: number; creditMinor: number; lines: { beforeMinor: number; movedMinor: number }[] }[];
    };
    for (const query of [
      "",
      "?from=2021-03-12",
      "?fund=families",
      "?from=2021-03-05&to=2021-03-14&fund=general",
      "?fund=-",
    ]) {
      const { balances } = await json<Trial>(`/desk/books/trial-balance.json${query}`);
      expect(balances.length, query).toBe(query === "?fund=-" ? 0 : 1);
      for (const { debitMinor, creditMinor, lines } of balances) {
        expect([query, debitMinor]).toEqual([query, creditMinor]);
        expect(lines.reduce((sum, { beforeMinor }) => sum + beforeMinor, 0)).toBe(0);
        expect(lines.reduce((sum, { movedMinor }) => sum + movedMinor, 0)).toBe(0);
      }
    }
    expect((await get("/desk/books/trial-balance?from=2021-02-30")).status).toBe(400);
    expect((await get("/desk/books/trial-balance?fund=nothing")).status).toBe(404);
  });
});

describe("entries", () => {
  type Listed = { entries: { id: number; number: number; lines: unknown[]; sourceId: string }[]; older: string | null };

  test("are the journal, newest first, page after page, each opened with its hash and its source", async () => {
    const { entries } = await json<Listed>("/desk/books/entries.json?organisation=first");
    const [count] = await house.sql<{ n: number }[]>`
      select count(*)::int as n from journal_entry e join organisation o on o.id = e.organisation_id where o.slug = 'first'`;
    expect(entries.length).toBe(count?.n);
    const middle = entries[3];
    const after = await json<Listed>(
      `/desk/books/entries.json?organisation=first&before=${await dayOf(middle?.id)}.${middle?.number}`,
    );
    expect(after.entries.map(({ number }) => number)).toEqual(entries.slice(4).map(({ number }) => number));
    const page = await text(`/desk/books/entries/${middle?.id}`);
    expect(page).toContain("It balances, and its hash is that of its lines.");
    expect(page).toContain(middle?.sourceId ?? "");
  });

  test("stand behind the sums of the gifts' own list, too", async () => {
    const page = await text("/desk/gifts?organisation=first&fund=families");
    const href = /href="(?<href>\/desk\/books\/entries[^"]*code=4000[^"]*)"[^>]*>(?<given>[^<]*)</u.exec(page)?.groups;
    const behind = await text((href?.["href"] ?? "").replaceAll("&amp;", "&"));
    expect(behind).toContain(`All lines like these come to ${href?.["given"]} credit.`);
    // The books know nothing of who gave by which campaign or way.
    expect(await text("/desk/gifts?organisation=first&source=cash")).not.toContain("/desk/books/entries");
  });

  test("of a gift are all that the books say of it: paid, and returned in part", async () => {
    const { entries } = await json<Listed>(`/desk/books/entries.json?organisation=first&payment=${gift}`);
    expect(entries.map(({ lines }) => lines.length)).toEqual([2, 4]);
    expect(await text(`/desk/gifts/${gift}`)).toContain(`/desk/books/entries?organisation=first&amp;payment=${gift}`);
  });

  test("as a file balance, line for line", async () => {
    const [head = "", ...rows] = (await text("/desk/books/entries.csv?organisation=first")).trim().split("\r\n");
    expect(head).toContain("Debit,Credit");
    const cents = (text = ""): number => Math.round(Number(text) * 100);
    const sums = rows.map((row) => row.split(",").slice(-2).map(cents));
    expect(sums.reduce((sum, [debit = 0]) => sum + debit, 0)).toBe(
      sums.reduce((sum, [, credit = 0]) => sum + credit, 0),
    );
  });
});

describe("a file that Stripe made", () => {
  let rows: string[] = [];
  beforeAll(async () => {
    rows = await payoutFile(await house.stripe("first"), automatic);
  });

  const send = async (
    body: string | Uint8Array<ArrayBuffer>,
    fields: Record<string, string> = {},
  ): Promise<Response> => {
    const form = new FormData();
    form.set("file", new File([body], "payout.csv", { type: "text/csv" }));
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    const headers = { origin: baseUrl, ...house.admin.headers };
    return await house.app.request(`${baseUrl}/desk/books/payouts/check?organisation=first`, {
      method: "POST",
      body: form,
      headers,
    });
  };
  const file = (lines: readonly string[]): string => `\ufeff${[fileHead, ...lines].join("\r\n")}\r\n`;

  test("is in the books row by row, to the cent", async () => {
    const answer = await send(file(rows));
    const page = await answer.text();
    expect(answer.status).toBe(200);
    expect(page).toContain("All 6 rows of the file are in the books, to the cent.");
    expect(page).toContain("nothing is in the books that the file lacks");
    expect(page).not.toContain("Mammadova");
  });

  test("shows what is missing here, what differs, what is in it twice, and what it lacks", async () => {
    const [first = "", second = "", third = "", fourth = "", ...rest] = rows;
    const changed = second.replace(/,(?<gross>[-\d.]+),(?<fee>[-\d.]+),/u, ",$<gross>,99.99,");
    const unknown = third.replace(/txn_\w+/u, "txn_nobodyKnowsThis0");
    const page = await (await send(file([first, first, changed, unknown, ...rest]))).text();
    expect(page).toContain("3 of 6 rows are found to the cent.");
    for (const [word, id] of [
      ["twice in the file", first],
      ["different", second],
      ["missing", unknown],
      ["Here, and not in the file", fourth],
    ] as const) {
      expect(page).toContain(word);
      expect(page).toContain(id.split(",")[1] ?? "");
    }
    const csv = await (await send(file([first, changed, unknown]), { answer: "csv" })).text();
    expect(csv).toMatch(/,different,fee,CAD,/u);
    expect(csv).toMatch(/txn_nobodyKnowsThis0,missing,,CAD,/u);
    expect(csv.match(/"?Here, not in the file/gu)).toHaveLength(4);
  });

  test.each([
    ["", "The one that came is empty"],
    [`${fileHead}\n`, "a head and no rows"],
    ["a,b\n1,2\n", "lacks the columns balance_transaction_id, currency, gross, fee and net"],
    [`${fileHead}\npo_1,txn_12345,x,cad,12.345,0,1,charge,n\n`, "Line 2: “12.345” is no gross"],
    [`${fileHead}\npo_1,=1+1,x,cad,1,0,1,charge,n\n`, "is no balance_transaction_id"],
    ['a,"b\n1', "not a CSV file"],
    ["PK\u0003\u0004\0\0spreadsheet", "not a CSV file"],
    [`${fileHead}\n${"po_1,txn_12345,x,cad,1,0,1,charge,n\n".repeat(20_001)}`, "more than 20,000 rows"],
  ])("that is none is refused in words, and nothing is done (%#)", async (body, words) => {
    const answer = await send(body);
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain(words);
  });

  test("is refused unread when it is larger than any report", async () => {
    const { status } = await send("x".repeat(9 * 1024 * 1024));
    expect(status).toBe(413);
  });

  test("of another organisation's account is missing here: nobody learns what others have", async () => {
    const theirs = await signIn(house.sql, [{ role: "treasurer", organisationId: await idOf("second") }]);
    const form = new FormData();
    form.set("file", new File([file(rows)], "payout.csv"));
    const path = `${baseUrl}/desk/books/payouts/check`;
    const headers = { origin: baseUrl, ...theirs.headers };
    const page = await (await house.app.request(path, { method: "POST", body: form, headers })).text();
    expect(page).toContain("0 of 6 rows are found");
    expect(page).not.toContain("Here, and not in the file");
  });
});

async function dayOf(id: number | undefined): Promise<string> {
  const [row] = await house.sql<{ day: string }[]>`select entered_on as day from journal_entry where id = ${id ?? 0}`;
  return row?.day ?? "";
}

test("the audit finds nothing after all that was read", async () => {
  expect(await house.sql`select * from audit()`).toEqual([]);
});

describe("a payout of 2,340 movements", () => {
  const many = 2_340;

  test("opens in three calls to the database, sums and first page, and adds up", async () => {
    const created = new Date(Date.UTC(2021, 4, 1)).toISOString();
    const movement = (id: string, type: string, minor: number, source: string | null) => ({
      kind: "balance_transaction",
      account_id: "1",
      id,
      fetched_at: created,
      source,
      type,
      amount_minor: String(minor),
      fee_minor: "0",
      net_minor: String(minor),
      currency: "CAD",
      exchange_rate: null,
      created,
      reporting_category: type === "payout" ? "payout" : "fee",
    });
    const ids = Array.from({ length: many }, (_, n) => `txn_many${String(n).padStart(4, "0")}`);
    const facts = [
      ...ids.map((id, n) => movement(id, "stripe_fee", -(n % 7) - 1, null)),
      ...ids.map((id) => ({ kind: "payout_member", account_id: "1", id, fetched_at: created, payout: "po_many" })),
      { kind: "fetched", account_id: "1", id: "po_many", fetched_at: created, what: "payout_members", found: many },
    ];
    const sum = ids.reduce((total, _, n) => total - (n % 7) - 1, 0);
    const payout = {
      kind: "payout",
      account_id: "1",
      id: "po_many",
      fetched_at: created,
      status: "paid",
      amount_minor: String(sum),
      currency: "CAD",
      automatic: true,
      arrival_date: "2021-05-03",
      created,
      balance_transaction: "txn_many",
    };
    for (const batch of [facts, [payout, movement("txn_many", "payout", -sum, "po_many")]])
      await house.sql`select from drain(${house.sql.json({ mode: "sandbox", tickets: [], facts: batch })})`;

    const { calls, sql } = counted(house.sql);
    const place = await findPayoutPlace(sql, "all", "po_many");
    const [opened, members] = await Promise.all([
      openPayout(sql, place?.id ?? 0n, "po_many"),
      listPayoutMembers(sql, place?.id ?? 0n, "po_many", { after: null, limit: 101 }),
    ]);
    expect(calls()).toBe(3);
    expect(opened?.kinds).toMatchObject([{ kind: "fee", count: many, netMinor: BigInt(sum) }]);
    expect(opened === null ? null : openedState(opened)).toBe("adds up");
    expect(members).toHaveLength(101);
    expect((await proof()).checks.find(({ name }) => name === "payout")?.wrong).toEqual([]);
    const csv = await text("/desk/books/payouts/po_many/members.csv");
    expect(csv.trim().split("\r\n")).toHaveLength(many + 1);
  });
});

/** The same pool, counting the statements that it sends. */
function counted(sql: Sql): { sql: Sql; calls: () => number } {
  let sent = 0;
  const asked = new Proxy(sql, {
    apply(target, self, values) {
      const statement: { then?: (...args: unknown[]) => unknown } = Reflect.apply(target as never, self, values);
      const { then } = statement;
      if (typeof then === "function") {
        // oxlint-disable-next-line unicorn/no-thenable -- a statement is sent when somebody waits for it
        statement.then = (...args: unknown[]) => {
          sent += 1;
          return Reflect.apply(then, statement, args);
        };
      }
      return statement;
    },
  });
  return { sql: asked, calls: () => sent };
}
