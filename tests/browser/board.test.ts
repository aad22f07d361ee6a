import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { openBrowser, type Look, type TestBrowser } from "./browser.ts";
import { openService, payAtStripe, type BrowserService } from "./house.ts";

let service: BrowserService;
let browser: TestBrowser;
beforeAll(async () => {
  [service, browser] = await Promise.all([openService(), openBrowser()]);
  await giveTo("youth", 40, "nigar@example.org");
  await service.settle();
});
afterEach(async () => {
  await browser.closePages();
  expect([...browser.complaints(), ...service.errors()]).toEqual([]);
});
afterAll(async () => {
  await browser.close();
  await service.close();
});

async function giveTo(fund: string, amount: number, email: string): Promise<void> {
  const page = await browser.open(`${service.url}/funds/${fund}`);
  await page.getByLabel("Another amount").fill(String(amount));
  await page.getByRole("button", { name: /^Give/u }).click();
  await payAtStripe(page, { name: "Somebody", email });
  await page.waitForURL("**/thanks/**");
}

type Figures = { givenMinor: number; returnedMinor: number; raisedMinor: number; donors: number };
type Data = { funds: (Figures & { name: string })[]; all: Figures; months: (Figures & { month: string })[] };

const openBoard = async (look?: Look, query = ""): Promise<Page> =>
  await browser.open(`${service.url}/board${query}`, { as: service.admin, ...look });
const money = (minor: number): string =>
  `${minor < 0 ? "−" : ""}$${(Math.abs(minor) / 100).toLocaleString("en-CA", { minimumFractionDigits: 2 })}`;
const rows = async (page: Page, table: string): Promise<string[][]> =>
  await page
    .locator(`table[data-table="${table}"] :is(tbody, tfoot) tr`)
    .evaluateAll((found) =>
      found.map((row) => [...row.children].map((cell) => (cell.querySelector("a, span") ?? cell).textContent)),
    );
const rowOf = async (page: Page, name: string): Promise<string[] | undefined> =>
  (await rows(page, "funds")).find(([first]) => first === name);
const embedded = async (page: Page): Promise<Data> =>
  JSON.parse((await page.locator("#board-data").textContent()) ?? "") as Data;

describe("the dashboard while a gift comes in", () => {
  test("moves without being loaded again: number, table, charts' tables and what is read aloud", async () => {
    const board = await openBoard();
    await board.locator('[data-live-state][data-state="on"]').waitFor();
    const before = await embedded(board);
    const loads: string[] = [];
    board.on("request", (request) => {
      if (request.isNavigationRequest()) loads.push(request.url());
    });
    await board.evaluate(() => Object.assign(window, { still: "here" }));

    await giveTo("families", 123.45, "leyla@example.org");
    const raised = money(before.all.raisedMinor + 12_345);
    await board.locator('[data-live="raised"]', { hasText: raised }).waitFor();
    expect(await board.locator('[data-live="donors"]').innerText()).toBe(String(before.all.donors + 1));
    expect((await rowOf(board, "Families fund"))?.slice(1, 4)).toEqual(["$123.45", "$0.00", "$123.45"]);
    expect((await rowOf(board, "Families fund"))?.[7]).toBe("1");
    const together = await rowOf(board, "All together");
    expect([together?.[3], together?.[7]]).toEqual([raised, String(before.all.donors + 1)]);
    expect((await rows(board, "by-month-table")).at(-1)?.at(-1)).toBe(raised);
    expect((await rows(board, "by-fund-table"))[0]).toEqual(["Families fund", "$123.45"]);
    const aloud = board.locator('[aria-live="polite"][data-announce]');
    await aloud.filter({ hasText: `Raised is now ${raised}, from ${before.all.donors + 1} people.` }).waitFor({
      state: "attached",
    });
    expect([loads, await board.evaluate(() => "still" in window)]).toEqual([[], true]);
  });

  test("keeps the reader's place: what has the focus, and which tables are open", async () => {
    const board = await openBoard();
    await board.locator('[data-live-state][data-state="on"]').waitFor();
    await board.getByText("Show as a table").first().click();
    const link = board.locator('table[data-table="funds"]').getByRole("link", { name: "Youth fund" });
    await link.focus();
    const before = await embedded(board);
    await giveTo("youth", 7, "samir@example.org");
    await board.locator('[data-live="raised"]', { hasText: money(before.all.raisedMinor + 700) }).waitFor();
    expect(await link.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await board.locator('table[data-table="by-month-table"]').isVisible()).toBe(true);
  });

  test("says when the line is cut, and afterwards has what was missed", async () => {
    const board = await openBoard();
    const before = await embedded(board);
    await board.route("**/board/live", async (route) => await route.abort());
    await board.reload();
    await board.getByText("Not connected: trying again").waitFor();
    await giveTo("youth", 8, "samir@example.org");
    await service.settle();
    await board.unroute("**/board/live");
    await board.locator('[data-live="raised"]', { hasText: money(before.all.raisedMinor + 800) }).waitFor();
    expect(await board.locator("[data-live-state]").innerText()).toBe("Live");
    expect(new Set(browser.complaints().map((complaint) => complaint.split(": ")[1]))).toEqual(
      new Set(["Failed to load resource"]),
    );
  });
});

