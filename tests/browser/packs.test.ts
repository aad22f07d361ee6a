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

test("a pack is made from the board, shared by a link that a stranger opens, and taken back", async () => {
  const page = await browser.lookAt(`${service.url}/board?from=2020-01-01&to=2020-12-31`, { as: service.admin });
  await page.getByRole("link", { name: "Make the pack" }).filter({ visible: true }).first().click();
  await page.getByLabel("English and French").check();
  await page.getByLabel("Your note to the board").fill("Little came in, and that was to be expected.");
  await page.getByRole("button", { name: "Make the pack" }).click();
  await page.getByText("The pack is made").waitFor();
  expect(await faultsOf(page)).toEqual({});
  await page.getByRole("button", { name: "Make a link" }).click();
  const address = page
    .getByText(/\/packs\/[\w-]{43}/u)
    .or(page.locator('input[value*="/packs/"]'))
    .first();
  await address.waitFor();
  const link = /\/packs\/[\w-]{43}/u.exec(
    `${await address.innerText()} ${(await address.getAttribute("value")) ?? ""}`,
  );
  const shared = `${service.url}${link?.[0] ?? "/nothing"}`;

  const stranger = await browser.lookAt(shared);
  await stranger.getByText("Little came in, and that was to be expected.").first().waitFor();
  expect(await stranger.locator('meta[name="robots"]').getAttribute("content")).toContain("noindex");
  expect(await faultsOf(stranger)).toEqual({});

  await page.getByRole("button", { name: /take .*back/iu }).click();
  await page.waitForLoadState();
  expect((await fetch(shared)).status).toBe(404);
});
