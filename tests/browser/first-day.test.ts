import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clearPlace, makePlace, startService, waitUntil, waitUntilReady } from "../crash/almonry.ts";
import type { Place, Service } from "../crash/almonry.ts";
import { findWithAxe } from "./axe.ts";
import { openBrowser, type TestBrowser } from "./browser.ts";
import { payAtStripe } from "./house.ts";

// A charity's first day, by what a person sees and clicks: the terminal gives one address, and is not touched again.

let place: Place;
let service: Service;
let browser: TestBrowser;
beforeAll(async () => {
  [place, browser] = await Promise.all([makePlace(), openBrowser()]);
  service = startService(place, {});
  await waitUntilReady(place, service);
}, 120_000);
afterAll(async () => {
  await browser.close();
  await clearPlace(place, [service]);
});

/** Clicks what leads to another page, and waits for that: until it comes, a click or a question would go to the one before. */
async function goBy(page: Page, way: Locator): Promise<void> {
  const arrived = page.waitForEvent("domcontentloaded", { timeout: 60_000 });
  await Promise.all([arrived, way.click()]);
}
const press = async (page: Page, name: string | RegExp): Promise<void> =>
  await goBy(page, page.getByRole("button", { name, exact: true }));
const follow = async (page: Page, name: string | RegExp): Promise<void> =>
  await goBy(page, page.locator("main").getByRole("link", { name, exact: true }));
