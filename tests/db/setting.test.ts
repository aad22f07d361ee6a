import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ChargeFact } from "../../src/core/fact.ts";
import type { OrderLine } from "../../src/core/order.ts";
import { readSetup } from "../../src/core/read-setup.ts";
import type { Settings, SettingKind } from "../../src/core/setting.ts";
import { runAudit } from "../../src/db/audit.ts";
import { listChanges } from "../../src/db/change.ts";
import type { Sql } from "../../src/db/connect.ts";
import { readHouse } from "../../src/db/account.ts";
import { findPicture, showPicture } from "../../src/db/picture.ts";
import {
  archiveSetting,
  changeSettings,
  moveSetting,
  previewRule,
  readSettings,
  removeRule,
  renameFund,
  type DeskDocument,
  type Written,
} from "../../src/db/setting.ts";
import { applySetup, readKnownNames } from "../../src/db/setup.ts";
import { releaseStock, reserveStock } from "../../src/db/stock.ts";
import { openTestDatabase } from "../database.ts";

let sql: Sql;
let close: () => Promise<void>;
const leyla = { id: "u1", name: "Leyla" };

const promise = { basis: "gross", rateBp: 10_000, wording: "All of it.", inForceFrom: "2021-01-01" } as const;
const file = {
  organisations: [
    { slug: "alov", name: "Alov", legalName: "Alov Foundation", address: "Toronto", contact: "a@example.org" },
    { slug: "acmc", name: "Center", legalName: "The Center", address: "Toronto", contact: "c@example.org" },
  ],
  accounts: [
    { slug: "main", organisation: "alov" },
    { slug: "second", organisation: "acmc" },
  ],
  funds: [
    { slug: "families", name: "Families", description: "For families.", accounts: ["main", "second"] },
    { slug: "youth", name: "Youth", description: "For youth.", accounts: ["main"] },
    { slug: "general", name: "General", description: "For all.", accounts: ["main"], generalOf: "alov" },
    { slug: "acmc-general", name: "Center", description: "For all.", accounts: ["second"], generalOf: "acmc" },
  ],
  campaigns: [
    {
      slug: "shop",
      name: "Shop",
      kind: "merchandise",
      fund: "youth",
      account: "main",
      description: "Things.",
      promise,
      items: [
        { slug: "pin", name: "Pin", priceMinor: 500, stock: 3 },
        {
          slug: "shirt",
          name: "Shirt",
          variants: [
            { slug: "m", name: "M", priceMinor: 2500, stock: 1 },
            { slug: "l", name: "L", priceMinor: 2500 },
          ],
        },
      ],
    },
  ],
};

beforeAll(async () => {
  ({ sql, close } = await openTestDatabase());
});
beforeEach(async () => {
  await close();
  ({ sql, close } = await openTestDatabase());
  const read = readSetup(file, await readKnownNames(sql));
  if (!read.ok) throw new Error(read.problems.join("\n"));
  const applied = await applySetup(sql, read.setup);
  if (!applied.ok) throw new Error(applied.refusal);
});
afterAll(async () => {
  await close();
});

async function settingOf<Kind extends SettingKind>(kind: Kind, subject: string): Promise<Settings[Kind][number]> {
  const list: Settings[Kind][number][] = (await readSettings(sql))[kind];
  const found = list.find((setting) => setting.subject === subject);
  if (found === undefined) throw new Error(`there is no ${kind} ${subject}`);
  return found;
}
const idOf = async (kind: SettingKind, subject: string): Promise<bigint> => (await settingOf(kind, subject)).id;
const order = async (kind: SettingKind): Promise<string[]> =>
  (await readSettings(sql))[kind].map(({ subject }) => subject);
const archive = async (kind: SettingKind, subject: string, archived = true): Promise<Written> =>
  await archiveSetting(sql, { kind, id: await idOf(kind, subject), archived }, leyla);
const move = async (kind: SettingKind, subject: string, up: boolean): Promise<Written> =>
  await moveSetting(sql, { kind, id: await idOf(kind, subject), up }, leyla);
