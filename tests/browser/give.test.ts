import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
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

const openFund = async (slug: string, look?: Look): Promise<Page> =>
  await browser.open(`${service.url}/funds/${slug}`, look);
const heading = (page: Page) => page.getByRole("heading", { level: 1 });
const give = (page: Page) => page.getByRole("button", { name: /^Give/u });

describe("giving once", () => {
  test("leads in a minute from an amount to a thank-you that is true before and after Stripe's message", async () => {
    const page = await openFund("families", { screen: "phone" });
    await page.getByLabel("$100").check();
    await page.getByLabel("With my name").check();
    await page.getByLabel("A note").fill("For <b>Leyla</b> & all");
    await page.getByLabel("E-mail").fill("Leyla@Example.org");
    expect(await give(page).innerText()).toBe("Give $100.00 once");
    await give(page).click();
    const stripe = await service.holdWebhooks();
    await payAtStripe(page, { name: "Leyla Mammadova" });
    await page.getByText("Stripe says that $100.00 is paid.").waitFor();
    expect(await service.fund("families")).toMatchObject({ raisedMinor: 0, gifts: 0, donors: 0 });

    const address = page.url();
    await stripe.release();
    await page.getByText("Your gift of $100.00 to Families fund is recorded.").waitFor();
    expect(page.url()).toBe(address);
    expect(await page.locator("main").innerText()).toContain("The fund now stands at $100.00, from 1 person.");
    expect(await service.fund("families")).toMatchObject({ raisedMinor: 10_000, gifts: 1, donors: 1 });

    await page.getByRole("link", { name: "See Families fund" }).click();
    const newest = await page.locator(".gifts li").first().innerText();
    expect(newest).toMatch(/^Leyla M\. For <b>Leyla<\/b> & all\s+\d+ \w+ \d{4}\s+\$100\.00$/u);
  });

  test("takes any amount as people type it, and a typed amount wins over a tile", async () => {
    const page = await openFund("families");
    await page.getByLabel("Another amount").fill("1,234.5");
    expect(await give(page).innerText()).toBe("Give $1,234.50 once");
    expect(await page.locator("input[name=amount]:checked").count()).toBe(0);
    await page.getByLabel("$25").check();
    expect(await page.getByLabel("Another amount").inputValue()).toBe("");
    expect(await give(page).innerText()).toBe("Give $25.00 once");
    await page.getByLabel("Another amount").fill("12.34");
    await give(page).click();
    await page.waitForURL("**/sandbox/pay/**");
    expect(await page.locator(".total").innerText()).toBe("$12.34");
  });

  test("says that it is on its way and sends one order however often the button is pressed", async () => {
    const page = await openFund("families");
    const sent: string[] = [];
    page.on("request", (request) => {
      if (request.method() === "POST") sent.push(request.url());
    });
    await give(page).dblclick();
    await page.waitForURL("**/sandbox/pay/**");
    expect(sent.length).toBe(1);
  });

  test("a card that is declined takes nothing, and another one pays the same gift", async () => {
    const before = await service.fund("youth");
    const page = await openFund("youth");
    await give(page).click();
    await payAtStripe(page, { name: "Anar Aliyev", email: "anar@example.org", card: "declined" });
    await page.getByText("Your card was declined.").waitFor();
    expect(await page.getByLabel("Name on card").inputValue()).toBe("Anar Aliyev");
    await service.settle();
    expect(await service.fund("youth")).toEqual(before);

    await payAtStripe(page, { name: "Anar Aliyev" });
    await page.getByText("Your gift of $25.00 to Youth fund is recorded.").waitFor();
    expect(await service.fund("youth")).toMatchObject({ gifts: before.gifts + 1, donors: before.donors + 1 });
  });

  test("whoever comes back without paying is told so, and can start again", async () => {
    const before = await service.fund("families");
    const page = await openFund("families");
    await give(page).click();
    await page.getByRole("link", { name: "Come back without paying" }).click();
    await page.getByText("You came back without paying. Nothing was taken.").waitFor();
    expect(await service.fund("families")).toEqual(before);
    await give(page).click();
    await page.waitForURL("**/sandbox/pay/**");
  });

  test("works with JavaScript off, from the first refusal to the confirmation", async () => {
    const page = await openFund("general", { script: false, screen: "phone" });
    expect(await give(page).innerText()).toBe("Give");
    await page.getByLabel("Another amount").fill("many");
    await give(page).click();
    await page.getByRole("link", { name: "Type the amount as a number, such as 50 or 25.50" }).waitFor();
    expect(await page.getByLabel("Another amount").inputValue()).toBe("many");
    await page.getByLabel("Another amount").fill("40");
    await give(page).click();
    await payAtStripe(page, { name: "Nigar Aliyeva", email: "nigar@example.org" });
    await page.waitForURL("**/thanks/**");
    await service.settle();
    await page.reload();
    await page.getByText("Your gift of $40.00 to General fund is recorded.").waitFor();
  });
});

