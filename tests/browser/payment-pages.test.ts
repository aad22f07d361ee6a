import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { signed, stripeEvent } from "../stripe-event.ts";
import { openBrowser, type TestBrowser } from "./browser.ts";
import { faultsOf } from "./look.ts";
import { openService, payAtStripe, type BrowserService } from "./house.ts";

// The pages around a payment, in every state that it can be in.

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
];

test.each(states)(
  "%s: axe finds nothing in light and dark, and nothing is wider than its screen",
  async (_, says, show) => {
    const page = await show();
    await page.getByText(says).first().waitFor();
    expect(await faultsOf(page)).toEqual({});
  },
);
