import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

// A green light that looked at nothing is worse than none: a house built to break each rule of .oxlintrc.json, and what
// the linter says about it.

/** Each line is a forbidden import: the file it stands in and what it imports. */
const forbidden = [
  ["src/core/fund.ts", "../db/fund.ts"],
  ["src/core/fund.ts", "node:fs"],
  ["src/db/fund.ts", "../stripe/client.ts"],
  ["src/db/fund.ts", "../bank/csv.ts"],
  ["src/db/fund.ts", "../config.ts"],
  ["src/db/embedded/fund.ts", "../../jobs/drain.ts"],
  ["src/stripe/fund.ts", "../db/fund.ts"],
  ["src/stripe/sandbox/fund.ts", "../../db/fund.ts"],
  ["src/stripe/fund.ts", "../bank/csv.ts"],
  ["src/stripe/fund.ts", "postgres"],
  ["src/bank/fund.ts", "../db/fund.ts"],
  ["src/bank/fund.ts", "../stripe/client.ts"],
  ["src/auth/fund.ts", "../db/fund.ts"],
  ["src/auth/fund.ts", "../http/fund.ts"],
  ["src/db/fund.ts", "../auth/auth.ts"],
  ["src/jobs/fund.ts", "../auth/auth.ts"],
  ["src/jobs/fund.ts", "../http/fund.ts"],
  ["src/jobs/fund.ts", "../../web/pages/fund.tsx"],
  ["src/http/fund.ts", "../app.ts"],
  ["src/http/fund.ts", "../config.ts"],
  ["src/http/fund.ts", "../command/demo.ts"],
  ["src/app.ts", "./config.ts"],
  ["src/app.ts", "./main-node.ts"],
  ["src/app.ts", "./wiring.ts"],
  ["src/http/fund.ts", "../main-worker.ts"],
  ["src/main-worker.ts", "node:fs"],
  ["src/main-worker.ts", "./main-node.ts"],
  ["src/main-worker.ts", "./db/open.ts"],
  ["src/main-worker.ts", "./db/embedded/server.ts"],
  ["src/main-worker.ts", "./http/assets.ts"],
  ["src/config.ts", "./db/fund.ts"],
  ["web/pages/fund.tsx", "../../src/db/fund.ts"],
  ["web/pages/fund.tsx", "../../src/config.ts"],
  ["web/client/fund.ts", "stripe"],
] as const;

const allowed = [
  ["src/db/order.ts", "../core/order.ts"],
  ["src/stripe/sandbox/order.ts", "../order.ts"],
  ["src/stripe/order.ts", "../core/order.ts"],
  ["src/jobs/order.ts", "../db/order.ts"],
  ["src/http/order.ts", "../../web/pages/order.tsx"],
  ["src/http/order.ts", "../db/order.ts"],
  ["src/http/order.ts", "../auth/order.ts"],
  ["src/auth/order.ts", "../core/order.ts"],
  ["src/wiring.ts", "./db/order.ts"],
  ["web/pages/order.tsx", "../../src/core/order.ts"],
] as const;

const elsewhere: Record<string, string> = {
  "src/db/begin.ts":
    "export const write = (sql: { begin: (f: () => void) => void }): void => sql.begin(() => undefined);\n",
  "src/db/unsafe.ts": "export const ask = (sql: { unsafe: (text: string) => void }): void => sql.unsafe('x');\n",
  "src/db/environment.ts": "export const port = process.env['PORT'];\n",
  "src/jobs/floating.ts":
    "const later = async (): Promise<void> => undefined;\nexport function now(): void {\n  later();\n}\n",
  "src/core/missing-case.ts":
    "export function word(kind: 'gift' | 'sale'): string {\n  switch (kind) {\n    case 'gift':\n      return 'a';\n  }\n  return 'b';\n}\n",
  "src/core/cycle-one.ts": "import { two } from './cycle-two.ts';\nexport const one = (): number => two();\n",
  "src/core/cycle-two.ts": "import { one } from './cycle-one.ts';\nexport const two = (): number => one();\n",
};

let house: string;
let said: { filename: string; code: string }[];

beforeAll(async () => {
  house = await mkdtemp(join(tmpdir(), "almonry-lint-"));
  const texts = new Map(Object.entries(elsewhere));
  for (const [path, from] of [...forbidden, ...allowed]) texts.set(path, `${texts.get(path) ?? ""}import "${from}";\n`);
  for (const [path, text] of texts) {
    await mkdir(dirname(join(house, path)), { recursive: true });
    await writeFile(join(house, path), text);
  }
  await cp(".oxlintrc.json", join(house, ".oxlintrc.json"));
  await cp("tsconfig.json", join(house, "tsconfig.json"));
  await symlink(resolve("node_modules"), join(house, "node_modules"));
  const output = await new Promise<string>((done) => {
    execFile(
      resolve("node_modules/.bin/oxlint"),
      ["--format", "json", "src", "web"],
      { cwd: house, timeout: 50_000 },
      (_, stdout) => done(stdout),
    );
  });
  ({ diagnostics: said } = JSON.parse(output) as { diagnostics: typeof said });
});
afterAll(async () => await rm(house, { recursive: true, force: true }));

const count = (path: string, rule: string): number =>
  said.filter(({ filename, code }) => filename === path && code.endsWith(`(${rule})`)).length;

test.each([...new Set(forbidden.map(([path]) => path))])(
  "%s may not import from the rooms that are not below it",
  (path) => {
    expect(count(path, "no-restricted-imports")).toBe(forbidden.filter(([file]) => file === path).length);
  },
);

test.each([...new Set(allowed.map(([path]) => path))])("%s may import from the rooms below it", (path) => {
  expect(count(path, "no-restricted-imports")).toBe(0);
});

test.each([
  ["src/db/begin.ts", "no-restricted-properties"],
  ["src/db/unsafe.ts", "no-restricted-properties"],
  ["src/db/environment.ts", "no-process-env"],
  ["src/jobs/floating.ts", "no-floating-promises"],
  ["src/core/missing-case.ts", "switch-exhaustiveness-check"],
  ["src/core/cycle-one.ts", "no-cycle"],
])("%s breaks %s", (path, rule) => {
  expect(count(path, rule)).toBe(1);
});
