import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { openBrowser, type Look, type TestBrowser } from "./browser.ts";
import { openService, payAtStripe, type BrowserService } from "./house.ts";

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

const openShop = async (look?: Look): Promise<Page> => await browser.open(`${service.url}/campaigns/shop`, look);
const quantity = (page: Page, name: string) => page.getByRole("spinbutton", { name, exact: true });
const pay = (page: Page) => page.getByRole("button", { name: /^Pay|^Go to payment/u });
const linesOf = async (page: Page, selector: string): Promise<string[]> =>
  (await page.locator(selector).allInnerTexts()).map((text) => text.replace(/\s+/gu, " ").trim());
const campaign = async () =>
  (await (await fetch(`${service.url}/api/campaigns/shop`)).json()) as { unitsSold: number; grossMinor: number };

test("two pins and a shirt with a gift on top: the same sums in the shop, at Stripe, in thanks and in the totals", async () => {
  const page = await openShop({ screen: "phone" });
  const sums = async () => await linesOf(page, ".order-sum > div");
  expect(await pay(page).innerText()).toBe("Go to payment");
  const morePins = page.getByRole("button", { name: "One more: Pin: How many" });
  await morePins.click();
  await morePins.click();
  await morePins.click();
  await page.getByRole("button", { name: "One fewer: Pin: How many" }).click();
  await quantity(page, "Shirt: Black, L").fill("1");
  await page.getByLabel("$50").check();
  expect(await sums()).toEqual(["Goods $35.00", "Gift $50.00", "Shipping $7.00", "Total $92.00"]);
  await page.getByText("Total $92.00").waitFor({ state: "attached" });
  expect(await pay(page).innerText()).toBe("Pay $92.00");
  await page.getByLabel("With my name").check();
  await pay(page).click();

  await page.waitForURL("**/sandbox/pay/**");
  expect(await linesOf(page, ".lines li")).toEqual([
    "Pin Quantity 2 $10.00",
    "Shirt, Black, L $25.00",
    "Gift to Families fund $50.00",
    "Shipping $7.00",
    "Total $92.00 CAD",
  ]);
  await payAtStripe(page, { name: "Rashad Guliyev", email: "rashad@example.org", city: "Ottawa" });
  await page.getByText("Your gift of $50.00 to Families fund is recorded.").waitFor();
  expect(await linesOf(page, "#paid tr")).toEqual([
    "What Pieces Amount",
    "Pin 2 $10.00",
    "Shirt, Black, L 1 $25.00",
    "Shipping $7.00",
    "Gift to Families fund $50.00",
    "Paid $92.00",
  ]);
  expect(await service.fund("families")).toMatchObject({ raisedMinor: 5000, gifts: 1, donors: 1, supporters: 1 });
  expect(await campaign()).toMatchObject({ unitsSold: 3, grossMinor: 3500 });
});

test("works with JavaScript off: no total is promised that could be wrong, and Stripe shows the right one", async () => {
  const before = await campaign();
  const page = await openShop({ script: false });
  expect(await page.locator(".order-sum").isVisible()).toBe(false);
  await page.getByText("The next page at Stripe shows the total before you pay.").waitFor();
  await pay(page).click();
  await page.getByRole("link", { name: "Choose at least one piece" }).waitFor();
  await quantity(page, "Pin: How many").fill("2");
  await quantity(page, "Shirt: Black, M").fill("1");
  await page.getByLabel("Another amount").fill("5");
  await pay(page).click();
  await page.waitForURL("**/sandbox/pay/**");
  expect(await page.locator(".total").innerText()).toBe("$47.00");
  await payAtStripe(page, { name: "Nigar", email: "nigar@example.org", city: "Toronto" });
  await page.waitForURL("**/thanks/**");
  await service.settle();
  expect(await campaign()).toMatchObject({ unitsSold: before.unitsSold + 3, grossMinor: before.grossMinor + 3500 });
});

test("what only buys is no donor: a sticker makes a supporter and raises nothing", async () => {
  const before = await service.fund("families");
  const page = await browser.open(`${service.url}/campaigns/stickers`);
  // Whoever opens the page of a single thing wants it.
  expect(await pay(page).innerText()).toBe("Pay $3.00");
  await pay(page).click();
  await payAtStripe(page, { name: "Samir", email: "samir@example.org" });
  await page.getByText("Your order is recorded.").waitFor();
  expect(await service.fund("families")).toEqual({ ...before, supporters: before.supporters + 1 });
});

test("every refusal stands beside its field, and what was typed and chosen is kept", async () => {
  const page = await openShop();
  await quantity(page, "Pin: How many").fill("100");
  await quantity(page, "Shirt: Black, M").fill("2");
  await page.getByLabel("Another amount").fill("1.005");
  await page.getByLabel("E-mail").fill("leyla@");
  await page.getByLabel("Without my name").check();
  await pay(page).click();
  await page.locator(".error-summary:focus").waitFor();
  const refusals = [
    ["q.pin.only", "100", "At most 99 of each. For more, please write to us"],
    ["giftOther", "1.005", "Type at most 2 decimals, such as 25.50"],
    ["email", "leyla@", "Type an e-mail address such as name@example.org, or leave it empty"],
  ] as const;
  for (const [id, typed, says] of refusals) {
    const input = page.locator(`[id="${id}"]`);
    expect(await input.inputValue()).toBe(typed);
    expect(await input.getAttribute("aria-invalid")).toBe("true");
    expect(await page.locator(".wrong").filter({ has: input }).locator(".error").innerText()).toBe(says);
    await page.locator(".error-summary").getByRole("link", { name: says }).click();
    expect(await input.evaluate((element) => element === document.activeElement)).toBe(true);
  }
  expect(await quantity(page, "Shirt: Black, M").inputValue()).toBe("2");
  expect(await page.getByLabel("Without my name").isChecked()).toBe(true);
});

test("whoever comes back from Stripe without paying is told so in the shop", async () => {
  const page = await openShop();
  await quantity(page, "Pin: How many").fill("1");
  await pay(page).click();
  await page.getByRole("link", { name: "Come back without paying" }).click();
  await page.getByText("You came back without paying. Nothing was taken.").waitFor();
  expect(new URL(page.url()).pathname).toBe("/campaigns/shop");
});
