import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSetup } from "../../src/core/read-setup.ts";
import type { Role } from "../../src/core/role.ts";
import { recordCash } from "../../src/db/cash.ts";
import type { Sql } from "../../src/db/connect.ts";
import { listBoardPlaces } from "../../src/db/board-place.ts";
import { applySetup, readKnownNames } from "../../src/db/setup.ts";
import type { BoardData } from "../../web/charts/board-data.ts";
import { type SignedIn, signIn } from "../staff.ts";
import { openService, type Service } from "./house.ts";

/** A partner with a fund held together, and two campaigns one after the other: the second sells for the joint fund. */
const more = {
  organisations: [
    { slug: "partner", name: "Partner", legalName: "Partner Society", address: "2 Main St", contact: "p@example.org" },
  ],
  accounts: [{ slug: "partner", organisation: "partner", settlesIn: ["CAD", "USD"] }],
  funds: [
    { slug: "joint", name: "Joint", description: "Of both.", accounts: ["main", "partner"] },
    { slug: "theirs", name: "Theirs", description: "The partner's.", accounts: ["partner"] },
    { slug: "partner-general", name: "Rest", description: "Else.", accounts: ["partner"], generalOf: "partner" },
    { slug: "dollars", name: "Dollars", description: "US.", accounts: ["partner"], currency: "USD" },
  ],
  campaigns: [
    {
      slug: "mugs",
      name: "Mugs",
      kind: "merchandise",
      fund: "joint",
      account: "partner",
      description: "Mugs.",
      items: [{ slug: "mug", name: "Mug", priceMinor: 500 }],
      promise: { basis: "gross", wording: "All of it.", inForceFrom: "2020-01-01" },
    },
  ],
};

let service: Service;
let sql: Sql;
const ids: Record<string, bigint> = {};

beforeAll(async () => {
  service = await openService({ now: () => new Date("2026-06-15T12:00:00Z") });
  ({ sql } = service.deps);
  const read = readSetup(more, await readKnownNames(sql));
  if (!read.ok) throw new Error(read.problems.join("; "));
  await applySetup(sql, read.setup);
  for (const { slug, id } of await sql<{ slug: string; id: bigint }[]>`
    select slug::text as slug, id from organisation union all select slug, id from fund`)
    ids[slug] = id;
  await sql`update campaign set starts_on = '2025-03-01', ends_on = '2025-03-31' where slug = 'pins'`;
  await sql`update campaign set starts_on = '2026-06-01' where slug = 'mugs'`;
  await sql`update fund set goal_minor = 100000, lasting = false where slug = 'families'`;
  const gifts: [fund: string, organisation: string, amountMinor: bigint, day: string][] = [
    ["families", "house", 1000n, "2025-02-10"],
    ["families", "house", 200n, "2026-02-10"],
    ["families", "house", 30n, "2025-12-10"],
    ["joint", "house", 4000n, "2026-05-01"],
    ["joint", "partner", 500n, "2026-05-02"],
  ];
  for (const [index, [fund, organisation, amountMinor, day]] of gifts.entries()) {
    const nobody = { currency: null, note: null, email: null, person: null, name: null };
    await recordCash(sql, { ...nobody, request: String(index), fund, organisation, amountMinor, day });
  }
});
afterAll(async () => await service.close());

const at = async (organisation: string, fund: string | null = null, role: Role = "board"): Promise<SignedIn> =>
  await signIn(sql, [
    { role, organisationId: ids[organisation] ?? 0n, fundId: fund === null ? null : (ids[fund] ?? 0n) },
  ]);
const get = async (path: string, { headers }: SignedIn = service.admin): Promise<Response> =>
  await service.app.request(path, { headers });
const figures = async (query: string, who?: SignedIn): Promise<BoardData> =>
  (await (await get(`/board/totals.json${query}`, who)).json()) as BoardData;
const statusOf = async (query: string, who?: SignedIn): Promise<number> =>
  (await get(`/board/totals.json${query}`, who)).status;
const refusal = async (query: string): Promise<[number, string]> => {
  const answer = await get(`/board/totals.json${query}`);
  return [answer.status, ((await answer.json()) as { error: { text: string } }).error.text];
};

