import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSetup } from "../../src/core/read-setup.ts";
import type { Role } from "../../src/core/role.ts";
import { recordCash } from "../../src/db/cash.ts";
import type { Sql } from "../../src/db/connect.ts";
import { listChanges } from "../../src/db/change.ts";
import { storeBlocks } from "../../src/db/block.ts";
import { applySetup, readKnownNames } from "../../src/db/setup.ts";
import type { BoardData } from "../../web/charts/board-data.ts";
import type { PackSnapshot } from "../../web/charts/pack-data.ts";
import { type SignedIn, signIn } from "../staff.ts";
import { render, rows, text, texts } from "../web/render.ts";
import { baseUrl, form, openService, type Service } from "./house.ts";

// A pack is made at the board, looked at, printed, and shared by a link, through the door.

let service: Service;
let sql: Sql;
let now = new Date("2021-05-04T16:00:00Z");
let treasurer: SignedIn;
let board: SignedIn;
let elsewhere: SignedIn;

beforeAll(async () => {
  service = await openService({ now: () => now });
  ({ sql } = service.deps);
  const read = readSetup(
    {
      organisations: [
        {
          slug: "partner",
          name: "Partner",
          legalName: "Partner Society",
          address: "2 Main St",
          contact: "p@example.org",
        },
      ],
      accounts: [{ slug: "partner", organisation: "partner", settlesIn: ["CAD"] }],
      funds: [{ slug: "rest", name: "Rest", description: "Else.", accounts: ["partner"], generalOf: "partner" }],
    },
    await readKnownNames(sql),
  );
  if (!read.ok) throw new Error(read.problems.join("; "));
  await applySetup(sql, read.setup);
  // In March seven people gave to a public fund and six to a hidden one; in April two gave to the public one.
  for (let person = 1; person <= 7; person += 1)
    await give("families", 1000n * BigInt(person), `p${person}`, "2021-03-05");
  for (let person = 1; person <= 6; person += 1) await give("quiet", 500n, `q${person}`, "2021-03-09");
  for (let person = 8; person <= 9; person += 1) await give("families", 2000n, `p${person}`, "2021-04-07");
  await storeBlocks(sql, now, "complete");
  const [house, partner] = await Promise.all(["house", "partner"].map(idOf));
  const at = async (role: Role, organisationId: bigint | undefined) =>
    await signIn(sql, [{ role, organisationId: organisationId ?? 0n }], { name: `${role} of ${organisationId}` });
  treasurer = await at("treasurer", house);
  board = await at("board", house);
  elsewhere = await at("treasurer", partner);
});
afterAll(async () => await service.close());

let sent = 0;
async function give(fund: string, amountMinor: bigint, who: string, day: string): Promise<void> {
  const nobody = { currency: null, note: null, person: null, name: null };
  sent += 1;
  const gift = { request: `r${sent}`, fund, organisation: "house", amountMinor, email: `${who}@example.org`, day };
  await recordCash(sql, { ...nobody, ...gift });
}

async function idOf(slug: string): Promise<bigint> {
  const [row] = await sql<{ id: bigint }[]>`select id from organisation where slug = ${slug}`;
  return row?.id ?? 0n;
}

const get = async (path: string, who?: SignedIn): Promise<Response> =>
  await service.app.request(path, who === undefined ? {} : { headers: who.headers });
const page = async (path: string, who?: SignedIn): Promise<Document> =>
  await render(await (await get(path, who)).text());
const post = async (path: string, fields: Record<string, string>, who = treasurer): Promise<Response> =>
  await service.app.request(path, form(fields, who.headers));
const bytes = async (answer: Response): Promise<Buffer> => Buffer.from(await answer.arrayBuffer());

const march = {
  organisation: "house",
  from: "2021-03-01",
  to: "2021-03-31",
  languages: "en fr",
  note: "We **met**.",
  earlier: "",
};

/** Makes a pack. @returns its number, which its address ends with */
async function make(fields: Partial<Record<keyof typeof march, string>> = {}): Promise<number> {
  const answer = await post("/board/packs/new", { ...march, ...fields });
  expect(answer.status).toBe(303);
  return Number(/\/board\/packs\/(?<number>\d+)\?/u.exec(answer.headers.get("location") ?? "")?.groups?.["number"]);
}