test("a table whose columns go on beyond a phone's screen says so, until it was moved to its end", async () => {
  const board = await openBoard({ screen: "small" });
  const frame = board.locator('.scroll:has(table[data-table="funds"])');
  const shade = async (): Promise<string> => await frame.evaluate((element) => getComputedStyle(element).boxShadow);
  await board.locator('.scroll[data-more]:has(table[data-table="funds"])').waitFor();
  expect(await shade()).toContain("inset");
  await frame.evaluate((element) => (element.scrollLeft = element.scrollWidth));
  await board.locator('.scroll:not([data-more]):has(table[data-table="funds"])').waitFor();
  expect(await shade()).toBe("none");
});

describe("charts", () => {
  test("are drawn, and the table behind each says what the page's own JSON says, to the cent", async () => {
    const board = await openBoard();
    const data = await embedded(board);
    expect(data.months.length).toBeGreaterThan(0);
    await board.locator(".plot.by-fund.drawn").waitFor();
    for (const chart of ["by-month", "by-fund"]) expect(await coloursOf(board, chart)).toBeGreaterThan(2);
    expect(await rows(board, "by-month-table")).toEqual([
      ...data.months.map(({ month, givenMinor, returnedMinor, raisedMinor }) => [
        new Date(`${month}-15`).toLocaleString("en-GB", { month: "long", year: "numeric", timeZone: "UTC" }),
        money(givenMinor),
        money(-returnedMinor),
        money(raisedMinor),
      ]),
      ["All together", money(data.all.givenMinor), money(-data.all.returnedMinor), money(data.all.raisedMinor)],
    ]);
    const byRaised = data.funds.toSorted((a, b) => b.raisedMinor - a.raisedMinor);
    expect(await rows(board, "by-fund-table")).toEqual([
      ...byRaised.map(({ name, raisedMinor }) => [name, money(raisedMinor)]),
      ["All together", money(data.all.raisedMinor)],
    ]);
    const summary = await board.locator('canvas[data-chart="by-month"]').getAttribute("aria-label");
    expect(summary).toContain(`${money(data.all.raisedMinor)} raised in all`);
  });

  test("are walked with the arrow keys, keep the place while a gift comes in, and are saved as a picture", async () => {
    const board = await openBoard();
    await board.locator('[data-live-state][data-state="on"]').waitFor();
    const before = await embedded(board);
    const plot = board.locator(".plot.by-fund");
    const spoken = board.locator("figure", { has: plot }).locator("[data-spoken]");
    await plot.focus();
    await board.keyboard.press("Home");
    const [most] = before.funds.toSorted((a, b) => b.raisedMinor - a.raisedMinor);
    expect(await spoken.textContent()).toBe(`${most?.name}. Raised: ${money(most?.raisedMinor ?? 0)}.`);
    await giveTo("general", 3, "anar@example.org");
    await board.locator('[data-live="raised"]', { hasText: money(before.all.raisedMinor + 300) }).waitFor();
    expect(await plot.evaluate((element) => element === document.activeElement)).toBe(true);
    await board.keyboard.press("ArrowDown");
    expect(await spoken.textContent()).toContain("Raised: $");
    const saved = board.waitForEvent("download");
    await board.locator("figure", { has: plot }).getByRole("button", { name: "Save the picture" }).click();
    expect((await saved).suggestedFilename()).toBe("by-fund.png");
  });

  test("without JavaScript leave their place to the tables, which say the same", async () => {
    const board = await openBoard({ script: false });
    expect(await board.locator("canvas").first().isVisible()).toBe(false);
    await board.getByText("The table has the same figures.").first().waitFor();
    await board.getByText("Show as a table").first().click();
    await board.locator('table[data-table="by-month-table"]').waitFor();
    expect(await board.locator("[data-live-state]").isVisible()).toBe(false);
  });

  test("stand still for whoever asked for less motion, and so does the rest", async () => {
    const board = await openBoard({ lessMotion: true });
    await board.evaluate(async () => await document.fonts.ready);
    // The first totals that the live board hears of may draw it anew once; an animation would go on for a second.
    const stoodStill = async (): Promise<boolean> => {
      const before = await pictureOf(board);
      await board.evaluate(async () => await new Promise((resolve) => setTimeout(resolve, 100)));
      return (await pictureOf(board)) === before;
    };
    expect((await stoodStill()) || (await stoodStill())).toBe(true);
    await giveTo("general", 9, "anar@example.org");
    await board.locator(".fresh").first().waitFor();
    expect(await board.evaluate(() => document.getAnimations().length)).toBe(0);
    expect(await board.evaluate(() => getComputedStyle(document.documentElement).scrollBehavior)).toBe("auto");
  });
});

