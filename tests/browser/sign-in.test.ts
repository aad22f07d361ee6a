import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { makeLink } from "../../src/db/link.ts";
import { codeOf } from "../authenticator.ts";
import { openBrowser, type TestBrowser } from "./browser.ts";
import { openService, type BrowserService } from "./house.ts";
import { faultsOf } from "./look.ts";

// The pages of sign-in, account and staff, looked at as people come to them.

let service: BrowserService;
let browser: TestBrowser;
beforeAll(async () => {
  [service, browser] = await Promise.all([openService({ isDemo: true }), openBrowser()]);
});
afterEach(async () => {
  await browser.closePages();
  expect([...browser.complaints(), ...service.errors()]).toEqual([]);
});
afterAll(async () => {
  await browser.close();
  await service.close();
});

const password = "seven wet umbrellas";

async function newLink(email: string): Promise<string> {
  const roles = [{ role: "treasurer", organisationId: null, fundId: null }] as const;
  const link = await makeLink(
    service.sql,
    { id: "test", name: "A test" },
    { kind: "join", name: "Leyla", email, roles },
  );
  if (!link.ok) throw new Error(link.refusal);
  return `${service.url}/join/${link.value}`;
}

const press = async (page: Page, name: string): Promise<void> =>
  await page.getByRole("button", { name, exact: true }).click();

test("by keyboard alone: joined, a second factor set up, out, and in again by its code", async () => {
  const email = `leyla-${Date.now()}@example.org`;
  const page = await browser.open(await newLink(email));
  await page.getByLabel("A new password").fill("short");
  await page.keyboard.press("Enter");
  await page.locator(".error-summary").waitFor();
  expect(await page.evaluate(() => document.activeElement?.className)).toBe("error-summary");
  await page.getByLabel("A new password").fill(password);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/desk");

  await page.getByRole("link", { name: "Leyla" }).click();
  await page.getByText("Where you are signed in").waitFor();
  expect(await faultsOf(page)).toEqual({});
  await page.getByRole("link", { name: "Set up a second factor" }).click();
  await page.getByLabel("Your password").fill(password);
  await page.keyboard.press("Enter");
  await page.getByRole("img", { name: /QR code/u }).waitFor();
  expect(await faultsOf(page)).toEqual({});
  const key = (await page.locator("code.secret").textContent())?.replaceAll(" ", "") ?? "";
  const code = (): string => codeOf(`otpauth://totp/x?secret=${key}`);
  await page.getByRole("textbox", { name: "Code" }).fill(code());
  await page.keyboard.press("Enter");
  await page.getByText("Signing in asks for a code of your authenticator from now on.").waitFor();

  await press(page, "Sign out");
  await page.getByText("You have signed out.").waitFor();
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill("not this one");
  await page.keyboard.press("Enter");
  await page.getByText("The address or the password is not right.").waitFor();
  expect(await page.getByLabel("E-mail").inputValue()).toBe(email);
  expect(await faultsOf(page)).toEqual({});
  await page.getByLabel("Password").fill(password);
  await page.keyboard.press("Enter");
  await page.getByText("One more step").waitFor();
  await page.getByRole("textbox", { name: "Code" }).fill(code());
  await page.keyboard.press("Enter");
  await page.waitForURL("**/desk");
}, 90_000);

test("an admin invites, gives a role and removes, with a link to copy and no script", async () => {
  const page = await browser.open(`${service.url}/desk/staff`, { as: service.admin, script: false });
  await page.getByLabel("Name").fill("Bo Board");
  await page.getByLabel("E-mail, with which they sign in").fill("bo@example.org");
  await page.getByLabel("Role", { exact: true }).selectOption("board");
  await press(page, "Make the link");
  const link = await page.getByLabel("Link").inputValue();
  expect(link).toMatch(/\/join\/[\w-]{43}$/u);
  const guest = await browser.open(link);
  await guest.getByLabel("A new password").fill(password);
  await press(guest, "Join");
  await guest.waitForURL("**/board");
  await page.getByRole("link", { name: "Back to the staff" }).click();
  await page.getByRole("link", { name: "Change Bo Board" }).click();
  await page.getByLabel("Role", { exact: true }).selectOption("reviewer");
  await press(page, "Give the role");
  await page.getByText("The role is given.").waitFor();
  await guest.reload();
  await guest.getByRole("heading", { name: "Sign in" }).waitFor();
  await page.getByRole("link", { name: "Change Bo Board" }).click();
  await press(page, "Remove Bo Board");
  await page.getByText("The person is off the staff").waitFor();
});

test.each([
  ["the staff", "/desk/staff", "Invite somebody"],
  ["one of the staff", "", "Remove from the staff"],
  ["a code that is asked for", "/sign-in/code", "One more step"],
  ["a link that was used", `/join/${"x".repeat(43)}`, "does not work any more"],
])("%s: axe finds nothing in light and dark, and nothing is wider than its screen", async (_, path, says) => {
  const page = await browser.lookAt(`${service.url}${path === "" ? `/desk/staff/${service.admin.id}` : path}`, {
    as: service.admin,
  });
  await page.getByText(says).first().waitFor();
  expect(await faultsOf(page)).toEqual({});
});

test("a link to join, and the ways to look around in the demo: axe finds nothing in light and dark", async () => {
  const join = await browser.lookAt(await newLink("guest@example.org"));
  await join.getByRole("button", { name: "Join" }).waitFor();
  expect(await faultsOf(join)).toEqual({});
  const page = await browser.lookAt(`${service.url}/sign-in`);
  await page.getByRole("button", { name: "Look as treasurer" }).waitFor();
  expect(await faultsOf(page)).toEqual({});
  await press(page, "Look as board");
  await page.waitForURL("**/board");
});
