import { randomUUID } from "node:crypto";
import { createServer } from "node:net";
import type Stripe from "stripe";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { readConfig } from "../../src/config.ts";
import { type Alert, byHarm, isDiskLow, type OwnFinding } from "../../src/core/alert.ts";
import { countAlerts, listAlerts, listPastAlerts, takeAlert } from "../../src/db/alert.ts";
import { openSql, type Sql } from "../../src/db/connect.ts";
import { type AlertJob, createAlertJob } from "../../src/jobs/alerts.ts";
import { createMailJob } from "../../src/jobs/mail.ts";
import { start } from "../../src/main-node.ts";
import { createMailer } from "../../src/mail/smtp.ts";
import type { Account } from "../../src/stripe/account.ts";
import { stripeClient } from "../../src/stripe/client.ts";
import { memoryStore } from "../../src/stripe/sandbox/memory-store.ts";
import { createSandbox, type Sandbox } from "../../src/stripe/sandbox/sandbox.ts";
import { empty, forgetPayments } from "../charity.ts";
import { openTestDatabase, type TestDatabase } from "../database.ts";
import { settingsKey } from "../staff.ts";
import { openSmtpServer, type SmtpServer } from "../mail/smtp-server.ts";

const baseUrl = "https://give.alov.example";

let database: TestDatabase;
let owner: Sql;
let sql: Sql;
let mailServer: SmtpServer;
let sandbox: Sandbox;
let logged: unknown[] = [];
let disk: OwnFinding | null = null;
let proxy: OwnFinding | null | "unknown" = null;

beforeAll(async () => {
  [database, mailServer] = await Promise.all([openTestDatabase(), openSmtpServer()]);
  sql = database.sql;
  owner = openSql(database.ownerUrl, { max: 1 });
  for (const slug of ["alov", "center"]) {
    await sql`
      insert into organisation (slug, name, legal_name, address, contact)
      values (${slug}, ${slug}, ${`${slug} Foundation`}, '1 Main Street', 'hello@example.org')`;
    await sql`
      insert into account (slug, organisation_id) select ${slug}, id from organisation where slug = ${slug}`;
  }
  await sql`
    insert into auth.staff (id, name, email) values
      ('s1', 'Leyla', 'leyla@alov.example'), ('s2', 'Samir', 'samir@center.example'), ('s3', 'Nigar', 'nigar@alov.example')`;
  await sql`
    insert into auth.membership (staff_id, role, organisation_id) values
      ('s1', 'admin', null), ('s2', 'admin', (select id from organisation where slug = 'center')), ('s3', 'treasurer', null)`;
});
afterAll(async () => {
  await owner.end();
  await mailServer.close();
  await database.close();
});
beforeEach(async () => {
  await forgetPayments(owner);
  await empty(owner, "alert mail endpoint_watch stripe_clock arriving_watch");
  await empty(owner, "undelivered_sweep undelivered_pause stripe_pause");
  logged = [];
  disk = null;
  proxy = null;
  mailServer.received.splice(0);
  sandbox = createSandbox({
    store: memoryStore(),
    now: () => new Date(),
    wallClock: () => new Date(),
    random: () => randomUUID().replaceAll("-", "").slice(0, 24),
    baseUrl,
    log: () => undefined,
    findAccount: async (name) => await Promise.resolve({ name }),
    deliver: async () => await Promise.resolve(200),
  });
});

const stripeOf = (slug: string): Stripe => stripeClient({ key: sandbox.key(slug), fetch: sandbox.fetch });

/** A process of its own, as each look might come from another one. */
function job(overrides: Partial<Parameters<typeof createAlertJob>[0]> = {}): AlertJob {
  return createAlertJob({
    sql,
    baseUrl,
    writesMail: true,
    disk: async () => await Promise.resolve(disk),
    proxy: () => proxy,
    accountById: async (id) => {
      const slug = id === (await idOf("alov")) ? "alov" : "center";
      return { id, slug, stripeAccountId: null, webhookSecrets: [], stripe: stripeOf(slug) } satisfies Account;
    },
    log: (level, message, fields) => logged.push([level, message, fields]),
    ...overrides,
  });
}

