import { randomBytes } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openSql } from "../connect.ts";
import { databaseName } from "./cluster.ts";
import { EmbeddedError } from "./error.ts";

const fileName = "database.txt";
const nameForm = /^almonry(?:_[a-z0-9]+)*$/u;

/** The database of the embedded server that is the one to be served now: the first one until going live made another. */
export async function readPointer(dataDir: string): Promise<string> {
  const text = await readFile(join(dataDir, fileName), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return databaseName;
    throw new EmbeddedError(`${join(dataDir, fileName)} cannot be read: ${error.message}`, { cause: error });
  });
  const name = text.trim();
  if (!nameForm.test(name)) throw new EmbeddedError(`${join(dataDir, fileName)} is damaged: restore it from a backup.`);
  return name;
}

/** Makes another database of the server the one to be served; it appears whole, by a rename. */
export async function writePointer(dataDir: string, name: string): Promise<void> {
  const path = join(dataDir, fileName);
  const unfinished = `${path}.new-${process.pid}-${randomBytes(4).toString("hex")}`;
  await writeFile(unfinished, `${name}\n`, { mode: 0o600 });
  await rename(unfinished, path);
}

/** The address of another database of the same server. */
export function atDatabase(url: string, name: string): string {
  const address = new URL(url);
  address.pathname = `/${name}`;
  return address.href;
}

/** Makes an empty database in the server, named after its mode. One that was left half-made by a killed process stays aside. */
export async function makeDatabase(ownerUrl: string, mode: string): Promise<string> {
  const owner = openSql(ownerUrl, { max: 1, applicationName: "almonry go live" });
  try {
    const rows = await owner<{ name: string }[]>`select datname as name from pg_database`;
    const taken = new Set(rows.map(({ name }) => name));
    let name = `${databaseName}_${mode}`;
    for (let count = 2; taken.has(name); count += 1) name = `${databaseName}_${mode}_${count}`;
    await owner`create database ${owner(name)}`;
    return name;
  } finally {
    await owner.end({ timeout: 5 });
  }
}

/** Every database of Almonry's in the server, with its address for the role that serves, the oldest first. */
export async function listDatabases(
  ownerUrl: string,
  servedUrl: string,
): Promise<{ name: string; isServed: boolean; url: string }[]> {
  const owner = openSql(ownerUrl, { max: 1, applicationName: "almonry go live" });
  try {
    const rows = await owner<{ name: string }[]>`
      select datname as name from pg_database where datname ~ '^almonry(_[a-z0-9]+)*$' order by oid`;
    return rows.map(({ name }) => ({
      name,
      isServed: new URL(servedUrl).pathname === `/${name}`,
      url: atDatabase(servedUrl, name),
    }));
  } finally {
    await owner.end({ timeout: 5 });
  }
}