describe("a period", () => {
  test("stands in the address, and the figures, the chart and a reload keep to it", async () => {
    const board = await openBoard();
    await board.locator('[data-pick="period"] > summary').click();
    await board.getByLabel("From", { exact: true }).fill("2020-01-01");
    await board.getByLabel("To", { exact: true }).fill("2020-12-31");
    await board.getByRole("button", { name: "Show", exact: true }).click();
    await board.waitForURL("**/board?from=2020-01-01&to=2020-12-31");
    expect(await board.getByRole("heading", { level: 1 }).innerText()).toBe("2020");
    expect(await board.locator('[data-live="raised"]').innerText()).toBe("$0.00");
    await board.getByText("No month of this period has a gift.").waitFor();
    await board.reload();
    await board.locator('[data-pick="period"] > summary').click();
    expect(await board.getByLabel("From", { exact: true }).inputValue()).toBe("2020-01-01");
  });

  test("is chosen on a small phone from a list as wide as the page, which holds its fields", async () => {
    const board = await openBoard({ screen: "small" });
    await board.locator('[data-pick="period"] > summary').click();
    const boxes = async (selector: string): Promise<{ left: number; right: number }[]> =>
      await board.locator(selector).evaluateAll((found) =>
        found.map((element) => {
          const { left, right } = element.getBoundingClientRect();
          return { left, right };
        }),
      );
    const [list] = await boxes('[data-pick="period"] .pick-list');
    const [page] = await boxes("main > .board-head");
    expect(list).toEqual(page);
    for (const field of await boxes('[data-pick="period"] input:not([type="hidden"])')) {
      expect(field.left).toBeGreaterThan(list?.left ?? 0);
      expect(field.right).toBeLessThan(list?.right ?? 0);
    }
  });

  test("that is none is refused beside its fields, and all time is shown and stays live meanwhile", async () => {
    const board = await openBoard({}, "?from=2021-02-30&to=2021-03-01");
    expect(await board.getByLabel("From", { exact: true }).inputValue()).toBe("2021-02-30");
    expect(await board.getByLabel("From", { exact: true }).getAttribute("aria-invalid")).toBe("true");
    const before = await embedded(board);
    await board.locator('[data-live-state][data-state="on"]').waitFor();
    await giveTo("general", 11, "anar@example.org");
    await board.locator('[data-live="raised"]', { hasText: money(before.all.raisedMinor + 1100) }).waitFor();
  });
});

describe("on paper", () => {
  test.each(["/board", "/funds/families"])(
    "%s has no bar, button or banner link, and every table whole",
    async (path) => {
      const page = await browser.open(`${service.url}${path}`, { screen: "phone", scheme: "dark", as: service.admin });
      await page.emulateMedia({ media: "print" });
      const left = page
        .locator(".givebar, .top nav, form, .periods, .picks, .pick-list, .live, .skip, .tip")
        .filter({ visible: true });
      expect(await left.count()).toBe(0);
      const fixed = await page.evaluate(() =>
        [...document.querySelectorAll("body *")]
          .filter((element) => element.checkVisibility({ visibilityProperty: true }))
          .filter((element) => ["fixed", "sticky"].includes(getComputedStyle(element).position))
          .map((element) => element.outerHTML.slice(0, 80)),
      );
      expect(fixed).toEqual([]);
      for (const table of await page.locator("table").all()) expect(await table.isVisible()).toBe(true);
      expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe("rgb(255, 255, 255)");
      expect((await page.pdf()).byteLength).toBeGreaterThan(10_000);
    },
  );
});

/** How many different colours a chart's canvas holds: one is an empty one. */
async function coloursOf(page: Page, chart: string): Promise<number> {
  return await page.locator(`canvas[data-chart="${chart}"]`).evaluate((canvas: HTMLCanvasElement) => {
    const { data = [] } = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height) ?? {};
    return new Set(new Uint32Array(Uint8ClampedArray.from(data).buffer)).size;
  });
}

async function pictureOf(page: Page): Promise<string> {
  return await page
    .locator("canvas")
    .evaluateAll((canvases) => canvases.map((canvas) => (canvas as HTMLCanvasElement).toDataURL()).join("\n"));
}
