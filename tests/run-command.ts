import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { TestDatabase } from "./database.ts";
import { settingsKey } from "./staff.ts";

export type CommandEnd = { exitCode: number | null; stdout: string; stderr: string };

const root = fileURLToPath(new URL("..", import.meta.url));

/** Runs a command of src/command as a person would, on a test's database. */
export async function runCommand(
  name: string,
  args: string[],
  { url, ownerUrl }: Pick<TestDatabase, "url" | "ownerUrl">,
): Promise<CommandEnd> {
  const child = spawn(process.execPath, ["--import", "tsx", `src/command/${name}.ts`, ...args], {
    cwd: root,
    env: { PATH: process.env["PATH"], DATABASE_URL: url, DATABASE_OWNER_URL: ownerUrl, SETTINGS_KEY: settingsKey },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (part: Buffer) => (stdout += part.toString()));
  child.stderr.on("data", (part: Buffer) => (stderr += part.toString()));
  const exitCode = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { exitCode, stdout, stderr };
}
