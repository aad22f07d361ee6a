import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listChanges } from "../../src/db/change.ts";
import { readSettings } from "../../src/db/setting.ts";
import { settingsFor, type SettingKind } from "../../src/core/setting.ts";
import { picture as png } from "../fixtures/picture.ts";
import { hostileTexts } from "../hostile.ts";
import { signIn, type SignedIn } from "../staff.ts";
import { fields as fieldsOf, render, text, texts } from "../web/render.ts";
import { baseUrl, form, openService, type Service } from "./house.ts";

const desk = "/desk/settings";
let service: Service;
let reviewer: SignedIn;
/** Treasurer of another organisation. */
let stranger: SignedIn;

beforeAll(async () => {
  service = await openService();
  const { sql } = service.deps;
  const other = {
    name: "Other",
    legalName: "Other Society",
    address: "2 Main St",
    contact: "o@example.org",
    currency: "CAD",
    timeZone: "America/Toronto",
    languages: "en",
    startsIn: "4",
  };
  const made = await post(`${desk}/organisations/new`, other);
  if (made.status !== 303) throw new Error(await made.text());
  reviewer = await signIn(sql, "reviewer");
  const id = (await readSettings(sql)).organisation.find(({ subject }) => subject === "other")?.id ?? 0n;
  stranger = await signIn(sql, [{ role: "treasurer", organisationId: id }]);
});
afterAll(async () => {
  await service.close();
});

const get = async (path: string, who: Pick<SignedIn, "headers"> = service.admin): Promise<Response> =>
  await service.app.request(path, { headers: who.headers });
const page = async (path: string, who?: Pick<SignedIn, "headers">): Promise<Document> =>
  await render(await (await get(path, who)).text());
const post = async (
  path: string,
  fields: Record<string, string>,
  who: Pick<SignedIn, "headers"> = service.admin,
): Promise<Response> => await service.app.request(path, form(fields, who.headers));
const idOf = async (kind: SettingKind, subject: string): Promise<string> => {
  const list: { id: bigint; subject: string }[] = (await readSettings(service.deps.sql))[kind];
  return String(list.find((one) => one.subject === subject)?.id);
};
const changeCount = async (): Promise<number> =>
  (await listChanges(service.deps.sql, { kind: null, before: null, organisations: null, limit: 1000 })).length;
/** The form of a page, with some fields typed anew. */
const typed = async (path: string, fields: Record<string, string>): Promise<Record<string, string>> => ({
  ...fieldsOf(await page(path), "form.setting"),
  ...fields,
});
/** What a form says when it is not taken: each error beside its field, all of them first. */
async function refusalsOf(answer: Response): Promise<Record<string, string>> {
  expect(answer.status).toBe(422);
  const document = await render(await answer.text());
  const summary = texts(document, ".error-summary li");
  const beside = [...document.querySelectorAll(".error")].map((element) => [
    element.id.replace(/-error$/u, ""),
    element.textContent,
  ]);
  const errors = Object.fromEntries(beside) as Record<string, string>;
  for (const words of Object.values(errors)) expect(summary).toContain(words);
  return { ...errors, ...(summary.length > beside.length && { form: summary.at(-1) ?? "" }) };
}

