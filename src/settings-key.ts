import { randomBytes } from "node:crypto";
import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ConfigError } from "./config.ts";

/** Where the key stands beside the data that it protects, readable by its owner only. */
const settingsKeyFile = "settings.key";

/**
 * The key that encrypts what the database keeps of settings, where `SETTINGS_KEY` does not say it: made at the first start
 * and kept in `dataDir`. Two services that start at once agree on one.
 * @throws ConfigError in one line when it can neither be read nor kept
 */
export async function keepSettingsKey(dataDir: string): Promise<Uint8Array> {
  const path = join(dataDir, settingsKeyFile);
  const known = await readKey(path);
  if (known !== null) return known;
  const unfinished = `${path}.new-${process.pid}-${randomBytes(4).toString("hex")}`;
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o711 });
    await writeFile(unfinished, `${randomBytes(32).toString("base64")}\n`, { mode: 0o600 });
    // A link never replaces: of two starters, one makes the key of both.
    await link(unfinished, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`No SETTINGS_KEY is set and none can be kept in ${dataDir} (${reason}): set SETTINGS_KEY.`, {
      cause: error,
    });
  } finally {
    await rm(unfinished, { force: true }).catch(() => undefined);
  }
  const kept = await readKey(path);
  if (kept === null) throw new ConfigError(`${path} went away while it was made: start again.`);
  return kept;
}

/** @returns null when there is no such file. @throws ConfigError when it is there and cannot be used */
async function readKey(path: string): Promise<Uint8Array | null> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
    throw new ConfigError(`${path} cannot be read: ${error.message}`, { cause: error });
  });
  if (text === null) return null;
  const bytes = new Uint8Array(Buffer.from(text.trim(), "base64"));
  if (bytes.length !== 32) throw new ConfigError(`${path} is damaged: restore it from a backup.`);
  return bytes;
}
