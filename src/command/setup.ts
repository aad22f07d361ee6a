import { readFile } from "node:fs/promises";
import { readConfig } from "../config.ts";
import { readSetup } from "../core/read-setup.ts";
import { withDatabase } from "../db/borrow.ts";
import { applySetup, readKnownNames } from "../db/setup.ts";
import { CommandError, commandLog, runCommand } from "./run.ts";

/** `npm run setup -- file.json`: makes or changes what the file names; see docs/set-up-file.md. */
await runCommand(async () => {
  const [file, ...more] = process.argv.slice(2);
  if (file === undefined || more.length > 0) throw new CommandError("Say which file: npm run setup -- file.json");
  const document = await readDocument(file);
  return await withDatabase(readConfig(), "brought up", commandLog, async ({ sql }) => {
    const read = readSetup(document, await readKnownNames(sql));
    if (!read.ok) return refuse(file, read.problems);
    const applied = await applySetup(sql, read.setup);
    if (!applied.ok) return refuse(file, [applied.refusal]);
    const done = applied.steps.filter(({ outcome }) => outcome !== "unchanged");
    for (const { kind, name, outcome } of done) console.log(`${kind} ${name}: ${outcome}`);
    console.log(`${done.length} made or changed, ${applied.steps.length - done.length} as before.`);
    return 0;
  });
});

async function readDocument(file: string): Promise<unknown> {
  const text = await readFile(file, "utf8").catch(() => {
    throw new CommandError(`${file} cannot be read.`);
  });
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new CommandError(`${file} is not JSON: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

function refuse(file: string, problems: string[]): number {
  for (const problem of problems) console.error(problem);
  console.error(
    `Nothing was written. ${problems.length === 1 ? "One fault" : `${problems.length} faults`} in ${file}.`,
  );
  return 1;
}
