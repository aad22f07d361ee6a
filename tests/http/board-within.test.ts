import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSetup } from "../../src/core/read-setup.ts";
import type { Membership, Role } from "../../src/core/role.ts";
import { runAudit } from "../../src/db/audit.ts";
import { recordCash } from "../../src/db/cash.ts";
import type { Sql } from "../../src/db/connect.ts";
import { createInbox } from "../../src/db/inbox.ts";
import { applySetup, readKnownNames } from "../../src/db/setup.ts";
import type { BoardData } from "../../web/charts/board-data.ts";
import { balanceTransaction } from "../fixtures/stripe/balance-transaction.ts";
import { type SignedIn, signIn } from "../staff.ts";
import { stripeEvent, type TestEvent } from "../stripe-event.ts";
import { form, openService, type Service } from "./house.ts";

/** A second organisation beside the house's: a fund and a general fund of its own, and one held with the house. */
const partner = {
  organisations: [
    { slug: "partner", name: "Partner", legalName: "Partner Society", address: "2 Main St", contact: "p@example.org" },
  ],
  accounts: [{ slug: "partner", organisation: "partner", settlesIn: ["CAD"] }],
  funds: [
    { slug: "joint", name: "Joint", description: "Of both.", accounts: ["main", "partner"] },
    { slug: "theirs", name: "Theirs", description: "The partner's.", accounts: ["partner"] },
    { slug: "partner-general", name: "Rest", description: "Else.", accounts: ["partner"], generalOf: "partner" },
    { slug: "dollars", name: "Dollars", description: "US.", accounts: ["partner"], currency: "USD" },
  ],
};

let service: Service;
let sql: Sql;
const ids: Record<string, bigint> = {};

const idOf = async (table: string, slug: string): Promise<bigint> => {
  const [row] = await sql<{ id: bigint }[]>`select id from ${sql(table)} where slug = ${slug}`;
  if (row === undefined) throw new Error(`there is no ${table} ${slug}`);
  return row.id;
};

async function store(accountId: bigint, event: TestEvent): Promise<void> {
  await createInbox({ sql, flush: "grouped" }).store({
    accountId,
    source: "webhook",
    eventId: event.id,
    livemode: false,
    type: event.type,
    apiVersion: null,
    stripeAccount: null,
    objectId: String(event.data.object["id"]),
    created: null,
    mark: null,
    body: JSON.stringify(event),
  });
}

/** A charge of nobody's order, so that it waits for a fund, or for its bank. */
const charge = (id: string, amount: number, status = "succeeded"): TestEvent =>
  stripeEvent(status === "pending" ? "charge.pending" : "charge.succeeded", {
    id: `ch_${id}`,
    payment_intent: `pi_${id}`,
    metadata: {},
    amount,
    amount_captured: status === "pending" ? 0 : amount,
    captured: status !== "pending",
    paid: status !== "pending",
    status,
  });

beforeAll(async () => {
  service = await openService();
  ({ sql } = service.deps);
  const read = readSetup(partner, await readKnownNames(sql));
  if (!read.ok) throw new Error(read.problems.join("; "));
  await applySetup(sql, read.setup);
  for (const organisation of ["house", "partner"]) ids[organisation] = await idOf("organisation", organisation);
  for (const fund of ["joint", "theirs", "families"]) ids[fund] = await idOf("fund", fund);

  const gifts: [fund: string, organisation: string, amountMinor: bigint, email: string][] = [
    ["families", "house", 1000n, "ana@example.org"],
    ["joint", "house", 2000n, "ana@example.org"],
    ["joint", "partner", 3000n, "ben@example.org"],
    ["joint", "partner", 500n, "ana@example.org"],
    ["theirs", "partner", 700n, "cem@example.org"],
  ];
  for (const [index, [fund, organisation, amountMinor, email]] of gifts.entries()) {
    const nobody = { currency: null, note: null, person: null, name: null };
    await recordCash(sql, {
      ...nobody,
      request: String(index),
      fund,
      organisation,
      amountMinor,
      email,
      day: `2021-0${index + 1}-03`,
    });
  }
  const [main, other] = [await idOf("account", "main"), await idOf("account", "partner")];
  await store(main, charge("main", 4100));
  await store(other, charge("partner", 90));
  await store(other, charge("slow", 8000, "pending"));
  for (const account of [main, other])
    await store(
      account,
      stripeEvent("charge.updated", {
        id: `ch_refused_${account}`,
        balance_transaction: { ...balanceTransaction, net: 1 },
      }),
    );
  await service.drain.idle();
});
afterAll(async () => await service.close());