describe("what cannot be taken as typed", () => {
  const note = "n".repeat(141);
  const refused = [
    { field: "Another amount", typed: "abc", says: "Type the amount as a number, such as 50 or 25.50" },
    { field: "Another amount", typed: "10.005", says: "Type at most 2 decimals, such as 25.50" },
    { field: "Another amount", typed: "0.99", says: "The amount must be $1.00 or more" },
    { field: "Another amount", typed: "100,000.01", says: "The amount must be $100,000.00 or less." },
    { field: "E-mail", typed: "leyla at example", says: "Type an e-mail address such as name@example.org" },
    { field: "A note", typed: note, says: "The note must be 140 characters or fewer" },
  ];

  test.each(refused)("$says: beside the field, and kept as typed", async ({ field, typed, says }) => {
    const page = await openFund("families");
    await page.getByLabel(field).fill(typed);
    await give(page).click();
    await page.locator(".error-summary").waitFor();
    const input = page.getByLabel(field);
    expect(await input.inputValue()).toBe(typed);
    expect(await input.getAttribute("aria-invalid")).toBe("true");
    // What a screen reader says of the field stands right beside it.
    const error = page.locator(`#${(await input.getAttribute("aria-describedby"))?.split(" ").at(-1) ?? ""}`);
    expect(await error.innerText()).toContain(says);
    expect(await page.locator(".wrong").filter({ has: input }).filter({ has: error }).count()).toBe(1);
  });

  test("the summary of errors has the focus, the title says Error, and each line leads to its field", async () => {
    const page = await openFund("families");
    await page.getByLabel("Another amount").fill("abc");
    await page.getByLabel("E-mail").fill("leyla");
    await page.getByLabel("With my name").check();
    await page.getByLabel("A note").fill("Kept");
    await give(page).click();
    await page.locator(".error-summary:focus").waitFor();
    expect(await page.title()).toMatch(/^Error: /u);
    expect(await page.getByLabel("With my name").isChecked()).toBe(true);
    expect(await page.getByLabel("A note").inputValue()).toBe("Kept");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.locator("#other:focus").waitFor();
    await page.getByRole("link", { name: "Type an e-mail address" }).click();
    await page.locator("#email:focus").waitFor();
  });

  test("a fund that takes no gift is no page to pay on", async () => {
    const page = await openFund("quiet");
    expect(await heading(page).innerText()).toBe("There is no such page");
  });
});