const change = async (document: DeskDocument): Promise<Written> => await changeSettings(sql, document, leyla);
/** The newest changes as lines, oldest of them first, without those of the set-up file. */
const trail = async (): Promise<string[]> =>
  (await listChanges(sql, { kind: null, before: null, organisations: null, limit: 100 }))
    .filter(({ staffName }) => staffName === "Leyla")
    .map(({ deed, kind, subject }) => `${kind} ${subject} ${deed}`)
    .toReversed();

const youth = {
  slug: "youth",
  name: "Youth",
  description: "For youth.",
  accounts: ["main"],
  public: true,
  bearsFees: true,
  presetsMinor: [],
};

function chargeOf(account: bigint, id: string, given: Partial<ChargeFact> = {}): ChargeFact {
  return {
    kind: "charge",
    account_id: account.toString(),
    id,
    fetched_at: null,
    status: "succeeded",
    captured: true,
    amount_minor: "5000",
    amount_captured_minor: "5000",
    currency: "CAD",
    created: new Date().toISOString(),
    payment_intent: null,
    customer: null,
    balance_transaction: null,
    billing: { email: "leyla@example.org", name: "Leyla" },
    receipt_email: null,
    description: null,
    metadata: {},
    ...given,
  };
}
const drain = async (...facts: ChargeFact[]): Promise<void> => {
  await sql`select payments from drain(${sql.json({ mode: "sandbox", tickets: [], facts })})`;
};
const given = async (id: string, to: Partial<ChargeFact> = {}): Promise<void> =>
  await drain(chargeOf(await idOf("account", "main"), id, to));
async function fundsOfGifts(): Promise<Record<string, string | null>> {
  const rows = await sql<{ key: string; fund: string | null }[]>`
    select p.key, f.slug::text as fund from payment p join gift g on g.payment_id = p.id left join fund f on f.id = g.fund_id`;
  return Object.fromEntries(rows.map(({ key, fund }) => [key, fund]));
}

