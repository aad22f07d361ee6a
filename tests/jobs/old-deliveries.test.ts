import { afterAll, beforeAll, expect, test } from "vitest";
import { openSql, type Sql } from "../../src/db/connect.ts";
import { readTypesAgain, replayDeadLetters } from "../../src/db/ticket.ts";
import { createOldDeliveryJob } from "../../src/jobs/old-deliveries.ts";
import { canonicalDump } from "../canonical-dump.ts";
import { swept } from "../flow/books.ts";
import { openHouse, type House } from "../flow/house.ts";

const keepDays = 90;
const donor = { email: "leyla.mammadova@example.org", show: "name", note: "For my grandfather", amount: "5000" };

let house: House;
let owner: Sql;
let sql: Sql;
beforeAll(async () => {
  house = await openHouse();
  ({ sql } = house);
  owner = openSql(house.ownerUrl, { max: 1 });
  await house.payFor("/funds/families/give", donor);
  await swept(house);
});
afterAll(async () => {
  await owner.end();
  await house.close();
});

const look = async (): Promise<void> => await createOldDeliveryJob({ sql, keepDays, log: () => undefined }).once();

/** A day has passed since all were looked at. */
const tomorrow = async (): Promise<unknown> =>
  await owner`update inbox_emptying set rests_until = now() - interval '1 second'`;

const age = async (days: number): Promise<unknown> =>
  await owner`update inbox set received_at = now() - make_interval(days => ${days})`;

type Row = { id: bigint; body: string; emptiedAt: Date | null };
const deliveries = async (): Promise<Row[]> =>
  await sql<Row[]>`select id, body, emptied_at as "emptiedAt" from inbox order by id`;

/** The rows in which somebody's name, address or words stand, whole. */
const naming = async (): Promise<object[]> =>
  await sql`select id from inbox i where to_jsonb(i)::text ~* 'leyla|mammadova|grandfather|guest|@example'`;

test("a delivery of 89 days ago, and one that waits, stay word for word", async () => {
  const before = await deliveries();
  expect(before.length).toBeGreaterThan(3);
  await age(89);
  await look();
  expect(await deliveries()).toEqual(before);

  await age(91);
  await sql`insert into ticket (inbox_id, account_id, dead_at, error) select id, account_id, now(), 'cannot be read' from inbox`;
  await tomorrow();
  await look();
  expect(await deliveries()).toEqual(before);
  expect((await naming()).length).toBeGreaterThan(0);
});

test("one of 91 days ago that is booked names nobody, and no gift, donor or total changes", async () => {
  await replayDeadLetters(sql, "all");
  await house.book();
  const [dump, before] = [await canonicalDump(sql), await deliveries()];
  await age(91);
  await tomorrow();
  await look();
  expect(await naming()).toEqual([]);
  const after = await deliveries();
  expect(after.every(({ emptiedAt }) => emptiedAt !== null)).toBe(true);
  for (const [index, { body }] of after.entries()) expect(kept(body)).toEqual(kept(before[index]?.body ?? ""));
  expect(await canonicalDump(sql)).toEqual(dump);
  expect((await house.fund("families")).donors).toBe(1);
  expect(await sql`select * from audit()`).toEqual([]);
});

test("it is done once: a day later nothing is left to do, and nothing of it is read again", async () => {
  const before = await deliveries();
  await tomorrow();
  await look();
  expect(await deliveries()).toEqual(before);

  await owner`update inbox set mark = 'type not listened to' where type = 'charge.succeeded'`;
  expect(await readTypesAgain(sql, ["charge.succeeded"])).toBe(0);
  await owner`update inbox set mark = 'other account', stripe_account = 'acct_1'`;
  await owner`update account set stripe_account_id = 'acct_1' where slug = 'first'`;
  expect(await sql`select from ticket`).toEqual([]);
});

/** The ids, amounts and moments of a body; what a card company authorised stands among the card's own details, and goes with them. */
function kept(body: string): unknown[] {
  const found: unknown[] = [];
  JSON.parse(body, (key, value: unknown) => {
    if (
      /^(?:id|amount|amount_(?:captured|received|refunded|subtotal|total)|created|currency|status|order|fund|started_at)$/u.test(
        key,
      ) &&
      typeof value !== "object"
    )
      found.push([key, value]);
    return value;
  });
  return found;
}
