import { constants } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { EmbeddedError } from "./error.ts";

/** The account of this machine that the server runs as; null means the one we run as ourselves. */
export type ServerAccount = { uid: number; gid: number } | null;

/**
 * PostgreSQL refuses to run as root. Then it runs as `postgres`, else as `nobody`: accounts that exist already, because
 * a web service has no business making users.
 * @param clusterOwner who owns an existing data directory; PostgreSQL accepts nobody else
 * @throws EmbeddedError when root finds neither account
 */
export async function serverAccount(
  clusterOwner: ServerAccount,
  ourUid = process.getuid?.() ?? -1,
): Promise<ServerAccount> {
  if (ourUid !== 0) return null;
  if (clusterOwner !== null && clusterOwner.uid !== 0) return clusterOwner;
  const lines = (await readFile("/etc/passwd", "utf8")).split("\n").map((line) => line.split(":"));
  for (const wanted of ["postgres", "nobody"]) {
    const [, , uid, gid] = lines.find(([name]) => name === wanted) ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new EmbeddedError(
    "PostgreSQL does not run as root, and there is no account postgres or nobody: start Almonry as another user.",
  );
}

/** Who owns `path`, or null when it does not exist. */
export async function ownerOf(path: string): Promise<ServerAccount> {
  const found = await stat(path).catch(() => null);
  return found === null ? null : { uid: found.uid, gid: found.gid };
}

/**
 * The folder on the way to `path` that `account` may not enter, or null when it can reach it. Judged by the permission
 * bits; what does not exist yet will be made by us and given to the account.
 */
export async function closedFolder(path: string, account: ServerAccount): Promise<string | null> {
  if (account === null) return null;
  const folders: string[] = [];
  for (let at = resolve(path); ; at = dirname(at)) {
    folders.unshift(at);
    if (at === dirname(at)) break;
  }
  for (const folder of folders) {
    const found = await stat(folder).catch(() => null);
    if (found === null) return null;
    const bit =
      found.uid === account.uid ? constants.S_IXUSR : found.gid === account.gid ? constants.S_IXGRP : constants.S_IXOTH;
    if ((found.mode & bit) === 0) return folder;
  }
  return null;
}
