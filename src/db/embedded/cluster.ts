import { createHash, randomBytes } from "node:crypto";
import { chown, link, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { z } from "zod";
import { closedFolder, ownerOf, serverAccount, type ServerAccount } from "./account.ts";
import { EmbeddedError } from "./error.ts";
import { preparePrograms, run, systemFolder, type Programs } from "./program.ts";

/** The roles: one owns the tables and changes them, the other serves and may only read and write rows. */
const ownerRole = "almonry_owner";
export const serviceRole = "almonry";
/** The database that the server has from the start, in which its locks are held. */
export const databaseName = "almonry";

/** What `server.json` keeps, readable by its owner only. */
const serverFile = z.object({
  port: z.number().int().nullable(),
  ownerPassword: z.string().regex(/^[0-9a-f]{32,}$/u),
  servicePassword: z.string().regex(/^[0-9a-f]{32,}$/u),
});
export type ServerFile = z.infer<typeof serverFile>;

/** A data directory with a cluster in it, and everything needed to run a server on it. */
export type Cluster = {
  dataDir: string;
  /** PostgreSQL's own directory inside it. */
  folder: string;
  logFile: string;
  programs: Programs;
  secrets: ServerFile;
};

export type ClusterOptions = {
  dataDir: string;
  /** Nobody chose `dataDir`, so the data may stand elsewhere where it cannot be reached. */
  dataDirIsDefault?: boolean;
  /** False for who only looks at what is there. */
  mayBeMade?: boolean;
};

/**
 * Makes sure that `dataDir` holds a cluster of this PostgreSQL, making one if it is empty. Two processes may do this at
 * once and either may be killed anywhere: the passwords are decided first, by whoever links `server.json` into place,
 * and a cluster appears whole, by a rename.
 * @throws EmbeddedError when the directory cannot be reached or belongs to another version
 */
export async function prepareCluster(options: ClusterOptions): Promise<Cluster> {
  const { dataDir, dataDirIsDefault = false, mayBeMade = true } = options;
  const wished = await serverAccount(await ownerOf(join(dataDir, "postgresql")));
  const reachable = await reachableDataDir(dataDir, dataDirIsDefault, wished);
  const folder = join(reachable, "postgresql");
  if (!mayBeMade && (await versionOf(folder)) === null) {
    throw new EmbeddedError(
      `There is no database in ${dataDir} yet: npm start makes one. The demo's is in ./data-demo (DATA_DIR=./data-demo).`,
    );
  }
  const account = await serverAccount(await ownerOf(join(reachable, "postgresql")));
  const programs = await preparePrograms(account);
  // The server's account passes through this folder but owns only what is PostgreSQL's in it.
  await mkdir(reachable, { recursive: true, mode: account === null ? 0o700 : 0o711 }).catch((cause: Error) => {
    throw new EmbeddedError(`${reachable} cannot be made: ${cause.message}`, { cause });
  });
  refuseClosed(await closedFolder(reachable, account));
  const secrets = await readServerFile(reachable);
  const cluster = { dataDir: reachable, folder, logFile: join(reachable, "server.log"), programs, secrets };
  await removeUnfinished(reachable);
  const version = await versionOf(folder);
  if (version === null) await makeCluster(cluster);
  else refuseOtherVersion(cluster, version);
  return cluster;
}

/** The major version of the PostgreSQL that made this folder, or null when there is no cluster in it. */
async function versionOf(folder: string): Promise<string | null> {
  const text = await readFile(join(folder, "PG_VERSION"), "utf8").catch(() => null);
  return text === null ? null : text.trim();
}

/** Reads `server.json`, making it with fresh passwords if it is not there. */
async function readServerFile(dataDir: string): Promise<ServerFile> {
  const path = join(dataDir, "server.json");
  if ((await stat(path).catch(() => null)) === null) {
    const password = (): string => randomBytes(24).toString("hex");
    const fresh: ServerFile = { port: null, ownerPassword: password(), servicePassword: password() };
    const unfinished = unfinishedName(path);
    await writeFile(unfinished, JSON.stringify(fresh), { mode: 0o600 });
    // A link never replaces: of two starters, one decides the passwords of both.
    await link(unfinished, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
    await rm(unfinished, { force: true });
  }
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new EmbeddedError(`${path} cannot be read: ${error.message}`, { cause: error });
  });
  const read = serverFile.safeParse(parse(text));
  if (!read.success) throw new EmbeddedError(`${path} is damaged: restore it from a backup.`);
  return read.data;
}

/** Remembers the port the server is about to listen on. */
export async function writePort(cluster: Cluster, port: number): Promise<void> {
  cluster.secrets = { ...cluster.secrets, port };
  const path = join(cluster.dataDir, "server.json");
  const unfinished = unfinishedName(path);
  await writeFile(unfinished, JSON.stringify(cluster.secrets), { mode: 0o600 });
  await rename(unfinished, path);
}

