import axe from "axe-core";
import { JSDOM } from "jsdom";
import type Stripe from "stripe";
import { expect, test } from "vitest";
import { gift, monthly, startSandbox } from "./fake.ts";
import type { Fake } from "./fake.ts";

async function open(fake: Fake, more: Parameters<typeof gift>[1] = {}): Promise<{ id: string; path: string }> {
  const { id, url } = await fake.stripe.checkout.sessions.create(gift(2500, more));
  return { id, path: new URL(url ?? "").pathname };
}

const send = (fake: Fake, path: string, fields: Record<string, string>): Response | Promise<Response> =>
  fake.sandbox.app.request(path, { method: "POST", body: new URLSearchParams(fields) });

type Item = Stripe.Checkout.SessionCreateParams.LineItem;
const product_data = { name: "Gift to Families" };
const repeated = (recurring: { interval: "month" | "year"; interval_count?: number }): Item => ({
  quantity: 1,
  price_data: { currency: "cad", unit_amount: 2500, product_data, recurring },
});
const once: Item = { quantity: 1, price_data: { currency: "cad", unit_amount: 500, product_data: { name: "Pin" } } };

const shop = {
  shipping_address_collection: { allowed_countries: ["CA" as const, "US" as const] },
  shipping_options: [{ shipping_rate_data: { display_name: "Post", fixed_amount: { amount: 350, currency: "cad" } } }],
};

test("the page says who is paid, for what and how much, and that no money is real", async () => {
  const fake = startSandbox();
  const { path } = await open(fake, { customer_email: "nigar@example.org", ...shop });
  const response = await fake.sandbox.app.request(path);
  const { document } = new JSDOM(await response.text()).window;
  const text = document.body.textContent?.replaceAll(/\s+/gu, " ") ?? "";
  expect(response.headers.get("cache-control")).toBe("no-store");
  for (const part of [
    "Sandbox: no real money",
    "Pay Alov Foundation",
    "Gift to Families",
    "$25.00",
    "Shipping",
    "$3.50",
    "Pay $28.50",
  ]) {
    expect(text).toContain(part);
  }
  expect(document.querySelector<HTMLInputElement>("#email")?.value).toBe("nigar@example.org");
  const back = [...document.querySelectorAll("a")].find((link) => link.textContent === "Come back without paying");
  expect(back?.href).toBe("http://localhost:8787/funds/families?came-back=1");
});

test.each<[string, Parameters<typeof monthly>[1], string]>([
  ["monthly gift", {}, "Pay $25.00 every month"],
  ["yearly gift", { line_items: [repeated({ interval: "year" })] }, "Pay $25.00 every year"],
  [
    "gift each quarter",
    { line_items: [repeated({ interval: "month", interval_count: 3 })] },
    "Pay $25.00 every 3 months",
  ],
  [
    "monthly gift with a pin on top",
    { line_items: [repeated({ interval: "month" }), once] },
    "Pay $30.00 now, then $25.00 every month",
  ],
])("the button of a %s says how often it is paid", async (_claim, more, says) => {
  const fake = startSandbox();
  const { url } = await fake.stripe.checkout.sessions.create(monthly(2500, more));
  const html = await (await fake.sandbox.app.request(new URL(url ?? "").pathname)).text();
  expect(new JSDOM(html).window.document.querySelector("button")?.textContent).toBe(says);
});

test("nothing on the page needs a script or a style of its own, so a strict policy lets it through", async () => {
  const fake = startSandbox();
  const { path } = await open(fake);
  const html = await (await fake.sandbox.app.request(path)).text();
  expect(html).toMatch(/^<!doctype html>/u);
  expect(html).not.toMatch(/<script|<style|style=|javascript:| on[a-z]+=/u);
  const style = await fake.sandbox.app.request("/sandbox/payment.css");
  expect(style.headers.get("content-type")).toContain("text/css");
});