describe("the place of a board", () => {
  it("is everything, an organisation, a fund of all who raise for it, or a campaign, for those who see all", async () => {
    const raised = async (query: string) => {
      const { all, within } = await figures(query);
      return [all.raisedMinor, within?.organisation ?? null, within?.fund ?? null, within?.campaign ?? null];
    };
    expect(await raised("")).toEqual([5730, null, null, null]);
    expect(await raised("?organisation=partner")).toEqual([500, "partner", null, null]);
    expect(await raised("?fund=joint")).toEqual([4500, null, "joint", null]);
    expect(await raised("?organisation=house&fund=joint")).toEqual([4500, "house", "joint", null]);
    expect(await raised("?campaign=mugs")).toEqual([0, "partner", "joint", "mugs"]);
    expect((await figures("?fund=joint")).answers.trust.organisations.map(({ slug }) => slug)).toEqual([
      "house",
      "partner",
    ]);
    expect((await figures("?organisation=house&fund=joint")).answers.trust.organisations).toMatchObject([
      { slug: "house" },
    ]);
  });

  it("is refused alike where there is none such and where it is not theirs", async () => {
    const [house, joint] = [await at("house"), await at("house", "joint")];
    for (const query of [
      "?organisation=nobody",
      "?fund=nothing",
      "?campaign=nothing",
      "?organisation=house&fund=theirs",
    ])
      expect(await statusOf(query), query).toBe(404);
    expect(await statusOf("?organisation=house&campaign=mugs")).toBe(404);
    for (const query of ["?organisation=partner", "?fund=theirs", "?organisation=partner&fund=joint"])
      expect(await statusOf(query, house), query).toBe(404);
    for (const query of ["?fund=families", "?campaign=pins", "?organisation=partner"])
      expect(await statusOf(query, joint), query).toBe(404);
  });

  it("may be a campaign for whoever sees its organisation or its fund", async () => {
    const people = { house: await at("house"), partner: await at("partner"), joint: await at("house", "joint") };
    const sees = async (campaign: string) =>
      await Promise.all(Object.values(people).map(async (who) => await statusOf(`?campaign=${campaign}`, who)));
    expect(await sees("mugs")).toEqual([200, 200, 200]);
    expect(await sees("pins")).toEqual([200, 404, 404]);
  });

  it("is chosen from all of theirs: organisations, then funds, then campaigns", async () => {
    const house = { organisationId: ids["house"] ?? 0n, fundId: null };
    const names = async (places: Parameters<typeof listBoardPlaces>[1]) =>
      (await listBoardPlaces(sql, places)).map((place) => place.campaign ?? place.fund ?? place.organisation);
    const organisations = ["house", "partner"];
    const funds = ["families", "joint", "quiet", "theirs", "general", "partner-general", "dollars"];
    const campaigns = ["pins", "mugs", "whispers"];
    expect(await names("all")).toEqual([null, ...organisations, ...funds, ...campaigns]);
    expect(await names([house])).toEqual([
      "house",
      "families",
      "joint",
      "quiet",
      "general",
      "pins",
      "mugs",
      "whispers",
    ]);
    expect(await names([{ ...house, fundId: ids["joint"] ?? 0n }])).toEqual(["joint", "mugs"]);
    expect(await names([])).toEqual([]);
  });

  it("counts in its own currency, and in no other that is not counted there", async () => {
    expect((await figures("?fund=dollars")).currency).toBe("USD");
    expect((await figures("?fund=families")).currency).toBe("CAD");
    expect(await refusal("?fund=families&currency=USD")).toEqual([
      400,
      "Nothing is counted in the currency “USD”. Use CAD.",
    ]);
  });
});

