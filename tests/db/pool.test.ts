import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openSql, type Sql } from "../../src/db/connect.ts";
import { openTestDatabase, type TestDatabase } from "../database.ts";

let database: TestDatabase;
let owner: Sql;
beforeAll(async () => {
  database = await openTestDatabase();
  owner = openSql(database.ownerUrl, { max: 1 });
});
afterAll(async () => {
  await owner.end();
  await database.close();
});

const open = (max: number, name: string): Sql => openSql(database.url, { max, applicationName: name });

/** How many connections of this name the server has; ends them if told to. */
async function connectionsOf(name: string, isEnding = false): Promise<number> {
  const rows = await owner`
    select case when ${isEnding} then pg_terminate_backend(pid) end from pg_stat_activity where application_name = ${name}`;
  return rows.length;
}

describe("a statement", () => {
  test("is sent once, when somebody waits for it, however many do", async () => {
    const { sql } = database;
    await owner`create sequence sent`;
    await owner`grant usage on sequence sent to almonry`;
    const statement = sql<{ number: bigint }[]>`select nextval('sent') as number`;
    void sql`select nextval('sent')`;
    expect(await Promise.all([statement, statement])).toEqual([[{ number: 1n }], [{ number: 1n }]]);
  });

  test("is made of names, values and other statements", async () => {
    const { sql } = database;
    const isSmall = sql`n < ${3}`;
    expect(
      await sql`select n from ${sql("generate_series")}(1, ${9}) n where ${isSmall} order by ${sql`n desc`}`,
    ).toEqual([{ n: 2 }, { n: 1 }]);
  });

  test("that fails says where it was written, and not where the driver heard of it", async () => {
    const error = await database.sql`select nothing`.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "42703" });
    expect((error as Error).stack?.split("\n")[1]).toContain("pool.test.ts");
  });
});

describe("a pool", () => {
  test("has as many connections as it may, and the others wait their turn", async () => {
    const pool = open(3, "three");
    const asked = Array.from({ length: 9 }, async (_, number) => await pool`select ${number}::int as number`);
    expect((await Promise.all(asked)).flat()).toEqual(Array.from({ length: 9 }, (_, number) => ({ number })));
    // None is given up before the pool ends, so that what stands now is all that there ever was.
    expect(await connectionsOf("three")).toBe(3);
    await pool.end();
  });

  test("that ends finishes what is under way, refuses what waits, and takes nothing more", async () => {
    const pool = open(1, "ending");
    const first = pool`select 1 as one, pg_sleep(0.1)`.then(([row]) => row);
    const second = pool`select 2`.catch((error: unknown) => error);
    await sleep(20);
    await pool.end();
    expect(await first).toMatchObject({ one: 1 });
    expect(await second).toMatchObject({ code: "CONNECTION_ENDED" });
    await expect(pool`select 3`).rejects.toMatchObject({ code: "CONNECTION_ENDED" });
  });

  test("tells of every connection that closed", async () => {
    let closed = 0;
    const pool = openSql(database.url, { applicationName: "told", onClose: () => (closed += 1) });
    await pool`select 1`;
    await connectionsOf("told", true);
    await expect.poll(() => closed).toBe(1);
    expect(await pool`select 2 as two`).toEqual([{ two: 2 }]);
    await pool.end();
    expect(closed).toBe(2);
  });

  test("goes on listening after the connection for it broke", async () => {
    const pool = open(1, "listener");
    const heard: string[] = [];
    let begun = 0;
    await pool.listen(
      "news",
      (text) => heard.push(text),
      () => (begun += 1),
    );
    await connectionsOf("listener", true);
    await expect.poll(() => begun, { timeout: 10_000 }).toBe(2);
    await pool`select pg_notify('news', 'again')`;
    await expect.poll(() => heard).toEqual(["again"]);
    await pool.end();
  });
});

test("a reserved connection that broke fails for good: what follows never runs in another session", async () => {
  const pool = open(2, "reserved");
  const connection = await pool.reserve();
  await connection`select 1`;
  await connectionsOf("reserved", true);
  await expect(connection`select 2`).rejects.toThrow(/terminating connection|CONNECTION|ECONNRESET|EPIPE/u);
  await pool`select 3`;
  await expect(connection`select 4`).rejects.toMatchObject({ code: "CONNECTION_ENDED" });
  connection.release();
  await pool.end();
});

test("sessions that are ended under load leave no statement without an answer, and none with another's", async () => {
  // On one pool of the driver itself, 1,500 such blows left 8 of 30 askers waiting for ever, and gave one no row.
  const pool = open(10, "victim");
  const seconds = process.env["PROVE"] === "1" ? 60 : 4;
  const until = Date.now() + seconds * 1000;
  const wide = "x".repeat(3000);
  let wrong = 0;
  const ask = async (asker: number): Promise<void> => {
    for (let count = 0; Date.now() < until; count += 1) {
      const value = asker * 1_000_000 + count;
      const rows = await (
        asker % 3 === 0
          ? pool<{ value: number }[]>`select ${value}::int as value, ${wide}::text, pg_sleep(0.001)`
          : pool<{ value: number }[]>`select ${value}::int as value`
      ).catch(() => null);
      if (rows !== null && rows[0]?.value !== value) wrong += 1;
      if (asker % 2 === 1) await sleep(Math.random() * 3);
    }
  };
  const asking = Promise.all(Array.from({ length: 30 }, async (_, asker) => await ask(asker)));
  while (Date.now() < until) {
    await sleep(Math.random() * 30);
    await connectionsOf("victim", true);
  }
  await asking;
  expect(wrong).toBe(0);
  expect(await pool`select 1 as one`).toEqual([{ one: 1 }]);
  await pool.end();
}, 120_000);
