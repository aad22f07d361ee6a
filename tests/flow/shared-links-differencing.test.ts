import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readSetup } from "../../src/core/read-setup.ts";
import { storeBlocks } from "../../src/db/block.ts";
import { openSql, type Sql } from "../../src/db/connect.ts";
import { applySetup, readKnownNames } from "../../src/db/setup.ts";
import type { PackPaper } from "../../src/pdf/pack-pdf.ts";
import type { PackTable } from "../../web/charts/pack-block.ts";
import { forgetPayments } from "../charity.ts";
import { cashOf, factsOf, figures, histories, type Payment } from "../history.ts";
import { form, openService, type Service } from "../http/house.ts";
import { render, rows, text } from "../web/render.ts";

// What differencing.test.ts asks of the database, asked at the door: a stranger has links to packs of many periods and places,
// made before and after late gifts, refunds and a merge, and asks the public address of the totals for every range. Whatever
// is subtracted from whatever, nothing is left that is of one to four people. Over all time a public fund's own figures are
// live and whole for everybody, and said to be; there it is only proved that a link adds nothing to them.

const seeds = process.env.PROVE === "1" ? 40 : 3;

/** Families and General are public, Youth is not; a partner takes gifts for Families, too. */
const names = { families: "Families", youth: "Youth", general: "General" };
type Slug = keyof typeof names;
const slugs = Object.keys(names) as Slug[];
const hidden: Slug = "youth";

const moments = ["2021-04-01T12:00:00Z", "2021-05-01T12:00:00Z", "2021-06-29T12:00:00Z"] as const;
const months = ["2021-01", "2021-02", "2021-03", "2021-04", "2021-05"];
const peopleThere = 13;

let service: Service;
let sql: Sql;
let owner: Sql;
let now = new Date(moments[0]);
let printed: PackPaper[] = [];
/** The packs that were made, by place and period: every story makes new links to them, and some packs anew. */
const packs = new Map<string, number>();
let made = 0;

beforeAll(async () => {
  service = await openService({
    now: () => now,
    printPack: async (pack) => {
      printed.push(pack);
      return await Promise.resolve(new Uint8Array(1));
    },
  });
  ({ sql } = service.deps);
  owner = openSql(service.database.ownerUrl, { max: 1 });
  const partner = { slug: "partner", name: "Partner", legalName: "Partner Society", address: "2 Main St" };
  const read = readSetup(
    {
      organisations: [{ ...partner, contact: "p@example.org" }],
      accounts: [{ slug: "partner", organisation: "partner", settlesIn: ["CAD"] }],
      funds: [
        { slug: hidden, name: names.youth, description: "Unseen.", accounts: ["main"], public: false },
        {
          slug: "rest",
          name: "Rest",
          description: "Else.",
          accounts: ["partner"],
          public: false,
          generalOf: "partner",
        },
      ],
    },
    await readKnownNames(sql),
  );
  if (!read.ok) throw new Error(read.problems.join("; "));
  await applySetup(sql, read.setup);
  await sql`
    insert into fund_account (fund_id, account_id)
    select f.id, a.id from fund f cross join account a where f.slug = 'families' and a.slug = 'partner'`;
});
afterAll(async () => {
  packs.clear();
  made = 0;
  await owner.end();
  await service.close();
});

/** What happens: gifts that were there when the first links were made, all of them later, and two people who are one. */
type Story = { early: Payment[]; all: Payment[]; kept: number; merged: number };

/** What a stranger was shown of a fund in a period: money in cents. */
type Shown = { raised: bigint; gifts: number; donors: number };
/** Of one month of one fund when it was first shown: it stays so. */
type Month = { raised: bigint; gifts: number; people: Set<number> };

type Known = {
  /** By fund and range of months. */
  answers: Map<string, Shown & { fund: Slug; months: string[] }>;
  /** By fund and month. */
  behind: Map<string, Month>;
  links: { path: string; shown: Table }[];
};