const look = async (): Promise<void> => await job().once();
const idOf = async (slug: string): Promise<bigint> => {
  const [row] = await sql<{ id: bigint }[]>`select id from account where slug = ${slug}`;
  return row?.id ?? 0n;
};
const kinds = async (): Promise<string[]> =>
  (await listAlerts(sql, "all")).sort(byHarm).map(({ kind, subject }) => `${kind} ${subject}`.trim());
async function sendMails(): Promise<void> {
  const mailer = createMailer({ url: mailServer.url, from: "Alov <hello@alov.example>" });
  await createMailJob({ sql, owner: randomUUID(), mailer, host: "give.alov.example", log: () => undefined }).once();
}
const mails = async (): Promise<string[]> => {
  await sendMails();
  return mailServer.received
    .splice(0)
    .map(({ to, headers }) => `${to.join()}: ${headers["subject"]}`)
    .sort();
};

type Trouble = {
  alert: string;
  begins: () => Promise<unknown>;
  ends: () => Promise<unknown>;
  title: string;
  to: string[];
};

const both = ["leyla@alov.example"];
const troubles: Trouble[] = [
  {
    alert: "clock",
    title: "This machine's clock is wrong",
    to: both,
    begins: async () => await sql`insert into stripe_clock (ahead_ms) values (-400000)`,
    ends: async () => await sql`update stripe_clock set ahead_ms = 900`,
  },
  {
    alert: "endpoint disabled alov",
    title: "Stripe sends us nothing any more (account alov)",
    to: both,
    begins: async () => await stripeOf("alov").webhookEndpoints.update("we_sandbox_alov", { disabled: true }),
    ends: async () => await stripeOf("alov").webhookEndpoints.update("we_sandbox_alov", { disabled: false }),
  },
  {
    alert: "key refused center",
    title: "Stripe does not take our key (account center)",
    to: [...both, "samir@center.example"],
    begins: async () =>
      await sql`
      insert into undelivered_pause (account_id, since, until, reason)
      values (${await idOf("center")}, now() - interval '7 hours', now(), 'StripeAuthenticationError')`,
    ends: async () => await sql`delete from undelivered_pause`,
  },
  {
    alert: "dead letters alov",
    title: "Something of Stripe's could not be booked (account alov)",
    to: both,
    begins: async () =>
      await sql`
      insert into fetch_need (account_id, kind, object_id, due_at, tries, error)
      values (${await idOf("alov")}, 'charge', 'ch_1', 'infinity', 10, 'resource_missing')`,
    ends: async () => await sql`delete from fetch_need`,
  },
  {
    alert: "books differ alov",
    title: "Stripe and the books differ (account alov)",
    to: both,
    begins: async () =>
      await sql`
      insert into sweep_state (account_id, last_error, differences, last_closed_at)
      values (${await idOf("alov")}, 'differences', 2, now() - interval '4 hours')`,
    ends: async () => await sql`update sweep_state set differences = 0, last_error = null, last_closed_at = now()`,
  },
  {
    alert: "arriving alov",
    title: "Payments stay arriving (account alov)",
    to: both,
    begins: async () => {
      const [payment] = await sql<{ id: bigint }[]>`
        insert into payment (account_id, key, state) values (${await idOf("alov")}, 'pi_1', 'arriving') returning id`;
      await sql`insert into arriving_watch (payment_id, since) values (${payment?.id ?? 0n}, now() - interval '25 hours')`;
    },
    ends: async () => await sql`update payment set state = 'succeeded'`,
  },
  {
    alert: "sweep late alov",
    title: "Lost deliveries are not looked for (account alov)",
    to: both,
    begins: async () =>
      await sql`
      insert into undelivered_sweep (account_id, swept_to) values (${await idOf("alov")}, now() - interval '6 hours 1 minute')`,
    ends: async () => await sql`update undelivered_sweep set swept_to = now()`,
  },
  {
    alert: "disk low",
    title: "The disk is nearly full",
    to: both,
    begins: async () =>
      await Promise.resolve(
        (disk = { kind: "disk low", subject: "", about: { freePercent: 2, freeBytes: 4e8 }, hours: 24 }),
      ),
    ends: async () => await Promise.resolve((disk = null)),
  },
  {
    alert: "proxy",
    title: "A proxy stands in front that the settings do not name",
    to: both,
    begins: async () => await Promise.resolve((proxy = { kind: "proxy", subject: "", about: {}, hours: 24 })),
    ends: async () => await Promise.resolve((proxy = null)),
  },
  {
    alert: "mail stuck",
    title: "Mails could not be sent",
    to: both,
    begins: async () =>
      await sql`
      insert into mail (key, recipient, subject, body, given_up_at) values ('x', 'a@b.example', 'x', 'x', now())`,
    ends: async () => await sql`update mail set given_up_at = null, sent_at = now()`,
  },
];