describe("a fund", () => {
  const fund = {
    name: "Bücher für alle",
    slug: "",
    description: "Books.\n\nFor **all**.",
    restriction: "",
    remark: "",
    presetsMinor: "10, 25.50 1,000",
    goalMinor: "5,000",
    lasting: "yes",
    public: "yes",
    bearsFees: "yes",
    receives: "main",
  };

  test("is made, with an address of its name, shown to the public, and changed", async () => {
    const made = await post(`${desk}/funds/new`, fund);
    expect(made.headers.get("location")).toBe(`${desk}/funds/bucher-fur-alle?done=saved`);
    const document = await page("/funds/bucher-fur-alle");
    expect(text(document, "main")).toContain("The goal is $5,000.00; $5,000.00 is still missing.");
    expect(document.querySelector(".prose strong")?.textContent).toBe("all");
    expect(texts(document, ".tile").join(" ")).toContain("$25.50");

    const path = `${desk}/funds/bucher-fur-alle`;
    const before = fieldsOf(await page(path), "form.setting");
    expect(before).toMatchObject({ name: fund.name, presetsMinor: "10 25.50 1000", goalMinor: "5000" });
    expect((await post(path, { ...before, lasting: "no", name: "Books" })).status).toBe(303);
    const changed = await page("/funds/bucher-fur-alle");
    expect(text(changed, "h1")).toBe("Books");
    expect(text(changed, "#give")).toContain("do not repeat");
    const monthly = await post("/funds/bucher-fur-alle/give", { every: "month", amount: "1000" });
    expect(monthly.status).toBe(422);
  });

  test("goes by another address, and the earlier one leads there", async () => {
    await post(`${desk}/funds/new`, { ...fund, name: "Music" });
    const renamed = await post(`${desk}/funds/music/address`, { slug: "songs" });
    expect(renamed.headers.get("location")).toBe(`${desk}/funds/songs?done=saved`);
    const old = await get("/funds/music");
    expect([old.status, old.headers.get("location")]).toEqual([301, "/funds/songs"]);
    expect(await refusalsOf(await post(`${desk}/funds/songs/address`, { slug: "families" }))).toEqual({
      slug: "Another fund has the address families.",
    });
    expect(await refusalsOf(await post(`${desk}/funds/songs/address`, { slug: "Not One" }))).toMatchObject({
      slug: expect.stringMatching(/^Address must be/u) as string,
    });
  });

  test("is refused field by field, and what was typed is kept", async () => {
    const wrong = { ...fund, name: "", description: "", presetsMinor: "10 lots", goalMinor: "0", receives: "nobody" };
    const answer = await post(`${desk}/funds/new`, wrong);
    const copy = answer.clone();
    expect(await refusalsOf(answer)).toMatchObject({
      name: "Name must not be empty",
      description: "Description must not be empty",
      presetsMinor: "Suggested amounts must be an amount such as 25 or 25.50",
      goalMinor: expect.stringMatching(/^Goal must be/u) as string,
      receives: "Online gifts are paid into must be chosen",
    });
    expect(fieldsOf(await render(await copy.text()), "form.setting")).toMatchObject({ presetsMinor: "10 lots" });
    expect(await refusalsOf(await post(`${desk}/funds/new`, { ...fund, slug: "families" }))).toEqual({
      slug: "Address must be one that no other fund has",
    });
    expect(await refusalsOf(await post(`${desk}/funds/new`, { ...fund, name: "x".repeat(121) }))).toMatchObject({
      name: "Name must have at most 120 characters",
    });
  });

  test("that is archived takes no gifts, leaves the list and keeps its page", async () => {
    const id = await idOf("fund", "songs");
    const archived = await post(`${desk}/archive`, { kind: "fund", id, archived: "yes" });
    expect(archived.headers.get("location")).toBe(`${desk}/funds?done=archived`);
    expect((await (await get("/")).text()).includes("/funds/songs")).toBe(false);
    const document = await page("/funds/songs");
    expect(document.querySelector("#give")).toBeNull();
    expect((await post(`${desk}/archive`, { kind: "fund", id, archived: "no" })).status).toBe(303);
    const general = await post(`${desk}/archive`, { kind: "fund", id: await idOf("fund", "general"), archived: "yes" });
    expect((await refusalsOf(general))["form"]).toContain("This is the general fund");
  });
});