/** A room of the desk, by the header and the row of rooms below it. */
const enter = async (page: Page, room: string): Promise<void> => {
  await goBy(page, page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Desk" }));
  if (room === "To do") return;
  await goBy(page, page.getByRole("navigation", { name: "Desk" }).getByRole("link", { name: room }));
};
/** Says what was wrong with the form if it was not taken. */
const saved = async (page: Page): Promise<void> => {
  await page.locator(".notice, .error-summary").first().waitFor();
  expect(await page.locator("main").innerText()).toContain("Saved.");
};
const bodyOf = async (page: Page): Promise<string> => await page.locator("main").innerText();

/** A form filled in by its labels. */
async function fill(page: Page, answers: Record<string, string>): Promise<void> {
  for (const [label, answer] of Object.entries(answers)) await page.getByLabel(label, { exact: true }).fill(answer);
}

/** Nothing wrong by axe, and nothing wider than a phone. */
async function lookOver(page: Page): Promise<void> {
  expect({ page: page.url(), found: await findWithAxe(page) }).toEqual({ page: page.url(), found: [] });
  const [wide, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  expect({ page: page.url(), wide }).toEqual({ page: page.url(), wide: screen });
}

async function setUpAddress(): Promise<string> {
  const printed = /first admin, within 30 minutes: (?<address>\S+)/u;
  await waitUntil("the start says how to become the first admin", () => printed.test(service.said()));
  return printed.exec(service.said())?.groups?.["address"] ?? "";
}

async function addOrganisation(page: Page, name: string, contact: string): Promise<void> {
  await fill(page, {
    Name: name,
    "Legal name": `${name} Association`,
    "Postal address": "1 Main Street\nOttawa ON",
    Contact: contact,
  });
  await lookOver(page);
  await press(page, "Save");
  await saved(page);
}

/** Invites somebody, who follows the link in a browser of their own and is in. */
async function invite(page: Page, name: string, role: "treasurer" | "board"): Promise<Page> {
  await enter(page, "Staff");
  await fill(page, { Name: name, "E-mail, with which they sign in": `${role}@example.org` });
  await page.getByLabel("Role", { exact: true }).selectOption(role);
  await lookOver(page);
  await press(page, "Make the link");
  const guest = await browser.open(await page.getByLabel("Link", { exact: true }).inputValue(), { screen: "phone" });
  await fill(guest, { "A new password": `${role} counts wet umbrellas` });
  await press(guest, "Join");
  return guest;
}

test(
  "from an empty database to gifts, a shop, a joint fund of two organisations and a staff of three, without a terminal",
  { timeout: 300_000, retry: 0 },
  async () => {
    const page = await browser.open(await setUpAddress(), { screen: "phone" });
    await lookOver(page);
    await fill(page, { "Your name": "Aysel Admin", "Your e-mail": "aysel@example.org" });
    await fill(page, { "A new password": "seven wet umbrellas" });
    await press(page, "Become the admin");
    await page.waitForURL("**/desk");
    await lookOver(page);

    await follow(page, "Add the organisation");
    await addOrganisation(page, "Riverside House", "hello@riverside.example");

    await enter(page, "Stripe");
    await page.getByText("payments are played").first().waitFor();
    await lookOver(page);

    await enter(page, "To do");
    await follow(page, "Open a fund");
    await fill(page, {
      Name: "Families fund",
      Description: "Rent and **groceries** for families.",
      "Suggested amounts": "25 50 100",
    });
    await lookOver(page);
    await press(page, "Save");
    await saved(page);
    await follow(page, "See its page");
    await page.getByRole("heading", { level: 1, name: "Families fund" }).waitFor();

    const donor = await browser.open(place.url, { screen: "phone" });
    await follow(donor, "Families fund");
    await donor.getByLabel("$50").check();
    await donor.getByLabel("E-mail").fill("leyla@example.org");
    await press(donor, "Give $50.00 once");
    await payAtStripe(donor, { name: "Leyla Mammadova" });
    await donor.getByText("Your gift of $50.00 to Families fund is recorded.").waitFor();

    await enter(page, "Gifts");
    await page.getByText("Leyla Mammadova").first().waitFor();
    // What came in is seen on a phone without scrolling sideways.
    const amount = await page.getByRole("cell", { name: "$50.00" }).first().boundingBox();
    expect((amount?.x ?? 390) + (amount?.width ?? 0)).toBeLessThan(390);
    await lookOver(page);

    await enter(page, "Settings");
    await lookOver(page);
    await follow(page, "Campaigns");
    await follow(page, "Add a campaign");
    await fill(page, {
      Name: "Shirts",
      Description: "Printed next door.",
      "In words, as buyers read it": "All proceeds go to the Families fund.",
    });
    await page.getByLabel("Sold for").selectOption({ label: "Families fund, paid into Riverside House" });
    await lookOver(page);
    await press(page, "Save");
    await saved(page);
    await follow(page, "Add an item");
    await fill(page, { Name: "Shirt" });
    await fill(page, { "Line 1: Name": "M", "Line 1: Price": "20", "Line 1: Stock": "5" });
    await fill(page, { "Line 2: Name": "L", "Line 2: Price": "22.50" });
    await lookOver(page);
    await press(page, "Save");
    await saved(page);
    expect(await bodyOf(page)).toMatch(/M \$20\.00, 5 left/u);

    await donor.goto(place.url);
    await goBy(donor, donor.getByRole("link", { name: /Shirts/u }).first());
    await donor.getByRole("spinbutton", { name: "Shirt: L" }).fill("1");
    await press(donor, /^Pay/u);
    await payAtStripe(donor, { name: "Leyla Mammadova", email: "leyla@example.org" });
    await donor.waitForURL("**/thanks/**");

    await enter(page, "Settings");
    await follow(page, "Organisations");
    await follow(page, "Add an organisation");
    await addOrganisation(page, "Hillside Club", "hello@hillside.example");
    await enter(page, "Settings");
    await follow(page, "Funds");
    await follow(page, "Add a fund");
    await fill(page, { Name: "Summer camp", Description: "A week by the lake, of both houses." });
    await page.getByLabel("Online gifts are paid into").selectOption({ label: "Riverside House" });
    await page.getByRole("group", { name: "Also takes part" }).getByLabel("Hillside Club").check();
    await press(page, "Save");
    await saved(page);
    await follow(page, "See its page");
    expect(await bodyOf(page)).toContain("Hillside Club");

    const treasurer = await invite(page, "Togrul Treasurer", "treasurer");
    await treasurer.waitForURL("**/desk");
    await enter(treasurer, "Gifts");
    await treasurer.getByText("Leyla Mammadova").first().waitFor();
    const member = await invite(page, "Bahar Board", "board");
    await member.waitForURL("**/board");
    await lookOver(member);
    expect(await bodyOf(member)).toContain("$50.00");
    expect((await member.goto(`${place.url}/desk`))?.status()).toBe(403);
    expect((await treasurer.goto(`${place.url}/board`))?.status()).toBe(200);
    for (const [who, role] of [
      [treasurer, "treasurer"],
      [member, "board"],
    ] as const) {
      await press(who, "Sign out");
      await fill(who, { "E-mail": `${role}@example.org`, Password: `${role} counts wet umbrellas` });
      await press(who, "Sign in");
      await who.waitForURL(role === "board" ? "**/board" : "**/desk");
    }
    expect(browser.complaints()).toEqual([]);
  },
);