const somebody = async (...held: ({ role: Role } & Partial<Membership>)[]): Promise<SignedIn> =>
  await signIn(sql, held);
const at = async (organisation: string, role: Role = "board"): Promise<SignedIn> =>
  await somebody({ role, organisationId: ids[organisation] ?? 0n });
const get = async (path: string, { headers }: SignedIn): Promise<Response> =>
  await service.app.request(path, { headers });
const figures = async (who: SignedIn, query = ""): Promise<BoardData> =>
  (await (await get(`/board/totals.json${query}`, who)).json()) as BoardData;
const raised = ({ funds }: BoardData): Record<string, number> =>
  Object.fromEntries(funds.map(({ slug, raisedMinor }) => [slug, raisedMinor]));

describe("the board of somebody whose role is for one organisation", () => {
  it("shows its funds and no other's, a joint fund whole", async () => {
    expect(raised(await figures(await at("house")))).toEqual({ families: 1000, quiet: 0, general: 0, joint: 5500 });
    expect(raised(await figures(await at("partner")))).toEqual({
      joint: 5500,
      theirs: 700,
      "partner-general": 0,
      dollars: 0,
    });
    const page = await (await get("/board", await at("house"))).text();
    expect(page).toContain("The funds of House");
    // The foot of every page names all organisations.
    expect(page.split("<footer")[0]).not.toMatch(/Theirs|Partner/u);
  });

  it("adds up, as everything, what came to that organisation, and counts its people once", async () => {
    const house = await figures(await at("house"));
    const partners = await figures(await at("partner"));
    expect(house.all).toMatchObject({ raisedMinor: 7100, gifts: 3, donors: 2 });
    expect(partners.all).toMatchObject({ raisedMinor: 4290, gifts: 4, donors: 4 });
    for (const { all, months } of [house, partners])
      expect(months.reduce((sum, month) => sum + month.raisedMinor, 0)).toBe(all.raisedMinor);
  });

  it("shows what waits for a fund, or for a bank, at that organisation only", async () => {
    expect(await figures(await at("house"))).toMatchObject({
      unassigned: { raisedMinor: 4100, gifts: 1, donors: 1 },
      pending: { payments: 0, amountMinor: 0 },
    });
    expect(await figures(await at("partner"))).toMatchObject({
      unassigned: { raisedMinor: 90, gifts: 1 },
      pending: { payments: 1, amountMinor: 8000 },
    });
    const all = await figures(service.admin);
    expect(all).toMatchObject({ within: null, unassigned: { raisedMinor: 4190, gifts: 2 }, pending: { payments: 1 } });
    expect(all.all.raisedMinor).toBe(7100 + 4290);
  });

  it("says of a joint fund what its public page says", async () => {
    const { funds } = (await (await service.app.request("/api/totals")).json()) as BoardData;
    const shown = (await figures(await at("house"))).funds.find(({ slug }) => slug === "joint");
    const open = funds.find(({ slug }) => slug === "joint");
    expect(open).toMatchObject({ raisedMinor: 5500, donors: 2 });
    for (const number of ["givenMinor", "returnedMinor", "raisedMinor", "gifts", "donors", "supporters"] as const)
      expect(shown?.[number]).toBe(open?.[number]);
  });

  it("adds up with what the audit recounts from the facts", async () => {
    // The two refused letters are payments of which nothing was booked yet.
    expect(await runAudit(sql)).toEqual([]);
  });

  it("refuses the other organisation, and a currency that only the other counts in", async () => {
    const house = await at("house");
    for (const path of ["/board?organisation=partner", "/board/totals.json?organisation=house&fund=theirs"])
      expect((await get(path, house)).status).toBe(404);
    expect((await get("/board?currency=USD", house)).status).toBe(400);
    expect((await get("/board?currency=USD", await at("partner"))).status).toBe(200);
  });

  it("is one organisation at a time for somebody with roles in two, the first unless another is chosen", async () => {
    const both = await somebody(
      { role: "board", organisationId: ids["partner"] ?? 0n },
      { role: "reviewer", organisationId: ids["house"] ?? 0n },
    );
    expect((await figures(both)).within).toMatchObject({ organisation: "house" });
    expect((await figures(both, "?organisation=partner&from=2021-05-01")).all.raisedMinor).toBe(700);
    const page = await (await get("/board?organisation=partner&from=2021-05-01", both)).text();
    expect(page).toContain('href="/board?organisation=house&amp;from=2021-05-01"');
    expect(page).toContain('<input type="hidden" name="organisation" value="partner"/>');
  });
});

