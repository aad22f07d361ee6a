import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { openBrowser, type Look, type TestBrowser } from "./browser.ts";
import { faultsOf } from "./look.ts";
import { openService, payAtStripe, type BrowserService, type Payer } from "./house.ts";

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

/** Gives $25.00 to a fund, once or again and again, up to the thank-you page. */
async function giveTo(slug: string, often: "Once" | "Monthly" | "Yearly", payer: Payer, look?: Look): Promise<Page> {
  const page = await browser.open(`${service.url}/funds/${slug}`, look);
  await page.getByLabel(often).check();
  await page.getByLabel("$25", { exact: true }).check();
  await page.getByLabel("Without my name").check();
  await page.getByRole("button", { name: /^Give/u }).click();
  await payAtStripe(page, payer);
  await page.waitForURL("**/thanks/**");
  return page;
}

const openBoard = async (): Promise<Page> => await browser.open(`${service.url}/board`, { as: service.admin });
const bar = (board: Page) => board.locator("[data-proof]");

describe("a monthly gift", () => {
  test(
    "is begun on a phone, thanked for, shown as monthly, and comes again by itself",
    { timeout: 60_000 },
    async () => {
      const before = await service.fund("youth");
      const page = await browser.open(`${service.url}/funds/youth`, { screen: "phone" });
      await page.getByLabel("Monthly").check();
      await page.getByText("Taken today and then every month until you stop it").waitFor();
      await page.getByLabel("$25", { exact: true }).check();
      await page.getByLabel("With my name").check();
      expect(await page.getByRole("button", { name: /^Give/u }).innerText()).toBe("Give $25.00 every month");
      expect(await faultsOf(page)).toEqual({});
      await page.getByRole("button", { name: /^Give/u }).click();
      await page.getByRole("button", { name: "Pay $25.00 every month" }).waitFor();
      await payAtStripe(page, { name: "Leyla Mammadova", email: "leyla@example.org" });
      await page.getByText("Your monthly gift of $25.00 to Youth fund has begun").waitFor();
      expect(await page.locator("main").innerText()).toContain("To change or stop it, write to second@example.org.");
      expect(await faultsOf(page)).toEqual({});

      await service.daysLater(32);
      expect(await service.fund("youth")).toMatchObject({
        raisedMinor: before.raisedMinor + 5000,
        gifts: before.gifts + 2,
        donors: before.donors + 1,
      });
      await page.getByRole("link", { name: "See Youth fund" }).click();
      const gifts = page.locator(".gifts li");
      expect(await gifts.count()).toBe(1);
      expect(await gifts.first().innerText()).toMatch(/^Leyla M\. monthly\s+\d+ \w+ \d{4}\s+\$25\.00$/u);
      expect(await faultsOf(page)).toEqual({});
    },
  );

  test("is begun with JavaScript off as well", async () => {
    const page = await giveTo(
      "families",
      "Yearly",
      { name: "Anar Aliyev", email: "anar@example.org" },
      { script: false },
    );
    await service.settle();
    await page.reload();
    expect(await page.locator("main").innerText()).toContain(
      "Your yearly gift of $25.00 to Families fund has begun, and the first payment is recorded.",
    );
  });

  test("whose next payment fails is named on the board as one that is being retried, and nowhere in public", async () => {
    const email = "rashad@example.org";
    await giveTo("families", "Monthly", { name: "Rashad Guliyev", email, card: "declines-later" });
    await service.settle();
    const before = await service.fund("families");
    await service.daysLater(32);

    const board = await openBoard();
    await bar(board).getByText("1 monthly or yearly payment failed and is being retried, next on").waitFor();
    expect(await bar(board).getAttribute("class")).toBe("proof warn");
    expect(await faultsOf(board)).toEqual({});
    expect(await service.fund("families")).toEqual(before);
    const page = await browser.open(`${service.url}/funds/families`);
    expect(await page.locator("main").innerText()).not.toMatch(/failed|retried|Rashad/u);
  });
});

describe("a bank debit", () => {
  test("is counted once the bank has paid, days later, and each page says where it stands", async () => {
    const before = await service.fund("general");
    const page = await giveTo("general", "Once", { name: "Nigar Aliyeva", email: "nigar@example.org", card: "debit" });
    await page.getByText("Your bank will take some days to pay $25.00.").waitFor();
    expect(await faultsOf(page)).toEqual({});
    await service.settle();
    expect(await service.fund("general")).toEqual(before);
    const board = await openBoard();
    await bar(board).getByText("1 bank debit of $25.00 is on the way").waitFor();

    await service.daysLater(5);
    await page.getByText("Your gift of $25.00 to General fund is recorded.").waitFor();
    expect(await service.fund("general")).toMatchObject({ gifts: before.gifts + 1, donors: before.donors + 1 });
    await bar(board).getByText("on the way").waitFor({ state: "detached" });
  });

  test("that the bank does not pay is counted nowhere, and the payer is told", async () => {
    const before = await service.fund("general");
    const payer = { name: "Elvin Huseynov", email: "elvin@example.org", card: "debit-fails" as const };
    const page = await giveTo("general", "Once", payer);
    await page.getByText("Your bank will take some days").waitFor();
    await service.daysLater(5);
    await page.getByText("The payment did not come through, and nothing was counted.").waitFor();
    expect(await service.fund("general")).toEqual(before);
    expect(await faultsOf(page)).toEqual({});
  });
});

describe("a dispute", () => {
  test(
    "lowers the fund on the dashboard at once, and a dispute won back raises it again",
    { timeout: 60_000 },
    async () => {
      await giveTo("second-general", "Once", { name: "Kamran Ismayilov", email: "kamran@example.org" });
      await service.settle();
      const board = await openBoard();
      await board.locator('[data-live-state][data-state="on"]').waitFor();
      const row = board.locator('tr[data-row="fund-second-general"]');
      const figures = async (): Promise<string[]> => (await row.locator("td").allInnerTexts()).slice(0, 3);
      expect(await figures()).toEqual(["$25.00", "$0.00", "$25.00"]);

      const disputed = await service.sandbox?.dispute("second", await chargeOf("kamran@example.org"), {
        reason: "fraudulent",
      });
      await row.getByText("−$25.00").waitFor();
      expect(await figures()).toEqual(["$25.00", "−$25.00", "$0.00"]);
      expect(await row.locator("td").nth(6).innerText()).toBe("0");
      expect(await faultsOf(board)).toEqual({});
      const page = await browser.open(`${service.url}/funds/second-general`);
      expect(await page.locator("#months tfoot td").allInnerTexts()).toEqual(["$0.00"]);
      expect(await page.locator("#how-returned").innerText()).toContain("disputes, which a donor's bank took back");
      expect(await page.locator(".gifts").count()).toBe(0);

      await service.sandbox?.decideDispute("second", disputed?.id ?? "", "won");
      await row.getByText("−$25.00").waitFor({ state: "detached" });
      expect(await figures()).toEqual(["$25.00", "$0.00", "$25.00"]);
    },
  );
});

/** The charge that somebody paid. */
async function chargeOf(email: string): Promise<string> {
  const [found] = await service.sql<{ id: string }[]>`
    select c.id from stripe_charge c join stripe_checkout_session s
      on s.account_id = c.account_id and s.payment_intent = c.payment_intent
    where s.customer_details ->> 'email' = ${email}`;
  return found?.id ?? "";
}