describe("a campaign", () => {
  const campaign = {
    name: "Caps",
    slug: "",
    through: "families main",
    description: "Caps.",
    remark: "",
    startsOn: "",
    endsOn: "",
    shippingMinor: "7",
    basis: "net of processing",
    rateBp: "62.5",
    wording: "Most of it.",
    wordedMinor: "",
    inForceFrom: "2021-01-01",
  };
  const items = `${desk}/campaigns/caps/items`;

  test("is made with its promise, and sells an item of two sizes until it is sold out", async () => {
    expect((await post(`${desk}/campaigns/new`, campaign)).status).toBe(303);
    const cap = {
      name: "Cap",
      slug: "",
      description: "",
      "v.0.name": "Small",
      "v.0.price": "20",
      "v.0.stock": "2",
      "v.1.name": "Large",
      "v.1.price": "22.50",
      "v.1.stock": "",
      "v.2.name": "",
      "v.2.price": "",
      "v.2.stock": "",
    };
    expect((await post(`${items}/new`, cap)).headers.get("location")).toBe(`${desk}/campaigns/caps?done=saved`);
    const document = await page("/campaigns/caps");
    expect(text(document, ".promise")).toContain("Most of it.");
    expect(texts(document, ".variant label")).toEqual([
      expect.stringContaining("Small 2 left"),
      expect.stringContaining("Large"),
    ]);
    const buy = async (small: string, large = "0"): Promise<Response> =>
      await post("/campaigns/caps/order", { "q.cap.small": small, "q.cap.large": large, gift: "0" });
    expect(await refusalsOf(await buy("3"))).toMatchObject({ "q.cap.small": "Only 2 left. Take fewer" });
    expect((await buy("1", "5")).status).toBe(303);
    expect((await buy("1")).status).toBe(303);
    expect(text(await page("/campaigns/caps"), ".items")).toContain("Sold out");
    expect(await refusalsOf(await buy("1"))).toMatchObject({ "q.cap.small": "Sold out. Please take it out" });
  });

  test("keeps the earlier promise when another is made", async () => {
    const path = `${desk}/campaigns/caps/promise`;
    const promise = await typed(path, { wording: "All of it.", rateBp: "100", inForceFrom: "2022-01-01" });
    expect((await post(path, promise)).status).toBe(303);
    expect(texts(await page(`${desk}/campaigns/caps`), "q")).toEqual(["All of it.", "Most of it."]);
    expect(await refusalsOf(await post(path, { ...promise, rateBp: "101", wording: "", inForceFrom: "soon" }))).toEqual(
      {
        rateBp: "How much of it must be a percentage such as 100 or 62.5",
        wording: "In words, as buyers read it must not be empty",
        inForceFrom: "From which day on must be a day such as 2021-03-04",
      },
    );
  });

  test("closes at once when it is archived, and opens again", async () => {
    const id = await idOf("campaign", "caps");
    await post(`${desk}/archive`, { kind: "campaign", id, archived: "yes" });
    const closed = await post("/campaigns/caps/order", { "q.cap.large": "1", gift: "0" });
    expect(closed.status).toBe(422);
    expect(text(await page("/campaigns/caps"), "main")).toContain("The sale ended");
    await post(`${desk}/archive`, { kind: "campaign", id, archived: "no" });
    expect((await post("/campaigns/caps/order", { "q.cap.large": "1", gift: "0" })).status).toBe(303);
  });

  test("an item's sizes are refused line by line; one not sold any more leaves the shop", async () => {
    const path = `${items}/cap`;
    const before = await typed(path, {});
    expect(before).toMatchObject({ "v.0.name": "Small", "v.1.price": "22.50", "v.0.stock": "0" });
    const wrong = {
      ...before,
      "v.0.name": "",
      "v.1.price": "much",
      "v.2.name": "Huge",
      "v.0.stock": "-1",
      "v.1.cost": "-1",
    };
    expect(await refusalsOf(await post(path, wrong))).toEqual({
      "v.0.name": "Name of the size must not be empty where there are several",
      "v.0.stock": "Stock must be a whole number, or empty for as many as anybody wants",
      "v.1.cost": "Cost must be an amount such as 25 or 25.50",
      "v.1.price": "Price must be an amount such as 25 or 25.50",
      "v.2.price": "Price must not be empty",
    });
    expect((await post(path, { ...before, "v.0.archived": "yes" })).status).toBe(303);
    expect(texts(await page("/campaigns/caps"), ".variant label")).toHaveLength(1);
    expect(await refusalsOf(await post(`${items}/new`, { name: "Cap", "v.0.price": "5" }))).toEqual({
      slug: "Address must be one that no other item here has",
    });
    expect(await refusalsOf(await post(`${items}/new`, { name: "" }))).toMatchObject({
      name: "Name must not be empty",
      "v.0.price": "Price must not be empty",
    });
  });

  test("what a size costs the seller is kept apart from its price, and shown to nobody who buys", async () => {
    const path = `${items}/cap`;
    const open = async (): Promise<Record<string, string>> => await typed(path, {});
    expect(await open()).toMatchObject({ "v.0.name": "Large", "v.0.cost": "" });
    await post(path, await typed(path, { "v.0.cost": "8.40" }));
    expect(await open()).toMatchObject({ "v.0.price": "22.50", "v.0.cost": "8.40", "v.1.cost": "" });
    expect(text(await page("/campaigns/caps"), "main")).not.toContain("8.40");
    await post(path, await typed(path, { "v.0.cost": "" }));
    expect(await open()).toMatchObject({ "v.0.cost": "0" });
  });

  test("an item's sizes are moved, and stand so in the shop", async () => {
    await post(`${items}/new`, {
      name: "Scarf",
      "v.0.name": "Short",
      "v.0.price": "9",
      "v.1.name": "Long",
      "v.1.price": "12",
    });
    const path = `${items}/scarf`;
    expect(texts(await page(path), ".setting-list .setting-name")).toEqual(["Short", "Long"]);
    const moved = await post(`${desk}/order`, {
      kind: "variant",
      id: await idOf("variant", "caps/scarf/long"),
      way: "up",
    });
    expect(moved.headers.get("location")).toBe(`${path}?done=moved`);
    expect(texts(await page(path), ".setting-list .setting-name")).toEqual(["Long", "Short"]);
    expect(await typed(path, {})).toMatchObject({ "v.0.name": "Long", "v.1.name": "Short" });
    const shop = text(await page("/campaigns/caps"), "main");
    expect(shop.indexOf("Long")).toBeLessThan(shop.indexOf("Short"));
  });

  test("is not put back on the shelf by a form that was opened before it was sold", async () => {
    const path = `${items}/cap`;
    const opened = await typed(path, { "v.1.stock": "5", "v.1.archived": "" });
    expect(opened["v.1.slug"]).toBe("small");
    await post(path, opened);
    const again = await typed(path, { name: "Cap of wool" });
    expect((await post("/campaigns/caps/order", { "q.cap.small": "2", gift: "0" })).status).toBe(303);
    expect((await post(path, again)).status).toBe(303);
    expect(await typed(path, {})).toMatchObject({ name: "Cap of wool", "v.0.stock": "3" });
    await post(path, await typed(path, { "v.0.stock": "10" }));
    expect(await typed(path, {})).toMatchObject({ "v.0.stock": "10" });
  });

  test("is refused without a fund, or with days that run backwards", async () => {
    const wrong = { ...campaign, through: "nothing at-all", startsOn: "2026-05-01", endsOn: "2026-04-01" };
    expect(await refusalsOf(await post(`${desk}/campaigns/new`, wrong))).toMatchObject({
      through: "Sold for must be chosen",
      endsOn: "Last day must not be before the first day",
    });
  });
});