/** Makes a link. @returns its path */
async function share(pack: number, days = "30"): Promise<string> {
  const made = await render(await (await post(`/board/packs/${pack}/links`, { days })).text());
  const address = made.querySelector("#link")?.getAttribute("value") ?? "";
  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:8787\/packs\/[\w-]{43}$/u);
  return address.slice(baseUrl.length);
}

async function snapshotOf(pack: number): Promise<PackSnapshot> {
  const [row] = await sql<{ snapshot: PackSnapshot }[]>`select snapshot from board_pack where number = ${pack}`;
  if (row === undefined) throw new Error("there is no such pack");
  return row.snapshot;
}

describe("a pack", () => {
  it("keeps what the board says at that moment, and is listed for the board", async () => {
    const query = "?organisation=house&from=2021-03-01&to=2021-03-31";
    const shown = (await (await get(`/board/totals.json${query}`, board)).json()) as BoardData;
    const number = await make();
    const { board: kept } = await snapshotOf(number);
    expect({ ...kept, asOf: "" }).toMatchObject({ ...shown, asOf: "" });
    expect(kept.all).toMatchObject({ raisedMinor: 31000, donors: 13 });
    expect(kept.answers.people.donors).toBe(13);
    const list = await page("/board/packs", board);
    expect(text(list, ".pack-list li h2")).toBe("March 2021");
    expect(list.querySelector("form[action='/board/packs/monthly']")).toBeNull();
  });

  it("shows its sums in English and then in French, with the treasurer's note", async () => {
    const number = await make();
    const shown = await page(`/board/packs/${number}`, board);
    expect(texts(shown, ".pack .pack-head .over")).toEqual([
      `Board pack ${number} · House`,
      `Dossier du conseil nº ${number} · House`,
    ]);
    const funds = rows(shown, ".pack-funds");
    expect(funds.find(([name]) => name === "What came to House")?.[1]).toBe("$310.00");
    expect(funds.find(([name]) => name === "Reçu par House")?.[1]).toBe("310,00 $");
    expect(shown.querySelectorAll(".pack-note strong")).toHaveLength(2);
    // A pack is looked at by the board and shared by those who keep the money.
    expect(shown.querySelector(".pack-links")).toBeNull();
    expect((await page(`/board/packs/${number}`, treasurer)).querySelector(".pack-links")).not.toBeNull();
  });

  it("is the same file, byte for byte, however often it is printed", async () => {
    const number = await make();
    const path = `/board/packs/${number}/pack.pdf`;
    const first = await get(path, board);
    expect(first.headers.get("content-type")).toBe("application/pdf");
    const file = await bytes(first);
    // Other packs push it out of what is kept, and another app never had it.
    const { createApp } = await import("../../src/app.ts");
    now = new Date(now.getTime() + 90_000);
    const again = await bytes(await createApp(service.deps).request(path, { headers: board.headers }));
    expect(again.equals(file)).toBe(true);
    expect(file.subarray(0, 5).toString()).toBe("%PDF-");
    expect(file.length).toBeGreaterThan(20_000);
  });

  it("says what changed since the one before, by fund, and whether that one still stands", async () => {
    const first = await make();
    await give("families", 700n, "late", "2021-03-30");
    const second = await make({ earlier: String(first) });
    const { earlier } = await snapshotOf(second);
    expect(earlier).toMatchObject({ number: first, said: { raisedMinor: 31000 }, stands: { raisedMinor: 31700 } });
    const shown = await page(`/board/packs/${second}`, board);
    const changed = rows(shown, ".pack-changed");
    expect(changed).toContainEqual(["Families", "+$7.00", "+1", "+1"]);
    expect(changed).toContainEqual(["All together", "+$7.00", "+1", "+1"]);
    expect(text(shown, ".pack-changed")).toContain("$7.00 more was raised in all, by 1 gift; 1 new donor.");
    expect(text(shown, ".pack-changed")).toContain("Today the same period stands at $317.00");
  });

  it("is never changed, not even by hand", async () => {
    await make();
    await expect(sql`update board_pack set note = 'other'`).rejects.toThrow("a pack is never changed");
    await expect(sql`delete from board_pack`).rejects.toThrow("a pack is never changed");
  });

  it("is numbered without gaps, also when two are made at once and one was refused", async () => {
    const [before] = await sql<{ last: number }[]>`select max(number)::int as last from board_pack`;
    const [, refused] = await Promise.all([make(), post("/board/packs/new", { ...march, earlier: "999" }), make()]);
    expect(refused.status).toBe(422);
    const numbers = await sql<{ number: number }[]>`select number::int as number from board_pack order by 1`;
    expect(numbers.map(({ number }) => number)).toEqual(
      Array.from({ length: (before?.last ?? 0) + 2 }, (_, index) => index + 1),
    );
  });

  it("refuses in words what cannot be packed", async () => {
    const wrong: [Record<string, string>, string][] = [
      [{ to: "2021-02-30" }, "Type a day like 2021-03-31."],
      [{ to: "2021-01-31" }, "The period ends before it starts. Swap the two days."],
      [{ languages: "de" }, "Choose English, French or both."],
      [{ note: "x".repeat(8001) }, "The note has more than 8,000 characters. Shorten it."],
      [{ earlier: "all" }, "Choose one of the packs of the list."],
    ];
    for (const [fields, words] of wrong) {
      const answer = await post("/board/packs/new", { ...march, ...fields });
      expect(answer.status).toBe(422);
      expect(await answer.text()).toContain(words);
    }
    expect((await post("/board/packs/new", { ...march, currency: "XYZ" })).status).toBe(400);
    expect((await post("/board/packs/new", { ...march, organisation: "nobody" })).status).toBe(404);
  });

  it("belongs to its organisation: others neither see it nor make one, and not one of everything", async () => {
    const number = await make();
    for (const path of [`/board/packs/${number}`, `/board/packs/${number}/pack.pdf`])
      expect((await get(path, elsewhere)).status).toBe(404);
    expect(await (await get("/board/packs", elsewhere)).text()).not.toContain(`/board/packs/${number}`);
    expect((await post("/board/packs/new", march, elsewhere)).status).toBe(404);
    expect((await post("/board/packs/new", march, board)).status).toBe(403);
    const own = await post("/board/packs/new", { languages: "en" }, elsewhere);
    expect(own.status).toBe(303);
    const [last] = await sql<{ slug: string | null }[]>`
      select o.slug::text as slug from board_pack p left join organisation o on o.id = p.organisation_id order by number desc limit 1`;
    expect(last?.slug).toBe("partner");
  });
});