describe("a change made at the desk", () => {
  it("changes one thing, keeps the order of all, and stands in the trail with what it was before", async () => {
    expect(await change({ funds: [{ ...youth, name: "Young people", goalMinor: 500_000, lasting: false }] })).toEqual({
      ok: true,
    });
    expect(await order("fund")).toEqual(["families", "youth", "general", "acmc-general"]);
    expect(await trail()).toEqual(["fund youth changed"]);
    const [last] = await listChanges(sql, { kind: "fund", before: null, organisations: ["alov"], limit: 1 });
    expect(last?.before).toMatchObject({ name: "Youth", goalMinor: null, lasting: true });
    expect(last?.after).toMatchObject({ name: "Young people", goalMinor: 500_000, lasting: false });
    expect(await change({ funds: [{ ...youth, name: "Young people" }] })).toEqual({ ok: true });
    expect((await settingOf("fund", "youth")).state).toMatchObject({ goalMinor: 500_000, lasting: false });
    expect(await trail()).toHaveLength(1);
  });

  it("puts what is new last", async () => {
    await change({ funds: [{ ...youth, slug: "books", name: "Books" }] });
    expect(await order("fund")).toEqual(["families", "youth", "general", "acmc-general", "books"]);
    await change({ parts: [{ slug: "shop", items: [{ slug: "mug", name: "Mug", priceMinor: 900 }] }] });
    expect(await order("item")).toEqual(["shop/pin", "shop/shirt", "shop/mug"]);
    expect(await trail()).toEqual(["fund books made", "item shop/mug made", "variant shop/mug/only made"]);
  });

  it("makes another wording the promise's next version", async () => {
    await change({ parts: [{ slug: "shop", promise: { ...promise, wording: "Half of it.", rateBp: 5000 } }] });
    expect((await readSettings(sql)).promise.map(({ subject, state }) => [subject, state.wording])).toEqual([
      ["shop version 1", "All of it."],
      ["shop version 2", "Half of it."],
    ]);
  });

  it("dates the fiscal year: what held before keeps holding before", async () => {
    const [{ slug, name, legalName, address, contact }] = file.organisations as [(typeof file.organisations)[0]];
    const alov = { slug, name, legalName, address, contact, currency: "CAD", timeZone: "America/Toronto" };
    await change({ organisations: [{ ...alov, fiscalYear: { startsIn: 4 } }] });
    await change({ organisations: [{ ...alov, fiscalYear: { startsIn: 7, since: "2030-01-01" } }] });
    expect((await settingOf("organisation", "alov")).state.fiscalYear).toEqual([
      { since: "0001-01-01", startsIn: 4 },
      { since: "2030-01-01", startsIn: 7 },
    ]);
    const months = await sql`
      select fiscal_year_start(id, '2029-12-31') as before, fiscal_year_start(id, '2030-01-01') as after
      from organisation where slug = 'alov'`;
    expect(months[0]).toEqual({ before: 4n, after: 7n });
    expect((await readHouse(sql)).fiscalYearStart).toBe(4);
  });

  it("takes an account out of a fund only while no money came through it", async () => {
    const families = { ...youth, slug: "families", name: "Families", description: "For families." };
    expect(await change({ funds: [{ ...families, accounts: ["main"] }] })).toEqual({ ok: true });
    expect((await settingOf("fund", "families")).state.accounts).toEqual(["main"]);
    await change({ funds: [{ ...families, accounts: ["second", "main"] }] });
    expect((await settingOf("fund", "families")).state.accounts).toEqual(["second", "main"]);
    await given("ch_1", { metadata: { fund: "families" } });
    expect(await change({ funds: [{ ...families, accounts: ["second"] }] })).toEqual({
      ok: false,
      refusal: "account main has gifts, a campaign or a sorting rule for fund families: it stays",
    });
  });

  it("is refused whole where an organisation would be without a general fund", async () => {
    const refused = await change({
      organisations: [
        {
          slug: "third",
          name: "Third",
          legalName: "Third",
          address: "here",
          contact: "me",
          currency: "CAD",
          timeZone: "UTC",
        },
      ],
    });
    expect(refused).toEqual({ ok: false, refusal: "organisation third would be left without a general fund" });
    expect(await order("organisation")).toEqual(["alov", "acmc"]);
    expect(await trail()).toEqual([]);
  });
});

describe("a set-up file", () => {
  it("reaches all that the desk does, changes nothing the second time, and is named in the trail", async () => {
    const whole = {
      organisations: [
        {
          ...file.organisations[0],
          registrationNumber: "12345",
          accent: "#123456",
          languages: ["en", "fr-CA"],
          fiscalYear: { startsIn: 4 },
        },
      ],
      accounts: [{ ...file.accounts[0], name: "Chequing" }],
      funds: [
        { ...file.funds[1], goalMinor: 100, restriction: "Books only.", lasting: false },
        { ...file.funds[0], archived: true },
      ],
      campaigns: [{ ...file.campaigns[0], archived: true }],
    };
    const apply = async (document: unknown) => {
      const read = readSetup(document, await readKnownNames(sql));
      if (!read.ok) throw new Error(read.problems.join("\n"));
      return await applySetup(sql, read.setup);
    };
    await apply(whole);
    expect((await settingOf("organisation", "alov")).state).toMatchObject({
      registrationNumber: "12345",
      accent: "#123456",
      languages: ["en", "fr-CA"],
      fiscalYear: [{ since: "0001-01-01", startsIn: 4 }],
    });
    expect((await settingOf("account", "main")).state.name).toBe("Chequing");
    expect((await settingOf("fund", "youth")).state).toMatchObject({
      goalMinor: 100,
      restriction: "Books only.",
      lasting: false,
    });
    expect((await settingOf("fund", "families")).state.archivedOn).not.toBeNull();
    expect((await settingOf("campaign", "shop")).state.archivedOn).not.toBeNull();
    expect((await settingOf("variant", "shop/pin/only")).state.stock).toBe(3);
    const again = await apply(whole);
    expect(again.ok && again.steps.filter(({ outcome }) => outcome !== "unchanged")).toEqual([]);
    await apply({ ...whole, funds: [{ ...file.funds[1], goalMinor: null }], campaigns: [] });
    expect((await settingOf("fund", "youth")).state).toMatchObject({ goalMinor: null, restriction: "Books only." });
    const [last] = await listChanges(sql, { kind: "fund", before: null, organisations: null, limit: 1 });
    expect([last?.staffName, last?.subject, last?.deed]).toEqual(["set-up file", "youth", "changed"]);
  });
});