describe.each(troubles)("$alert", ({ alert, title, to, begins, ends }) => {
  test("is raised once and told once, whoever looks, and told once more when it is over", async () => {
    await look();
    expect([await kinds(), await mails(), logged]).toEqual([[], [], []]);

    await begins();
    await owner`update endpoint_watch set asked_at = now() - interval '61 minutes'`;
    await Promise.all([look(), look()]);
    await look();
    expect(await kinds()).toEqual([alert]);
    expect(await countAlerts(sql, "all")).toBe(1);
    expect(await mails()).toEqual(to.map((each) => `${each}: ${title}`));

    await ends();
    await Promise.all([look(), look()]);
    await look();
    expect([await kinds(), await countAlerts(sql, "all")]).toEqual([[], 0]);
    expect(await mails()).toEqual(to.map((each) => `${each}: Well again: ${title}`));
    expect(logged.map((line) => (line as string[])[0])).toEqual(["warn", "info"]);
    expect(await listPastAlerts(sql, "all", 10)).toHaveLength(1);
  });
});

describe("an alert", () => {
  const troubled = async (): Promise<Alert> => {
    await troubles[3]?.begins();
    await look();
    const [alert] = await listAlerts(sql, "all");
    if (alert === undefined) throw new Error("nothing was raised");
    return alert;
  };

  test("that comes back later is another one, and told again", async () => {
    const first = await troubled();
    await troubles[3]?.ends();
    await look();
    const second = await troubled();
    expect(second.id).not.toBe(first.id);
    expect((await mails()).length).toBe(3);
  });

  test("has a deadline, and an owner once somebody takes it, who is noted in the trail of changes", async () => {
    const { id, dueAt, since, owner: nobody } = await troubled();
    expect([nobody, dueAt.getTime() - since.getTime()]).toEqual([null, 3 * 86_400_000]);
    const nigar = { id: "s3", name: "Nigar" };
    expect(await takeAlert(sql, nigar, "all", { alertId: id ?? 0n, take: true })).toBe(true);
    expect((await listAlerts(sql, "all"))[0]?.owner).toEqual(nigar);
    expect(await sql`select staff_name, deed, kind, subject from change`).toEqual([
      { staff_name: "Nigar", deed: "took", kind: "alert", subject: "dead letters alov" },
    ]);
    await takeAlert(sql, nigar, "all", { alertId: id ?? 0n, take: false });
    expect((await listAlerts(sql, "all"))[0]?.owner).toBe(null);
  });

  test("is nobody's again when whoever looked after it leaves", async () => {
    const { id } = await troubled();
    await takeAlert(sql, { id: "s3", name: "Nigar" }, "all", { alertId: id ?? 0n, take: true });
    await sql`update auth.staff set left_at = now() where id = 's3'`;
    expect((await listAlerts(sql, "all"))[0]?.owner).toBe(null);
    await sql`update auth.staff set left_at = null where id = 's3'`;
  });

  test("of one organisation's account is not shown to, counted for or taken by staff of another", async () => {
    const { id } = await troubled();
    const center = [(await sql<{ id: bigint }[]>`select id from organisation where slug = 'center'`)[0]?.id ?? 0n];
    expect([await listAlerts(sql, center), await countAlerts(sql, center)]).toEqual([[], 0]);
    expect(await takeAlert(sql, { id: "s2", name: "Samir" }, center, { alertId: id ?? 0n, take: true })).toBe(false);
    await troubles[3]?.ends();
    await look();
    expect([await listPastAlerts(sql, center, 10), (await listPastAlerts(sql, "all", 10)).length]).toEqual([[], 1]);
  });

  test("is raised without mail where none was set up", async () => {
    await troubles[3]?.begins();
    await job({ writesMail: false }).once();
    expect([await kinds(), await mails()]).toEqual([["dead letters alov"], []]);
    await look();
    expect(await mails()).toEqual([]);
  });

  test("names what to do, by when and where, and who stands behind the service, and nobody who gave", async () => {
    await troubled();
    await sendMails();
    const [mail] = mailServer.received;
    for (const part of [
      "1 dead letter of account alov",
      "have them tried again",
      `${baseUrl}/desk`,
      "alov Foundation",
      "center Foundation",
      "1 Main Street",
    ])
      expect(mail?.body).toContain(part);
  });
});

