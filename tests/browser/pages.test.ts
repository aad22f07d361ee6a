import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { signed, stripeEvent } from "../stripe-event.ts";
import { findWithAxe } from "./axe.ts";
import { openBrowser, screens, type TestBrowser } from "./browser.ts";
import { openService, payAtStripe, type BrowserService } from "./service.ts";

// Every page in every state that a person can come to, each looked at on every screen, in light and in dark.

let service: BrowserService;
let browser: TestBrowser;
beforeAll(async () => {
  [service, browser] = await Promise.all([openService(), openBrowser()]);
  for (const [slug, show, note] of [
    ["families", "With my name", "In memory of a father whose name is as long as this sentence is and longer"],
    ["youth", "Without my name", ""],
  ] as const) {
    const page = await browser.open(`${service.url}/funds/${slug}`);
    await page.getByLabel(show).check();
    await page.getByLabel("A note").fill(note);
    await press(page, /^Give/u);
    await payAtStripe(page, { name: "Leyla Mammadova", email: "leyla@example.org" });
    await page.waitForURL("**/thanks/**");
  }
  await service.settle();
  await browser.closePages();
});
afterEach(async () => {
  await browser.closePages();
  expect([...browser.complaints(), ...service.errors()]).toEqual([]);
});
afterAll(async () => {
  await browser.close();
  await service.close();
});

const open = async (path: string): Promise<Page> => await browser.open(`${service.url}${path}`);
const press = async (page: Page, name: RegExp): Promise<void> => await page.getByRole("button", { name }).click();

async function openPayment(path = "/funds/families", button = /^Give/u): Promise<Page> {
  const page = await open(path);
  await press(page, button);
  await page.waitForURL("**/sandbox/pay/**");
  return page;
}

/** The thank-you page of a session that no one has paid. */
async function openThanks(page: Page): Promise<Page> {
  await page.goto(`${service.url}/thanks/${page.url().split("/").at(-1) ?? ""}`);
  return page;
}

async function payFor(path: string, button: RegExp, city?: string): Promise<Page> {
  const page = await openPayment(path, button);
  await payAtStripe(page, { name: "Leyla", email: "leyla@example.org", ...(city === undefined ? {} : { city }) });
  await page.waitForURL("**/thanks/**");
  return page;
}

/** A message of Stripe's of which the sandbox has no way of paying: a bank that has not decided. */
async function tellOfDelayedPayment(session: string): Promise<void> {
  const event = stripeEvent("checkout.session.completed", { id: session, payment_status: "unpaid" });
  const secret = await service.sandbox?.webhookSecret("first");
  const answer = await fetch(`${service.url}/webhooks/stripe`, await signed(event, secret ?? "", new Date()));
  expect(answer.status).toBe(200);
  await service.settle();
}