describe("an organisation", () => {
  test("is made with an account and a general fund, and its colour is on the pages", async () => {
    const settings = await readSettings(service.deps.sql);
    expect(settings.account.map(({ subject }) => subject)).toEqual(["main", "other"]);
    expect(settings.fund.find(({ subject }) => subject === "other-general")?.state.generalOf).toBe("other");
    const path = `${desk}/organisations/house`;
    await post(path, await typed(path, { accent: "#ffee00", registrationNumber: "12345 RR 0001" }));
    const home = await (await get("/")).text();
    expect(home).toContain("/accent/ffee00.css");
    expect(home).toContain("12345 RR 0001");
    const style = await get("/accent/ffee00.css");
    expect(style.headers.get("content-type")).toBe("text/css; charset=utf-8");
    expect(await style.text()).toMatch(/^:root \{ --accent: light-dark\(#[0-9a-f]{6}, #ffee00\)/u);
  });

  test("takes another time zone from a day on, and the page says which held until when", async () => {
    const path = `${desk}/organisations/house`;
    const [was = ""] = [(await typed(path, {}))["timeZone"]];
    expect((await post(path, await typed(path, { timeZone: "Asia/Baku", timeZoneSince: "2031-03-01" }))).status).toBe(
      303,
    );
    const hint = "In force: America/Toronto, then Asia/Baku from 1 March 2031.";
    expect((await page(path)).body.textContent).toContain(hint);
    expect((await page(`${desk}/organisations`)).body.textContent).toContain("Asia/Baku from 1 March 2031");
    await post(path, await typed(path, { timeZone: was, timeZoneSince: "2031-03-01" }));
    expect((await page(path)).body.textContent).not.toContain("Asia/Baku");
  });

  test("is refused field by field", async () => {
    const path = `${desk}/organisations/house`;
    const wrong = await typed(path, {
      timeZone: "Nowhere/City",
      accent: "red",
      currency: "dollars",
      languages: "English",
    });
    expect(await refusalsOf(await post(path, wrong))).toMatchObject({
      timeZone: "Time zone must be a time zone such as America/Toronto",
      accent: "Accent colour must be a colour such as #8f1d3a",
      currency: "Currency must be three capital letters, such as CAD",
      languages: "Languages must be codes such as en or fr-CA",
    });
    expect(
      await refusalsOf(await post(`${desk}/organisations/new`, await typed(path, { name: "House" }))),
    ).toMatchObject({
      slug: "Address must be one that nothing else has",
    });
  });

  test("has its accounts named and added to", async () => {
    const path = `${desk}/accounts`;
    expect((await post(`${path}/main`, { name: "Chequing", settlesIn: "CAD" })).status).toBe(303);
    expect(texts(await page(path), ".setting-name")).toEqual(["Chequing", "other"]);
    expect((await post(`${path}/new`, { organisation: "house", slug: "second", name: "", settlesIn: "" })).status).toBe(
      303,
    );
    expect(
      await refusalsOf(await post(`${path}/new`, { organisation: "nobody", slug: "main", name: "" })),
    ).toMatchObject({
      organisation: "Organisation must be chosen",
      slug: "Address must be one that nothing else has",
    });
  });
});

describe("words", () => {
  const path = `${desk}/words`;

  test("of staff stand in place of ours until they are taken away, in the trail too", async () => {
    const ours = text(await page("/"), "h1");
    const own = {
      "funds-heading": "What we did together",
      "funds-lead": "",
      "shop-lead": "",
      "thank-you": "Sağ olun!",
    };
    expect((await post(path, own)).status).toBe(303);
    expect(text(await page("/"), "h1")).toBe("What we did together");
    expect(text(await page(`${desk}/changes?kind=words`), "main")).toContain("What we did together");
    expect(await refusalsOf(await post(path, { ...own, "funds-heading": "x".repeat(81) }))).toEqual({
      "funds-heading": "Heading of the front page must have at most 80 characters",
    });
    await post(path, { ...own, "funds-heading": "" });
    expect(text(await page("/"), "h1")).toBe(ours);
  });

  test("are written in each language of an organisation, and each reader gets theirs where there are some", async () => {
    expect((await get(`${path}?language=fr`)).status).toBe(404);
    const own = `${desk}/organisations/other`;
    expect((await post(own, await typed(own, { languages: "en, fr-CA, az" }))).status).toBe(303);
    expect(texts(await page(path), "main nav.periods a")).toEqual(["English", "French (Canada)", "Azerbaijani"]);
    const saved = await post(
      `${path}?language=fr-CA`,
      await typed(`${path}?language=fr-CA`, { "funds-heading": "Nos dons" }),
    );
    expect(saved.headers.get("location")).toBe(`${path}?language=fr-CA&done=saved`);
    await post(`${path}?language=az`, await typed(`${path}?language=az`, { "funds-lead": "Hər ianə görünür." }));

    const ours = text(await page("/"), "h1");
    const read = async (query: string, languages?: string) => {
      const headers: Record<string, string> = languages === undefined ? {} : { "accept-language": languages };
      const answer = await service.app.request(`/${query}`, { headers });
      const document = await render(await answer.text());
      const [heading, lead] = ["h1", "main > .lead"].map((place) => document.querySelector(place));
      return {
        vary: answer.headers.get("vary"),
        heading: heading?.textContent,
        lang: heading?.getAttribute("lang"),
        lead,
      };
    };
    expect(await read("", "fr-CA,fr;q=0.9,en;q=0.5")).toMatchObject({ heading: "Nos dons", lang: "fr-CA" });
    expect(await read("?lang=fr-CA", "en")).toMatchObject({ heading: "Nos dons" });
    expect(await read("", "en-CA,fr-CA;q=0.9")).toMatchObject({ heading: ours, lang: null });
    expect(await read("?lang=<script>", "xx-!, *")).toMatchObject({ heading: ours, lang: null });
    const both = await read("", "az, fr-CA;q=0.8");
    expect([both.heading, both.lead?.textContent, both.lead?.getAttribute("lang")]).toEqual([
      "Nos dons",
      "Hər ianə görünür.",
      "az",
    ]);
    expect((await read("")).vary).toContain("accept-language");
  });

  test("are everybody's, so that nobody of one organisation writes them", async () => {
    const one = await signIn(service.deps.sql, [{ role: "admin", organisationId: 1n }]);
    expect((await get(path, one)).status).toBe(404);
    expect((await post(path, { "funds-heading": "Mine" }, one)).status).toBe(404);
  });
});

describe("a sorting rule", () => {
  test("is shown with what it would sort before it is made", async () => {
    const rule = { account: "main", description: "Dues", becomes: "other income" };
    const preview = await post(`${desk}/rules/new`, rule);
    const document = await render(await preview.text());
    expect(text(document, ".preview")).toContain("No payment so far would be sorted anew");
    const confirmed = fieldsOf(document, "form.setting");
    expect(confirmed).toMatchObject({ ...rule, confirmed: "0" });
    expect(await refusalsOf(await post(`${desk}/rules/new`, { ...confirmed, confirmed: "7" }))).toMatchObject({
      form: "Other payments have come meanwhile. Look again before you confirm.",
    });
    expect((await post(`${desk}/rules/new`, confirmed)).status).toBe(303);
    expect(texts(await page(`${desk}/rules`), ".setting-name")).toEqual(["“Dues”"]);
    expect(await refusalsOf(await post(`${desk}/rules/new`, rule))).toMatchObject({
      description: "Description of the payment must be one that has no rule yet",
    });
    const other = { ...rule, description: "Rent", becomes: "gift other-general" };
    expect(await refusalsOf(await post(`${desk}/rules/new`, other))).toMatchObject({
      becomes: "It becomes must be a fund of this account",
    });
    expect((await post(`${desk}/rules/${await idOf("sorting rule", "main: Dues")}/remove`, {})).status).toBe(303);
  });
});

describe("two people with one form", () => {
  test("the later one is told what it says now, loses nothing that was typed, and may save all the same", async () => {
    for (const [path, field, label] of [
      [`${desk}/funds/families`, "restriction", "What it is for, as the law sees it"],
      [`${desk}/organisations/other`, "contact", "Contact"],
      [`${desk}/accounts/main`, "name", "Name"],
      [`${desk}/campaigns/caps`, "remark", "A remark below its texts"],
      [`${desk}/campaigns/caps/items/scarf`, "description", "Description"],
      [`${desk}/words`, "thank-you", "Thanks"],
    ] as const) {
      const [mine, theirs] = [await typed(path, { [field]: "mine" }), await typed(path, { [field]: "theirs" })];
      expect((await post(path, theirs)).status).toBe(303);
      const refused = await post(path, mine);
      expect(refused.status, label).toBe(422);
      const document = await render(await refused.text());
      expect(text(document, ".error-summary"), label).toMatch(
        /Somebody else changed this while you did: [^.]* is now “theirs”\. What you typed is still here/u,
      );
      const again = fieldsOf(document, "form.setting");
      expect(again[field]).toBe("mine");
      expect((await post(path, again)).status).toBe(303);
      expect(await typed(path, {})).toMatchObject({ [field]: "mine" });
    }
  });

  test("what has a button of its own is no change of the form", async () => {
    const path = `${desk}/funds/families`;
    const opened = await typed(path, { remark: "Seen." });
    await post(`${desk}/order`, { kind: "fund", id: await idOf("fund", "families"), way: "down" });
    expect((await post(path, opened)).status).toBe(303);
    await post(`${desk}/order`, { kind: "fund", id: await idOf("fund", "families"), way: "up" });
  });
});

describe("a picture", () => {
  const upload = async (bytes: Uint8Array<ArrayBuffer>, type: string, shows = "A book"): Promise<Response> => {
    const body = new FormData();
    body.set("picture", new File([bytes], "picture", { type }));
    body.set("shows", shows);
    return await service.app.request(`${desk}/funds/families/picture`, {
      method: "POST",
      body,
      headers: { ...service.admin.headers, origin: baseUrl, "sec-fetch-site": "same-origin" },
    });
  };

  test("is shown on the fund's page, kept for ever by browsers, and never taken for anything else", async () => {
    expect((await upload(png(40, 30), "image/png")).status).toBe(303);
    const image = (await page("/funds/families")).querySelector<HTMLImageElement>("img.picture");
    expect([image?.alt, image?.width, image?.height]).toEqual(["A book", 40, 30]);
    const served = await service.app.request(image?.getAttribute("src") ?? "");
    expect(served.headers.get("content-type")).toBe("image/png");
    expect(served.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(served.headers.get("x-content-type-options")).toBe("nosniff");
    expect(new Uint8Array(await served.arrayBuffer())).toEqual(png(40, 30));
    await post(`${desk}/funds/families/picture/remove`, {});
    expect((await page("/funds/families")).querySelector("img.picture")).toBeNull();
    expect((await get(`/pictures/${"0".repeat(32)}`)).status).toBe(404);
  });

  const html = new TextEncoder().encode("<script>alert(1)</script>".padEnd(100));
  test.each<[string, Uint8Array<ArrayBuffer>, string, string]>([
    ["a page that says it is a picture", html, "image/png", "This is no PNG, JPEG or WebP picture"],
    ["a picture that says it is a page", png(4, 4), "text/html", "The file says it is of another type than it is"],
    ["a PNG that says it is a JPEG", png(4, 4), "image/jpeg", "The file says it is of another type than it is"],
    ["a picture of no size", png(0, 4), "image/png", "This is no PNG, JPEG or WebP picture"],
    ["one of too many pixels", png(7000, 4), "image/png", "The picture has more than 6,000 pixels on a side"],
    [
      "one of more than 300 kB",
      png(4, 4, 308_000),
      "image/png",
      "The picture is larger than 300 kB. Make it smaller and try again",
    ],
    ["nothing", new Uint8Array(), "image/png", "Choose a picture"],
  ])("is refused when it is %s", async (_, bytes, type, refusal) => {
    const before = await changeCount();
    expect(await refusalsOf(await upload(bytes, type))).toMatchObject({ picture: refusal });
    expect(await changeCount()).toBe(before);
  });

  test("is refused without words, as another form, and when it is far too large", async () => {
    expect(await refusalsOf(await upload(png(4, 4), "image/png", " "))).toMatchObject({
      shows: "Say in a few words what the picture shows",
    });
    expect((await post(`${desk}/funds/families/picture`, { shows: "x" })).status).toBe(415);
    expect((await upload(png(4, 4, 600_000), "image/png")).status).toBe(413);
  });
});

describe("who may change what", () => {
  const forms = [
    `${desk}/funds/families`,
    `${desk}/funds/families/address`,
    `${desk}/campaigns/pins`,
    `${desk}/campaigns/pins/promise`,
    `${desk}/campaigns/pins/items/new`,
    `${desk}/campaigns/pins/items/pin`,
    `${desk}/organisations/house`,
    `${desk}/accounts/main`,
  ];

  test("a reviewer sees the lists and changes nothing", async () => {
    for (const room of ["", "/organisations", "/accounts", "/funds", "/campaigns", "/rules", "/changes"]) {
      const answer = await get(`${desk}${room}`, reviewer);
      expect([room, answer.status]).toEqual([room, 200]);
      expect(await answer.text()).not.toContain(`action="${desk}/archive"`);
    }
    const before = await changeCount();
    for (const path of [...forms, `${desk}/archive`, `${desk}/order`])
      expect([path, (await post(path, { name: "x", slug: "x" }, reviewer)).status]).toEqual([path, 403]);
    expect(await changeCount()).toBe(before);
  });

  test("whoever is of another organisation finds none of it, and sees none of its changes", async () => {
    const before = await changeCount();
    for (const path of forms) {
      const { status } = await post(path, { name: "x", slug: "x" }, stranger);
      expect([path, [403, 404].includes(status)]).toEqual([path, true]);
    }
    const buttons: [SettingKind, string][] = [
      ["fund", "families"],
      ["campaign", "pins"],
      ["item", "pins/pin"],
      ["organisation", "house"],
      ["account", "main"],
    ];
    for (const [kind, subject] of buttons) {
      const fields = { kind, id: await idOf(kind, subject), archived: "yes", way: "up" };
      expect((await post(`${desk}/archive`, fields, stranger)).status).toBe(404);
      expect((await post(`${desk}/order`, fields, stranger)).status).toBe(404);
    }
    expect(await changeCount()).toBe(before);
    expect(texts(await page(`${desk}/funds`, stranger), ".setting-name")).toEqual([
      expect.stringContaining("Other general fund"),
    ]);
    expect(text(await page(`${desk}/changes`, stranger), "main")).not.toContain("families");
  });

  test("a treasurer's new fund is paid into an account of their own organisation only", async () => {
    const fund = {
      name: "Mine",
      description: "Mine.",
      receives: "main",
      lasting: "yes",
      public: "yes",
      bearsFees: "yes",
    };
    expect(await refusalsOf(await post(`${desk}/funds/new`, fund, stranger))).toMatchObject({
      receives: "Online gifts are paid into must be chosen",
    });
    expect((await post(`${desk}/funds/new`, { ...fund, receives: "other" }, stranger)).status).toBe(303);
    const { sql } = service.deps;
    const settings = await readSettings(sql);
    const staff = {
      id: stranger.id,
      name: "s",
      memberships: [{ role: "treasurer", organisationId: 2n, fundId: null }],
    } as const;
    expect(
      settingsFor({ ...staff, memberships: [...staff.memberships] }, settings, "fund").map(({ subject }) => subject),
    ).toContain("mine");
  });

  test("what names nothing, or no way to go, is refused", async () => {
    const id = await idOf("fund", "families");
    for (const fields of [
      {},
      { kind: "fund", id: "x" },
      { kind: "promise", id: "1" },
      { kind: "constructor", id: "1" },
    ])
      expect((await post(`${desk}/order`, fields)).status).toBe(404);
    expect((await post(`${desk}/order`, { kind: "fund", id, way: "sideways" })).status).toBe(400);
    expect((await post(`${desk}/archive`, { kind: "fund", id, archived: "perhaps" })).status).toBe(400);
    expect((await get(`${desk}/funds/no-such`)).status).toBe(404);
    expect((await get(`${desk}/rules/abc`)).status).toBe(404);
  });
});

describe("the list of changes", () => {
  test("says who changed what, before and after, by kind and page by page", async () => {
    const path = `${desk}/funds/families`;
    await post(path, await typed(path, { name: "Families first" }));
    const document = await page(`${desk}/changes?kind=fund`);
    const [newest] = document.querySelectorAll(".change");
    expect(newest === undefined ? "" : text(newest, "h2")).toBe("fund families changed");
    expect(newest === undefined ? "" : text(newest, "dl")).toContain("Families → Families first");
    expect(text(document, ".seal")).toMatch(/Newest seal: change \d+, [0-9a-f]{64}/u);
    for (let n = 0; n < 51; n += 1)
      await service.deps.sql`select record_change('{"id":"x","name":"X"}', 'made', 'pebble', ${`p-${n}`}, null, '{}')`;
    const first = await page(`${desk}/changes?kind=pebble`);
    expect(first.querySelectorAll(".change")).toHaveLength(50);
    const older = [...first.querySelectorAll("a")].find((link) => link.textContent.trim() === "Older changes");
    const second = await page(older?.getAttribute("href") ?? "");
    expect(texts(second, ".change h2")).toEqual(["pebble p-0 made"]);
  });
});

describe("hostile text", () => {
  /** What a page has that could do something: nothing of it may come from what somebody typed. */
  const dangers = (document: Document): string[] => [
    ...[...document.querySelectorAll("script, iframe, object, embed, style, base, meta[http-equiv], svg[onload]")]
      .filter((element) => element.tagName !== "SCRIPT" || element.textContent !== "")
      .map((element) => element.outerHTML),
    ...[...document.querySelectorAll("*")]
      .filter((element) => element.getAttributeNames().some((name) => name.startsWith("on") || name === "style"))
      .map((element) => element.outerHTML),
    ...[...document.querySelectorAll("[href], [src], [action]")]
      .flatMap((element) => ["href", "src", "action"].map((name) => element.getAttribute(name) ?? ""))
      .filter((address) => /^\s*(?:javascript|data|vbscript):/iu.test(address)),
    ...[...document.querySelectorAll("img")]
      .map((image) => image.getAttribute("src") ?? "")
      .filter((source) => !source.startsWith("/pictures/")),
  ];

  const forms: [string, string[]][] = [
    [`${desk}/organisations/other`, ["name", "legalName", "address", "contact", "registrationNumber"]],
    [`${desk}/accounts/other`, ["name"]],
    [`${desk}/funds/families`, ["name", "description", "restriction", "remark"]],
    [`${desk}/campaigns/pins`, ["name", "description", "remark"]],
    [`${desk}/campaigns/pins/promise`, ["wording"]],
    [`${desk}/campaigns/pins/items/shirt`, ["name", "description", "v.0.name"]],
    [`${desk}/words`, ["funds-heading", "funds-lead", "shop-lead", "thank-you"]],
  ];
  const before = new Map<string, Record<string, string>>();
  beforeAll(async () => {
    for (const [path] of forms) before.set(path, await typed(path, {}));
  });
  /** Taken or refused in words, and nothing in the answer that could do something. */
  const told = async (path: string, fields: Record<string, string>): Promise<unknown> => {
    const answer = await post(path, fields);
    return [[303, 422].includes(answer.status), dangers(await render(await answer.text()))];
  };

  test.each(hostileTexts)("%j is only text, in every field and on every page that shows it", async (hostile) => {
    for (const [path, names] of forms)
      expect(
        await told(path, { ...before.get(path), ...Object.fromEntries(names.map((name) => [name, hostile])) }),
      ).toEqual([true, []]);
    for (const path of [
      "/",
      "/funds/families",
      "/campaigns/pins",
      ...forms.map(([form]) => form),
      ...["/organisations", "/accounts", "/funds", "/campaigns", "/changes"].map((room) => desk + room),
    ])
      expect([path, dangers(await page(path))]).toEqual([path, []]);
  });

  test("is only text in the answer of a form that was not taken, also where a choice was asked for", async () => {
    for (const hostile of hostileTexts)
      for (const [path] of forms)
        expect(
          await told(path, Object.fromEntries(Object.keys(before.get(path) ?? {}).map((name) => [name, hostile]))),
        ).toEqual([true, []]);
  });

  test("in an address or a button finds nothing and breaks nothing", async () => {
    for (const hostile of hostileTexts) {
      const named = encodeURIComponent(hostile);
      const answers = await Promise.all([
        get(`${desk}/funds/${named}`),
        get(`/funds/${named}`),
        get(`/campaigns/${named}`),
        get(`/pictures/${named}`),
        get(`/accent/${named}.css`),
        post(`${desk}/order`, { kind: hostile, id: hostile, way: hostile }),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404, 404]);
      const changes = await get(`${desk}/changes?kind=${named}&before=${named}`);
      expect(changes.status).toBe(200);
      expect(dangers(await render(await changes.text()))).toEqual([]);
    }
  });
});