describe("moving", () => {
  it("goes one place up or down, past nothing at the ends, and items stay with their campaign", async () => {
    await move("fund", "youth", true);
    expect(await order("fund")).toEqual(["youth", "families", "general", "acmc-general"]);
    await move("fund", "youth", true);
    expect(await order("fund")).toEqual(["youth", "families", "general", "acmc-general"]);
    await move("fund", "youth", false);
    await move("item", "shop/shirt", true);
    expect(await order("fund")).toEqual(["families", "youth", "general", "acmc-general"]);
    expect(await order("item")).toEqual(["shop/shirt", "shop/pin"]);
    expect((await trail()).filter((line) => line.startsWith("item"))).toEqual([
      "item shop/pin moved",
      "item shop/shirt moved",
    ]);
  });
});

describe("archiving", () => {
  it("is refused for an organisation for whose general fund something is sold", async () => {
    for (const fund of ["families", "youth"]) {
      await sql`update campaign set fund_id = (select id from fund where slug = 'general')`;
      await archive("fund", fund);
    }
    const refusal = "campaign shop still sells for its general fund: archive it first";
    expect(await archive("organisation", "alov")).toEqual({ ok: false, refusal });
  });

  it("puts a thing last and can be undone; nothing is deleted", async () => {
    await archive("campaign", "shop");
    await archive("fund", "youth");
    expect(await order("fund")).toEqual(["families", "general", "acmc-general", "youth"]);
    await archive("fund", "youth", false);
    expect(await order("fund")).toEqual(["families", "youth", "general", "acmc-general"]);
    expect(await trail()).toEqual(["campaign shop archived", "fund youth archived", "fund youth opened again"]);
  });

  it("takes an organisation's general fund along, and opens it again with it", async () => {
    await archive("fund", "families");
    expect(await archive("organisation", "acmc")).toEqual({ ok: true });
    expect(await order("fund")).toEqual(["youth", "general", "families", "acmc-general"]);
    expect(await archive("organisation", "acmc", false)).toEqual({ ok: true });
    expect(await order("fund")).toEqual(["youth", "general", "acmc-general", "families"]);
    expect((await trail()).slice(1)).toEqual([
      "fund acmc-general archived",
      "organisation acmc archived",
      "fund acmc-general opened again",
      "organisation acmc opened again",
    ]);
    expect(await runAudit(sql)).toEqual([]);
  });

  it("leaves a fund its gifts, those of this very day too", async () => {
    await given("ch_1", { metadata: { fund: "families" } });
    await archive("fund", "families");
    await drain();
    expect(await fundsOfGifts()).toEqual({ ch_1: "families" });
    expect(await runAudit(sql)).toEqual([]);
  });

  it.each<[string, SettingKind, string, string]>([
    ["a general fund", "fund", "general", "this is the general fund of organisation alov, which always has one"],
    ["a fund that something is sold for", "fund", "youth", "campaign shop still sells for this fund: archive it first"],
    [
      "an account that takes a fund's gifts",
      "account",
      "main",
      "fund families takes its gifts through this account: choose another there first",
    ],
    ["an organisation with an open fund", "organisation", "acmc", "fund families is still open: archive it first"],
  ])("is refused for %s", async (_, kind, subject, refusal) => {
    expect(await archive(kind, subject)).toEqual({ ok: false, refusal });
    expect(await trail()).toEqual([]);
  });
});