describe("whoever has links of every period and asks for every range learns nothing of one to four people", () => {
  const gift = (id: number, person: number, day: number, fund: Slug, amount: number, more: Partial<Payment> = {}) => ({
    id,
    person,
    day,
    by: "stripe" as const,
    account: 1 as const,
    shipping: 0,
    refunds: [],
    lines: [{ kind: "gift" as const, fund, amount }],
    ...more,
  });
  const firstDays = [0, 31, 59, 90, 120];
  /** So many people give to a fund in a month (0 is January), each an amount of their own. */
  const crowd = (from: number, people: number[], month: number, fund: Slug): Payment[] =>
    people.map((person) =>
      gift(from + person, person, (firstDays[month] ?? 0) + person, fund, 1000 + from * 3 + person * 7),
    );

  test("when one gives late to a month that was shown, and one gets all back", { timeout: 120_000 }, async () => {
    const early = [
      ...crowd(100, [0, 1, 2, 3, 4, 5], 0, "families"),
      ...crowd(200, [0, 1, 2, 3, 4, 5, 6, 7, 8], 1, "families"),
      ...crowd(300, [1, 2, 3, 4, 5], 0, hidden),
      ...crowd(400, [9, 10], 1, hidden),
      ...crowd(500, [6, 7, 8, 9], 2, hidden),
    ];
    const all = [
      ...early.map((one) => (one.id === 203 ? { ...one, refunds: [{ amount: 1621, after: 40 }] } : one)),
      gift(601, 9, 12, "families", 777),
      gift(602, 10, 20, hidden, 888),
      ...crowd(700, [0, 1, 2, 3, 4, 11], 3, "families"),
    ];
    const { answers } = await live({ early, all, kept: 2, merged: 3 });
    // January had six, and January with February nine: shown as five each, and never as three newcomers.
    expect(answers.get("families 2021-01 2021-01")).toMatchObject({ gifts: 6, donors: 5 });
    expect(answers.get("families 2021-01 2021-02")).toMatchObject({ gifts: 15, donors: 5 });
    expect(answers.get("youth 2021-02 2021-03")).toMatchObject({ gifts: 6, donors: 5 });
    expect(answers.has("youth 2021-02 2021-02")).toBe(false);
  });

  test("when five people turn out to be four", { timeout: 120_000 }, async () => {
    const early = [
      ...crowd(100, [0, 1, 2, 3, 4], 0, hidden),
      ...crowd(200, [0, 1, 2, 3, 4], 1, hidden),
      ...crowd(300, [5, 6, 7, 8], 0, "families"),
      ...crowd(400, [9], 2, "families"),
    ];
    const all = [...early, ...crowd(500, [0, 1, 2, 3, 4], 3, hidden), ...crowd(600, [1, 2, 3, 4, 5], 4, hidden)];
    const { answers } = await live({ early, all, kept: 0, merged: 1 });
    expect(answers.get("youth 2021-01 2021-02")).toMatchObject({ gifts: 10, donors: 5 });
    expect(answers.get("families 2021-01 2021-03")).toMatchObject({ gifts: 5, donors: 5 });
    expect([...answers.keys()].filter((name) => name.startsWith("families"))).toEqual([
      "families 2021-01 2021-03",
      "families 2020-12 2021-03",
    ]);
  });

  test("whatever else happens", { timeout: 540_000 }, async () => {
    let differences = 0;
    await fc.assert(
      fc.asyncProperty(
        histories(64, 56),
        fc.integer({ min: 40, max: 100 }),
        fc.nat(peopleThere - 1),
        fc.nat(peopleThere - 1),
        async (loose, percent, kept, merged) => {
          const all = loose.map(crowded);
          const early = all
            .slice(0, Math.ceil((all.length * percent) / 100))
            .map((payment) => ({ ...payment, refunds: [] }));
          ({ differences } = await live({ early, all, kept, merged }, differences));
        },
      ),
      { numRuns: seeds, endOnFailure: true },
    );
    // There was something to be found.
    expect(differences).toBeGreaterThan(seeds * 20);
  });
});

/** The same payment as a gift to one of the funds in one of five months, so that there are enough people in each. */
function crowded(payment: Payment): Payment {
  const amount = payment.lines[0]?.amount ?? 1;
  let left = amount;
  const refunds = payment.refunds.map((refund) => {
    const back = { ...refund, amount: Math.min(refund.amount, left) };
    left -= back.amount;
    return back;
  });
  const fund = payment.id % 3 === 0 ? hidden : payment.id % 7 === 0 ? "general" : "families";
  return {
    ...payment,
    account: fund === "families" && payment.id % 2 === 0 ? 2 : 1,
    // What is drawn likes the smallest numbers best; its id spreads it.
    day: (payment.day + payment.id * 37) % 150,
    person: payment.person === null ? null : (payment.person + payment.id * 5) % peopleThere,
    lines: [{ kind: "gift", fund, amount }],
    shipping: 0,
    refunds: payment.id % 4 === 0 ? refunds.filter((refund) => refund.amount > 0) : [],
  };
}

