import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { asBody, asSubject, isAddress } from "../../src/core/mail.ts";
import { openSql, type Sql } from "../../src/db/connect.ts";
import { queueMail, readMailQueue, replayMails } from "../../src/db/mail.ts";
import { createMailJob, type MailJob } from "../../src/jobs/mail.ts";
import { createMailer } from "../../src/mail/smtp.ts";
import { openTestDatabase, type TestDatabase } from "../database.ts";
import { openSmtpServer, type SmtpServer } from "../mail/smtp-server.ts";

let database: TestDatabase;
let owner: Sql;
let sql: Sql;
let server: SmtpServer;
let logged: unknown[] = [];

beforeAll(async () => {
  [database, server] = await Promise.all([openTestDatabase(), openSmtpServer()]);
  sql = database.sql;
  owner = openSql(database.ownerUrl, { max: 1 });
});
afterAll(async () => {
  await owner.end();
  await server.close();
  await database.close();
});
beforeEach(async () => {
  await owner`truncate mail`;
  server.received.splice(0);
  logged = [];
});

const from = "Alov Foundation <hello@alov.example>";
const jobAt = (url: string): MailJob =>
  createMailJob({
    sql,
    owner: randomUUID(),
    mailer: createMailer({ url, from }),
    host: "give.alov.example",
    log: (level, message, fields) => logged.push([level, message, fields]),
  });
const mail = {
  key: "alert/1/raised/a",
  recipient: "admin@alov.example",
  subject: "Stripe does not take our key",
  body: "See the desk.\n",
};
const due = async (): Promise<void> => void (await sql`update mail set next_at = now()`);

describe("a mail in the queue", () => {
  test("arrives at a real mail server, from the sender of the settings, and is sent once", async () => {
    expect(await queueMail(sql, [mail])).toBe(1);
    const job = jobAt(server.url);
    expect([await job.once(), await job.once()]).toEqual([1, 0]);
    expect(server.received).toHaveLength(1);
    expect(server.received[0]).toMatchObject({
      from: "hello@alov.example",
      to: ["admin@alov.example"],
      headers: {
        from,
        to: "admin@alov.example",
        subject: mail.subject,
        "auto-submitted": "auto-generated",
        "message-id": expect.stringMatching(/^<\d+\.\d{13}@give\.alov\.example>$/u),
      },
    });
    expect(server.received[0]?.body.trim()).toBe("See the desk.");
    const [kept] = await sql`select body, sent_at from mail`;
    expect(kept).toEqual({ body: mail.body, sent_at: expect.any(Date) });
  });

  test("is written once however often the same thing is said", async () => {
    expect(await queueMail(sql, [mail, { ...mail, key: "alert/1/raised/b" }])).toBe(2);
    expect(await queueMail(sql, [{ ...mail, subject: "Again" }])).toBe(0);
    expect(await jobAt(server.url).once()).toBe(2);
  });

  test("is sent by one of two processes, and by the next one when a process died with it", async () => {
    await queueMail(sql, [mail]);
    const [one, other] = await Promise.all([jobAt(server.url).once(), jobAt(server.url).once()]);
    expect(one + other).toBe(1);
    await queueMail(sql, [{ ...mail, key: "alert/2/raised/a" }]);
    await sql`update mail set lease_owner = ${randomUUID()}, lease_until = now() + interval '1 minute' where sent_at is null`;
    expect(await jobAt(server.url).once()).toBe(0);
    await sql`update mail set lease_until = now() - interval '1 second' where sent_at is null`;
    expect(await jobAt(server.url).once()).toBe(1);
  });

  test("waits while no server answers, without a try counted, and that is said once", async () => {
    const gone = await openSmtpServer();
    await gone.close();
    await queueMail(sql, [mail, { ...mail, key: "alert/1/raised/b" }]);
    const job = jobAt(gone.url);
    for (let round = 0; round < 3; round += 1) {
      await job.once();
      await due();
    }
    expect(await sql`select distinct tries::int as tries from mail`).toEqual([{ tries: 0 }]);
    expect(logged).toHaveLength(1);
    expect(logged[0]).toMatchObject(["error", "no mail can be sent", { reason: "ESOCKET" }]);
    expect(await readMailQueue(sql)).toMatchObject({ waiting: 2, givenUp: 0, oldest: expect.any(Date) });
  });

  test("waits, too, while the server does not let us in", async () => {
    server.answers["AUTH"] = ["535 no"];
    server.answers["EHLO"] = ["250-mail.test\r\n250 AUTH PLAIN"];
    await queueMail(sql, [mail]);
    await jobAt(server.url.replace("//", "//user:topsecret@")).once();
    expect(await sql`select tries::int as tries, error from mail`).toEqual([{ tries: 0, error: "EAUTH 535" }]);
    expect(JSON.stringify(logged)).not.toContain("topsecret");
  });

  test("put off by the server is tried again, later each time, and given up after ten tries", async () => {
    server.answers["RCPT"] = Array.from({ length: 10 }, () => "451 later");
    await queueMail(sql, [mail]);
    const job = jobAt(server.url);
    await job.once();
    const [first] = await sql<{ wait: number }[]>`select extract(epoch from next_at - now())::float8 as wait from mail`;
    expect(first?.wait).toBeGreaterThan(55);
    for (let round = 0; round < 9; round += 1) {
      await due();
      await job.once();
    }
    expect(await readMailQueue(sql)).toEqual({ waiting: 0, oldest: null, givenUp: 1 });
    expect(await replayMails(sql)).toBe(1);
    expect(await job.once()).toBe(1);
    expect(server.received).toHaveLength(1);
  });

  test("to an address that the server does not know is given up at once; the others go on", async () => {
    server.answers["RCPT"] = ["550 5.1.1 <admin@alov.example> unknown"];
    await queueMail(sql, [mail, { ...mail, key: "alert/1/raised/b", recipient: "other@alov.example" }]);
    await jobAt(server.url).once();
    expect(server.received.map(({ to }) => to)).toEqual([["other@alov.example"]]);
    expect(await sql`select error from mail where given_up_at is not null`).toEqual([{ error: "EENVELOPE 550" }]);
  });

  test("leaves no address and no text in the log, whatever the server says", async () => {
    server.answers["RCPT"] = ["451 <canary@alov.example> later", "550 <canary@alov.example> gone"];
    await queueMail(sql, [
      { ...mail, recipient: "canary@alov.example", body: "canary-body", subject: "canary-subject" },
      { ...mail, key: "b", recipient: "canary@alov.example", body: "canary-body", subject: "canary-subject" },
    ]);
    await jobAt(server.url).once();
    expect(logged).toHaveLength(2);
    expect(JSON.stringify(logged)).not.toContain("canary");
  });
});

