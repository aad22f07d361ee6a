import { z } from "zod";

/** Where the build of the browser's files says what it made, in their folder. */
export const manifestPath = ".vite/manifest.json";

const manifest = z.record(z.string(), z.object({ file: z.string(), css: z.array(z.string()).default([]) }));

/** The entry of the browser's code, as the manifest names it. */
const entry = "web/client/main.ts";

/** The addresses of the built style and script, which their content named; null when the manifest knows none. */
export function readManifest(text: string): { style: string; script: string } | null {
  const main = manifest.parse(JSON.parse(text))[entry];
  const style = main?.css[0];
  return main === undefined || style === undefined ? null : { style: `/${style}`, script: `/${main.file}` };
}
