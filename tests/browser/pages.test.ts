import { get } from "node:http";
import { gunzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { openBrowser, type TestBrowser } from "./browser.ts";
import { faultsOf } from "./look.ts";
import { signIn } from "../staff.ts";
import { openService, payAtStripe, type BrowserService } from "./house.ts";

// Every page in every state that a person can come to, but for those around a payment (payment-pages.test.ts).

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

const open = async (path: string): Promise<Page> => await browser.lookAt(`${service.url}${path}`);
const openAsStaff = async (path: string): Promise<Page> =>
  await browser.lookAt(`${service.url}${path}`, { as: service.admin });
const press = async (page: Page, name: RegExp): Promise<void> => await page.getByRole("button", { name }).click();

/** Opens a page while there is something of each kind that only a person can mend. */
async function withMuchToDo(path: string): Promise<Page> {
  const { sql } = service;
  await sql`insert into payment (account_id, key, state) select id, 'pi_stays', 'arriving' from account where slug = 'first'`;
  await sql`
    insert into arriving_watch (payment_id, since, told_at)
    select id, now() - interval '30 hours', now() from payment where key = 'pi_stays'`;
  await sql`insert into stripe_pause (account_id, until, reason) select id, now() + interval '1 hour', 'StripeAuthenticationError' from account`;
  await sql`insert into undelivered_pause (account_id, since, until, reason) select id, now(), now(), 'StripePermissionError' from account`;
  await sql`insert into stripe_clock (ahead_ms) values (-612000)`;
  await sql`
    insert into fetch_need (account_id, kind, object_id, due_at, tries, error)
    select id, 'charge', 'ch_3SVunknownEverywhere0', 'infinity', 10, 'resource_missing' from account where slug = 'first'`;
  const page = await openAsStaff(path);
  await sql`delete from payment where key = 'pi_stays'`;
  await sql`delete from fetch_need where due_at = 'infinity'`;
  for (const table of ["arriving_watch", "stripe_pause", "undelivered_pause", "stripe_clock"])
    await sql`delete from ${sql(table)}`;
  return page;
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
  ["the board", "All time", async () => await openAsStaff("/board")],
  ["the board of a period", "2020", async () => await openAsStaff("/board?from=2020-01-01&to=2020-12-31")],
  [
    "the board of somebody with roles in two organisations",
    "Second",
    async () => {
      const organisations = await service.sql<{ id: bigint }[]>`select id from organisation`;
      const roles = organisations.map(({ id }) => ({ role: "board" as const, organisationId: id }));
      const page = await browser.lookAt(`${service.url}/board`, { as: await signIn(service.sql, roles) });
      await page.locator('[data-pick="place"] > summary').click();
      return page;
    },
  ],
  ["the board of no period", "Another period", async () => await openAsStaff("/board?from=2020-02-30&to=tomorrow")],
  ["to do, and there is nothing", "needs a hand", async () => await openAsStaff("/desk")],
  ["to do, and there is much", "1 payment of account first has been arriving", async () => await withMuchToDo("/desk")],
  ["alerts", "Nobody looks after it yet", async () => await withMuchToDo("/desk/alerts")],
  ["dead letters", "1 dead letter", async () => await withMuchToDo("/desk/dead-letters")],
  ["no dead letters", "There are no dead letters", async () => await openAsStaff("/desk/dead-letters")],
  ["gifts", "2 gifts", async () => await openAsStaff("/desk/gifts")],
  ["gifts of a period that is none", "is not a day", async () => await openAsStaff("/desk/gifts?from=2021-02-30")],
  [
    "gifts looked for by name",
    "with a name like",
    async () => {
      const page = await openAsStaff("/desk/gifts");
      await page.getByLabel("Look for").fill("mammad");
      await page.keyboard.press("Enter");
      await page.waitForLoadState();
      return page;
    },
  ],
  [
    "a gift, opened",
    "What is in it",
    async () => {
      const page = await openAsStaff("/desk/gifts");
      await page.getByRole("row").nth(1).getByRole("link").first().press("Enter");
      await page.waitForURL("**/desk/gifts/*");
      return page;
    },
  ],
  ["first steps", "Let somebody else look", async () => await openAsStaff("/desk/start")],
  ["Stripe accounts", "Stripe accounts", async () => await openAsStaff("/desk/settings/stripe")],
  [
    "a Stripe account, by its key that lacks a permission",
    "Having the 'rak_event_read' permission",
    async () => {
      const page = await openAsStaff("/desk/settings/stripe/first");
      await page.getByLabel("Secret key or restricted key").fill("rk_test_sandbox_first__no_event_read");
      await page.keyboard.press("Enter");
      await page.getByText("Make it by hand instead").press("Enter");
      return page;
    },
  ],
  ["going live", "What stays behind", async () => await openAsStaff("/desk/settings/go-live")],
  ["no page", "There is no such page", async () => await open("/nothing-here")],
  ["what the sandbox is", "What is this?", async () => await open("/about-sandbox")],
];

test.each(states)(
  "%s: axe finds nothing in light and dark, and nothing is wider than its screen",
  async (_, says, show) => {
    const page = await show();
    await page.getByText(says).first().waitFor();
    expect(await faultsOf(page)).toEqual({});
  },
);

test("a fund's page is less than 20 kB on the wire, and so is all that is drawn with it but the letters", async () => {
  const page = await weigh("/funds/families");
  expect(page.encoding).toBe("gzip");
  expect(page.bytes).toBeLessThan(20_000);
  const parts = [...page.text.matchAll(/(?:href|src)="(\/assets\/[^"]+\.(?:css|js))"/gu)].map(([, part]) => part ?? "");
  expect(parts).toHaveLength(2);
  for (const part of parts) {
    const { encoding, bytes } = await weigh(part);
    expect([part, encoding, bytes < 20_000]).toEqual([part, "gzip", true]);
  }
});

/** An answer as it comes over the wire, not unpacked. */
async function weigh(path: string): Promise<{ bytes: number; encoding: string | undefined; text: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{
    bytes: number;
    encoding: string | undefined;
    text: string;
  }>();
  get(`${service.url}${path}`, { headers: { "accept-encoding": "gzip, deflate, br" } }, (answer) => {
    const chunks: Buffer[] = [];
    answer.on("data", (chunk: Buffer) => chunks.push(chunk));
    answer.on("error", reject);
    answer.on("end", () => {
      const body = Buffer.concat(chunks);
      const encoding = answer.headers["content-encoding"];
      resolve({ bytes: body.length, encoding, text: (encoding === "gzip" ? gunzipSync(body) : body).toString("utf8") });
    });
  }).on("error", reject);
  return await promise;
}

test("what these tests look for is found where it is: a strange style, a word too faint, a line too long", async () => {
  const page = await open("/about-sandbox");
  await page.locator("main").evaluate((main) => {
    main.insertAdjacentHTML("beforeend", '<p id="faint">faint</p><p id="long">long</p><style>p { color: red }</style>');
    for (const [id, property, value] of [
      ["faint", "color", "#777"],
      ["long", "min-width", "3000px"],
    ] as const)
      main.querySelector<HTMLElement>(`#${id}`)?.style.setProperty(property, value);
  });
  const faults = await faultsOf(page);
  expect(faults["phone, too wide"]).toEqual(["p.: long"]);
  for (const look of ["phone, light", "desktop, dark"])
    expect(faults[look]).toEqual([expect.stringMatching(/^color-contrast: #faint/u)]);
  expect(browser.complaints().join("\n")).toContain("Content Security Policy");
});