describe("what a period is compared with", () => {
  const compared = async (query: string) => {
    const { compared: other, asked } = await figures(query);
    return [asked.compare, other && [other.from, other.to, other.raisedMinor, other.own.to, other.own.raisedMinor]];
  };
  const year = "?fund=families&from=2026-01-01&to=2026-12-31";

  it("is the year before up to the same day, if nothing is said", async () => {
    expect(await compared(year)).toEqual(["last year", ["2025-01-01", "2025-06-15", 1000, "2026-06-15", 200]]);
    expect(await compared("?fund=families&from=2026-01-01")).toEqual(await compared(year));
    expect(await figures(year)).toMatchObject({ asked: { preset: "this fiscal year" } });
  });

  it("is what the address says", async () => {
    expect(await compared(`${year}&compare=none`)).toEqual(["none", null]);
    expect(await compared("?fund=families&from=2026-01-01&to=2026-03-31&compare=previous")).toEqual([
      "previous",
      ["2025-10-01", "2025-12-31", 30, "2026-03-31", 200],
    ]);
    expect(await compared("?fund=families&compare=last-year")).toEqual(["none", null]);
  });

  it("is within a campaign nothing, or another campaign day for day, that they may see", async () => {
    expect(await compared("?campaign=mugs&from=2026-06-01")).toEqual(["none", null]);
    expect(await figures("?campaign=mugs&compare=pins")).toMatchObject({
      compared: { with: { campaign: "pins", name: "Pins" }, from: "2025-03-01", to: "2025-03-15" },
      asked: { compare: { campaign: "pins" } },
    });
    expect(await statusOf("?campaign=mugs&compare=pins", await at("partner"))).toBe(400);
  });

  it("is refused where nothing can be laid beside it", async () => {
    const words = "is nothing to compare with here";
    for (const query of [
      `${year}&compare=pins`,
      "?campaign=mugs&compare=mugs",
      "?campaign=mugs&compare=nothing",
      "?campaign=mugs&compare=whispers",
    ]) {
      const [status, text] = await refusal(query);
      expect([status, text], query).toEqual([400, expect.stringContaining(words)]);
    }
    expect((await get(`/board${year}&compare=pins`)).status).toBe(400);
  });

  it("is offered on the page, with the address of each", async () => {
    const page = await (await get("/board?campaign=mugs&from=2026-06-01&to=2026-06-15")).text();
    expect(page).toContain("campaign=mugs&amp;from=2026-06-01&amp;to=2026-06-15&amp;compare=pins");
    expect(page).toContain("compare=last-year");
    expect(await (await get("/board")).text()).not.toMatch(/compare=(?:previous|last-year|pins)/u);
  });
});

describe("a fund with a goal", () => {
  it("is measured against it from its beginning, and in its own currency only", async () => {
    const goal = async (query: string) => (await figures(query)).goalMinor;
    expect(await goal("?fund=families")).toBe(100_000);
    expect(await goal("?fund=families&from=2025-02-10")).toBe(100_000);
    expect(await goal("?fund=families&from=2025-02-11")).toBeNull();
    for (const query of ["", "?organisation=house", "?fund=joint", "?campaign=pins"])
      expect(await goal(query), query).toBeNull();
  });

  it("for one occasion says so, as its campaigns do", async () => {
    const oneTime = async (query: string) => (await figures(query)).oneTime;
    expect([await oneTime("?fund=families"), await oneTime("?campaign=pins")]).toEqual([true, true]);
    expect([await oneTime(""), await oneTime("?fund=joint"), await oneTime("?campaign=mugs")]).toEqual([
      false,
      false,
      false,
    ]);
  });
});

describe("a table of the board as a file", () => {
  const file = async (path: string, who?: SignedIn): Promise<string> => await (await get(path, who)).text();

  it("has the rows and the sum of the page, of the same place and period", async () => {
    const answer = await get("/board/funds.csv?organisation=house&from=2026-01-01");
    expect(answer.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(answer.headers.get("content-disposition")).toBe('attachment; filename="board-funds.csv"');
    const lines = (await answer.text()).split("\r\n");
    expect(lines[0]).toContain("Fund,Given,Returned,Raised");
    expect(lines.find((line) => line.startsWith("Families"))).toContain(",2.00,0.00,2.00,");
    expect(await file("/board/by-month.csv?fund=families")).toContain("February 2025,10.00,0.00,10.00");
    expect(await file("/board/trust.csv?fund=families")).toContain("Books of House");
  });

  it("holds no formula that somebody put into a name", async () => {
    await sql`update fund set name = '=1+1' where slug = 'theirs'`;
    expect(await file("/board/funds.csv?organisation=partner&to=2026-06-15")).toContain("'=1+1,");
  });

  it("is refused where there is none such, for what no board can show, and to nobody known", async () => {
    expect((await get("/board/nothing.csv")).status).toBe(404);
    expect((await get("/board/funds.csv?fund=theirs", await at("house"))).status).toBe(404);
    expect((await get("/board/funds.csv?from=2021-02-30")).status).toBe(400);
    expect((await service.app.request("/board/funds.csv")).status).toBe(401);
  });
});

it("the page offers the pack and the rows only to those who may make and see them here", async () => {
  const page = async (who: SignedIn) => await (await get("/board?organisation=house", who)).text();
  expect(await page(await at("house", null, "treasurer"))).toContain('href="/board/packs/new?organisation=house"');
  expect(await page(await at("house"))).not.toMatch(/packs\/new|\/desk\/gifts/u);
});
