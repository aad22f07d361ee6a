import { randomBytes } from "node:crypto";
import { inject } from "vitest";
import { openSql, type Sql } from "../src/db/connect.ts";

/** A database of a test file's own: migrated, empty, on a real PostgreSQL. */
export type TestDatabase = {
  /** A pool of the serving role, which may do what the service may. */
  sql: Sql;
  url: string;
  ownerUrl: string;
  close: () => Promise<void>;
};

/** Clones the migrated template (some 50 ms). Call it in `beforeAll`, and `close` in `afterAll`. */
export async function openTestDatabase(): Promise<TestDatabase> {
  return await openDatabase("template almonry_template");
}

/** An empty database, for tests of the migrations themselves. */
export async function openEmptyDatabase(): Promise<TestDatabase> {
  return await openDatabase("template template0");
}

async function openDatabase(template: string): Promise<TestDatabase> {
  const server = inject("database");
  const name = `test_${randomBytes(8).toString("hex")}`;
  const address = (url: string): string => url.replace(/\/almonry$/u, `/${name}`);
  const owner = openSql(server.ownerUrl, { max: 1 });
  await owner.unsafe(`create database ${name} ${template} strategy file_copy`);
  const sql = openSql(address(server.url));
  return {
    sql,
    url: address(server.url),
    ownerUrl: address(server.ownerUrl),
    close: async () => {
      await sql.end({ timeout: 5 });
      await owner.unsafe(`drop database ${name} with (force)`);
      await owner.end();
    },
  };
}
