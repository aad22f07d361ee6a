import { parseArgs } from "node:util";
import { ConfigError } from "../config.ts";
import type { Log } from "../core/log.ts";
import { EmbeddedError } from "../db/embedded/error.ts";
import { MigrationError } from "../db/schema.ts";

/** A command that cannot go on, in one line for the person who typed it. */
export class CommandError extends Error {
  override name = "CommandError";
}

/** Warnings and errors of a command go to the terminal's error stream; what merely happens is not told. */
export const commandLog: Log = (level, message, fields) => {
  if (level === "info") return;
  process.stderr.write(`${message}${fields === undefined ? "" : ` ${JSON.stringify(fields)}`}\n`);
};

/**
 * Runs a command and ends the process: with the code it returns, or with 1 and one line for what a person can mend. Any
 * other error is ours, and shown whole.
 */
export async function runCommand(command: (words: string[]) => Promise<number>): Promise<void> {
  try {
    process.exitCode = await command(process.argv.slice(2));
  } catch (error) {
    const expected = [CommandError, ConfigError, EmbeddedError, MigrationError].some((kind) => error instanceof kind);
    process.stderr.write(
      `${error instanceof Error ? (expected ? error.message : (error.stack ?? error.message)) : String(error)}\n`,
    );
    process.exitCode = 1;
  }
}

/**
 * The options of a command, each with a text: `--name value`.
 * @throws CommandError when there is another one, or one without its text
 */
export function readOptions<Name extends string>(
  names: readonly Name[],
  args: string[] = process.argv.slice(2),
): Partial<Record<Name, string>> {
  const options = Object.fromEntries(names.map((name) => [name, { type: "string" as const }]));
  try {
    return { ...parseArgs({ args, options, strict: true }).values } as Partial<Record<Name, string>>;
  } catch (error) {
    // What parseArgs says beyond its first sentence is advice about quoting.
    throw new CommandError(error instanceof Error ? (error.message.split(". ")[0] ?? error.message) : String(error), {
      cause: error,
    });
  }
}
