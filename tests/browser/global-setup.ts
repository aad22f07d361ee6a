import { execFile } from "node:child_process";
import { readdir, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";

/** What the browser's files are built from. */
const sources = ["web", "src/core", "vite.config.ts", "package-lock.json"];
const built = "dist/client/.vite/manifest.json";

/** Builds the browser's files, once for all test files, where they are missing or older than what they are made from. */
export default async function buildClient(): Promise<void> {
  const builtAt = await stat(built).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
  if (builtAt > Math.max(...(await Promise.all(sources.map(newest))))) return;
  const vite = join(createRequire(import.meta.url).resolve("vite/package.json"), "../bin/vite.js");
  // In a process of its own, since vitest's NODE_ENV would make it another build than `npm start` serves.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== "NODE_ENV"));
  await promisify(execFile)(process.execPath, [vite, "build", "--logLevel", "error"], { env });
}

/** When a file, or anything in a folder, changed last, in milliseconds; a file taken away changes its folder. */
async function newest(path: string): Promise<number> {
  const { mtimeMs } = await stat(path);
  if (!(await stat(path)).isDirectory()) return mtimeMs;
  const inside = await readdir(path);
  return Math.max(mtimeMs, ...(await Promise.all(inside.map(async (name) => await newest(join(path, name))))));
}
