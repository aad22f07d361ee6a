import { chmod, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { openSql } from "../src/db/connect.ts";
import { borrowEmbedded, startEmbedded } from "../src/db/embedded.ts";
import { serviceRole } from "../src/db/embedded/cluster.ts";
import { migrate } from "../src/db/migrate.ts";
import { serverSettings } from "./server-settings.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** The test server's own database, from which `openTestDatabase` clones `almonry_template`. */
    database: { url: string; ownerUrl: string };
  }
}

/**
 * One real PostgreSQL for all tests, in a temporary directory, with a migrated database to clone. It need not survive a
 * power cut, so it does not wait for the disk. Without it nothing is tested: it fails, it is not skipped.
 */
export default async function startTestServer(project: TestProject): Promise<() => Promise<void>> {
  await sweepUp();
  const dataDir = await mkdtemp(join(tmpdir(), `almonry-test-${process.pid}-`));
  await chmod(dataDir, 0o711);
  const server = await startEmbedded({
    dataDir: join(dataDir, "data"),
    log: () => undefined,
    settings: { ...serverSettings, max_connections: "300" },
  });
  const stop = async (): Promise<void> => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  await makeTemplate(server.ownerUrl).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  project.provide("database", { url: server.url, ownerUrl: server.ownerUrl });
  return stop;
}

/** Stops and removes what test runs left that were killed: a command that borrows their server is its last user. */
async function sweepUp(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = /^almonry-test-(?<pid>\d+)-/u.exec(name)?.groups?.["pid"];
    if (pid === undefined || isAlive(Number(pid))) continue;
    const folder = join(tmpdir(), name);
    if ((await readdir(join(folder, "data")).catch((): string[] => [])).includes("postgresql")) {
      await borrowEmbedded({ dataDir: join(folder, "data"), log: () => undefined }, async () => undefined).catch(
        () => undefined,
      );
    }
    await rm(folder, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function makeTemplate(ownerUrl: string): Promise<void> {
  const owner = openSql(ownerUrl, { max: 1 });
  const template = openSql(ownerUrl.replace(/\/almonry$/u, "/almonry_template"), { max: 1 });
  try {
    await owner`create database almonry_template`;
    await migrate(template, { serviceRole });
  } finally {
    await Promise.all([owner.end(), template.end()]);
  }
}