describe("somebody whose role is for one fund", () => {
  const forJoint = async (role: Role): Promise<SignedIn> =>
    await somebody({ role, organisationId: ids["house"] ?? 0n, fundId: ids["joint"] ?? 0n });

  it("sees that fund on the board, whole, and is told what is not shown", async () => {
    const who = await forJoint("board");
    const board = await figures(who);
    expect(raised(board)).toEqual({ joint: 5500 });
    expect(board).toMatchObject({
      all: { raisedMinor: 5500, gifts: 3, donors: 2 },
      unassigned: null,
      pending: null,
      renewals: null,
    });
    expect(board.months.reduce((sum, month) => sum + month.raisedMinor, 0)).toBe(5500);
    const page = await (await get("/board", who)).text();
    expect(page).toContain("is on its way is not known of Joint alone");
    expect(page).not.toMatch(/Families|Quiet|Waiting for a fund/u);
    expect((await get("/board?organisation=house&fund=families", who)).status).toBe(404);
  });

  it("reads of its organisation's gifts those to the fund only", async () => {
    const csv = await (await get("/desk/gifts.csv", await forJoint("reviewer"))).text();
    expect(csv).toContain("Joint");
    expect(csv).not.toMatch(/Families|ben@|cem@|41\.00/u);
  });

  it("sees no dead letter and no alert of its organisation", async () => {
    const who = await forJoint("treasurer");
    expect(await (await get("/desk/dead-letters", who)).text()).not.toContain("ch_refused");
    expect(await (await get("/desk/alerts", who)).text()).not.toContain('id="dead-letters');
  });
});

describe("dead letters and alerts", () => {
  const letters = async (who: SignedIn) => {
    const page = await (await get("/desk/dead-letters", who)).text();
    return { of: page.match(/ch_refused_\d/gu)?.filter((id, index, all) => all.indexOf(id) === index), page };
  };

  it("are those of one's own organisation's accounts; what is the whole service's only for those who see all", async () => {
    expect((await letters(service.admin)).of).toHaveLength(2);
    expect((await letters(await at("house", "treasurer"))).of).toEqual(["ch_refused_1"]);
    const limited = await (await get("/desk/alerts", await at("partner", "reviewer"))).text();
    expect(limited).toContain("(account partner)");
    expect(limited).not.toContain("(account main)");
    expect(limited).not.toContain('id="mail"');
    expect(await (await get("/desk/alerts", service.admin)).text()).toContain('id="mail"');
  });

  it("have no button for those who may not try them again", async () => {
    expect((await letters(await at("house", "reviewer"))).page).not.toContain("Try");
    expect((await letters(await at("house", "treasurer"))).page).toContain("Try again");
  });

  it("are tried again by one's own organisation's treasurer only, and mails by one for all", async () => {
    const treasurer = await at("partner", "treasurer");
    const [own] = await sql<
      { id: bigint }[]
    >`select inbox_id as id from ticket where dead_at is not null and account_id = 1`;
    const replay = async (letter: string) =>
      (await service.app.request("/desk/dead-letters", form({ letter }, treasurer.headers))).headers.get("location");
    expect(await replay(`event ${own?.id}`)).toBe("/desk/dead-letters?replayed=0");
    expect(await replay("all")).toBe("/desk/dead-letters?replayed=1");
    expect((await letters(service.admin)).of).toEqual(["ch_refused_1"]);
    await sql`insert into mail (key, recipient, subject, body, given_up_at) values ('k', 'a@example.org', 's', 'b', now())`;
    const mails = async (who: SignedIn) =>
      (await service.app.request("/desk/mail", form({}, who.headers))).headers.get("location");
    expect(await mails(treasurer)).toBe("/desk/alerts?done=0");
    expect(await mails(service.admin)).toBe("/desk/alerts?done=1");
  });
});
