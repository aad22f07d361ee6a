import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listAccounts } from "../../src/db/account.ts";
import { keepAccountKeys, listAccountKeys, revokeAccountKeys, type KeptKey } from "../../src/db/account-key.ts";
import type { Sql } from "../../src/db/connect.ts";
import { openTestDatabase, type TestDatabase } from "../database.ts";

const staff = { id: "staff 1", name: "Vusal Karimov" };

function key(kind: KeptKey["kind"], lastFour: string): KeptKey {
  return { kind, iv: "aXY=", ciphertext: "c2VhbGVk", sealedBy: "0011223344556677", lastFour, endpointId: null };
}

describe("keys in the database", () => {
  let database: TestDatabase;
  let sql: Sql;
  beforeAll(async () => {
    database = await openTestDatabase();
    sql = database.sql;
    await sql`insert into account (slug) values ('alov'), ('center')`;
  });
  afterAll(async () => await database.close());

  const keep = async (accountId: bigint, keys: KeptKey[], stripeAccountId: string | null = null) =>
    await keepAccountKeys(sql, staff, { accountId, mode: "test", stripeAccountId, keys });
  const standing = async () =>
    (await listAccountKeys(sql, "alov")).map(({ kind, lastFour, until }) => [kind, lastFour, until === null]);
  const stamp = async () => (await listAccounts(sql))[0]?.keysStamp;

  test("fix the mode of a database that has none, are listed, and change the account's stamp", async () => {
    expect(await stamp()).toBe("");
    expect(await keep(1n, [key("secret key", "1111"), key("webhook secret", "2222")], "acct_1")).toEqual({ ok: true });
    expect(await sql`select mode from database_mode`).toEqual([{ mode: "test" }]);
    expect(await standing()).toEqual([
      ["webhook secret", "2222", true],
      ["secret key", "1111", true],
    ]);
    expect((await listAccounts(sql))[0]).toMatchObject({ stripeAccountId: "acct_1", keysStamp: "1 2" });
  });

  test("of another mode than the database's are refused in one line", async () => {
    expect(
      await keepAccountKeys(sql, staff, {
        accountId: 1n,
        mode: "live",
        stripeAccountId: null,
        keys: [key("secret key", "9999")],
      }),
    ).toEqual({
      ok: false,
      refusal: "this database holds test payments and stays so, and this is a live key: go live makes another database",
    });
    expect(await standing()).toHaveLength(2);
  });

  test("of another Stripe account, or of one that is here already, are refused", async () => {
    expect(await keep(1n, [key("secret key", "3333")], "acct_2")).toEqual({
      ok: false,
      refusal: "account alov is acct_1 at Stripe, and this key belongs to acct_2",
    });
    expect(await keep(2n, [key("secret key", "3333")], "acct_1")).toEqual({
      ok: false,
      refusal: "this key belongs to acct_1, which is account alov here already",
    });
    expect(await keep(9n, [key("secret key", "3333")])).toEqual({ ok: false, refusal: "there is no such account" });
  });

  test("take the place of those before: a secret key at once, a webhook secret after a day", async () => {
    await keep(1n, [key("secret key", "4444"), key("webhook secret", "5555")]);
    expect(await standing()).toEqual([
      ["webhook secret", "5555", true],
      ["secret key", "4444", true],
      ["webhook secret", "2222", false],
    ]);
    await database.sql`update account_key set revoked_at = now() - interval '1 second' where last_four = '2222'`;
    expect(await standing()).toHaveLength(2);
    expect(await stamp()).toBe("3 4");
  });

  test("can be forgotten at once", async () => {
    expect(await revokeAccountKeys(sql, staff, 1n, "secret key")).toBe(1n);
    expect(await revokeAccountKeys(sql, staff, 1n, "secret key")).toBe(0n);
    expect(await standing()).toEqual([["webhook secret", "5555", true]]);
  });

  test("stand in the audit trail by their last four characters only, with who changed them", async () => {
    const rows = await sql<{ staff_name: string; text: string }[]>`
      select staff_name, before::text || after::text as text from change where kind = 'account key' order by number`;
    expect(rows.map((row) => row.staff_name)).toEqual(["Vusal Karimov", "Vusal Karimov", "Vusal Karimov"]);
    expect(rows[0]?.text).toContain("1111");
    expect(rows.every(({ text }) => !text.includes("c2VhbGVk"))).toBe(true);
  });
});
