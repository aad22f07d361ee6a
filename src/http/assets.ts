import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { serveStatic } from "@hono/node-server/serve-static";
import { z } from "zod";
import type { Deps } from "./deps.ts";

const manifest = z.record(z.string(), z.object({ file: z.string(), css: z.array(z.string()).default([]) }));

/** The entry of the browser's code, as the build's manifest names it. */
const entry = "web/client/main.ts";

/**
 * The built style and script in `folder`, by the names that their content gave them.
 * @returns null when they have not been built
 */
export async function readAssets(folder: string): Promise<Deps["assets"] | null> {
  const text = await readFile(join(folder, ".vite", "manifest.json"), "utf8").catch(() => null);
  if (text === null) return null;
  const main = manifest.parse(JSON.parse(text))[entry];
  const style = main?.css[0];
  if (main === undefined || style === undefined) return null;
  return { style: `/${style}`, script: `/${main.file}`, serve: serveStatic({ root: folder }) };
}