const states: [string, string, () => Promise<Page>][] = [
  ["all funds", "What was given", async () => await open("/")],
  ["a fund with gifts", "Families fund", async () => await open("/funds/families")],
  ["a fund without a gift", "General fund", async () => await open("/funds/general")],
  [
    "a fund with errors",
    "There is a problem",
    async () => {
      const page = await open("/funds/families");
      await page.getByLabel("Another amount").fill("abc");
      await page.getByLabel("E-mail").fill("leyla");
      await page.getByLabel("A note").fill("n".repeat(150));
      await press(page, /^Give/u);
      await page.locator(".error-summary").waitFor();
      return page;
    },
  ],
  ["a fund after coming back", "You came back", async () => await open("/funds/families?came-back=1")],
  ["a shop", "Pins and shirts", async () => await open("/campaigns/shop")],
  ["a shop of one thing", "Stickers", async () => await open("/campaigns/stickers")],
  [
    "a shop with errors",
    "There is a problem",
    async () => {
      const page = await open("/campaigns/shop");
      await page.getByRole("spinbutton", { name: "Pin: How many" }).fill("1000");
      await page.getByLabel("Another amount").fill("0.10");
      await press(page, /^Pay|^Go to/u);
      await page.locator(".error-summary").waitFor();
      return page;
    },
  ],
  [
    "a shop where nothing was chosen",
    "Choose at least one piece",
    async () => {
      const page = await open("/campaigns/shop");
      await press(page, /^Go to/u);
      await page.locator(".error-summary").waitFor();
      return page;
    },
  ],
  [
    "the payment page",
    "Pay The first",
    async () => {
      const page = await open("/campaigns/shop");
      await page.getByRole("spinbutton", { name: "Shirt: Black, M" }).fill("2");
      await press(page, /^Pay/u);
      await page.waitForURL("**/sandbox/pay/**");
      return page;
    },
  ],
  [
    "the payment page with errors",
    "Please look at this again",
    async () => {
      const page = await openPayment();
      await press(page, /^Pay/u);
      await page.getByText("Please look at this again").waitFor();
      return page;
    },
  ],
  [
    "the payment page after a declined card",
    "Your card was declined",
    async () => {
      const page = await openPayment();
      await payAtStripe(page, { name: "Leyla", email: "leyla@example.org", card: "declined" });
      await page.getByText("Your card was declined").waitFor();
      return page;
    },
  ],
  [
    "the payment page of what is paid",
    "This has been paid",
    async () => {
      const page = await payFor("/campaigns/stickers", /^Pay/u);
      await page.goto(`${service.url}/sandbox/pay/${page.url().split("/").at(-1) ?? ""}`);
      return page;
    },
  ],
  ["a payment page that never was", "There is no such payment", async () => await open("/sandbox/pay/cs_test_none")],
  [
    "thanks for what is recorded",
    "is recorded",
    async () => {
      const page = await payFor("/funds/families", /^Give/u);
      await page.getByText("is recorded").first().waitFor();
      return page;
    },
  ],
  [
    "thanks while Stripe's message is on its way",
    "Stripe says that",
    async () => {
      const { release } = await service.holdWebhooks();
      const page = await payFor("/funds/families", /^Give/u);
      await page.getByText("Stripe says that").waitFor();
      // Looked at as it is now, before it asks again.
      await page.context().setOffline(true);
      await release();
      return page;
    },
  ],
  [
    "a payment that a bank has not decided",
    "Your payment is on its way",
    async () => {
      const page = await openPayment();
      await tellOfDelayedPayment(page.url().split("/").at(-1) ?? "");
      return await openThanks(page);
    },
  ],
  ["a payment not made yet", "Not paid yet", async () => await openThanks(await openPayment())],
  [
    "a payment page that ran out",
    "This payment page has expired",
    async () => {
      const page = await openPayment();
      const session = page.url().split("/").at(-1) ?? "";
      await (await service.accounts.find("first"))?.stripe.checkout.sessions.expire(session);
      await service.settle();
      return await openThanks(page);
    },
  ],
  ["a payment that we do not know", "We do not know", async () => await open("/thanks/cs_test_unknown00")],
  ["the board", "All time", async () => await open("/board")],
  ["the board of a period", "2020", async () => await open("/board?from=2020-01-01&to=2020-12-31")],
  ["the board of no period", "Another period", async () => await open("/board?from=2020-02-30&to=tomorrow")],
  ["no page", "There is no such page", async () => await open("/nothing-here")],
  ["what the sandbox is", "What is this?", async () => await open("/about-sandbox")],
];

test.each(states)(
  "%s: axe finds nothing in light and dark, and nothing is wider than its screen",
  async (_, says, show) => {
    const page = await show();
    await page.getByText(says).first().waitFor();
    const found: Record<string, string[]> = {};
    for (const [screen, size] of Object.entries(screens)) {
      await page.setViewportSize(size);
      const wide = await tooWide(page);
      if (wide.length > 0) found[`${screen}, too wide`] = wide;
      if (screen === "tiny") continue;
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        const violations = await findWithAxe(page, colorScheme === "dark" ? rulesOfColour : undefined);
        if (violations.length > 0) found[`${screen}, ${colorScheme}`] = violations;
      }
    }
    expect(found).toEqual({});
  },
);

test("what these tests look for is found where it is: a strange style, a word too faint, a line too long", async () => {
  const page = await open("/about-sandbox");
  await page.locator("main").evaluate((main) => {
    main.insertAdjacentHTML("beforeend", '<p id="faint">faint</p><p id="long">long</p><style>p { color: red }</style>');
    for (const [id, property, value] of [
      ["faint", "color", "#ddd"],
      ["long", "min-width", "3000px"],
    ] as const)
      main.querySelector<HTMLElement>(`#${id}`)?.style.setProperty(property, value);
  });
  expect((await findWithAxe(page)).join("\n")).toContain("color-contrast: #faint");
  expect(await tooWide(page)).toEqual(["p.: long"]);
  expect(browser.complaints().join("\n")).toContain("Content Security Policy");
});

/** In dark a page is the same but for its colours. */
const rulesOfColour = ["color-contrast", "link-in-text-block"];

/** What makes the page scroll sideways. */
async function tooWide(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    return [...document.querySelectorAll("body *")]
      .filter((element) => element.getBoundingClientRect().right > clientWidth + 1)
      .map((element) => `${element.tagName.toLowerCase()}.${element.className}: ${element.textContent.slice(0, 40)}`);
  });
}
