import { benchBoard } from "./board.ts";
import { benchBooks } from "./books.ts";
import { benchDoor } from "./door.ts";
import { benchDrain } from "./drain.ts";
import { benchLive } from "./live.ts";
import { benchStart } from "./start.ts";

/** One line of the table; `ratio` is against the first line of the same bench, or of the same name. */
export type BenchRow = { what: string; result: string; ratio: number | null };

/** `npm run bench` runs all; `npm run bench -- books 10000 100000` one of them, the books with sizes of your own. */
const benches = {
  door: benchDoor,
  drain: benchDrain,
  start: benchStart,
  books: benchBooks,
  board: benchBoard,
  live: benchLive,
  // Loaded late: it is large, and other benches measure memory.
  lighthouse: async () => await (await import("./lighthouse.ts")).benchLighthouse(),
};

const [name, ...args] = process.argv.slice(2);
const chosen = Object.entries(benches).filter(([each]) => name === undefined || each === name);
if (chosen.length === 0) throw new Error(`there is no bench ${name}; there are ${Object.keys(benches).join(", ")}`);

for (const [, bench] of chosen) {
  const rows = await bench(args);
  for (const { what, result, ratio } of rows) {
    process.stdout.write(
      `${what.padEnd(56)}${result.padStart(32)}${(ratio === null ? "" : `${ratio.toFixed(2)} x`).padStart(12)}\n`,
    );
  }
  process.stdout.write("\n");
}
