import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { stripeClient } from "../../src/stripe/client.ts";
import type { Sandbox } from "../../src/stripe/sandbox/sandbox.ts";
import { fileHead, payoutFile } from "../flow/payout-file.ts";
import { openBrowser, type TestBrowser } from "./browser.ts";
import { openService, type BrowserService } from "./house.ts";
import { faultsOf } from "./look.ts";

let service: BrowserService;
let browser: TestBrowser;
let payout = "";
let manual = "";
let lines: string[] = [];
beforeAll(async () => {
  [service, browser] = await Promise.all([openService(), openBrowser()]);
  const { sandbox, daysLater, sweep, settle } = service;
  if (sandbox === null) throw new Error("no sandbox");
  await pay(sandbox, "/funds/families/give", { amount: "10000" });
  await pay(sandbox, "/funds/general/give", { amount: "5000" });
  await pay(sandbox, "/campaigns/shop/order", { "q.pin.only": "2", collect: "yes", "gift.amount": "2500" });
  await sandbox.move("first", {
    type: "stripe_fee",
    reportingCategory: "fee",
    amount: -48,
    description: "Radar, October",
  });
  await daysLater(4);
  await sweep.once("all");
  payout = (await sandbox.payOut("first"))?.id ?? "";
  await pay(sandbox, "/funds/families/give", { amount: "2500" });
  await daysLater(4);
  const stripe = stripeClient({ key: sandbox.key("first"), fetch: sandbox.fetch });
  manual = (await stripe.payouts.create({ amount: 1000, currency: "cad" })).id;
  await daysLater(3);
  await sweep.once("all");
  await settle();
  lines = await payoutFile(stripe, payout);
});
afterEach(async () => {
  await browser.closePages();
  expect([...browser.complaints(), ...service.errors()]).toEqual([]);
});
afterAll(async () => {
  await browser.close();
  await service.close();
});

/** Gives or buys as a person without a browser does. */
async function pay(sandbox: Sandbox, path: string, fields: Record<string, string>): Promise<void> {
  const answer = await fetch(`${service.url}${path}`, {
    method: "POST",
    body: new URLSearchParams({ email: "nigar@example.org", name: "Nigar", show: "nothing", ...fields }),
    headers: { origin: service.url },
    redirect: "manual",
  });
  const session = /\/pay\/(?<id>cs_\w+)/u.exec(answer.headers.get("location") ?? "")?.groups?.["id"] ?? "";
  await sandbox.pay("first", session, { email: "nigar@example.org", name: "Nigar", card: "domestic" });
  await service.settle();
}

const desk = async (path: string): Promise<Page> =>
  await browser.open(`${service.url}/desk/books${path}`, { as: service.admin });

async function fileOf(rows: readonly string[]): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), "almonry-")), "payout.csv");
  await writeFile(path, [fileHead, ...rows].join("\r\n"));
  return path;
}

test("a treasurer lays Stripe's own file beside the books, and sees what a spreadsheet changed", async () => {
  const page = await desk("/payouts");
  await page.getByRole("link", { name: "Check a file from Stripe" }).click();
  await page.getByLabel("The file, as Stripe made it").setInputFiles(await fileOf(lines));
  await page.getByRole("button", { name: "Compare" }).click();
  await page.getByText(`All ${lines.length} rows of the file are in the books, to the cent.`).waitFor();
  expect(await faultsOf(page)).toEqual({});

  const [first = "", ...rest] = lines;
  const changed = first.replace(/,(?<net>[-\d.]+),(?<category>charge|fee)/u, ",1.00,$<category>");
  await page.getByLabel("The file, as Stripe made it").setInputFiles(await fileOf([changed, ...rest]));
  await page.getByRole("button", { name: "Compare" }).click();
  await page.getByRole("heading", { name: "What does not agree" }).waitFor();
  expect(await faultsOf(page)).toEqual({});

  await page.getByLabel("The file, as Stripe made it").setInputFiles(await fileOf(["one,two"]));
  await page.getByRole("button", { name: "Compare" }).click();
  await page.getByText("This file cannot be compared").waitFor();
  expect(await faultsOf(page)).toEqual({});
});

test("from a fund's sum to its entries, and from an entry to its payout and its gift: by links alone", async () => {
  const page = await desk("");
  await page.getByText("The books match Stripe to the cent").waitFor();
  await page.getByRole("link", { name: "Families fund" }).click();
  await page.getByRole("link", { name: /Entries: Gifts$/u }).click();
  await page.getByText(/All lines like these come to \$\d+\.00 credit/u).waitFor();
  await page.locator("table.journal a.num").last().click();
  await page.getByText("its hash is that of its lines").waitFor();
  await page.getByRole("link", { name: payout }).click();
  await page.getByText("movements add up to this payout").waitFor();
  await page.getByRole("link", { name: "Gift", exact: true }).first().click();
  await page.getByRole("link", { name: "Its entries" }).click();
  await page.getByText(/All that the books say of payment #/u).waitFor();
  expect(await page.locator("table.journal tbody").count()).toBeGreaterThan(0);
  expect(await service.sql`select * from audit()`).toEqual([]);
});

test("a treasurer has the accounts compared with Stripe by keyboard alone, and it begins at once", async () => {
  const page = await desk("");
  const begun = async (): Promise<number> => {
    const [row] = await service.sql<{ at: Date }[]>`select max(last_started_at) as at from sweep_state`;
    return row?.at.getTime() ?? 0;
  };
  const before = await begun();
  const button = page.getByRole("button", { name: "Compare with Stripe now" });
  await button.focus();
  await page.keyboard.press("Enter");
  await page.getByText("Stripe is being asked").waitFor();
  await expect.poll(begun, { timeout: 5_000 }).toBeGreaterThan(before);
  expect(await faultsOf(page)).toEqual({});
  await service.settle();
});

test.each([
  ["", "Books"],
  ["/funds/families", "Families fund"],
  ["/trial-balance?from=2026-11-25", "Trial balance"],
  ["/entries", "Entries"],
  ["/entries?from=2021-02-30", "is not a day"],
  ["/payouts", "Payouts"],
  ["/payouts?organisation=second", "Stripe has paid nothing out yet"],
  ["/payouts/:payout", "What is in it"],
  ["/payouts/:manual", "estimated"],
  ["/payouts/check", "Check it yourself"],
])("%s: axe finds nothing in light and dark, and nothing is wider than its screen", async (path, says) => {
  const page = await desk(path.replace(":payout", payout).replace(":manual", manual));
  await page.getByText(says).first().waitFor();
  expect(await faultsOf(page)).toEqual({});
});

test("a spot check is drawn, ticked and ticked again, without a fault on any screen", { timeout: 60_000 }, async () => {
  const page = await browser.open(`${service.url}/board/spot-checks`, { as: service.admin });
  expect(await faultsOf(page)).toEqual({});
  await page.getByRole("button", { name: "Draw ten gifts" }).click();
  await page.getByText("Drawn. Nobody can change what was drawn.").waitFor();
  await page.getByLabel("Remark").first().fill("A dollar less.");
  await page.getByRole("button", { name: "Something differs of gift 1" }).click();
  await page.getByText("Ticked. Earlier ticks stay to be seen.").waitFor();
  expect(await faultsOf(page)).toEqual({});
  await page.getByText("Tick again").first().click();
  await page.getByRole("button", { name: "Gift 1 was found as it stands here" }).click();
  await page.getByText("1 found").first().waitFor();
  expect(await page.locator("#gift-1 .ticks li").count()).toBe(2);
});