describe("a running service", () => {
  test("tells admins by mail of what it finds when it starts", async () => {
    const own = await openTestDatabase();
    await own.sql`insert into account (slug) values ('alov')`;
    await own.sql`insert into auth.staff (id, name, email) values ('s1', 'Leyla', 'leyla@alov.example')`;
    await own.sql`insert into auth.membership (staff_id, role) values ('s1', 'admin')`;
    await own.sql`
      insert into fetch_need (account_id, kind, object_id, due_at, tries, error) values (1, 'charge', 'ch_1', 'infinity', 10, 'x')`;
    const settings = { DATABASE_URL: own.url, DATABASE_OWNER_URL: own.ownerUrl, SETTINGS_KEY: settingsKey };
    const port = await freePort();
    const service = await start(
      readConfig({ ...settings, PORT: String(port), SMTP_URL: mailServer.url, MAIL_FROM: "Alov <hello@alov.example>" }),
      { log: () => undefined },
    );
    await vi.waitFor(() => expect(mailServer.received).toHaveLength(1), { timeout: 10_000 });
    expect(mailServer.received[0]).toMatchObject({ from: "hello@alov.example", to: ["leyla@alov.example"] });
    expect(mailServer.received[0]?.body).toContain(`http://127.0.0.1:${port}/desk`);
    await service.stop();
    await own.close();
  });
});

describe("our endpoint", () => {
  test("that a key may not ask about is nothing to alarm anybody", async () => {
    const refusing = stripeClient({
      key: "rk_test_1",
      fetch: async () =>
        await Promise.resolve(
          Response.json({ error: { type: "invalid_request_error", message: "no" } }, { status: 403 }),
        ),
    });
    await job({
      accountById: async (id) =>
        await Promise.resolve({ id, slug: "alov", stripeAccountId: null, webhookSecrets: [], stripe: refusing }),
    }).once();
    expect(await sql`select distinct status from endpoint_watch`).toEqual([{ status: "unknown" }]);
    expect(await kinds()).toEqual([]);
  });

  test("is asked for once an hour", async () => {
    let questions = 0;
    const counting = stripeClient({
      key: sandbox.key("alov"),
      fetch: async (...request) => {
        questions += 1;
        return await sandbox.fetch(...request);
      },
    });
    const own = job({
      accountById: async (id) =>
        await Promise.resolve({ id, slug: "alov", stripeAccountId: null, webhookSecrets: [], stripe: counting }),
    });
    await own.once();
    await own.once();
    expect(questions).toBe(2);
  });
});

describe("a disk", () => {
  const gigabyte = 1024 ** 3;
  test.each([
    [0.4 * gigabyte, 2 * gigabyte, true],
    [4 * gigabyte, 100 * gigabyte, true],
    [40 * gigabyte, 1000 * gigabyte, false],
    [0.6 * gigabyte, 2 * gigabyte, false],
  ])("of which %d of %d is free: low %s", (freeBytes, totalBytes, low) => {
    expect(isDiskLow({ freeBytes, totalBytes })).toBe(low);
  });
});

afterEach(async () => {
  expect(await sql`select from alert where told_at is null`).toHaveLength(0);
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