const hostile = [
  "Gift\r\nBcc: thief@evil.example",
  "Gift\nBcc: thief@evil.example",
  "Gift\rBcc: thief@evil.example",
  "Gift\r\n\r\nA body of theirs",
  "Gift\u2028Bcc: thief@evil.example",
  "Gift\u0085Bcc: thief@evil.example",
  "Gift\0Bcc: thief@evil.example",
  "Gift\u000bBcc: thief@evil.example",
  "Gift\u202eelpmaxe",
  "=?utf-8?b?DQpCY2M6IHRoaWVmQGV2aWwuZXhhbXBsZQ0K?=",
  "Gift".repeat(100),
  ".\r\nMAIL FROM:<thief@evil.example>",
];

describe("text that wants to be more than text", () => {
  test.each(hostile)("stays one line of the subject: %j", async (text) => {
    expect(
      await queueMail(sql, [
        { ...mail, subject: asSubject(text), body: asBody(`${text}\r\n.\r\nRCPT TO:<thief@evil.example>\r\n`) },
      ]),
    ).toBe(1);
    expect(await jobAt(server.url).once()).toBe(1);
    expect(server.received).toHaveLength(1);
    const { to = [], headers = {}, body = "" } = server.received[0] ?? {};
    expect(to).toEqual(["admin@alov.example"]);
    expect(Object.keys(headers).sort()).toEqual([
      "auto-submitted",
      "content-transfer-encoding",
      "content-type",
      "date",
      "from",
      "message-id",
      "mime-version",
      "subject",
      "to",
      "x-auto-response-suppress",
    ]);
    expect(headers).toMatchObject({ from });
    expect(body).toContain("RCPT TO:<thief@evil.example>");
    expect(asSubject(text).length).toBeLessThanOrEqual(200);
  });

  test.each(hostile.slice(0, 8))("is refused by the database itself as a subject: %j", async (text) => {
    await expect(queueMail(sql, [{ ...mail, subject: text }])).rejects.toThrow(/a_subject_is_one_line|Unicode escape/u);
  });

  test.each([
    "a@b.example\r\nBcc: c@evil.example",
    "a@b.example, c@evil.example",
    "a@b.example;c@evil.example",
    "Somebody <a@b.example>",
    "a b@c.example",
    "a@b@c.example",
    '"a"@b.example',
    "(c)a@b.example",
    "nobody",
    "@b.example",
    "a@",
    `${"a".repeat(250)}@b.example`,
  ])("is no recipient: %j", async (text) => {
    expect(isAddress(text)).toBe(false);
    await expect(queueMail(sql, [{ ...mail, recipient: text }])).rejects.toThrow("a_recipient_is_one_address");
  });
});
