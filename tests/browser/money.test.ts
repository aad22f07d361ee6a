import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { stripeClient } from "../../src/stripe/client.ts";
import { openBrowser, type TestBrowser } from "./browser.ts";
import { openService, type BrowserService } from "./house.ts";
import { faultsOf } from "./look.ts";

let service: BrowserService;
let browser: TestBrowser;
beforeAll(async () => {
  [service, browser] = await Promise.all([openService(), openBrowser()]);
});
afterEach(async () => {
  await browser.closePages();
  expect([...browser.complaints(), ...service.errors()]).toEqual([]);
});
afterAll(async () => {
  await browser.close();
  await service.close();
});

test("a gift that nobody knew is assigned with one press, corrected, and paid on", async () => {
  await paidElsewhere("Friday bake sale");
  await paidElsewhere("At the fair");
  const page = await browser.open(`${service.url}/desk/review`, { as: service.admin, screen: "phone" });
  expect(await faultsOf(page)).toEqual({});
  await page
    .getByRole("button", { name: /^Send the gift of \$20\.00 of .+ to General fund$/u })
    .first()
    .click();
  await page.getByText("Assigned. Totals, counts and books follow.").waitFor();
  await page.getByRole("heading", { name: "1 gift waits for a fund" }).waitFor();
  await page.getByRole("checkbox").check();
  await page.getByLabel("Fund", { exact: true }).selectOption("families");
  await page.getByRole("button", { name: "Assign what was chosen" }).click();
  await page.getByText("Nothing was assigned: say why.").waitFor();
  expect(await page.getByRole("checkbox").isChecked()).toBe(true);
  await page.getByLabel("Reason", { exact: true }).fill("They told us.");
  await page.getByRole("button", { name: "Assign what was chosen" }).click();
  await page.getByRole("heading", { name: "No gift waits for a fund" }).waitFor();
  expect(await service.fund("families")).toMatchObject({ raisedMinor: 2000, gifts: 1, donors: 1 });

  await page.goto(`${service.url}/desk/gifts?fund=general`);
  await page.getByRole("link", { name: /^Correct the gift of \$20\.00/u }).click();
  expect(await faultsOf(page)).toEqual({});
  await page.getByLabel("Fund", { exact: true }).selectOption("families");
  await page.getByRole("button", { name: "Correct this gift" }).click();
  await page.getByText("Reason must not be empty").first().waitFor();
  await page.getByLabel("Reason", { exact: true }).fill("The form was misread.");
  await page.getByRole("button", { name: "Correct this gift" }).click();
  await page.getByText("Corrected. Totals, counts and books follow.").waitFor();
  expect(await service.fund("families")).toMatchObject({ raisedMinor: 4000, gifts: 2, donors: 2 });

  await page.goto(`${service.url}/desk/money`);
  await page.getByRole("link", { name: "Payment to a beneficiary" }).click();
  expect(await faultsOf(page)).toEqual({});
  await page.getByLabel("Organisation", { exact: true }).selectOption("first");
  await page.getByLabel("Fund", { exact: true }).selectOption("families");
  await page.getByLabel("Amount", { exact: true }).fill("15");
  await page.getByLabel("A person or a family").check();
  await page.getByLabel("Name of who was paid").fill("The M. family");
  await page.getByLabel("What for").fill("Rent");
  const paper = { name: "receipt.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7 receipt") };
  await page.getByLabel("Paper that proves it").setInputFiles(paper);
  await page.getByRole("button", { name: "Record" }).click();
  await page.getByText("Recorded, and posted in the books.").waitFor();
  await page.getByText("to The M. family · Rent").waitFor();
  await page.getByText("2 lines in the books").first().click();
  await page.getByText("6000 Relief paid").waitFor();
  await page.getByText("Void move 1").first().click();
  expect(await faultsOf(page)).toEqual({});
  await page.getByLabel("Why", { exact: true }).fill("Paid twice.");
  await page.getByRole("button", { name: "Void move 1" }).click();
  await page.getByText("voided by move 2").waitFor();
});

test("by keyboard alone: the books begin, a sale at a table is recorded, and unknown money at Stripe is explained", async () => {
  const page = await browser.open(`${service.url}/desk/money/opening/first`, { as: service.admin, screen: "desktop" });
  expect(await faultsOf(page)).toEqual({});
  await typeInto(page, "Books begin on", "2020-01-01");
  await typeInto(page, "General fund: At the bank", "1,250.50", "1000.general");
  await pressOn(page, "Begin the books");
  await page.getByText("The books begin on that day, with what was said.").waitFor();

  await page.goto(`${service.url}/desk/money/new/cash-sale`);
  expect(await faultsOf(page)).toEqual({});
  await pressOn(page, "Record");
  await page.locator(".error-summary").waitFor();
  await page.getByLabel("Campaign and item").focus();
  await page.keyboard.type("Pins and shirts: Pin");
  await typeInto(page, "How many", "3");
  await typeInto(page, "Reason", "At the spring table.");
  await pressOn(page, "Record");
  await page.getByText("Recorded, and posted in the books.").waitFor();

  await service.sandbox?.move("first", { type: "anticipation_repayment", amount: -700 });
  await service.sweep.once("all");
  await service.settle();
  await page.goto(`${service.url}/desk/review`);
  expect(await faultsOf(page)).toEqual({});
  await page.getByRole("checkbox").focus();
  await page.keyboard.press("Space");
  await typeInto(page, "Reason", "Stripe's advance, paid back.");
  await pressOn(page, "Say what it is");
  await page.getByRole("heading", { name: "Nothing is in suspense" }).waitFor();
});

/** Types into a field in place of what stands there, without a mouse. */
async function typeInto(page: Page, label: string, text: string, name?: string): Promise<void> {
  const field = name === undefined ? page.getByLabel(label, { exact: true }).last() : page.locator(`[name="${name}"]`);
  await field.focus();
  await page.keyboard.press("ControlOrMeta+a");
  await ((await field.getAttribute("type")) === "date" ? field.fill(text) : page.keyboard.type(text));
}

async function pressOn(page: Page, button: string): Promise<void> {
  await page.getByRole("button", { name: button, exact: true }).focus();
  await page.keyboard.press("Enter");
}

/** A payment link of Stripe's own, of which our Checkout knows nothing. */
async function paidElsewhere(description: string): Promise<void> {
  const { sandbox } = service;
  if (sandbox === null) throw new Error("Stripe is not played");
  const stripe = stripeClient({ key: sandbox.key("first"), fetch: sandbox.fetch });
  const { id } = await stripe.checkout.sessions.create({
    mode: "payment",
    success_url: `${service.url}/thanks/x`,
    line_items: [{ quantity: 1, price_data: { currency: "cad", unit_amount: 2000, product_data: { name: "Link" } } }],
    payment_intent_data: { description },
  });
  const email = `${description.replaceAll(" ", "-")}@example.org`;
  await sandbox.pay("first", id, { email, name: "A Guest", card: "domestic" });
  await service.settle();
}
