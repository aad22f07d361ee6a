import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ChargeFact } from "../../src/core/fact.ts";
import { readSetup } from "../../src/core/read-setup.ts";
import { localDay } from "../../src/core/period.ts";
import { runAudit } from "../../src/db/audit.ts";
import type { Sql } from "../../src/db/connect.ts";
import { applySetup, readKnownNames } from "../../src/db/setup.ts";
import type { AppliedSetup } from "../../src/db/setup.ts";
import { storyDocument } from "../../src/demo/catalogue.ts";
import { openTestDatabase } from "../database.ts";

let sql: Sql;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ sql, close } = await openTestDatabase());
});
afterAll(async () => {
  await close();
});

/** The first of next month in Toronto. */
function nextMonth(): string {
  const [year = 0, month = 0] = localDay(new Date(), "America/Toronto").split("-").map(Number);
  return new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 10);
}

const organisation = {
  slug: "alov",
  name: "Alov",
  legalName: "Alov Foundation",
  address: "Toronto",
  contact: "a@example.org",
};
const smallFile = {
  organisations: [organisation],
  accounts: [{ slug: "main", organisation: "alov" }],
  funds: [
    { slug: "families", name: "Families", description: "For families.", accounts: ["main"] },
    { slug: "general", name: "General", description: "For all.", accounts: ["main"], generalOf: "alov" },
  ],
};

const pin = {
  slug: "pin",
  name: "Pin",
  kind: "merchandise",
  fund: "families",
  account: "main",
  description: "A pin.",
  promise: { basis: "gross", wording: "All of it.", inForceFrom: "2021-01-01" },
  items: [{ slug: "pin", name: "Pin", priceMinor: 500 }],
};

/** What `npm run setup` does with a document; the file must be right by itself. */
async function setUp(document: unknown): Promise<AppliedSetup> {
  const read = readSetup(document, await readKnownNames(sql));
  if (!read.ok) throw new Error(read.problems.join("\n"));
  return await applySetup(sql, read.setup);
}

/** A charge that succeeded, as an event would report it. */
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
    created: "2021-03-04T15:00:00Z",
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

async function drain(...facts: ChargeFact[]): Promise<void> {
  await sql`select payments from drain(${sql.json({ mode: "sandbox", tickets: [], facts })})`;
}

async function accountId(slug: string): Promise<bigint> {
  const [row] = await sql<{ id: bigint }[]>`select id from account where slug = ${slug}`;
  if (row === undefined) throw new Error(`there is no account ${slug}`);
  return row.id;
}

async function fundOf(charge: string): Promise<string | null | undefined> {
  const [row] = await sql<{ fund: string | null }[]>`
    select f.slug::text as fund from payment p join gift g on g.payment_id = p.id left join fund f on f.id = g.fund_id
    where p.key = ${charge}`;
  return row?.fund;
}

async function names(table: string): Promise<string[]> {
  const rows = await sql<{ slug: string }[]>`select slug::text as slug from ${sql(table)} order by position, id`;
  return rows.map(({ slug }) => slug);
}

describe("a set-up file in the database", () => {
  it("makes the story's organisations, accounts, funds, campaigns, items and promises", async () => {
    const applied = await setUp(storyDocument);
    expect(applied).toMatchObject({ ok: true });
    expect(await names("organisation")).toEqual(["alov", "acmc"]);
    expect(await names("fund")).toEqual(["families", "we-are-karabakh", "alov-general", "acmc-general"]);
    const [pin] = await sql`
      select c.slug::text as campaign, v.slug::text as variant, v.name, v.price_minor as price, p.worded_minor as worded, p.basis
      from campaign c join item i on i.campaign_id = c.id join variant v on v.item_id = i.id join promise p on p.campaign_id = c.id
      where c.slug = 'khari-bulbul-pin'`;
    expect(pin).toEqual({
      campaign: "khari-bulbul-pin",
      variant: "only",
      name: "",
      price: 500n,
      worded: 455n,
      basis: "net of processing",
    });
    const through = await sql<{ slug: string }[]>`
      select a.slug::text as slug from fund f join fund_account fa on fa.fund_id = f.id join account a on a.id = fa.account_id
      where f.slug = 'families' order by fa.position`;
    expect(through.map(({ slug }) => slug)).toEqual(["alov", "acmc"]);
  });

  it("changes nothing the second time", async () => {
    const again = await setUp(storyDocument);
    expect(again.ok && again.steps.every(({ outcome }) => outcome === "unchanged")).toBe(true);
  });
});

