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