/** The address of the database for one of the two roles. */
export function databaseUrl(
  { ownerPassword, servicePassword }: ServerFile,
  role: "owner" | "service",
  port: number,
): string {
  const [user, password] = role === "owner" ? [ownerRole, ownerPassword] : [serviceRole, servicePassword];
  return `postgres://${user}:${password}@127.0.0.1:${port}/${databaseName}`;
}

async function reachableDataDir(dataDir: string, isDefault: boolean, account: ServerAccount): Promise<string> {
  const closed = await closedFolder(dataDir, account);
  if (closed === null) return dataDir;
  // Two clones must not share a database unseen, so the place is named after the one that was wanted.
  const suffix = createHash("sha256").update(dataDir).digest("hex").slice(0, 8);
  const elsewhere = join(systemFolder, `${basename(dataDir)}-${suffix}`);
  // What stands there was made for this very directory when it was the default, as the demo's is.
  if (!isDefault && (await ownerOf(elsewhere)) === null) refuseClosed(closed);
  return elsewhere;
}

function refuseClosed(folder: string | null): void {
  if (folder === null) return;
  throw new EmbeddedError(
    `PostgreSQL does not run as root, and its account may not enter ${folder}: choose a DATA_DIR outside it, or start Almonry as another user.`,
  );
}

function refuseOtherVersion({ folder, programs }: Cluster, version: string): void {
  if (version === programs.major) return;
  throw new EmbeddedError(
    `${folder} was made by PostgreSQL ${version} and this Almonry brings ${programs.major}: dump it with the Almonry that made it (pg_dump), move the folder away, start, and restore; or set DATABASE_URL to a PostgreSQL ${version} that serves it.`,
  );
}

async function makeCluster({ dataDir, folder, programs, secrets }: Cluster): Promise<void> {
  const unfinished = unfinishedName(join(dataDir, "postgresql"));
  const passwordFile = unfinishedName(join(dataDir, "password"));
  await mkdir(unfinished, { mode: 0o700 });
  await writeFile(passwordFile, secrets.ownerPassword, { mode: 0o600 });
  const { account } = programs;
  if (account !== null) await chown(unfinished, account.uid, account.gid);
  if (account !== null) await chown(passwordFile, account.uid, account.gid);
  try {
    await must(programs, "initdb", [
      `--pgdata=${unfinished}`,
      `--username=${ownerRole}`,
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--data-checksums",
    ]);
    await execute(programs, unfinished, [
      `create role ${serviceRole} login password '${secrets.servicePassword}'`,
      `create database ${databaseName}`,
    ]);
    await rename(unfinished, folder).catch(async (error: NodeJS.ErrnoException) => {
      // Somebody who started at the same time was first; the passwords are the same.
      await rm(unfinished, { recursive: true, force: true });
      if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
    });
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** Gives a stopped cluster the passwords of `server.json`, after that file was lost. */
export async function setPasswords({ folder, programs, secrets }: Cluster): Promise<void> {
  await execute(programs, folder, [
    `alter role ${ownerRole} password '${secrets.ownerPassword}'`,
    `alter role ${serviceRole} password '${secrets.servicePassword}'`,
  ]);
}

/** Statements for a cluster without a running server. They hold nothing but our own names and hexadecimal passwords. */
async function execute(programs: Programs, folder: string, statements: string[]): Promise<void> {
  const input = statements.map((statement) => `${statement}\n`).join("");
  await must(programs, "postgres", ["--single", "-D", folder, "-c", "exit_on_error=on", "postgres"], input);
}

async function must(programs: Programs, program: "initdb" | "postgres", args: string[], input = ""): Promise<void> {
  const { code, output } = await run(programs, program, args, input);
  if (code === 0) return;
  const reason =
    output.split("\n").findLast((line) => /error|fatal|denied|cannot|could not/iu.test(line)) ?? output.trim();
  throw new EmbeddedError(`PostgreSQL's data could not be made (${program}): ${reason.trim()}`);
}

/** What this process is making just now; see `removeUnfinished`. */
const making = new Set<string>();

function unfinishedName(path: string): string {
  const name = `${path}.new-${process.pid}-${randomBytes(4).toString("hex")}`;
  making.add(name);
  return name;
}

/**
 * Removes what a killed process left half-made. What another living process makes is left to it; in a container a new
 * process often has the number of the old one, so our own number alone protects nothing.
 */
async function removeUnfinished(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    const pid = /\.new-(?<pid>\d+)-[0-9a-f]{8}$/u.exec(name)?.groups?.["pid"];
    if (pid === undefined) continue;
    const path = join(dataDir, name);
    if (Number(pid) === process.pid ? making.has(path) : isAlive(Number(pid))) continue;
    await rm(path, { recursive: true, force: true });
  }
}

/** Signal 0 is only a question; it is asked of our own kind of process, never of the pid in postmaster.pid. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
