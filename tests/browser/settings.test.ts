import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
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

const desk = async (path: string, script = true): Promise<Page> =>
  await browser.open(`${service.url}/desk/settings${path}`, { as: service.admin, script });
/** Goes on with Tab until what has this name has the focus. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      const label =
        element instanceof HTMLInputElement ||
        element instanceof HTMLTextAreaElement ||
        element instanceof HTMLSelectElement
          ? element.labels?.[0]
          : null;
      return `${element?.getAttribute("aria-label") ?? ""} ${(label ?? element)?.textContent ?? ""}`.trim();
    });
    if (name.test(focused)) return;
  }
  throw new Error(`Tab never came to ${String(name)}`);
}
/** Goes there with Tab, presses Enter, and waits for the page that comes. */
async function follow(page: Page, name: RegExp): Promise<void> {
  await tabTo(page, name);
  await Promise.all([page.waitForEvent("framenavigated"), page.keyboard.press("Enter")]);
  await page.waitForLoadState();
}
const names = async (page: Page): Promise<string[]> =>
  (await page.locator("ol.setting-list .setting-name a").allInnerTexts()).map((name) => name.trim());

test("a fund, a campaign with an item of two sizes, moved and archived: by keyboard alone", async () => {
  const page = await desk("/funds");
  await follow(page, /^Add a fund/u);
  await tabTo(page, /^Name/u);
  await page.keyboard.type("Books");
  await tabTo(page, /^Description/u);
  await page.keyboard.type("Books for **everybody**.");
  await tabTo(page, /^Suggested amounts/u);
  await page.keyboard.type("10 25 50");
  await follow(page, /^Save/u);
  await page.getByText("Saved.").waitFor();
  await follow(page, /^See its page/u);
  await page.locator(".prose strong", { hasText: "everybody" }).waitFor();

  await page.goto(`${service.url}/desk/settings/campaigns`);
  await follow(page, /^Add a campaign/u);
  await tabTo(page, /^Name/u);
  await page.keyboard.type("Bags");
  await tabTo(page, /^Sold for/u);
  await page.keyboard.type("Books");
  await tabTo(page, /^Description/u);
  await page.keyboard.type("Bags to carry books.");
  await tabTo(page, /^In words/u);
  await page.keyboard.type("All proceeds go to the fund.");
  await follow(page, /^Save/u);
  await follow(page, /^Add an item/u);
  await tabTo(page, /^Name/u);
  await page.keyboard.type("Bag");
  for (const [line, size, price, stock] of [
    [1, "Small", "20", "3"],
    [2, "Large", "24.50", ""],
  ] as const) {
    await tabTo(page, new RegExp(`^Line ${line}: Name`, "u"));
    await page.keyboard.type(size);
    await tabTo(page, new RegExp(`^Line ${line}: Price`, "u"));
    await page.keyboard.type(price);
    await tabTo(page, new RegExp(`^Line ${line}: Stock`, "u"));
    await page.keyboard.type(stock);
  }
  await follow(page, /^Save/u);
  await page.getByText("Small $20.00, 3 left · Large $24.50").waitFor();
  await follow(page, /^See its page/u);
  await page.getByText("All proceeds go to the fund.").waitFor();
  await page.getByRole("spinbutton", { name: /^Bag: Small/u }).waitFor();

  await page.goto(`${service.url}/desk/settings/campaigns`);
  const before = await names(page);
  expect(before.at(-1)).toBe("Bags");
  await follow(page, /^Move Bags up/u);
  await page.getByText("Moved.").waitFor();
  expect((await names(page)).indexOf("Bags")).toBe(before.length - 2);
  await follow(page, /^Archive Bags/u);
  await page.getByText("Archived. What came in stays where it is").waitFor();
  expect(await names(page)).not.toContain("Bags");
});

test("works with JavaScript off: buttons move and archive, and a wrong form says what is wrong", async () => {
  const page = await desk("/funds", false);
  const before = await names(page);
  await page.getByRole("button", { name: `Move ${before[1]} up` }).click();
  expect((await names(page)).slice(0, 2)).toEqual([before[1], before[0]]);
  await page.goto(`${service.url}/desk/settings/funds/new`);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("link", { name: "Name must not be empty" }).click();
  expect(await page.locator("#name").evaluate((element) => element === document.activeElement)).toBe(true);
});

test.each([
  "",
  "/organisations",
  "/organisations/new",
  "/accounts",
  "/funds",
  "/funds/families",
  "/campaigns",
  "/campaigns/new",
  "/campaigns/shop",
  "/campaigns/shop/promise",
  "/campaigns/shop/items/shirt",
  "/rules",
  "/rules/new",
  "/words",
  "/changes",
])("settings%s: axe finds nothing in light and dark, and nothing is wider than its screen", async (path) => {
  const page = await browser.lookAt(`${service.url}/desk/settings${path}`, { as: service.admin });
  expect(await faultsOf(page)).toEqual({});
});
