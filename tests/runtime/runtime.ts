import { createServer } from "node:net";
import { readConfig } from "../../src/config.ts";
import { readSetup } from "../../src/core/read-setup.ts";
import type { Sql } from "../../src/db/connect.ts";
import { applySetup, readKnownNames } from "../../src/db/setup.ts";
import { start } from "../../src/main-node.ts";
import { openTestDatabase } from "../database.ts";
import { charity } from "../flow/charity.ts";
import { settingsKey, signIn, type SignedIn } from "../staff.ts";
import { baseUrl, openWorkerd } from "./workerd.ts";

/** The service in one of its two runtimes, on a database of its own with the charity set up, asked over HTTP. */
export type Runtime = {
  /** Where it answers; its pages name `baseUrl`, so that those of both runtimes are the same. */
  url: string;
  sql: Sql;
  /** A treasurer, signed in. */
  treasurer: SignedIn;
  /** Resolves when what runs without a request has run. */
  turn: () => Promise<void>;
  /** Problems it wrote into its log. */
  problems: () => string[];
  close: () => Promise<void>;
};

/** On Node, as `npm start` runs it. */
export async function onNode(): Promise<Runtime> {
  const database = await openCharity();
  const port = await freePort();
  const problems: string[] = [];
  const running = await start(
    readConfig({
      PORT: String(port),
      BASE_URL: baseUrl,
      DATABASE_URL: database.url,
      DATABASE_OWNER_URL: database.ownerUrl,
      SETTINGS_KEY: settingsKey,
    }),
    {
      log: (level, message, fields) => {
        if (level !== "info") problems.push(`${message} ${JSON.stringify(fields)}`);
      },
    },
  );
  return {
    url: `http://127.0.0.1:${port}`,
    sql: database.sql,
    treasurer: await signIn(database.sql, "treasurer", { name: "Tara Treasurer" }),
    async turn() {
      await running.sandbox?.idle();
      await running.drain.idle();
      await running.sweep.once("due");
    },
    problems: () => problems.splice(0),
    async close() {
      await running.stop();
      await database.close();
    },
  };
}

/** In the Workers runtime, as `wrangler deploy` would put it there. */
export async function onWorkers(): Promise<Runtime> {
  const database = await openCharity();
  const workerd = await openWorkerd(database.url);
  return {
    url: workerd.url,
    sql: database.sql,
    treasurer: await signIn(database.sql, "treasurer", { name: "Tara Treasurer" }),
    async turn() {
      await workerd.cron();
    },
    problems: workerd.logged,
    async close() {
      await workerd.close();
      await database.close();
    },
  };
}

async function openCharity(): ReturnType<typeof openTestDatabase> {
  const database = await openTestDatabase();
  const read = readSetup(charity, await readKnownNames(database.sql));
  if (!read.ok) throw new Error(read.problems.join("\n"));
  await applySetup(database.sql, read.setup);
  // When fees come would else depend on how fast a runtime is: a test says when it is time for the sweep.
  await database.sql`insert into sweep_state (account_id, next_at) select id, 'infinity' from account`;
  return database;
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