/** Lets a story happen, looks through every door in between, and subtracts at the end. */
async function live({ early, all, kept, merged }: Story, before = 0): Promise<Known & { differences: number }> {
  await forgetPayments(owner);
  const known: Known = { answers: new Map(), behind: new Map(), links: [] };
  const look = async (history: Payment[], moment: (typeof moments)[number]): Promise<void> => {
    now = new Date(moment);
    await storeBlocks(sql, now, "complete");
    await askForRanges(known, history);
    await openLinks(known, history);
    await lookAtAllTime();
  };
  await book(early);
  await look(early, moments[0]);
  await book(all);
  await look(all, moments[1]);
  await merge(kept, merged);
  await look(
    all.map((payment) => (payment.person === merged ? { ...payment, person: kept } : payment)),
    moments[2],
  );
  // A link shows today what it showed on its first day.
  for (const { path, shown } of known.links.filter((_, index) => index % 7 === 0))
    expect(await openLink(path, false)).toEqual(shown);
  expect(await sql`select * from audit()`).toEqual([]);
  return { ...known, differences: before + subtract(known) };
}

async function book(history: Payment[]): Promise<void> {
  await sql`select * from drain(${sql.json({ mode: "sandbox", tickets: [], facts: history.flatMap(factsOf) })})`;
  for (const payment of history) {
    const gift = cashOf(payment);
    if (gift === null) continue;
    const organisation = payment.account === 1 ? "house" : "partner";
    await sql`select * from record_cash(${sql.json({ ...gift, organisation })})`;
  }
}

async function merge(kept: number, merged: number): Promise<void> {
  const key = (person: number): string => `email:person${person}@example.org`;
  await sql`
    update identity set person_id = k.person_id from (select person_id from identity where key = ${key(kept)}) k
    where key = ${key(merged)}`;
}

const firstOf = (month: string): string => `${month}-01`;
const lastOf = (month: string): string =>
  new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 0)).toISOString().slice(0, 10);

type Totals = {
  funds: { slug: Slug; from: string; to: string; raisedMinor: number; gifts: number; donors: number }[];
  unassigned: { raisedMinor: number; gifts: number } | null;
  all: { raisedMinor: number; gifts: number } | null;
};

async function totals(period: { from?: string; to?: string } = {}): Promise<Totals> {
  const answer = await service.app.request(`/api/totals?${new URLSearchParams(period).toString()}`);
  expect(answer.status).toBe(200);
  const said = (await answer.json()) as Totals;
  expect(said.funds.map(({ slug }) => slug)).not.toContain(hidden);
  return said;
}

/** Asks the public address for whole months, for days amid months, and without a beginning or an end. */
async function askForRanges(known: Known, history: Payment[]): Promise<void> {
  const amid = months.map((month, index) => `${month}-${String(3 + index * 6).padStart(2, "0")}`);
  const periods = months.flatMap((first, index) => [
    ...months.slice(index).map((last) => ({ from: firstOf(first), to: lastOf(last) })),
    { from: amid[index] ?? "", to: lastOf(first) },
    { from: firstOf(first) },
    { to: amid[index] ?? "" },
  ]);
  for (const period of periods) {
    const said = await totals(period);
    expect([said.all, said.unassigned]).toEqual([null, null]);
    for (const { slug, from, to, raisedMinor, gifts, donors } of said.funds) {
      if (from === null) expect([raisedMinor, gifts, donors]).toEqual([null, null, null]);
      else note(known, history, { fund: slug, from, to }, { raised: BigInt(raisedMinor), gifts, donors });
    }
  }
}

type Place = { organisation?: string; fund?: string };

/** Of everything each range of months; of narrower places some, and each month with what came before. */
async function openLinks(known: Known, history: Payment[]): Promise<void> {
  const ranges = months.flatMap((first, index) =>
    months.slice(index).map((last) => ({ from: firstOf(first), to: lastOf(last) })),
  );
  const places: Place[] = [{ organisation: "house" }, { organisation: "partner" }, ...slugs.map((fund) => ({ fund }))];
  const asked: [Place, { from: string; to: string }][] = [
    ...ranges.map((range): (typeof asked)[number] => [{}, range]),
    ...ranges
      .filter((_, index) => index % 2 === 0)
      .map((range, index): (typeof asked)[number] => [places[(index + made) % places.length] ?? {}, range]),
    [{}, { from: "", to: lastOf("2021-03") }],
    [{}, { from: "2021-01-10", to: "2021-03-31" }],
    [{}, { from: "2021-01-01", to: "2021-03-15" }],
  ];
  for (const [place, period] of asked) {
    const path = await share(await packOf(place, period));
    const shown = await openLink(path);
    known.links.push({ path, shown });
    if (place.fund !== undefined) expect([names[place.fund as Slug], undefined]).toContain(shown.funds[0]?.name);
    if (place.organisation === "partner") expect(["Families", undefined]).toContain(shown.funds[0]?.name);
    if (period.to === "2021-03-15") expect(shown.funds).toEqual([]);
    for (const { name, ...figures } of shown.funds) {
      const fund = slugs.find((slug) => names[slug] === name);
      if (fund === undefined) throw new Error(`${name} was not given to`);
      // A month is cut at its beginning for nobody but those to whom nothing was given until it was over.
      if (period.from === "2021-01-10") expect(earliest(known, fund)).not.toBe("2021-01");
      note(known, history, { fund, from: period.from || firstOf("2020-12"), to: period.to }, figures);
    }
  }
}

