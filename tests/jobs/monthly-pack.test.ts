import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { storeBlocks } from "../../src/db/block.ts";
import { recordCash } from "../../src/db/cash.ts";
import { openSql, type Sql } from "../../src/db/connect.ts";
import { claimMail, noteSent } from "../../src/db/mail.ts";
import { switchMonthlyPack } from "../../src/db/pack.ts";
import { openPackLink } from "../../src/db/pack-link.ts";
import { prepareMonth } from "../../src/http/pack-month.ts";
import { createMonthlyPackJob, type MonthlyPackJob } from "../../src/jobs/monthly-pack.ts";
import { empty, setUpCharity } from "../charity.ts";
import { openTestDatabase, type TestDatabase } from "../database.ts";
import { signIn } from "../staff.ts";

// The pack of each month goes to the board from the 3rd day on, once.

let database: TestDatabase;
let owner: Sql;
let sql: Sql;
let logged: unknown[] = [];
const tara = { id: "t", name: "Tara" };

beforeAll(async () => {
  database = await openTestDatabase();
  ({ sql } = database);
  owner = openSql(database.ownerUrl, { max: 1 });
  await setUpCharity(sql);
  for (let person = 1; person <= 5; person += 1) {
    const gift = { fund: "general", organisation: "organisation-1", amountMinor: 1000n, day: "2021-03-05" };
    const nobody = { currency: null, note: null, person: null, name: null };
    await recordCash(sql, { ...nobody, ...gift, request: `r${person}`, email: `p${person}@example.org` });
  }
  await storeBlocks(sql, new Date("2021-04-02T16:00:00Z"), "complete");
  await signIn(sql, [{ role: "board", organisationId: 1n }], { name: "Board" });
  await signIn(sql, [{ role: "treasurer", organisationId: 1n }], { name: "Treasurer" });
  await signIn(sql, "admin", { name: "Admin" });
  await signIn(sql, [{ role: "reviewer", organisationId: 1n }], { name: "Reviewer" });
  await signIn(sql, [{ role: "board", organisationId: 2n }], { name: "Other board" });
});
afterAll(async () => {
  await owner.end();
  await database.close();
});
beforeEach(async () => {
  logged = [];
  await empty(owner, "pack_opening pack_link board_pack monthly_pack mail");
});

/** A process of its own, at this moment. */
function jobAt(at: string): MonthlyPackJob {
  return createMonthlyPackJob({
    sql,
    baseUrl: "https://give.example.org",
    prepare: prepareMonth,
    now: () => new Date(at),
    log: (level, message, fields = {}) => void logged.push({ level, message, fields }),
  });
}

const house = { organisationId: 1n, fundId: null };
const packs = async (): Promise<{ month: string; languages: string }[]> =>
  await sql`select month::text as month, languages from board_pack order by number`;
const mails = async (): Promise<{ recipient: string; subject: string; body: string }[]> =>
  await sql`select m.recipient, m.subject, m.body from mail m join auth.staff s on s.email = m.recipient order by s.name`;

test("the board, the treasurer and the admin of the place are sent the pack of last month, in its languages", async () => {
  await switchMonthlyPack(sql, tara, house, "en fr", "2021-03-20");
  await jobAt("2021-04-03T16:00:00Z").once();
  expect(await packs()).toEqual([{ month: "2021-03-01", languages: "en fr" }]);
  const sent = await mails();
  expect(sent).toHaveLength(3);
  expect(sent[0]?.subject).toBe("The board pack of March 2021 / Le dossier du conseil de mars 2021");
  expect(sent[0]?.body).toContain("The board pack of March 2021 is ready: One.");
  const token = /\/packs\/(?<token>[\w-]{43})\n/u.exec(sent[0]?.body ?? "")?.groups?.["token"] ?? "";
  const opened = await openPackLink(sql, token, "page", new Date("2021-05-03T15:59:59Z"));
  expect(opened?.shared).toMatchObject({
    from: "2021-03-01",
    to: "2021-03-31",
    sum: { raisedMinor: 5000, gifts: 5 },
  });
  expect(await openPackLink(sql, token, "page", new Date("2021-05-03T16:00:00Z"))).toBeNull();
});

test("is made once, however many processes look, and however often", async () => {
  await switchMonthlyPack(sql, tara, house, "en", "2021-03-20");
  await Promise.all([jobAt("2021-04-03T16:00:00Z").once(), jobAt("2021-04-03T16:00:00Z").once()]);
  await jobAt("2021-04-29T16:00:00Z").once();
  expect(await packs()).toHaveLength(1);
  expect(await mails()).toHaveLength(3);
  await jobAt("2021-05-03T16:00:00Z").once();
  expect((await packs()).map(({ month }) => month)).toEqual(["2021-03-01", "2021-04-01"]);
  expect(await mails()).toHaveLength(6);
});

test("waits for the 3rd day of the month at the place, and sends nothing of months before it was switched on", async () => {
  await switchMonthlyPack(sql, tara, house, "en", "2021-04-20");
  await jobAt("2021-04-25T16:00:00Z").once();
  // In Toronto it is still the 2nd.
  await jobAt("2021-05-03T03:59:00Z").once();
  expect(await packs()).toEqual([]);
  await jobAt("2021-05-03T04:01:00Z").once();
  expect((await packs()).map(({ month }) => month)).toEqual(["2021-04-01"]);
});

test("stops when it is switched off, and both stand in the trail of changes", async () => {
  await switchMonthlyPack(sql, tara, house, "en", "2021-03-20");
  await switchMonthlyPack(sql, tara, house, null, "2021-03-21");
  await jobAt("2021-04-03T16:00:00Z").once();
  expect(await packs()).toEqual([]);
  const deeds = await sql<
    { deed: string }[]
  >`select deed from change where kind = 'monthly pack' order by number desc limit 2`;
  expect(deeds.map(({ deed }) => deed)).toEqual(["switched off", "switched on"]);
});

test("a mail that was handed over forgets the secret of its link", async () => {
  await switchMonthlyPack(sql, tara, house, "en", "2021-03-20");
  await jobAt("2021-04-03T16:00:00Z").once();
  const uuid = crypto.randomUUID();
  const mail = await claimMail(sql, uuid);
  expect(mail?.body).toMatch(/\/packs\/[\w-]{43}/u);
  await noteSent(sql, uuid, mail?.id ?? 0n);
  const [kept] = await sql<{ body: string }[]>`select body from mail where sent_at is not null`;
  expect(kept?.body).toContain("https://give.example.org/packs/...");
  expect(kept?.body).not.toMatch(/[\w-]{43}/u);
});

test("a place that cannot be read does not keep the others from their packs", async () => {
  await switchMonthlyPack(sql, tara, { organisationId: 2n, fundId: null }, "en", "2021-03-20");
  await switchMonthlyPack(sql, tara, house, "en", "2021-03-20");
  await createMonthlyPackJob({
    sql,
    baseUrl: "https://give.example.org",
    prepare: async (sql, due, at) => {
      if (due.organisationId === 2n) throw new Error("broken");
      return await prepareMonth(sql, due, at);
    },
    now: () => new Date("2021-04-03T16:00:00Z"),
    log: (level, message, fields = {}) => void logged.push({ level, message, fields }),
  }).once();
  expect(await packs()).toHaveLength(1);
  expect(logged).toContainEqual(expect.objectContaining({ level: "error" }));
});