describe("a pack of everything", () => {
  it("is made and seen by those who see everything, and by nobody else", async () => {
    const answer = await post("/board/packs/new", { ...march, organisation: "" }, service.admin);
    const path = (answer.headers.get("location") ?? "").replace(/\?.*/u, "");
    expect(text(await page(path, service.admin), ".pack-head .over")).toContain("All funds, all organisations");
    for (const who of [treasurer, board, elsewhere]) expect((await get(path, who)).status).toBe(404);
  });
});

describe("the pack of each month", () => {
  it("is switched on and off by whoever keeps the money of the place, where mail can be sent", async () => {
    expect(text(await page("/board/packs", treasurer), ".pack-monthly")).toContain("No mail server is set");
    expect((await post("/board/packs/monthly", { organisation: "house", languages: "fr" })).status).toBe(400);
    const { createApp } = await import("../../src/app.ts");
    const app = createApp({ ...service.deps, mail: "sends" });
    const send = async (fields: Record<string, string>, who = treasurer): Promise<number> =>
      (await app.request("/board/packs/monthly", form(fields, who.headers))).status;
    const on = async (): Promise<string[]> => {
      const list = await (await app.request("/board/packs", { headers: treasurer.headers })).text();
      return [...(await render(list)).querySelectorAll(".pack-monthly option[selected]")].map(
        ({ textContent }) => textContent,
      );
    };
    expect(await on()).toEqual(["off"]);
    expect(await send({ organisation: "house", languages: "fr" }, elsewhere)).toBe(404);
    expect(await send({ organisation: "house", languages: "de" })).toBe(400);
    expect(await send({ organisation: "house", languages: "fr" })).toBe(303);
    expect(await on()).toEqual(["French"]);
    expect(await send({ organisation: "house", languages: "off" })).toBe(303);
    expect(await on()).toEqual(["off"]);
  });
});