/** The first month of all that was said of a fund in which something was given. */
function earliest({ answers, behind }: Known, fund: Slug): string | undefined {
  return [...answers.values()]
    .filter((answer) => answer.fund === fund)
    .flatMap((answer) => answer.months.filter((month) => (behind.get(`${fund} ${month}`)?.gifts ?? 0) > 0))
    .toSorted()[0];
}

/** A pack of this place and period: the one that was made before, or a new one. */
async function packOf(place: Place, period: { from: string; to: string }): Promise<number> {
  const key = JSON.stringify([place, period]);
  const old = packs.get(key);
  made += 1;
  if (old !== undefined && made % 6 > 0) return old;
  const answer = await post("/board/packs/new", { languages: "en fr", note: "", earlier: "", ...place, ...period });
  expect(answer.status).toBe(303);
  const number = Number(/packs\/(?<number>\d+)/u.exec(answer.headers.get("location") ?? "")?.groups?.["number"]);
  packs.set(key, number);
  return number;
}

const post = async (path: string, fields: Record<string, string>): Promise<Response> =>
  await service.app.request(path, form(fields, service.admin.headers));

async function share(pack: number): Promise<string> {
  const page = await (await post(`/board/packs/${pack}/links`, { days: "90" })).text();
  return /\/packs\/[\w-]{43}/u.exec(page)?.[0] ?? "";
}

type Table = { funds: (Shown & { name: string })[]; sum: { raised: bigint; gifts: number } | null };

/** Opens a link as a stranger. The page in English, the one in French and the file for printing show the same figures, and no other. */
async function openLink(path: string, isNew = true): Promise<Table> {
  const answer = await service.app.request(path);
  expect(answer.status).toBe(200);
  const page = await render(await answer.text());
  const english = rows(page, ".pack[lang=en] .pack-shared");
  const french = rows(page, ".pack[lang=fr-CA] .pack-shared");
  const shown = readTable(english);
  const digits = (cells: string[][]): string[][] => cells.slice(1).map((row) => row.slice(1).map(digitsOf));
  expect(digits(french)).toEqual(digits(english));
  for (const table of page.querySelectorAll("table")) table.remove();
  expect(text(page, "main")).not.toMatch(/\$|\d (?:gift|don|people|person)/u);

  printed = [];
  expect((await service.app.request(`${path}/pack.pdf`)).status).toBe(200);
  if (isNew) expect(printed.flatMap(({ documents }) => documents)).toHaveLength(2);
  for (const { language, sections } of printed[0]?.documents ?? []) {
    const tables = sections.flatMap(({ blocks }) =>
      blocks.flatMap((block) => (block.kind === "table" ? block.table : [])),
    );
    expect(tables.map(cellsOf)).toEqual(shown.sum === null ? [] : [language === "en" ? english : french]);
  }
  return shown;
}

const cellsOf = ({ columns, rows, sum }: PackTable): string[][] =>
  [columns, ...rows, ...(sum === null ? [] : [sum])].map((row) => row.map((cell) => cell.replace(/\s+/gu, " ")));
const digitsOf = (cell: string): string => cell.replaceAll(/[^\d−-]/gu, "").replace("−", "-");

function readTable([, ...cells]: string[][]): Table {
  const last = cells.at(-1);
  if (last === undefined) return { funds: [], sum: null };
  const funds = cells.slice(0, -1).map(([name = "", raised = "", gifts = "", donors = ""]) => ({
    name,
    raised: BigInt(digitsOf(raised)),
    gifts: Number(digitsOf(gifts)),
    donors: Number(digitsOf(donors)),
  }));
  const sum = { raised: BigInt(digitsOf(last[1] ?? "")), gifts: Number(digitsOf(last[2] ?? "")) };
  // The sum is of what stands above it, and people are not added up.
  expect(last[3]).toBe("");
  expect(sum).toEqual({
    raised: funds.reduce((all, { raised }) => all + raised, 0n),
    gifts: funds.reduce((all, { gifts }) => all + gifts, 0),
  });
  return { funds, sum };
}

