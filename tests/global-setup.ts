import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { openSql } from "../src/db/connect.ts";
import { startEmbedded } from "../src/db/embedded.ts";
import { serviceRole } from "../src/db/embedded/cluster.ts";
import { migrate } from "../src/db/migrate.ts";

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
  const dataDir = await mkdtemp(join(tmpdir(), "almonry-test-"));
  await chmod(dataDir, 0o711);
  const server = await startEmbedded({
    dataDir: join(dataDir, "data"),
    log: () => undefined,
    settings: { fsync: "off", synchronous_commit: "off", full_page_writes: "off", max_connections: "300" },
  });
  const owner = openSql(server.ownerUrl, { max: 1 });
  await owner`create database almonry_template`;
  await owner.end();
  const template = openSql(server.ownerUrl.replace(/\/almonry$/u, "/almonry_template"), { max: 1 });
  await migrate(template, { serviceRole });
  await template.end();
  project.provide("database", { url: server.url, ownerUrl: server.ownerUrl });
  return async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}
