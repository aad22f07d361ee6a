import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readTotals } from "../../src/db/total.ts";
import { stripeClient } from "../../src/stripe/client.ts";
import { form, openService, type Service } from "./house.ts";

const unreachable = stripeClient({
  key: "sk_test_away",
  fetch: async () => await Promise.reject(new TypeError("no route")),
});

let service: Service;
beforeAll(async () => (service = await openService()));
afterAll(async () => await service.close());

const give = async (fields: Record<string, string>) => await service.app.request("/funds/families/give", form(fields));
const order = async (fields: Record<string, string>) =>
  await service.app.request("/campaigns/pins/order", form(fields));
const sessionOf = (response: Response) =>
  new URL(response.headers.get("location") ?? "").pathname.split("/").at(-1) ?? "";
const orderOf = async (path: string) =>
  /name="order" value="(alm_[0-9a-z]{24})"/u.exec(await (await service.app.request(path)).text())?.[1] ?? "";
const payer = { name: "Ann Example", email: "ann@example.org", card: "domestic" } as const;

describe("giving", () => {
  it("leads from the form over Stripe to the number on the page", async () => {
    const id = await orderOf("/funds/families");
    const answer = await give({
      order: id,
      amount: "5000",
      other: "",
      email: "ann@example.org",
      show: "name",
      note: "Hello",
    });
    expect(answer.status).toBe(303);
    const session = sessionOf(answer);
    await service.sandbox.pay("main", session, payer);
    await service.settle();
    const totals = await readTotals(service.deps.sql, { from: null, to: null, currency: "CAD", who: "public" });
    expect(totals.funds[0]).toMatchObject({ slug: "families", givenMinor: 5000n, gifts: 1, donors: 1 });
    const page = await (await service.app.request("/funds/families")).text();
    expect(page).toContain("Hello");
  });

  it("twice with the same form before paying is the same payment page, and after paying a new one", async () => {
    const fields = { order: await orderOf("/funds/families"), amount: "2500" };
    const first = sessionOf(await give(fields));
    expect(sessionOf(await give(fields))).toBe(first);
    await service.sandbox.pay("main", first, payer);
    await service.settle();
    expect(sessionOf(await give(fields))).not.toBe(first);
  });

  it.each([
    [{}, "Choose an amount or type another one"],
    [{ amount: "other" }, "Choose an amount or type another one"],
    [{ amount: "other", other: "lots" }, "Type the amount as a number"],
    [{ amount: "other", other: "1.2345" }, "Type at most 2 decimals"],
    [{ amount: "other", other: "0.99" }, "The amount must be $1.00 or more"],
    [{ amount: "other", other: "100000.01" }, "The amount must be $100,000.00 or less"],
    [{ amount: "2500", email: "nobody" }, "Type an e-mail address"],
    [{ amount: "2500", note: "x".repeat(141) }, "The note must be 140 characters or fewer"],
  ])("%o is refused in words, and what was typed stays", async (fields: Record<string, string>, words) => {
    const answer = await give({ note: "keep <me>", show: "gift", ...fields });
    const page = await answer.text();
    expect(answer.status).toBe(422);
    expect(page).toContain(words);
    expect(page).toMatch(/id="show-gift"[^>]*checked/u);
    expect(page).toContain(fields["note"] ?? "keep &lt;me&gt;");
    expect(page).toMatch(new RegExp(`name="other"[^>]*value="${fields["other"] ?? ""}"`, "u"));
  });

  it("while Stripe is away answers 503 and loses nothing of what was typed", async () => {
    const away = await openService({
      findAccount: async () => ({
        id: 1n,
        slug: "main",
        stripeAccountId: null,
        webhookSecrets: [],
        stripe: unreachable,
      }),
    });
    const answer = await away.app.request("/funds/families/give", form({ amount: "2500", note: "still here" }));
    const page = await answer.text();
    expect(answer.status).toBe(503);
    expect(page).toContain("Stripe could not be reached");
    expect(page).toContain("still here");
    expect(JSON.stringify(away.logged)).not.toContain("still here");
    await away.close();
  });

  it("to a hidden or unknown fund finds no such page", async () => {
    for (const slug of ["quiet", "nothing"]) {
      expect((await service.app.request(`/funds/${slug}`)).status).toBe(404);
      expect((await service.app.request(`/funds/${slug}/give`, form({ amount: "2500" }))).status).toBe(404);
    }
  });

  it("takes forms only, and only small ones", async () => {
    const json = {
      ...form({}),
      body: "{}",
      headers: { origin: "http://127.0.0.1:8787", "content-type": "application/json" },
    };
    expect((await service.app.request("/funds/families/give", json)).status).toBe(415);
    expect((await give({ amount: "2500", note: "x".repeat(70_000) })).status).toBe(413);
  });

  it("reloaded after a refusal leads back to the form", async () => {
    const answer = await service.app.request("/funds/families/give");
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/funds/families#give"]);
  });
});

describe("the shop", () => {
  it("takes two pins, a shirt and a gift on top in one payment", async () => {
    const before = await readTotals(service.deps.sql, { from: null, to: null, currency: "CAD", who: "public" });
    const answer = await order({
      "q.pin.only": "2",
      "q.shirt.l": "1",
      gift: "other",
      giftOther: "7.50",
      show: "gift",
      note: "",
    });
    expect(answer.status).toBe(303);
    const paid = await service.sandbox.pay("main", sessionOf(answer), { ...payer, shipping: null });
    expect(paid.session.amount_total).toBe(2 * 500 + 2600 + 750 + 1200);
    await service.settle();
    const after = await readTotals(service.deps.sql, { from: null, to: null, currency: "CAD", who: "public" });
    expect((after.funds[0]?.givenMinor ?? 0n) - (before.funds[0]?.givenMinor ?? 0n)).toBe(750n);
    const campaign = await (await service.app.request("/api/campaigns/pins")).json();
    expect(campaign).toMatchObject({ unitsSold: 3, grossMinor: 3600 });
  });

  it.each([
    [{}, "Choose at least one piece"],
    [{ "q.pin.only": "0", gift: "0" }, "Choose at least one piece"],
    [{ "q.pin.only": "-1" }, "Type how many as a whole number"],
    [{ "q.pin.only": "100" }, "At most 99 of each"],
    [{ "q.mug.only": "1" }, "not for sale any more"],
    [{ "q.pin.only": "1", gift: "other", giftOther: "0.50" }, "The amount must be $1.00 or more"],
    [{ "q.pin.only": "1", email: "nobody" }, "Type an e-mail address"],
    [{ "q.pin.only": "1", note: "x".repeat(141) }, "The note must be 140 characters or fewer"],
  ])("refuses %o in words", async (fields: Record<string, string>, words) => {
    const answer = await order(fields);
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain(words);
  });

  it("keeps quantities that were typed", async () => {
    const page = await (await order({ "q.pin.only": "7", "q.shirt.m": "many" })).text();
    expect(page).toMatch(/name="q\.pin\.only"[^>]*value="7"/u);
    expect(page).toMatch(/name="q\.shirt\.m"[^>]*value="many"/u);
  });

  it("of a hidden fund is not there", async () => {
    expect((await service.app.request("/campaigns/whispers")).status).toBe(404);
    expect((await service.app.request("/campaigns/whispers/order", form({ "q.pin.only": "1" }))).status).toBe(404);
  });
});
