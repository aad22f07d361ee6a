import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { expect, test } from "vitest";
import { openSql } from "../../src/db/connect.ts";
import { isStaffEmpty } from "../../src/db/staff.ts";
import { openTestDatabase, type TestDatabase } from "../database.ts";
import { settingsKey } from "../staff.ts";

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** What `npm start` says on standard output and on the error stream, once it answers; `use` runs while it does. */
async function started(database: TestDatabase, use: (said: string) => Promise<void>): Promise<void> {
  const port = await freePort();
  const env = {
    PATH: process.env["PATH"],
    PORT: String(port),
    DATABASE_URL: database.url,
    DATABASE_OWNER_URL: database.ownerUrl,
    SETTINGS_KEY: settingsKey,
  };
  const child = spawn(process.execPath, ["--import", "tsx", "src/main-node.ts"], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  let logged = "";
  child.stdout.on("data", (part: Buffer) => (said += part.toString()));
  child.stderr.on("data", (part: Buffer) => (logged += part.toString()));
  try {
    while (!said.includes("payments are played by the sandbox")) await once(child.stdout, "data");
    await use(said);
    for (const [token] of said.matchAll(/[\w-]{43}/gu)) expect(logged).not.toContain(token);
  } finally {
    child.kill("SIGTERM");
    await once(child, "close");
  }
}

test("while nobody is on the staff, npm start prints one address that works once, and only the newest, and makes the first admin", async () => {
  const database = await openTestDatabase();
  let earlier = "";
  await started(database, async (said) => void (earlier = /\/setup\/\S+/u.exec(said)?.[0] ?? ""));
  await started(database, async (said) => {
    const lines = said.split("\n").filter((line) => line.includes("/setup/"));
    expect(lines).toEqual([
      expect.stringMatching(/^Nobody can sign in yet\. Become the first admin, within 30 minutes: http:\S+$/u),
    ]);
    const address = /http:\S+/u.exec(lines[0] ?? "")?.[0] ?? "";
    const { origin } = new URL(address);
    expect((await fetch(`${origin}${earlier}`)).status).toBe(410);
    for (let look = 0; look < 5; look++) expect((await fetch(address)).status).toBe(200);
    const answer = await fetch(address, {
      method: "POST",
      body: new URLSearchParams({ name: "Ada", email: "ada@example.org", password: "seven wet umbrellas" }),
      headers: { origin },
      redirect: "manual",
    });
    expect(answer.status).toBe(303);
    const cookie = answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    expect((await fetch(`${origin}/desk/staff`, { headers: { cookie }, redirect: "manual" })).status).toBe(200);
    expect((await fetch(address)).status).toBe(410);
  });
  expect(await isStaffEmpty(database.sql)).toBe(false);
  await database.close();
}, 90_000);

test("a database that goes away just after the start delays the address, and does not end the service", async () => {
  const database = await openTestDatabase();
  const owner = openSql(database.ownerUrl, { max: 2 });
  const holder = await owner.reserve();
  await holder`begin`;
  await holder`lock table auth.link`;
  let ended = 0;
  const ending = (async () => {
    while (ended === 0) {
      const rows = await owner`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and query like '%make_link%' and wait_event_type = 'Lock'`;
      ended += rows.length;
    }
    await holder`rollback`;
  })();
  await started(database, async (said) => {
    expect(said).toContain("/setup/");
    await Promise.resolve();
  });
  await ending;
  expect(ended).toBe(1);
  holder.release();
  await owner.end();
  await database.close();
}, 90_000);