describe("another address for a fund", () => {
  it("keeps what was paid and what will be paid under the old one, and the books are right", async () => {
    await given("ch_1", { metadata: { fund: "families" } });
    expect(await renameFund(sql, await idOf("fund", "families"), "bereaved", leyla)).toEqual({ ok: true });
    await given("ch_2", { metadata: { fund: "families" } });
    await given("ch_3", { metadata: { fund: "bereaved" } });
    expect(await fundsOfGifts()).toEqual({ ch_1: "bereaved", ch_2: "bereaved", ch_3: "bereaved" });
    expect(await runAudit(sql)).toEqual([]);
  });

  it("can be taken back, and is refused where another fund has it or had it", async () => {
    const families = await idOf("fund", "families");
    const refused = async (slug: string, id = families) => await renameFund(sql, id, slug, leyla);
    expect(await refused("youth")).toEqual({ ok: false, refusal: "another fund has the address youth" });
    await renameFund(sql, families, "bereaved", leyla);
    const had = "families was an earlier address of another fund: choose another";
    expect(await refused("families", await idOf("fund", "youth"))).toEqual({ ok: false, refusal: had });
    expect(await change({ funds: [{ ...youth, slug: "families" }] })).toEqual({
      ok: false,
      refusal: "families was an earlier address of fund bereaved: choose another",
    });
    await renameFund(sql, families, "families", leyla);
    expect(await order("fund")).toContain("families");
    expect(await renameFund(sql, 999n, "x", leyla)).toEqual({ ok: false, refusal: "there is no such fund" });
  });
});

describe("a sorting rule", () => {
  const dues = { account: "main", description: "Dues", becomes: "other income" } as const;

  it("says before it is made which payments it would sort, and from what, and changes nothing by saying so", async () => {
    await given("ch_1", { description: "Dues" });
    await given("ch_2", { description: "Dues" });
    await given("ch_3", { description: "Dues", metadata: { fund: "families" } });
    await given("ch_4", { description: "Rent" });
    const waiting = { was: "gift", wasFund: null, payments: 2n, currency: "CAD", amountMinor: 10_000n };
    expect([...(await previewRule(sql, dues))]).toEqual([waiting]);
    expect((await readSettings(sql))["sorting rule"]).toEqual([]);
    await change({ sortingRules: [dues] });
    await drain();
    expect(await fundsOfGifts()).toEqual({ ch_3: "families", ch_4: null });
    expect([...(await previewRule(sql, dues))]).toEqual([]);
    expect(await previewRule(sql, { ...dues, becomes: "gift", fund: "youth" })).toMatchObject([
      { was: "other income", wasFund: null, payments: 2n },
    ]);
    expect(await runAudit(sql)).toEqual([]);
  });

  it("is taken away only while it sorts nothing", async () => {
    await change({ sortingRules: [dues, { ...dues, description: "Rent" }] });
    await given("ch_1", { description: "Dues" });
    expect(await removeRule(sql, await idOf("sorting rule", "main: Rent"), leyla)).toEqual({ ok: true });
    expect(await removeRule(sql, await idOf("sorting rule", "main: Dues"), leyla)).toEqual({
      ok: false,
      refusal: "this rule sorts payments and stays: change what it makes of them",
    });
    expect(await removeRule(sql, 999n, leyla)).toEqual({ ok: false, refusal: "there is no such sorting rule" });
    expect((await trail()).at(-1)).toBe("sorting rule main: Rent removed");
  });
});