test("paying leads to the thank-you page of this session, a second time too", async () => {
  const fake = startSandbox();
  const { id, path } = await open(fake);
  const fields = { email: " nigar@example.org ", name: "Nigar Aliyeva", card: "foreign" };
  for (const attempt of [1, 2]) {
    const response = await send(fake, path, fields);
    expect(response.status, `attempt ${attempt}`).toBe(303);
    expect(response.headers.get("location")).toBe(`http://localhost:8787/thanks/${id}`);
  }
  const session = await fake.stripe.checkout.sessions.retrieve(id, { expand: ["payment_intent.latest_charge"] });
  expect(session.customer_details?.email).toBe("nigar@example.org");
  expect(session.payment_intent).toMatchObject({
    latest_charge: { payment_method_details: { card: { country: "US" } } },
  });
  const after = await fake.sandbox.app.request(path);
  expect(await after.text()).toContain("This has been paid");
});

test("a declined card is told in words, and the page stays as it was filled in", async () => {
  const fake = startSandbox();
  const { path } = await open(fake);
  const response = await send(fake, path, { email: "nigar@example.org", name: "Nigar", card: "declined" });
  expect(response.status).toBe(402);
  const { document } = new JSDOM(await response.text()).window;
  expect(document.querySelector("[role=alert]")?.textContent).toContain("Your card was declined.");
  expect(document.querySelector<HTMLInputElement>("#name")?.value).toBe("Nigar");
});

test("what is missing is said beside its field, and nothing is paid", async () => {
  const fake = startSandbox();
  const { id, path } = await open(fake, shop);
  const response = await send(fake, path, { email: "nobody", name: "", card: "domestic", country: "AZ" });
  expect(response.status).toBe(422);
  const { document } = new JSDOM(await response.text()).window;
  const marked = [...document.querySelectorAll("[aria-invalid]")].map((field) => field.id);
  expect(marked).toEqual(["email", "name", "recipient", "line1", "city", "state", "postalCode"]);
  expect((await fake.stripe.checkout.sessions.retrieve(id)).payment_intent).toBeNull();
});

test("the address of a shop order reaches the session", async () => {
  const fake = startSandbox();
  const { id, path } = await open(fake, shop);
  const address = {
    recipient: "Nigar A.",
    line1: "5 Oak St",
    line2: "",
    city: "Ottawa",
    state: "ON",
    postalCode: "K1A 0A1",
    country: "CA",
  };
  const response = await send(fake, path, { email: "nigar@example.org", name: "Nigar", card: "domestic", ...address });
  expect(response.status).toBe(303);
  const { collected_information } = await fake.stripe.checkout.sessions.retrieve(id);
  expect(collected_information?.shipping_details).toEqual({
    name: "Nigar A.",
    address: { line1: "5 Oak St", line2: null, city: "Ottawa", state: "ON", postal_code: "K1A 0A1", country: "CA" },
  });
});

test("a page that has expired, or never was, says so", async () => {
  const fake = startSandbox();
  const { path } = await open(fake);
  fake.pass(86_400);
  const expired = await fake.sandbox.app.request(path);
  expect([expired.status, await expired.text()]).toEqual([410, expect.stringContaining("has expired")]);
  expect((await send(fake, path, { email: "a@b.ca", name: "A", card: "domestic" })).status).toBe(410);
  expect((await fake.sandbox.app.request("/sandbox/pay/cs_test_none")).status).toBe(404);
});

test("a donor's words are shown as text and never as markup", async () => {
  const fake = startSandbox();
  const { path } = await open(fake);
  const response = await send(fake, path, { email: '"><script>alert(1)</script>', name: "<b>x</b>", card: "nonsense" });
  const html = await response.text();
  expect(html).not.toContain("<script>");
  expect(html).not.toContain("<b>x</b>");
});

test.each([
  ["as it opens", {}],
  ["with problems", { email: "", name: "", card: "domestic" }],
])("axe finds nothing wrong with the page %s", async (_, fields) => {
  const fake = startSandbox();
  const { path } = await open(fake, shop);
  const response =
    Object.keys(fields).length === 0 ? await fake.sandbox.app.request(path) : await send(fake, path, fields);
  const dom = new JSDOM(await response.text(), { runScripts: "outside-only" });
  dom.window.eval(axe.source);
  // jsdom lays nothing out, so colours are left to the real browser.
  const found = (await dom.window.eval(
    `axe.run(document, { rules: { "color-contrast": { enabled: false } } })`,
  )) as axe.AxeResults;
  expect(found.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
});