describe("changing a set-up file", () => {
  beforeEach(async () => {
    await close();
    ({ sql, close } = await openTestDatabase());
    await setUp(smallFile);
  });

  it("changes what the file names and deletes nothing that it leaves out", async () => {
    const [families] = smallFile.funds;
    const applied = await setUp({ funds: [{ ...families, name: "Families fund", remark: "New." }] });
    expect(applied).toMatchObject({ ok: true });
    expect(applied.ok && applied.steps.filter(({ outcome }) => outcome !== "unchanged")).toEqual([
      { kind: "fund", name: "families", outcome: "changed" },
    ]);
    expect(await names("fund")).toEqual(["families", "general"]);
  });

  it("keeps what the file does not say of an account", async () => {
    await setUp({
      accounts: [{ slug: "main", organisation: "alov", stripeAccount: "acct_1", settlesIn: ["CAD", "USD"] }],
    });
    await setUp({ accounts: [{ slug: "main", organisation: "alov" }] });
    const [row] = await sql`select stripe_account_id as id, to_json(settles_in) as currencies from account`;
    expect(row).toEqual({ id: "acct_1", currencies: ["CAD", "USD"] });
  });

  it("makes another promise the next version and keeps the one before", async () => {
    await setUp({ campaigns: [pin] });
    await setUp({
      campaigns: [{ ...pin, promise: { ...pin.promise, rateBp: 5000, wording: "Half of it." } }],
    });
    await setUp({
      campaigns: [{ ...pin, promise: { ...pin.promise, rateBp: 5000, wording: "Half of it." } }],
    });
    const promises = await sql<
      { version: bigint; wording: string }[]
    >`select version, wording from promise order by version`;
    expect([...promises]).toEqual([
      { version: 1n, wording: "All of it." },
      { version: 2n, wording: "Half of it." },
    ]);
  });

  it("gives what waited for a fund to the fund that was set up for it", async () => {
    await drain(chargeOf(await accountId("main"), "ch_1", { metadata: { fund: "children" } }));
    expect(await fundOf("ch_1")).toBeNull();
    await setUp({ funds: [{ slug: "children", name: "Children", description: "For children.", accounts: ["main"] }] });
    await drain();
    expect(await fundOf("ch_1")).toBe("children");
    expect(await runAudit(sql)).toEqual([]);
  });

  it("sorts what waited for a rule by the rule that was set up, and again when the rule changes", async () => {
    await drain(chargeOf(await accountId("main"), "ch_1", { description: "Dues" }));
    const rule = { account: "main", description: "Dues" };
    await setUp({ sortingRules: [{ ...rule, becomes: "other income" }] });
    await drain();
    expect(await fundOf("ch_1")).toBeUndefined();
    await setUp({ sortingRules: [{ ...rule, becomes: "gift", fund: "general" }] });
    await drain();
    expect(await fundOf("ch_1")).toBe("general");
    expect(await runAudit(sql)).toEqual([]);
  });
});

describe("an account made from a key alone", () => {
  it("becomes the first account of the file, with the payments it already has", async () => {
    await close();
    ({ sql, close } = await openTestDatabase());
    await sql`insert into account (slug) values ('first')`;
    await drain(
      chargeOf(await accountId("first"), "ch_1", { metadata: { fund: "families" }, created: "2021-03-04T02:00:00Z" }),
    );
    await setUp(smallFile);
    await drain();
    expect(await names("account")).toEqual(["main"]);
    expect(await fundOf("ch_1")).toBe("families");
    const [gift] = await sql`
      select o.slug::text as organisation, g.occurred_on as day from gift g join organisation o on o.id = g.organisation_id`;
    expect(gift).toEqual({ organisation: "alov", day: "2021-03-03" });
    expect(await runAudit(sql)).toEqual([]);
  });
});

describe("the database refuses, and nothing of the file is written, when", () => {
  beforeAll(async () => {
    await close();
    ({ sql, close } = await openTestDatabase());
    await setUp({
      ...smallFile,
      accounts: [
        { slug: "main", organisation: "alov", stripeAccount: "acct_1" },
        { slug: "second", organisation: "alov" },
      ],
      campaigns: [pin],
    });
    await drain(chargeOf(await accountId("main"), "ch_1", { metadata: { fund: "families" } }));
  });

  const [families, general] = smallFile.funds;
  const other = { ...organisation, slug: "acmc", name: "Center" };
  const otherFund = {
    slug: "acmc-general",
    name: "Center",
    description: "For all.",
    accounts: ["main"],
    generalOf: "acmc",
  };
  const refusals: [string, unknown, string][] = [
    [
      "the currency of an organisation with payments changes",
      { organisations: [{ ...organisation, currency: "USD" }] },
      "organisation alov has payments: its currency stays CAD",
    ],
    [
      "the time zone of an organisation with payments changes, and no day is said",
      { organisations: [{ ...organisation, timeZone: "America/Vancouver" }] },
      `organisation alov has payments: say from which day on its time zone is America/Vancouver (timeZoneSince), such as ${nextMonth()}`,
    ],
    [
      "an account with payments moves to another organisation",
      { organisations: [other], accounts: [{ slug: "main", organisation: "acmc" }], funds: [otherFund] },
      "account main belongs to organisation alov and has payments: it stays there",
    ],
    [
      "an account is said to be another one at Stripe",
      { accounts: [{ slug: "main", organisation: "alov", stripeAccount: "acct_2" }] },
      "account main is acct_1 at Stripe and cannot become acct_2",
    ],
    [
      "the currency of a fund with gifts changes",
      { funds: [{ ...families, currency: "USD" }] },
      "fund families has gifts or sales: its currency stays CAD",
    ],
    [
      "an organisation would be left without a general fund",
      { funds: [{ ...general, generalOf: undefined }] },
      "organisation alov would be left without a general fund",
    ],
  ];

  it.each(refusals)("%s", async (_, document, refusal) => {
    const before = await readKnownNames(sql);
    const [funds] = await sql`select json_agg(fund order by id) as all from fund`;
    expect(await setUp(document)).toEqual({ ok: false, refusal });
    expect(await readKnownNames(sql)).toEqual(before);
    expect(await sql`select json_agg(fund order by id) as all from fund`).toEqual([funds]);
  });

  it("a campaign with sales moves to another fund", async () => {
    await sql`
      insert into sale (payment_id, part, account_id, campaign_id, fund_id, occurred_on, counted_on, currency, amount_minor, quantity)
      select p.id, 'li_1', p.account_id, c.id, c.fund_id, '2021-03-04', '2021-03-04', 'CAD', 500, 1 from payment p, campaign c`;
    expect(await setUp({ campaigns: [{ ...pin, fund: "general" }] })).toEqual({
      ok: false,
      refusal: "campaign pin has sales: it stays with fund families and account main",
    });
  });
});
