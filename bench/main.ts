import { benchDoor } from "./door.ts";
import { benchDrain } from "./drain.ts";
import { benchStart } from "./start.ts";

/** One line of the table; `ratio` is against the first line of the same bench. */
export type BenchRow = { what: string; result: string; ratio: number | null };

for (const bench of [benchDoor, benchDrain, benchStart]) {
  const rows = await bench();
  for (const { what, result, ratio } of rows) {
    process.stdout.write(
      `${what.padEnd(44)}${result.padStart(32)}${(ratio === null ? "" : `${ratio.toFixed(2)} x`).padStart(12)}\n`,
    );
  }
  process.stdout.write("\n");
}
