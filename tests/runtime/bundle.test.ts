import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { quiet } from "./workerd.ts";

// What `wrangler deploy` would upload, as its bundler tells it.

let folder: string;
let said: string;
let inputs: string[];
let imported: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "almonry-bundle-"));
  const wrangler = join(dirname(createRequire(import.meta.url).resolve("wrangler/package.json")), "bin/wrangler.js");
  const options = ["deploy", "--dry-run", "--metafile", "--outdir", folder];
  const run = promisify(execFile)(process.execPath, [wrangler, ...options], {
    env: { ...process.env, ...quiet(folder) },
  });
  said = (await run).stdout;
  const { outputs } = JSON.parse(await readFile(join(folder, "bundle-meta.json"), "utf8")) as {
    outputs: Record<string, { inputs: Record<string, unknown>; imports: { path: string; kind: string }[] }>;
  };
  const output = Object.entries(outputs).find(([name]) => name.endsWith(".js"))?.[1];
  inputs = Object.keys(output?.inputs ?? {});
  imported = (output?.imports ?? []).flatMap(({ path, kind }) => (kind === "import-statement" ? [path] : []));
});
afterAll(async () => await rm(folder, { recursive: true, force: true }));

it("holds the app, the pages, and the driver and SDK made for this runtime", () => {
  expect(inputs).toContain("src/app.ts");
  expect(inputs).toContain("web/pages/board.tsx");
  expect(inputs.some((path) => path.endsWith("postgres/cf/src/index.js"))).toBe(true);
  expect(inputs.some((path) => path.endsWith("stripe/esm/stripe.esm.worker.js"))).toBe(true);
});

it("holds nothing that needs files, processes, ports or the embedded database", () => {
  const onNodeOnly =
    /src\/(?:main-node|command|demo|db\/(?:embedded|open\.ts|borrow|migrate)|http\/(?:assets|server))|@hono\/node-server|postgres\/src|stripe\.esm\.node/u;
  expect(inputs.filter((path) => onNodeOnly.test(path))).toEqual([]);
  expect(imported.filter((path) => /^node:(?:fs|net|tls|http|https|child_process|os)(?:\/|$)/u.test(path))).toEqual([]);
});

it("fits the smallest plan of the platform, which takes three megabytes compressed", () => {
  const kib = Number(/gzip: ([\d.]+) KiB/u.exec(said)?.[1]);
  expect(kib).toBeGreaterThan(100);
  expect(kib).toBeLessThan(2048);
});