describe("a link to a pack", () => {
  it("shows what tells of five people or more, to whoever has it, and nothing else", async () => {
    const path = await share(await make());
    const answer = await get(path);
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
      "x-robots-tag": "noindex, nofollow, noarchive",
    });
    const html = await answer.text();
    const shown = await render(html);
    expect(shown.querySelector("meta[name=robots]")?.getAttribute("content")).toBe("noindex, nofollow");
    const funds = rows(shown, ".pack[lang=en] .pack-shared");
    // Stored when the block was: the gift that came late is in no shared figure, and seven people are five.
    expect(funds).toContainEqual(["Families", "$280.00", "7", "5"]);
    expect(funds).toContainEqual(["Quiet", "$30.00", "6", "5"]);
    expect(funds).toContainEqual(["The funds shown here", "$310.00", "13", ""]);
    expect(html).not.toMatch(/The largest donor|A typical gift|Came back|\/board\/packs/u);
    expect(shown.querySelector(".pack-note strong")?.textContent).toBe("met");
  });

  it("names no hidden fund that it cannot show, and says why a public one is missing", async () => {
    const shown = await page(await share(await make({ from: "2021-04-01", to: "2021-04-30", languages: "en" })));
    const told = text(shown, ".pack-shared");
    expect(told).toContain("No fund can be shown for this period.");
    expect(told).toContain(
      "Families: not shown, because it would tell of fewer than five people or its months are not finished.",
    );
    expect(told).toContain("1 more fund, not public, is not shown.");
    expect(told).not.toMatch(/Quiet|\$40\.00/u);
  });

  it("shows of all time what public pages show, and stays as it was when more is given", async () => {
    const path = await share(await make({ from: "", to: "", languages: "en" }));
    const before = rows(await page(path), ".pack-shared");
    const { funds } = (await (await get("/api/totals")).json()) as BoardData;
    const open = funds.find(({ slug }) => slug === "families");
    expect(before.find(([name]) => name === "Families")?.slice(2)).toEqual([String(open?.gifts), String(open?.donors)]);
    await give("families", 100n, "one-more", "2021-04-30");
    expect(rows(await page(path), ".pack-shared")).toEqual(before);
  });

  it("is one pack's: its secret opens no other address, and its figures cannot be changed", async () => {
    const pack = await make();
    const path = await share(pack);
    const token = path.slice("/packs/".length);
    for (const other of [`/board/packs/${pack}?token=${token}`, `/packs/${token}/links`, `/packs/${token}/../${pack}`])
      expect((await get(other)).status).not.toBe(200);
    expect((await get(`${path}?pack=1&from=2020-01-01`)).status).toBe(200);
    await expect(sql`update pack_link set pack_number = 1`).rejects.toThrow("can only be taken back");
    await expect(sql`update pack_link set expires_at = expires_at + interval '1 day'`).rejects.toThrow(
      "can only be taken back",
    );
    const [kept] = await sql<{ hashes: number }[]>`
      select count(*)::int as hashes from pack_link where length(hash) = 32 and shared::text not like ${`%${token}%`}`;
    expect(kept?.hashes).toBeGreaterThan(0);
  });

  it("prints the same file twice, with the shared figures only", async () => {
    const path = await share(await make());
    const [one, two] = [await bytes(await get(`${path}/pack.pdf`)), await bytes(await get(`${path}/pack.pdf`))];
    expect(one.equals(two)).toBe(true);
    expect(one.subarray(0, 5).toString()).toBe("%PDF-");
  });

  it("ends by the clock, or is taken back, and then looks like one that never was", async () => {
    const pack = await make();
    const [short, long] = [await share(pack, "7"), await share(pack, "90")];
    const started = now;
    const plain = async (path: string): Promise<string> =>
      (await (await get(path)).text()).replaceAll(/\/packs\/[\w-]{43}/gu, "");
    const never = await plain(`/packs/${"A".repeat(43)}`);
    expect(never).toContain("This link shows nothing.");
    now = new Date(started.getTime() + 7 * 86_400_000 - 1000);
    expect((await get(short)).status).toBe(200);
    now = new Date(started.getTime() + 7 * 86_400_000);
    expect((await get(short)).status).toBe(404);
    expect(await plain(short)).toBe(never);
    expect((await get(long)).status).toBe(200);
    const shown = await page(`/board/packs/${pack}`, treasurer);
    const link = shown.querySelector(".pack-link-list input[name=link]")?.getAttribute("value") ?? "";
    expect((await post(`/board/packs/${pack}/links/revoke`, { link }, elsewhere)).status).toBe(404);
    expect((await get(long)).status).toBe(200);
    expect((await post(`/board/packs/${pack}/links/revoke`, { link })).status).toBe(303);
    for (const path of [long, `${long}/pack.pdf`]) {
      const gone = await get(path);
      expect(gone.status).toBe(404);
      expect(gone.headers.get("x-robots-tag")).toContain("noindex");
    }
    expect(await plain(long)).toBe(never);
    expect(texts(await page(`/board/packs/${pack}`, treasurer), ".pack-link-list .chip")).toEqual([
      expect.stringMatching(/^taken back by treasurer/u),
      "ended",
    ]);
    now = started;
  });

  it("tells staff how often it was opened and when, and of nobody who opened it", async () => {
    const pack = await make();
    const path = await share(pack);
    await get(path);
    await service.app.request(`${path}/pack.pdf`, { headers: { "x-forwarded-for": "192.0.2.7" } });
    const shown = await page(`/board/packs/${pack}`, treasurer);
    expect(text(shown, ".pack-link-list")).toContain("2 times, last on 4 May 2021");
    const openings = await sql`select * from pack_opening order by at desc limit 2`;
    expect(Object.keys(openings[0] ?? {})).toEqual(["link_id", "at", "what"]);
  });

  it("lasts 7, 30 or 90 days and nothing else", async () => {
    const pack = await make();
    for (const days of ["", "31", "3650"])
      expect((await post(`/board/packs/${pack}/links`, { days })).status).toBe(400);
  });

  it("cannot be guessed at length, and guessing takes no turn from signing in", async () => {
    const path = await share(await make());
    const from = { headers: { "x-real-ip": "203.0.113.9" } };
    let refused = 0;
    for (let guess = 0; guess < 25; guess += 1) {
      const { status } = await service.app.request(`/packs/${String(guess).padStart(43, "x")}`, from);
      if (status === 429) refused += 1;
    }
    expect(refused).toBeGreaterThan(0);
    expect((await get(path)).status).toBe(429);
    const [others] = await sql<
      { keys: number }[]
    >`select count(*)::int as keys from auth.throttle where key not like 'link %'`;
    expect(others?.keys).toBe(0);
    await sql`delete from auth.throttle`;
    expect((await get(path)).status).toBe(200);
  });

  it("stands in the trail of changes, made and taken back, for its organisation", async () => {
    const changes = await listChanges(sql, { kind: "pack link", before: null, organisations: ["house"], limit: 100 });
    expect(new Set(changes.map(({ deed }) => deed))).toEqual(new Set(["made", "revoked"]));
    expect(JSON.stringify(changes.map(({ after }) => after))).not.toMatch(/[\w-]{43}/u);
    const packs = await listChanges(sql, { kind: "board pack", before: null, organisations: ["partner"], limit: 100 });
    expect(packs).toHaveLength(1);
  });
});

describe("a service without letters to print with", () => {
  it("answers the PDF in words, and points to the page", async () => {
    const { createApp } = await import("../../src/app.ts");
    const { printPack: _, ...deps } = service.deps;
    const path = `/board/packs/${await make()}/pack.pdf`;
    const answer = await createApp(deps).request(path, { headers: board.headers });
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain("Open the pack&#39;s page and print it");
  });
});