describe("stock", () => {
  const line = (item: string, variant: string, quantity: number): OrderLine => ({
    kind: "sale",
    campaign: { slug: "shop" },
    item: { slug: item, name: item },
    variant: { slug: variant, name: variant, priceMinor: 1n },
    quantity,
  });
  const reserve = async (id: string, ...lines: OrderLine[]) => [...(await reserveStock(sql, { id, lines }))];
  const left = async (subject: string): Promise<bigint | null> => {
    const [row] = await sql<
      { left: bigint | null }[]
    >`select stock_left(v) as left from variant v where v.id = ${await idOf("variant", subject)}`;
    return row?.left ?? null;
  };
  const hoursPass = async (): Promise<void> => {
    await sql`update stock_hold set held_at = held_at - interval '26 hours'`;
  };

  it("is never sold twice: of thirty who want the last three pins, three get one", async () => {
    const answers = await Promise.all(
      Array.from({ length: 30 }, async (_, n) => await reserve(`alm_${n}`, line("pin", "only", 1))),
    );
    expect(answers.filter((short) => short.length === 0)).toHaveLength(3);
    expect(answers.find((short) => short.length > 0)).toEqual([{ item: "pin", variant: "only", remaining: 0n }]);
    expect(await left("shop/pin/only")).toBe(0n);
  });

  it("is taken all or none, and twice by no order", async () => {
    expect(await reserve("alm_1", line("pin", "only", 2), line("shirt", "m", 2))).toEqual([
      { item: "shirt", variant: "m", remaining: 1n },
    ]);
    expect(await left("shop/pin/only")).toBe(3n);
    for (const quantity of [2, 3, 3, 1]) expect(await reserve("alm_1", line("pin", "only", quantity))).toEqual([]);
    expect(await left("shop/pin/only")).toBe(2n);
  });

  it("does not concern what is not counted", async () => {
    expect(await reserve("alm_1", line("shirt", "l", 99))).toEqual([]);
    expect(await left("shop/shirt/l")).toBeNull();
  });

  it("goes back when an order was not paid within a day, or could not be, and not when it was paid", async () => {
    await reserve("alm_0123456789abcdef01234567", line("pin", "only", 1));
    await reserve("alm_2", line("pin", "only", 1));
    await reserve("alm_3", line("pin", "only", 1));
    await releaseStock(sql, "alm_3");
    expect(await left("shop/pin/only")).toBe(1n);
    await given("ch_1", { metadata: { order: "alm_0123456789abcdef01234567" } });
    await hoursPass();
    expect(await left("shop/pin/only")).toBe(2n);
    expect(await reserve("alm_4", line("pin", "only", 3))).toEqual([{ item: "pin", variant: "only", remaining: 2n }]);
    expect(await reserve("alm_4", line("pin", "only", 2))).toEqual([]);
    expect(await left("shop/pin/only")).toBe(0n);
  });
});

describe("a picture", () => {
  const picture = { id: "0".repeat(32), type: "image/png", width: 2, height: 3, shows: "A shirt" } as const;
  const bytes = new Uint8Array([0, 1, 2, 255]);

  it("is kept once, shown with something, and can be taken away again", async () => {
    const at = { kind: "fund", id: await idOf("fund", "youth") } as const;
    expect(await showPicture(sql, at, { picture, bytes }, leyla)).toEqual({ ok: true });
    expect(await showPicture(sql, at, { picture, bytes }, leyla)).toEqual({ ok: true });
    expect((await settingOf("fund", "youth")).state.picture).toBe(picture.id);
    const found = await findPicture(sql, picture.id);
    expect([found?.type, ...(found?.bytes ?? [])]).toEqual(["image/png", ...bytes]);
    await showPicture(sql, at, null, leyla);
    expect((await settingOf("fund", "youth")).state.picture).toBeNull();
    expect(await findPicture(sql, "f".repeat(32))).toBeNull();
  });

  it("is refused for what has none, and larger than 300 kB by the database itself", async () => {
    const at = { kind: "account", id: 1n } as const;
    expect(await showPicture(sql, at, { picture, bytes }, leyla)).toMatchObject({ ok: false });
    const large = { picture, bytes: new Uint8Array(307_201) };
    expect(await showPicture(sql, { kind: "fund", id: 1n }, large, leyla)).toMatchObject({ ok: false });
  });
});