describe("without a mouse", () => {
  test("a gift is given with Tab, Space and Enter, and the focus can be seen at every stop", async () => {
    const page = await openFund("families");
    const tabTo = async (selector: string): Promise<void> => {
      for (let stops = 0; stops < 40; stops += 1) {
        await page.keyboard.press("Tab");
        expect(await outlineOfFocus(page)).toBeGreaterThanOrEqual(2);
        if ((await page.locator(`${selector}:focus`).count()) > 0) return;
      }
      throw new Error(`${selector} is not reached with Tab`);
    };
    await tabTo(".skip");
    await page.keyboard.press("Enter");
    await tabTo("input[name=amount]");
    await page.keyboard.press("ArrowRight");
    expect(await give(page).innerText()).toBe("Give $100.00 once");
    await tabTo("#other");
    await tabTo("#email");
    await page.keyboard.type("rashad@example.org");
    await tabTo("input[name=show]");
    await page.keyboard.press("ArrowDown");
    await tabTo("#note");
    await tabTo("button[type=submit]");
    await page.keyboard.press("Enter");

    await page.waitForURL("**/sandbox/pay/**");
    await tabTo("input[name=card]");
    await page.keyboard.press("Space");
    await tabTo("#name");
    await page.keyboard.type("Rashad Guliyev");
    await tabTo("button");
    await page.keyboard.press("Space");
    await page.getByText("Your gift of $100.00 to Families fund is recorded.").waitFor();
    await page.getByRole("link", { name: "See Families fund" }).click();
    expect(await page.locator(".gifts li").first().innerText()).toContain("Without a name");
  });

  test("what a number means opens on hover and on focus, and Escape closes it", async () => {
    const page = await openFund("families");
    const word = page.locator(".figures").getByRole("link", { name: "Donors" });
    const meaning = page.locator(".figures .tip").filter({ hasText: "Different people with at least one gift" });
    await meaning.waitFor({ state: "hidden" });
    await word.hover();
    await meaning.waitFor({ state: "visible" });
    await meaning.hover();
    expect(await meaning.isVisible()).toBe(true);
    await page.keyboard.press("Escape");
    await meaning.waitFor({ state: "hidden" });
    await page.mouse.move(0, 0);
    await word.focus();
    await meaning.waitFor({ state: "visible" });
    expect(await word.getAttribute("aria-describedby")).toBe(await meaning.getAttribute("id"));
    await page.keyboard.press("Escape");
    await meaning.waitFor({ state: "hidden" });
  });
});

describe("on a phone", () => {
  test.each(["/funds/families", "/funds/families?came-back=1", "/funds/youth"])(
    "%s has an amount or Give on every screenful down to the form",
    async (path) => {
      const page = await browser.open(`${service.url}${path}`, { screen: "phone" });
      const form = (await page.locator("#give").boundingBox())?.y ?? 0;
      for (let top = 0; top < form; top += 120) {
        await page.evaluate(async (top) => {
          scrollTo({ top, behavior: "instant" });
          // What watches the form hears of it with the next picture.
          for (const _ of [1, 2]) await new Promise(requestAnimationFrame);
        }, top);
        expect(await canGive(page)).toBe(true);
      }
    },
  );

  test("Give leads to the form, and goes away while an amount can be chosen", async () => {
    const page = await openFund("families", { screen: "tiny" });
    const bar = page.locator(".givebar");
    expect(await bar.boundingBox()).toMatchObject({ x: 0, width: 280 });
    await bar.getByRole("link", { name: "Give" }).click();
    await bar.waitFor({ state: "hidden" });
    const tile = await page.locator(".tile").first().boundingBox();
    expect(tile?.y).toBeLessThan(653 - 60);
  });
});

/** Whether the fixed bar is shown, or an amount stands whole on the screen. */
async function canGive(page: Page): Promise<boolean> {
  if (await page.locator(".givebar").isVisible()) return true;
  const tile = await page.locator(".tile").first().boundingBox();
  return tile !== null && tile.y >= 0 && tile.y + tile.height <= 844;
}

/** The width in pixels of the ring around what has the focus; a tile's radio button shows it on the tile. */
async function outlineOfFocus(page: Page): Promise<number> {
  return await page.evaluate(() => {
    const focused = document.activeElement;
    const ringed = [focused, focused?.closest(".tile, .seg label")].filter((element) => element instanceof Element);
    const widths = ringed.map((element) => {
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      return outlineStyle === "none" ? 0 : Number.parseFloat(outlineWidth);
    });
    return Math.max(0, ...widths);
  });
}
