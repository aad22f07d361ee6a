import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { serveStatic } from "@hono/node-server/serve-static";
import type { Deps } from "./deps.ts";
import { manifestPath, readManifest } from "./manifest.ts";

/**
 * The built style and script in `folder`, by the names that their content gave them.
 * @returns null when they have not been built
 */
export async function readAssets(folder: string): Promise<Deps["assets"] | null> {
  const text = await readFile(join(folder, manifestPath), "utf8").catch(() => null);
  const names = text === null ? null : readManifest(text);
  return names === null ? null : { ...names, serve: serveStatic({ root: folder }) };
}
