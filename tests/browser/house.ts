import { createServer } from "node:net";
import type { Page } from "playwright-core";
import { readConfig } from "../../src/config.ts";
import { readSetup } from "../../src/core/read-setup.ts";
import { openSql, type Sql } from "../../src/db/connect.ts";
import { applySetup, readKnownNames } from "../../src/db/setup.ts";
import type { DemoPerson } from "../../src/http/deps.ts";
import { start, type Running } from "../../src/main-node.ts";
import type { Card } from "../../src/stripe/sandbox/card.ts";
import { openTestDatabase } from "../database.ts";
import { charity } from "../flow/charity.ts";
import { settingsKey, signIn, type SignedIn } from "../staff.ts";

/** The service as `npm start` runs it, on a port and a database of its own, with the charity set up and Stripe played. */
export type BrowserService = Running & {
  /** An admin for all organisations, signed in: `browser.open(address, { as: service.admin })`. */
  admin: SignedIn;
  /**
   * Lets no message of Stripe's into the house, as when Stripe is slow, until `release` is called: the door waits for a
   * lock that is held here.
   */
  holdWebhooks: () => Promise<{ release: () => Promise<void> }>;
  /** Everything that Stripe has sent stands in the totals. */
  settle: () => Promise<void>;
  /** Turns the clock of Stripe's side on by days; what falls due on the way stands in the totals. */
  daysLater: (days: number) => Promise<void>;
  /** What the public address of the totals says of a fund. */
  fund: (slug: string) => Promise<FundTotals>;
  /** Errors that the service wrote into its log since the last question. */
  errors: () => string[];
  close: () => Promise<void>;
};

export type FundTotals = { slug: string; raisedMinor: number; gifts: number; donors: number; supporters: number };

/** Starts the service; in the demo anybody here may look around as its people. Call it in `beforeAll`, and `close` in `afterAll`. */
export async function openService({ isDemo = false } = {}): Promise<BrowserService> {
  const database = await openTestDatabase();
  const errors: string[] = [];
  const demoStaff: DemoPerson[] = [];
  const running = await start(
    readConfig({
      PORT: String(await freePort()),
      DATABASE_URL: database.url,
      DATABASE_OWNER_URL: database.ownerUrl,
      SETTINGS_KEY: settingsKey,
    }),
    {
      log: (level, message, fields) => {
        if (level === "error") errors.push(`${message} ${JSON.stringify(fields)}`);
      },
      demoStaff,
      async prepare(sql) {
        const read = readSetup(charity, await readKnownNames(sql));
        if (!read.ok) throw new Error(read.problems.join("\n"));
        await applySetup(sql, read.setup);
        for (const role of isDemo ? (["treasurer", "reviewer", "board"] as const) : []) {
          const { id, name } = await signIn(sql, role);
          demoStaff.push({ id, name, role });
        }
      },
    },
  );
  const settle = async (): Promise<void> => {
    await running.sandbox?.idle();
    do await running.drain.idle();
    while (await isWorking(running.sql));
  };
  return {
    ...running,
    admin: await signIn(database.sql, "admin", { name: "Ada Admin" }),
    async holdWebhooks() {
      const owner = openSql(database.ownerUrl, { max: 1 });
      await owner`begin`;
      await owner`lock table inbox in share row exclusive mode`;
      return {
        async release() {
          await owner`commit`;
          await owner.end();
        },
      };
    },
    settle,
    async daysLater(days) {
      await running.sandbox?.advance(days * 86_400);
      await settle();
    },
    async fund(slug) {
      const answer = await fetch(`${running.url}/api/totals`);
      const { funds } = (await answer.json()) as { funds: FundTotals[] };
      const found = funds.find((fund) => fund.slug === slug);
      if (found === undefined) throw new Error(`there is no fund ${slug}`);
      return found;
    },
    errors: () => errors.splice(0),
    async close() {
      await running.stop();
      await database.close();
    },
  };
}

/** Whether an event waits to be booked, or Stripe has to be asked for something now. */
async function isWorking(sql: Sql): Promise<boolean> {
  const [row] = await sql<{ isWorking: boolean }[]>`
    select exists (select from ticket) or exists (select from fetch_need where due_at <= now()) as "isWorking"`;
  return row?.isWorking === true;
}

/** A port that nobody listens on at this moment. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** Who pays on the page that stands for Stripe's, and where things are to be sent. */
export type Payer = { name: string; email?: string; card?: Card; city?: string };

/** Fills in the page that stands for Stripe's and presses its button. */
export async function payAtStripe(page: Page, { name, email, card = "domestic", city }: Payer): Promise<void> {
  await page.waitForURL("**/sandbox/pay/**");
  if (email !== undefined) await page.getByLabel("E-mail").fill(email);
  const choice = page.locator(`input[name="card"][value="${card}"]`);
  if (!(await choice.isVisible())) await page.getByText("More ways a payment can go").click();
  await choice.check();
  await page.getByLabel("Name on card").fill(name);
  if (city !== undefined) {
    await page.getByLabel("Full name").fill(name);
    await page.getByLabel("Address", { exact: true }).fill("1 Main Street");
    await page.getByLabel("City").fill(city);
    await page.getByLabel("Province or state").fill("ON");
    await page.getByLabel("Postal code").fill("K1P 1J1");
  }
  await page.getByRole("button", { name: /^Pay/u }).click();
}