/** Over all time a link shows of public funds what everybody is shown, of hidden ones nothing, and no sum has these in it. */
async function lookAtAllTime(): Promise<void> {
  const open = await totals();
  for (const place of [{}, { organisation: "partner" }, { fund: hidden }] as Place[]) {
    const shown = await openLink(await share(await packOf(place, { from: "", to: "" })));
    const expected = open.funds
      .filter(({ slug }) => place.fund === undefined && (place.organisation !== "partner" || slug === "families"))
      .map(({ slug, raisedMinor, gifts, donors }) => ({
        name: names[slug],
        raised: BigInt(raisedMinor),
        gifts,
        donors,
      }));
    expect(shown.funds).toEqual(expected);
  }
  for (const what of ["raisedMinor", "gifts"] as const) {
    const parts = [...open.funds, ...(open.unassigned === null ? [] : [open.unassigned])];
    expect(open.all?.[what]).toBe(parts.reduce((sum, part) => sum + part[what], 0));
  }
}

/** Keeps an answer, which has to be what the months held when each of them was first shown. */
function note(
  known: Known,
  history: Payment[],
  { fund, from, to }: { fund: Slug; from: string; to: string },
  shown: Shown,
): void {
  const inside = monthsBetween(from, to);
  for (const month of inside) {
    if (!known.behind.has(`${fund} ${month}`)) known.behind.set(`${fund} ${month}`, contentOf(history, fund, month));
  }
  const name = `${fund} ${inside[0]} ${inside.at(-1)}`;
  const content = inside.map((month) => known.behind.get(`${fund} ${month}`)).filter((one) => one !== undefined);
  expect({ raised: shown.raised, gifts: shown.gifts }, name).toEqual({
    raised: content.reduce((sum, { raised }) => sum + raised, 0n),
    gifts: content.reduce((sum, { gifts }) => sum + gifts, 0),
  });
  expect(shown.donors % 5, name).toBe(0);
  expect(shown.donors, name).toBeGreaterThanOrEqual(5);
  // Nobody who came late can be seen: there are no more donors than the months had when they were first shown, each on their own (whose
  // gifts were returned since, or who was found to be somebody else, may count twice), and no more than gifts.
  expect(shown.donors, name).toBeLessThanOrEqual(content.reduce((sum, { people }) => sum + people.size, 0));
  expect(shown.donors, name).toBeLessThanOrEqual(shown.gifts);
  const said = known.answers.get(name);
  if (said !== undefined) expect(shown.donors, name).toBe(said.donors);
  known.answers.set(name, { ...shown, fund, months: inside });
}

/**
 * Takes every two answers about one fund from each other, one within the other or not: what only one of them is about is
 * nothing at all, or of five people or more. @returns how many differences there were
 */
function subtract({ answers, behind }: Known): number {
  let found = 0;
  for (const one of answers.values()) {
    for (const other of answers.values()) {
      if (one === other || one.fund !== other.fund) continue;
      const rest = one.months
        .filter((month) => !other.months.includes(month))
        .map((month) => behind.get(`${one.fund} ${month}`))
        .filter((month) => month !== undefined);
      const people = new Set(rest.flatMap((month) => [...month.people]));
      const isNothing = rest.every(({ raised, gifts }) => raised === 0n && gifts === 0);
      if (!isNothing) expect(people.size, `${one.months.join()} less ${other.months.join()}`).toBeGreaterThanOrEqual(5);
      expect(Math.abs(one.donors - other.donors) % 5).toBe(0);
      found += isNothing ? 0 : 1;
    }
  }
  return found;
}

function contentOf(history: Payment[], fund: Slug, month: string): Month {
  const [from, to] = [firstOf(month), lastOf(month)];
  const { given, returned, gifts } = figures(history, fund, from, to);
  const everybody = [...new Set(history.flatMap(({ person }) => person ?? []))];
  const gave = (person: number): boolean =>
    figures(
      history.filter((payment) => payment.person === person),
      fund,
      from,
      to,
    ).donors > 0;
  return { raised: given - returned, gifts, people: new Set(everybody.filter((person) => gave(person))) };
}

function monthsBetween(from: string, to: string): string[] {
  const found: string[] = [];
  for (let at = new Date(`${from}T00:00:00Z`); at <= new Date(`${to}T00:00:00Z`); at.setUTCMonth(at.getUTCMonth() + 1))
    found.push(at.toISOString().slice(0, 7));
  return found;
}
